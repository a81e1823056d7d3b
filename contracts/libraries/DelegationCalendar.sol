// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title DelegationCalendar
/// @notice How many delegations a member holds and when they end, in one word that stays right without being touched.
///
/// @dev Delegations end at boundaries: multiples of {STEP} since 1970. Layout of a calendar:
///
///     bits   0 to  15   the step in which it was written (moment / STEP)
///     bits  16 to 207   24 counters of 8 bits: how many end at the 1st, 2nd, … boundary after that step
///
/// Reading it at a later moment drops the counters of the boundaries that have passed. So a calendar that was written
/// down once answers for every moment until the next change, and what ends by itself needs no act of anybody.
library DelegationCalendar {
    /// @notice Distance of the boundaries, in seconds.
    uint48 internal constant STEP = 15 days;

    /// @notice How many boundaries ahead a delegation can end at the most.
    uint48 internal constant LANES = 24;

    uint256 private constant LANE_BITS = 8;
    uint256 private constant BASE_BITS = 16;
    uint256 private constant BASE_MASK = 0xffff;

    /// @notice The last boundary at or before a moment.
    function floor(uint48 moment) internal pure returns (uint48) {
        return moment - (moment % STEP);
    }

    /// @notice The next boundary after a moment: the earliest end.
    function first(uint48 moment) internal pure returns (uint48) {
        return floor(moment) + STEP;
    }

    /// @notice The latest end that a delegation given at a moment can have.
    function last(uint48 moment) internal pure returns (uint48) {
        return floor(moment) + LANES * STEP;
    }

    /// @notice How many delegations of a calendar are in force at a moment.
    /// @param moment Not before the moment at which it was written.
    function count(uint208 calendar, uint48 moment) internal pure returns (uint256 sum) {
        uint256 rest = _lanes(calendar, moment);
        // bound: the 24 lanes of a calendar
        for (; rest != 0; rest >>= LANE_BITS) {
            sum += rest & 0xff;
        }
    }

    /// @notice The calendar with a delegation more. The caller keeps the sum of all below 256.
    /// @param moment Now; not before the moment at which it was written.
    /// @param ends A boundary, from {first} to {last} of now.
    function add(uint208 calendar, uint48 moment, uint48 ends) internal pure returns (uint208) {
        return _pack(_lanes(calendar, moment) + _unit(moment, ends), moment);
    }

    /// @notice The calendar with a delegation less.
    /// @param moment Now, before `ends`; not before the moment at which it was written.
    /// @param ends As it was added.
    function remove(uint208 calendar, uint48 moment, uint48 ends) internal pure returns (uint208) {
        return _pack(_lanes(calendar, moment) - _unit(moment, ends), moment);
    }

    /// @dev The counters as of a moment, those of past boundaries dropped.
    function _lanes(uint208 calendar, uint48 moment) private pure returns (uint256) {
        uint256 passed = moment / STEP - (calendar & BASE_MASK);
        return passed < LANES ? (calendar >> BASE_BITS) >> (passed * LANE_BITS) : 0;
    }

    function _unit(uint48 moment, uint48 ends) private pure returns (uint256) {
        return 1 << ((ends / STEP - moment / STEP - 1) * LANE_BITS);
    }

    function _pack(uint256 lanes, uint48 moment) private pure returns (uint208) {
        return uint208((lanes << BASE_BITS) | (moment / STEP));
    }
}
