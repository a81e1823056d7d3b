// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules, PackedRules} from "../governance/DecisionRules.sol";

/// @title DecisionRulesHarness
/// @notice Opens {DecisionRules} to tests.
contract DecisionRulesHarness {
    function requireValid(
        DecisionRules.Rules calldata rules,
        uint256 shortestStage,
        uint256 longestNotice,
        uint256 quorumFloorLimit
    ) external pure {
        DecisionRules.requireValid(rules, shortestStage, longestNotice, quorumFloorLimit);
    }

    function pack(DecisionRules.Rules calldata rules) external pure returns (PackedRules) {
        return DecisionRules.pack(rules);
    }

    function unpack(PackedRules packed) external pure returns (DecisionRules.Rules memory) {
        return packed.unpack();
    }

    /// @notice The durations that are read without unpacking all.
    function durations(PackedRules packed) external pure returns (uint256 notice, uint256 period, uint256 grace) {
        return (packed.notice(), packed.period(), packed.grace());
    }

    function quorum(DecisionRules.Rules calldata rules, uint256 electorate) external pure returns (uint256) {
        return DecisionRules.pack(rules).quorum(electorate);
    }

    function turnoutSuffices(
        DecisionRules.Rules calldata rules,
        uint256 electorate,
        uint256 forVotes,
        uint256 abstainVotes
    ) external pure returns (bool) {
        return DecisionRules.pack(rules).turnoutSuffices(electorate, forVotes, abstainVotes);
    }

    function approved(
        DecisionRules.Rules calldata rules,
        uint256 forVotes,
        uint256 againstVotes
    ) external pure returns (bool) {
        return DecisionRules.pack(rules).approved(forVotes, againstVotes);
    }
}
