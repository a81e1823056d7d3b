// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules} from "../../contracts/governance/DecisionRules.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Dice} from "./Dice.sol";

/// @notice The documented ranges of every parameter of a coalition founded by {CoalitionTest}, written down once more.
library Ranges {
    function hold(DecisionRules.Rules memory r, uint256 floorLimit) internal pure returns (bool) {
        bool stages = _in(r.notice, 1 days, 8 days - 1) && _in(r.period, 1 days, 90 days);
        bool shares = _in(r.quorumBps, 100, 5_000) && _in(r.approvalBps, 5_000, 8_000) && r.approvalFloorBps <= 2_500;
        bool waits = _in(r.grace, 1 days, 180 days) && _in(r.delay, 1 days, 30 days);
        return stages && shares && waits && _in(r.quorumFloor, 3, floorLimit) && _holdGroups(r);
    }

    function _holdGroups(DecisionRules.Rules memory r) private pure returns (bool) {
        bool late = r.extension <= 14 days && r.extension <= r.period;
        bool endorsed = r.endorsements == 0 ? r.endorsementGroups == 0 : r.endorsementGroups != 0;
        return
            late &&
            endorsed &&
            r.concurrenceMembers != 0 &&
            r.endorsements <= 20 &&
            r.endorsementGroups <= r.endorsements;
    }

    function hold(IMembership.Maturity memory m) internal pure returns (bool) {
        bool times = _in(m.waitingPeriod, 8 days, 365 days) && _in(m.epochLength, 1 days, 92 days);
        return times && _in(m.epochShareBps, 100, 2_500) && _in(m.epochFloor, 1, 100);
    }

    function hold(uint256 delay) internal pure returns (bool) {
        return _in(delay, 1 days, 30 days);
    }

    function _in(uint256 value, uint256 min, uint256 max) private pure returns (bool) {
        return value >= min && value <= max;
    }
}

/// @notice Parameters within their ranges, or anywhere with single fields within them.
library RandomParameters {
    using Dice for Dice.Stream;

    function rules(Dice.Stream memory dice, bool sane) internal pure returns (DecisionRules.Rules memory) {
        return
            DecisionRules.Rules({
                notice: uint32(_pick(dice, sane, 1 days, 8 days - 1)),
                period: uint32(_pick(dice, sane, 1 days, 90 days)),
                grace: uint32(_pick(dice, sane, 1 days, 180 days)),
                delay: uint32(_pick(dice, sane, 1 days, 30 days)),
                extension: uint32(_pick(dice, sane, 0, 1 days)),
                quorumBps: uint16(_pick(dice, sane, 100, 5_000)),
                quorumFloor: uint16(_pick(dice, sane, 3, sane ? 4 : 50)),
                approvalBps: uint16(_pick(dice, sane, 5_000, 8_000)),
                approvalFloorBps: uint16(_pick(dice, sane, 0, 2_500)),
                concurrence: 0,
                concurrenceMembers: 1,
                endorsements: 0,
                endorsementGroups: 0
            });
    }

    function maturity(Dice.Stream memory dice, bool sane) internal pure returns (IMembership.Maturity memory) {
        return
            IMembership.Maturity({
                waitingPeriod: uint32(_pick(dice, sane, 8 days, 365 days)),
                epochLength: uint32(_pick(dice, sane, 1 days, 92 days)),
                epochShareBps: uint16(_pick(dice, sane, 100, 2_500)),
                epochFloor: uint16(_pick(dice, sane, 1, 100))
            });
    }

    /// @dev The ends of a range often; where sanity is not asked for, now and then one beyond them or anything.
    function _pick(Dice.Stream memory dice, bool sane, uint256 min, uint256 max) private pure returns (uint256) {
        uint256 way = dice.below(sane ? 8 : 16);
        if (way == 0) return min;
        if (way == 1) return max;
        if (way == 8 && min != 0) return min - 1;
        if (way == 9) return max + 1;
        if (way == 10) return dice.below(type(uint16).max);
        return dice.between(min, max);
    }
}
