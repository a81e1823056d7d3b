// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IAdmissionPolicy} from "./admission/IAdmissionPolicy.sol";
import {IMemberCard} from "./IMemberCard.sol";

/// @title IMembership
/// @notice The roll of a coalition: who its members are, and who may vote at a moment.
///
/// Anyone joins by their own transaction or by a signed request that somebody else pays for, and may speak at once. The
/// vote matures by itself, at an epoch boundary after the waiting period. One key is one member; a member *number* is
/// one key at a time, is never reused, and is what a ballot binds to.
///
/// @dev Read it as ERC-721 (one token a member, its id the member number, never transferable), ERC-5192 (always
/// locked), ERC-5805 (one vote a member) and ERC-6372 (moments are seconds since 1970). Delegation is not part of the
/// roll yet: everyone is their own delegate.
interface IMembership is IERC5805 {
    /// @notice What a member may do. `Speak` comes with joining, the others with the mature vote.
    enum Right {
        Speak,
        Propose,
        Vote,
        Stand
    }

    /// @notice Whether a key has a right at a moment, and if not, why.
    enum Standing {
        /// It has.
        Granted,
        /// The key holds no member number and never did. Explanation: 0.
        NotMember,
        /// The key's membership is over: resigned or ended. Explanation: since when.
        Ended,
        /// The member moved on to another key. Explanation: since when.
        Rotated,
        /// The vote matures after the moment asked for. Explanation: when it does.
        Immature,
        /// The right is suspended. Explanation: until when.
        Suspended
    }

    /// @notice How a member number stands. `Active` is reached by joining; the others are final for the number.
    enum MemberStatus {
        /// The number was never given out.
        None,
        /// On the roll.
        Active,
        /// Left by the member's own act; the key may join again, as a new number.
        Resigned,
        /// Ended by the members' decision; the key may not join again until it is pardoned.
        Ended
    }

    /// @notice A member as the open list shows it. Moments in seconds since 1970.
    struct Member {
        uint256 number;
        /// The key that holds the number, or held it last.
        address key;
        uint8 group;
        MemberStatus status;
        uint48 joinedAt;
        /// When the vote matures or matured; 0 once the membership is over.
        uint48 votesFrom;
        /// When the membership ended; 0 while it goes on.
        uint48 leftAt;
        /// By {Right}: until when it is suspended; 0 or a past moment where it is not.
        uint48[4] suspendedUntil;
    }

    /// @notice How fast votes mature. Changes affect only who joins later.
    struct Maturity {
        /// Seconds between joining and the earliest boundary at which the vote can mature.
        uint32 waitingPeriod;
        /// Seconds between epoch boundaries, which are the multiples of it since 1970.
        uint32 epochLength;
        /// Largest share of the mature electorate that one boundary may add, in basis points.
        uint16 epochShareBps;
        /// Number of votes that one boundary may add in any case.
        uint16 epochFloor;
    }

    /// @notice What a coalition chooses for its roll at birth.
    struct RollParameters {
        /// Name of the coalition, 1 to 31 printable ASCII characters (it is the EIP-712 domain's name too).
        string name;
        /// Symbol of the membership token, 1 to 11 printable ASCII characters.
        string symbol;
        /// Names of the stakeholder groups, 2 to 8, each 1 to 31 printable ASCII characters.
        string[] groups;
        /// Digest of the Code of Conduct in force: sha2-256 of its bytes.
        bytes32 codeDigest;
        /// Writes the tokens' metadata.
        IMemberCard card;
        /// Admission policy in force.
        IAdmissionPolicy admissionPolicy;
        /// The shortest waiting period, in seconds, that the members can ever set: 60 seconds to 180 days. The notice
        /// of every decision must be shorter, or new keys could vote on what made them join.
        uint32 waitingFloor;
        Maturity maturity;
    }

    /// @notice Somebody joined. ERC-721's `Transfer` and ERC-5192's `Locked` come with it.
    /// @param votesFrom When the vote matures, in seconds since 1970.
    /// @param codeDigest Digest of the Code of Conduct that the member accepted.
    event MemberJoined(uint256 indexed number, uint8 indexed group, uint48 votesFrom, bytes32 codeDigest);

    /// @notice A member left of their own accord.
    event MemberResigned(uint256 indexed number, address indexed key);

    /// @notice The members ended a membership; the key may not join again.
    event MemberEnded(uint256 indexed number, address indexed key);

    /// @notice The members allowed a key to join again whose membership they had ended.
    event KeyPardoned(address indexed key, uint256 indexed number);

    /// @notice A member moved to a new key. Number, group and maturity stay.
    event KeyRotated(uint256 indexed number, address indexed oldKey, address indexed newKey);

    /// @notice The members suspended rights of a member.
    /// @param rights Bit mask, bit n for the n-th {Right}.
    /// @param until First moment at which the rights can be used again, in seconds since 1970.
    event RightsSuspended(uint256 indexed number, uint8 rights, uint48 until);

    /// @notice The members gave suspended rights back.
    event RightsRestored(uint256 indexed number, uint8 rights);

    event AdmissionPolicyChanged(address indexed oldPolicy, address indexed newPolicy);

    event MaturityChanged(Maturity oldMaturity, Maturity newMaturity);

    /// @notice A new version of the Code of Conduct is in force, for whoever joins from now on.
    event CodeOfConductChanged(uint32 indexed version, bytes32 oldDigest, bytes32 newDigest);

    /// @notice Only the coalition's timelock may call this.
    error MembershipUnauthorized(address caller, address timelock);

    /// @notice The key is a member already.
    error MembershipAlreadyMember(address key, uint256 number);

    /// @notice The members ended this key's membership and have not pardoned it.
    error MembershipKeyBarred(address key, uint256 number);

    /// @notice The key is not on the roll (any more).
    error MembershipNotMember(address key);

    /// @notice No member holds this number (any more).
    error MembershipUnknownNumber(uint256 number);

    /// @notice There are `count` groups, with the indexes 0 to `count - 1`.
    error MembershipUnknownGroup(uint256 group, uint256 count);

    /// @notice The digest is not that of the Code of Conduct in force.
    error MembershipWrongCodeDigest(bytes32 given, bytes32 inForce);

    /// @notice The admission policy said no.
    error MembershipAdmissionRefused(address key, address policy);

    /// @notice The signed request was valid until `deadline`.
    error MembershipRequestExpired(uint256 deadline, uint256 current);

    /// @notice The signature is not one of this key for just this request, on this roll and chain.
    error MembershipInvalidSignature(address key);

    /// @notice Membership tokens do not move. A member changes keys by {rotateKey}.
    error MembershipNotTransferable(uint256 number);

    /// @notice Nobody acts for a member by approval.
    error MembershipApprovalDisabled(address spender);

    /// @notice Everyone is their own delegate.
    error MembershipDelegationDisabled(address delegatee);

    /// @notice A contract is needed here; this address has no code.
    error MembershipNotAContract(address account);

    /// @notice The contract does not announce {IAdmissionPolicy} by ERC-165.
    error MembershipNotAPolicy(address account);

    /// @notice The key is not barred.
    error MembershipNotBarred(address key);

    /// @notice Not a set of rights: 1 to 15, bit n for the n-th {Right}.
    error MembershipInvalidRights(uint256 rights);

    /// @notice A parameter is out of its range.
    /// @param parameter Its name, as in {RollParameters}, in ASCII.
    error MembershipParameterOutOfRange(bytes32 parameter, uint256 value, uint256 min, uint256 max);

    /// @notice Two groups have the same name.
    error MembershipDuplicateGroup(string name);

    /// @notice Joins the roll. Anyone may call, for themselves.
    /// @dev Emits `Transfer`, `Locked` and {MemberJoined}. Reverts with {MembershipAlreadyMember},
    /// {MembershipKeyBarred}, {MembershipUnknownGroup}, {MembershipWrongCodeDigest}, {MembershipAdmissionRefused}.
    /// @param group Index of the stakeholder group.
    /// @param codeDigest Digest of the Code of Conduct in force, by which the caller accepts it.
    /// @param evidence For the admission policy; empty for the open one.
    /// @return number The member number.
    function join(uint8 group, bytes32 codeDigest, bytes calldata evidence) external returns (uint256 number);

    /// @notice Joins the roll for a key that signed the request. Anyone may call and pay.
    /// @dev The key signs the EIP-712 message
    /// `Join(address account,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)` with its
    /// current `nonces(account)`; a contract answers by ERC-1271. Emits and reverts like {join}, and reverts with
    /// {MembershipRequestExpired} and {MembershipInvalidSignature}.
    /// @param account The key that joins.
    /// @param deadline Last second at which the request is valid.
    function joinBySig(
        address account,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 number);

    /// @notice Leaves the roll. Any member may call; the number is never used again.
    /// @dev Emits `Transfer` to the zero address and {MemberResigned}. Reverts with {MembershipNotMember}.
    function resign() external;

    /// @notice Moves the caller's membership to a new key. Ballots stay with the number.
    /// @dev The new key consents by the EIP-712 message
    /// `Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)` with its own nonce, so that no seat can
    /// be forced on anyone or be lost to a mistyped address. Emits `Transfer` and {KeyRotated}. Reverts with
    /// {MembershipNotMember}, {MembershipAlreadyMember}, {MembershipKeyBarred}, {MembershipRequestExpired},
    /// {MembershipInvalidSignature}.
    function rotateKey(address newKey, uint256 deadline, bytes calldata signature) external;

    /// @notice Ends a membership and bars its key, and every key that the member moved away from. Only the timelock.
    /// @dev A member who resigned meanwhile is barred all the same, unless the key has joined again since: that is a
    /// new number, without a vote for now, and a decision of its own. Emits {MemberEnded} and, if the member was on the
    /// roll, `Transfer` to the zero address. Reverts with {MembershipUnauthorized}, and with {MembershipUnknownNumber}
    /// for a number never given out or ended before.
    function end(uint256 number) external;

    /// @notice Lets a barred key join again. Only the timelock.
    /// @dev Emits {KeyPardoned}. Reverts with {MembershipUnauthorized}, {MembershipNotBarred}.
    function pardon(address key) external;

    /// @notice Suspends rights of a member until a moment. Only the timelock. A suspended vote stays part of the
    /// electorate: a sanction never moves a quorum.
    /// @dev Emits {RightsSuspended}. Reverts with {MembershipUnauthorized}, {MembershipUnknownNumber},
    /// {MembershipInvalidRights}, {MembershipParameterOutOfRange}.
    /// @param rights Bit mask, bit n for the n-th {Right}; replaces what these rights were suspended to before.
    /// @param until Seconds since 1970, in the future and at most 365 days away.
    function suspend(uint256 number, uint8 rights, uint48 until) external;

    /// @notice Gives suspended rights back before their time. Only the timelock.
    /// @dev Emits {RightsRestored}. Reverts with {MembershipUnauthorized}, {MembershipUnknownNumber},
    /// {MembershipInvalidRights}.
    function restore(uint256 number, uint8 rights) external;

    /// @notice Changes the admission policy, for whoever joins from now on. Only the timelock.
    /// @dev Emits {AdmissionPolicyChanged}. Reverts with {MembershipUnauthorized}, {MembershipNotAPolicy}.
    function setAdmissionPolicy(IAdmissionPolicy policy) external;

    /// @notice Changes how fast votes mature, for whoever joins from now on. Only the timelock.
    /// @dev Emits {MaturityChanged}. Reverts with {MembershipUnauthorized}, {MembershipParameterOutOfRange}. Ranges:
    /// `waitingPeriod` from {waitingFloor} to 365 days; `epochLength` from an eighth of {waitingFloor} to 92 days;
    /// `epochShareBps` 100 to 2,500; `epochFloor` 1 to 100.
    function setMaturity(Maturity calldata maturity) external;

    /// @notice Puts a new version of the Code of Conduct in force, for whoever joins from now on. Only the timelock.
    /// @dev Emits {CodeOfConductChanged}. Reverts with {MembershipUnauthorized}, {MembershipParameterOutOfRange} for a
    /// digest of zero.
    function setCodeOfConduct(bytes32 digest) external;

    /// @notice What a ballot must know of a key: {entitlementOf} for the right to vote, cheaper still. Never reverts.
    /// @return number The member number, or 0 if the key may not vote now.
    /// @return group The member's stakeholder group, 0 to 7.
    /// @return votesFrom When the vote matures or matured, in seconds since 1970; the largest number there is if the
    /// key may not vote now, so that one comparison settles it.
    function voterOf(address key) external view returns (uint256 number, uint256 group, uint256 votesFrom);

    /// @notice What an organ must know of a key that uses a right, from one slot. Never reverts.
    /// @dev This says as cheaply as can be that a key may; {standingOf} says why it may not.
    /// @return number The member number, or 0 if the key may not now: not on the roll, or the right suspended.
    /// @return group The member's stakeholder group, 0 to 7.
    /// @return from Since when the member has the right, or from when it will, in seconds since 1970; for speaking,
    /// since when the key holds the number.
    function entitlementOf(
        address key,
        Right right
    ) external view returns (uint256 number, uint256 group, uint256 from);

    /// @notice Whether a key has a right at a moment. Everything an organ must know of a member, in one call.
    /// @dev Membership and suspension are judged *now*, maturity at the moment given: who has left since a decision was
    /// opened no longer votes on it, and who matured since does not vote on it either. Never reverts.
    /// @param timepoint Seconds since 1970.
    /// @return standing Granted, or the reason why not.
    /// @return number The key's current or last member number; 0 if it never had one.
    /// @return group The group of that member.
    /// @return explanation The moment that explains the answer, see {Standing}.
    function standingOf(
        address key,
        Right right,
        uint48 timepoint
    ) external view returns (Standing standing, uint256 number, uint8 group, uint48 explanation);

    /// @notice The number that a key holds; 0 if it holds none.
    function numberOf(address key) external view returns (uint256);

    /// @notice A member by number. Reverts with {MembershipUnknownNumber} for a number never given out.
    function member(uint256 number) external view returns (Member memory);

    /// @notice A page of the open list, by number, those who left included.
    /// @param first First number, from 1.
    /// @param count How many at the most; 200 is the largest page. Fewer come back at the end of the list.
    function members(uint256 first, uint256 count) external view returns (Member[] memory page);

    /// @notice The last member number given out: how many ever joined.
    function lastNumber() external view returns (uint256);

    /// @notice Members on the roll now, their vote mature or not, in all.
    function totalSupply() external view returns (uint256);

    /// @notice Members on the roll now by group, their vote mature or not.
    function membersByGroup() external view returns (uint256[] memory);

    /// @notice Mature votes by group at a past moment. Reverts with `ERC5805FutureLookup`.
    function getPastVotesByGroup(uint256 timepoint) external view returns (uint256[] memory);

    /// @notice Writes the tokens' metadata; fixed at birth.
    function memberCard() external view returns (IMemberCard);

    /// @notice Names of the stakeholder groups; the index is the group.
    function groups() external view returns (string[] memory);

    /// @notice Digest (sha2-256 of the bytes) and version, from 1, of the Code of Conduct in force.
    function codeOfConduct() external view returns (bytes32 digest, uint32 version);

    /// @notice The admission policy in force.
    function admissionPolicy() external view returns (IAdmissionPolicy);

    /// @notice How fast votes mature.
    function maturity() external view returns (Maturity memory);

    /// @notice The shortest waiting period that can ever be set, in seconds.
    function waitingFloor() external view returns (uint32);

    /// @notice The only account that may change the roll's rules.
    function timelock() external view returns (address);
}
