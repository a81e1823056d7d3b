// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ElectorateLedger} from "./ElectorateLedger.sol";
import {IMembership} from "./IMembership.sol";
import {MemberBook} from "./MemberBook.sol";

/// @title MemberTurns
/// @notice What happens to a member's vote between joining and leaving, and when it counted.
///
/// @dev A vote is in the ledger (waiting for its boundary, or counting) or it is *paused*, for one or more reasons:
///
///     participant --qualify--> waiting --boundary--> counts --pause--> paused --resume of the last reason--> counts
///                                 '------pause------> paused --resume--> waiting (its boundary still to come), or
/// counts
///
/// A change of group is a pause and a resumption in the same second. Every change makes `votesFrom` the present
/// moment, so that the one slot which a ballot reads is right for every decision opened since; older decisions ask
/// `turns`.
library MemberTurns {
    using Checkpoints for Checkpoints.Trace208;
    using ElectorateLedger for ElectorateLedger.Ledger;
    using MemberBook for MemberBook.Book;

    /// @notice Enters a participant in the queue for the vote. The caller has asked the policy.
    function qualify(
        MemberBook.Book storage self,
        uint256 number,
        IMembership.Maturity memory pace
    ) internal returns (uint48 votesFrom) {
        (address key, MemberBook.Holding memory holding) = self.requireSeated(number);
        votesFrom = self.ledger.enqueue(holding.group, pace);
        holding.votesFrom = votesFrom;
        holding.flags &= ~MemberBook.UNQUALIFIED;
        self.store(key, holding);
        self.idle -= _unit(holding.group);
    }

    /// @notice Takes a vote out of the electorate for now.
    /// @param reason `DORMANT` or `REPRESENTED`.
    /// @return changed False if it was paused for this reason already.
    function pause(MemberBook.Book storage self, uint256 number, uint8 reason) internal returns (bool changed) {
        (address key, MemberBook.Holding memory holding) = self.requireSeated(number);
        if (holding.flags & reason != 0) return false;
        if (holding.flags & MemberBook.PAUSED == 0) {
            _file(self, holding);
            self.ledger.remove(holding.group, holding.votesFrom);
            self.idle += _unit(holding.group);
        }
        holding.flags |= reason;
        self.store(key, holding);
        return true;
    }

    /// @notice Takes a reason away; without any left the vote counts again, at once if it was mature.
    /// @return changed False if the vote was not paused for this reason.
    /// @return votesFrom Since when the vote counts again, or from when it will; 0 if another reason remains.
    function resume(
        MemberBook.Book storage self,
        uint256 number,
        uint8 reason
    ) internal returns (bool changed, uint48 votesFrom) {
        (address key, MemberBook.Holding memory holding) = self.requireSeated(number);
        if (holding.flags & reason == 0) return (false, 0);
        holding.flags &= ~reason;
        if (holding.flags & MemberBook.PAUSED == 0) {
            self.ledger.restore(holding.group, holding.votesFrom);
            self.idle -= _unit(holding.group);
            if (holding.votesFrom < block.timestamp) holding.votesFrom = uint48(block.timestamp);
            votesFrom = holding.votesFrom;
        }
        self.store(key, holding);
        return (true, votesFrom);
    }

    /// @notice Moves a member to another group.
    /// @return oldGroup The group until now.
    function regroup(MemberBook.Book storage self, uint256 number, uint8 group) internal returns (uint8 oldGroup) {
        (address key, MemberBook.Holding memory holding) = self.requireSeated(number);
        oldGroup = holding.group;
        if (holding.flags & MemberBook.PAUSED == 0) {
            _file(self, holding);
            self.ledger.shift(oldGroup, group, holding.votesFrom);
            if (holding.votesFrom < block.timestamp) holding.votesFrom = uint48(block.timestamp);
        } else {
            self.idle = self.idle - _unit(oldGroup) + _unit(group);
        }
        holding.group = group;
        self.store(key, holding);
        self.seats[number].group = group;
    }

    /// @notice See {IMembership-countedAt}.
    function countedAt(
        MemberBook.Book storage self,
        uint256 number,
        uint48 timepoint
    ) internal view returns (bool counted, uint8 group) {
        MemberBook.Holding memory holding = self.load(self.seats[number].key);
        if (holding.number == number) return _countedIn(self, holding, timepoint);
        return _filedAt(self, number, timepoint);
    }

    /// @notice Whether the vote of a key counted at a moment up to now; its own, apart from delegations.
    /// @return counted Whether it held a number whose vote counted.
    /// @return holding What it held at that moment; empty if nothing.
    /// @return group The group in which it counted.
    function votesAt(
        MemberBook.Book storage self,
        address key,
        uint48 timepoint
    ) internal view returns (bool counted, MemberBook.Holding memory holding, uint8 group) {
        holding = self.load(key);
        if (timepoint < holding.since) {
            MemberBook.Holding[] storage past = self.past[key];
            uint256 low = 0;
            uint256 high = past.length;
            // bound: log2 of how often the key changed what it holds
            while (low < high) {
                uint256 mid = (low + high) / 2;
                if (past[mid].since > timepoint) high = mid;
                else low = mid + 1;
            }
            if (low == 0) return (false, holding, 0);
            holding = past[low - 1];
        }
        bool held = holding.status == MemberBook.HoldingStatus.Active || timepoint < holding.until;
        if (held) (counted, group) = _countedIn(self, holding, timepoint);
    }

    /// @notice See {IMembership-standingOf}.
    function standingOf(
        MemberBook.Book storage self,
        address key,
        IMembership.Right right,
        uint48 timepoint
    ) internal view returns (IMembership.Standing standing, uint256 number, uint8 group, uint48 explanation) {
        MemberBook.Holding memory holding = self.load(key);
        (number, group) = (holding.number, holding.group);
        uint8 flags = holding.flags;
        if (holding.status == MemberBook.HoldingStatus.None) {
            standing = IMembership.Standing.NotMember;
        } else if (holding.status != MemberBook.HoldingStatus.Active) {
            bool moved = holding.status == MemberBook.HoldingStatus.Rotated;
            standing = moved ? IMembership.Standing.Rotated : IMembership.Standing.Ended;
            explanation = holding.until;
        } else if (flags & MemberBook.SANCTIONED != 0 && self.isSuspended(number, right)) {
            standing = IMembership.Standing.Suspended;
            explanation = self.suspendedUntil[number][uint256(right)];
        } else if (right != IMembership.Right.Speak) {
            (bool counted, uint8 then) = _countedIn(self, holding, timepoint);
            if (counted) {
                group = then;
            } else if (flags & MemberBook.UNQUALIFIED != 0) {
                standing = IMembership.Standing.Unqualified;
            } else if (flags & MemberBook.DORMANT != 0) {
                standing = IMembership.Standing.Dormant;
                explanation = holding.confirmedAt;
            } else if (flags & MemberBook.REPRESENTED != 0) {
                standing = IMembership.Standing.Represented;
            } else {
                standing = IMembership.Standing.Immature;
                explanation = holding.votesFrom;
            }
        }
    }

    /// @notice Members on the roll by group whose vote is not in the ledger.
    function idleIn(MemberBook.Book storage self, uint256 group) internal view returns (uint256) {
        return (self.idle >> (group * 32)) & type(uint32).max;
    }

    function _countedIn(
        MemberBook.Book storage self,
        MemberBook.Holding memory holding,
        uint48 timepoint
    ) private view returns (bool counted, uint8 group) {
        bool held = holding.status == MemberBook.HoldingStatus.Active || timepoint < holding.until;
        bool live = held && holding.flags & MemberBook.PAUSED == 0;
        if (live && timepoint >= holding.votesFrom) return (true, holding.group);
        return _filedAt(self, holding.number, timepoint);
    }

    function _filedAt(
        MemberBook.Book storage self,
        uint256 number,
        uint48 timepoint
    ) private view returns (bool counted, uint8 group) {
        uint208 filed = self.turns[number].upperLookupRecent(timepoint);
        return filed == 0 ? (false, 0) : (true, uint8(filed - 1));
    }

    /// @dev Files since when and where a vote counted, before that changes.
    function _file(MemberBook.Book storage self, MemberBook.Holding memory holding) private {
        if (holding.votesFrom > block.timestamp) return;
        Checkpoints.Trace208 storage turns = self.turns[holding.number];
        turns.push(holding.votesFrom, uint208(holding.group) + 1);
        turns.push(uint48(block.timestamp), 0);
    }

    function _unit(uint8 group) private pure returns (uint256) {
        return 1 << (uint256(group) * 32);
    }
}
