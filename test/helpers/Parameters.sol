// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {ICoalitionGovernor} from "../../contracts/governance/ICoalitionGovernor.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Dice} from "./Dice.sol";

/// @notice The documented ranges of every parameter of a coalition founded by {CoalitionTest}, written down once more.
library Ranges {
    /// @dev Number of rules that measure how strict a class is.
    uint256 private constant MEASURES = 9;

    /// @param floorLimit The largest floor of a quorum.
    /// @param groups Number of stakeholder groups.
    function hold(
        DecisionRules.Rules memory r,
        DecisionRules.Class class,
        uint256 floorLimit,
        uint256 groups
    ) internal pure returns (bool) {
        bool amendment = class == DecisionRules.Class.Amendment;
        bool stages = _in(r.notice, 1 days, 8 days - 1) && _in(r.period, 1 days, 90 days);
        bool shares = _in(r.quorumBps, 100, 5_000) && _in(r.approvalBps, amendment ? 6_000 : 5_000, 8_000);
        bool floors = r.approvalFloorBps <= 2_500 && _in(r.quorumFloor, 3, floorLimit);
        bool waits = _in(r.grace, 1 days, 180 days) && _in(r.delay, 1 days, 30 days);
        bool late = r.extension <= 14 days && r.extension <= r.period;
        bool heard = _in(r.concurrence, amendment ? 2 : 0, groups) && r.concurrenceMembers != 0;
        return stages && shares && floors && waits && late && heard && _holdEndorsements(r, floorLimit, groups);
    }

    /// @notice Whether a governor may put rules in force for a class: in their ranges, and no lesser class stricter
    /// than a greater one.
    /// @param half Half of the electorate.
    function allow(
        ICoalitionGovernor governor,
        DecisionRules.Class class,
        DecisionRules.Rules memory r,
        uint256 half
    ) internal view returns (bool) {
        uint256 limit = governor.rules(class).quorumFloor;
        if (limit < half) limit = half;
        return hold(r, class, limit < 3 ? 3 : limit, governor.membership().groups().length) && fit(governor, class, r);
    }

    /// @notice Whether rules of a class are in order with those that a governor has for the others.
    function fit(
        ICoalitionGovernor governor,
        DecisionRules.Class class,
        DecisionRules.Rules memory r
    ) internal view returns (bool) {
        for (uint256 i; i < 5; ++i) {
            DecisionRules.Class other = DecisionRules.Class(i);
            if (other < class && !ordered(governor.rules(other), r)) return false;
            if (other > class && !ordered(r, governor.rules(other))) return false;
        }
        return true;
    }

    /// @notice Whether nothing that measures strictness is stricter in a lesser class than in a greater one.
    function ordered(
        DecisionRules.Rules memory lesser,
        DecisionRules.Rules memory greater
    ) internal pure returns (bool) {
        (uint256[MEASURES] memory a, uint256[MEASURES] memory b) = (_measures(lesser), _measures(greater));
        for (uint256 i; i < MEASURES; ++i) {
            if (a[i] > b[i]) return false;
        }
        return true;
    }

    /// @notice Makes rules at least as strict as others, but for one measure, by its number; none if that is larger.
    function raise(DecisionRules.Rules memory r, DecisionRules.Rules memory least, uint256 spared) internal pure {
        (uint256[MEASURES] memory a, uint256[MEASURES] memory b) = (_measures(r), _measures(least));
        for (uint256 i; i < MEASURES; ++i) {
            if (a[i] < b[i] && i != spared) a[i] = b[i];
        }
        _put(r, a);
    }

    /// @notice Bends rules so that they are in order with those that a governor has for the other classes.
    function bend(ICoalitionGovernor governor, DecisionRules.Class class, DecisionRules.Rules memory r) internal view {
        if (class == DecisionRules.Class.Amendment) {
            if (r.approvalBps < 6_000) r.approvalBps = 6_000;
            if (r.concurrence < 2) r.concurrence = 2;
        }
        uint256[MEASURES] memory a = _measures(r);
        for (uint256 i; i < 5; ++i) {
            DecisionRules.Class other = DecisionRules.Class(i);
            if (other == class) continue;
            uint256[MEASURES] memory b = _measures(governor.rules(other));
            for (uint256 j; j < MEASURES; ++j) {
                if (other < class ? a[j] < b[j] : a[j] > b[j]) a[j] = b[j];
            }
        }
        _put(r, a);
    }

    /// @dev Groups and extension follow, so that what was in its range still is.
    function _put(DecisionRules.Rules memory r, uint256[MEASURES] memory a) private pure {
        (r.notice, r.period, r.delay) = (uint32(a[0]), uint32(a[1]), uint32(a[2]));
        (r.quorumBps, r.quorumFloor) = (uint16(a[3]), uint16(a[4]));
        (r.approvalBps, r.approvalFloorBps) = (uint16(a[5]), uint16(a[6]));
        (r.concurrence, r.endorsements) = (uint8(a[7]), uint8(a[8]));
        if (r.extension > r.period) r.extension = r.period;
        if (r.endorsementGroups > r.endorsements) r.endorsementGroups = r.endorsements;
        if (r.endorsementGroups == 0 && r.endorsements != 0) r.endorsementGroups = 1;
    }

    function _measures(DecisionRules.Rules memory r) private pure returns (uint256[MEASURES] memory) {
        return
            [
                uint256(r.notice),
                r.period,
                r.delay,
                r.quorumBps,
                r.quorumFloor,
                r.approvalBps,
                r.approvalFloorBps,
                r.concurrence,
                r.endorsements
            ];
    }

    function _holdEndorsements(DecisionRules.Rules memory r, uint256 most, uint256 groups) private pure returns (bool) {
        if (r.endorsements > 20 || r.endorsements > most || r.endorsementGroups > groups) return false;
        return r.endorsementGroups <= r.endorsements && (r.endorsements == 0 || r.endorsementGroups != 0);
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

    /// @dev Of any class but an amendment, if they are sane, in a coalition of three groups or more; nobody endorses.
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
                concurrence: uint8(_pick(dice, sane, 0, sane ? 3 : 5)),
                concurrenceMembers: uint8(_pick(dice, sane, 1, 4)),
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
