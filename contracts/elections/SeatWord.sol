// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IOffices} from "./IOffices.sol";

/// @title SeatWord
/// @notice The seats of an office, two to a word. A seat by itself is the lower half of a word.
///
/// @dev Layout of a seat, from the lowest bit:
///
///     bits   0 to  31   member number
///     bits  32 to  39   stakeholder group
///     bits  40 to  77   since when, seconds since 1970 (38 bits last until the year 10680)
///     bits  78 to 115   until when
///     bits 116 to 123   terms in a row
///     bit  124          vacated before its time
library SeatWord {
    /// @notice Seats that an office has at the most.
    uint256 internal constant MAX = 16;

    uint256 private constant LANE = 128;
    uint256 private constant GROUP_SHIFT = 32;
    uint256 private constant SINCE_SHIFT = 40;
    uint256 private constant UNTIL_SHIFT = 78;
    uint256 private constant TERMS_SHIFT = 116;
    uint256 private constant VACATED = 1 << 124;
    uint256 private constant MOMENT = 0x3fffffffff; // 38 bits

    /// @notice A seat that somebody takes.
    /// @param terms Up to 255.
    function pack(
        uint256 number,
        uint256 group,
        uint256 since,
        uint256 until,
        uint256 terms
    ) internal pure returns (uint256) {
        return
            number | (group << GROUP_SHIFT) | (since << SINCE_SHIFT) | (until << UNTIL_SHIFT) | (terms << TERMS_SHIFT);
    }

    /// @notice A seat, field by field.
    function unpack(uint256 seat) internal pure returns (IOffices.Seat memory) {
        return
            IOffices.Seat({
                number: numberOf(seat),
                group: groupOf(seat),
                since: uint48(sinceOf(seat)),
                until: uint48(untilOf(seat)),
                terms: termsOf(seat),
                vacated: isVacated(seat)
            });
    }

    /// @notice The seat with an index, from all words of an office.
    function at(uint256[] memory words, uint256 index) internal pure returns (uint256) {
        return (words[index / 2] >> ((index % 2) * LANE)) & type(uint128).max;
    }

    /// @notice Puts a seat in its place among all words of an office.
    function put(uint256[] memory words, uint256 index, uint256 seat) internal pure {
        uint256 shift = (index % 2) * LANE;
        words[index / 2] = (words[index / 2] & ~(uint256(type(uint128).max) << shift)) | (seat << shift);
    }

    /// @notice The holder of a seat, or its last one; 0 if it was never filled.
    function numberOf(uint256 seat) internal pure returns (uint256) {
        return uint32(seat);
    }

    /// @notice The group of that holder.
    function groupOf(uint256 seat) internal pure returns (uint256) {
        return uint8(seat >> GROUP_SHIFT);
    }

    /// @notice Since when the term runs, or ran.
    function sinceOf(uint256 seat) internal pure returns (uint256) {
        return (seat >> SINCE_SHIFT) & MOMENT;
    }

    /// @notice Until when the term runs, or ran, whether or not the seat was vacated before.
    function untilOf(uint256 seat) internal pure returns (uint256) {
        return (seat >> UNTIL_SHIFT) & MOMENT;
    }

    /// @notice Terms of the holder in a row.
    function termsOf(uint256 seat) internal pure returns (uint256) {
        return uint8(seat >> TERMS_SHIFT);
    }

    /// @notice Whether the seat was vacated before the end of the term.
    function isVacated(uint256 seat) internal pure returns (bool) {
        return seat & VACATED != 0;
    }

    /// @notice The seat, vacated.
    function vacated(uint256 seat) internal pure returns (uint256) {
        return seat | VACATED;
    }

    /// @notice Whether somebody holds a seat at a moment.
    function isTaken(uint256 seat, uint256 moment) internal pure returns (bool) {
        return uint32(seat) != 0 && seat & VACATED == 0 && moment < untilOf(seat);
    }
}
