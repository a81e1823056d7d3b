// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAmendments} from "./IAmendments.sol";
import {Silences} from "./Silences.sol";

/// @title AmendmentBook
/// @notice What {Amendments} writes down: the amendments, what is open on each motion, and whose turn it is.
library AmendmentBook {
    /// @notice What is written down of a state; see {IAmendments-State}, where {State-Stale} follows from the text.
    enum Status {
        Open,
        Silence,
        Put,
        Adopted,
        Accepted,
        Rejected,
        Withdrawn,
        Lapsed
    }

    /// @notice One slot, three for content and decision; a silence besides.
    struct Entry {
        uint32 motion;
        /// The amendment that it amends, 0 for the motion.
        uint32 parent;
        uint32 mover;
        uint16 base;
        uint16 version;
        Status status;
        bool substitute;
        uint40 movedAt;
        bytes32 text;
        bytes32 actions;
        uint256 proposalId;
        Silences.Silence silence;
    }

    /// @notice What is open on a motion: three slots.
    struct Board {
        /// The amendment before the members, 0 for none.
        uint32 question;
        uint40 quietSince;
        uint40 rebaseUntil;
        uint8 count;
        /// Open amendments, in no order; those from `count` on are left over.
        uint32[16] open;
    }

    struct Book {
        uint256 last;
        mapping(uint256 amendment => Entry) entries;
        mapping(uint256 motion => Board) boards;
    }

    /// @dev Ranks of the order in which amendments come before the members.
    uint256 private constant TO_AMENDMENT = 0;
    uint256 private constant TO_MOTION = 1;
    uint256 private constant SUBSTITUTE = 2;

    /// @notice Adds an amendment to what is open.
    function add(Board storage self, uint256 amendment) internal {
        self.open[self.count++] = uint32(amendment);
    }

    /// @notice Takes an amendment out of what is open, and off the question.
    function remove(Board storage self, uint256 amendment) internal {
        uint256 last = --self.count;
        // bound: 16 open amendments
        for (uint256 i; i < last; ++i) {
            if (self.open[i] == amendment) {
                self.open[i] = self.open[last];
                break;
            }
        }
        if (self.question == amendment) self.question = 0;
    }

    /// @notice Notes that a text moved: what is open may be stale, and is given time to be rebased.
    /// @param window In seconds.
    function moved(Board storage self, uint256 window) internal {
        self.quietSince = uint40(block.timestamp);
        if (self.count != 0) self.rebaseUntil = uint40(block.timestamp + window);
    }

    /// @notice Numbers the content that was just written as a new version of an amendment.
    /// @param by The amendment that made it, 0 for its mover.
    function write(Book storage self, uint256 amendment, uint256 by, bytes32 reason) internal {
        Entry storage entry = self.entries[amendment];
        uint16 version = ++entry.version;
        emit IAmendments.AmendmentWritten(
            amendment,
            version,
            by,
            entry.parent,
            entry.base,
            entry.substitute,
            entry.text,
            entry.actions,
            reason
        );
    }

    /// @notice Drops amendments that were not rebased in time, once their motion is closed for amendments.
    /// @param revision Of the motion.
    function purge(Book storage self, Board storage board, uint256 revision) internal {
        if (block.timestamp <= board.rebaseUntil) return;
        // bound: 16 open amendments, from the end because the last takes the place of one that goes
        for (uint256 i = board.count; i > 0; --i) {
            uint256 amendment = board.open[i - 1];
            Entry storage entry = self.entries[amendment];
            if (entry.status != Status.Open || !isStale(self, entry, revision)) continue;
            remove(board, amendment);
            entry.status = Status.Lapsed;
            emit IAmendments.AmendmentLapsed(amendment);
        }
    }

    /// @notice An amendment; reverts with {IAmendments-AmendmentsUnknown}.
    function entryOf(Book storage self, uint256 amendment) internal view returns (Entry storage entry) {
        if (amendment == 0 || amendment > self.last) revert IAmendments.AmendmentsUnknown(amendment, self.last);
        return self.entries[amendment];
    }

    /// @notice Reverts with {IAmendments-AmendmentsFull} unless a member may move one more amendment.
    function requireRoom(
        Book storage self,
        Board storage board,
        uint256 motion,
        uint256 mover,
        uint256 limit,
        uint256 limitByMember
    ) internal view {
        uint256 count = board.count;
        if (count >= limit) revert IAmendments.AmendmentsFull(motion, 0, limit);
        uint256 own;
        // bound: 16 open amendments
        for (uint256 i; i < count; ++i) {
            if (self.entries[board.open[i]].mover == mover) ++own;
        }
        if (own >= limitByMember) revert IAmendments.AmendmentsFull(motion, mover, limitByMember);
    }

    /// @notice The amendment whose turn it is, and the first second of its turn.
    /// @dev Amendments to amendments first, then those to the motion, substitutes last; among equals by number. None
    /// has its turn while stale ones can be rebased.
    /// @param revision Of the motion.
    /// @param window In which an amendment can be accepted as friendly, in seconds.
    /// @return amendment 0 if there is none.
    /// @return from 0 if nothing is open.
    function next(
        Book storage self,
        Board storage board,
        uint256 revision,
        uint256 window
    ) internal view returns (uint256 amendment, uint256 from) {
        uint256 best = type(uint256).max;
        // bound: 16 open amendments
        for (uint256 i; i < board.count; ++i) {
            uint256 candidate = board.open[i];
            Entry storage entry = self.entries[candidate];
            if (isStale(self, entry, revision)) {
                if (block.timestamp <= board.rebaseUntil) from = uint256(board.rebaseUntil) + 1;
                continue;
            }
            uint256 rank = (_rankOf(entry) << 32) | candidate;
            if (rank < best) (best, amendment) = (rank, candidate);
        }
        if (amendment == 0) return (0, from);
        uint256 ready = self.entries[amendment].movedAt + window + 1;
        if (ready > from) from = ready;
    }

    /// @notice Whether the text that an amendment was written against has moved on, or is gone.
    /// @param revision Of the motion.
    function isStale(Book storage self, Entry storage entry, uint256 revision) internal view returns (bool) {
        uint256 parent = entry.parent;
        if (parent == 0) return entry.base != revision;
        return !isCurrent(self, parent, revision) || entry.base != self.entries[parent].version;
    }

    /// @notice Whether an amendment to the motion is open and not stale.
    function isCurrent(Book storage self, uint256 amendment, uint256 revision) internal view returns (bool) {
        Entry storage entry = self.entries[amendment];
        return entry.status == Status.Open && entry.base == revision;
    }

    function _rankOf(Entry storage entry) private view returns (uint256) {
        if (entry.parent != 0) return TO_AMENDMENT;
        return entry.substitute ? SUBSTITUTE : TO_MOTION;
    }
}
