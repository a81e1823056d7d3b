// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Silences
/// @notice Consensus first: a period in which members object with a reason. If enough of them do, of enough stakeholder
/// groups, there is no consensus and it goes to the vote; else it is adopted when the period is over.
///
/// @dev All who object count together, whatever their reasons: the question is whether there is consensus. A
/// coalition of few needs fewer: no more than it has members with a vote, and groups that have any.
library Silences {
    using BitMaps for BitMaps.BitMap;

    /// @notice One slot, and a bit a member who objects.
    struct Silence {
        /// First second after the period, in seconds since 1970; 0 if there was none.
        uint48 until;
        /// Objections, and groups, that end the consensus.
        uint8 needed;
        uint8 groupsNeeded;
        /// Objections so far; no more than 255 are told.
        uint8 objections;
        /// Their groups, a bit each.
        uint8 groups;
        BitMaps.BitMap by;
    }

    /// @notice This member has objected.
    error SilencesObjected(uint256 number);

    /// @notice Objections come while the period lasts.
    error SilencesNotOpen(uint48 until, uint256 current);

    /// @notice An objection has a reason: its digest is not zero.
    error SilencesNoReason();

    /// @notice Opens a period.
    /// @param objections Members whose objections end the consensus, and `groups` that they come from, as the rules
    /// say.
    /// @param votesByGroup Votes that count now, by group.
    function open(
        Silence storage self,
        uint256 length,
        uint256 objections,
        uint256 groups,
        uint256[] memory votesByGroup
    ) internal returns (uint48 until) {
        (uint256 votes, uint256 live) = measure(votesByGroup);
        until = uint48(block.timestamp + length);
        self.until = until;
        self.needed = uint8(Math.min(objections, votes));
        self.groupsNeeded = uint8(Math.min(groups, live));
    }

    /// @notice Counts the objection of a member.
    /// @param reason Digest of the reason.
    /// @return objections How many there are with it.
    function object(
        Silence storage self,
        uint256 number,
        uint256 group,
        bytes32 reason
    ) internal returns (uint256 objections) {
        if (block.timestamp >= self.until) revert SilencesNotOpen(self.until, block.timestamp);
        if (reason == 0) revert SilencesNoReason();
        if (self.by.get(number)) revert SilencesObjected(number);
        self.by.set(number);
        objections = self.objections;
        // More than any rules ask for; a group that comes in crowds must not keep the others from being counted.
        if (objections != type(uint8).max) self.objections = uint8(++objections);
        self.groups |= uint8(1 << group);
    }

    /// @notice Whether enough members object.
    function isBroken(Silence storage self) internal view returns (bool) {
        return self.objections >= self.needed && count(self.groups) >= self.groupsNeeded;
    }

    /// @notice Whether the period is over.
    function isOver(Silence storage self) internal view returns (bool) {
        return block.timestamp >= self.until;
    }

    /// @notice Whether there are as many votes as a decision of the members needs in any case.
    function areMany(uint256[] memory votesByGroup, uint256 floor) internal pure returns (bool) {
        (uint256 votes, ) = measure(votesByGroup);
        return votes >= floor;
    }

    /// @notice All votes, and the number of groups that have any.
    function measure(uint256[] memory votesByGroup) internal pure returns (uint256 votes, uint256 live) {
        // bound: 8 groups
        for (uint256 group; group < votesByGroup.length; ++group) {
            votes += votesByGroup[group];
            if (votesByGroup[group] != 0) ++live;
        }
    }

    /// @notice How many groups are in a set of up to 8.
    function count(uint256 groups) internal pure returns (uint256 members) {
        // bound: 8 groups
        for (; groups != 0; groups &= groups - 1) {
            ++members;
        }
    }
}
