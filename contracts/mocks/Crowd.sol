// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CrowdWallet} from "./CrowdWallet.sol";

/// @title Crowd
/// @notice Many wallets that act one after the other in one transaction, for randomised tests: every act comes from a
/// wallet of its own, a refused one changes nothing for the others, and what anybody can read is read after each.
contract Crowd {
    struct Question {
        address target;
        bytes data;
    }

    struct Act {
        CrowdWallet wallet;
        address target;
        bytes data;
        /// Asked right after the act.
        Question[] questions;
    }

    struct Answer {
        bool success;
        bytes data;
    }

    struct Report {
        Answer outcome;
        Answer[] answers;
    }

    /// @notice Every wallet of this crowd.
    CrowdWallet[] public wallets;

    /// @notice What came of the acts of a transaction.
    event Reported(Report[] reports);

    /// @notice Adds wallets to the crowd.
    function grow(uint256 count) external {
        // bound: the caller's
        for (uint256 i; i < count; ++i) {
            wallets.push(new CrowdWallet());
        }
    }

    /// @notice Lets the wallets act in turn, and reports.
    function run(Act[] calldata acts) external {
        Report[] memory reports = new Report[](acts.length);
        // bound: the caller's
        for (uint256 i; i < acts.length; ++i) {
            (bool success, bytes memory data) = acts[i].wallet.perform(acts[i].target, acts[i].data);
            reports[i].outcome = Answer({success: success, data: data});
            (, reports[i].answers) = ask(acts[i].questions);
        }
        emit Reported(reports);
    }

    /// @notice Every wallet's address.
    function addresses() external view returns (CrowdWallet[] memory) {
        return wallets;
    }

    /// @notice Reads many things at one moment.
    /// @return moment The moment at which they were read.
    function ask(Question[] calldata questions) public view returns (uint256 moment, Answer[] memory answers) {
        answers = new Answer[](questions.length);
        // bound: the caller's
        for (uint256 i; i < questions.length; ++i) {
            (answers[i].success, answers[i].data) = questions[i].target.staticcall(questions[i].data);
        }
        return (block.timestamp, answers);
    }

    /// @notice Reads small numbers that depend on two values, such as a key's votes at a moment, for every pair.
    /// @param selector Of a function `f(first, second)` that answers a number below 256.
    /// @return numbers A byte each, all of the first `firsts` before those of the second.
    function table(
        address target,
        bytes4 selector,
        uint256[] calldata firsts,
        uint256[] calldata seconds_
    ) external view returns (bytes memory numbers) {
        numbers = new bytes(firsts.length * seconds_.length);
        // bound: the caller's
        for (uint256 i; i < firsts.length; ++i) {
            // bound: the caller's
            for (uint256 j; j < seconds_.length; ++j) {
                (bool success, bytes memory answer) = target.staticcall(
                    abi.encodeWithSelector(selector, firsts[i], seconds_[j])
                );
                // 255 stands for a refusal.
                uint256 number = success ? abi.decode(answer, (uint256)) : 0xff;
                numbers[i * seconds_.length + j] = bytes1(uint8(number));
            }
        }
    }
}
