// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRollDesk} from "./IRollDesk.sol";

/// @title IConfirmations
/// @notice Confirmation of memberships: who has not confirmed for a {period} can be marked dormant by anyone, so that
/// keys which nobody uses any more do not stand in the way of a quorum. One word brings a dormant member back, at
/// once.
///
/// @dev Dormancy takes the vote out of the electorate of decisions opened later, and nothing else: the member stays on
/// the roll, speaks, and still votes on what was open before. The roll tells the world: see
/// {IMembership-MemberConfirmed}, {IMembership-VotePaused}, {IMembership-VoteResumed}.
interface IConfirmations is IRollDesk {
    /// @notice A signed confirmation.
    struct ConfirmRequest {
        /// The key of the member who signed.
        address account;
        /// Last second at which the confirmation is valid.
        uint256 deadline;
        bytes signature;
    }

    /// @notice The members changed how long a confirmation lasts.
    event ConfirmationPeriodChanged(uint32 oldPeriod, uint32 newPeriod);

    /// @notice A confirmation of a batch was passed over; the others went on.
    /// @param index Its place in the batch.
    /// @param reason What it reverted with; empty if it ran out of the gas that one confirmation gets.
    event ConfirmationSkipped(uint256 indexed index, address indexed account, bytes reason);

    /// @notice A batch holds 1 to `limit` entries.
    error ConfirmationsBatchSize(uint256 size, uint256 limit);

    /// @notice Less gas is left than one confirmation may need: everything is undone, rather than confirmations passed
    /// over because of who sent them.
    error ConfirmationsGasTooLow(uint256 index, uint256 gasLeft, uint256 needed);

    /// @notice Nobody among the `count` numbers is overdue: there is nothing to mark.
    error ConfirmationsNoneOverdue(uint256 count);

    /// @notice Only the desk itself may call this.
    error ConfirmationsUnauthorized(address caller);

    /// @notice Confirms the caller's membership. Any member on the roll may call, participants included. A dormant
    /// member's vote counts again from now on, without a new wait, in decisions opened later, unless something else
    /// holds it back.
    /// @dev The roll emits {IMembership-MemberConfirmed} and, for a dormant member, {IMembership-VoteResumed}. Reverts
    /// with {RollDeskNotMember}.
    function confirm() external;

    /// @notice {confirm} for a member who signed `Confirm(address account,uint256 nonce,uint256 deadline)`; a contract
    /// signs by ERC-1271. Anyone may call and pay.
    /// @dev Reverts besides with {SignedRequests-SignedRequestsExpired},
    /// {SignedRequests-SignedRequestsInvalidSignature}.
    function confirmBySig(address account, uint256 deadline, bytes calldata signature) external;

    /// @notice {confirmBySig} for many. Anyone may call and pay. A bad confirmation is reported and passed over.
    /// @dev Each gets {GAS_BY_REQUEST} at the most, so that no hostile wallet takes the batch down. Emits
    /// {ConfirmationSkipped}. Reverts with {ConfirmationsBatchSize}, {ConfirmationsGasTooLow}.
    /// @param requests 1 to 100.
    /// @return confirmed How many were confirmed.
    function confirmMany(ConfirmRequest[] calldata requests) external returns (uint256 confirmed);

    /// @notice One confirmation of a batch. Only the desk itself calls this, to be able to pass one over.
    function confirmOne(ConfirmRequest calldata request) external;

    /// @notice Marks the overdue among some members as dormant. Anyone may call. Who is not overdue, and numbers that
    /// nobody holds, are passed over, for a confirmation may come between the list and the call.
    /// @dev The roll emits {IMembership-VotePaused} for each. Reverts with {ConfirmationsBatchSize}, and with
    /// {ConfirmationsNoneOverdue} if it marked none.
    /// @param numbers 1 to 64 member numbers.
    /// @return marked How many were marked.
    function markDormant(uint256[] calldata numbers) external returns (uint256 marked);

    /// @notice Changes how long a confirmation lasts, for everybody and at once: a shorter period can make members
    /// overdue who were not. Only the timelock.
    /// @dev Emits {ConfirmationPeriodChanged}. Reverts with {RollDeskUnauthorized}, {RollDeskParameterOutOfRange}.
    /// @param newPeriod Seconds, from 4 times {IMembership-waitingFloor} to 1,096 days.
    function setPeriod(uint32 newPeriod) external;

    /// @notice How long a confirmation lasts, in seconds.
    function period() external view returns (uint32);

    /// @notice Whether a member can be marked dormant now: on the roll, the vote counts, and its confirmation is more
    /// than a {period} ago. Never reverts.
    function isOverdue(uint256 number) external view returns (bool);

    /// @notice The last second at which a member is in time: a {period} after the last confirmation, or after the vote
    /// matured or was resumed if that came later. 0 if nothing is due: nobody holds the number, or the vote is paused
    /// (participants, the dormant, the represented). Never reverts.
    function dueAt(uint256 number) external view returns (uint256);

    /// @notice Gas that one confirmation of a batch gets.
    // solhint-disable-next-line func-name-mixedcase
    function GAS_BY_REQUEST() external view returns (uint256);
}
