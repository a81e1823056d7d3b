// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ICharter} from "../charter/ICharter.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";
import {IAgenda} from "../governance/IAgenda.sol";
import {ICoalitionGovernor} from "../governance/ICoalitionGovernor.sol";
import {IResolutions} from "../governance/IResolutions.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IAmendments} from "./IAmendments.sol";
import {IMotions} from "./IMotions.sol";
import {MotionActions} from "./MotionActions.sol";
import {MotionActs} from "./MotionActs.sol";
import {MotionBook} from "./MotionBook.sol";
import {MotionDecisions} from "./MotionDecisions.sol";
import {MotionMessages} from "./MotionMessages.sol";
import {MotionRules} from "./MotionRules.sol";
import {Silences} from "./Silences.sol";

/// @title Motions
/// @notice See {IMotions}.
contract Motions is IMotions, MotionActs {
    using MotionActions for MotionActions.List;
    using MotionBook for MotionBook.Entry;
    using MotionDecisions for IGovernor.ProposalState;
    using Silences for Silences.Silence;

    uint256 private constant DRAFT = 1 << uint256(Stage.Draft);
    uint256 private constant TABLED = 1 << uint256(Stage.Tabled);
    uint256 private constant CLOSED = 1 << uint256(Stage.Closed);
    uint256 private constant SILENCE = 1 << uint256(Stage.Silence);
    uint256 private constant PUT = 1 << uint256(Stage.PutToVote);
    uint256 private constant DECIDED = 1 << uint256(Stage.Decided);

    IAgenda private immutable AGENDA;
    ICharter private immutable CHARTER;
    IResolutions private immutable RESOLUTIONS;
    address private immutable TIMELOCK;
    uint32 private immutable SHORTEST_STAGE;

    IAmendments private _amendments;
    uint256 private _lastMotion;
    Rules private _rules;
    mapping(uint256 motion => MotionBook.Entry) private _entries;

    modifier only(address expected) {
        if (msg.sender != expected) revert MotionsUnauthorized(msg.sender, expected);
        _;
    }

    /// @param name_ See {SignedRequests}.
    /// @param roll The roll of the coalition.
    /// @param agenda_ The agenda, which no motions have bound yet.
    /// @param charter_ The charter.
    /// @param resolutions_ The resolutions of the same agenda.
    /// @param shortestStage The coalition's shortest stage, in seconds.
    /// @param firstRules See {IMotions-setRules}.
    constructor(
        string memory name_,
        IMembership roll,
        IAgenda agenda_,
        ICharter charter_,
        IResolutions resolutions_,
        uint32 shortestStage,
        Rules memory firstRules
    ) SignedRequests(name_) MotionActs(roll) {
        (AGENDA, CHARTER, RESOLUTIONS) = (agenda_, charter_, resolutions_);
        (TIMELOCK, SHORTEST_STAGE) = (roll.timelock(), shortestStage);
        _setRules(firstRules);
        agenda_.bindMotions();
    }

    /// @inheritdoc IMotions
    function bindAmendments() external {
        if (address(_amendments) != address(0)) revert MotionsBound(address(_amendments));
        _amendments = IAmendments(msg.sender);
        emit AmendmentsBound(msg.sender);
    }

    /// @inheritdoc IMotions
    function setRules(Rules calldata newRules) external only(TIMELOCK) {
        _setRules(newRules);
    }

    /// @inheritdoc IMotions
    function draft(Content calldata content) external returns (uint256 motion) {
        return _draft(msg.sender, content);
    }

    /// @inheritdoc IMotions
    function draftBySig(
        address account,
        Content calldata content,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 motion) {
        bytes32 structHash = MotionMessages.draft(account, content, _useNonce(account), deadline);
        _requireSignature(account, structHash, deadline, signature);
        return _draft(account, content);
    }

    /// @inheritdoc IMotions
    function revise(uint256 motion, uint256 revision, Content calldata content) external {
        _revise(msg.sender, motion, revision, content);
    }

    /// @inheritdoc IMotions
    function reviseBySig(
        address account,
        uint256 motion,
        uint256 revision,
        Content calldata content,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = MotionMessages.revise(account, motion, revision, content, _useNonce(account), deadline);
        _requireSignature(account, structHash, deadline, signature);
        _revise(account, motion, revision, content);
    }

    /// @inheritdoc IMotions
    function table(uint256 motion, uint256 revision) external {
        _table(msg.sender, motion, revision);
    }

    /// @inheritdoc IMotions
    function endorse(uint256 motion, uint256 revision) external {
        _endorse(msg.sender, motion, revision);
    }

    /// @inheritdoc IMotions
    function withdraw(uint256 motion, uint256 revision) external {
        _withdraw(msg.sender, motion, revision);
    }

    /// @inheritdoc IMotions
    function object(uint256 motion, bytes32 reason) external {
        _object(msg.sender, motion, reason);
    }

    /// @inheritdoc IMotions
    function putToVote(uint256 motion, MotionActions.List calldata actions) external returns (uint256 proposalId) {
        MotionBook.Entry storage entry = _requireStage(motion, CLOSED | SILENCE);
        bool silent = entry.status == MotionBook.Status.Silence;
        if (silent && !entry.silence.isBroken()) revert MotionsNoConsensus(motion, entry.silence.until, false);
        actions.requireDigest(entry.actions);
        _requireUnmoved(motion, actions);
        uint256 author = entry.author;
        if (ROLL.member(author).status != IMembership.MemberStatus.Active) revert MotionsAuthorGone(motion, author);
        if (!silent) {
            _amendments.close(motion);
            if (_beginSilence(motion, entry)) return 0;
        }
        proposalId = MotionDecisions.proposeMotion(_governor(), RESOLUTIONS, motion, entry, actions);
        (entry.status, entry.proposalId) = (MotionBook.Status.Put, proposalId);
        emit MotionPut(motion, entry.revision, proposalId);
        (, DecisionRules.Rules memory needed) = AGENDA.governor().proposalRules(proposalId);
        entry.requireEndorsed(motion, needed);
        AGENDA.admitFor(proposalId, author);
    }

    /// @inheritdoc IMotions
    function adopt(uint256 motion) external returns (uint256 resolution) {
        MotionBook.Entry storage entry = _requireStage(motion, SILENCE);
        bool broken = entry.silence.isBroken();
        if (broken || !entry.silence.isOver()) revert MotionsNoConsensus(motion, entry.silence.until, broken);
        entry.status = MotionBook.Status.Adopted;
        resolution = RESOLUTIONS.record(entry.text);
        entry.resolution = uint32(resolution);
        emit MotionAdopted(motion, entry.revision, resolution);
    }

    /// @inheritdoc IMotions
    function sendBack(uint256 motion, MotionActions.List calldata actions, uint256 index) external {
        MotionBook.Entry storage entry = _requireStage(motion, CLOSED | PUT | DECIDED);
        actions.requireDigest(entry.actions);
        if (!actions.hasMoved(CHARTER, index)) revert MotionsNothingMoved(motion, index);
        uint256 proposalId = entry.proposalId;
        if (entry.status == MotionBook.Status.Put) {
            IGovernor.ProposalState state = _governor().state(proposalId);
            if (!state.isPassed()) revert MotionsNotPassed(motion, proposalId, state);
        } else {
            _amendments.close(motion);
        }
        entry.proposalId = 0;
        (entry.status, entry.theirs) = (MotionBook.Status.Tabled, false);
        emit MotionSentBack(motion, proposalId, index);
        // A revision of its own: what is put to the vote again is another decision.
        entry.write(motion, 0);
        entry.open(motion);
    }

    /// @inheritdoc IMotions
    function change(
        uint256 motion,
        bytes32 text,
        bytes32 actions,
        uint256 amendment,
        bool byMembers
    ) external only(address(_amendments)) {
        MotionBook.Entry storage entry = _entries[motion];
        if (!byMembers) _requireOwn(motion, entry);
        (entry.text, entry.actions) = (text, actions);
        entry.write(motion, amendment);
        if (byMembers) entry.theirs = true;
        else entry.open(motion);
    }

    /// @inheritdoc IMotions
    function ask(
        uint256 motion,
        uint256 amendment,
        bytes32 text
    ) external only(address(_amendments)) returns (uint256 proposalId) {
        proposalId = MotionDecisions.proposeAmendment(_governor(), msg.sender, motion, amendment, text);
        emit AmendmentPut(motion, amendment, proposalId);
        AGENDA.admitFor(proposalId, 0);
    }

    /// @inheritdoc IMotions
    function motionOf(uint256 motion) external view returns (Motion memory view_) {
        MotionBook.Entry storage entry = _entryOf(motion);
        view_.author = entry.author;
        view_.stage = _stageOf(motion, entry);
        (view_.revision, view_.text) = (entry.revision, entry.text);
        (view_.purpose, view_.actions) = (entry.purpose, entry.actions);
        (view_.closesAt, view_.theirs) = (entry.closesAt, entry.theirs);
        (view_.endorsements, view_.endorsementGroups) = (entry.endorsements, entry.groups);
        (view_.silenceUntil, view_.objections) = (entry.silence.until, entry.silence.objections);
        (view_.proposalId, view_.resolution) = (entry.proposalId, entry.resolution);
    }

    /// @inheritdoc IMotions
    function contentOf(
        uint256 motion
    ) external view returns (Stage stage, uint256 author, uint256 revision, bytes32 text, bytes32 actions) {
        MotionBook.Entry storage entry = _entryOf(motion);
        return (_stageOf(motion, entry), entry.author, entry.revision, entry.text, entry.actions);
    }

    /// @inheritdoc IMotions
    function rulesOf(uint256 motion) external view returns (Rules memory) {
        return _rulesOf(_entryOf(motion));
    }

    /// @inheritdoc IMotions
    function rules() external view returns (Rules memory) {
        return _rules;
    }

    /// @inheritdoc IMotions
    function hasEndorsed(uint256 motion, uint256 number) external view returns (bool) {
        MotionBook.Entry storage entry = _entryOf(motion);
        return entry.hasEndorsed(number);
    }

    /// @inheritdoc IMotions
    function classOf(MotionActions.List calldata actions) external view returns (DecisionRules.Class strictest) {
        ICoalitionGovernor governor = AGENDA.governor();
        if (actions.targets.length == 0) return DecisionRules.Class.Resolution;
        actions.validate();
        // bound: 16 actions
        for (uint256 i; i < actions.targets.length; ++i) {
            bytes calldata data = actions.calldatas[i];
            DecisionRules.Class kind = governor.classOf(
                actions.targets[i],
                data.length < 4 ? bytes4(0) : bytes4(data[:4])
            );
            if (kind > strictest) strictest = kind;
        }
    }

    /// @inheritdoc IMotions
    function lastMotion() external view returns (uint256) {
        return _lastMotion;
    }

    /// @inheritdoc IMotions
    function amendments() external view returns (address) {
        return address(_amendments);
    }

    /// @inheritdoc IMotions
    function agenda() external view returns (IAgenda) {
        return AGENDA;
    }

    /// @inheritdoc IMotions
    function charter() external view returns (ICharter) {
        return CHARTER;
    }

    /// @inheritdoc IMotions
    function resolutions() external view returns (IResolutions) {
        return RESOLUTIONS;
    }

    /// @inheritdoc MotionActs
    function _typeHash(ActKind kind) internal pure override returns (bytes32) {
        return MotionMessages.ofMotion(kind);
    }

    /// @inheritdoc MotionActs
    function _perform(ActKind kind, address account, uint256 motion, bytes32 value) internal override {
        if (kind == ActKind.Table) _table(account, motion, uint256(value));
        else if (kind == ActKind.Withdraw) _withdraw(account, motion, uint256(value));
        else if (kind == ActKind.Endorse) _endorse(account, motion, uint256(value));
        else _object(account, motion, value);
    }

    function _draft(address account, Content calldata content) private returns (uint256 motion) {
        (uint256 author, ) = _requireRight(account, IMembership.Right.Propose);
        motion = ++_lastMotion;
        MotionBook.Entry storage entry = _entries[motion];
        entry.author = uint32(author);
        emit MotionDrafted(motion, author);
        _setContent(motion, entry, content);
    }

    function _revise(address account, uint256 motion, uint256 revision, Content calldata content) private {
        MotionBook.Entry storage entry = _requireAuthor(account, motion, revision, DRAFT | TABLED);
        _requireRight(account, IMembership.Right.Propose);
        bool same = entry.text == content.text && entry.purpose == content.purpose;
        if (same && entry.actions == content.actions.digest()) revert MotionsNothingNew(motion);
        _setContent(motion, entry, content);
        if (entry.status == MotionBook.Status.Tabled) entry.open(motion);
    }

    function _table(address account, uint256 motion, uint256 revision) private {
        MotionBook.Entry storage entry = _requireAuthor(account, motion, revision, DRAFT);
        _requireRight(account, IMembership.Right.Propose);
        (entry.status, entry.rules) = (MotionBook.Status.Tabled, _rules);
        entry.open(motion);
    }

    function _endorse(address account, uint256 motion, uint256 revision) private {
        MotionBook.Entry storage entry = _requireStage(motion, TABLED | CLOSED | SILENCE);
        if (entry.revision != revision) revert MotionsOtherRevision(motion, revision, entry.revision);
        (uint256 number, uint256 group) = _requireRight(account, IMembership.Right.Propose);
        entry.endorse(motion, number, group);
    }

    function _withdraw(address account, uint256 motion, uint256 revision) private {
        MotionBook.Entry storage entry = _requireAuthor(account, motion, revision, DRAFT | TABLED | CLOSED);
        _requireOwn(motion, entry);
        uint256 question = _amendments.docketOf(motion).question;
        if (question != 0) revert MotionsQuestionOpen(motion, question);
        entry.status = MotionBook.Status.Withdrawn;
        emit MotionWithdrawn(motion);
    }

    function _object(address account, uint256 motion, bytes32 reason) private {
        MotionBook.Entry storage entry = _requireStage(motion, SILENCE);
        (uint256 number, uint256 group) = _requireRight(account, IMembership.Right.Vote);
        uint256 objections = entry.silence.object(number, group, reason);
        emit MotionObjected(motion, number, reason, objections);
    }

    function _setContent(uint256 motion, MotionBook.Entry storage entry, Content calldata content) private {
        if (content.text == 0 || content.purpose == 0) revert MotionsNoText();
        (entry.text, entry.purpose) = (content.text, content.purpose);
        entry.actions = content.actions.validate();
        entry.editedAt = uint40(block.timestamp);
        entry.write(motion, 0);
        emit MotionActionsSet(motion, entry.revision, content.actions);
    }

    /// @dev Begins the silence of a motion whose rules want consensus first, if the coalition is large enough for a
    /// resolution by vote: of a body of few, or of none, silence says nothing.
    function _beginSilence(uint256 motion, MotionBook.Entry storage entry) private returns (bool begun) {
        Rules storage frozen = entry.rules;
        if (entry.actions != 0 || frozen.silence == 0) return false;
        DecisionRules.Rules memory needed = AGENDA.governor().rules(DecisionRules.Class.Resolution);
        uint256[] memory votes = ROLL.getPastVotesByGroup(block.timestamp - 1);
        if (!Silences.areMany(votes, needed.quorumFloor)) return false;
        entry.requireEndorsed(motion, needed);
        entry.status = MotionBook.Status.Silence;
        uint48 until = entry.silence.open(frozen.silence, frozen.objections, frozen.objectionGroups, votes);
        emit MotionSilenceOpened(motion, entry.revision, until);
        return true;
    }

    function _setRules(Rules memory newRules) private {
        MotionRules.requireValid(newRules, SHORTEST_STAGE);
        emit MotionRulesChanged(_rules, newRules);
        _rules = newRules;
    }

    function _governor() private view returns (IGovernor) {
        return IGovernor(address(AGENDA.governor()));
    }

    function _entryOf(uint256 motion) private view returns (MotionBook.Entry storage entry) {
        if (motion == 0 || motion > _lastMotion) revert MotionsUnknown(motion, _lastMotion);
        return _entries[motion];
    }

    function _rulesOf(MotionBook.Entry storage entry) private view returns (Rules memory) {
        return entry.closesAt == 0 ? _rules : entry.rules;
    }

    function _requireUnmoved(uint256 motion, MotionActions.List calldata actions) private view {
        (bool moved, uint256 index) = actions.findMoved(CHARTER);
        if (moved) revert MotionsClauseMoved(motion, index);
    }

    function _requireStage(uint256 motion, uint256 stages) private view returns (MotionBook.Entry storage entry) {
        entry = _entryOf(motion);
        Stage current = _stageOf(motion, entry);
        if ((stages >> uint256(current)) & 1 == 0) revert MotionsWrongStage(motion, current, stages);
    }

    function _requireAuthor(
        address account,
        uint256 motion,
        uint256 revision,
        uint256 stages
    ) private view returns (MotionBook.Entry storage entry) {
        entry = _requireStage(motion, stages);
        uint256 author = entry.author;
        if (ROLL.numberOf(account) != author) revert MotionsNotAuthor(motion, account, author);
        if (entry.revision != revision) revert MotionsOtherRevision(motion, revision, entry.revision);
    }

    /// @dev Once the members have had a hand in a motion, its author alone cannot undo what they did.
    function _requireOwn(uint256 motion, MotionBook.Entry storage entry) private view {
        if (entry.theirs) revert MotionsTheirs(motion);
    }

    function _stageOf(uint256 motion, MotionBook.Entry storage entry) private view returns (Stage) {
        MotionBook.Status status = entry.status;
        if (status == MotionBook.Status.Withdrawn) return Stage.Withdrawn;
        if (status == MotionBook.Status.Adopted) return Stage.Decided;
        if (status == MotionBook.Status.Put) {
            return _governor().state(entry.proposalId).isOpen() ? Stage.PutToVote : Stage.Decided;
        }
        uint256 lapse = _rulesOf(entry).lapse;
        if (status == MotionBook.Status.Draft) {
            return block.timestamp < entry.editedAt + lapse ? Stage.Draft : Stage.Lapsed;
        }
        if (status == MotionBook.Status.Silence) {
            return block.timestamp < entry.silence.until + lapse ? Stage.Silence : Stage.Lapsed;
        }
        if (block.timestamp < entry.closesAt) return Stage.Tabled;
        IAmendments.Docket memory docket = _amendments.docketOf(motion);
        uint256 quietSince = docket.quietSince > entry.closesAt ? docket.quietSince : entry.closesAt;
        return docket.question != 0 || block.timestamp < quietSince + lapse ? Stage.Closed : Stage.Lapsed;
    }
}
