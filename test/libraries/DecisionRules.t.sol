// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules, PackedRules} from "../../contracts/libraries/DecisionRules.sol";
import {Dice} from "../helpers/Dice.sol";
import {Ranges} from "../helpers/Parameters.sol";
import {Test} from "../helpers/Test.sol";
import {Verdict} from "../helpers/Verdict.sol";

/// @notice Properties 4, 7, 8, 9, 12 and 15, the pure part: how rules are stored, bounded and how they judge a count.
contract DecisionRulesTest is Test {
    using Dice for Dice.Stream;

    uint256 private constant BPS = 10_000;
    uint256 private constant GROUPS = 5;

    /// @notice Property 8: what is frozen into a decision is what was in force, field by field, and its class.
    function testFuzz_packAndUnpackGiveTheSameRules(DecisionRules.Rules memory rules, uint8 which) public pure {
        DecisionRules.Class class = DecisionRules.Class(which % 5);
        _fit(rules);
        PackedRules packed = DecisionRules.pack(rules, class);
        assertTrue(keccak256(abi.encode(packed.unpack())) == keccak256(abi.encode(rules)), "round trip");
        assertTrue(packed.ofClass() == class, "class");
        assertEq(packed.notice(), rules.notice, "notice");
        assertEq(packed.period(), rules.period, "period");
        assertEq(packed.grace(), rules.grace, "grace");
        assertEq(packed.delay(), rules.delay, "delay");
        assertEq(packed.extension(), rules.extension, "extension");
        assertEq(packed.quorumFloor(), rules.quorumFloor, "quorum's floor");
        assertEq(packed.concurrence(), rules.concurrence, "concurrence");
        assertEq(packed.endorsements(), rules.endorsements, "endorsements");
        assertEq(PackedRules.unwrap(packed) >> 204, 0, "free bits");
    }

    /// @notice Properties 4, 8 and 12: what a decision writes down beside its rules (electorate and groups, an
    /// extension, a postponement) is read back as it was, and changes neither rules nor class.
    function testFuzz_whatIsFoundChangesNoRule(uint256 seed, uint256 duration, bool postponed) public pure {
        PackedRules packed = _rules(seed);
        bytes32 before = keccak256(abi.encode(packed.unpack(), packed.ofClass()));
        (uint256[] memory byGroup, ) = _ballots(Dice.from(seed), packed);
        PackedRules frame = packed.settle(byGroup);
        if (postponed) frame = frame.withPostponement();
        duration = bound(duration, 1, 14 days);
        frame = frame.withExtension(duration);
        uint256 electorate;
        for (uint256 group; group < byGroup.length; ++group) {
            electorate += byGroup[group];
            bool large = byGroup[group] >= packed.unpack().concurrenceMembers;
            assertTrue(((frame.heard() >> group) & 1 == 1) == large, "heard");
        }
        assertTrue(frame.isSettled() && !packed.isSettled(), "settled");
        assertEq(frame.electorate(), electorate, "electorate");
        assertEq(frame.heard() >> byGroup.length, 0, "no other group");
        assertEq(frame.extendedBy(), duration, "extended by");
        assertTrue(frame.isPostponed() == postponed, "postponed");
        assertTrue(keccak256(abi.encode(frame.unpack(), frame.ofClass())) == before, "rules and class");
    }

    /// @notice Property 9: one more For in any group, new or in the place of another ballot, never turns success into
    /// defeat, with concurrence among the tests.
    function testFuzz_oneMoreForInAnyGroupNeverDefeats(uint256 seed) public pure {
        PackedRules packed = _rules(seed);
        (uint256[] memory byGroup, uint256[3][] memory table) = _ballots(Dice.from(seed), packed);
        PackedRules frame = packed.settle(byGroup);
        if (!_passes(frame, table)) return;
        for (uint256 group; group < table.length; ++group) {
            ++table[group][1];
            assertTrue(_passes(frame, table), "one more For");
            for (uint256 other; other < 3; other += 2) {
                if (table[group][other] == 0) continue;
                --table[group][other];
                assertTrue(_passes(frame, table), "another ballot changed to For");
                ++table[group][other];
            }
            --table[group][1];
        }
    }

    /// @notice Property 9: one more Against in any group, new or in the place of another ballot, never turns defeat
    /// into success, with concurrence among the tests.
    function testFuzz_oneMoreAgainstInAnyGroupNeverPasses(uint256 seed) public pure {
        PackedRules packed = _rules(seed);
        (uint256[] memory byGroup, uint256[3][] memory table) = _ballots(Dice.from(seed), packed);
        PackedRules frame = packed.settle(byGroup);
        if (_passes(frame, table)) return;
        for (uint256 group; group < table.length; ++group) {
            ++table[group][0];
            assertTrue(!_passes(frame, table), "one more Against");
            for (uint256 other = 1; other < 3; ++other) {
                if (table[group][other] == 0) continue;
                --table[group][other];
                assertTrue(!_passes(frame, table), "another ballot changed to Against");
                ++table[group][other];
            }
            --table[group][0];
        }
    }

    /// @notice Property 9: concurrence asks for as many of the groups that are heard as the rules name, or for all of
    /// them where they are fewer; and the whole verdict is what plain fractions and counts make of a table of ballots.
    function testFuzz_verdictByGroupIsThePlainOne(uint256 seed) public pure {
        PackedRules packed = _rules(seed);
        (uint256[] memory byGroup, uint256[3][] memory table) = _ballots(Dice.from(seed), packed);
        bool passed = _passes(packed.settle(byGroup), table);
        assertTrue(passed == Verdict.passes(packed.unpack(), byGroup, table), "verdict");
    }

    /// @notice Property 9: the counts of these tests are no empty cases: success and defeat come up, and defeat by
    /// concurrence alone.
    function test_countsByGroupReachEveryVerdict() public pure {
        uint256[3] memory seen;
        for (uint256 seed; seed < 400; ++seed) {
            PackedRules packed = _rules(seed);
            (uint256[] memory byGroup, uint256[3][] memory table) = _ballots(Dice.from(seed), packed);
            PackedRules frame = packed.settle(byGroup);
            (bool concurs, bool others) = (_concurs(frame, table), _passesInAll(frame, table));
            ++seen[
                concurs && others
                    ? 0
                    : others
                        ? 1
                        : 2
            ];
        }
        for (uint256 i; i < 3; ++i) {
            assertTrue(seen[i] > 20, "every verdict");
        }
    }

    /// @notice Properties 7 and 15: one class is stricter in nothing than another exactly if no rule that measures
    /// strictness is; and then whatever passes the greater passes the lesser where the same groups are heard.
    function testFuzz_lesserClassIsNeverStricter(uint256 seed, uint256 more) public pure {
        (DecisionRules.Rules memory lesser, DecisionRules.Rules memory greater) = (
            _rules(seed).unpack(),
            _rules(more).unpack()
        );
        Dice.Stream memory dice = Dice.from(seed);
        // Two at random are hardly ever in order: mostly the greater is raised to the lesser, but for one rule at
        // times.
        uint256 spared = dice.below(12);
        if (dice.below(4) != 0) Ranges.raise(greater, lesser, spared);
        greater.concurrenceMembers = lesser.concurrenceMembers;
        PackedRules packed = DecisionRules.pack(greater, DecisionRules.Class.Amendment);
        bytes32 rule = DecisionRules.pack(lesser, DecisionRules.Class.Action).unordered(packed);
        assertTrue((rule == 0) == Ranges.ordered(lesser, greater), "in order");
        if (rule != 0) return;
        (uint256[] memory byGroup, uint256[3][] memory table) = _ballots(dice, packed);
        if (!_passes(packed.settle(byGroup), table)) return;
        packed = DecisionRules.pack(lesser, DecisionRules.Class.Action);
        assertTrue(_passes(packed.settle(byGroup), table), "what passes the greater passes the lesser");
    }

    /// @notice Property 9: one more For never turns success into defeat.
    function testFuzz_oneMoreForNeverDefeats(uint256 seed, uint256[4] memory count) public pure {
        PackedRules rules = _rules(seed);
        (uint256 electorate, uint256 a, uint256 f, uint256 n) = _count(rules, count);
        if (_passes(rules, electorate, a, f, n)) {
            assertTrue(_passes(rules, electorate, a, f + 1, n), "one more For");
            if (n != 0) assertTrue(_passes(rules, electorate, a, f + 1, n - 1), "Abstain changed to For");
            if (a != 0) assertTrue(_passes(rules, electorate, a - 1, f + 1, n), "Against changed to For");
        }
    }

    /// @notice Property 9: one more Against never turns defeat into success, so Against makes no quorum.
    function testFuzz_oneMoreAgainstNeverPasses(uint256 seed, uint256[4] memory count) public pure {
        PackedRules rules = _rules(seed);
        (uint256 electorate, uint256 a, uint256 f, uint256 n) = _count(rules, count);
        if (!_passes(rules, electorate, a, f, n)) {
            assertTrue(!_passes(rules, electorate, a + 1, f, n), "one more Against");
            if (f != 0) assertTrue(!_passes(rules, electorate, a + 1, f - 1, n), "For changed to Against");
            if (n != 0) assertTrue(!_passes(rules, electorate, a + 1, f, n - 1), "Abstain changed to Against");
        }
    }

    /// @notice Property 9: the verdict is the three tests in plain fractions, quorum and floor rounded up.
    function testFuzz_verdictIsTheThreeTests(uint256 seed, uint256[4] memory count) public pure {
        PackedRules packed = _rules(seed);
        DecisionRules.Rules memory rules = packed.unpack();
        (uint256 electorate, uint256 a, uint256 f, uint256 n) = _count(packed, count);
        bool enough = (f + n) * BPS >= electorate * rules.quorumBps && f + n >= rules.quorumFloor;
        bool floor = f * BPS >= electorate * rules.approvalFloorBps;
        bool agreed = f * (BPS - rules.approvalBps) > a * rules.approvalBps;
        assertTrue(packed.turnoutSuffices(electorate, f, n) == (enough && floor), "turnout");
        assertTrue(packed.approved(f, a) == agreed, "approval");
    }

    /// @notice Property 9: abstentions alone pass nothing, however many and whatever the rules.
    function testFuzz_abstentionsAlonePassNothing(uint256 seed, uint256[4] memory count) public pure {
        PackedRules rules = _rules(seed);
        (uint256 electorate, uint256 a, , uint256 n) = _count(rules, count);
        assertTrue(!_passes(rules, electorate, 0, 0, n), "Abstain alone");
        assertTrue(!_passes(rules, electorate, 0, 0, electorate), "Abstain of everyone");
        assertTrue(!_passes(rules, electorate, a, 0, n), "Abstain and Against");
    }

    /// @notice Property 9: a tie is no approval, whatever the rules.
    function testFuzz_tieFails(uint256 seed, uint24 each) public pure {
        assertTrue(!_rules(seed).approved(each, each), "tie");
    }

    /// @notice Property 9: the quorum is never 0, not even of an empty electorate, and rounds up, never down.
    function testFuzz_quorumIsNeverZeroAndRoundsUp(uint256 seed, uint24 electorate) public pure {
        PackedRules packed = _rules(seed);
        DecisionRules.Rules memory rules = packed.unpack();
        uint256 quorum = packed.quorum(electorate);
        assertTrue(quorum >= DecisionRules.MIN_QUORUM_FLOOR, "never 0");
        assertTrue(quorum * BPS >= uint256(electorate) * rules.quorumBps, "not rounded down");
        assertTrue(
            quorum == rules.quorumFloor || (quorum - 1) * BPS < uint256(electorate) * rules.quorumBps,
            "no more than one above"
        );
    }

    /// @notice Property 4: a larger electorate never has a smaller quorum.
    function testFuzz_quorumGrowsWithTheElectorate(uint256 seed, uint24 smaller, uint24 larger) public pure {
        if (smaller > larger) (smaller, larger) = (larger, smaller);
        PackedRules packed = _rules(seed);
        assertTrue(packed.quorum(smaller) <= packed.quorum(larger), "quorum");
    }

    /// @notice Property 15: any rules either lie in every range of their class or are refused with the first that does
    /// not.
    function testFuzz_rulesOutOfRangeAreRefused(
        DecisionRules.Rules memory rules,
        uint256 inRange,
        uint8 which,
        uint16 floorLimit
    ) public {
        DecisionRules.Class class = DecisionRules.Class(which % 5);
        // Whole random words are nearly always out of range: let most of the fields be in it, every other time all.
        DecisionRules.Rules memory good = _rules(uint256(keccak256(abi.encode(rules)))).unpack();
        if (inRange & 1 != 0) inRange = type(uint256).max;
        _mendHours(rules, good, inRange >> 1);
        _mendShares(rules, good, inRange >> 9);
        _mendGroups(rules, good, inRange >> 17);
        bytes memory refusal = _refusal(rules, class == DecisionRules.Class.Amendment, floorLimit);
        if (refusal.length != 0) VM.expectRevert(refusal);
        this.requireValid(rules, class, floorLimit);
    }

    /// @notice Property 15: each end of each range is allowed, and one beyond is not.
    function test_endsOfTheRangesAreAllowed() public {
        DecisionRules.Rules memory lowest = DecisionRules.Rules({
            notice: 1 days,
            period: 1 days,
            grace: 1 days,
            delay: 1 days,
            extension: 0,
            quorumBps: 100,
            quorumFloor: 3,
            approvalBps: 5_000,
            approvalFloorBps: 0,
            concurrence: 0,
            concurrenceMembers: 1,
            endorsements: 0,
            endorsementGroups: 0
        });
        this.requireValid(lowest, DecisionRules.Class.Appeal, 3);
        VM.expectRevert(_outOfRange("approvalBps", 5_000, 6_000, 8_000));
        this.requireValid(lowest, DecisionRules.Class.Amendment, 3);
        lowest.approvalBps = 6_000;
        VM.expectRevert(_outOfRange("concurrence", 0, 2, GROUPS));
        this.requireValid(lowest, DecisionRules.Class.Amendment, 3);
        lowest.concurrence = 2;
        this.requireValid(lowest, DecisionRules.Class.Amendment, 3);
        DecisionRules.Rules memory highest = DecisionRules.Rules({
            notice: 13 days,
            period: 90 days,
            grace: 180 days,
            delay: 30 days,
            extension: 14 days,
            quorumBps: 5_000,
            quorumFloor: 50,
            approvalBps: 8_000,
            approvalFloorBps: 2_500,
            concurrence: uint8(GROUPS),
            concurrenceMembers: 255,
            endorsements: 20,
            endorsementGroups: uint8(GROUPS)
        });
        this.requireValid(highest, DecisionRules.Class.Amendment, 50);
        highest.quorumFloor = 51;
        VM.expectRevert(_outOfRange("quorumFloor", 51, 3, 50));
        this.requireValid(highest, DecisionRules.Class.Amendment, 50);
        // Where fewer members than that can be asked for, no more can be asked to endorse.
        highest.quorumFloor = 6;
        VM.expectRevert(_outOfRange("endorsements", 20, 0, 6));
        this.requireValid(highest, DecisionRules.Class.Amendment, 6);
    }

    function requireValid(
        DecisionRules.Rules calldata rules,
        DecisionRules.Class class,
        uint256 quorumFloorLimit
    ) external pure {
        DecisionRules.requireValid(
            rules,
            class,
            DecisionRules.Frame(1 days, 13 days, quorumFloorLimit, GROUPS, GROUPS)
        );
    }

    /// @dev Two bits decide over a field: three fields of four are mended.
    function _mendHours(DecisionRules.Rules memory rules, DecisionRules.Rules memory good, uint256 bits) private pure {
        if (bits & 0x03 != 0) rules.notice = good.notice;
        if (bits & 0x0c != 0) rules.period = good.period;
        if (bits & 0x30 != 0) rules.grace = good.grace;
        if (bits & 0xc0 != 0) (rules.delay, rules.extension) = (good.delay, good.extension);
    }

    function _mendShares(DecisionRules.Rules memory rules, DecisionRules.Rules memory good, uint256 bits) private pure {
        if (bits & 0x03 != 0) rules.quorumBps = good.quorumBps;
        if (bits & 0x0c != 0) rules.quorumFloor = good.quorumFloor;
        if (bits & 0x30 != 0) rules.approvalBps = good.approvalBps;
        if (bits & 0xc0 != 0) rules.approvalFloorBps = good.approvalFloorBps;
    }

    function _mendGroups(DecisionRules.Rules memory rules, DecisionRules.Rules memory good, uint256 bits) private pure {
        if (bits & 0x03 != 0) rules.concurrence = good.concurrence;
        if (bits & 0x0c != 0) rules.concurrenceMembers = good.concurrenceMembers;
        if (bits & 0x30 != 0) rules.endorsements = good.endorsements;
        if (bits & 0xc0 != 0) rules.endorsementGroups = good.endorsementGroups;
    }

    /// @dev The refusal that the ranges of {ICoalitionGovernor-setRules} ask for; empty if there is none.
    // One line for each rule.
    // solhint-disable-next-line code-complexity
    function _refusal(DecisionRules.Rules memory r, bool amendment, uint256 limit) private pure returns (bytes memory) {
        bytes memory refusal = _refusalOfHours(r);
        if (refusal.length == 0) refusal = _refusalOfShares(r, amendment ? 6_000 : 5_000, limit);
        return refusal.length == 0 ? _refusalOfGroups(r, amendment ? 2 : 0, limit < 20 ? limit : 20) : refusal;
    }

    function _refusalOfHours(DecisionRules.Rules memory r) private pure returns (bytes memory) {
        if (_out(r.notice, 1 days, 13 days)) return _outOfRange("notice", r.notice, 1 days, 13 days);
        if (_out(r.period, 1 days, 90 days)) return _outOfRange("period", r.period, 1 days, 90 days);
        if (_out(r.grace, 1 days, 180 days)) return _outOfRange("grace", r.grace, 1 days, 180 days);
        if (_out(r.delay, 1 days, 30 days)) return _outOfRange("delay", r.delay, 1 days, 30 days);
        uint256 most = r.period < 14 days ? r.period : 14 days;
        if (r.extension > most) return _outOfRange("extension", r.extension, 0, most);
        return "";
    }

    function _refusalOfShares(
        DecisionRules.Rules memory r,
        uint256 least,
        uint256 limit
    ) private pure returns (bytes memory) {
        if (_out(r.quorumBps, 100, 5_000)) return _outOfRange("quorumBps", r.quorumBps, 100, 5_000);
        if (_out(r.quorumFloor, 3, limit)) return _outOfRange("quorumFloor", r.quorumFloor, 3, limit);
        if (_out(r.approvalBps, least, 8_000)) return _outOfRange("approvalBps", r.approvalBps, least, 8_000);
        if (r.approvalFloorBps > 2_500) return _outOfRange("approvalFloorBps", r.approvalFloorBps, 0, 2_500);
        return "";
    }

    function _refusalOfGroups(
        DecisionRules.Rules memory r,
        uint256 least,
        uint256 limit
    ) private pure returns (bytes memory) {
        if (_out(r.concurrence, least, GROUPS)) return _outOfRange("concurrence", r.concurrence, least, GROUPS);
        if (r.concurrenceMembers == 0) return _outOfRange("concurrenceMembers", 0, 1, 255);
        if (r.endorsements > limit) return _outOfRange("endorsements", r.endorsements, 0, limit);
        least = r.endorsements == 0 ? 0 : 1;
        uint256 most = r.endorsements < GROUPS ? r.endorsements : GROUPS;
        if (!_out(r.endorsementGroups, least, most)) return "";
        return _outOfRange("endorsementGroups", r.endorsementGroups, least, most);
    }

    function _out(uint256 value, uint256 min, uint256 max) private pure returns (bool) {
        return value < min || value > max;
    }

    function _outOfRange(bytes32 rule, uint256 value, uint256 min, uint256 max) private pure returns (bytes memory) {
        return abi.encodeWithSelector(DecisionRules.DecisionRulesOutOfRange.selector, rule, value, min, max);
    }

    /// @dev What the word has room for.
    function _fit(DecisionRules.Rules memory r) private pure {
        (r.notice, r.period, r.grace) = (r.notice % 2 ** 24, r.period % 2 ** 24, r.grace % 2 ** 24);
        (r.delay, r.extension) = (r.delay % 2 ** 24, r.extension % 2 ** 24);
        (r.quorumBps, r.approvalBps) = (r.quorumBps % 2 ** 14, r.approvalBps % 2 ** 14);
        (r.concurrence, r.endorsements) = (r.concurrence % 2 ** 4, r.endorsements % 2 ** 5);
        r.endorsementGroups %= 2 ** 4;
    }

    /// @dev A settled frame's verdict on ballots by group: Against, For, Abstain.
    function _passes(PackedRules frame, uint256[3][] memory table) private pure returns (bool) {
        return _passesInAll(frame, table) && _concurs(frame, table);
    }

    function _passesInAll(PackedRules frame, uint256[3][] memory table) private pure returns (bool) {
        uint256[3] memory sums;
        for (uint256 i; i < table.length * 3; ++i) {
            sums[i % 3] += table[i / 3][i % 3];
        }
        return _passes(frame, frame.electorate(), sums[0], sums[1], sums[2]);
    }

    function _concurs(PackedRules frame, uint256[3][] memory table) private pure returns (bool) {
        uint256 agreeing;
        for (uint256 group; group < table.length; ++group) {
            if (table[group][1] > table[group][0]) agreeing |= 1 << group;
        }
        return frame.concurs(frame.heard(), agreeing);
    }

    /// @dev An electorate in two to eight groups and ballots of it: groups of any size, some next to none, mostly in
    /// favour, some groups next to a tie; what no group has turned out for is made up so that the verdict is often
    /// close.
    function _ballots(
        Dice.Stream memory dice,
        PackedRules packed
    ) private pure returns (uint256[] memory byGroup, uint256[3][] memory table) {
        uint256 count = dice.between(2, 8);
        (byGroup, table) = (new uint256[](count), new uint256[3][](count));
        uint256 heard = packed.unpack().concurrenceMembers;
        uint256 against = dice.between(1, 6);
        for (uint256 group; group < count; ++group) {
            uint256 size = dice.below(3) == 0 ? dice.below(6) : heard + dice.below(40);
            byGroup[group] = size;
            uint256 present = dice.below(2) == 0 ? size : dice.below(size + 1);
            // Of those present some abstain; of the rest a share, or half of it and one more or less, is against.
            uint256 abstain = dice.below(present / 4 + 1);
            uint256 sides = present - abstain;
            uint256 opposed = dice.below(3) == 0 ? (sides + dice.below(2)) / 2 : sides / (1 + against);
            table[group] = [opposed, sides - opposed, abstain];
        }
    }

    function _passes(
        PackedRules rules,
        uint256 electorate,
        uint256 a,
        uint256 f,
        uint256 n
    ) private pure returns (bool) {
        return rules.turnoutSuffices(electorate, f, n) && rules.approved(f, a);
    }

    /// @dev Rules within the ranges of every class, their ends often.
    function _rules(uint256 seed) private pure returns (PackedRules) {
        uint256 endorsements = _pick(seed, 11, 0, 20);
        return
            DecisionRules.pack(
                DecisionRules.Rules({
                    notice: uint32(_pick(seed, 0, 1 days, 13 days)),
                    period: uint32(_pick(seed, 1, 1 days, 90 days)),
                    grace: uint32(_pick(seed, 2, 1 days, 180 days)),
                    delay: uint32(_pick(seed, 7, 1 days, 30 days)),
                    extension: uint32(_pick(seed, 8, 0, 1 days)),
                    quorumBps: uint16(_pick(seed, 3, 100, 5_000)),
                    quorumFloor: uint16(_pick(seed, 4, 3, 50)),
                    approvalBps: uint16(_pick(seed, 5, 6_000, 8_000)),
                    approvalFloorBps: uint16(_pick(seed, 6, 0, 2_500)),
                    concurrence: uint8(_pick(seed, 9, 2, GROUPS)),
                    concurrenceMembers: uint8(_pick(seed, 10, 1, 255)),
                    endorsements: uint8(endorsements),
                    endorsementGroups: endorsements == 0
                        ? 0
                        : uint8(_pick(seed, 12, 1, endorsements < GROUPS ? endorsements : GROUPS))
                }),
                DecisionRules.Class(seed % 5)
            );
    }

    function _pick(uint256 seed, uint256 field, uint256 min, uint256 max) private pure returns (uint256) {
        uint256 roll = uint256(keccak256(abi.encode(seed, field)));
        if (roll % 8 == 0) return min;
        return roll % 8 == 1 ? max : bound(roll, min, max);
    }

    /// @dev A count within an electorate of any size; most lie at an edge: one below, at or above what a test asks for.
    function _count(
        PackedRules packed,
        uint256[4] memory raw
    ) private pure returns (uint256 electorate, uint256 a, uint256 f, uint256 n) {
        DecisionRules.Rules memory rules = packed.unpack();
        electorate = bound(
            raw[0],
            0,
            raw[0] % 3 == 0
                ? 30
                : raw[0] % 3 == 1
                    ? 1_000
                    : 1_000_000
        );
        uint256 least = (electorate * rules.approvalFloorBps) / BPS;
        f = raw[1] % 3 == 0 ? least + (raw[1] % 2) : bound(raw[1], 0, electorate);
        uint256 quorum = packed.quorum(electorate) + (raw[3] % 3);
        n = raw[3] % 4 == 0 || quorum < f + 1 ? 0 : quorum - f - 1;
        uint256 balance = (f * (BPS - rules.approvalBps)) / rules.approvalBps + (raw[2] % 3);
        a = raw[2] % 4 == 0 || balance == 0 ? bound(raw[2], 0, electorate) : balance - 1;
    }
}
