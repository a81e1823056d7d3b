// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DelegationCalendar} from "../../contracts/libraries/DelegationCalendar.sol";
import {Dice} from "../helpers/Dice.sol";
import {Test} from "../helpers/Test.sol";

/// @notice The packed calendar against a plain list of ends. Property 3: no answer about the past ever changes.
contract DelegationCalendarTest is Test {
    using Dice for Dice.Stream;

    struct Given {
        uint48 from;
        uint48 until;
        uint48 ends;
    }

    struct Writing {
        uint48 moment;
        uint208 calendar;
    }

    Given[] private _given;
    Writing[] private _writings;

    /// @notice Property 3: what was written once answers for every later moment as a list of delegations would.
    function testFuzz_countsLikeAList(uint256 seed) external {
        Dice.Stream memory dice = Dice.from(seed);
        uint48 current = uint48(dice.between(1_000_000_000, 5_000_000_000));
        uint208 calendar;
        for (uint256 step; step < 60; ++step) {
            // Often within a step, now and then right at a boundary, sometimes beyond everything.
            uint256 way = dice.below(10);
            if (way == 0) current = DelegationCalendar.first(current);
            else if (way == 1) current += uint48(dice.below(500 days));
            else current += uint48(dice.below(10 days));
            uint256 index = dice.below(_given.length + 1);
            bool removable = index < _given.length && _given[index].until == 0 && _given[index].ends > current;
            if (removable) {
                calendar = DelegationCalendar.remove(calendar, current, _given[index].ends);
                _given[index].until = current;
            } else {
                uint48 ends =
                    DelegationCalendar.floor(current) +
                        uint48(dice.between(1, DelegationCalendar.LANES)) * DelegationCalendar.STEP;
                calendar = DelegationCalendar.add(calendar, current, ends);
                _given.push(Given(current, 0, ends));
            }
            _writings.push(Writing(current, calendar));
        }
        for (uint256 i; i < _writings.length; ++i) {
            uint48 moment = _writings[i].moment;
            uint48 next = i + 1 < _writings.length ? _writings[i + 1].moment : moment + 900 days;
            _check(_writings[i].calendar, moment, moment == next);
            if (next > moment) _check(_writings[i].calendar, uint48(dice.between(moment, next - 1)), false);
        }
    }

    function _check(uint208 calendar, uint48 moment, bool overwritten) private view {
        if (overwritten) return;
        uint256 expected;
        for (uint256 i; i < _given.length; ++i) {
            Given storage one = _given[i];
            if (one.from <= moment && moment < one.ends && (one.until == 0 || moment < one.until)) ++expected;
        }
        assertEq(DelegationCalendar.count(calendar, moment), expected, "in force");
    }
}
