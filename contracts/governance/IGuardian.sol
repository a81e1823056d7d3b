// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IGuardian
/// @notice A key that can cancel, or delay once, what was decided and not yet carried out, with a public reason, until
/// a sunset date; and nothing else. A coalition without a guardian has one without a key. The members can dismiss it at
/// any time, and it can do nothing against that.
interface IGuardian {
    /// @notice The guardian cancelled a decision.
    event DecisionCancelled(uint256 indexed proposalId, string reason);

    /// @notice The guardian delayed a decision.
    event DecisionDelayed(uint256 indexed proposalId, string reason);

    /// @notice The members dismissed the guardian, for good.
    event GuardianDismissed();

    /// @notice The guardian serves a governor from now on, for good.
    event GovernorBound(address indexed governor);

    /// @notice The guardian serves a governor already.
    error GuardianBound(address governor);

    /// @notice Only the guardian's key, or the timelock, may call this.
    error GuardianUnauthorized(address caller, address expected);

    /// @notice The guardian was dismissed, or its time is over.
    error GuardianOver(uint256 current, uint256 sunset);

    /// @notice The reason is empty or longer than `limit` bytes.
    error GuardianReasonInvalid(uint256 length, uint256 limit);

    /// @notice This is the decision to dismiss the guardian; it cannot stand in its way.
    error GuardianCannotStay(uint256 proposalId);

    /// @notice A guardian serves for `limit` seconds at the most.
    error GuardianTermOutOfRange(uint256 term, uint256 limit);

    /// @notice Binds the guardian to the governor that calls it, once.
    function bind(address timelock) external;

    /// @notice Cancels a decision that passed. Only the guardian's key, until the sunset.
    /// @dev Emits {DecisionCancelled}; the governor emits `ProposalCanceled`. Reverts with {GuardianUnauthorized},
    /// {GuardianOver}, {GuardianReasonInvalid}, {GuardianCannotStay}, `GovernorUnableToCancel`.
    /// @param reason 1 to 1,024 bytes.
    function cancel(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash,
        string calldata reason
    ) external;

    /// @notice Delays the execution of a queued decision by its own delay, once. Only the guardian's key, until the
    /// sunset.
    /// @dev Emits {DecisionDelayed}; the governor emits {ICoalitionGovernor-ProposalPostponed}. Reverts like {cancel},
    /// and like {ICoalitionGovernor-postpone}.
    /// @param reason 1 to 1,024 bytes.
    function delay(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash,
        string calldata reason
    ) external;

    /// @notice Dismisses the guardian. Only the timelock.
    /// @dev Emits {GuardianDismissed}. Reverts with {GuardianUnauthorized}.
    function dismiss() external;

    /// @notice The key that acts; zero once dismissed.
    function key() external view returns (address);

    /// @notice The last second in which it can act.
    function sunset() external view returns (uint48);
}
