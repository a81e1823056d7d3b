// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IRollOperations
/// @notice What the roll's desks may do to it, each its own part and nothing else.
///
/// A desk is a contract of the roll's own that judges an act of a member (a signed request, a recovery, a claim) and
/// then asks the roll to write it down. The six desks are named when the roll is born and never change; nobody owns
/// them. A desk can neither give a vote to a key without a member number, nor end a membership against the member's
/// will, nor change a past answer.
interface IRollOperations {
    /// @notice The desks of a roll.
    struct Desks {
        /// Requests by signature: joining, resigning, changing keys. See {IMemberDesk}.
        address requests;
        /// Yearly confirmation, dormancy. See {IConfirmations}.
        address confirmations;
        /// Recovery of lost keys. See {IKeyRecovery}.
        address recovery;
        /// Organisations and who is affiliated with them. See {IAffiliations}.
        address affiliations;
        /// Group changes, and challenges of what a member claims. See {IClaims}.
        address claims;
        /// Delegation of votes. See {IDelegations}.
        address delegations;
    }

    /// @notice This desk, or this account, may not do that to the roll.
    error RollOperationsUnauthorized(address caller);

    /// @notice The desks of this roll, fixed at birth.
    function desks() external view returns (Desks memory);

    /// @notice Joins the roll for a key that asked a desk. Only `requests`, and `affiliations`: what joins through it
    /// is an organisation. Emits and reverts like {IMembership-join}.
    function joinFor(
        address account,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence
    ) external returns (uint256 number);

    /// @notice Resigns for a key that asked a desk. Only `requests`. Emits and reverts like {IMembership-resign}.
    function resignFor(address key) external;

    /// @notice Moves a member number to another key; the desk has its consent. Only `requests`, `recovery` and
    /// `affiliations`.
    /// @dev Emits `Transfer` and {IMembership-KeyRotated}. Reverts with {RollOperationsUnauthorized},
    /// {IMembership-MembershipUnknownNumber}, {IMembership-MembershipAlreadyMember}, {IMembership-MembershipKeyBarred}.
    function moveKey(uint256 number, address newKey) external;

    /// @notice Moves a member to another stakeholder group. Only `claims`. Open decisions keep the group that they
    /// opened with.
    /// @dev Emits {IMembership-GroupChanged}. Reverts with {RollOperationsUnauthorized},
    /// {IMembership-MembershipUnknownNumber}, {IMembership-MembershipUnknownGroup}.
    function moveGroup(uint256 number, uint8 group) external;

    /// @notice Takes a member's vote out of the electorate for now, or gives it back at once. Only `confirmations`, for
    /// {IMembership-Pause} `Dormant`, and `affiliations`, for `Represented`. Open decisions keep their electorate.
    /// @dev Does nothing where it is so already. Emits {IMembership-VotePaused} or {IMembership-VoteResumed}. Reverts
    /// with {RollOperationsUnauthorized}, {IMembership-MembershipUnknownNumber}.
    function setPaused(uint256 number, bool paused) external;

    /// @notice Writes down that a member confirmed the membership now. Only `confirmations`.
    /// @dev Emits {IMembership-MemberConfirmed}. Reverts with {RollOperationsUnauthorized},
    /// {IMembership-MembershipUnknownNumber}.
    function recordConfirmation(uint256 number) external;

    /// @notice Writes down that a member delegated, took back, or moved a vote, and tells the world by ERC-5805's
    /// events. Only `delegations`.
    /// @param delegator The member number whose vote it is.
    /// @param oldDelegate Whose ballots counted for it until now; 0 if the member's own.
    /// @param newDelegate Whose ballots count for it from now on; 0 if the member's own.
    function recordDelegation(uint256 delegator, uint256 oldDelegate, uint256 newDelegate) external;

    /// @notice Writes down that a member takes delegations, so that the ballots of those who do not stay as cheap as
    /// they are. Only `delegations`.
    function recordDelegate(uint256 number) external;
}
