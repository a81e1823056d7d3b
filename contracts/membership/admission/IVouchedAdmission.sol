// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../IMembership.sol";
import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";

/// @title IVouchedAdmission
/// @notice Admits participants for whom enough members vouch whose votes count, from enough stakeholder groups.
///
/// A member has a few slots. A vouch takes one; taking the vouch back frees it, but not before the cooldown since it
/// was given is over, so that slots cannot be lent again and again. A vouch is *live* as long as the voucher's vote
/// counts, in the group in which the vouch was given, and is not suspended: what counts is the moment at which the
/// participant enters the queue. Nobody loses a vote because a voucher changes their mind afterwards.
///
/// @dev Vouches bind member numbers, on both sides: a new key changes nothing, a new number starts with none. Only
/// mature votes vouch, so a ring of newcomers admits nobody. Everything is public, so that rings of members show.
///
/// A participant's list has as many places as vouches are needed. One is kept free for each group that is still
/// missing, and a vouch that is not live gives way to the next one given. So nobody can jam a list, whatever they give,
/// take back or let lapse: to fill it is to admit, and as many willing members of as many groups as the rules ask for
/// always find room.
interface IVouchedAdmission is IAdmissionPolicy {
    /// @notice What admits, fixed at birth.
    struct Rules {
        /// Live vouches that a participant needs: 2 to 16.
        uint8 vouchers;
        /// Stakeholder groups that they must come from: 2 to 8, no more than `vouchers`, and no more than the roll has.
        uint8 groups;
        /// Vouches that a member can have given at a time: 1 to 16.
        uint8 slots;
        /// Seconds from giving a vouch to when its slot can be used again: 60 seconds to 365 days.
        uint32 cooldown;
    }

    /// @notice A vouch as the public list shows it.
    struct Vouch {
        /// The other side's member number.
        uint256 number;
        /// When it was given, in seconds since 1970.
        uint48 since;
        /// Whether it counts now: the voucher's vote counts, in the group of then, and is not suspended.
        bool live;
    }

    /// @notice A member vouches for a participant.
    event VouchGiven(uint256 indexed voucher, uint256 indexed candidate);

    /// @notice A vouch is gone: taken back, or dropped because it was not live when somebody else vouched.
    event VouchWithdrawn(uint256 indexed voucher, uint256 indexed candidate);

    /// @notice A rule is out of its range.
    /// @param rule Its name in ASCII.
    error VouchedAdmissionRuleOutOfRange(bytes32 rule, uint256 value, uint256 min, uint256 max);

    /// @notice The voucher's vote does not count now, and why.
    /// @param explanation The moment that explains it, see {IMembership-Standing}.
    error VouchedAdmissionNotAVoter(address key, IMembership.Standing standing, uint48 explanation);

    /// @notice The key is not on the roll.
    error VouchedAdmissionNotMember(address key);

    /// @notice One vouches for participants: members on the roll whom the policy has not admitted.
    error VouchedAdmissionNotAParticipant(uint256 number);

    /// @notice The member vouches for this participant already.
    error VouchedAdmissionTwice(uint256 voucher, uint256 candidate);

    /// @notice All slots of the member are in use or cooling down.
    /// @param freeFrom When the next one that was taken back can be used, in seconds since 1970; 0 if none was.
    error VouchedAdmissionNoSlot(uint256 voucher, uint48 freeFrom);

    /// @notice The participant needs no more vouches, or none of this group: the places left are for groups that are
    /// still missing.
    error VouchedAdmissionNoRoom(uint256 candidate, uint256 group);

    /// @notice There is no such vouch.
    error VouchedAdmissionNoVouch(uint256 voucher, uint256 candidate);

    /// @notice Vouches for a participant. Any member whose vote counts and is not suspended may call.
    /// @dev Drops the participant's vouches that are not live; whoever gave them may give them again. Emits
    /// {VouchGiven}, and {VouchWithdrawn} for each that was dropped. Reverts with {VouchedAdmissionNotAVoter},
    /// {VouchedAdmissionNotAParticipant}, {VouchedAdmissionTwice}, {VouchedAdmissionNoRoom}, {VouchedAdmissionNoSlot}.
    function vouch(uint256 candidate) external;

    /// @notice {vouch} for a member who signed `Vouch(address account,uint256 candidate,uint256 nonce,uint256
    /// deadline)`. Anyone may call and pay.
    function vouchBySig(address account, uint256 candidate, uint256 deadline, bytes calldata signature) external;

    /// @notice Takes a vouch back, at any time, whatever became of the participant. The slot is free once the cooldown
    /// since it was given is over.
    /// @dev Emits {VouchWithdrawn}. Reverts with {VouchedAdmissionNotMember}, {VouchedAdmissionNoVouch}.
    function withdrawVouch(uint256 candidate) external;

    /// @notice {withdrawVouch} for a member who signed `WithdrawVouch(address account,uint256 candidate,uint256
    /// nonce,uint256 deadline)`. Anyone may call and pay.
    function withdrawVouchBySig(
        address account,
        uint256 candidate,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Who vouches for a member.
    function vouchersOf(uint256 candidate) external view returns (Vouch[] memory);

    /// @notice For whom a member vouches.
    function vouchesOf(uint256 voucher) external view returns (Vouch[] memory);

    /// @notice How many slots a member can use now, and when the next that cools down is free (0: none does).
    function slotsOf(uint256 voucher) external view returns (uint256 free, uint48 freeFrom);

    /// @notice What admits.
    function rules() external view returns (Rules memory);

    /// @notice The roll that is asked.
    function roll() external view returns (IMembership);
}
