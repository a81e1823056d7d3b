// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DecisionRules} from "../../contracts/governance/DecisionRules.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";
import {RandomParameters, Ranges} from "../helpers/Parameters.sol";

/// @notice Properties 4, 8 and 15 on single decisions.
contract GovernorRulesTest is Assembly {
    using Dice for Dice.Stream;

    function setUp() public {
        DecisionRules.Rules memory rules = _plainRules();
        // Long enough for latecomers to mature while the poll is open.
        rules.period = 20 days;
        _assemble(12, 3, rules);
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
        uint256 electorate = 12 - gone;
        _requireElectorate(decision.id, electorate);
        _flood(flooders, flooders);
        _leave(gone, bound(exodus, 0, 12 - gone));
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
    function testFuzz_laterRulesLeaveADecisionAlone(uint256 seed) public {
        Dice.Stream memory dice = Dice.from(seed);
        DecisionRules.Rules memory next = RandomParameters.rules(dice, true);
        Decision memory change = _propose(address(_governor), abi.encodeCall(_governor.setRules, (next)), "rules");
        VM.warp(block.timestamp + 5 days);
        Decision memory decision = _proposeNote(1);
        _carry(change);
        bytes32 before = _judgement(decision.id);
        assertTrue(_execute(change), "rules changed");
        assertTrue(keccak256(abi.encode(_governor.rules())) == keccak256(abi.encode(next)), "rules in force");
        assertTrue(_governor.state(decision.id) == IGovernor.ProposalState.Active, "in mid-poll");
        assertTrue(_judgement(decision.id) == before, "judged by its own rules");

        uint256 favour = dice.below(13);
        for (uint256 i; i < favour; ++i) {
            _voteBy(_governor, _members[i], decision.id, uint8(i == 0 ? dice.below(3) : 1));
        }
        _close(decision);
        (uint256 against, uint256 inFavour, uint256 abstain) = _governor.proposalVotes(decision.id);
        // 20 % of 12 rounded up is 3, the floor 3 too; a tenth of 12 rounded up is 2; more For than Against.
        bool passed = inFavour + abstain >= 3 && inFavour >= 2 && inFavour > against;
        IGovernor.ProposalState verdict = passed ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated;
        assertTrue(_governor.state(decision.id) == verdict, "verdict");
        VM.warp(_governor.proposalDeadline(decision.id) + 7 days);
        assertTrue(_governor.state(decision.id) == verdict, "last second of grace");
        VM.warp(block.timestamp + 1);
        if (passed) verdict = IGovernor.ProposalState.Expired;
        assertTrue(_governor.state(decision.id) == verdict, "after its grace");
    }

    /// @notice Property 15: rules of any kind, unanimously decided, either fail to execute or lie in their ranges, and
    /// the coalition can decide afterwards.
    /// hardhat-config: fuzz.runs = 96
    function testFuzz_setRulesWithAnyInput(uint256 seed, bool sane) public {
        DecisionRules.Rules memory next = RandomParameters.rules(Dice.from(seed), sane);
        Decision memory change = _propose(address(_governor), abi.encodeCall(_governor.setRules, (next)), "rules");
        _carry(change);
        bytes32 expected = keccak256(abi.encode(Ranges.hold(next, 6) ? next : _governor.rules()));
        assertTrue(_execute(change) == Ranges.hold(next, 6), "set within the ranges only");
        assertTrue(keccak256(abi.encode(_governor.rules())) == expected, "rules in force");
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

    function _requireElectorate(uint256 id, uint256 electorate) private view {
        assertEq(_governor.proposalElectorate(id), electorate, "electorate");
        uint256 share = (electorate * 2_000 + 9_999) / 10_000;
        assertEq(_governor.proposalQuorum(id), share > 3 ? share : 3, "quorum");
    }

    /// @dev Everything a decision is judged by, in one word.
    function _judgement(uint256 id) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _governor.proposalRules(id),
                    _governor.proposalSnapshot(id),
                    _governor.proposalDeadline(id),
                    _governor.proposalElectorate(id),
                    _governor.proposalQuorum(id)
                )
            );
    }
}
