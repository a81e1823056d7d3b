// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Charter} from "../../contracts/charter/Charter.sol";
import {ICharter} from "../../contracts/charter/ICharter.sol";
import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {IAgenda} from "../../contracts/governance/IAgenda.sol";
import {DecisionMock} from "../../contracts/mocks/DecisionMock.sol";
import {Dice} from "../helpers/Dice.sol";
import {Test} from "../helpers/Test.sol";

/// @notice Changes a charter at random, with right and wrong bases, by decisions of every class and by strangers, and
/// keeps a plain record of every version: a list of clauses each, written down anew at every change.
contract CharterHandler is Test {
    using Dice for Dice.Stream;

    /// @dev What was tried, and how it ended.
    enum Kind {
        Inserted,
        Amended,
        Repealed,
        Replaced,
        Founded,
        Moved,
        NothingNew,
        LesserClass,
        Stranger,
        NewVersion,
        SameVersion
    }

    struct Clause {
        uint256 number;
        bytes32 digest;
    }

    struct Recorded {
        uint256 decision;
        uint256 enactedAt;
        Clause[] clauses;
    }

    /// @dev What a change is to do, by whom.
    struct Change {
        Kind kind;
        uint256 document;
        uint256 clause;
        bytes32 base;
        bytes32 digest;
        address caller;
    }

    uint256 private constant TEXTS = 6;
    uint256 private constant MAX_DOCUMENTS = 4;
    address private constant TIMELOCK = address(0x71);
    address private constant STRANGER = address(0x57);

    Charter public immutable CHARTER;
    DecisionMock private immutable DECISIONS;

    /// @notice What was wrong first; empty as long as nothing was.
    string public violation;
    /// @notice How often something was tried, or came out so.
    mapping(Kind kind => uint256 times) public done;

    uint256 private _decision = 1;
    DecisionRules.Class private _class = DecisionRules.Class.Amendment;
    mapping(uint256 document => Recorded[]) private _versions;
    mapping(uint256 document => uint256 number) private _lastClause;
    mapping(uint256 document => uint256 times) private _changes;
    uint256 private _documents = 2;

    constructor() {
        DECISIONS = new DecisionMock();
        string[] memory titles = new string[](2);
        (titles[0], titles[1]) = ("Charter", "Code of Conduct");
        CHARTER = new Charter(IAgenda(address(DECISIONS)), TIMELOCK, titles);
        _begin(1, 0);
        _begin(2, 0);
        DECISIONS.carryOut(_decision, _class);
    }

    /// @notice One step, whatever it comes to.
    function step(uint256 seed) external {
        Dice.Stream memory dice = Dice.from(seed);
        VM.warp(block.timestamp + dice.below(1 days));
        if (dice.below(3) == 0) _decide(dice);
        if (dice.below(25) == 0 && _documents < MAX_DOCUMENTS) _found();
        else _change(_draw(dice));
    }

    /// @notice Whether every version of every document is what the record says, and what is not.
    function compare() external view {
        assertEq(CHARTER.lastDocument(), _documents, "documents");
        for (uint256 document = 1; document <= _documents; ++document) {
            (, uint256 version, uint256 lastClause, uint256 changes) = CHARTER.documentOf(document);
            assertEq(version + 1, _versions[document].length, "versions");
            assertEq(lastClause, _lastClause[document], "last clause");
            assertEq(changes, _changes[document], "changes");
            for (uint256 i; i <= version; ++i) _compareVersion(document, i);
        }
    }

    /// @notice Whether each wording in each version came with a version of a decision, by the history of its clause.
    function compareHistories() external view {
        for (uint256 document = 1; document <= _documents; ++document) {
            for (uint256 clause = 1; clause <= _lastClause[document]; ++clause) _compareHistory(document, clause);
        }
    }

    function _decide(Dice.Stream memory dice) private {
        ++_decision;
        _class = dice.below(5) == 0 ? DecisionRules.Class(dice.below(4)) : DecisionRules.Class.Amendment;
        DECISIONS.carryOut(dice.below(12) == 0 ? 0 : _decision, _class);
        if (DECISIONS.executing() == 0) _class = DecisionRules.Class.MotionAmendment;
    }

    function _found() private {
        bool went = _try(TIMELOCK, abi.encodeCall(ICharter.found, ("Another")));
        _note(went == (_class == DecisionRules.Class.Amendment), "found");
        if (!went) return;
        _begin(++_documents, _decision);
        ++done[Kind.Founded];
    }

    /// @dev A change that mostly fits: its clause is one of the document and its base the clause's digest, but often
    /// neither.
    function _draw(Dice.Stream memory dice) private view returns (Change memory change) {
        change.document = dice.between(1, _documents);
        Clause[] storage clauses = _present(change.document).clauses;
        change.kind = dice.below(2) == 0 ? Kind.Inserted : Kind(dice.below(4));
        uint256 at = dice.below(clauses.length + 1);
        if (at < clauses.length) (change.clause, change.base) = (clauses[at].number, clauses[at].digest);
        if (dice.below(8) == 0) change.clause = dice.below(_lastClause[change.document] + 2);
        if (dice.below(8) == 0) change.base = _text(dice);
        if (dice.below(40) != 0) change.digest = _text(dice);
        change.caller = dice.below(15) == 0 ? STRANGER : TIMELOCK;
    }

    function _change(Change memory change) private {
        bytes memory data = _encode(change);
        (bool moved, bytes32 current) = _isMoved(change);
        bool told = CHARTER.hasMoved(data);
        _note(!told || moved, "told to have moved, and has not");
        bool went = _try(change.caller, data);
        _note(went == _isAllowed(change, moved), "goes through if it may, and only then");
        _note(!(went && told), "moved, and carried out all the same");
        if (went) _record(change);
        // Whatever it was, a clause has another digest only if the change named the one that it had.
        bytes32 present = CHARTER.clauseOf(change.document, change.clause);
        bool same = change.kind == Kind.Inserted || !went;
        _note(same ? present == current : current == change.base && current != 0, "compare and swap");
    }

    function _try(address caller, bytes memory data) private returns (bool success) {
        VM.prank(caller);
        // The point is to see whether anything is refused, by whatever error.
        // solhint-disable-next-line avoid-low-level-calls
        (success, ) = address(CHARTER).call(data);
    }

    /// @dev By the record: whether a clause is not what a change was written against, and what it is.
    function _isMoved(Change memory change) private view returns (bool moved, bytes32 current) {
        (uint256 at, bool found) = _placeOf(change.document, change.clause);
        if (found) current = _present(change.document).clauses[at].digest;
        bool atBeginning = change.kind == Kind.Inserted && change.clause == 0 && change.base == 0;
        return (!atBeginning && (current == 0 || current != change.base), current);
    }

    function _isAllowed(Change memory change, bool moved) private returns (bool) {
        Kind kind = Kind.NothingNew;
        if (change.caller != TIMELOCK) kind = Kind.Stranger;
        else if (_class != DecisionRules.Class.Amendment) kind = Kind.LesserClass;
        else if (moved) kind = Kind.Moved;
        else if (change.kind == Kind.Repealed) return true;
        else if (change.digest != 0 && (change.kind == Kind.Inserted || change.digest != change.base)) return true;
        ++done[kind];
        return false;
    }

    function _record(Change memory change) private {
        Recorded[] storage versions = _versions[change.document];
        bool same = versions.length > 1 && versions[versions.length - 1].decision == _decision;
        ++done[same ? Kind.SameVersion : Kind.NewVersion];
        if (!same) _copy(change.document);
        Clause[] storage clauses = _present(change.document).clauses;
        (uint256 at, bool found) = _placeOf(change.document, change.clause);
        if (change.kind == Kind.Inserted) _putIn(clauses, found ? at + 1 : 0);
        if (change.kind == Kind.Repealed) _takeOut(clauses, at);
        else if (change.kind == Kind.Amended) clauses[at].digest = change.digest;
        else {
            uint256 place = change.kind == Kind.Inserted && found ? at + 1 : at;
            clauses[place] = Clause(++_lastClause[change.document], change.digest);
        }
        ++_changes[change.document];
        ++done[change.kind];
    }

    /// @dev A new version, which begins as the last one was.
    function _copy(uint256 document) private {
        _begin(document, _decision);
        Recorded[] storage versions = _versions[document];
        Clause[] storage last = versions[versions.length - 2].clauses;
        for (uint256 i; i < last.length; ++i) versions[versions.length - 1].clauses.push(last[i]);
    }

    function _begin(uint256 document, uint256 decision) private {
        Recorded storage version = _versions[document].push();
        (version.decision, version.enactedAt) = (decision, block.timestamp);
    }

    function _putIn(Clause[] storage clauses, uint256 at) private {
        clauses.push();
        for (uint256 i = clauses.length - 1; i > at; --i) clauses[i] = clauses[i - 1];
    }

    function _takeOut(Clause[] storage clauses, uint256 at) private {
        for (uint256 i = at; i + 1 < clauses.length; ++i) clauses[i] = clauses[i + 1];
        clauses.pop();
    }

    function _note(bool right, string memory what) private {
        if (!right && bytes(violation).length == 0) violation = what;
    }

    function _compareVersion(uint256 document, uint256 version) private view {
        Recorded storage recorded = _versions[document][version];
        (ICharter.Version memory header, uint256[] memory clauses, bytes32[] memory digests) = CHARTER.versionOf(
            document,
            version
        );
        assertEq(header.decision, recorded.decision, "decision");
        assertEq(header.enactedAt, recorded.enactedAt, "enacted at");
        assertEq(header.clauses, recorded.clauses.length, "count of clauses");
        assertEq(clauses.length, recorded.clauses.length, "clauses");
        assertEq(digests.length, recorded.clauses.length, "digests");
        for (uint256 i; i < clauses.length; ++i) {
            assertEq(clauses[i], recorded.clauses[i].number, "clause");
            assertTrue(digests[i] == recorded.clauses[i].digest, "digest");
        }
    }

    /// @dev The wordings of a clause, where they differ from one version to the next, are its history; a clause that
    /// came and went within one version is in none.
    function _compareHistory(uint256 document, uint256 clause) private view {
        (uint256[] memory versions, bytes32[] memory digests) = CHARTER.historyOf(document, clause, 0, 100);
        uint256 next;
        bytes32 wording;
        for (uint256 version; version < _versions[document].length; ++version) {
            bytes32 recorded = _digestIn(_versions[document][version].clauses, clause);
            bool changes = next < versions.length && versions[next] == version;
            assertTrue(changes || recorded == wording, "changed without being told");
            if (!changes) continue;
            assertTrue(digests[next] == recorded, "wording in its history");
            (wording, next) = (recorded, next + 1);
        }
        assertEq(next, versions.length, "all of a history is on record");
    }

    function _placeOf(uint256 document, uint256 clause) private view returns (uint256 at, bool found) {
        Clause[] storage clauses = _present(document).clauses;
        for (; at < clauses.length; ++at) {
            if (clauses[at].number == clause) return (at, true);
        }
        return (0, false);
    }

    function _digestIn(Clause[] storage clauses, uint256 clause) private view returns (bytes32) {
        for (uint256 i; i < clauses.length; ++i) {
            if (clauses[i].number == clause) return clauses[i].digest;
        }
        return 0;
    }

    function _present(uint256 document) private view returns (Recorded storage) {
        return _versions[document][_versions[document].length - 1];
    }

    function _encode(Change memory c) private pure returns (bytes memory) {
        if (c.kind == Kind.Inserted) return abi.encodeCall(ICharter.insert, (c.document, c.clause, c.base, c.digest));
        if (c.kind == Kind.Amended) return abi.encodeCall(ICharter.amend, (c.document, c.clause, c.base, c.digest));
        if (c.kind == Kind.Repealed) return abi.encodeCall(ICharter.repeal, (c.document, c.clause, c.base));
        return abi.encodeCall(ICharter.replace, (c.document, c.clause, c.base, c.digest));
    }

    /// @dev Of so few that wordings come back.
    function _text(Dice.Stream memory dice) private pure returns (bytes32) {
        return keccak256(abi.encode(dice.below(TEXTS)));
    }
}

/// @notice A charter over random histories of changes, against a plain record of every version.
contract CharterTest is Test {
    CharterHandler private _handler;

    function setUp() external {
        VM.warp(1_700_000_000);
        _handler = new CharterHandler();
    }

    /// @notice What the campaign calls.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice Property 22: a clause changes only if its digest is the one that the change was written against, and
    /// only by an amendment.
    function invariant_clausesChangeOnlyAgainstTheirDigest() external view {
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
    }

    /// @notice Property 23: every past version stands whole and names its decision.
    function invariant_versionsStandWhole() external view {
        _handler.compare();
    }

    /// @notice Properties 22 and 23: the same after histories longer than a campaign's, and every change of a wording
    /// is in the history of its clause.
    /// hardhat-config: fuzz.runs = 24
    function testFuzz_longHistoriesOfDocuments(uint256 seed) external {
        _run(seed, 200);
    }

    /// @notice Properties 22 and 23: the same over a history that is always the same, in which every kind of change and
    /// of refusal came up.
    function test_documentsOverALongHistory() external {
        _run(3, 600);
        for (uint256 kind; kind <= uint256(type(CharterHandler.Kind).max); ++kind) {
            if (_handler.done(CharterHandler.Kind(kind)) == 0) revert Different("every kind came up", kind, 0);
        }
    }

    /// @notice Property 22: asking whether a change has moved never reverts, and tells nothing but changes of clauses.
    function testFuzz_hasMovedNeverReverts(uint256 selector, uint256[4] calldata words, uint256 length) external {
        for (uint256 seed; seed < 8; ++seed) _handler.step(seed);
        bytes4[5] memory selectors = [
            ICharter.insert.selector,
            ICharter.amend.selector,
            ICharter.repeal.selector,
            ICharter.replace.selector,
            bytes4(uint32(selector))
        ];
        uint256 small = words[0] % 3;
        bytes memory data = abi.encodePacked(
            selectors[selector % 5],
            selector % 2 == 0 ? words[0] : small,
            selector % 3 == 0 ? words[1] : words[1] % 8,
            words[2],
            words[3]
        );
        bytes memory cut = new bytes(bound(length, 0, data.length));
        for (uint256 i; i < cut.length; ++i) cut[i] = data[i];
        bool moved = _handler.CHARTER().hasMoved(cut);
        assertTrue(!moved || cut.length >= 100, "too short to be a change");
    }

    function _run(uint256 seed, uint256 steps) private {
        for (uint256 i; i < steps; ++i) _handler.step(uint256(keccak256(abi.encode(seed, i))));
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
        _handler.compare();
        _handler.compareHistories();
    }
}
