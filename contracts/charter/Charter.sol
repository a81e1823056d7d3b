// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IAgenda} from "../governance/IAgenda.sol";
import {ICoalitionGovernor} from "../governance/ICoalitionGovernor.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";
import {PlainName} from "../libraries/PlainName.sol";
import {ClauseOrder} from "./ClauseOrder.sol";
import {ICharter} from "./ICharter.sol";

/// @title Charter
/// @notice See {ICharter}.
contract Charter is ICharter {
    using Checkpoints for Checkpoints.Trace256;
    using ClauseOrder for uint256[8];

    struct Enactment {
        uint256 decision;
        uint48 enactedAt;
        /// The version whose order of clauses holds in this one too: the last one that changed it.
        uint48 ordered;
        uint16 clauses;
    }

    struct Document {
        string title;
        /// The present one.
        uint48 version;
        uint48 changes;
        uint16 lastClause;
        mapping(uint256 version => Enactment) enactments;
        /// Of versions that changed it; see {ClauseOrder}.
        mapping(uint256 version => uint256[8]) orders;
        /// Digests of a clause by the version that enacted them; 0 since it was taken out.
        mapping(uint256 clause => Checkpoints.Trace256) wordings;
    }

    uint256 private constant MAX_TITLES = 16;
    uint256 private constant MAX_TITLE = 64;
    uint256 private constant MAX_CLAUSES = type(uint16).max;
    uint256 private constant MAX_PAGE = 100;

    IAgenda private immutable AGENDA;
    address private immutable TIMELOCK;

    uint256 private _lastDocument;
    mapping(uint256 document => Document) private _documents;

    /// @param agenda_ The agenda of the governor whose decisions change documents; it need not serve one yet.
    /// @param timelock_ The coalition's timelock.
    /// @param titles Titles of the documents that stand at birth, 1 to 16; see {ICharter-found}.
    constructor(IAgenda agenda_, address timelock_, string[] memory titles) {
        AGENDA = agenda_;
        TIMELOCK = timelock_;
        if (titles.length == 0 || titles.length > MAX_TITLES) {
            revert CharterTitlesOutOfRange(titles.length, 1, MAX_TITLES);
        }
        // bound: 16 titles
        for (uint256 i; i < titles.length; ++i) _found(titles[i], 0);
    }

    /// @inheritdoc ICharter
    function found(string calldata title) external returns (uint256 document) {
        return _found(title, _requireAmendment());
    }

    /// @inheritdoc ICharter
    function insert(
        uint256 document,
        uint256 preceding,
        bytes32 base,
        bytes32 digest
    ) external returns (uint256 clause) {
        uint256 decision = _requireAmendment();
        Document storage self = _documentAt(document);
        // The beginning has no digest, and is always there.
        if (preceding != 0 || base != 0) _requireUnmoved(self, document, preceding, base);
        clause = _requireRoom(self, document, digest);
        uint256 count = self.enactments[self.version].clauses;
        if (count == ClauseOrder.MAX) revert CharterFull(document, count);
        uint256[8] memory words = _orderAt(self, self.version);
        words.insert(preceding == 0 ? 0 : words.indexOf(preceding) + 1, clause);
        uint256 version = _enact(self, document, decision);
        _putIn(self, version, clause, digest);
        _reorder(self, version, words, count + 1);
        emit ClauseInserted(document, clause, version, self.changes, preceding, digest);
    }

    /// @inheritdoc ICharter
    function amend(uint256 document, uint256 clause, bytes32 base, bytes32 digest) external {
        uint256 decision = _requireAmendment();
        Document storage self = _documentAt(document);
        _requireUnmoved(self, document, clause, base);
        if (digest == 0 || digest == base) revert CharterNothingNew(document, clause, digest);
        uint256 version = _enact(self, document, decision);
        self.wordings[clause].push(version, uint256(digest));
        emit ClauseAmended(document, clause, version, self.changes, base, digest);
    }

    /// @inheritdoc ICharter
    function repeal(uint256 document, uint256 clause, bytes32 base) external {
        uint256 decision = _requireAmendment();
        Document storage self = _documentAt(document);
        _requireUnmoved(self, document, clause, base);
        uint256[8] memory words = _orderAt(self, self.version);
        words.remove(words.indexOf(clause));
        uint256 version = _enact(self, document, decision);
        self.wordings[clause].push(version, 0);
        _reorder(self, version, words, self.enactments[version].clauses - 1);
        emit ClauseRepealed(document, clause, version, self.changes, base);
    }

    /// @inheritdoc ICharter
    function replace(uint256 document, uint256 clause, bytes32 base, bytes32 digest) external returns (uint256 by) {
        uint256 decision = _requireAmendment();
        Document storage self = _documentAt(document);
        _requireUnmoved(self, document, clause, base);
        if (digest == base) revert CharterNothingNew(document, clause, digest);
        by = _requireRoom(self, document, digest);
        uint256[8] memory words = _orderAt(self, self.version);
        words.put(words.indexOf(clause), by);
        uint256 version = _enact(self, document, decision);
        self.wordings[clause].push(version, 0);
        _putIn(self, version, by, digest);
        _reorder(self, version, words, self.enactments[version].clauses);
        emit ClauseReplaced(document, clause, version, self.changes, base, by, digest);
    }

    /// @inheritdoc ICharter
    function hasMoved(bytes calldata call) external view returns (bool) {
        bytes4 selector = bytes4(call);
        uint256 length = _lengthOf(selector);
        if (length == 0 || call.length < length) return false;
        uint256 document = uint256(bytes32(call[4:36]));
        if (document == 0 || document > _lastDocument) return false;
        uint256 clause = uint256(bytes32(call[36:68]));
        bytes32 base = bytes32(call[68:100]);
        if (clause == 0) return selector == ICharter.insert.selector && base != 0;
        Document storage self = _documents[document];
        return clause <= self.lastClause && !_isUnmoved(_digestOf(self, clause), base);
    }

    /// @inheritdoc ICharter
    function lastDocument() external view returns (uint256) {
        return _lastDocument;
    }

    /// @inheritdoc ICharter
    function documentOf(
        uint256 document
    ) external view returns (string memory title, uint256 version, uint256 lastClause, uint256 changes) {
        Document storage self = _documentAt(document);
        return (self.title, self.version, self.lastClause, self.changes);
    }

    /// @inheritdoc ICharter
    function versionOf(
        uint256 document,
        uint256 version
    ) external view returns (Version memory header, uint256[] memory clauses, bytes32[] memory digests) {
        Document storage self = _documentAt(document);
        if (version > self.version) revert CharterUnknownVersion(document, version, self.version);
        Enactment storage enactment = self.enactments[version];
        header = Version(enactment.decision, enactment.enactedAt, enactment.clauses);
        clauses = new uint256[](header.clauses);
        digests = new bytes32[](header.clauses);
        uint256[8] memory words = _orderAt(self, version);
        // bound: 128 clauses
        for (uint256 i; i < clauses.length; ++i) {
            clauses[i] = words.at(i);
            digests[i] = bytes32(self.wordings[clauses[i]].upperLookup(version));
        }
    }

    /// @inheritdoc ICharter
    function clauseOf(uint256 document, uint256 clause) external view returns (bytes32 digest) {
        return _digestOf(_documentAt(document), clause);
    }

    /// @inheritdoc ICharter
    function historyOf(
        uint256 document,
        uint256 clause,
        uint256 offset,
        uint256 limit
    ) external view returns (uint256[] memory versions, bytes32[] memory digests) {
        Checkpoints.Trace256 storage wordings = _documentAt(document).wordings[clause];
        if (limit == 0 || limit > MAX_PAGE) revert CharterPageOutOfRange(limit, 1, MAX_PAGE);
        uint256 count = Math.min(limit, Math.saturatingSub(wordings.length(), offset));
        versions = new uint256[](count);
        digests = new bytes32[](count);
        // bound: 100 changes of a page
        for (uint256 i; i < count; ++i) {
            Checkpoints.Checkpoint256 memory wording = wordings.at(uint32(offset + i));
            (versions[i], digests[i]) = (wording._key, bytes32(wording._value));
        }
    }

    /// @inheritdoc ICharter
    function agenda() external view returns (IAgenda) {
        return AGENDA;
    }

    function _found(string memory title, uint256 decision) private returns (uint256 document) {
        PlainName.requireValid(title, MAX_TITLE);
        document = ++_lastDocument;
        Document storage self = _documents[document];
        self.title = title;
        self.enactments[0] = Enactment({
            decision: decision,
            enactedAt: uint48(block.timestamp),
            ordered: 0,
            clauses: 0
        });
        emit DocumentFounded(document, decision, title);
    }

    /// @dev The version that a change belongs to: a new one, unless the decision has begun one already and no other
    /// came in between. Version 0 stays as it was founded.
    function _enact(Document storage self, uint256 document, uint256 decision) private returns (uint256 version) {
        version = self.version;
        ++self.changes;
        Enactment storage last = self.enactments[version];
        if (version != 0 && last.decision == decision) return version;
        self.version = uint48(++version);
        self.enactments[version] = Enactment({
            decision: decision,
            enactedAt: uint48(block.timestamp),
            ordered: last.ordered,
            clauses: last.clauses
        });
        emit VersionEnacted(document, version, decision);
    }

    function _putIn(Document storage self, uint256 version, uint256 clause, bytes32 digest) private {
        self.lastClause = uint16(clause);
        self.wordings[clause].push(version, uint256(digest));
    }

    /// @dev Keeps the order of a version, copied whole where it is the version's first change of order.
    function _reorder(Document storage self, uint256 version, uint256[8] memory words, uint256 count) private {
        Enactment storage enactment = self.enactments[version];
        uint256 used = ClauseOrder.wordsFor(Math.max(count, enactment.clauses));
        (enactment.ordered, enactment.clauses) = (uint48(version), uint16(count));
        uint256[8] storage kept = self.orders[version];
        // bound: 8 words
        for (uint256 i; i < used; ++i) {
            if (kept[i] != words[i]) kept[i] = words[i];
        }
    }

    function _requireAmendment() private view returns (uint256 decision) {
        if (msg.sender != TIMELOCK) revert CharterUnauthorized(msg.sender, TIMELOCK);
        ICoalitionGovernor governor = AGENDA.governor();
        decision = governor.executing();
        DecisionRules.Class kind;
        if (decision != 0) (kind, ) = governor.proposalRules(decision);
        if (kind != DecisionRules.Class.Amendment) revert CharterNotAnAmendment(decision, kind);
    }

    /// @dev Compare-and-swap: reverts unless a clause is what a change was written against.
    function _requireUnmoved(Document storage self, uint256 document, uint256 clause, bytes32 base) private view {
        bytes32 current = _digestOf(self, clause);
        if (!_isUnmoved(current, base)) revert CharterClauseMoved(document, clause, base, current);
    }

    /// @dev The number of a new clause.
    function _requireRoom(
        Document storage self,
        uint256 document,
        bytes32 digest
    ) private view returns (uint256 clause) {
        clause = uint256(self.lastClause) + 1;
        if (digest == 0) revert CharterNothingNew(document, clause, digest);
        if (clause > MAX_CLAUSES) revert CharterFull(document, MAX_CLAUSES);
    }

    function _documentAt(uint256 document) private view returns (Document storage) {
        if (document == 0 || document > _lastDocument) revert CharterUnknownDocument(document, _lastDocument);
        return _documents[document];
    }

    /// @dev The order of clauses in a version.
    function _orderAt(Document storage self, uint256 version) private view returns (uint256[8] memory words) {
        Enactment storage enactment = self.enactments[version];
        uint256[8] storage kept = self.orders[enactment.ordered];
        uint256 used = ClauseOrder.wordsFor(enactment.clauses);
        // bound: 8 words
        for (uint256 i; i < used; ++i) words[i] = kept[i];
    }

    function _digestOf(Document storage self, uint256 clause) private view returns (bytes32) {
        return bytes32(self.wordings[clause].latest());
    }

    /// @dev Nothing can be written against a clause that is none.
    function _isUnmoved(bytes32 current, bytes32 base) private pure returns (bool) {
        return current != 0 && current == base;
    }

    /// @dev Length of the calldata of a change of a clause; 0 for any other function.
    function _lengthOf(bytes4 selector) private pure returns (uint256) {
        if (selector == ICharter.repeal.selector) return 4 + 3 * 32;
        bool isLonger =
            selector == ICharter.insert.selector ||
                selector == ICharter.amend.selector ||
                selector == ICharter.replace.selector;
        return isLonger ? 4 + 4 * 32 : 0;
    }
}
