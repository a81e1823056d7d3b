// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IAgenda} from "../governance/IAgenda.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";

/// @title IMinorityStatements
/// @notice What those say who voted against a decision, and the record of the outcome that includes it: outputs of a
/// Dynamic Coalition carry dissenting views.
///
/// @dev Statements can be filed, and co-signed, from the first second after the close of the vote on, for a window
/// fixed at birth. Who may is read from the receipt of the member number: a ballot Against that the member cast, and
/// left so until the close. A key that a member moved to may; who left the roll may not any more. A suspended right to
/// speak is not asked for: the statement is part of the vote. Statements are numbered from 1.
///
/// Voted on is what was on the agenda and has closed, whatever became of it: a decision that the guardian cancelled
/// after the close is, a proposal that its proposer withdrew, or that never opened, is not.
interface IMinorityStatements {
    /// @notice The outcome of a decision.
    struct Outcome {
        IGovernor.ProposalState state;
        DecisionRules.Class kind;
        /// Whether the vote passed. It stays so when the decision is executed, expires or is cancelled: nobody cancels
        /// a vote that is open or was lost.
        bool passed;
        uint256 againstVotes;
        uint256 forVotes;
        uint256 abstainVotes;
        /// Last second of the vote, in seconds since 1970.
        uint48 closedAt;
        /// Last second in which statements are taken.
        uint48 statementsUntil;
        /// Number of statements, and head of their series (see {RecordSeries-next}): filings and co-signatures in their
        /// order.
        uint32 statements;
        uint256 series;
        /// Whether the window is over: nothing of this changes any more but the state.
        bool complete;
        /// What later documents cite: keccak256(abi.encode(block.chainid, address(this), proposalId, kind, passed,
        /// againstVotes, forVotes, abstainVotes, closedAt, statementsUntil, statements, series)); 0 until complete.
        bytes32 record;
    }

    /// @notice A filed statement.
    struct Statement {
        uint256 proposalId;
        /// Member number of who filed it.
        uint32 number;
        uint48 filedAt;
        /// Last second in which it can be co-signed.
        uint48 until;
        /// Members who stand behind it, who filed it included.
        uint32 signers;
        /// Digest (sha2-256) of its text.
        bytes32 digest;
    }

    /// @notice A co-signature that others bring: the EIP-712 message
    /// `Cosign(address account,uint256 statement,uint256 nonce,uint256 deadline)`.
    struct Cosignature {
        address account;
        uint256 deadline;
        bytes signature;
    }

    /// @notice A statement was filed. Its record in the decision's series is
    /// keccak256(abi.encode(statement, number, digest)).
    /// @param until Last second in which statements on the decision are taken.
    event StatementFiled(
        uint256 indexed proposalId,
        uint256 indexed statement,
        uint256 indexed number,
        bytes32 digest,
        uint48 until
    );

    /// @notice A member stands behind a statement. Its record in the decision's series is
    /// keccak256(abi.encode(statement, number)).
    /// @param signers Members who stand behind it by now, who filed it included.
    event StatementCosigned(
        uint256 indexed proposalId,
        uint256 indexed statement,
        uint256 indexed number,
        uint256 signers
    );

    /// @notice A co-signature of a batch was passed over; the others went on.
    /// @param index Its place in the batch.
    /// @param reason The error it met; empty if its wallet used up its gas.
    event CosignatureSkipped(uint256 indexed statement, address indexed account, uint256 index, bytes reason);

    /// @notice Statements are about what was voted on: the vote has not closed, or never opened.
    error MinorityStatementsNotDecided(uint256 proposalId, IGovernor.ProposalState current);

    /// @notice Statements on the decision were taken until `until`.
    error MinorityStatementsClosed(uint256 proposalId, uint48 until);

    /// @notice The account is not a member who voted against the decision.
    /// @param receipt What the member's ballot was, see {ICoalitionGovernor-receiptOf}; 0 for who is not on the roll.
    error MinorityStatementsNotAgainst(uint256 proposalId, address account, uint256 receipt);

    /// @notice The member has filed a statement on this decision.
    error MinorityStatementsFiled(uint256 proposalId, uint256 number, uint256 statement);

    /// @notice The member stands behind this statement.
    error MinorityStatementsCosigned(uint256 statement, uint256 number);

    /// @notice A statement has a text: its digest is not zero.
    error MinorityStatementsNoText();

    /// @notice There is no such statement.
    error MinorityStatementsUnknown(uint256 statement, uint256 last);

    /// @notice A batch holds 1 to `limit` co-signatures.
    error MinorityStatementsBatchSize(uint256 size, uint256 limit);

    /// @notice Less gas is left than one co-signature may use: everything is undone.
    error MinorityStatementsGasTooLow(uint256 index, uint256 gasLeft, uint256 needed);

    /// @notice The window is not within its range, in seconds.
    error MinorityStatementsWindowOutOfRange(uint256 window, uint256 min, uint256 max);

    /// @notice Files a statement on a decision. A member who voted against it; one a decision.
    /// @dev Emits {StatementFiled}. Reverts with `GovernorNonexistentProposal`, {MinorityStatementsNotDecided},
    /// {MinorityStatementsClosed}, {MinorityStatementsNotAgainst}, {MinorityStatementsFiled},
    /// {MinorityStatementsNoText}.
    /// @param digest sha2-256 of its text.
    function file(uint256 proposalId, bytes32 digest) external returns (uint256 statement);

    /// @notice {file} for a member who signed `FileStatement(address account,uint256 proposalId,bytes32 digest,uint256
    /// nonce,uint256 deadline)`. Anyone may call and pay.
    /// @dev Reverts also with {SignedRequests-SignedRequestsExpired}, {SignedRequests-SignedRequestsInvalidSignature}.
    function fileBySig(
        address account,
        uint256 proposalId,
        bytes32 digest,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 statement);

    /// @notice Stands behind a statement. A member who voted against the decision.
    /// @dev Emits {StatementCosigned}. Reverts with {MinorityStatementsUnknown}, {MinorityStatementsClosed},
    /// {MinorityStatementsNotAgainst}, {MinorityStatementsCosigned}.
    function cosign(uint256 statement) external;

    /// @notice {cosign} for a member who signed, see {Cosignature}. Anyone may call and pay.
    /// @dev Reverts also with {SignedRequests-SignedRequestsExpired}, {SignedRequests-SignedRequestsInvalidSignature}.
    function cosignBySig(uint256 statement, Cosignature calldata signed) external;

    /// @notice {cosignBySig} for many. Anyone may call and pay; what cannot be done is passed over.
    /// @dev Emits {StatementCosigned} or {CosignatureSkipped} for each. Reverts with {MinorityStatementsBatchSize},
    /// {MinorityStatementsGasTooLow}, and with {MinorityStatementsUnknown} or {MinorityStatementsClosed} where none
    /// could be done.
    /// @param signatures 1 to 100.
    /// @return done How many were taken.
    function cosignMany(uint256 statement, Cosignature[] calldata signatures) external returns (uint256 done);

    /// @notice The outcome of a decision with what was said against it. Reverts with {MinorityStatementsNotDecided},
    /// `GovernorNonexistentProposal`.
    function outcomeOf(uint256 proposalId) external view returns (Outcome memory);

    /// @notice A statement. Reverts with {MinorityStatementsUnknown}.
    function statementOf(uint256 statement) external view returns (Statement memory);

    /// @notice The statement that a member filed on a decision, 0 for none.
    function statementBy(uint256 proposalId, uint256 number) external view returns (uint256);

    /// @notice Whether a member stands behind a statement.
    function hasSigned(uint256 statement, uint256 number) external view returns (bool);

    /// @notice How many statements were filed.
    function lastStatement() external view returns (uint256);

    /// @notice Seconds after the close of a vote in which statements are taken.
    function window() external view returns (uint256);

    /// @notice The agenda of the governor whose decisions statements are about.
    function agenda() external view returns (IAgenda);
}
