// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {GroupTally} from "../libraries/GroupTally.sol";

/// @title GroupTallyHarness
/// @notice Opens {GroupTally} to tests.
contract GroupTallyHarness {
    using GroupTally for GroupTally.Tally;

    GroupTally.Tally private _tally;

    /// @notice Counts a ballot as the governor does: reads the group's word and stores it.
    function count(uint256 group, uint256 previous, uint256 receipt) external {
        _tally.count(_tally.wordOf(group), group, previous, receipt - 1);
    }

    /// @notice Counts a ballot in a word that knows the poll's hours.
    function countWithHours(uint256 group, uint256 receipt, uint256 opens, uint256 closes) external {
        _tally.count(GroupTally.withHours(_tally.wordOf(group), opens, closes), group, 0, receipt - 1);
    }

    /// @notice Stores a word as it is.
    function store(uint256 index, uint256 word) external {
        _tally.words[index] = word;
    }

    function ofGroup(uint256 group) external view returns (uint256, uint256, uint256) {
        return _tally.ofGroup(group);
    }

    function total(uint256 groupCount) external view returns (uint256, uint256, uint256) {
        return _tally.total(groupCount);
    }

    function wordOf(uint256 group) external view returns (uint256) {
        return _tally.wordOf(group);
    }

    function opensAt(uint256 word) external pure returns (uint256) {
        return GroupTally.opensAt(word);
    }

    function calmUntil(uint256 word) external pure returns (uint256) {
        return GroupTally.calmUntil(word);
    }

    function agreeing(uint256 groupCount) external view returns (uint256) {
        return _tally.agreeing(groupCount);
    }

    function withHours(uint256 word, uint256 opens, uint256 calm) external pure returns (uint256) {
        return GroupTally.withHours(word, opens, calm);
    }
}
