// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Counts} from "../../contracts/libraries/PackedCounts.sol";
import {ElectorateLedger} from "../../contracts/membership/ElectorateLedger.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Dice} from "../helpers/Dice.sol";
import {Test} from "../helpers/Test.sol";

/// @notice Properties 3 and 5, the part without keys: the ledger against one that stores every member and counts them
/// one by one.
contract ElectorateLedgerTest is Test {
    using Dice for Dice.Stream;
    using ElectorateLedger for ElectorateLedger.Ledger;

    /// @dev The naive ledger: a list of votes, and the seats of the last boundary.
    struct Naive {
        uint256 length;
        uint256[] group;
        uint256[] votesFrom;
        /// 0 while the vote is in the ledger.
        uint256[] leftAt;
        /// Whether the vote came back, as one of its own.
        bool[] returned;
        /// Members who joined.
        uint256 numbers;
        uint256 lastBoundary;
        uint256 boundaries;
        uint256 seats;
        uint256 taken;
        /// Answers given about the past, which must never change: moments and words.
        uint256 answers;
        uint256[] moments;
        Counts[] words;
    }

    uint256 private constant START = 1_700_000_000;
    uint256 private constant GROUPS = 8;

    ElectorateLedger.Ledger private _ledger;
    IMembership.Maturity private _pace;

    /// @notice Properties 3 and 5: after any history of joining, leaving before or after the boundary, coming back from
    /// a pause, changes of group, of pace and of time, every boundary is the one that a naive queue gives, every past
    /// answer is what a naive count gives, and none has changed.
    function testFuzz_answersLikeANaiveLedger(uint256 seed) public {
        Dice.Stream memory dice = Dice.from(seed);
        Naive memory naive = _begin(150);
        _rollPace(dice);
        for (uint256 step; step < 150; ++step) {
            uint256 action = dice.below(24);
            if (action < 9) _join(naive, dice.below(GROUPS));
            else if (action < 12) _leave(naive, dice.below(type(uint128).max));
            else if (action < 15) _return(naive, dice.below(type(uint128).max), dice.below(GROUPS));
            else if (action < 18) _shift(naive, dice.below(type(uint128).max), dice.below(GROUPS));
            else if (action < 23) _pass(naive, dice, dice.below(2) == 0 ? 6 hours : 3 days);
            else _rollPace(dice);
        }
        _compare(naive, dice, 12);
    }

    /// @notice Property 3: several hundred boundaries of one seat each, most votes withdrawn before theirs in random
    /// order: the tree of withdrawals answers exactly at every boundary, a second before it, and between.
    /// hardhat-config: fuzz.runs = 6
    function testFuzz_withdrawalsOverHundredsOfBoundaries(uint256 seed) public {
        Dice.Stream memory dice = Dice.from(seed);
        Naive memory naive = _begin(400);
        _pace = IMembership.Maturity({waitingPeriod: 20 days, epochLength: 1 days, epochShareBps: 100, epochFloor: 1});
        for (uint256 i; i < 400; ++i) {
            _join(naive, dice.below(GROUPS));
            if (dice.below(3) != 0) _leave(naive, dice.below(type(uint128).max));
            if (dice.below(6) == 0) _pass(naive, dice, 1 days);
        }
        assertTrue(naive.boundaries >= 300, "hundreds of boundaries");
        for (uint256 i; i < 100; ++i) {
            _leave(naive, dice.below(type(uint128).max));
            _pass(naive, dice, 8 days);
        }
        _compare(naive, dice, 40);
    }

    /// @notice Property 5: whoever floods the queue and withdraws gets no boundary more seats than the mature
    /// electorate of its opening allows.
    function testFuzz_floodingTheQueueOpensNoSeats(uint8 mature, uint16 flood, uint16 shareBps) public {
        uint256 old = bound(mature, 1, 100);
        uint256 flooders = bound(flood, 100, 300);
        uint16 share = uint16(bound(shareBps, 100, 2_500));
        _begin(0);
        _pace = IMembership.Maturity(2 days, 1 days, share, 100);
        for (uint256 i; i < old; ++i) {
            _ledger.admit(0, _pace);
        }
        VM.warp(START + 4 days);
        _pace.epochFloor = 1;
        uint256 seats = (old * share) / 10_000;
        if (seats == 0) seats = 1;
        uint256 last;
        uint256 taken;
        for (uint256 i; i < flooders; ++i) {
            (, uint48 votesFrom) = _ledger.admit(1, _pace);
            taken = votesFrom == last ? taken + 1 : 1;
            last = votesFrom;
            assertTrue(taken <= seats, "seats of a boundary");
            // Every second one withdraws at once: no seat comes back, none is added.
            if (i % 2 == 0) _ledger.remove(1, votesFrom);
        }
    }

    function _begin(uint256 members) private returns (Naive memory naive) {
        VM.warp(START);
        naive.group = new uint256[](members);
        naive.votesFrom = new uint256[](members);
        naive.leftAt = new uint256[](members);
        naive.returned = new bool[](members);
        naive.moments = new uint256[](600);
        naive.words = new Counts[](600);
    }

    function _rollPace(Dice.Stream memory dice) private {
        _pace = IMembership.Maturity({
            waitingPeriod: uint32(dice.between(1 days, 6 days)),
            epochLength: uint32(dice.between(6 hours, 3 days)),
            epochShareBps: uint16(dice.between(100, 2_500)),
            epochFloor: uint16(dice.between(1, 4))
        });
    }

    /// @dev Joins both ledgers; the boundary is that of the first epoch after waiting, or of the queue's end, or the
    /// next one if that is full.
    function _join(Naive memory naive, uint256 group) private {
        uint256 length = _pace.epochLength;
        uint256 expected = ((block.timestamp + _pace.waitingPeriod + length - 1) / length) * length;
        if (expected <= naive.lastBoundary) {
            bool full = naive.taken == naive.seats;
            expected = full ? (naive.lastBoundary / length + 1) * length : naive.lastBoundary;
        }
        if (expected != naive.lastBoundary) {
            uint256 share = (_total(naive, block.timestamp) * _pace.epochShareBps) / 10_000;
            naive.seats = share > _pace.epochFloor ? share : _pace.epochFloor;
            naive.taken = 0;
            ++naive.boundaries;
        }
        (uint32 number, uint48 votesFrom) = _take(naive, group);
        assertEq(votesFrom, expected, "boundary");
        assertTrue(votesFrom >= naive.lastBoundary, "first come, first served");
        assertTrue(votesFrom >= block.timestamp + _pace.waitingPeriod, "waiting period");
        assertEq(number, ++naive.numbers, "number");
        assertTrue(++naive.taken <= naive.seats, "seats of a boundary");
        naive.lastBoundary = votesFrom;
        _add(naive, group, votesFrom);
    }

    /// @dev Every fourth member is a participant first.
    function _take(Naive memory naive, uint256 group) private returns (uint32 number, uint48 votesFrom) {
        if (naive.numbers % 4 != 3) return _ledger.admit(group, _pace);
        return (_ledger.nextNumber(), _ledger.enqueue(group, _pace));
    }

    function _add(Naive memory naive, uint256 group, uint256 votesFrom) private pure {
        naive.group[naive.length] = group;
        naive.votesFrom[naive.length++] = votesFrom;
    }

    /// @dev The first vote from a random place on that is out comes back, in any group: at its boundary, or now.
    function _return(Naive memory naive, uint256 place, uint256 group) private {
        for (uint256 i; i < naive.length; ++i) {
            uint256 member = (place + i) % naive.length;
            if (naive.leftAt[member] == 0 || naive.returned[member]) continue;
            naive.returned[member] = true;
            uint256 votesFrom = naive.votesFrom[member];
            _ledger.restore(group, uint48(votesFrom));
            return _add(naive, group, votesFrom > block.timestamp ? votesFrom : block.timestamp);
        }
    }

    /// @dev The first vote from a random place on that is in the ledger changes group.
    function _shift(Naive memory naive, uint256 place, uint256 group) private {
        for (uint256 i; i < naive.length; ++i) {
            uint256 member = (place + i) % naive.length;
            if (naive.leftAt[member] != 0) continue;
            uint256 votesFrom = naive.votesFrom[member];
            _ledger.shift(naive.group[member], group, uint48(votesFrom));
            (naive.leftAt[member], naive.returned[member]) = (block.timestamp, true);
            return _add(naive, group, votesFrom > block.timestamp ? votesFrom : block.timestamp);
        }
    }

    /// @dev The first member from a random place on who is still there leaves both ledgers.
    function _leave(Naive memory naive, uint256 place) private {
        for (uint256 i; i < naive.length; ++i) {
            uint256 member = (place + i) % naive.length;
            if (naive.leftAt[member] == 0) {
                _ledger.remove(naive.group[member], uint48(naive.votesFrom[member]));
                naive.leftAt[member] = block.timestamp;
                return;
            }
        }
    }

    /// @dev Lets time pass and writes down what the ledger says of the last second of the time before.
    function _pass(Naive memory naive, Dice.Stream memory dice, uint256 longest) private {
        uint256 moment = block.timestamp;
        VM.warp(moment + dice.between(1, longest));
        if (naive.answers == naive.moments.length) return;
        naive.moments[naive.answers] = moment;
        naive.words[naive.answers++] = _ledger.countsAt(uint48(moment));
    }

    function _compare(Naive memory naive, Dice.Stream memory dice, uint256 samples) private view {
        for (uint256 i; i < naive.answers; ++i) {
            Counts now_ = _ledger.countsAt(uint48(naive.moments[i]));
            assertEq(Counts.unwrap(now_), Counts.unwrap(naive.words[i]), "a past answer changed");
        }
        for (uint256 i; i < samples; ++i) {
            _compareAt(naive, START + dice.below(block.timestamp - START + 1));
            if (naive.answers != 0) _compareAt(naive, naive.moments[dice.below(naive.answers)]);
            if (naive.length == 0) continue;
            uint256 boundary = naive.votesFrom[dice.below(naive.length)];
            if (boundary > block.timestamp) continue;
            _compareAt(naive, boundary - 1);
            _compareAt(naive, boundary);
        }
        Counts living = _ledger.living();
        uint256[8] memory expected;
        for (uint256 i; i < naive.length; ++i) {
            if (naive.leftAt[i] == 0) ++expected[naive.group[i]];
        }
        _requireCounts(living, expected, "living");
    }

    function _compareAt(Naive memory naive, uint256 moment) private view {
        _requireCounts(_ledger.countsAt(uint48(moment)), _count(naive, moment), "votes at a moment");
    }

    function _requireCounts(Counts counts, uint256[8] memory expected, string memory what) private pure {
        for (uint256 group; group < GROUPS; ++group) {
            assertEq(counts.at(group), expected[group], what);
        }
    }

    function _count(Naive memory naive, uint256 moment) private pure returns (uint256[8] memory byGroup) {
        for (uint256 i; i < naive.length; ++i) {
            bool there = naive.leftAt[i] == 0 || naive.leftAt[i] > moment;
            if (there && naive.votesFrom[i] <= moment) ++byGroup[naive.group[i]];
        }
    }

    function _total(Naive memory naive, uint256 moment) private pure returns (uint256 sum) {
        uint256[8] memory byGroup = _count(naive, moment);
        for (uint256 group; group < GROUPS; ++group) {
            sum += byGroup[group];
        }
    }
}
