// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";
import {RandomParameters} from "../helpers/Parameters.sol";
import {Signing} from "../helpers/Signing.sol";
import {Verdict} from "../helpers/Verdict.sol";

/// @notice Properties 9 and 10 on single decisions.
contract GovernorBallotsTest is Assembly, Signing {
    using Dice for Dice.Stream;

    uint256 private constant MEMBERS = 20;

    function setUp() public {
        _assemble(MEMBERS, 5, _plainRules());
    }

    /// @notice Property 9: under any rules, quorum, approval, floor and concurrence are judged by the ballots that
    /// stand at the close, by group and in all.
    function testFuzz_outcomeIsWhatTheBallotsMake(uint256 seed) public {
        Dice.Stream memory dice = Dice.from(seed);
        DecisionRules.Rules memory rules = RandomParameters.rules(dice, true);
        CoalitionGovernor governor = new CoalitionGovernor(_birth(rules));
        Decision memory decision = _proposeBy(governor, _members[0], address(_register), "", "outcome");
        VM.warp(governor.proposalSnapshot(decision.id) + 1);
        uint256[] memory receipts = new uint256[](MEMBERS);
        uint256 ballots = dice.below(40);
        uint256 favour = 3 + dice.below(8);
        for (uint256 i; i < ballots; ++i) {
            (uint256 who, uint256 roll) = (dice.below(MEMBERS), dice.below(favour));
            uint8 support = roll < 3 ? uint8(roll) : 1;
            _voteBy(governor, _members[who], decision.id, support);
            receipts[who] = support + 1;
        }
        VM.warp(governor.proposalDeadline(decision.id) + 1);
        uint256[] memory byGroup = new uint256[](5);
        for (uint256 i; i < MEMBERS; ++i) {
            ++byGroup[i % 5];
        }
        uint256[3][] memory table = _requireTally(governor, decision.id, receipts);
        bool passed = governor.state(decision.id) == IGovernor.ProposalState.Succeeded;
        assertTrue(passed == Verdict.passes(rules, byGroup, table), "outcome");
        assertTrue(passed || governor.state(decision.id) == IGovernor.ProposalState.Defeated, "nothing between");
    }

    /// @notice Property 9: of decisions that differ in one member's ballot, on real amendments with concurrence, the
    /// one with For passes if any does, and the one with Against only if all do.
    /// hardhat-config: fuzz.runs = 64
    function testFuzz_oneBallotTurnsNothingAgainstItself(uint256 seed) public {
        Dice.Stream memory dice = Dice.from(seed);
        uint256[3] memory ids;
        bytes memory data = abi.encodeCall(_agenda.setPlaces, (5));
        for (uint256 i; i < 3; ++i) {
            ids[i] = _proposeBy(
                _governor,
                _members[i],
                address(_agenda),
                data,
                i == 0
                    ? "a"
                    : i == 1
                        ? "b"
                        : "c"
            ).id;
        }
        VM.warp(_governor.proposalSnapshot(ids[0]) + 1);
        uint256 last = dice.below(MEMBERS);
        uint256 favour = dice.between(3, 6);
        for (uint256 i; i < MEMBERS; ++i) {
            if (i == last ? dice.below(2) == 0 : dice.below(3) == 0) continue;
            uint256 roll = i == last ? 2 : dice.below(favour);
            for (uint256 j; j < 3; ++j) {
                _voteBy(_governor, _members[i], ids[j], uint8(roll < 3 ? roll : 1));
            }
        }
        _voteBy(_governor, _members[last], ids[1], 1);
        _voteBy(_governor, _members[last], ids[2], 0);
        VM.warp(_governor.proposalDeadline(ids[0]) + 1);
        bool[3] memory passed;
        for (uint256 i; i < 3; ++i) {
            passed[i] = _governor.state(ids[i]) == IGovernor.ProposalState.Succeeded;
        }
        assertTrue(!passed[0] || passed[1], "one more For");
        assertTrue(passed[0] || !passed[2], "one more Against");
    }

    /// @notice Properties 2 and 10: whatever keys a member moves through, and whether they leave and come back, their
    /// number has one ballot: the last.
    function testFuzz_numberHasOneBallot(uint8[6] memory choices, bool leaves) public {
        Decision memory decision = _proposeNote(1);
        _open(decision);
        address key = _members[0];
        for (uint256 i; i < 6; ++i) {
            uint8 support = choices[i] % 3;
            _voteBy(_governor, key, decision.id, support);
            assertEq(_governor.receiptOf(decision.id, 1), support + 1, "receipt");
            (uint256 against, uint256 inFavour, uint256 abstain) = _governor.proposalVotes(decision.id);
            assertEq(against + inFavour + abstain, 1, "ballots");
            address next = VM.addr(500 + i);
            _rotate(key, 500 + i);
            assertTrue(_governor.hasVoted(decision.id, next), "the new key has voted");
            _requireRefused(decision.id, key);
            key = next;
        }
        if (leaves) {
            VM.prank(key);
            _membership.resign();
            uint256 number = _join(key, 0);
            _requireRefused(decision.id, key);
            assertEq(_governor.receiptOf(decision.id, number), 0, "receipt of the new number");
        }
        assertEq(_governor.receiptOf(decision.id, 1), (choices[5] % 3) + 1, "the last ballot stands");
    }

    /// @notice Property 10: a signed ballot counts once, and only where it was meant: not again, not after a change,
    /// not on another decision, governor or chain, not for another choice or voter.
    function testFuzz_signedBallotCountsOnceAndHereOnly(uint8 who, uint8 choice, uint64 chain) public {
        uint256 index = who % MEMBERS;
        uint8 support = choice % 3;
        address voter = _members[index];
        Decision memory decision = _proposeNote(1);
        Decision memory other = _proposeNote(2);
        CoalitionGovernor clone = new CoalitionGovernor(_birth(_plainRules()));
        _proposeBy(clone, _members[0], decision.target, decision.data, decision.description);
        VM.warp(_governor.proposalSnapshot(other.id) + 1);
        bytes memory signature = _signBallot(index, decision.id, support, 0);

        _requireNoBallot(_governor, other.id, support, voter, signature, "another decision");
        _requireNoBallot(clone, decision.id, support, voter, signature, "another governor");
        _requireNoBallot(_governor, decision.id, (support + 1) % 3, voter, signature, "another choice");
        _requireNoBallot(_governor, decision.id, support, _members[(index + 1) % MEMBERS], signature, "another voter");
        uint256 home = block.chainid;
        VM.chainId(bound(chain, home + 1, type(uint64).max));
        _requireNoBallot(_governor, decision.id, support, voter, signature, "another chain");
        VM.chainId(home);
        _governor.castVoteBySig(decision.id, support, voter, signature);
        assertEq(_governor.receiptOf(decision.id, index + 1), support + 1, "receipt");
        _requireNoBallot(_governor, decision.id, support, voter, signature, "again");
        uint8 changed = (support + 1) % 3;
        _governor.castVoteBySig(decision.id, changed, voter, _signBallot(index, decision.id, changed, 1));
        _requireNoBallot(_governor, decision.id, support, voter, signature, "after a change");
        assertEq(_governor.receiptOf(decision.id, index + 1), changed + 1, "the change stands");
    }

    /// @notice Property 10: a signed ballot that somebody kept back undoes nothing that the member did since: neither a
    /// ballot in person nor, by then out of turn, a later signed one.
    function testFuzz_keptBackBallotUndoesNothing(uint8 who, uint8 kept, uint8 choice, bool bySignature) public {
        (uint256 index, uint8 support) = (who % MEMBERS, choice % 3);
        address voter = _members[index];
        Decision memory decision = _proposeNote(1);
        _open(decision);
        bytes memory first = _signBallot(index, decision.id, kept % 3, 0);
        if (bySignature) {
            bytes memory second = _signBallot(index, decision.id, support, 0);
            _governor.castVoteBySig(decision.id, support, voter, second);
            if (support != kept % 3) {
                _requireNoBallot(_governor, decision.id, kept % 3, voter, first, "out of turn");
            }
        } else {
            _voteBy(_governor, voter, decision.id, support);
            _requireNoBallot(_governor, decision.id, kept % 3, voter, first, "after a ballot in person");
        }
        assertEq(_governor.receiptOf(decision.id, index + 1), support + 1, "the later ballot stands");
    }

    function _signBallot(uint256 index, uint256 id, uint8 support, uint256 nonce) private view returns (bytes memory) {
        bytes memory message = _ballotMessage(id, support, _members[index], nonce);
        return _sign(index + 1, "Governor", address(_governor), message);
    }

    function _requireNoBallot(
        CoalitionGovernor governor,
        uint256 id,
        uint8 support,
        address voter,
        bytes memory signature,
        string memory what
    ) private {
        bytes memory data = abi.encodeCall(governor.castVoteBySig, (id, support, voter, signature));
        assertTrue(!_try(address(this), address(governor), data), what);
    }

    function _requireRefused(uint256 id, address key) private {
        assertTrue(!_try(key, address(_governor), abi.encodeCall(_governor.castVote, (id, 1))), "a second ballot");
    }

    function _rotate(address key, uint256 newPrivateKey) private {
        address newKey = VM.addr(newPrivateKey);
        bytes memory message = _rotateMessage(1, newKey, 0, block.timestamp);
        bytes memory signature = _sign(newPrivateKey, "Coalition", address(_requests), message);
        VM.prank(key);
        _requests.rotateKey(newKey, block.timestamp, signature);
    }

    function _requireTally(
        CoalitionGovernor governor,
        uint256 id,
        uint256[] memory receipts
    ) private view returns (uint256[3][] memory table) {
        uint256[3] memory sums;
        table = new uint256[3][](5);
        for (uint256 i; i < receipts.length; ++i) {
            assertEq(governor.receiptOf(id, i + 1), receipts[i], "receipt");
            if (receipts[i] == 0) continue;
            ++table[i % 5][receipts[i] - 1];
            ++sums[receipts[i] - 1];
        }
        for (uint256 group; group < 5; ++group) {
            (uint256 a, uint256 f, uint256 n) = governor.proposalVotesByGroup(id, group);
            assertTrue(a == table[group][0] && f == table[group][1] && n == table[group][2], "tally of a group");
        }
        (uint256 against, uint256 inFavour, uint256 abstain) = governor.proposalVotes(id);
        assertTrue(against == sums[0] && inFavour == sums[1] && abstain == sums[2], "tally");
    }
}

/// @notice Property 13 on a roll of some size: what a ballot and a count cost does not grow with voters or members.
contract BallotGasTest is Assembly {
    uint256 private constant MEMBERS = 400;
    uint256 private constant GROUPS = 8;
    /// @dev What the length of a few arguments may make of a difference, below the price of reading a single slot.
    uint256 private constant SLACK = 300;

    Decision private _decision;

    function setUp() public {
        _assemble(MEMBERS, GROUPS, _plainRules());
        _decision = _proposeNote(1);
        _open(_decision);
    }

    /// @notice Property 13: the last ballot of hundreds costs what the tenth did; only the first of each 128 numbers
    /// pays for a new receipt word.
    function test_ballotCostsTheSameForEveryVoter() public {
        uint256 id = _decision.id;
        uint256 least = type(uint256).max;
        uint256 most;
        for (uint256 i; i < MEMBERS; ++i) {
            uint256 used = _gasOfBallot(_members[i], id, uint8(i % 3));
            // The first ballots of a tally word or receipt word write a fresh slot.
            if (i < GROUPS || (i + 1) % 128 == 0) continue;
            if (used < least) least = used;
            if (used > most) most = used;
        }
        assertTrue(most - least <= SLACK, "the same for the first and the last");
        (uint256 against, uint256 inFavour, uint256 abstain) = _governor.proposalVotes(id);
        assertEq(against + inFavour + abstain, MEMBERS, "all counted");
    }

    /// @notice Property 13: reading a count costs the same with eight ballots, one a group, as with hundreds.
    function test_countCostsTheSameForEveryTurnout() public {
        uint256 id = _decision.id;
        for (uint256 i; i < GROUPS; ++i) {
            _voteBy(_governor, _members[i], id, 1);
        }
        _gasOfCount(id);
        uint256 few = _gasOfCount(id);
        for (uint256 i = GROUPS; i < MEMBERS; ++i) {
            _voteBy(_governor, _members[i], id, uint8(i % 3));
        }
        uint256 many = _gasOfCount(id);
        assertTrue(many <= few + SLACK && few <= many + SLACK, "the same for few and many");
    }

    /// @notice Property 13: the verdict on a decision that passed costs the same with its bare quorum as with hundreds
    /// of ballots.
    function test_verdictCostsTheSameForEveryTurnout() public {
        Decision memory other = _proposeNote(2);
        _open(other);
        for (uint256 i; i < MEMBERS; ++i) {
            if (i < MEMBERS / 5) _voteBy(_governor, _members[i], _decision.id, 1);
            _voteBy(_governor, _members[i], other.id, 1);
        }
        _close(other);
        assertTrue(_governor.state(_decision.id) == IGovernor.ProposalState.Succeeded, "passed with few");
        assertTrue(_governor.state(other.id) == IGovernor.ProposalState.Succeeded, "passed with many");
        (uint256 few, uint256 many) = (_gasOfState(_decision.id), _gasOfState(other.id));
        assertTrue(many <= few + SLACK && few <= many + SLACK, "the same for few and many");
    }

    function _gasOfBallot(address voter, uint256 id, uint8 support) private returns (uint256) {
        VM.prank(voter);
        uint256 before = gasleft();
        _governor.castVote(id, support);
        return before - gasleft();
    }

    function _gasOfCount(uint256 id) private view returns (uint256) {
        uint256 before = gasleft();
        _governor.proposalVotes(id);
        return before - gasleft();
    }

    function _gasOfState(uint256 id) private view returns (uint256) {
        uint256 before = gasleft();
        _governor.state(id);
        return before - gasleft();
    }
}
