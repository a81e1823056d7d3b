// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {Resolutions} from "../../contracts/governance/Resolutions.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Amendments} from "../../contracts/motions/Amendments.sol";
import {IAmendments} from "../../contracts/motions/IAmendments.sol";
import {IMotions} from "../../contracts/motions/IMotions.sol";
import {MotionActions} from "../../contracts/motions/MotionActions.sol";
import {Motions} from "../../contracts/motions/Motions.sol";
import {CoalitionTest} from "../helpers/CoalitionTest.sol";
import {Dice} from "../helpers/Dice.sol";
import {MotionsRecord} from "./MotionsRecord.sol";

/// @title MotionsHandler
/// @notice Writes motions and amendments at random, mostly as it is allowed, and records what went through.
contract MotionsHandler is MotionsRecord {
    enum Phase {
        Over,
        Tabled,
        Closed,
        Question,
        Silence,
        Put
    }

    /// @dev Texts so far: none is like another.
    uint256 private _texts;

    constructor(
        Motions motions,
        Amendments amendments,
        CoalitionGovernor governor,
        Resolutions resolutions
    ) MotionsRecord(motions, amendments, governor, resolutions) {}

    modifier step() {
        ++calls;
        _;
        check();
    }

    /// @notice Drafts and tables a motion, while fewer than two are under way.
    function draft(uint256 who) external step {
        uint256 last = _motions.length - 1;
        if (last > 1 && !_motions[last - 1].over) return;
        Content memory content = _fresh(who / 8);
        IMotions.Content memory written = IMotions.Content(content.text, keccak256("purpose"), _list(content.entry));
        if (!_try(_key(who), address(MOTIONS), abi.encodeCall(MOTIONS.draft, (written)))) return _did(Kind.Refused);
        Motion storage motion = _motions.push();
        (motion.author, motion.content, motion.revision) = (_number(who), content, 1);
        VM.prank(_key(who));
        MOTIONS.table(last + 1, 1);
        _did(Kind.Drafted);
    }

    function revise(uint256 who, uint256 which) external step {
        (uint256 number, Motion storage motion) = _pick(which);
        if (number == 0) return;
        Content memory content = _fresh(who / 8);
        IMotions.Content memory written = IMotions.Content(content.text, keccak256("purpose"), _list(content.entry));
        bytes memory data = abi.encodeCall(MOTIONS.revise, (number, motion.revision, written));
        if (!_try(_mostly(who, motion.author), address(MOTIONS), data)) return _did(Kind.Refused);
        if (!_isMostly(who, motion.author)) _violate("a text revised by somebody else");
        motion.content = content;
        ++motion.revision;
        _did(Kind.Revised);
    }

    function withdraw(uint256 who, uint256 which) external step {
        (uint256 number, Motion storage motion) = _pick(which);
        if (number == 0) return;
        bytes memory data = abi.encodeCall(MOTIONS.withdraw, (number, motion.revision));
        if (!_try(_mostly(who, motion.author), address(MOTIONS), data)) return _did(Kind.Refused);
        if (motion.question != 0) _violate("a motion withdrawn while the members vote on it");
        motion.over = true;
        _did(Kind.Withdrawn);
    }

    function move(uint256 who, uint256 which) external step {
        (uint256 number, ) = _pick(which);
        if (number == 0) return;
        uint256 parent = who % 3 == 0 ? _find(number, which / 4) : 0;
        bool substitute = parent == 0 && who % 4 == 0;
        (IAmendments.Change memory change, Content memory content) = _changeOf(number, parent, substitute, who / 16);
        bytes memory data = abi.encodeCall(AMENDMENTS.move, (number, parent, change));
        if (!_try(_key(who), address(AMENDMENTS), data)) return _did(Kind.Refused);
        Amendment storage amendment = _amendments.push();
        (amendment.motion, amendment.mover) = (number, _number(who));
        _write(amendment, parent, change, content);
        _did(
            parent != 0
                ? Kind.MovedToAmendment
                : substitute
                    ? Kind.MovedAsSubstitute
                    : Kind.Moved
        );
    }

    function accept(uint256 who, uint256 which) external step {
        (uint256 number, ) = _pick(which);
        uint256 one = _find(number, which / 4);
        // Amendments to amendments are rarer, and few.
        for (uint256 i = 1; i < 4 && _amendments[one].parent == 0; ++i) {
            one = _find(number, which / 4 + i);
        }
        if (one == 0) return;
        Amendment storage amendment = _amendments[one];
        uint256 owner = amendment.parent == 0 ? _motions[number].author : _amendments[amendment.parent].mover;
        bytes memory data = abi.encodeCall(AMENDMENTS.accept, (one, amendment.version));
        if (_isStale(amendment)) owner = 0;
        if (!_try(_mostly(who, owner), address(AMENDMENTS), data)) return _did(Kind.Refused);
        if (owner == 0 || !_isMostly(who, owner)) _violate("an amendment accepted by somebody else, or a stale one");
        if (block.timestamp > amendment.writtenAt + WINDOW) _violate("an amendment accepted too late");
        _did(amendment.parent == 0 ? Kind.Accepted : Kind.AcceptedIntoAmendment);
        _apply(amendment, IAmendments.State.Accepted);
    }

    function withdrawAmendment(uint256 who, uint256 which) external step {
        (uint256 number, ) = _pick(which);
        uint256 one = _find(number, which / 4);
        if (one == 0) return;
        Amendment storage amendment = _amendments[one];
        bytes memory data = abi.encodeCall(AMENDMENTS.withdraw, (one, amendment.version));
        if (!_try(_mostly(who, amendment.mover), address(AMENDMENTS), data)) return _did(Kind.Refused);
        if (!_isMostly(who, amendment.mover)) _violate("an amendment withdrawn by somebody else");
        _end(amendment, IAmendments.State.Withdrawn);
        _did(Kind.AmendmentWithdrawn);
    }

    /// @notice Rebases whatever is stale, from one on.
    function rebase(uint256 who, uint256 which) external step {
        (uint256 number, ) = _pick(which);
        for (uint256 i; i < 4; ++i) {
            uint256 one = _find(number, which / 4 + i);
            if (one == 0 || !_isStale(_amendments[one])) continue;
            return _rebase(who, one);
        }
    }

    /// @notice Objects to what is asked in silence, of a motion or an amendment.
    function object(uint256 who, uint256 which) external step {
        (uint256 number, Motion storage motion) = _pick(which);
        if (number == 0) return;
        bool about = motion.question != 0;
        bytes memory data =
            about
                ? abi.encodeCall(AMENDMENTS.object, (motion.question, keccak256("reason")))
                : abi.encodeCall(MOTIONS.object, (number, keccak256("reason")));
        if (!_try(_key(who), about ? address(AMENDMENTS) : address(MOTIONS), data)) return _did(Kind.Refused);
        if (about) ++_amendments[motion.question].objectors;
        else ++motion.objectors;
        _did(Kind.Objected);
    }

    /// @notice Puts before the members what is due.
    function putNext(uint256 which) external step {
        (uint256 number, Motion storage motion) = _pick(which);
        if (number == 0) return;
        uint256 rebaseUntil = AMENDMENTS.docketOf(number).rebaseUntil;
        bytes memory data = abi.encodeCall(AMENDMENTS.putNext, (number));
        if (!_try(address(this), address(AMENDMENTS), data)) return _did(Kind.Refused);
        if (motion.question != 0) _violate("a second question");
        uint256 asked = AMENDMENTS.docketOf(number).question;
        _requireTurn(number, asked, rebaseUntil);
        motion.question = asked;
        _did(AMENDMENTS.amendmentOf(asked).silenceUntil != 0 ? Kind.Silence : Kind.Voted);
    }

    function settle(uint256 which) external step {
        (uint256 number, Motion storage motion) = _pick(which);
        if (number == 0 || motion.question == 0) return;
        Amendment storage amendment = _amendments[motion.question];
        IAmendments.Amendment memory before = AMENDMENTS.amendmentOf(motion.question);
        bytes memory data = abi.encodeCall(AMENDMENTS.settle, (number));
        if (!_try(address(this), address(AMENDMENTS), data)) return _did(Kind.Refused);
        bool broken = amendment.objectors >= OBJECTIONS;
        if (before.proposalId != 0) {
            IGovernor.ProposalState state = GOVERNOR.state(before.proposalId);
            bool over = state == IGovernor.ProposalState.Defeated || state == IGovernor.ProposalState.Expired;
            if (!over) _violate("an amendment rejected that the members did not reject");
            motion.question = 0;
            _end(amendment, IAmendments.State.Rejected);
            _did(Kind.Rejected);
        } else if (broken) {
            _did(Kind.Voted);
        } else {
            if (block.timestamp < before.silenceUntil) _violate("a silence that ended before its time");
            motion.question = 0;
            _apply(amendment, IAmendments.State.Adopted);
            _did(Kind.AdoptedInSilence);
        }
    }

    /// @notice Puts a motion to the vote, now and then with other actions than its own.
    function putToVote(uint256 which) external step {
        (uint256 number, Motion storage motion) = _pick(which);
        if (number == 0) return;
        bool other = which % 32 > 28;
        MotionActions.List memory actions = _list(other ? motion.content.entry + 1 : motion.content.entry);
        if (!_try(address(this), address(MOTIONS), abi.encodeCall(MOTIONS.putToVote, (number, actions)))) {
            return _did(other ? Kind.OtherActionsRefused : Kind.Refused);
        }
        if (other) _violate("other actions put to the vote");
        if (_isAnyOpen(number)) _violate("a motion put to the vote before its amendments were settled");
        uint256 proposalId = MOTIONS.motionOf(number).proposalId;
        if (proposalId == 0) return _did(Kind.MotionSilence);
        if (proposalId != _decisionOn(number).id) _violate("another text put to the vote");
        motion.put = proposalId;
        _did(motion.content.entry == 0 ? Kind.PutAsText : Kind.PutWithAction);
    }

    /// @notice Adopts a motion that nobody, or too few, objected to.
    function adopt(uint256 which) external step {
        (uint256 number, Motion storage motion) = _pick(which);
        if (number == 0) return;
        uint256 until = MOTIONS.motionOf(number).silenceUntil;
        bytes memory data = abi.encodeCall(MOTIONS.adopt, (number));
        if (!_try(address(this), address(MOTIONS), data)) return _did(Kind.Refused);
        bool silent = until != 0 && block.timestamp >= until && motion.objectors < OBJECTIONS;
        if (!silent || motion.content.entry != 0) _violate("a motion adopted without a vote or a silence");
        _recordText(motion);
        _did(Kind.MotionAdoptedInSilence);
    }

    /// @notice Everybody votes on what is before the members, and whoever can carries it on.
    function decide(uint256 which, uint256 favour) external step {
        (uint256 number, ) = _pick(which);
        if (number == 0) return;
        Decision memory decision = _decisionOn(number);
        IGovernor.ProposalState state = _stateOf(decision.id);
        if (state == IGovernor.ProposalState.Active) {
            bool favoured = favour % 3 != 0;
            for (uint256 i; i < KEYS; ++i) {
                _voteBy(GOVERNOR, _key(i), decision.id, favoured ? 1 : 0);
            }
            _favoured[decision.id] = favoured;
        } else if (state == IGovernor.ProposalState.Succeeded) {
            _try(address(this), address(GOVERNOR), _queueCall(decision));
        } else if (_try(address(this), address(GOVERNOR), _executeCall(decision))) {
            _carriedOut(number, decision.id);
        }
    }

    /// @notice Tries to adopt an amendment, or to change a motion, by any way but its own: most rarely by a decision of
    /// a member's own, which takes its time.
    function usurp(uint256 who, uint256 which) external step {
        (uint256 number, Motion storage motion) = _pick(which);
        uint256 one = _find(number, which / 4);
        if (one == 0) return;
        bytes memory data = abi.encodeCall(AMENDMENTS.adopt, (one));
        address timelock = GOVERNOR.timelock();
        bytes memory change = abi.encodeCall(MOTIONS.change, (number, keccak256("forced"), 0, one, true));
        if (_try(timelock, address(AMENDMENTS), data)) _violate("an amendment adopted by no decision");
        if (_try(timelock, address(MOTIONS), change)) _violate("a motion changed by no amendment");
        if (_try(_key(motion.author - 1), address(MOTIONS), change)) _violate("a motion changed by its author alone");
        if (who % 8 != 0) return;
        Decision memory own = _proposeBy(GOVERNOR, _key(who), address(AMENDMENTS), data, Strings.toString(calls));
        VM.warp(GOVERNOR.proposalSnapshot(own.id) + 1);
        for (uint256 i; i < KEYS; ++i) {
            _voteBy(GOVERNOR, _key(i), own.id, 1);
        }
        VM.warp(GOVERNOR.proposalDeadline(own.id) + 1);
        if (!_try(address(this), address(GOVERNOR), _queueCall(own))) _violate("a decision that was not queued");
        VM.warp(GOVERNOR.proposalEta(own.id));
        if (_try(address(this), address(GOVERNOR), _executeCall(own))) _violate("an amendment adopted out of turn");
        _did(Kind.OwnDecisionRefused);
    }

    /// @notice What a motion waits for, as far as it decides what can be done.
    function phaseOf(uint256 which) external view returns (Phase) {
        (uint256 number, Motion storage motion) = _pick(which);
        if (number == 0 || motion.over) return Phase.Over;
        if (motion.question != 0) return Phase.Question;
        IMotions.Stage stage = MOTIONS.motionOf(number).stage;
        if (stage == IMotions.Stage.Tabled) return Phase.Tabled;
        if (stage == IMotions.Stage.Closed) return Phase.Closed;
        return stage == IMotions.Stage.Silence ? Phase.Silence : Phase.Put;
    }

    /// @notice To the next moment at which something changes for a motion, to the second before it, or some hours on.
    function pass(uint256 which, uint256 time) external step {
        (uint256 number, ) = _pick(which);
        uint256 next = number == 0 || time % 8 == 0 ? 0 : _edgeOf(number);
        if (next <= block.timestamp) VM.warp(block.timestamp + bound(time, 1, 1 days));
        else VM.warp(next - (time % 8 == 1 ? 1 : 0));
        _did(Kind.Pass);
    }

    function _rebase(uint256 who, uint256 one) private {
        Amendment storage amendment = _amendments[one];
        uint256 number = amendment.motion;
        uint256 parent = amendment.parent;
        if (parent != 0 && !_isCurrent(_amendments[parent])) parent = 0;
        bool substitute = parent == 0 && amendment.substitute;
        (IAmendments.Change memory change, Content memory content) = _changeOf(number, parent, substitute, who / 16);
        bytes memory data = abi.encodeCall(AMENDMENTS.rebase, (one, change));
        if (!_try(_mostly(who, amendment.mover), address(AMENDMENTS), data)) return _did(Kind.Refused);
        if (!_isMostly(who, amendment.mover)) _violate("an amendment rebased by somebody else");
        _did(amendment.parent != 0 && parent == 0 ? Kind.RebasedToMotion : Kind.Rebased);
        _write(amendment, parent, change, content);
    }

    /// @dev A text that there was not before, with an action now and then.
    function _fresh(uint256 salt) private returns (Content memory) {
        return Content(keccak256(abi.encode("text", ++_texts)), salt % 3 == 0 ? 1 + (salt % 5) : 0);
    }

    /// @dev What somebody writes against a text as it is now; now and then as it once was.
    function _changeOf(
        uint256 number,
        uint256 parent,
        bool substitute,
        uint256 salt
    ) private returns (IAmendments.Change memory change, Content memory content) {
        content = _fresh(salt);
        if (salt % 4 != 0) {
            content.entry = parent == 0 ? _motions[number].content.entry : _amendments[parent].content.entry;
        }
        uint256 base = parent == 0 ? _motions[number].revision : _amendments[parent].version;
        if (salt % 16 == 0) --base;
        change = IAmendments.Change(base, content.text, keccak256("reason"), substitute, _list(content.entry));
    }

    /// @dev Of what was never proposed as of what was cancelled.
    function _stateOf(uint256 proposalId) private view returns (IGovernor.ProposalState) {
        if (GOVERNOR.proposalSnapshot(proposalId) == 0) return IGovernor.ProposalState.Canceled;
        return GOVERNOR.state(proposalId);
    }

    /// @dev The next moment at which something changes for a motion; one in the past if nothing does.
    function _edgeOf(uint256 number) private view returns (uint256 next) {
        uint256[7] memory edges;
        IMotions.Motion memory motion = MOTIONS.motionOf(number);
        (edges[0], edges[1]) = (motion.closesAt, motion.silenceUntil);
        (, edges[2]) = AMENDMENTS.nextOf(number);
        uint256 question = _motions[number].question;
        if (question != 0) edges[3] = AMENDMENTS.amendmentOf(question).silenceUntil;
        uint256 proposalId = question == 0 ? motion.proposalId : AMENDMENTS.amendmentOf(question).proposalId;
        if (proposalId != 0) {
            edges[4] = GOVERNOR.proposalSnapshot(proposalId) + 1;
            edges[5] = GOVERNOR.proposalDeadline(proposalId) + 1;
            edges[6] = GOVERNOR.proposalEta(proposalId);
        }
        for (uint256 i; i < edges.length; ++i) {
            if (edges[i] > block.timestamp && (next == 0 || edges[i] < next)) next = edges[i];
        }
    }

    /// @dev The key of a member, or now and then anybody's.
    function _mostly(uint256 who, uint256 number) private pure returns (address) {
        return number == 0 || who % 8 == 7 ? _key(who / 8) : _key(number - 1);
    }

    function _isMostly(uint256 who, uint256 number) private pure returns (bool) {
        return _mostly(who, number) == _key(number - 1);
    }
}

/// @notice Motions and amendments over random histories on the real contracts, after every step.
contract MotionsTest is CoalitionTest {
    using Dice for Dice.Stream;

    MotionsHandler private _handler;

    function setUp() public {
        _found(IMembership.Maturity(8 days, 1 days, 2_500, 100), _plainRules(), 3);
        _handler = new MotionsHandler(_motions, _amendments, _governor, _resolutions);
        uint256 count = _handler.KEYS();
        for (uint256 i; i < count; ++i) {
            VM.prank(VM.addr(i + 1));
            _membership.join(uint8(i % 3), CODE, "");
        }
        VM.warp(_membership.member(count).votesFrom + 1);
        // A run whose few steps never drafted would have nothing to try: every run begins with a motion under way.
        _handler.draft(0);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice The run did do something: even the unluckiest has a sixteenth of its calls succeed.
    function afterInvariant() external view {
        assertTrue(_handler.acts() * 16 >= _handler.calls(), "calls that did something");
    }

    /// @notice Properties 25 and 26: the text of every motion is its author's, or that of an amendment that was
    /// accepted by whose text it is, adopted by its own decision, or in a silence that was not broken; what is put to
    /// the vote and carried out is the last revision with its actions. What comes before the members is not stale, and
    /// first in the order; nothing comes beside it, and every amendment ends in one way.
    function invariant_motionsFollowTheirRecord() external view {
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
    }

    /// @notice Properties 25 and 26: the same after histories longer than a campaign's, in which steps fit their time.
    /// hardhat-config: fuzz.runs = 6
    function testFuzz_longHistoriesOfMotions(uint256 seed) external {
        _run(seed, 100);
    }

    /// @notice Properties 25 and 26: the same over a history that is always the same, in which every kind of step was
    /// taken.
    function test_motionsOverALongHistory() external {
        _run(3, 700);
        for (uint256 kind; kind <= uint256(type(MotionsRecord.Kind).max); ++kind) {
            if (_handler.done(MotionsRecord.Kind(kind)) == 0) revert Different("every kind of step", kind, 0);
        }
    }

    function _run(uint256 seed, uint256 steps) private {
        Dice.Stream memory dice = Dice.from(seed);
        // No further than to what must not be: the runner keeps all that was done, for its report.
        for (uint256 i; i < steps && bytes(_handler.violation()).length == 0; ++i) {
            (uint256 a, uint256 b) = (dice.below(type(uint32).max), dice.below(type(uint32).max));
            // What fits, more often than not.
            if (dice.below(8) == 0) _anyStep(dice.below(13), a, b);
            else _fittingStep(_handler.phaseOf(a), dice.below(20), a, b);
        }
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
    }

    function _fittingStep(MotionsHandler.Phase phase, uint256 roll, uint256 a, uint256 b) private {
        if (roll == 0) _anyStep(b % 2, a, b);
        else if (phase == MotionsHandler.Phase.Tabled) _whileTabled(roll, a, b);
        else if (phase == MotionsHandler.Phase.Closed) _whileClosed(roll, a, b);
        else if (phase == MotionsHandler.Phase.Over) _handler.draft(b);
        else if (roll < 7) _handler.pass(a, b);
        else if (phase == MotionsHandler.Phase.Put) _handler.decide(a, b);
        else _whileAsked(phase == MotionsHandler.Phase.Silence, roll, a, b);
    }

    /// @param silent Whether it is the motion that is asked, in silence.
    function _whileAsked(bool silent, uint256 roll, uint256 a, uint256 b) private {
        if (roll < 11) _handler.object(b, a);
        else if (silent && roll < 16) _handler.adopt(a);
        else if (silent) _handler.putToVote(a);
        else if (roll < 17) _handler.decide(a, b);
        else _handler.settle(a);
    }

    function _whileTabled(uint256 roll, uint256 a, uint256 b) private {
        if (roll < 4) _handler.pass(a, b);
        else if (roll < 14) _handler.move(b, a);
        else if (roll < 16) _handler.rebase(b, a);
        else if (roll < 18) _handler.accept(b, a);
        else _anyStep(roll - 16, a, b);
    }

    function _whileClosed(uint256 roll, uint256 a, uint256 b) private {
        if (roll < 6) _handler.pass(a, b);
        else if (roll < 13) _handler.putNext(a);
        else if (roll < 16) _handler.putToVote(a);
        else if (roll < 19) _handler.rebase(b, a);
        else _anyStep(3, a, b);
    }

    function _anyStep(uint256 action, uint256 a, uint256 b) private {
        if (action == 0) _handler.usurp(b, a);
        else if (action == 1) _handler.draft(b);
        else if (action == 2) _handler.revise(b, a);
        else if (action == 3) _handler.withdrawAmendment(b, a);
        else if (action == 4) _handler.move(b, a);
        else if (action == 5) _handler.accept(b, a);
        else _laterStep(action, a, b);
    }

    function _laterStep(uint256 action, uint256 a, uint256 b) private {
        if (action == 6) _handler.rebase(b, a);
        else if (action == 7) _handler.object(b, a);
        else if (action == 8) _handler.putNext(a);
        else if (action == 9) _handler.settle(a);
        else if (action == 10) _handler.putToVote(a);
        else if (action == 11) _handler.decide(a, b);
        else _handler.withdraw(b, a);
    }

    /// @dev Consensus first, for motions and for amendments.
    function _motionRules() internal pure override returns (IMotions.Rules memory rules) {
        rules = super._motionRules();
        (rules.silence, rules.amendmentSilence) = (2 days, 2 days);
        rules.openByMember = 4;
    }
}
