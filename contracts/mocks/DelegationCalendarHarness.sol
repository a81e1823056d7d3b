// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DelegationCalendar} from "../libraries/DelegationCalendar.sol";

/// @title DelegationCalendarHarness
/// @notice Opens {DelegationCalendar} to tests.
contract DelegationCalendarHarness {
    function floor(uint48 moment) external pure returns (uint48) {
        return DelegationCalendar.floor(moment);
    }

    function first(uint48 moment) external pure returns (uint48) {
        return DelegationCalendar.first(moment);
    }

    function last(uint48 moment) external pure returns (uint48) {
        return DelegationCalendar.last(moment);
    }

    function count(uint208 calendar, uint48 moment) external pure returns (uint256) {
        return DelegationCalendar.count(calendar, moment);
    }

    function add(uint208 calendar, uint48 moment, uint48 ends) external pure returns (uint208) {
        return DelegationCalendar.add(calendar, moment, ends);
    }

    function remove(uint208 calendar, uint48 moment, uint48 ends) external pure returns (uint208) {
        return DelegationCalendar.remove(calendar, moment, ends);
    }
}
