// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgenda} from "../governance/IAgenda.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";

/// @title ICharter
/// @notice The rules that bind the coalition, in which version: governing documents (charter, code of conduct, list
/// guidelines, election rules) as ordered clauses, each by the digest of its text.
///
/// @dev Every change names the digest that it was written against and fails if the clause has moved since
/// (compare-and-swap). What one decision changes of a document is one version of it. Documents and clauses are numbered
/// from 1; the number of a clause is never given to another. Digests are sha2-256 of a text's bytes.
///
/// The changes of a document are numbered from 1 too, and each event of a change carries its number: who rebuilds the
/// versions out of the events sees whether one is missing, and {documentOf} says how many there are.
interface ICharter {
    /// @notice A version of a document. Version 0 is the document as it was founded, without clauses.
    struct Version {
        /// The decision of the governor that enacted it, or founded the document with version 0; 0 for version 0 of a
        /// document that stood at birth.
        uint256 decision;
        /// When it was enacted, in seconds since 1970.
        uint48 enactedAt;
        /// How many clauses it has.
        uint16 clauses;
    }

    /// @notice A document was founded, without clauses.
    /// @param decision The decision that founded it, 0 for a document of the birth.
    event DocumentFounded(uint256 indexed document, uint256 indexed decision, string title);

    /// @notice A decision began to change a document: what it changes is this version.
    event VersionEnacted(uint256 indexed document, uint256 indexed version, uint256 indexed decision);

    /// @notice A clause was put in.
    /// @param change Which change of the document it is, from 1.
    /// @param preceding The clause that it comes after; 0 for the beginning.
    event ClauseInserted(
        uint256 indexed document,
        uint256 indexed clause,
        uint256 indexed version,
        uint256 change,
        uint256 preceding,
        bytes32 digest
    );

    /// @notice The wording of a clause changed; it stays the same clause.
    /// @param change As in {ClauseInserted}.
    event ClauseAmended(
        uint256 indexed document,
        uint256 indexed clause,
        uint256 indexed version,
        uint256 change,
        bytes32 base,
        bytes32 digest
    );

    /// @notice A clause was taken out.
    /// @param change As in {ClauseInserted}.
    event ClauseRepealed(
        uint256 indexed document,
        uint256 indexed clause,
        uint256 indexed version,
        uint256 change,
        bytes32 base
    );

    /// @notice A clause was taken out and another one put in its place.
    /// @param change As in {ClauseInserted}.
    /// @param by The number of the new clause.
    event ClauseReplaced(
        uint256 indexed document,
        uint256 indexed clause,
        uint256 indexed version,
        uint256 change,
        bytes32 base,
        uint256 by,
        bytes32 digest
    );

    /// @notice Only the timelock may call this.
    error CharterUnauthorized(address caller, address expected);

    /// @notice Nothing is being carried out, or a decision of a lesser class than an amendment.
    /// @param decision The decision, 0 for none.
    /// @param kind Its class; of none the first one, which says nothing.
    error CharterNotAnAmendment(uint256 decision, DecisionRules.Class kind);

    /// @notice There is no such document.
    error CharterUnknownDocument(uint256 document, uint256 last);

    /// @notice The document has no such version yet.
    error CharterUnknownVersion(uint256 document, uint256 version, uint256 last);

    /// @notice The clause is not what the change was written against: it moved, was repealed, or never was.
    /// @param clause The clause to be changed, or the one to follow; 0 for the beginning, which has no digest.
    /// @param base What the change was written against.
    /// @param current What the clause is now; 0 if it is no clause of the document.
    error CharterClauseMoved(uint256 document, uint256 clause, bytes32 base, bytes32 current);

    /// @notice A clause has a text that is not its old one: the digest is zero, or that of the old text.
    /// @param clause The clause to be changed, or the number that a new one would have.
    error CharterNothingNew(uint256 document, uint256 clause, bytes32 digest);

    /// @notice A document holds so many clauses at a time, or so many in all, and no more.
    error CharterFull(uint256 document, uint256 limit);

    /// @notice A charter is born with `min` to `max` documents; more can be founded later.
    error CharterTitlesOutOfRange(uint256 titles, uint256 min, uint256 max);

    /// @notice No more than `max` changes are answered at a time, and not fewer than `min`.
    error CharterPageOutOfRange(uint256 limit, uint256 min, uint256 max);

    /// @notice Founds a document. Only the timelock, by an amendment.
    /// @dev Emits {DocumentFounded}. Reverts with {CharterUnauthorized}, {CharterNotAnAmendment},
    /// {PlainName-PlainNameInvalid}.
    /// @param title 1 to 64 plain characters.
    function found(string calldata title) external returns (uint256 document);

    /// @notice Puts a clause in after another one. Only the timelock, by an amendment.
    /// @dev Emits {ClauseInserted}, and {VersionEnacted} before it where the decision begins to change the document.
    /// Reverts with {CharterUnauthorized}, {CharterNotAnAmendment}, {CharterUnknownDocument}, {CharterClauseMoved},
    /// {CharterNothingNew}, {CharterFull}.
    /// @param preceding The clause that it comes after; 0 for the beginning.
    /// @param base Digest of that clause, which the new one was written to follow; 0 for the beginning.
    /// @return clause The number of the new clause: the one after the highest that the document has had.
    function insert(
        uint256 document,
        uint256 preceding,
        bytes32 base,
        bytes32 digest
    ) external returns (uint256 clause);

    /// @notice Changes the wording of a clause. Only the timelock, by an amendment.
    /// @dev Emits {ClauseAmended}, and {VersionEnacted} as {insert}. Reverts as that.
    /// @param base Digest of the clause that the change was written against.
    function amend(uint256 document, uint256 clause, bytes32 base, bytes32 digest) external;

    /// @notice Takes a clause out. Only the timelock, by an amendment.
    /// @dev Emits {ClauseRepealed}, and {VersionEnacted} as {insert}. Reverts as that.
    function repeal(uint256 document, uint256 clause, bytes32 base) external;

    /// @notice Takes a clause out and puts another one in its place, with a number of its own. Only the timelock, by an
    /// amendment.
    /// @dev Emits {ClauseReplaced}, and {VersionEnacted} as {insert}. Reverts as that.
    /// @return by The number of the new clause.
    function replace(uint256 document, uint256 clause, bytes32 base, bytes32 digest) external returns (uint256 by);

    /// @notice Whether a change was written against a clause that has moved since, so that it would fail with
    /// {CharterClauseMoved} if it were carried out now. Never reverts.
    /// @dev False also for what is no change of a clause, for a document that is not founded yet, and for a clause that
    /// the document has not had yet: the change before it in the same decision may bring it. Two changes of one clause
    /// in the same decision are written one against the other: of those the second one has moved until the first is
    /// carried out.
    /// @param call The calldata of {insert}, {amend}, {repeal} or {replace}; whatever else it is, the answer is false.
    function hasMoved(bytes calldata call) external view returns (bool);

    /// @notice How many documents there are; they are numbered from 1.
    function lastDocument() external view returns (uint256);

    /// @notice Title of a document, its present version, the highest number that a clause of it has had, and how many
    /// changes there were. Reverts with {CharterUnknownDocument}.
    function documentOf(
        uint256 document
    ) external view returns (string memory title, uint256 version, uint256 lastClause, uint256 changes);

    /// @notice A whole version of a document: its clauses in their order. Reverts with {CharterUnknownDocument},
    /// {CharterUnknownVersion}.
    /// @return header What enacted it, and when.
    /// @return clauses Numbers of the clauses.
    /// @return digests Digests of their texts, beside the numbers.
    function versionOf(
        uint256 document,
        uint256 version
    ) external view returns (Version memory header, uint256[] memory clauses, bytes32[] memory digests);

    /// @notice The digest of a clause now; 0 if it was repealed or never was. Reverts with {CharterUnknownDocument}.
    function clauseOf(uint256 document, uint256 clause) external view returns (bytes32 digest);

    /// @notice In which versions the wording of a clause changed, and to what, the oldest first; digest 0 where it was
    /// taken out. Reverts with {CharterUnknownDocument}, {CharterPageOutOfRange}.
    /// @param offset Changes to pass over.
    /// @param limit 1 to 100 changes to answer.
    function historyOf(
        uint256 document,
        uint256 clause,
        uint256 offset,
        uint256 limit
    ) external view returns (uint256[] memory versions, bytes32[] memory digests);

    /// @notice The agenda of the governor whose decisions change documents.
    function agenda() external view returns (IAgenda);
}
