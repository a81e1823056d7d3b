// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICandidacies} from "./ICandidacies.sol";

/// @title RankedStage
/// @notice Decides a stage of a count of ranked ballots: who is elected, whose ballots move next, and when it is over.
/// Pure: {RankedCount} reads the ballots and keeps the state.
///
/// @dev Options go by their code here, option + 1 as on a ballot; in lists by code, the entry of code 0, of nobody,
/// holds what is exhausted. What is known of an option is its path, a lane of 64 bits:
///
///     bits  0 to 39   what the option held when its ballots moved, if it had been elected; else 0
///     bits 40 to 47   the groups of the members whose first preference it was, a bit each
///     bits 48 to 55   the stage in which its ballots moved; 0 if they have not
///     bits 56 to 63   the last stage in which ballots can move to it; 0 for one that is gone, 255 for no end yet
///
/// From the paths the way of every ballot follows anew, so that none needs to be written down. A value stays below
/// 2^40: 2^20 members have 100,000 units each. A count has no more than 34 stages: each but the first moves the ballots
/// of another one of 33 options.
///
/// Ties are decided by a ladder: who had more at the last earlier stage in which there was a difference; who was the
/// first preference in more groups; the lot. All of it is in one list that is kept from stage to stage, the standing:
/// it begins in the order of the lot, is sorted by groups and then, stage by stage, by value, and sorting leaves those
/// with equal values as they stood. Who stands before another is ahead.
library RankedStage {
    /// @notice A count at the end of the reading of a stage.
    struct Board {
        uint256 stage;
        uint256 seats;
        /// Ballots that name an option which is not gone.
        uint256 valid;
        /// Both in units.
        uint256 quota;
        uint256 lost;
        /// Options elected, a bit each. "Re-open nominations" elected is the end of the count.
        uint256 elected;
        /// The code whose ballots moved in this stage; 0 in the first.
        uint256 moved;
        /// How many of `order` are winners, and how many entries of it there are.
        uint256 winners;
        uint256 ranked;
        bool done;
        /// Candidates, by option: the winners and, when it is over, the runners-up.
        uint256[] order;
        /// All codes, who is ahead first.
        uint256[] standing;
        /// By code.
        uint256[] paths;
        uint256[] values;
    }

    /// @notice Units of a vote: the five decimal places of the Order.
    uint256 internal constant UNITS = 100_000;

    uint256 internal constant NEVER_CLOSED = 255;
    uint256 internal constant GROUPS_SHIFT = 40;
    uint256 internal constant MOVED_SHIFT = 48;
    uint256 internal constant CLOSED_SHIFT = 56;
    uint256 internal constant TOTAL_MASK = 0xffffffffff;

    /// @dev The code of "re-open nominations", and the first of a candidate.
    uint256 private constant RON = 1;
    uint256 private constant FIRST = 2;

    /// @notice Decides the stage whose values the board holds: completes the board, and says in its paths and `next`
    /// whose ballots move in the stage that follows.
    /// @return next The code whose ballots move; 0 if the count is done.
    function decide(Board memory board, ICandidacies.Slate memory slate) internal pure returns (uint256 next) {
        if (board.stage == 1) _begin(board, slate);
        _settle(board);
        _sort(board.standing, board.values);
        if (board.valid == 0) board.done = true;
        else next = _elect(board, slate);
        if (next == 0) _rankRunnersUp(board);
        else _move(board, next);
    }

    /// @dev Counts the ballots, sets the quota, and lets everybody stand by lot and groups.
    function _begin(Board memory board, ICandidacies.Slate memory slate) private pure {
        uint256 codes = board.values.length;
        uint256 sum;
        uint256[] memory lots = new uint256[](codes);
        uint256[] memory groups = new uint256[](codes);
        // bound: the options of an election, 33
        for (uint256 code = RON; code < codes; ++code) {
            sum += board.values[code];
            board.standing[code - RON] = code;
            lots[code] = uint256(keccak256(abi.encode(slate.seed, slate.numbers[code - 1])));
            uint256 bits = (board.paths[code] >> GROUPS_SHIFT) & 0xff;
            // bound: 8 groups
            for (; bits != 0; bits &= bits - 1) ++groups[code];
        }
        board.valid = sum / UNITS;
        board.quota = (board.valid / (board.seats + 1) + 1) * UNITS;
        _sort(board.standing, lots);
        _sort(board.standing, groups);
    }

    /// @dev Whose surplus moved keeps the quota; what nobody holds then was lost by rounding.
    function _settle(Board memory board) private pure {
        uint256 rest = board.valid * UNITS - board.values[0];
        // bound: the options of an election, 33
        for (uint256 code = RON; code < board.values.length; ++code) {
            if (board.paths[code] & TOTAL_MASK != 0) board.values[code] = board.quota;
            rest -= board.values[code];
        }
        board.lost = rest;
    }

    /// @dev Elects whom the stage elects, and chooses whose ballots move next.
    ///
    /// "Re-open nominations" with a quota, and the last ones left, are looked at only when nobody barred and no surplus
    /// is left to move: what these pass on may put others ahead.
    function _elect(Board memory board, ICandidacies.Slate memory slate) private pure returns (uint256 next) {
        _electFrom(board, slate, board.quota, false);
        if (board.done) return 0;

        uint256 barred;
        uint256 open;
        // bound: the options of an election, 33
        for (uint256 code = RON; code < board.values.length; ++code) {
            if (!_continues(board, code)) continue;
            if (_isBarred(board, slate, code)) barred |= 1 << code;
            else ++open;
        }
        bool settled;
        (next, settled) = _choose(board, barred);
        if (!settled) return next;
        bool lastOnes = open <= board.seats - board.winners;
        bool reopened = _continues(board, RON) && board.values[RON] >= board.quota;
        if (!lastOnes && !reopened) return next;
        _electFrom(board, slate, lastOnes ? 1 : board.quota, true);
        board.done = true;
        return 0;
    }

    /// @dev Elects those who go on and have at least so much, the highest first, but for those who are barred. Stops at
    /// "re-open nominations", and when the seats are filled: then the count is done.
    /// @param withRon Whether "re-open nominations" is elected too, which ends the count.
    function _electFrom(Board memory board, ICandidacies.Slate memory slate, uint256 least, bool withRon) private pure {
        // bound: the options of an election, 33
        for (uint256 i; i < board.standing.length; ++i) {
            uint256 code = board.standing[i];
            if (board.values[code] < least) return;
            if (!_continues(board, code) || _isBarred(board, slate, code)) continue;
            if (code == RON && !withRon) return;
            board.elected |= 1 << (code - 1);
            _close(board, code);
            if (code != RON) board.order[board.winners++] = code - 1;
            if (code == RON || board.winners == board.seats) {
                board.done = true;
                return;
            }
        }
    }

    /// @dev The lowest of those who are barred; else who has the largest surplus; else the lowest of all who go on.
    /// @return next Nobody, 0, if nobody goes on.
    /// @return settled Whether nobody is barred and no surplus is left.
    function _choose(Board memory board, uint256 barred) private pure returns (uint256 next, bool settled) {
        uint256 surplus;
        // bound: the options of an election, 33
        for (uint256 i = board.standing.length; i != 0; --i) {
            uint256 code = board.standing[i - 1];
            if ((barred >> code) & 1 == 1) return (code, false);
            if (_continues(board, code)) {
                if (next == 0) next = code;
            } else if (board.values[code] > board.quota) surplus = code;
        }
        return surplus != 0 ? (surplus, false) : (next, true);
    }

    /// @dev Writes down whose ballots move in the stage that follows. Of a candidate who is excluded without any it is
    /// not written down when: there is nothing to follow, and nobody becomes a runner-up with no vote at all.
    function _move(Board memory board, uint256 code) private pure {
        if ((board.elected >> (code - 1)) & 1 == 1) board.paths[code] |= board.values[code];
        else _close(board, code);
        if (code == RON || board.values[code] != 0) board.paths[code] |= (board.stage + 1) << MOVED_SHIFT;
    }

    /// @dev No ballot moves to an option after this stage.
    function _close(Board memory board, uint256 code) private pure {
        board.paths[code] = (board.paths[code] & ~(NEVER_CLOSED << CLOSED_SHIFT)) | (board.stage << CLOSED_SHIFT);
    }

    /// @dev Puts those behind the winners who would be next: the ones who were left, the highest first, and then those
    /// excluded, the last first; but nobody who did not get ahead of "re-open nominations", or has no vote at all.
    function _rankRunnersUp(Board memory board) private pure {
        board.ranked = board.winners;
        if (board.elected & 1 == 1) return;
        uint256 ronMoved = _movedAt(board, RON);
        uint256 least = ronMoved == 0 ? board.values[RON] + 1 : 1;
        uint256[] memory excluded = new uint256[](board.stage + 1);
        // bound: the options of an election, 33
        for (uint256 i; i < board.standing.length; ++i) {
            uint256 code = board.standing[i];
            if (_continues(board, code)) {
                if (board.values[code] >= least) board.order[board.ranked++] = code - 1;
            } else if ((board.elected >> (code - 1)) & 1 == 0) excluded[_movedAt(board, code)] = code;
        }
        if (ronMoved == 0) return;
        // bound: the stages of a count, 34
        for (uint256 stage = board.stage; stage > ronMoved; --stage) {
            if (excluded[stage] != 0) board.order[board.ranked++] = excluded[stage] - 1;
        }
    }

    /// @dev Whether an option is neither gone nor elected nor excluded.
    function _continues(Board memory board, uint256 code) private pure returns (bool) {
        return board.paths[code] >> CLOSED_SHIFT == NEVER_CLOSED;
    }

    function _movedAt(Board memory board, uint256 code) private pure returns (uint256) {
        return uint8(board.paths[code] >> MOVED_SHIFT);
    }

    /// @dev Whether the office can hold no more of the candidate's group or organisation.
    function _isBarred(Board memory board, ICandidacies.Slate memory slate, uint256 code) private pure returns (bool) {
        if (code < FIRST) return false;
        uint256 organisation = slate.organisations[code - 1];
        return
            _isFull(board, slate.maxPerGroup, slate.groups[code - 1], slate.groups, slate.sittingGroups) ||
            (organisation != 0 &&
                _isFull(
                    board,
                    slate.maxPerOrganisation,
                    organisation,
                    slate.organisations,
                    slate.sittingOrganisations
                ));
    }

    /// @dev Whether so many of a kind hold the office or have been elected.
    function _isFull(
        Board memory board,
        uint256 limit,
        uint256 kind,
        uint256[] memory kinds,
        uint256[] memory sitting
    ) private pure returns (bool) {
        if (limit == 0) return false;
        uint256 count;
        // bound: the seats of an office
        for (uint256 i; i < sitting.length; ++i) {
            if (sitting[i] == kind) ++count;
        }
        // bound: the seats of an election, 16
        for (uint256 i; i < board.winners; ++i) {
            if (kinds[board.order[i]] == kind) ++count;
        }
        return count >= limit;
    }

    /// @dev Sorts codes by their keys, the greatest first; those with equal keys stay as they stand.
    function _sort(uint256[] memory codes, uint256[] memory keys) private pure {
        unchecked {
            // bound: the options of an election, 33
            for (uint256 i = 1; i < codes.length; ++i) {
                uint256 code = codes[i];
                uint256 key = keys[code];
                uint256 at = i;
                // bound: those before it, 32
                for (; at != 0 && keys[codes[at - 1]] < key; --at) codes[at] = codes[at - 1];
                codes[at] = code;
            }
        }
    }
}
