// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICandidacies} from "./ICandidacies.sol";
import {IRankedBallots} from "./IRankedBallots.sol";
import {RankedBallot} from "./RankedBallot.sol";
import {RankedStage} from "./RankedStage.sol";

/// @title RankedCount
/// @notice Counts ranked ballots, over as many transactions as it takes: reads them, lets {RankedStage} decide each
/// stage, and keeps what the next one needs.
///
/// @dev Every stage reads all ballots and computes anew where each is by now, from what is known of the options:
/// nothing is written for a ballot, and a stage costs a few slots. A ballot goes to its first preference that is not
/// gone. Where those of an option moved, it goes on to the next preference that was open then; if the option had been
/// elected, at its weight x surplus / total of the option, cut off to whole units. A ballot that names only options
/// that are gone is not valid: it is left out of every sum, and so of the quota.
library RankedCount {
    using RankedStage for RankedStage.Board;

    /// @dev One slot.
    struct Head {
        /// The stage whose ballots are read; 0 before the first call.
        uint8 stage;
        bool done;
        /// The first word of ballots that this stage has not read.
        uint32 next;
        uint32 valid;
        uint40 quota;
        uint8 winners;
        uint8 ranked;
    }

    struct Count {
        Head head;
        bytes32 record;
        /// Codes, who is ahead first, 7 bits each.
        uint256 standing;
        /// Winners, then runners-up, 8 bits each.
        uint256 ranking;
        /// What is known of each option, by code, 4 to a word; see {RankedStage}.
        mapping(uint256 index => uint256) paths;
        /// By stage, 6 words each of 6 numbers of 40 bits: what is exhausted, what each option holds, the option that
        /// moved plus one, and those elected, a bit each. Of the stage that is being read: what was read so far.
        mapping(uint256 index => uint256) values;
    }

    uint256 private constant PATH_BITS = 64;
    uint256 private constant VALUE_BITS = 40;
    uint256 private constant VALUE_WORDS = 6;
    uint256 private constant STANDING_BITS = 7;
    uint256 private constant ORDER_BITS = 8;

    /// @dev To decide a stage, and to store and announce it, costs no more than to read so many words of ballots.
    uint256 private constant DECISION = 100;

    /// @dev What {IRankedBallots-StageCounted} calls the option that moved where none did.
    uint256 private constant NONE = 255;

    /// @notice Counts on, from where the count stands. What is given must be the same in every call.
    /// @dev Emits {IRankedBallots-StageCounted} for every stage that it completes.
    /// @param words The ballots, as {RankedBallot} stores them.
    /// @param slate Final.
    /// @param seats To fill, at least 1.
    /// @param lastNumber The last member number that can have a ballot.
    /// @param budget How many words to read at the most. A stage that is completed takes a hundred off it, or what is
    /// left, so that many short stages do not make a long transaction.
    function advance(
        Count storage self,
        mapping(uint256 word => uint256) storage words,
        ICandidacies.Slate memory slate,
        uint256 electionId,
        uint256 seats,
        uint256 lastNumber,
        uint256 budget
    ) internal returns (bool done) {
        if (self.head.done) return true;
        RankedStage.Board memory board = _open(self, slate, seats);
        uint256 next = self.head.next;
        uint256 end = lastNumber / RankedBallot.perWord(slate.candidates) + 1;
        // bound: the stages of a count, 34; each takes from the budget
        while (true) {
            uint256 until = budget < end - next ? next + budget : end;
            _read(board, words, next, until);
            budget -= until - next;
            next = until;
            if (until != end) break;

            _complete(self, board, slate, electionId);
            if (board.done) break;
            next = 0;
            budget = budget < DECISION ? 0 : budget - DECISION;
        }
        _close(self, board, next);
        return board.done;
    }

    /// @notice Whether the count is complete.
    function isDone(Count storage self) internal view returns (bool) {
        return self.head.done;
    }

    /// @notice Ballots that name an option which is not gone; 0 before the end of the first stage.
    function ballots(Count storage self) internal view returns (uint256) {
        return self.head.valid;
    }

    /// @notice What elects, in units of a hundred-thousandth of a vote; 0 before the end of the first stage.
    function quota(Count storage self) internal view returns (uint256) {
        return self.head.quota;
    }

    /// @notice How many stages are complete.
    function stages(Count storage self) internal view returns (uint256) {
        Head memory head = self.head;
        return head.done || head.stage == 0 ? head.stage : head.stage - 1;
    }

    /// @notice Candidates, by option: winners in the order of their election, and when the count is complete the
    /// runners-up, who comes next first.
    function order(Count storage self) internal view returns (uint8[] memory options) {
        Head memory head = self.head;
        options = new uint8[](head.done ? head.ranked : head.winners);
        // bound: the candidates of an election, 32
        for (uint256 i; i < options.length; ++i) options[i] = uint8(self.ranking >> (i * ORDER_BITS));
    }

    /// @notice How many of {order} are winners.
    function winners(Count storage self) internal view returns (uint256) {
        return self.head.winners;
    }

    /// @notice The digest of the stages so far: each hashes the one before with what its event says. It begins with
    /// the election, the valid ballots and the quota.
    function digest(Count storage self) internal view returns (bytes32) {
        return self.record;
    }

    /// @notice A complete stage, as its event has it; what was lost is what is missing from {ballots}.
    function stageOf(
        Count storage self,
        uint256 candidates,
        uint256 stage
    ) internal view returns (uint256 moved, uint256[] memory values, uint256 exhausted, uint256 elected) {
        uint256[] memory lanes = _load(self.values, stage * VALUE_WORDS, VALUE_BITS, candidates + 4);
        values = _byOption(lanes, candidates + 1);
        return (_nameOf(lanes[candidates + 2]), values, lanes[0], lanes[candidates + 3]);
    }

    /// @dev The board as it was left.
    function _open(
        Count storage self,
        ICandidacies.Slate memory slate,
        uint256 seats
    ) private view returns (RankedStage.Board memory board) {
        Head memory head = self.head;
        uint256 codes = slate.candidates + 2;
        board.seats = seats;
        board.order = new uint256[](slate.candidates);
        if (head.stage == 0) {
            board.stage = 1;
            board.standing = new uint256[](codes - 1);
            board.values = new uint256[](codes);
            board.paths = new uint256[](codes);
            // bound: the options of an election, 33, and nobody
            for (uint256 code; code < codes; ++code) {
                bool gone = code != 0 && (slate.gone >> (code - 1)) & 1 == 1;
                if (!gone) board.paths[code] = RankedStage.NEVER_CLOSED << RankedStage.CLOSED_SHIFT;
            }
            return board;
        }
        board.stage = head.stage;
        board.valid = head.valid;
        board.quota = head.quota;
        board.winners = head.winners;
        board.standing = new uint256[](codes - 1);
        _unpack(self.standing, STANDING_BITS, board.standing, 0);
        _unpack(self.ranking, ORDER_BITS, board.order, 0);
        board.paths = _load(self.paths, 0, PATH_BITS, codes);
        uint256[] memory lanes = _load(self.values, board.stage * VALUE_WORDS, VALUE_BITS, codes + 2);
        board.values = new uint256[](codes);
        // bound: the options of an election, 33, and nobody
        for (uint256 code; code < codes; ++code) board.values[code] = lanes[code];
        board.moved = lanes[codes];
        board.elected = lanes[codes + 1];
    }

    /// @dev Stores the board.
    function _close(Count storage self, RankedStage.Board memory board, uint256 next) private {
        self.head = Head({
            stage: uint8(board.stage),
            done: board.done,
            next: uint32(next),
            valid: uint32(board.valid),
            quota: uint40(board.quota),
            winners: uint8(board.winners),
            ranked: uint8(board.ranked)
        });
        self.standing = _pack(STANDING_BITS, board.standing, 0);
        self.ranking = _pack(ORDER_BITS, board.order, 0);
        _store(self.paths, 0, PATH_BITS, board.paths);
        if (!board.done) _storeValues(self, board);
    }

    /// @dev Decides the stage, announces it, and opens the next.
    function _complete(
        Count storage self,
        RankedStage.Board memory board,
        ICandidacies.Slate memory slate,
        uint256 electionId
    ) private {
        uint256 next = board.decide(slate);
        _storeValues(self, board);
        bytes32 previous = self.record;
        if (board.stage == 1) previous = keccak256(abi.encode(electionId, board.valid, board.quota));
        uint256 moved = _nameOf(board.moved);
        uint256[] memory values = _byOption(board.values, board.values.length - 1);
        self.record = keccak256(
            abi.encode(previous, board.stage, moved, values, board.values[0], board.lost, board.elected)
        );
        emit IRankedBallots.StageCounted({
            electionId: electionId,
            stage: board.stage,
            moved: uint8(moved),
            values: values,
            exhausted: board.values[0],
            lost: board.lost,
            elected: board.elected
        });
        if (board.done) return;
        ++board.stage;
        board.moved = next;
        board.values = new uint256[](board.values.length);
    }

    /// @dev Adds the ballots of some words to the values of the board.
    function _read(
        RankedStage.Board memory board,
        mapping(uint256 word => uint256) storage words,
        uint256 from,
        uint256 until
    ) private view {
        uint256[] memory paths = board.paths;
        uint256[] memory values = board.values;
        uint256 limit = board.stage == 1 ? 0 : board.quota;
        uint256 laneBits = RankedBallot.laneBits(paths.length - 2);
        uint256 codeBits = RankedBallot.codeBits(paths.length - 2);
        unchecked {
            uint256 laneMask = (1 << laneBits) - 1;
            // bound: the budget
            for (; from < until; ++from) {
                // bound: the ballots of a word, 23
                for (uint256 rest = words[from]; rest != 0; rest >>= laneBits) {
                    _follow(paths, values, rest & laneMask, codeBits, limit);
                }
            }
        }
    }

    /// @dev Adds a ballot to the value of the option where it is by now, or to what is exhausted.
    /// @param lane The group of the member, and the ballot; 0 for none.
    /// @param quota_ 0 in the first stage, which writes down in the paths who prefers whom to all others.
    function _follow(
        uint256[] memory paths,
        uint256[] memory values,
        uint256 lane,
        uint256 codeBits,
        uint256 quota_
    ) private pure {
        // The entries of a list by code are words that follow its length: what is picked from a ballot is 32 times a
        // code. After its end that is 0, the code of nobody, whose path never closes and never moves.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let mask := shl(5, sub(shl(codeBits, 1), 1))
            let rest := shl(2, lane)
            let stage := 1
            let weight := 100000
            paths := add(paths, 32)
            let path
            // bound: the preferences of a ballot, 33
            for {} 1 {
                rest := shr(codeBits, rest)
            } {
                path := mload(add(paths, and(rest, mask)))
                // Bytes 24 and 25 of a path: the last stage in which it is open, and when its ballots moved.
                if lt(byte(24, path), stage) {
                    continue
                }
                let moved := byte(25, path)
                if iszero(moved) {
                    break
                }
                stage := moved
                moved := and(path, 0xffffffffff)
                if moved {
                    weight := div(mul(weight, sub(moved, quota_)), moved)
                }
            }
            rest := and(rest, mask)
            // Who names only options that are gone has come to the end without a move: not valid.
            if or(rest, gt(stage, 1)) {
                if iszero(quota_) {
                    mstore(add(paths, rest), or(path, shl(add(40, and(lane, 7)), 1)))
                }
                rest := add(add(values, 32), rest)
                mstore(rest, add(mload(rest), weight))
            }
        }
    }

    function _storeValues(Count storage self, RankedStage.Board memory board) private {
        uint256 codes = board.values.length;
        uint256[] memory lanes = new uint256[](codes + 2);
        // bound: the options of an election, 33, and nobody
        for (uint256 code; code < codes; ++code) lanes[code] = board.values[code];
        lanes[codes] = board.moved;
        lanes[codes + 1] = board.elected;
        _store(self.values, board.stage * VALUE_WORDS, VALUE_BITS, lanes);
    }

    /// @dev A list by code without its first entry.
    function _byOption(uint256[] memory byCode, uint256 options) private pure returns (uint256[] memory values) {
        values = new uint256[](options);
        // bound: the options of an election, 33
        for (uint256 option; option < options; ++option) values[option] = byCode[option + 1];
    }

    function _nameOf(uint256 code) private pure returns (uint256) {
        return code == 0 ? NONE : code - 1;
    }

    /// @dev Reads so many numbers from words that follow one another, from word `first` on.
    function _load(
        mapping(uint256 word => uint256) storage words,
        uint256 first,
        uint256 bits,
        uint256 count
    ) private view returns (uint256[] memory lanes) {
        lanes = new uint256[](count);
        // bound: the words of a list, 9
        for (uint256 from; from < count; from += 256 / bits) _unpack(words[first++], bits, lanes, from);
    }

    /// @dev What {_load} reads.
    function _store(
        mapping(uint256 word => uint256) storage words,
        uint256 first,
        uint256 bits,
        uint256[] memory lanes
    ) private {
        // bound: the words of a list, 9
        for (uint256 from; from < lanes.length; from += 256 / bits) words[first++] = _pack(bits, lanes, from);
    }

    /// @dev A word of the numbers of a list, from `from` on, as many as there are and fit.
    function _pack(uint256 bits, uint256[] memory lanes, uint256 from) private pure returns (uint256 word) {
        unchecked {
            // bound: the lanes of a word, 36
            for (uint256 shift; shift + bits <= 256 && from < lanes.length; shift += bits) {
                word |= lanes[from++] << shift;
            }
        }
    }

    /// @dev What {_pack} packed.
    function _unpack(uint256 word, uint256 bits, uint256[] memory lanes, uint256 from) private pure {
        unchecked {
            // bound: the lanes of a word, 36
            for (uint256 shift; shift + bits <= 256 && from < lanes.length; shift += bits) {
                lanes[from++] = (word >> shift) & ((1 << bits) - 1);
            }
        }
    }
}
