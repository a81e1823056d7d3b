// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules, PackedRules} from "../libraries/DecisionRules.sol";

/// @title DecisionRulesHarness
/// @notice Opens {DecisionRules} to tests.
contract DecisionRulesHarness {
    function requireValid(
        DecisionRules.Rules calldata rules,
        DecisionRules.Class kind,
        DecisionRules.Frame calldata frame
    ) external pure {
        DecisionRules.requireValid(rules, kind, frame);
    }

    function unordered(
        DecisionRules.Rules calldata lesser,
        DecisionRules.Rules calldata greater
    ) external pure returns (bytes32) {
        return _pack(lesser).unordered(_pack(greater));
    }

    function pack(DecisionRules.Rules calldata rules, DecisionRules.Class kind) external pure returns (PackedRules) {
        return DecisionRules.pack(rules, kind);
    }

    function unpack(PackedRules packed) external pure returns (DecisionRules.Rules memory) {
        return packed.unpack();
    }

    /// @notice The durations that are read without unpacking all.
    function durations(
        PackedRules packed
    ) external pure returns (uint256 notice, uint256 period, uint256 grace, uint256 delay, uint256 extension) {
        return (packed.notice(), packed.period(), packed.grace(), packed.delay(), packed.extension());
    }

    function settle(PackedRules packed, uint256[] calldata byGroup) external pure returns (PackedRules) {
        return packed.settle(byGroup);
    }

    function withExtension(PackedRules packed, uint256 duration) external pure returns (PackedRules) {
        return packed.withExtension(duration);
    }

    function withPostponement(PackedRules packed) external pure returns (PackedRules) {
        return packed.withPostponement();
    }

    /// @notice What a decision's own copy holds beside the rules.
    function found(
        PackedRules packed
    )
        external
        pure
        returns (
            DecisionRules.Class kind,
            bool settled,
            uint256 electorate,
            uint256 heard,
            uint256 extendedBy,
            bool postponed
        )
    {
        return (
            packed.ofClass(),
            packed.isSettled(),
            packed.electorate(),
            packed.heard(),
            packed.extendedBy(),
            packed.isPostponed()
        );
    }

    function quorum(DecisionRules.Rules calldata rules, uint256 electorate) external pure returns (uint256) {
        return _pack(rules).quorum(electorate);
    }

    function turnoutSuffices(
        DecisionRules.Rules calldata rules,
        uint256 electorate,
        uint256 forVotes,
        uint256 abstainVotes
    ) external pure returns (bool) {
        return _pack(rules).turnoutSuffices(electorate, forVotes, abstainVotes);
    }

    function approved(
        DecisionRules.Rules calldata rules,
        uint256 forVotes,
        uint256 againstVotes
    ) external pure returns (bool) {
        return _pack(rules).approved(forVotes, againstVotes);
    }

    function concurs(DecisionRules.Rules calldata rules, uint256 heard, uint256 agreeing) external pure returns (bool) {
        return _pack(rules).concurs(heard, agreeing);
    }

    function _pack(DecisionRules.Rules calldata rules) private pure returns (PackedRules) {
        return DecisionRules.pack(rules, DecisionRules.Class.Action);
    }
}
