// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";
import {RandomParameters, Ranges} from "../helpers/Parameters.sol";
import {Verdict} from "../helpers/Verdict.sol";

/// @notice Properties 4, 7, 8 and 15 on single decisions.
contract GovernorRulesTest is Assembly {
    using Dice for Dice.Stream;

    uint256 private constant MEMBERS = 12;
    uint256 private constant GROUPS = 3;

    function setUp() public {
        DecisionRules.Rules memory rules = _plainRules();
        // Long enough for latecomers to mature while the poll is open.
        rules.period = 20 days;
        (rules.concurrence, rules.concurrenceMembers) = (2, 4);
        _assemble(MEMBERS, GROUPS, rules);
    }

    /// @notice Property 4: neither a flood of keys, during the notice or later, maturing while the poll is open, nor an
    /// exodus after the opening moves electorate or quorum, and no latecomer votes.
    function testFuzz_electorateIsFixedAtTheOpening(uint8 flood, uint8 exodus, uint8 before) public {
        Decision memory decision = _proposeNote(1);
        uint256 flooders = bound(flood, 1, 40);
        _flood(0, flooders);
        // Who leaves before the opening is not part of the electorate.
        uint256 gone = bound(before, 0, 3);
        _leave(0, gone);
        _open(decision);
        uint256 electorate = MEMBERS - gone;
        _requireElectorate(decision.id, electorate);
        _flood(flooders, flooders);
        _leave(gone, bound(exodus, 0, MEMBERS - gone));
        VM.warp(_governor.proposalDeadline(decision.id));
        _requireElectorate(decision.id, electorate);
        for (uint256 i; i < flooders; ++i) {
            address key = VM.addr(1_000 + i);
            assertEq(_membership.getVotes(key), 1, "a vote by now");
            bytes memory ballot = abi.encodeCall(_governor.castVote, (decision.id, 1));
            assertTrue(!_try(key, address(_governor), ballot), "a latecomer's ballot is refused");
        }
        _close(decision);
        _requireElectorate(decision.id, electorate);
    }

    /// @notice Property 8: rules that come into force while a poll is open change neither its hours nor its quorum,
    /// verdict or grace.
    /// hardhat-config: fuzz.runs = 96
    function testFuzz_laterRulesLeaveADecisionAlone(uint256 seed) public {
        Dice.Stream memory dice = Dice.from(seed);
        DecisionRules.Rules memory next = RandomParameters.rules(dice, true);
        DecisionRules.Class class = DecisionRules.Class(dice.below(5));
        Ranges.bend(_governor, class, next);
        Decision memory change = _proposeRules(class, next);
        _endorse(change);
        VM.warp(block.timestamp + 5 days);
        Decision memory decision = _proposeNote(1);
        _carry(change);
        bytes32 before = _judgement(decision.id);
        assertTrue(_execute(change), "rules changed");
        assertTrue(keccak256(abi.encode(_governor.rules(class))) == keccak256(abi.encode(next)), "rules in force");
        assertTrue(_governor.state(decision.id) == IGovernor.ProposalState.Active, "in mid-poll");
        assertTrue(_judgement(decision.id) == before, "judged by its own rules");

        bool passed = _passesBy(decision.id, dice);
        _close(decision);
        IGovernor.ProposalState verdict = passed ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated;
        assertTrue(_governor.state(decision.id) == verdict, "verdict");
        VM.warp(_governor.proposalDeadline(decision.id) + 7 days);
        assertTrue(_governor.state(decision.id) == verdict, "last second of grace");
        VM.warp(block.timestamp + 1);
        if (passed) verdict = IGovernor.ProposalState.Expired;
        assertTrue(_governor.state(decision.id) == verdict, "after its grace");
    }

    /// @notice Properties 7 and 15: rules of any kind for any class, unanimously decided, either fail to execute or lie
    /// in their ranges and leave no lesser class stricter than a greater one, and the coalition can decide afterwards.
    /// hardhat-config: fuzz.runs = 96
    function testFuzz_setRulesWithAnyInput(uint256 seed, bool sane) public {
        Dice.Stream memory dice = Dice.from(seed);
        DecisionRules.Class class = DecisionRules.Class(dice.below(5));
        DecisionRules.Rules memory next = RandomParameters.rules(dice, sane);
        if (dice.below(2) == 0) next.endorsements = uint8(dice.below(22));
        if (next.endorsements != 0) next.endorsementGroups = uint8(dice.between(dice.below(2), GROUPS));
        if (dice.below(4) != 0) Ranges.bend(_governor, class, next);
        Decision memory change = _proposeRules(class, next);
        _carry(change);
        bool allowed = Ranges.allow(_governor, class, next, MEMBERS / 2);
        bytes32 expected = keccak256(abi.encode(allowed ? next : _governor.rules(class)));
        assertTrue(_execute(change) == allowed, "set within the ranges only");
        assertTrue(keccak256(abi.encode(_governor.rules(class))) == expected, "rules in force");
        assertTrue(Ranges.fit(_governor, class, _governor.rules(class)), "classes in order");
        _requireAbleToDecide();
    }

    /// @notice Property 15: a pace of any kind, unanimously decided, either fails to execute or lies in its ranges;
    /// afterwards newcomers still get their vote in finite time and the coalition can decide.
    /// hardhat-config: fuzz.runs = 96
    function testFuzz_setMaturityWithAnyInput(uint256 seed, bool sane) public {
        IMembership.Maturity memory next = RandomParameters.maturity(Dice.from(seed), sane);
        Decision memory change = _propose(
            address(_membership),
            abi.encodeCall(_membership.setMaturity, (next)),
            "pace"
        );
        _carry(change);
        bytes32 expected = keccak256(abi.encode(Ranges.hold(next) ? next : _membership.maturity()));
        assertTrue(_execute(change) == Ranges.hold(next), "set within the ranges only");
        assertTrue(keccak256(abi.encode(_membership.maturity())) == expected, "pace in force");
        uint256 number = _join(VM.addr(1_000), 0);
        uint256 votesFrom = _membership.member(number).votesFrom;
        assertTrue(votesFrom >= block.timestamp + WAITING_FLOOR, "not before the waiting floor");
        assertTrue(votesFrom <= block.timestamp + 365 days + 92 days, "in finite time");
        _requireAbleToDecide();
    }

    /// @notice Property 15: a delay of any kind, unanimously decided, either fails to execute or lies in its range, and
    /// the coalition can decide afterwards.
    /// hardhat-config: fuzz.runs = 96
    function testFuzz_updateDelayWithAnyInput(uint256 delay, bool sane) public {
        if (sane) delay = bound(delay, 1 days, 30 days);
        Decision memory change = _propose(address(_timelock), abi.encodeCall(_timelock.updateDelay, (delay)), "delay");
        _carry(change);
        assertTrue(_execute(change) == Ranges.hold(delay), "set within the range only");
        assertEq(_timelock.getMinDelay(), Ranges.hold(delay) ? delay : 2 days, "delay in force");
        _requireAbleToDecide();
    }

    function _flood(uint256 from, uint256 count) private {
        for (uint256 i; i < count; ++i) {
            _join(VM.addr(1_000 + from + i), 0);
        }
    }

    function _leave(uint256 from, uint256 count) private {
        for (uint256 i; i < count; ++i) {
            VM.prank(_members[from + i]);
            _membership.resign();
        }
    }

    /// @dev Rules with room for changes: lesser classes have the least of everything, greater ones the most, but for
    /// their hours.
    function _rulesOf(
        DecisionRules.Class class,
        DecisionRules.Rules memory rules
    ) internal pure override returns (DecisionRules.Rules memory) {
        if (class == DecisionRules.Class.Action) return rules;
        DecisionRules.Rules memory r = _plainRules();
        if (class < DecisionRules.Class.Action) {
            (r.notice, r.period, r.delay, r.quorumBps, r.approvalFloorBps) = (1 days, 1 days, 1 days, 100, 0);
            return r;
        }
        (r.period, r.quorumBps, r.quorumFloor, r.approvalBps) = (20 days, 5_000, 6, 8_000);
        (r.approvalFloorBps, r.concurrence, r.endorsements, r.endorsementGroups) = (2_500, 3, 6, 3);
        return r;
    }

    function _proposeRules(
        DecisionRules.Class class,
        DecisionRules.Rules memory next
    ) private returns (Decision memory) {
        return _propose(address(_governor), abi.encodeCall(_governor.setRules, (class, next)), "rules");
    }

    /// @dev Ballots at random; answers whether they carry a decision under the rules that actions have at first.
    function _passesBy(uint256 id, Dice.Stream memory dice) private returns (bool) {
        uint256[] memory byGroup = new uint256[](GROUPS);
        uint256[3][] memory table = new uint256[3][](GROUPS);
        uint256 present = dice.below(MEMBERS + 1);
        for (uint256 i; i < MEMBERS; ++i) {
            ++byGroup[i % GROUPS];
            if (i >= present) continue;
            uint256 support = dice.below(2) == 0 ? dice.below(3) : 1;
            _voteBy(_governor, _members[i], id, uint8(support));
            ++table[i % GROUPS][support];
        }
        DecisionRules.Rules memory rules = _plainRules();
        (rules.concurrence, rules.concurrenceMembers) = (2, 4);
        return Verdict.passes(rules, byGroup, table);
    }

    function _requireElectorate(uint256 id, uint256 electorate) private view {
        (uint256 votes, uint256 heard, uint256 quorum, bool extended) = _governor.proposalFrame(id);
        assertEq(votes, electorate, "electorate");
        assertTrue(!extended, "extended");
        // Whoever leaves before the opening leaves a group too small to be heard, one group each.
        assertEq(
            heard,
            electorate == 12
                ? 7
                : electorate == 11
                    ? 6
                    : electorate == 10
                        ? 4
                        : 0,
            "groups heard"
        );
        assertEq(quorum, Verdict.quorum(_plainRules(), electorate), "quorum");
    }

    /// @dev Everything a decision is judged by, in one word.
    function _judgement(uint256 id) private view returns (bytes32) {
        (DecisionRules.Class class, DecisionRules.Rules memory rules) = _governor.proposalRules(id);
        (uint256 electorate, uint256 heard, uint256 quorum, bool extended) = _governor.proposalFrame(id);
        bytes32 frame = keccak256(abi.encode(electorate, heard, quorum, extended));
        return
            keccak256(abi.encode(class, rules, frame, _governor.proposalSnapshot(id), _governor.proposalDeadline(id)));
    }
}
