// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Counts, PackedCounts} from "../libraries/PackedCounts.sol";
import {IMembership} from "./IMembership.sol";

/// @title ElectorateLedger
/// @notice Who counts when: gives every new vote its epoch boundary and answers how many votes each stakeholder group
/// had at any past moment, without ever looping over members.
///
/// @dev The electorate at a moment is *arrived* minus *departed* minus *withdrawn*:
///
/// - `arrived`: running count of the votes that matured up to a boundary. Everyone of one boundary shares one entry.
///   The entry of the last boundary that was given out (the tail) lives in the same slot as the queue's own state, so
///   that a joining member writes it for the price of one warm slot; it moves to `closed` when the next one opens.
/// - `departed`: running count of the mature votes that ended, by the moment they ended; one that comes back after a
///   pause is a departure less.
/// - `withdrawn`: votes that ended *before* their boundary. They must be taken off at that boundary, which lies in the
///   future and need not be the last one, so a plain checkpoint trace cannot hold them. A Fenwick tree over the
///   boundaries in the order in which they opened does (Peter M. Fenwick, A New Data Structure for Cumulative
///   Frequency Tables, 1994): a withdrawal touches at most log2 of the number of boundaries, and no entry that a past
///   moment reads can change any more once that moment has passed.
library ElectorateLedger {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev The queue's shared state, one slot: written by every joining member.
    struct Tail {
        /// The last boundary given out, seconds since 1970; 0 before the first.
        uint40 boundary;
        /// Seats that the tail boundary has left.
        uint16 seatsLeft;
        /// The last member number given out.
        uint32 lastNumber;
        /// Votes that matured or will, up to and with the tail boundary.
        Counts arrived;
    }

    struct Ledger {
        Tail tail;
        /// By boundary, all but the tail: votes that matured up to and with it.
        Checkpoints.Trace208 closed;
        /// By moment: mature votes that ended up to and with it (lower 160 bits) and the number of withdrawals recorded
        /// up to and with it (upper 48 bits), by which a reader sees for nothing that there is no tree to read.
        Checkpoints.Trace208 departed;
        /// Fenwick tree of withdrawn votes; index 1 is the first boundary that was ever opened.
        mapping(uint256 index => Counts) withdrawn;
    }

    /// @notice The roll is full: a counter could overflow.
    /// @param living Members now on the roll.
    /// @param limit The largest number of them.
    error ElectorateLedgerFull(uint256 living, uint256 limit);

    /// @notice The queue reaches so far into the future that its boundary cannot be written down.
    error ElectorateLedgerQueueTooLong(uint256 boundary, uint256 limit);

    uint256 private constant BPS = 10_000;

    /// @notice Gives the next member number and the boundary at which its vote matures.
    /// @dev The boundary is the first one after the waiting period that has a seat left and is not before the boundary
    /// of whoever joined earlier: votes mature in order of joining. Seats of a boundary are fixed when it opens, from
    /// the *mature* electorate of that moment: votes that are still waiting do not count, because whoever floods the
    /// queue could let it grow by them and then withdraw them.
    /// @param group The member's stakeholder group, from 0 to 7; the caller has checked it.
    function admit(
        Ledger storage self,
        uint256 group,
        IMembership.Maturity memory pace
    ) internal returns (uint32 number, uint48 votesFrom) {
        Tail memory tail = self.tail;
        votesFrom = _seat(self, tail, group, pace);
        number = ++tail.lastNumber;
        self.tail = tail;
    }

    /// @notice Gives the next member number, without a vote.
    function nextNumber(Ledger storage self) internal returns (uint32) {
        return ++self.tail.lastNumber;
    }

    /// @notice Gives a member who has a number the boundary at which the vote matures, as {admit} does.
    function enqueue(
        Ledger storage self,
        uint256 group,
        IMembership.Maturity memory pace
    ) internal returns (uint48 votesFrom) {
        Tail memory tail = self.tail;
        votesFrom = _seat(self, tail, group, pace);
        self.tail = tail;
    }

    /// @dev Takes a seat of the queue (in memory; the caller stores it).
    function _seat(
        Ledger storage self,
        Tail memory tail,
        uint256 group,
        IMembership.Maturity memory pace
    ) private returns (uint48 votesFrom) {
        unchecked {
            // A 32-bit period added to a moment, and a multiple of a 32-bit length: no overflow.
            uint256 earliest = Math.ceilDiv(block.timestamp + pace.waitingPeriod, pace.epochLength) * pace.epochLength;
            if (earliest > tail.boundary) {
                _open(self, tail, earliest, pace);
            } else if (tail.seatsLeft == 0) {
                _open(self, tail, (tail.boundary / pace.epochLength + 1) * uint256(pace.epochLength), pace);
            }
            --tail.seatsLeft; // not zero: a boundary opens with the floor's seats at least
        }
        votesFrom = tail.boundary;
        tail.arrived = tail.arrived.add(PackedCounts.unit(group));
    }

    /// @notice Takes a vote out of the electorate, from now on or, if it has not matured, from its boundary on.
    /// @param group The group that the vote counts in, from 0 to 7.
    /// @param votesFrom The boundary that {admit} answered, or any moment up to now once that has come.
    function remove(Ledger storage self, uint256 group, uint48 votesFrom) internal {
        _subtract(self, PackedCounts.unit(group), votesFrom);
    }

    /// @notice Puts a vote back that {remove} took out, from now on or, if its boundary is still to come, from it on.
    /// @param group From 0 to 7; need not be the one that the vote was taken out of.
    /// @param votesFrom As {remove} got it.
    function restore(Ledger storage self, uint256 group, uint48 votesFrom) internal {
        // A tail that is open may still add as many as it has seats.
        uint256 limit = PackedCounts.LIMIT - type(uint16).max;
        uint256 members = living(self).total();
        if (members >= limit) revert ElectorateLedgerFull(members, limit);
        _subtract(self, Counts.wrap(0).sub(PackedCounts.unit(group)), votesFrom);
    }

    /// @notice Moves a vote from one group to another: {remove} and {restore} at once.
    function shift(Ledger storage self, uint256 oldGroup, uint256 newGroup, uint48 votesFrom) internal {
        _subtract(self, PackedCounts.unit(oldGroup).sub(PackedCounts.unit(newGroup)), votesFrom);
    }

    /// @notice Mature votes by group at a moment that is not in the future.
    function countsAt(Ledger storage self, uint48 timepoint) internal view returns (Counts counts) {
        uint256 withdrawals;
        (counts, withdrawals) = _unpack(self.departed.upperLookupRecent(timepoint));
        Tail memory tail = self.tail;
        Counts arrived =
            timepoint < tail.boundary ? Counts.wrap(uint160(self.closed.upperLookupRecent(timepoint))) : tail.arrived;
        counts = arrived.sub(counts);
        if (withdrawals != 0) {
            counts = counts.sub(_withdrawnThrough(self, _indexAt(self, timepoint)));
        }
    }

    /// @notice Votes by group that are mature now or waiting.
    function living(Ledger storage self) internal view returns (Counts counts) {
        uint256 withdrawals;
        (counts, withdrawals) = _unpack(self.departed.latest());
        counts = self.tail.arrived.sub(counts);
        if (withdrawals != 0) {
            counts = counts.sub(_withdrawnThrough(self, self.closed.length() + 1));
        }
    }

    /// @dev Files the tail and starts the next boundary in its place (in memory; the caller stores it).
    function _open(Ledger storage self, Tail memory tail, uint256 boundary, IMembership.Maturity memory pace) private {
        if (boundary > type(uint40).max) revert ElectorateLedgerQueueTooLong(boundary, type(uint40).max);
        if (tail.boundary != 0) {
            self.closed.push(tail.boundary, Counts.unwrap(tail.arrived));
            _extend(self, self.closed.length() + 1);
        }
        uint256 mature = countsAt(self, uint48(block.timestamp)).total();
        uint256 seats = Math.min(Math.max(pace.epochFloor, (mature * pace.epochShareBps) / BPS), type(uint16).max);
        uint256 members = living(self).total();
        if (members + seats > PackedCounts.LIMIT) {
            revert ElectorateLedgerFull(members, PackedCounts.LIMIT);
        }
        tail.boundary = uint40(boundary);
        tail.seatsLeft = uint16(seats);
    }

    /// @dev Changes what is subtracted from the arrived, from now on, or from a boundary on that is still to come.
    /// Lanes wrap, so that a departure less is a number like any other.
    function _subtract(Ledger storage self, Counts counts, uint48 votesFrom) private {
        (Counts departures, uint256 withdrawals) = _unpack(self.departed.latest());
        if (votesFrom > block.timestamp) {
            ++withdrawals;
            _withdraw(self, _indexAt(self, votesFrom), counts);
        } else {
            departures = departures.add(counts);
        }
        self.departed.push(uint48(block.timestamp), uint208((withdrawals << 160) | Counts.unwrap(departures)));
    }

    /// @dev The 1-based position of the last boundary at or before a moment; 0 if there is none.
    function _indexAt(Ledger storage self, uint48 timepoint) private view returns (uint256 low) {
        uint256 high = self.closed.length();
        if (timepoint >= self.tail.boundary) {
            return high + 1;
        }
        // bound: log2 of the number of boundaries, 32 at the most
        while (low < high) {
            uint256 mid = Math.average(low, high);
            if (self.closed.pos(uint32(mid))._key > timepoint) {
                high = mid;
            } else {
                low = mid + 1;
            }
        }
    }

    /// @dev Makes the tree's node of a boundary that just opened: the sum of the nodes it stands over.
    function _extend(Ledger storage self, uint256 index) private {
        Counts sum;
        uint256 stop = index & (index - 1);
        // bound: log2 of the number of boundaries, 32 at the most
        for (uint256 child = index - 1; child > stop; child &= child - 1) {
            sum = sum.add(self.withdrawn[child]);
        }
        if (Counts.unwrap(sum) != 0) {
            self.withdrawn[index] = sum;
        }
    }

    function _withdraw(Ledger storage self, uint256 index, Counts counts) private {
        uint256 last = self.closed.length() + 1;
        // bound: log2 of the number of boundaries, 32 at the most
        for (; index <= last; index += index & (~index + 1)) {
            self.withdrawn[index] = self.withdrawn[index].add(counts);
        }
    }

    function _withdrawnThrough(Ledger storage self, uint256 index) private view returns (Counts sum) {
        // bound: log2 of the number of boundaries, 32 at the most
        for (; index != 0; index &= index - 1) {
            sum = sum.add(self.withdrawn[index]);
        }
    }

    function _unpack(uint208 entry) private pure returns (Counts counts, uint256 withdrawals) {
        return (Counts.wrap(uint160(entry)), entry >> 160);
    }
}
