// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICharter} from "../charter/ICharter.sol";
import {IForum} from "../forum/IForum.sol";
import {RecordSeries} from "../libraries/RecordSeries.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {CaseEffects} from "./CaseEffects.sol";
import {CaseFile} from "./CaseFile.sol";
import {ConductMessages} from "./ConductMessages.sol";
import {ConductRules} from "./ConductRules.sol";
import {IConduct} from "./IConduct.sol";
import {IPanels} from "./IPanels.sol";
import {ISpeakers} from "./ISpeakers.sol";
import {Quotas} from "./Quotas.sol";

/// @title Conduct
/// @notice See {IConduct}.
contract Conduct is IConduct, SignedRequests {
    using CaseEffects for CaseFile.File;
    using CaseFile for CaseFile.File;
    using ConductRules for Ruling;
    using ConductRules for Terms;
    using Quotas for Quotas.Usage;
    using RecordSeries for RecordSeries.Series;

    IMembership private immutable ROLL;
    ISpeakers private immutable SPEAKERS;
    IPanels private immutable PANELS;
    IForum private immutable FORUM;
    ICharter private immutable CHARTER;
    address private immutable TIMELOCK;
    uint256 private immutable CODE;
    uint256 private immutable SHORTEST_STAGE;

    RecordSeries.Series private _log;
    Terms private _terms;
    Figures private _figures;
    mapping(uint256 caseId => CaseFile.File) private _files;
    /// @dev By the post, or by respondent and evidence.
    mapping(bytes32 act => uint256 caseId) private _about;
    mapping(uint256 draw => mapping(uint256 number => bytes32 ruling)) private _backings;
    mapping(uint256 number => Quotas.Usage) private _usages;
    mapping(uint256 list => mapping(uint256 post => bool)) private _hadEmergency;

    /// @param name_ See {SignedRequests}.
    /// @param speakers_ Whose speech is suspended; bound to this contract by its birth, like the other two.
    /// @param panels_ Who judges.
    /// @param forum_ Whose posts are hidden.
    /// @param shortestStage The shortest stage of a decision that can ever be set, in seconds.
    /// @param terms_ See {IConduct-Terms}.
    constructor(
        string memory name_,
        ISpeakers speakers_,
        IPanels panels_,
        IForum forum_,
        uint32 shortestStage,
        Terms memory terms_
    ) SignedRequests(name_) {
        (SPEAKERS, PANELS, FORUM, SHORTEST_STAGE) = (speakers_, panels_, forum_, shortestStage);
        (ROLL, CHARTER) = (speakers_.roll(), speakers_.charter());
        TIMELOCK = ROLL.timelock();
        (CODE, ) = speakers_.codeOfConduct();
        _setTerms(terms_);
        speakers_.bind();
        panels_.bind();
        forum_.bind();
    }

    /// @inheritdoc IConduct
    function complain(Complaint calldata complaint) external returns (uint256 caseId) {
        return _complain(_requireOnRoll(msg.sender), complaint, 0, [uint32(0), 0]);
    }

    /// @inheritdoc IConduct
    function complainBySig(
        address account,
        Complaint calldata complaint,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 caseId) {
        bytes32 structHash = ConductMessages.complain(account, complaint, _useNonce(account), deadline);
        _requireSignature(account, structHash, deadline, signature);
        return _complain(_requireOnRoll(account), complaint, 0, [uint32(0), 0]);
    }

    /// @inheritdoc IConduct
    function complainFor(
        Complaint calldata complaint,
        bytes32 commitment,
        uint32[2] calldata excluded
    ) external returns (uint256 caseId) {
        uint256 number = _requireInPool(msg.sender);
        _requireText(commitment);
        return _complain(number, complaint, commitment, excluded);
    }

    /// @inheritdoc IConduct
    function respond(uint256 caseId, bytes32 digest) external {
        _respond(msg.sender, caseId, digest);
    }

    /// @inheritdoc IConduct
    function respondBySig(
        address account,
        uint256 caseId,
        bytes32 digest,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = ConductMessages.respond(account, caseId, digest, _useNonce(account), deadline);
        _requireSignature(account, structHash, deadline, signature);
        _respond(account, caseId, digest);
    }

    /// @inheritdoc IConduct
    function drawPanel(uint256 caseId) external {
        CaseFile.File storage file = _requirePhase(caseId, Phase.Drawing);
        uint256[] memory excluded = new uint256[](4);
        (excluded[0], excluded[1]) = (file.respondent, file.filer);
        (excluded[2], excluded[3]) = (file.excluded[0], file.excluded[1]);
        uint32 draw = file.draw;
        if (!PANELS.draw(draw, file.firstDraw, excluded)) {
            _toMembers(caseId, file);
            return;
        }
        file.stage = CaseFile.Stage.Seated;
        uint48 at = uint48(block.timestamp);
        file.until = at + file.deliberation;
        uint256[3] memory panel = PANELS.panelOf(draw);
        emit PanelSeated(caseId, _record(abi.encode(Entry.Seated, caseId, draw, panel, at)), draw, panel, at);
    }

    /// @inheritdoc IConduct
    function recuse(uint256 caseId, uint256 number, bytes32 reason) external {
        CaseFile.File storage file = _requirePhase(caseId, Phase.Deliberation);
        _requireText(reason);
        bool theirs = ROLL.numberOf(msg.sender) == number && PANELS.sits(file.draw, number);
        if (!theirs && ROLL.member(number).status == IMembership.MemberStatus.Active) {
            revert ConductNotTheirs(caseId, msg.sender);
        }
        uint256 substitute = PANELS.replace(file.draw, number);
        uint48 at = uint48(block.timestamp);
        bytes memory entry = abi.encode(Entry.Recused, caseId, number, substitute, reason, at);
        emit PanelistRecused(caseId, _record(entry), number, substitute, reason, at);
        if (substitute == 0) _toMembers(caseId, file);
    }

    /// @inheritdoc IConduct
    function rule(uint256 caseId, Ruling calldata ruling) external {
        _rule(msg.sender, caseId, ruling);
    }

    /// @inheritdoc IConduct
    function ruleBySig(
        address account,
        uint256 caseId,
        Ruling calldata ruling,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = ConductMessages.rule(account, caseId, ruling, _useNonce(account), deadline);
        _requireSignature(account, structHash, deadline, signature);
        _rule(account, caseId, ruling);
    }

    /// @inheritdoc IConduct
    function appeal(uint256 caseId, bool toMembers, bytes32 reason) external {
        _appeal(msg.sender, caseId, toMembers, reason);
    }

    /// @inheritdoc IConduct
    function appealBySig(
        address account,
        uint256 caseId,
        bool toMembers,
        bytes32 reason,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = ConductMessages.appeal(account, caseId, toMembers, reason, _useNonce(account), deadline);
        _requireSignature(account, structHash, deadline, signature);
        _appeal(account, caseId, toMembers, reason);
    }

    /// @inheritdoc IConduct
    function settle(uint256 caseId, Ruling calldata ruling) external {
        _requireTimelock();
        CaseFile.File storage file = _requirePhase(caseId, Phase.Members);
        _requireFit(caseId, file, ruling);
        ++_figures.toMembers;
        _decide(caseId, file, ruling, FORUM.agenda().governor().executing());
    }

    /// @inheritdoc IConduct
    function hideNow(uint256 list, uint256 post, bytes32 reason) external {
        uint256 number = _requireInPool(msg.sender);
        _requireText(reason);
        uint256 caseId = caseAbout(list, post);
        if (caseId != 0) revert ConductTried(caseId);
        if (_hadEmergency[list][post]) revert ConductHiddenBefore(list, post);
        _hadEmergency[list][post] = true;
        _use(number);
        ++_figures.emergencies;
        uint48 at = uint48(block.timestamp);
        uint48 until = at + _terms.emergency;
        FORUM.hide(list, post, 0, until, reason);
        bytes memory entry = abi.encode(Entry.Emergency, list, post, number, until, reason, at);
        emit EmergencyHidden(list, post, _record(entry), number, until, reason, at);
    }

    /// @inheritdoc IConduct
    function erase(uint256 caseId) external {
        CaseFile.File storage file = _requirePhase(caseId, Phase.Closed);
        (, Ruling memory ruling) = file.result();
        if (!ruling.erase) revert ConductNotToErase(caseId);
        FORUM.eraseByCase(file.list, file.post, uint32(caseId), ruling.reason);
    }

    /// @inheritdoc IConduct
    function setTerms(Terms calldata newTerms) external {
        _requireTimelock();
        _setTerms(newTerms);
    }

    /// @inheritdoc IConduct
    function caseOf(uint256 caseId) external view returns (Case memory) {
        return _fileOf(caseId).shown();
    }

    /// @inheritdoc IConduct
    function lastCase() external view returns (uint256) {
        return _figures.cases;
    }

    /// @inheritdoc IConduct
    function caseAbout(uint256 list, uint256 post) public view returns (uint256 caseId) {
        return _about[keccak256(abi.encode(list, post))];
    }

    /// @inheritdoc IConduct
    function backingOf(uint256 caseId, uint256 number) external view returns (bytes32) {
        return _backings[_fileOf(caseId).draw][number];
    }

    /// @inheritdoc IConduct
    function series() external view returns (uint256 head) {
        return _log.head;
    }

    /// @inheritdoc IConduct
    function figures() external view returns (Figures memory) {
        return _figures;
    }

    /// @inheritdoc IConduct
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    /// @inheritdoc IConduct
    function forum() external view returns (IForum) {
        return FORUM;
    }

    /// @inheritdoc IConduct
    function panels() external view returns (IPanels) {
        return PANELS;
    }

    /// @inheritdoc IConduct
    function speakers() external view returns (ISpeakers) {
        return SPEAKERS;
    }

    function _complain(
        uint256 filer,
        Complaint calldata complaint,
        bytes32 commitment,
        uint32[2] memory excluded
    ) private returns (uint256 caseId) {
        _requireComplaint(filer, complaint);
        bytes32 act = _actOf(complaint);
        caseId = _about[act];
        // What no panel ruled on was not judged.
        if (caseId != 0 && !_files[caseId].isUntried()) revert ConductTried(caseId);
        _use(filer);
        caseId = ++_figures.cases;
        _about[act] = caseId;
        CaseFile.File storage file = _files[caseId];
        (, uint256 version) = SPEAKERS.codeOfConduct();
        file.open(complaint, filer, excluded, version, commitment);
        file.keep(_terms);
        _openInstance(file);
        _logOpening(caseId, complaint, file);
        _hold(caseId, file, complaint.evidence);
    }

    function _logOpening(uint256 caseId, Complaint calldata complaint, CaseFile.File storage file) private {
        (uint32 version, bytes32 commitment, uint48 at) = (file.version, file.commitment, file.openedAt);
        bytes memory entry = abi.encode(Entry.Opened, caseId, complaint, version, commitment, at);
        emit CaseOpened(caseId, _record(entry), complaint.respondent, complaint, version, commitment, at);
    }

    /// @dev Begins an instance before a panel.
    function _openInstance(CaseFile.File storage file) private {
        uint48 until = uint48(block.timestamp) + file.response;
        (file.stage, file.until, file.responded) = (CaseFile.Stage.Filed, until, false);
        file.draw = uint32(PANELS.open(until));
    }

    function _respond(address account, uint256 caseId, bytes32 digest) private {
        CaseFile.File storage file = _requirePhase(caseId, Phase.Response);
        if (ROLL.numberOf(account) != file.respondent) revert ConductNotTheirs(caseId, account);
        if (file.responded) revert ConductResponded(caseId);
        _requireText(digest);
        file.responded = true;
        uint48 at = uint48(block.timestamp);
        emit CaseResponded(caseId, _record(abi.encode(Entry.Responded, caseId, digest, at)), digest, at);
    }

    function _rule(address account, uint256 caseId, Ruling calldata ruling) private {
        CaseFile.File storage file = _requirePhase(caseId, Phase.Deliberation);
        uint256 number = ROLL.numberOf(account);
        if (!PANELS.sits(file.draw, number)) revert ConductNotTheirs(caseId, account);
        _requireFit(caseId, file, ruling);
        bytes32 hash = keccak256(abi.encode(ruling));
        mapping(uint256 member => bytes32) storage backings = _backings[file.draw];
        backings[number] = hash;
        uint48 at = uint48(block.timestamp);
        emit RulingBacked(caseId, _record(abi.encode(Entry.Backed, caseId, number, hash, at)), number, hash, at);
        uint256[3] memory panel = PANELS.panelOf(file.draw);
        uint256 backers;
        // bound: 3 seats
        for (uint256 i; i < panel.length; ++i) {
            if (backings[panel[i]] == hash) ++backers;
        }
        if (backers == 2) _decide(caseId, file, ruling, 0);
    }

    function _appeal(address account, uint256 caseId, bool toMembers, bytes32 reason) private {
        CaseFile.File storage file = _requirePhase(caseId, Phase.Appealable);
        _requireText(reason);
        uint256 number = _requireOnRoll(account);
        bool byRespondent = number == file.respondent;
        if (!byRespondent && number != file.filer) revert ConductNotTheirs(caseId, account);
        (file.instance, file.byRespondent) = (2, byRespondent);
        ++_figures.appeals;
        uint48 at = uint48(block.timestamp);
        bytes memory entry = abi.encode(Entry.Appealed, caseId, byRespondent, toMembers, reason, at);
        emit CaseAppealed(caseId, _record(entry), byRespondent, toMembers, reason, at);
        if (toMembers) {
            _toMembers(caseId, file);
        } else {
            file.firstDraw = file.draw;
            _openInstance(file);
            _hold(caseId, file, reason);
        }
    }

    function _toMembers(uint256 caseId, CaseFile.File storage file) private {
        uint48 at = uint48(block.timestamp);
        uint48 until = at + file.members;
        (file.stage, file.until) = (CaseFile.Stage.Members, until);
        emit CaseToMembers(caseId, _record(abi.encode(Entry.ToMembers, caseId, until, at)), until, at);
        _hold(caseId, file, file.evidence);
    }

    /// @dev Writes a ruling down, and has it take effect.
    function _decide(uint256 caseId, CaseFile.File storage file, Ruling calldata ruling, uint256 decision) private {
        uint48 at = uint48(block.timestamp);
        uint256 instance = file.instance;
        if (file.ruledAt == 0) {
            (file.ruledAt, file.first) = (at, ruling);
            if (ruling.upheld) ++_figures.upheld;
            else ++_figures.dismissed;
        } else {
            file.last = ruling;
            if (ruling.differs(file.first)) ++_figures.altered;
        }
        bool appealable = instance == 1 && file.stage == CaseFile.Stage.Seated;
        file.stage = appealable ? CaseFile.Stage.Ruled : CaseFile.Stage.Settled;
        file.until = at + file.appeal;
        bytes memory entry = abi.encode(Entry.Ruled, caseId, instance, decision, ruling, at);
        emit CaseRuled(caseId, _record(entry), instance, decision, ruling, at);
        file.apply_(uint32(caseId), ruling, FORUM, SPEAKERS);
    }

    function _hold(uint256 caseId, CaseFile.File storage file, bytes32 reason) private {
        file.hold(uint32(caseId), reason, FORUM, SPEAKERS);
    }

    /// @dev Takes one of a member's quota, or reverts.
    function _use(uint256 number) private {
        uint256 quota = _terms.quota;
        (bool taken, uint256 until) = _usages[number].take(quota, _terms.quotaPeriod);
        if (!taken) revert ConductQuotaUsed(number, quota, until);
    }

    function _setTerms(Terms memory newTerms) private {
        newTerms.requireInRange(SHORTEST_STAGE);
        emit TermsChanged(_terms, newTerms);
        _terms = newTerms;
    }

    function _record(bytes memory entry) private returns (uint256 place) {
        return _log.append(keccak256(entry));
    }

    function _requireTimelock() private view {
        if (msg.sender != TIMELOCK) revert ConductUnauthorized(msg.sender, TIMELOCK);
    }

    function _requireOnRoll(address account) private view returns (uint256 number) {
        number = ROLL.numberOf(account);
        if (number == 0) revert ConductNotOnRoll(account);
    }

    function _requireInPool(address account) private view returns (uint256 number) {
        number = _requireOnRoll(account);
        if (!PANELS.isInPool(number)) revert ConductNotInPool(number);
    }

    function _requireComplaint(uint256 filer, Complaint calldata complaint) private view {
        uint256 respondent = complaint.respondent;
        if (respondent == filer) revert ConductOwnCase(filer);
        bool known = respondent != 0 && respondent <= ROLL.lastNumber();
        if (!known || ROLL.member(respondent).status != IMembership.MemberStatus.Active) {
            revert ConductNoRespondent(respondent);
        }
        bytes32 current = CHARTER.clauseOf(CODE, complaint.clause);
        if (current == 0 || current != complaint.rule) {
            revert ConductRuleNotInForce(complaint.clause, complaint.rule, current);
        }
        _requireText(complaint.evidence);
        if (complaint.list == 0 && complaint.post == 0) return;
        uint256 author = FORUM.authorOf(complaint.list, complaint.post);
        if (author != respondent) revert ConductNotAuthor(complaint.list, complaint.post, respondent, author);
    }

    /// @dev Reverts unless a ruling can be made in a case as it is.
    function _requireFit(uint256 caseId, CaseFile.File storage file, Ruling calldata ruling) private view {
        ConductRules.requireValid(caseId, ruling, file.post != 0, file.longest);
        if (file.byRespondent && ruling.isHeavier(file.first)) revert ConductHeavier(caseId);
    }

    function _requirePhase(uint256 caseId, Phase expected) private view returns (CaseFile.File storage file) {
        file = _fileOf(caseId);
        (Phase current, uint48 until) = file.phase();
        if (current != expected) revert ConductWrongPhase(caseId, current, until);
    }

    function _fileOf(uint256 caseId) private view returns (CaseFile.File storage) {
        if (caseId == 0 || caseId > _figures.cases) revert ConductUnknownCase(caseId, _figures.cases);
        return _files[caseId];
    }

    function _requireText(bytes32 digest) private pure {
        if (digest == 0) revert ConductNoText();
    }

    function _actOf(Complaint calldata complaint) private pure returns (bytes32) {
        if (complaint.post != 0) return keccak256(abi.encode(complaint.list, complaint.post));
        return keccak256(abi.encode(complaint.respondent, complaint.evidence, "evidence"));
    }
}
