// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IMembership} from "../membership/IMembership.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title IAgenda
/// @notice What opens for the vote: a proposal that enough members of enough stakeholder groups endorse before its
/// opening, as long as its proposer has a place left. A place is free again at the close that was foreseen when it was
/// taken.
interface IAgenda {
    /// @notice A member endorsed a proposal.
    /// @param endorsements Members who have endorsed it by now.
    event ProposalEndorsed(uint256 indexed proposalId, uint256 indexed number, uint256 endorsements);

    /// @notice A proposal opens for the vote at its opening.
    /// @param proposer Member number of its proposer, 0 if it takes nobody's place.
    /// @param until Until when it takes one of the proposer's places: its close when it was proposed.
    event ProposalAdmitted(uint256 indexed proposalId, uint256 indexed proposer, uint48 until);

    /// @notice The places of a member changed.
    event PlacesChanged(uint8 oldPlaces, uint8 newPlaces);

    /// @notice The agenda serves a governor from now on, for good.
    event GovernorBound(address indexed governor);

    /// @notice The contract whose motions come to the vote by rules of their own, for good.
    event MotionsBound(address indexed motions);

    /// @notice The agenda serves a governor, or motions, already.
    error AgendaBound(address bound);

    /// @notice Only the governor, the motions, or the timelock, may call this.
    error AgendaUnauthorized(address caller, address expected);

    /// @notice Only a proposal whose vote has not opened can be endorsed.
    error AgendaNotPending(uint256 proposalId, IGovernor.ProposalState current);

    /// @notice This member has endorsed the proposal.
    error AgendaAlreadyEndorsed(uint256 proposalId, uint256 number);

    /// @notice The proposal has what it needs and is on the agenda.
    error AgendaAdmitted(uint256 proposalId);

    /// @notice A key without the right to endorse, and why: who may propose may endorse.
    error AgendaEndorserRefused(address endorser, IMembership.Standing standing, uint48 explanation);

    /// @notice Whoever proposed it is not on the roll any more.
    error AgendaProposerGone(uint256 proposalId, address proposer);

    /// @notice The proposer has as many decisions before the members as one may have.
    /// @param free When there is a place again, in seconds since 1970.
    error AgendaFull(uint256 number, uint256 places, uint48 free);

    /// @notice A member has 1 to 5 places.
    error AgendaPlacesOutOfRange(uint256 places, uint256 min, uint256 max);

    /// @notice Binds the agenda to the governor that calls it, once.
    function bind(IMembership roll) external;

    /// @notice Binds the agenda to the motions that call it, once: they may propose, and admit what they proposed.
    function bindMotions() external;

    /// @notice Endorses a proposal. Any member who may propose, its proposer included.
    /// @dev Emits {ProposalEndorsed} and, with the last one that was missing, {ProposalAdmitted}. Reverts with
    /// {AgendaNotPending}, {AgendaAdmitted}, {AgendaEndorserRefused}, {AgendaAlreadyEndorsed}, {AgendaProposerGone},
    /// {AgendaFull}.
    function endorse(uint256 proposalId) external;

    /// @notice {endorse} for a member who signed the EIP-712 message
    /// `Endorse(address account,uint256 proposalId,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function endorseBySig(address account, uint256 proposalId, uint256 deadline, bytes calldata signature) external;

    /// @notice Puts a proposal whose class needs no endorsement on the agenda. Only the governor, when it is proposed.
    /// @dev Leaves alone what the motions propose: see {admitFor}.
    /// @param proposer Who proposed it.
    /// @param until Its close.
    function admit(uint256 proposalId, address proposer, uint48 until) external;

    /// @notice Puts a proposal of the motions on the agenda, which have seen to its endorsements. Only the motions.
    /// @dev Emits {ProposalAdmitted}. Reverts with {AgendaUnauthorized}, {AgendaFull}.
    /// @param number Member number of whose place it takes; 0 for nobody's.
    function admitFor(uint256 proposalId, uint256 number) external;

    /// @notice Reverts with {ICoalitionGovernor-CoalitionGovernorProposerRefused} unless an account may propose now:
    /// members with that right, and the motions.
    function requireProposer(address account) external view;

    /// @notice Changes how many decisions of one member can be before the members at a time. Only the timelock.
    /// @param newPlaces 1 to 5.
    function setPlaces(uint8 newPlaces) external;

    /// @notice The governor that the agenda serves; zero before it is bound.
    function governor() external view returns (ICoalitionGovernor);

    /// @notice The motions that may propose; zero before they are bound.
    function motions() external view returns (address);

    /// @notice Whether a proposal opens, or opened, for the vote.
    function isAdmitted(uint256 proposalId) external view returns (bool);

    /// @notice Who has endorsed a proposal so far.
    /// @return count Members; no more than 255 are told.
    /// @return groups Their stakeholder groups, a bit each.
    function endorsementsOf(uint256 proposalId) external view returns (uint256 count, uint256 groups);

    /// @notice Whether a member has endorsed a proposal.
    function hasEndorsed(uint256 proposalId, uint256 number) external view returns (bool);

    /// @notice Until when the places of a member are taken, in seconds since 1970; what lies in the past is free.
    function placesOf(uint256 number) external view returns (uint48[5] memory takenUntil);

    /// @notice How many decisions of one member can be before the members at a time.
    function places() external view returns (uint8);
}
