// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";
import {IMotions} from "./IMotions.sol";
import {Silences} from "./Silences.sol";

/// @title MotionBook
/// @notice What {Motions} writes down of a motion: its revision, and who endorses it.
library MotionBook {
    using BitMaps for BitMaps.BitMap;

    /// @notice What is written down of the stage; time and the governor say the rest.
    enum Status {
        Draft,
        Tabled,
        Silence,
        Put,
        Adopted,
        Withdrawn
    }

    /// @notice One slot, four for content and decision, one for the rules; silence and endorsements besides.
    struct Entry {
        uint32 author;
        uint16 revision;
        /// Goes up with whatever undoes endorsements.
        uint16 round;
        Status status;
        /// Whether the members have adopted an amendment: since then the motion is theirs.
        bool theirs;
        /// First second in which it is closed for amendments.
        uint40 closesAt;
        /// When it was drafted or edited last.
        uint40 editedAt;
        uint8 endorsements;
        /// Groups that endorsements came from, a bit each.
        uint8 groups;
        uint32 resolution;
        bytes32 text;
        bytes32 purpose;
        bytes32 actions;
        uint256 proposalId;
        IMotions.Rules rules;
        Silences.Silence silence;
        mapping(uint256 round => BitMaps.BitMap) endorsed;
    }

    /// @notice Numbers the content that was just written as a new revision.
    /// @param amendment The amendment that made it, 0 for none.
    function write(Entry storage self, uint256 motion, uint256 amendment) internal {
        uint16 revision = ++self.revision;
        emit IMotions.MotionRevised(motion, revision, amendment, self.text, self.purpose, self.actions);
    }

    /// @notice Opens a motion for amendments, for the whole notice. Nobody has endorsed it any more.
    function open(Entry storage self, uint256 motion) internal {
        ++self.round;
        (self.endorsements, self.groups) = (0, 0);
        uint40 closesAt = uint40(block.timestamp + self.rules.notice);
        self.closesAt = closesAt;
        emit IMotions.MotionTabled(motion, self.revision, closesAt);
    }

    /// @notice Counts the endorsement of a member.
    function endorse(Entry storage self, uint256 motion, uint256 number, uint256 group) internal {
        BitMaps.BitMap storage endorsed = self.endorsed[self.round];
        if (endorsed.get(number)) revert IMotions.MotionsEndorsed(motion, number);
        endorsed.set(number);
        uint8 endorsements = self.endorsements;
        // More than any class can ask for; a group that comes in crowds must not keep the others from being counted.
        if (endorsements != type(uint8).max) self.endorsements = ++endorsements;
        self.groups |= uint8(1 << group);
        emit IMotions.MotionEndorsed(motion, number, self.revision, endorsements);
    }

    /// @notice Whether a member has endorsed the motion as it is.
    function hasEndorsed(Entry storage self, uint256 number) internal view returns (bool) {
        return self.endorsed[self.round].get(number);
    }

    /// @notice Reverts with {IMotions-MotionsNotEndorsed} unless a motion has the endorsements that its class needs.
    function requireEndorsed(Entry storage self, uint256 motion, DecisionRules.Rules memory needed) internal view {
        (uint256 endorsements, uint256 groups) = (self.endorsements, Silences.count(self.groups));
        if (endorsements < needed.endorsements || groups < needed.endorsementGroups) {
            revert IMotions.MotionsNotEndorsed(
                motion,
                endorsements,
                needed.endorsements,
                groups,
                needed.endorsementGroups
            );
        }
    }
}
