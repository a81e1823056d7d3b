// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRollDesk} from "./IRollDesk.sol";

/// @title IMemberDesk
/// @notice What a member asks of the roll by signature, so that somebody else can pay: joining, alone or many at once,
/// resigning, and moving to a new key, which needs the new key's signature in any case.
interface IMemberDesk is IRollDesk {
    /// @notice A signed request to join.
    struct JoinRequest {
        /// The key that joins and signed.
        address account;
        uint8 group;
        bytes32 codeDigest;
        bytes evidence;
        /// Last second at which the request is valid.
        uint256 deadline;
        bytes signature;
    }

    /// @notice A request of a batch was passed over; the others went on.
    /// @param index Its place in the batch.
    /// @param reason What it reverted with; empty if it ran out of the gas that one request gets.
    event JoinSkipped(uint256 indexed index, address indexed account, bytes reason);

    /// @notice A batch holds 1 to `limit` requests.
    error MemberDeskBatchSize(uint256 size, uint256 limit);

    /// @notice Less gas is left than one request may need: everything is undone, rather than requests passed over
    /// because of who sent them.
    error MemberDeskGasTooLow(uint256 index, uint256 gasLeft, uint256 needed);

    /// @notice Only the desk itself may call this.
    error MemberDeskUnauthorized(address caller);

    /// @notice Joins the roll for a key that signed the request. Anyone may call and pay.
    /// @dev The key signs the EIP-712 message
    /// `Join(address account,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)` with its
    /// current `nonces(account)`; a contract answers by ERC-1271. Emits and reverts like {IMembership-join}, and
    /// reverts with {SignedRequests-SignedRequestsExpired} and {SignedRequests-SignedRequestsInvalidSignature}.
    /// @return number The member number.
    function joinBySig(
        address account,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 number);

    /// @notice {joinBySig} for many. Anyone may call and pay. A bad request is reported and passed over.
    /// @dev Each request gets {GAS_BY_REQUEST} at the most, so that no hostile wallet or policy takes the batch down.
    /// Emits {JoinSkipped}. Reverts with {MemberDeskBatchSize}, {MemberDeskGasTooLow}.
    /// @param requests 1 to 100. All of them fit into a transaction (EIP-7825: 16,777,216 gas) if they are plain, 50 if
    /// every key comes back with a past, and 31 whatever wallets and policy do. Simulate before sending.
    /// @return joined How many joined.
    function joinMany(JoinRequest[] calldata requests) external returns (uint256 joined);

    /// @notice One request of a batch. Only the desk itself calls this, to be able to pass a request over.
    function joinOne(JoinRequest calldata request) external;

    /// @notice Resigns for a member who signed `Resign(address account,uint256 nonce,uint256 deadline)`. Anyone may
    /// call and pay. Emits and reverts like {IMembership-resign}.
    function resignBySig(address account, uint256 deadline, bytes calldata signature) external;

    /// @notice Moves the caller's membership to a new key. Ballots stay with the number.
    /// @dev The new key consents by the EIP-712 message
    /// `Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)` with its own nonce, so that no seat can
    /// be forced on anyone or be lost to a mistyped address. The roll emits `Transfer` and {IMembership-KeyRotated}.
    /// Reverts with {RollDeskNotMember}, {IMembership-MembershipAlreadyMember}, {IMembership-MembershipKeyBarred},
    /// {SignedRequests-SignedRequestsExpired}, {SignedRequests-SignedRequestsInvalidSignature}.
    function rotateKey(address newKey, uint256 deadline, bytes calldata signature) external;

    /// @notice {rotateKey} for a member who signed the same message as the new key, with a nonce of their own. Anyone
    /// may call and pay.
    function rotateKeyBySig(
        address oldKey,
        address newKey,
        uint256 deadline,
        bytes calldata oldSignature,
        bytes calldata newSignature
    ) external;

    /// @notice Gas that one request of a batch gets.
    // solhint-disable-next-line func-name-mixedcase
    function GAS_BY_REQUEST() external view returns (uint256);
}
