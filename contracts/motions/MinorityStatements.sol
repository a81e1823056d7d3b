// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAgenda} from "../governance/IAgenda.sol";
import {ICoalitionGovernor} from "../governance/ICoalitionGovernor.sol";
import {RecordSeries} from "../libraries/RecordSeries.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IMinorityStatements} from "./IMinorityStatements.sol";

/// @title MinorityStatements
/// @notice See {IMinorityStatements}.
contract MinorityStatements is IMinorityStatements, SignedRequests {
    using BitMaps for BitMaps.BitMap;
    using RecordSeries for RecordSeries.Series;

    /// @dev What was said on one decision.
    struct Dissent {
        RecordSeries.Series series;
        uint32 statements;
        mapping(uint256 number => uint256 statement) filed;
    }

    /// @dev A statement; everything of it but its decision and its text is in one slot.
    struct Paper {
        Statement statement;
        /// By member number, who filed it included.
        BitMaps.BitMap signers;
    }

    uint256 private constant MAX_WINDOW = 90 days;
    uint256 private constant MAX_BATCH = 100;

    /// @dev Gas that a co-signature of a batch gets: it needs up to 100,000, a wallet that is a contract the rest.
    uint256 private constant GAS_BY_COSIGNATURE = 300_000;

    /// @dev See {ICoalitionGovernor-receiptOf}.
    uint256 private constant AGAINST = 1;

    bytes32 private constant FILE_TYPEHASH = keccak256(
        "FileStatement(address account,uint256 proposalId,bytes32 digest,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant COSIGN_TYPEHASH = keccak256(
        "Cosign(address account,uint256 statement,uint256 nonce,uint256 deadline)"
    );

    IAgenda private immutable AGENDA;
    IMembership private immutable ROLL;
    uint32 private immutable WINDOW;

    uint256 private _lastStatement;
    mapping(uint256 statement => Paper) private _papers;
    mapping(uint256 proposalId => Dissent) private _dissents;

    /// @param name_ See {SignedRequests}.
    /// @param agenda_ The agenda of the governor, which may be bound later.
    /// @param roll The roll whose members vote.
    /// @param window_ See {IMinorityStatements-window}: from the shortest stage to 90 days.
    /// @param shortestStage The shortest stage of a decision that can ever be set, in seconds.
    constructor(
        string memory name_,
        IAgenda agenda_,
        IMembership roll,
        uint32 window_,
        uint32 shortestStage
    ) SignedRequests(name_) {
        if (window_ < shortestStage || window_ > MAX_WINDOW) {
            revert MinorityStatementsWindowOutOfRange(window_, shortestStage, MAX_WINDOW);
        }
        (AGENDA, ROLL, WINDOW) = (agenda_, roll, window_);
    }

    /// @inheritdoc IMinorityStatements
    function file(uint256 proposalId, bytes32 digest) external returns (uint256 statement) {
        return _file(msg.sender, proposalId, digest);
    }

    /// @inheritdoc IMinorityStatements
    function fileBySig(
        address account,
        uint256 proposalId,
        bytes32 digest,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 statement) {
        bytes32 structHash = keccak256(
            abi.encode(FILE_TYPEHASH, account, proposalId, digest, _useNonce(account), deadline)
        );
        _requireSignature(account, structHash, deadline, signature);
        return _file(account, proposalId, digest);
    }

    /// @inheritdoc IMinorityStatements
    function cosign(uint256 statement) external {
        _cosign(msg.sender, statement);
    }

    /// @inheritdoc IMinorityStatements
    function cosignBySig(uint256 statement, Cosignature calldata signed) external {
        address account = signed.account;
        bytes32 structHash = keccak256(
            abi.encode(COSIGN_TYPEHASH, account, statement, _useNonce(account), signed.deadline)
        );
        _requireSignature(account, structHash, signed.deadline, signed.signature);
        _cosign(account, statement);
    }

    /// @inheritdoc IMinorityStatements
    function cosignMany(uint256 statement, Cosignature[] calldata signatures) external returns (uint256 done) {
        if (signatures.length == 0 || signatures.length > MAX_BATCH) {
            revert MinorityStatementsBatchSize(signatures.length, MAX_BATCH);
        }
        _requireOpen(statement);
        // EIP-150: a call gets 63/64 of what is left at the most.
        uint256 needed = GAS_BY_COSIGNATURE + GAS_BY_COSIGNATURE / 32;
        // bound: a batch, 100 co-signatures
        for (uint256 i; i < signatures.length; ++i) {
            if (gasleft() < needed) revert MinorityStatementsGasTooLow(i, gasleft(), needed);
            try this.cosignBySig{gas: GAS_BY_COSIGNATURE}(statement, signatures[i]) {
                ++done;
            } catch (bytes memory reason) {
                emit CosignatureSkipped(statement, signatures[i].account, i, reason);
            }
        }
    }

    /// @inheritdoc IMinorityStatements
    function outcomeOf(uint256 proposalId) external view returns (Outcome memory outcome) {
        (ICoalitionGovernor governor, IGovernor.ProposalState current) = _requireDecided(proposalId);
        outcome.state = current;
        (outcome.kind, ) = governor.proposalRules(proposalId);
        outcome.passed = current != IGovernor.ProposalState.Defeated;
        (outcome.againstVotes, outcome.forVotes, outcome.abstainVotes) = governor.proposalVotes(proposalId);
        (outcome.closedAt, outcome.statementsUntil) = _hours(governor, proposalId);
        outcome.statements = _dissents[proposalId].statements;
        outcome.series = _dissents[proposalId].series.head;
        outcome.complete = block.timestamp > outcome.statementsUntil;
        if (outcome.complete) outcome.record = _recordOf(proposalId, outcome);
    }

    /// @inheritdoc IMinorityStatements
    function statementOf(uint256 statement) external view returns (Statement memory) {
        return _paperOf(statement).statement;
    }

    /// @inheritdoc IMinorityStatements
    function statementBy(uint256 proposalId, uint256 number) external view returns (uint256) {
        return _dissents[proposalId].filed[number];
    }

    /// @inheritdoc IMinorityStatements
    function hasSigned(uint256 statement, uint256 number) external view returns (bool) {
        return _papers[statement].signers.get(number);
    }

    /// @inheritdoc IMinorityStatements
    function lastStatement() external view returns (uint256) {
        return _lastStatement;
    }

    /// @inheritdoc IMinorityStatements
    function window() external view returns (uint256) {
        return WINDOW;
    }

    /// @inheritdoc IMinorityStatements
    function agenda() external view returns (IAgenda) {
        return AGENDA;
    }

    function _file(address account, uint256 proposalId, bytes32 digest) private returns (uint256 statement) {
        if (digest == 0) revert MinorityStatementsNoText();
        (ICoalitionGovernor governor, ) = _requireDecided(proposalId);
        (, uint48 until) = _hours(governor, proposalId);
        if (block.timestamp > until) revert MinorityStatementsClosed(proposalId, until);
        uint256 number = _requireAgainst(governor, proposalId, account);
        Dissent storage dissent = _dissents[proposalId];
        statement = dissent.filed[number];
        if (statement != 0) revert MinorityStatementsFiled(proposalId, number, statement);
        statement = ++_lastStatement;
        dissent.filed[number] = statement;
        ++dissent.statements;
        dissent.series.append(keccak256(abi.encode(statement, number, digest)));
        Paper storage paper = _papers[statement];
        paper.statement = Statement({
            proposalId: proposalId,
            number: uint32(number),
            filedAt: uint48(block.timestamp),
            until: until,
            signers: 1,
            digest: digest
        });
        paper.signers.set(number);
        emit StatementFiled(proposalId, statement, number, digest, until);
    }

    function _cosign(address account, uint256 statement) private {
        Paper storage paper = _requireOpen(statement);
        uint256 proposalId = paper.statement.proposalId;
        uint256 number = _requireAgainst(AGENDA.governor(), proposalId, account);
        if (paper.signers.get(number)) revert MinorityStatementsCosigned(statement, number);
        paper.signers.set(number);
        uint256 signers = ++paper.statement.signers;
        _dissents[proposalId].series.append(keccak256(abi.encode(statement, number)));
        emit StatementCosigned(proposalId, statement, number, signers);
    }

    /// @dev A statement that can be co-signed. There is none on what was not decided, and a decision stays decided, so
    /// the end of its window is all there is to ask for.
    function _requireOpen(uint256 statement) private view returns (Paper storage paper) {
        paper = _paperOf(statement);
        uint48 until = paper.statement.until;
        if (block.timestamp > until) revert MinorityStatementsClosed(paper.statement.proposalId, until);
    }

    function _paperOf(uint256 statement) private view returns (Paper storage) {
        if (statement == 0 || statement > _lastStatement) revert MinorityStatementsUnknown(statement, _lastStatement);
        return _papers[statement];
    }

    /// @dev The member number of an account that is on the roll and voted against a decision.
    function _requireAgainst(
        ICoalitionGovernor governor,
        uint256 proposalId,
        address account
    ) private view returns (uint256 number) {
        number = ROLL.numberOf(account);
        uint256 receipt = number == 0 ? 0 : governor.receiptOf(proposalId, number);
        if (receipt != AGAINST) revert MinorityStatementsNotAgainst(proposalId, account, receipt);
    }

    /// @dev Reverts unless a decision was voted on and has closed.
    function _requireDecided(
        uint256 proposalId
    ) private view returns (ICoalitionGovernor governor, IGovernor.ProposalState current) {
        governor = AGENDA.governor();
        current = IGovernor(address(governor)).state(proposalId);
        bool closed = current != IGovernor.ProposalState.Pending && current != IGovernor.ProposalState.Active;
        // What is not on the agenda is defeated from its opening on, without a vote.
        closed = closed && AGENDA.isAdmitted(proposalId);
        // Cancelled are those that were withdrawn before their opening, and by the guardian those that had passed.
        if (closed && current == IGovernor.ProposalState.Canceled) closed = _hasBallots(governor, proposalId);
        if (!closed) revert MinorityStatementsNotDecided(proposalId, current);
    }

    function _hasBallots(ICoalitionGovernor governor, uint256 proposalId) private view returns (bool) {
        (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) = governor.proposalVotes(proposalId);
        return againstVotes + forVotes + abstainVotes != 0;
    }

    /// @dev The last second of the vote, and the last one of the window.
    function _hours(
        ICoalitionGovernor governor,
        uint256 proposalId
    ) private view returns (uint48 closedAt, uint48 until) {
        closedAt = uint48(IGovernor(address(governor)).proposalDeadline(proposalId));
        until = closedAt + WINDOW;
    }

    /// @dev See {IMinorityStatements-Outcome}. Written in parts, for the whole would be more than the stack holds.
    function _recordOf(uint256 proposalId, Outcome memory outcome) private view returns (bytes32) {
        return
            keccak256(
                bytes.concat(
                    abi.encode(block.chainid, address(this), proposalId, outcome.kind, outcome.passed),
                    abi.encode(outcome.againstVotes, outcome.forVotes, outcome.abstainVotes),
                    abi.encode(outcome.closedAt, outcome.statementsUntil, outcome.statements, outcome.series)
                )
            );
    }
}
