// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";
import {IAgenda} from "../governance/IAgenda.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {AmendmentBook} from "./AmendmentBook.sol";
import {IAmendments} from "./IAmendments.sol";
import {IMotions} from "./IMotions.sol";
import {MotionActions} from "./MotionActions.sol";
import {MotionActs} from "./MotionActs.sol";
import {MotionMessages} from "./MotionMessages.sol";
import {Silences} from "./Silences.sol";

/// @title Amendments
/// @notice See {IAmendments}.
contract Amendments is IAmendments, MotionActs {
    using AmendmentBook for AmendmentBook.Book;
    using AmendmentBook for AmendmentBook.Board;
    using MotionActions for MotionActions.List;
    using Silences for Silences.Silence;

    uint256 private constant TABLED = 1 << uint256(IMotions.Stage.Tabled);
    uint256 private constant CLOSED = 1 << uint256(IMotions.Stage.Closed);

    IMotions private immutable MOTIONS;
    IAgenda private immutable AGENDA;
    address private immutable TIMELOCK;

    AmendmentBook.Book private _book;

    modifier only(address expected) {
        if (msg.sender != expected) revert AmendmentsUnauthorized(msg.sender, expected);
        _;
    }

    /// @param name_ See {SignedRequests}.
    /// @param roll The roll of the coalition.
    /// @param motions_ The motions, which no amendments have bound yet.
    constructor(string memory name_, IMembership roll, IMotions motions_) SignedRequests(name_) MotionActs(roll) {
        (MOTIONS, AGENDA, TIMELOCK) = (motions_, motions_.agenda(), roll.timelock());
        motions_.bindAmendments();
    }

    /// @inheritdoc IAmendments
    function move(uint256 motion, uint256 parent, Change calldata change) external returns (uint256 amendment) {
        return _move(msg.sender, motion, parent, change);
    }

    /// @inheritdoc IAmendments
    function moveBySig(
        address account,
        uint256 motion,
        uint256 parent,
        Change calldata change,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 amendment) {
        bytes32 structHash = MotionMessages.move(account, motion, parent, change, _useNonce(account), deadline);
        _requireSignature(account, structHash, deadline, signature);
        return _move(account, motion, parent, change);
    }

    /// @inheritdoc IAmendments
    function accept(uint256 amendment, uint256 version) external {
        _accept(msg.sender, amendment, version);
    }

    /// @inheritdoc IAmendments
    function withdraw(uint256 amendment, uint256 version) external {
        _withdraw(msg.sender, amendment, version);
    }

    /// @inheritdoc IAmendments
    function rebase(uint256 amendment, Change calldata change) external {
        _rebase(msg.sender, amendment, change);
    }

    /// @inheritdoc IAmendments
    function rebaseBySig(
        address account,
        uint256 amendment,
        Change calldata change,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = MotionMessages.rebase(account, amendment, change, _useNonce(account), deadline);
        _requireSignature(account, structHash, deadline, signature);
        _rebase(account, amendment, change);
    }

    /// @inheritdoc IAmendments
    function object(uint256 amendment, bytes32 reason) external {
        _object(msg.sender, amendment, reason);
    }

    /// @inheritdoc IAmendments
    function putNext(uint256 motion) external returns (uint256 amendment) {
        uint256 revision = _requireStage(motion, CLOSED);
        _requireNoQuestion(motion);
        AmendmentBook.Board storage board = _book.boards[motion];
        IMotions.Rules memory rules = MOTIONS.rulesOf(motion);
        uint256 from;
        (amendment, from) = _book.next(board, revision, rules.window);
        if (amendment == 0 || block.timestamp < from) revert AmendmentsNothingDue(motion, uint48(from));
        _purge(motion);
        board.question = uint32(amendment);
        if (!_beginSilence(amendment, rules)) _ask(motion, amendment);
    }

    /// @inheritdoc IAmendments
    function settle(uint256 motion) external {
        uint256 amendment = _book.boards[motion].question;
        if (amendment == 0) revert AmendmentsNoQuestion(motion);
        AmendmentBook.Entry storage entry = _book.entries[amendment];
        if (entry.status == AmendmentBook.Status.Put) {
            _reject(motion, amendment, entry.proposalId);
        } else if (entry.silence.isBroken()) {
            _ask(motion, amendment);
        } else if (entry.silence.isOver()) {
            _adopt(amendment, 0);
        } else {
            revert AmendmentsSilent(amendment, entry.silence.until);
        }
    }

    /// @inheritdoc IAmendments
    function adopt(uint256 amendment) external only(TIMELOCK) {
        AmendmentBook.Entry storage entry = _book.entryOf(amendment);
        (uint256 proposalId, uint256 executing) = (entry.proposalId, AGENDA.governor().executing());
        // A decision of somebody else's with the same action would adopt what has no vote of its own yet.
        if (proposalId == 0 || executing != proposalId) {
            revert AmendmentsOtherDecision(amendment, proposalId, executing);
        }
        _adopt(amendment, proposalId);
    }

    /// @inheritdoc IAmendments
    function close(uint256 motion) external only(address(MOTIONS)) {
        _purge(motion);
        AmendmentBook.Board storage board = _book.boards[motion];
        if (board.count != 0) revert AmendmentsUnsettled(motion, board.open[0]);
    }

    /// @inheritdoc IAmendments
    function amendmentOf(uint256 amendment) external view returns (Amendment memory view_) {
        AmendmentBook.Entry storage entry = _book.entryOf(amendment);
        (view_.motion, view_.parent, view_.mover) = (entry.motion, entry.parent, entry.mover);
        (view_.base, view_.version) = (entry.base, entry.version);
        (view_.state, view_.substitute) = (_stateOf(entry), entry.substitute);
        (view_.text, view_.actions) = (entry.text, entry.actions);
        view_.friendlyUntil = uint48(entry.movedAt + MOTIONS.rulesOf(entry.motion).window);
        (view_.silenceUntil, view_.objections) = (entry.silence.until, entry.silence.objections);
        view_.proposalId = entry.proposalId;
    }

    /// @inheritdoc IAmendments
    function docketOf(uint256 motion) external view returns (Docket memory docket) {
        AmendmentBook.Board storage board = _book.boards[motion];
        (docket.question, docket.quietSince) = (board.question, board.quietSince);
        docket.rebaseUntil = board.rebaseUntil;
        docket.open = new uint256[](board.count);
        // bound: 16 open amendments
        for (uint256 i; i < docket.open.length; ++i) docket.open[i] = board.open[i];
    }

    /// @inheritdoc IAmendments
    function nextOf(uint256 motion) external view returns (uint256 amendment, uint48 from) {
        (IMotions.Stage stage, , uint256 revision, , ) = MOTIONS.contentOf(motion);
        bool tabled = stage == IMotions.Stage.Tabled;
        if (!tabled && stage != IMotions.Stage.Closed) return (0, 0);
        uint48 closesAt = MOTIONS.motionOf(motion).closesAt;
        AmendmentBook.Board storage board = _book.boards[motion];
        uint256 moment;
        (amendment, moment) = _book.next(board, revision, MOTIONS.rulesOf(motion).window);
        from = uint48(moment);
        // While the motion is tabled, what is stale has time until the close at least.
        bool waits = amendment != 0 || (tabled && board.count != 0);
        if (waits && from < closesAt) from = closesAt;
    }

    /// @inheritdoc IAmendments
    function lastAmendment() external view returns (uint256) {
        return _book.last;
    }

    /// @inheritdoc IAmendments
    function motions() external view returns (IMotions) {
        return MOTIONS;
    }

    /// @inheritdoc MotionActs
    function _typeHash(ActKind kind) internal pure override returns (bytes32) {
        return MotionMessages.ofAmendment(kind);
    }

    /// @inheritdoc MotionActs
    function _perform(ActKind kind, address account, uint256 amendment, bytes32 value) internal override {
        if (kind == ActKind.Accept) _accept(account, amendment, uint256(value));
        else if (kind == ActKind.Withdraw) _withdraw(account, amendment, uint256(value));
        else _object(account, amendment, value);
    }

    function _move(
        address account,
        uint256 motion,
        uint256 parent,
        Change calldata change
    ) private returns (uint256 amendment) {
        _requireStage(motion, TABLED);
        (uint256 mover, ) = _requireRight(account, IMembership.Right.Propose);
        AmendmentBook.Board storage board = _book.boards[motion];
        IMotions.Rules memory rules = MOTIONS.rulesOf(motion);
        _book.requireRoom(board, motion, mover, rules.openByMotion, rules.openByMember);
        amendment = ++_book.last;
        AmendmentBook.Entry storage entry = _book.entries[amendment];
        (entry.motion, entry.mover) = (uint32(motion), uint32(mover));
        emit AmendmentMoved(amendment, motion, mover, parent, change.substitute);
        _write(amendment, entry, parent, change);
        board.add(amendment);
    }

    function _accept(address account, uint256 amendment, uint256 version) private {
        AmendmentBook.Entry storage entry = _book.entryOf(amendment);
        (uint256 motion, uint256 parent) = (entry.motion, entry.parent);
        (, uint256 owner, , , ) = MOTIONS.contentOf(motion);
        if (parent != 0) owner = _book.entries[parent].mover;
        _requireFree(account, owner, amendment, entry, version);
        State state = _stateOf(entry);
        if (state != State.Open) revert AmendmentsWrongState(amendment, state, State.Open);
        uint48 until = uint48(entry.movedAt + MOTIONS.rulesOf(motion).window);
        if (block.timestamp > until) revert AmendmentsTooLate(amendment, until);
        _purge(motion);
        emit AmendmentAccepted(amendment, owner);
        _apply(amendment, entry, AmendmentBook.Status.Accepted);
    }

    function _withdraw(address account, uint256 amendment, uint256 version) private {
        AmendmentBook.Entry storage entry = _book.entryOf(amendment);
        _requireFree(account, entry.mover, amendment, entry, version);
        State state = _stateOf(entry);
        if (state != State.Open && state != State.Stale) revert AmendmentsWrongState(amendment, state, State.Open);
        _purge(entry.motion);
        AmendmentBook.Board storage board = _book.boards[entry.motion];
        entry.status = AmendmentBook.Status.Withdrawn;
        board.remove(amendment);
        board.moved(MOTIONS.rulesOf(entry.motion).rebase);
        emit AmendmentWithdrawn(amendment);
    }

    function _rebase(address account, uint256 amendment, Change calldata change) private {
        AmendmentBook.Entry storage entry = _book.entryOf(amendment);
        uint256 revision = _requireFree(account, entry.mover, amendment, entry, entry.version);
        _requireRight(account, IMembership.Right.Propose);
        State state = _stateOf(entry);
        AmendmentBook.Board storage board = _book.boards[entry.motion];
        if (state == State.Lapsed) revert AmendmentsTooLate(amendment, board.rebaseUntil);
        if (state != State.Stale) revert AmendmentsWrongState(amendment, state, State.Stale);
        uint256 parent = entry.parent;
        // What it amended is gone, or waits to be rebased itself: the motion is what there is to amend.
        if (parent != 0 && !_book.isCurrent(parent, revision)) parent = 0;
        _write(amendment, entry, parent, change);
        board.moved(MOTIONS.rulesOf(entry.motion).rebase);
    }

    function _object(address account, uint256 amendment, bytes32 reason) private {
        AmendmentBook.Entry storage entry = _book.entryOf(amendment);
        State state = _stateOf(entry);
        if (state != State.Silence) revert AmendmentsWrongState(amendment, state, State.Silence);
        (uint256 number, uint256 group) = _requireRight(account, IMembership.Right.Vote);
        uint256 objections = entry.silence.object(number, group, reason);
        emit AmendmentObjected(amendment, number, reason, objections);
    }

    /// @dev Writes a version of an amendment against a text as it is now.
    function _write(
        uint256 amendment,
        AmendmentBook.Entry storage entry,
        uint256 parent,
        Change calldata change
    ) private {
        uint256 motion = entry.motion;
        (uint256 current, bytes32 text, bytes32 actions) = _present(motion, parent);
        if (change.base != current) revert AmendmentsStale(motion, parent, change.base, current);
        if (parent != 0 && change.substitute) revert AmendmentsNoSubstitute(parent);
        if (change.text == 0 || change.reason == 0) revert AmendmentsNoText();
        bytes32 changed = change.actions.validate();
        if (change.text == text && changed == actions) revert AmendmentsNothingNew(motion, parent);
        (entry.parent, entry.base, entry.substitute) = (uint32(parent), uint16(current), change.substitute);
        entry.movedAt = uint40(block.timestamp);
        (entry.text, entry.actions) = (change.text, changed);
        _book.write(amendment, 0, change.reason);
        emit AmendmentActionsSet(amendment, entry.version, change.actions);
    }

    /// @dev Begins the silence of an amendment whose motion's rules want consensus first, if the coalition is large
    /// enough for a decision by vote: of a body of few, or of none, silence says nothing.
    function _beginSilence(uint256 amendment, IMotions.Rules memory rules) private returns (bool begun) {
        if (rules.amendmentSilence == 0) return false;
        uint256[] memory votes = ROLL.getPastVotesByGroup(block.timestamp - 1);
        uint256 floor = AGENDA.governor().rules(DecisionRules.Class.MotionAmendment).quorumFloor;
        if (!Silences.areMany(votes, floor)) return false;
        AmendmentBook.Entry storage entry = _book.entries[amendment];
        entry.status = AmendmentBook.Status.Silence;
        uint48 until = entry.silence.open(
            rules.amendmentSilence,
            rules.amendmentObjections,
            rules.amendmentObjectionGroups,
            votes
        );
        emit AmendmentSilenceOpened(amendment, until);
        return true;
    }

    function _ask(uint256 motion, uint256 amendment) private {
        AmendmentBook.Entry storage entry = _book.entries[amendment];
        entry.status = AmendmentBook.Status.Put;
        entry.proposalId = MOTIONS.ask(motion, amendment, entry.text);
    }

    /// @dev Closes what the members did not adopt.
    function _reject(uint256 motion, uint256 amendment, uint256 proposalId) private {
        IGovernor.ProposalState outcome = IGovernor(address(AGENDA.governor())).state(proposalId);
        bool over =
            outcome == IGovernor.ProposalState.Defeated ||
                outcome == IGovernor.ProposalState.Canceled ||
                outcome == IGovernor.ProposalState.Expired;
        if (!over) revert AmendmentsUndecided(amendment, outcome);
        AmendmentBook.Board storage board = _book.boards[motion];
        _book.entries[amendment].status = AmendmentBook.Status.Rejected;
        board.remove(amendment);
        board.quietSince = uint40(block.timestamp);
        emit AmendmentRejected(amendment, proposalId, outcome);
    }

    function _adopt(uint256 amendment, uint256 proposalId) private {
        emit AmendmentAdopted(amendment, proposalId);
        _apply(amendment, _book.entries[amendment], AmendmentBook.Status.Adopted);
    }

    /// @dev Makes the text of an amendment that of what it amends.
    function _apply(uint256 amendment, AmendmentBook.Entry storage entry, AmendmentBook.Status status) private {
        (uint256 motion, uint256 parent) = (entry.motion, entry.parent);
        entry.status = status;
        AmendmentBook.Board storage board = _book.boards[motion];
        board.remove(amendment);
        board.moved(MOTIONS.rulesOf(motion).rebase);
        if (parent == 0) {
            bool byMembers = status == AmendmentBook.Status.Adopted;
            MOTIONS.change(motion, entry.text, entry.actions, amendment, byMembers);
        } else {
            AmendmentBook.Entry storage target = _book.entries[parent];
            (target.text, target.actions) = (entry.text, entry.actions);
            target.movedAt = uint40(block.timestamp);
            _book.write(parent, amendment, 0);
        }
    }

    /// @dev Drops what was not rebased in time. While the motion is tabled there is time.
    function _purge(uint256 motion) private {
        (IMotions.Stage stage, , uint256 revision, , ) = MOTIONS.contentOf(motion);
        if (stage == IMotions.Stage.Closed) _book.purge(_book.boards[motion], revision);
    }

    /// @dev What is amended, as it is now: the motion, or an amendment of its that is open and not stale.
    function _present(
        uint256 motion,
        uint256 parent
    ) private view returns (uint256 current, bytes32 text, bytes32 actions) {
        (, , current, text, actions) = MOTIONS.contentOf(motion);
        if (parent == 0) return (current, text, actions);
        AmendmentBook.Entry storage target = _book.entryOf(parent);
        if (target.motion != motion || target.parent != 0) revert AmendmentsTooDeep(motion, parent);
        if (!_book.isCurrent(parent, current)) revert AmendmentsWrongState(parent, _stateOf(target), State.Open);
        return (target.version, target.text, target.actions);
    }

    /// @dev The revision of a motion that is in one of some stages.
    function _requireStage(uint256 motion, uint256 stages) private view returns (uint256 revision) {
        IMotions.Stage current;
        (current, , revision, , ) = MOTIONS.contentOf(motion);
        if ((stages >> uint256(current)) & 1 == 0) revert AmendmentsWrongStage(motion, current, stages);
    }

    function _requireNoQuestion(uint256 motion) private view {
        uint256 question = _book.boards[motion].question;
        if (question != 0) revert AmendmentsQuestionOpen(motion, question);
    }

    /// @dev For who may act on a version of an amendment while nothing is before the members.
    /// @param owner Member number of who may.
    function _requireFree(
        address account,
        uint256 owner,
        uint256 amendment,
        AmendmentBook.Entry storage entry,
        uint256 version
    ) private view returns (uint256 revision) {
        if (ROLL.numberOf(account) != owner) revert AmendmentsNotYours(amendment, account, owner);
        revision = _requireStage(entry.motion, TABLED | CLOSED);
        _requireNoQuestion(entry.motion);
        if (entry.version != version) revert AmendmentsOtherVersion(amendment, version, entry.version);
    }

    function _stateOf(AmendmentBook.Entry storage entry) private view returns (State) {
        AmendmentBook.Status status = entry.status;
        if (status != AmendmentBook.Status.Open) return State(uint8(status) + 1);
        (IMotions.Stage stage, , uint256 revision, , ) = MOTIONS.contentOf(entry.motion);
        bool tabled = stage == IMotions.Stage.Tabled;
        if (!tabled && stage != IMotions.Stage.Closed) return State.Lapsed;
        if (!_book.isStale(entry, revision)) return State.Open;
        return tabled || block.timestamp <= _book.boards[entry.motion].rebaseUntil ? State.Stale : State.Lapsed;
    }
}
