// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ClauseOrder
/// @notice The order of a document's clauses: their numbers, 16 bits each, 16 to a word from the lowest bits on,
/// without a gap. What is empty is 0, which is no clause's number.
library ClauseOrder {
    /// @notice Words that an order has.
    uint256 internal constant WORDS = 8;
    /// @notice Clauses that it holds at the most.
    uint256 internal constant MAX = 128;

    uint256 private constant LANES = 16;
    uint256 private constant LANE = 16;
    uint256 private constant LAST_LANE = 240;

    /// @notice How many words a number of clauses takes.
    function wordsFor(uint256 count) internal pure returns (uint256) {
        return (count + LANES - 1) / LANES;
    }

    /// @notice The clause in a place, from 0; 0 if there is none.
    /// @param index Below {MAX}.
    function at(uint256[WORDS] memory words, uint256 index) internal pure returns (uint256) {
        return uint16(words[index / LANES] >> ((index % LANES) * LANE));
    }

    /// @notice The place of a clause, or {MAX} if it has none.
    /// @param clause Not 0.
    function indexOf(uint256[WORDS] memory words, uint256 clause) internal pure returns (uint256 index) {
        // bound: 128 clauses
        while (index < MAX && at(words, index) != clause) ++index;
    }

    /// @notice Puts a clause in before the one that has a place now, which moves up by one with all that follow it.
    /// @dev Warning: of a full order the last clause would be lost.
    /// @param index Up to the number of clauses, which puts it at the end.
    function insert(uint256[WORDS] memory words, uint256 index, uint256 clause) internal pure {
        (uint256 word, uint256 shift, uint256 before) = _split(index);
        uint256 old = words[word];
        words[word] = (old & before) | (clause << shift) | ((old & ~before) << LANE);
        uint256 carry = old >> LAST_LANE;
        // bound: 8 words
        for (++word; carry != 0 && word < WORDS; ++word) {
            old = words[word];
            words[word] = (old << LANE) | carry;
            carry = old >> LAST_LANE;
        }
    }

    /// @notice Takes out the clause in a place; those that follow it move down by one.
    /// @param index Below the number of clauses.
    function remove(uint256[WORDS] memory words, uint256 index) internal pure {
        (uint256 word, , uint256 before) = _split(index);
        words[word] = (words[word] & before) | ((words[word] >> LANE) & ~before);
        // bound: 8 words
        for (++word; word < WORDS && words[word] != 0; ++word) {
            words[word - 1] |= words[word] << LAST_LANE;
            words[word] >>= LANE;
        }
    }

    /// @notice Puts another clause in the place of one.
    /// @param index Below the number of clauses.
    function put(uint256[WORDS] memory words, uint256 index, uint256 clause) internal pure {
        (uint256 word, uint256 shift, ) = _split(index);
        words[word] = (words[word] & ~(uint256(type(uint16).max) << shift)) | (clause << shift);
    }

    /// @dev The word of a place, its lowest bit there, and the bits of the places before it.
    function _split(uint256 index) private pure returns (uint256 word, uint256 shift, uint256 before) {
        word = index / LANES;
        shift = (index % LANES) * LANE;
        before = (1 << shift) - 1;
    }
}
