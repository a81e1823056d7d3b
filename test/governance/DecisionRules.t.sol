// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules, PackedRules} from "../../contracts/governance/DecisionRules.sol";
import {Test} from "../helpers/Test.sol";

/// @notice Properties 8, 9 and 15, the pure part: how rules are stored, bounded and how they judge a count.
contract DecisionRulesTest is Test {
    uint256 private constant BPS = 10_000;

    /// @notice Property 8: what is frozen into a decision is what was in force, field by field.
    function testFuzz_packAndUnpackGiveTheSameRules(DecisionRules.Rules memory rules) public pure {
        PackedRules packed = DecisionRules.pack(rules);
        assertTrue(keccak256(abi.encode(packed.unpack())) == keccak256(abi.encode(rules)), "round trip");
        assertEq(packed.notice(), rules.notice, "notice");
        assertEq(packed.period(), rules.period, "period");
        assertEq(packed.grace(), rules.grace, "grace");
        assertEq(PackedRules.unwrap(packed) >> 160, 0, "free bits");
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

    /// @notice Property 15: any rules either lie in every range or are refused with the first that does not.
    function testFuzz_rulesOutOfRangeAreRefused(
        DecisionRules.Rules memory rules,
        uint8 inRange,
        uint16 floorLimit
    ) public {
        // Whole random words are nearly always out of range: let any subset of the fields be in it.
        DecisionRules.Rules memory good = _rules(uint256(keccak256(abi.encode(rules)))).unpack();
        if (inRange & 1 != 0) rules.notice = good.notice;
        if (inRange & 2 != 0) rules.period = good.period;
        if (inRange & 4 != 0) rules.grace = good.grace;
        if (inRange & 8 != 0) rules.quorumBps = good.quorumBps;
        if (inRange & 16 != 0) rules.quorumFloor = good.quorumFloor;
        if (inRange & 32 != 0) rules.approvalBps = good.approvalBps;
        if (inRange & 64 != 0) rules.approvalFloorBps = good.approvalFloorBps;
        bytes memory refusal = _refusal(rules, floorLimit);
        if (refusal.length != 0) VM.expectRevert(refusal);
        this.requireValid(rules, floorLimit);
    }

    /// @notice Property 15: each end of each range is allowed, and one beyond is not.
    function test_endsOfTheRangesAreAllowed() public {
        DecisionRules.Rules memory lowest = DecisionRules.Rules(1 days, 1 days, 1 days, 100, 3, 5_000, 0);
        this.requireValid(lowest, 3);
        DecisionRules.Rules memory highest = DecisionRules.Rules({
            notice: 13 days,
            period: 90 days,
            grace: 180 days,
            quorumBps: 5_000,
            quorumFloor: 50,
            approvalBps: 8_000,
            approvalFloorBps: 2_500
        });
        this.requireValid(highest, 50);
        highest.quorumFloor = 51;
        VM.expectRevert(_outOfRange("quorumFloor", 51, 3, 50));
        this.requireValid(highest, 50);
    }

    function requireValid(DecisionRules.Rules calldata rules, uint256 quorumFloorLimit) external pure {
        DecisionRules.requireValid(rules, 1 days, 13 days, quorumFloorLimit);
    }

    /// @dev The refusal that the ranges of {ICoalitionGovernor-setRules} ask for; empty if there is none.
    function _refusal(DecisionRules.Rules memory r, uint256 limit) private pure returns (bytes memory) {
        if (_out(r.notice, 1 days, 13 days)) return _outOfRange("notice", r.notice, 1 days, 13 days);
        if (_out(r.period, 1 days, 90 days)) return _outOfRange("period", r.period, 1 days, 90 days);
        if (_out(r.grace, 1 days, 180 days)) return _outOfRange("grace", r.grace, 1 days, 180 days);
        if (_out(r.quorumBps, 100, 5_000)) return _outOfRange("quorumBps", r.quorumBps, 100, 5_000);
        if (_out(r.quorumFloor, 3, limit)) return _outOfRange("quorumFloor", r.quorumFloor, 3, limit);
        if (_out(r.approvalBps, 5_000, 8_000)) return _outOfRange("approvalBps", r.approvalBps, 5_000, 8_000);
        if (r.approvalFloorBps > 2_500) return _outOfRange("approvalFloorBps", r.approvalFloorBps, 0, 2_500);
        return "";
    }

    function _out(uint256 value, uint256 min, uint256 max) private pure returns (bool) {
        return value < min || value > max;
    }

    function _outOfRange(bytes32 rule, uint256 value, uint256 min, uint256 max) private pure returns (bytes memory) {
        return abi.encodeWithSelector(DecisionRules.DecisionRulesOutOfRange.selector, rule, value, min, max);
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

    /// @dev Rules within their ranges, their ends often.
    function _rules(uint256 seed) private pure returns (PackedRules) {
        return
            DecisionRules.pack(
                DecisionRules.Rules({
                    notice: uint32(_pick(seed, 0, 1 days, 13 days)),
                    period: uint32(_pick(seed, 1, 1 days, 90 days)),
                    grace: uint32(_pick(seed, 2, 1 days, 180 days)),
                    quorumBps: uint16(_pick(seed, 3, 100, 5_000)),
                    quorumFloor: uint16(_pick(seed, 4, 3, 50)),
                    approvalBps: uint16(_pick(seed, 5, 5_000, 8_000)),
                    approvalFloorBps: uint16(_pick(seed, 6, 0, 2_500))
                })
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
