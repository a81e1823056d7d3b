// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {RecordSeries} from "../../contracts/libraries/RecordSeries.sol";
import {IMinorityStatements} from "../../contracts/motions/IMinorityStatements.sol";
import {MinorityStatements} from "../../contracts/motions/MinorityStatements.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";

/// @notice Minority statements over random histories of ballots, statements, co-signatures, departures and whatever
/// becomes of the decision, against a plain record of who voted how and who said what.
contract MinorityStatementsTest is Assembly {
    using Dice for Dice.Stream;

    uint256 private constant MEMBERS = 9;
    uint256 private constant GROUPS = 3;
    uint256 private constant STEPS = 40;
    uint32 private constant WINDOW = 3 days;

    enum Kind {
        Filed,
        Cosigned,
        Refused,
        BeforeClose,
        AfterWindow,
        OfWhoLeft,
        Passed,
        Lost,
        Queued,
        Executed,
        Expired,
        Cancelled
    }

    Decision private _decision;
    /// @dev By member number: the ballot that counts as {ICoalitionGovernor-receiptOf} has it, whether the member is
    /// gone, and the statement that the member filed.
    uint256[MEMBERS + 1] private _ballots;
    bool[MEMBERS + 1] private _gone;
    uint256[MEMBERS + 1] private _filed;
    /// @dev By statement: who filed it, and who stands behind it, a bit a member number.
    uint256[] private _authors;
    uint256[] private _signers;
    uint256 private _head;
    mapping(Kind kind => uint256 times) private _done;

    /// @notice Property 24: a statement is filed only by who voted against, in its window, and the record holds every
    /// one.
    /// hardhat-config: fuzz.runs = 48
    function testFuzz_statementsFollowTheirRecord(uint256 seed) external {
        _run(seed);
    }

    /// @notice Property 24: the same over histories that are always the same, and proof that everything came up.
    function test_statementsFollowTheirRecordOverManyHistories() external {
        for (uint256 seed; seed < 24; ++seed) {
            _run(seed);
        }
        for (uint256 kind; kind <= uint256(type(Kind).max); ++kind) {
            if (_done[Kind(kind)] == 0) revert Different("every kind of event came up", kind, 0);
        }
    }

    function _run(uint256 seed) private {
        Dice.Stream memory dice = Dice.from(seed);
        _begin();
        _decision = _proposeNote(seed);
        if (dice.below(2) == 0) _speak(dice);
        _open(_decision);
        _vote(dice);
        for (uint256 i; i < 4; ++i) {
            _speak(dice);
        }
        _close(_decision);
        _judge();
        uint256 until = _governor.proposalDeadline(_decision.id) + WINDOW;
        for (uint256 step; step < STEPS && block.timestamp <= until; ++step) {
            _speak(dice);
            uint256 kind = dice.below(8);
            if (kind == 0) _leave(dice.between(1, MEMBERS));
            else if (kind == 1) _goOn(dice);
            else if (kind == 2) VM.warp(block.timestamp + dice.below(1 days));
            _compare();
        }
        _complete(dice, until);
    }

    /// @dev Founds a coalition anew, everyone's vote mature, nothing said yet.
    function _begin() private {
        delete _members;
        delete _ballots;
        delete _gone;
        delete _filed;
        delete _authors;
        delete _signers;
        _head = 0;
        _guardianKey = address(this);
        _assemble(MEMBERS, GROUPS, _plainRules());
        _statements = new MinorityStatements("Coalition", _agenda, _membership, WINDOW, STAGE);
        _authors.push(0);
        _signers.push(0);
    }

    /// @dev Everybody's ballots, some of them changed, more For than Against as a rule.
    function _vote(Dice.Stream memory dice) private {
        for (uint256 round; round < 2; ++round) {
            for (uint256 number = 1; number <= MEMBERS; ++number) {
                if (dice.below(3) == 0) continue;
                uint256 support = dice.below(4) % 3;
                if (dice.below(3) == 0) support = 1;
                _voteBy(_governor, _members[number - 1], _decision.id, uint8(support));
                _ballots[number] = support + 1;
            }
        }
    }

    function _judge() private {
        bool lost = _governor.state(_decision.id) == IGovernor.ProposalState.Defeated;
        ++_done[lost ? Kind.Lost : Kind.Passed];
    }

    /// @dev Somebody, member or not any more, files or co-signs; it goes through if and only if it may.
    function _speak(Dice.Stream memory dice) private {
        uint256 number = dice.between(1, MEMBERS);
        if (dice.below(2) == 0) _file(number, bytes32(dice.between(1, 1_000)));
        else _cosign(number, dice.below(_authors.length + 1));
    }

    function _file(uint256 number, bytes32 digest) private {
        bool may = _mayAgree(number) && _filed[number] == 0;
        bytes memory data = abi.encodeCall(_statements.file, (_decision.id, digest));
        bool done = _try(_members[number - 1], address(_statements), data);
        _requireAgreed(done, may, number, "filed");
        if (!done) return;
        ++_done[Kind.Filed];
        uint256 statement = _authors.length;
        _filed[number] = statement;
        _authors.push(number);
        _signers.push(1 << number);
        _head = RecordSeries.next(_head, keccak256(abi.encode(statement, number, digest)));
    }

    function _cosign(uint256 number, uint256 statement) private {
        bool known = statement != 0 && statement < _authors.length;
        bool may = known && _mayAgree(number) && (_signers[statement] >> number) & 1 == 0;
        bytes memory data = abi.encodeCall(_statements.cosign, (statement));
        bool done = _try(_members[number - 1], address(_statements), data);
        _requireAgreed(done, may, number, "co-signed");
        if (!done) return;
        ++_done[Kind.Cosigned];
        _signers[statement] |= 1 << number;
        _head = RecordSeries.next(_head, keccak256(abi.encode(statement, number)));
    }

    /// @dev By the record: whether a member may say something against the decision now.
    function _mayAgree(uint256 number) private view returns (bool) {
        uint256 close = _governor.proposalDeadline(_decision.id);
        bool inWindow = block.timestamp > close && block.timestamp <= close + WINDOW;
        return inWindow && _ballots[number] == 1 && !_gone[number];
    }

    function _requireAgreed(bool done, bool may, uint256 number, string memory what) private {
        assertTrue(done == may, what);
        if (done) return;
        ++_done[Kind.Refused];
        if (_ballots[number] == 1 && _gone[number]) ++_done[Kind.OfWhoLeft];
        if (block.timestamp <= _governor.proposalDeadline(_decision.id)) ++_done[Kind.BeforeClose];
        else if (block.timestamp > _governor.proposalDeadline(_decision.id) + WINDOW) ++_done[Kind.AfterWindow];
    }

    function _leave(uint256 number) private {
        if (_gone[number]) return;
        VM.prank(_members[number - 1]);
        _membership.resign();
        _gone[number] = true;
    }

    /// @dev Whatever can become of a decision that passed, as far as it is its time.
    function _goOn(Dice.Stream memory dice) private {
        uint256 kind = dice.below(4);
        if (kind == 0 && _try(address(this), address(_governor), _queueCall(_decision))) ++_done[Kind.Queued];
        if (kind == 1 && _execute(_decision)) ++_done[Kind.Executed];
        if (kind == 2 && _tryToCancel()) ++_done[Kind.Cancelled];
    }

    function _tryToCancel() private returns (bool) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(_decision);
        bytes32 digest = keccak256(bytes(_decision.description));
        bytes memory data = abi.encodeCall(
            _governorsGuardian.cancel,
            (targets, values, calldatas, digest, "a public reason")
        );
        return _try(address(this), address(_governorsGuardian), data);
    }

    /// @dev The window over, nobody says anything any more, and whatever happens the outcome stays.
    function _complete(Dice.Stream memory dice, uint256 until) private {
        if (block.timestamp <= until) {
            VM.warp(until);
            assertTrue(_statements.outcomeOf(_decision.id).record == 0, "no record before the end");
            VM.warp(until + 1);
        }
        bytes32 digest = _digestOf(_statements.outcomeOf(_decision.id));
        assertTrue(_statements.outcomeOf(_decision.id).record != 0, "a record");
        for (uint256 step; step < 12; ++step) {
            _speak(dice);
            _leave(dice.between(1, MEMBERS));
            if (dice.below(4) == 0) _goOn(dice);
            VM.warp(block.timestamp + dice.below(4 days));
            _compare();
            assertTrue(_digestOf(_statements.outcomeOf(_decision.id)) == digest, "the outcome stays");
        }
        if (_governor.state(_decision.id) == IGovernor.ProposalState.Expired) ++_done[Kind.Expired];
    }

    /// @dev Everything of an outcome but the state.
    function _digestOf(IMinorityStatements.Outcome memory outcome) private pure returns (bytes32) {
        outcome.state = IGovernor.ProposalState.Pending;
        return keccak256(abi.encode(outcome));
    }

    /// @dev Everything that can be read is what the record says.
    function _compare() private view {
        IMinorityStatements.Outcome memory outcome = _statements.outcomeOf(_decision.id);
        assertEq(outcome.statements, _authors.length - 1, "statements");
        assertEq(_statements.lastStatement(), _authors.length - 1, "last statement");
        assertEq(outcome.series, _head, "series");
        uint256[4] memory votes;
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            ++votes[_ballots[number]];
            assertEq(_statements.statementBy(_decision.id, number), _filed[number], "statement by member");
        }
        assertEq(outcome.againstVotes, votes[1], "Against");
        assertEq(outcome.forVotes, votes[2], "For");
        assertEq(outcome.abstainVotes, votes[3], "Abstain");
        for (uint256 statement = 1; statement < _authors.length; ++statement) {
            assertEq(_statements.statementOf(statement).number, _authors[statement], "author");
            uint256 signers;
            for (uint256 number = 1; number <= MEMBERS; ++number) {
                bool signed = (_signers[statement] >> number) & 1 == 1;
                assertTrue(_statements.hasSigned(statement, number) == signed, "signer");
                if (signed) ++signers;
            }
            assertEq(_statements.statementOf(statement).signers, signers, "signers");
        }
    }
}
