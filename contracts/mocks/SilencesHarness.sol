// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Silences} from "../motions/Silences.sol";

/// @title SilencesHarness
/// @notice Opens {Silences} to tests.
contract SilencesHarness {
    using Silences for Silences.Silence;

    Silences.Silence private _silence;

    function open(uint256 length, uint256 members, uint256 groups, uint256[] calldata votesByGroup) external {
        _silence.open(length, members, groups, votesByGroup);
    }

    /// @notice Counts objections of members of a group, numbered from `first`.
    function object(uint256 first, uint256 count, uint256 group, bytes32 reason) external {
        // bound: the caller's gas
        for (uint256 i; i < count; ++i) _silence.object(first + i, group, reason);
    }

    function until() external view returns (uint48) {
        return _silence.until;
    }

    function needed() external view returns (uint256, uint256) {
        return (_silence.needed, _silence.groupsNeeded);
    }

    function objections() external view returns (uint256, uint256) {
        return (_silence.objections, _silence.groups);
    }

    function isBroken() external view returns (bool) {
        return _silence.isBroken();
    }

    function isOver() external view returns (bool) {
        return _silence.isOver();
    }

    function areMany(uint256[] calldata votesByGroup, uint256 floor) external pure returns (bool) {
        return Silences.areMany(votesByGroup, floor);
    }

    function measure(uint256[] calldata votesByGroup) external pure returns (uint256, uint256) {
        return Silences.measure(votesByGroup);
    }

    function countOf(uint256 groups) external pure returns (uint256) {
        return Silences.count(groups);
    }
}
