// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CrowdWallet} from "./CrowdWallet.sol";

/// @title Crowd
/// @notice Many wallets that act one after the other in one transaction, for randomised tests: every act comes from a
/// wallet of its own, a refused one changes nothing for the others, and what anybody can read is read after each.
///
/// @dev A script is a list of calls, each written as
///
///     20 bytes   the wallet that calls, or zero for a question, which cannot change anything
///     20 bytes   the contract that is called
///      3 bytes   the length of the call
///                the call
///
/// and its report a list of answers: a byte, 1 or 0 for success, the length in 3 bytes, the data. In assembly, because
/// a run asks some hundred thousand questions, and what the compiler needs for nested lists is more than they need
/// themselves.
contract Crowd {
    /// @notice Every wallet of this crowd.
    CrowdWallet[] public wallets;

    /// @notice Adds wallets to the crowd.
    function grow(uint256 count) external {
        // bound: the caller's
        for (uint256 i; i < count; ++i) {
            wallets.push(new CrowdWallet());
        }
    }

    /// @notice Carries a script out, and logs its report, without a topic.
    function run(bytes calldata script) external {
        (uint256 start, uint256 size) = _run(script, 0);
        // solhint-disable-next-line no-inline-assembly
        assembly {
            log0(start, size)
        }
    }

    /// @notice Reads many things at one moment.
    /// @dev To be called without a transaction. Answers the moment in 32 bytes, and the report.
    function ask(bytes calldata script) external {
        (uint256 start, uint256 size) = _run(script, 32);
        // solhint-disable-next-line no-inline-assembly
        assembly {
            mstore(start, timestamp())
            return(start, size)
        }
    }

    /// @notice Every wallet's address.
    function addresses() external view returns (CrowdWallet[] memory) {
        return wallets;
    }

    /// @notice Reads small numbers that depend on two values, such as a key's votes at a moment, for every pair.
    /// @param selector Of a function `f(first, second)` that answers a number below 255.
    /// @return numbers A byte each, all of the first `firsts` before those of the second; 255 stands for a refusal.
    function table(
        address target,
        bytes4 selector,
        uint256[] calldata firsts,
        uint256[] calldata seconds_
    ) external view returns (bytes memory numbers) {
        numbers = new bytes(firsts.length * seconds_.length);
        uint256 place;
        // bound: the caller's
        for (uint256 i; i < firsts.length; ++i) {
            // bound: the caller's
            for (uint256 j; j < seconds_.length; ++j) {
                numbers[place++] = _number(target, selector, firsts[i], seconds_[j]);
            }
        }
    }

    /// @dev What a function of two values answers, as a byte.
    function _number(
        address target,
        bytes4 selector,
        uint256 first,
        uint256 second
    ) private view returns (bytes1 answer) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 4), first)
            mstore(add(data, 36), second)
            let success := staticcall(gas(), target, data, 68, 0, 32)
            // For a refusal all bits are set, else none more than were answered.
            answer := shl(248, or(sub(success, 1), mload(0)))
        }
    }

    /// @dev Carries a script out.
    /// @param head Bytes to leave free before the report.
    /// @return start Where the report lies in memory, and the head before it.
    /// @return size Their length.
    function _run(bytes calldata script, uint256 head) private returns (uint256 start, uint256 size) {
        // solhint-disable-next-line no-inline-assembly
        assembly {
            start := mload(0x40)
            let out := add(start, head)
            let entry := script.offset
            let end := add(entry, script.length)
            // bound: the caller's
            for {} lt(entry, end) {} {
                let wallet := shr(96, calldataload(entry))
                let length := shr(232, calldataload(add(entry, 40)))
                let success
                // The call lies where its answer will: the one is over when the other is written.
                switch wallet
                case 0 {
                    calldatacopy(out, add(entry, 43), length)
                    success := staticcall(gas(), shr(96, calldataload(add(entry, 20))), out, length, 0, 0)
                }
                default {
                    calldatacopy(out, add(entry, 20), 20)
                    calldatacopy(add(out, 20), add(entry, 43), length)
                    success := call(gas(), wallet, 0, out, add(length, 20), 0, 0)
                }
                entry := add(entry, add(length, 43))
                length := returndatasize()
                mstore(out, or(shl(248, success), shl(224, length)))
                returndatacopy(add(out, 4), 0, length)
                out := add(out, add(length, 4))
            }
            size := sub(out, start)
        }
    }
}
