// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IMotionActs
/// @notice What members do about motions and amendments, signed by them and brought by anyone, one by one or by the
/// hundred: members need no ether.
interface IMotionActs {
    /// @notice What a member does. Each is a function of the contract that takes it; the EIP-712 messages are
    /// `TableMotion(address account,uint256 motion,uint256 revision,uint256 nonce,uint256 deadline)`,
    /// `WithdrawMotion(…)` and `EndorseMotion(…)` with the same fields,
    /// `ObjectToMotion(address account,uint256 motion,bytes32 reason,uint256 nonce,uint256 deadline)`, and for
    /// amendments `AcceptAmendment(address account,uint256 amendment,uint256 version,uint256 nonce,uint256 deadline)`,
    /// `WithdrawAmendment(…)` with the same fields,
    /// `ObjectToAmendment(address account,uint256 amendment,bytes32 reason,uint256 nonce,uint256 deadline)`.
    enum ActKind {
        Table,
        Withdraw,
        Endorse,
        Object,
        Accept
    }

    struct Act {
        ActKind kind;
        address account;
        /// Number of the motion, or the amendment.
        uint256 subject;
        /// The revision of the motion or the version of the amendment, or the digest of the reason.
        bytes32 value;
        /// Last second at which it is valid.
        uint256 deadline;
        bytes signature;
    }

    /// @notice An act of a batch was passed over; the others went on.
    /// @param index Its place in the batch.
    /// @param reason What it reverted with.
    event ActSkipped(uint256 indexed index, address indexed account, bytes reason);

    /// @notice Nothing of this kind is done here.
    error MotionActsUnknownKind(ActKind kind);

    /// @notice A batch holds 1 to `limit` acts.
    error MotionActsBatchSize(uint256 size, uint256 limit);

    /// @notice Less gas is left than one act may use: everything is undone, rather than an act passed over because of
    /// who brought it.
    error MotionActsGasTooLow(uint256 index, uint256 available, uint256 needed);

    /// @notice Only the contract itself may call this.
    error MotionActsUnauthorized(address caller);

    /// @notice Does what a member signed. Anyone may call and pay. Reverts as the act itself, with
    /// {SignedRequests-SignedRequestsExpired} and {SignedRequests-SignedRequestsInvalidSignature}.
    function actBySig(Act calldata act) external;

    /// @notice Does what members signed, and passes over what cannot be done. Anyone may call and pay.
    /// @dev Emits {ActSkipped}. Reverts with {MotionActsBatchSize}, {MotionActsGasTooLow}.
    /// @param acts 1 to 100.
    /// @return done How many were done.
    function actMany(Act[] calldata acts) external returns (uint256 done);

    /// @notice {actBySig} for a batch; only the contract itself.
    function actOne(Act calldata act) external;
}
