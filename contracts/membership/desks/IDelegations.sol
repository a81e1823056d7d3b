// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRollDesk} from "./IRollDesk.sol";

/// @title IDelegations
/// @notice Delegation of votes within a stakeholder group: to a member who takes delegations, until a moment, one
/// step, and overridden on any open decision by voting oneself.
///
/// A delegation says whose ballots count for a member's vote *where the member casts none*. It is fixed for a
/// decision when that opens; the member's own ballot is what counts for their vote whether it comes before or after
/// the delegate's.
///
/// @dev A delegation ends at a boundary of the calendar: multiples of {STEP} since 1970, 24 of them ahead at the
/// most. What a member receives is one word at every change, see {DelegationCalendar}: what ended by itself needs no
/// act of anybody, and every past moment is answered from one slot.
///
/// A delegation is void at moments at which the delegate's vote does not count in the group that it was given in: the
/// member's vote is then the member's own. Nothing is passed on: who has delegated and takes delegations casts, by
/// voting, their own vote and those received.
interface IDelegations is IRollDesk {
    /// @notice A member takes delegations of up to `limit` votes from now on. 0: no new ones.
    event DelegationLimitSet(uint256 indexed number, uint8 limit);

    /// @notice A member's ballots count by another's from now on, in decisions opened from now on and before `ends`.
    event VoteDelegated(uint256 indexed delegator, uint256 indexed delegate, uint48 ends);

    /// @notice A member's vote is the member's own again, in decisions opened from now on.
    event DelegationEnded(uint256 indexed delegator, uint256 indexed delegate);

    /// @notice The members changed how many votes one member can receive.
    event DelegationCapChanged(uint8 oldCap, uint8 newCap);

    /// @notice Only the roll may call this.
    error DelegationsUnauthorized(address caller, address roll);

    /// @notice Votes are delegated within a group.
    error DelegationsOtherGroup(uint256 delegatorGroup, uint256 delegateGroup);

    /// @notice The member takes no more delegations than `limit`, and has them: see {limitOf}.
    error DelegationsFull(uint256 number, uint256 limit);

    /// @notice A delegation ends at a boundary of the calendar, 24 steps away at the most.
    /// @param ends The moment asked for, rounded down to the calendar.
    error DelegationsEndOutOfRange(uint256 ends, uint256 min, uint256 max);

    /// @notice The member's vote is not delegated to who declines it.
    /// @param delegate To whom it is; 0 for nobody.
    error DelegationsNotReceived(uint256 number, uint256 delegate);

    /// @notice Votes are not delegated to nobody. To take a vote back, delegate to oneself.
    error DelegationsZeroDelegate();

    /// @notice Takes delegations of up to a number of votes, or none any more. Any member may call, for themselves:
    /// nobody's ballots become heavier, or dearer to cast, without their consent. Delegations that were given stay.
    /// @dev Emits {DelegationLimitSet}. Reverts with {RollDeskNotMember}, {RollDeskParameterOutOfRange}.
    /// @param limit 0 to {cap}.
    function takeDelegations(uint8 limit) external;

    /// @notice {takeDelegations} for a member who signed `TakeDelegations(address account,uint8 limit,uint256
    /// nonce,uint256 deadline)`. Anyone may call and pay.
    function takeDelegationsBySig(address account, uint8 limit, uint256 deadline, bytes calldata signature) external;

    /// @notice Ends what a member delegated to the caller, for decisions opened from now on: its vote is its own again.
    /// The delegate alone may call, void or not, so that nobody fills the places that others want. Whoever was declined
    /// can delegate again, as long as the delegate has room.
    /// @dev Emits {DelegationEnded}; the roll emits ERC-5805's events, if the delegation was not void. Reverts with
    /// {RollDeskNotMember}, {DelegationsNotReceived}.
    /// @param number The member whose vote it is.
    function decline(uint256 number) external;

    /// @notice {decline} for a member who signed `Decline(address account,uint256 number,uint256 nonce,uint256
    /// deadline)`. Anyone may call and pay.
    function declineBySig(address account, uint256 number, uint256 deadline, bytes calldata signature) external;

    /// @notice Delegates the caller's vote until a moment. ERC-5805's `delegate` of the roll does so until the last
    /// moment possible.
    /// @dev Emits {VoteDelegated}, or {DelegationEnded} where the delegatee is the caller; the roll emits ERC-5805's
    /// events. Reverts with {RollDeskRefused} if either's vote does not count now, {DelegationsOtherGroup},
    /// {DelegationsFull}, {DelegationsEndOutOfRange}, {DelegationsZeroDelegate}.
    /// @param delegatee A key of a member of the same group who takes delegations; the caller's own to take the vote
    /// back.
    /// @param ends Seconds since 1970, rounded down to a multiple of {STEP}; ignored when a vote is taken back.
    function delegateUntil(address delegatee, uint48 ends) external;

    /// @notice {delegateUntil} for a member who signed `Delegate(address delegator,address delegatee,uint48
    /// ends,uint256 nonce,uint256 deadline)`; a contract signs by ERC-1271. Anyone may call and pay.
    function delegateUntilBySig(
        address delegator,
        address delegatee,
        uint48 ends,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice ERC-5805's `delegate`, passed on by the roll, which alone may call.
    function delegateFor(address delegator, address delegatee) external;

    /// @notice ERC-5805's `delegateBySig`, passed on by the roll, which alone may call: OpenZeppelin's message
    /// `Delegation(address delegatee,uint256 nonce,uint256 expiry)` under this contract's domain.
    /// @dev Reverts with `VotesExpiredSignature` and `InvalidAccountNonce` as OpenZeppelin's `Votes` has it.
    function delegateForSigner(
        address delegatee,
        uint256 nonce,
        uint256 expiry,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Ends what a member delegated, because the member's vote stops counting, counts in another group, or is
    /// suspended. Only the roll may call.
    function release(uint256 delegator) external;

    /// @notice Changes how many votes one member can receive. Only the timelock. What was given stays.
    /// @dev Emits {DelegationCapChanged}. Reverts with {RollDeskUnauthorized}, {RollDeskParameterOutOfRange}.
    /// @param newCap 0 (nobody delegates any more) to 100.
    function setCap(uint8 newCap) external;

    /// @notice Who votes for a member number where it casts no ballot, and how many votes it received, at a moment up
    /// to now. Never reverts.
    /// @param number A member number whose vote counted at that moment.
    /// @param group The group in which it did.
    /// @param timepoint Seconds since 1970.
    /// @return delegate Member number of the delegate; 0 if none.
    /// @return received Votes of others that its ballots count for.
    function delegationAt(
        uint256 number,
        uint256 group,
        uint48 timepoint
    ) external view returns (uint256 delegate, uint256 received);

    /// @notice What a member delegated, whether it is void now or not: the delegate's number and the end; 0 and 0 if
    /// nothing, or if it has ended.
    function delegationOf(uint256 number) external view returns (uint256 delegate, uint48 ends);

    /// @notice How many votes a member takes: the limit that the member set, or {cap} where that is less.
    function limitOf(uint256 number) external view returns (uint256);

    /// @notice How many votes one member can receive at the most.
    function cap() external view returns (uint8);

    /// @notice Distance of the boundaries at which delegations end, in seconds.
    // solhint-disable-next-line func-name-mixedcase
    function STEP() external view returns (uint48);

    /// @notice The last moment until which a vote can be delegated now.
    function longestEnd() external view returns (uint48);
}
