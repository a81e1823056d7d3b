// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {IAdmissionPolicy} from "./admission/IAdmissionPolicy.sol";
import {IMemberCard} from "./IMemberCard.sol";
import {IRollOperations} from "./IRollOperations.sol";

/// @title IMembership
/// @notice The roll of a coalition: who its members are, and who may vote at a moment.
///
/// Anyone joins, by their own transaction or by a signed request that somebody else pays for, and may speak at once.
/// Whom the admission policy admits enters the queue for the vote, which matures by itself at an epoch boundary after
/// the waiting period; everyone else is a *participant*, on the list and without a vote, until the policy is met. One
/// key is one member; a member *number* is one key at a time, is never reused, and is what a ballot binds to.
///
/// @dev Read it as ERC-721 (one token a member, its id the member number, never transferable), ERC-5192 (always
/// locked), ERC-5805 (one vote a member, delegable within a group: see {IDelegations}) and ERC-6372 (moments are
/// seconds since 1970). What members do beyond joining and resigning is judged by desks: see {IRollOperations}.
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
        /// The vote matures, or counts again after a pause, after the moment asked for. Explanation: when it does.
        Immature,
        /// The right is suspended. Explanation: until when.
        Suspended,
        /// A participant: the admission policy is not met yet. Explanation: 0.
        Unqualified,
        /// The membership was not confirmed in time. Explanation: when it was confirmed last.
        Dormant,
        /// An organisation with which the member is affiliated votes instead. Explanation: 0.
        Represented
    }

    /// @notice Why the vote of a member on the roll does not count for now.
    enum Pause {
        /// The admission policy is not met yet; ends with {qualify}.
        Unqualified,
        /// Not confirmed in time; ends with a confirmation, see {IConfirmations}.
        Dormant,
        /// An organisation votes instead; ends with the affiliation, see {IAffiliations}.
        Represented
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
        /// Whether the member is an organisation, whose key is its representative's.
        bool organisation;
        /// Why the vote does not count for now: bit n for the n-th {Pause}; 0 if it counts or matures.
        uint8 pauses;
        uint48 joinedAt;
        /// Since when the vote counts as it does now, or from when it will: its maturity, or the last change of group
        /// or end of a pause. 0 for a participant, and once the membership is over.
        uint48 votesFrom;
        /// When the membership was confirmed last; joining confirms it.
        uint48 confirmedAt;
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
        /// The roll's desks, deployed before it and bound to it by its birth.
        IRollOperations.Desks desks;
    }

    /// @notice Somebody joined. ERC-721's `Transfer` and ERC-5192's `Locked` come with it.
    /// @param votesFrom When the vote matures, in seconds since 1970; 0 for a participant.
    /// @param codeDigest Digest of the Code of Conduct that the member accepted.
    event MemberJoined(uint256 indexed number, uint8 indexed group, uint48 votesFrom, bytes32 codeDigest);

    /// @notice A participant met the admission policy and entered the queue for the vote.
    event MemberQualified(uint256 indexed number, uint48 votesFrom);

    /// @notice A member's vote does not count for now, in decisions opened later.
    event VotePaused(uint256 indexed number, Pause indexed reason);

    /// @notice A reason why a member's vote did not count is gone.
    /// @param votesFrom Since when the vote counts again, or from when it will; 0 if another reason remains.
    event VoteResumed(uint256 indexed number, Pause indexed reason, uint48 votesFrom);

    /// @notice A member changed stakeholder group, for decisions opened later.
    event GroupChanged(uint256 indexed number, uint8 oldGroup, uint8 newGroup);

    /// @notice A member confirmed the membership.
    event MemberConfirmed(uint256 indexed number);

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

    /// @notice The admission policy said no: the participant does not meet it yet.
    error MembershipAdmissionRefused(address key, address policy);

    /// @notice Only a participant whose vote nothing else holds back can enter the queue for the vote.
    /// @param pauses Why the vote does not count, see {Member}; 0 if it counts or is in the queue already.
    error MembershipNotQualifiable(uint256 number, uint8 pauses);

    /// @notice Membership tokens do not move. A member changes keys by {IMemberDesk-rotateKey}.
    error MembershipNotTransferable(uint256 number);

    /// @notice Nobody acts for a member by approval.
    error MembershipApprovalDisabled(address spender);

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

    /// @notice Joins the roll. Anyone may call, for themselves; by signature, and many at once, through
    /// {IMemberDesk-joinBySig}.
    /// @dev Whom the admission policy does not admit joins all the same, as a participant. Emits `Transfer`, `Locked`
    /// and {MemberJoined}. Reverts with {MembershipAlreadyMember}, {MembershipKeyBarred}, {MembershipUnknownGroup},
    /// {MembershipWrongCodeDigest}, and with what the policy reverts with.
    /// @param group Index of the stakeholder group.
    /// @param codeDigest Digest of the Code of Conduct in force, by which the caller accepts it.
    /// @param evidence For the admission policy; empty for the open one.
    /// @return number The member number.
    function join(uint8 group, bytes32 codeDigest, bytes calldata evidence) external returns (uint256 number);

    /// @notice Enters a participant who meets the admission policy in the queue for the vote. Anyone may call, for
    /// anyone: it can do a member nothing but good.
    /// @dev Emits {MemberQualified}. Reverts with {MembershipUnknownNumber}, {MembershipNotQualifiable},
    /// {MembershipAdmissionRefused}, and with what the policy reverts with.
    /// @param evidence For the admission policy.
    function qualify(uint256 number, bytes calldata evidence) external;

    /// @notice Leaves the roll. Any member may call; the number is never used again.
    /// @dev Emits `Transfer` to the zero address and {MemberResigned}. Reverts with {MembershipNotMember}.
    function resign() external;

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
    /// electorate: a sanction never moves a quorum. What a member delegated ends with the right to vote, so that in
    /// decisions opened from then on nobody casts the vote for them; open decisions keep their delegations.
    /// @dev Emits {RightsSuspended}, after {IDelegations-DelegationEnded} if a delegation ended. Reverts with
    /// {MembershipUnauthorized}, {MembershipUnknownNumber}, {MembershipInvalidRights},
    /// {MembershipParameterOutOfRange}.
    /// @param rights Bit mask, bit n for the n-th {Right}; replaces what these rights were suspended to before.
    /// @param until Seconds since 1970, in the future and at most 365 days away.
    function suspend(uint256 number, uint8 rights, uint48 until) external;

    /// @notice Gives suspended rights back before their time. Only the timelock.
    /// @dev Emits {RightsRestored}. Reverts with {MembershipUnauthorized}, {MembershipUnknownNumber},
    /// {MembershipInvalidRights}.
    function restore(uint256 number, uint8 rights) external;

    /// @notice Changes the admission policy, for whoever is not in the queue for the vote yet. Only the timelock.
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

    /// @notice What a ballot must know of a key in the plain case, from one slot. Never reverts.
    /// @dev Where {VoterWords-countsPlainlyAt} says no, ask {standingOf} and {IDelegations-delegationAt} for the moment
    /// of the decision.
    /// @return The slot as it is, see {VoterWords} for its layout; zero for a key that never was a member.
    function voterOf(address key) external view returns (VoterWord);

    /// @notice {voterOf} for many keys, in their order.
    /// @param keys As many as the caller's gas is for: 2,300 a key.
    function votersOf(address[] calldata keys) external view returns (VoterWord[] memory voters);

    /// @notice Whether a key has a right at a moment. Everything an organ must know of a member, in one call.
    /// @dev Membership and suspension are judged *now*, the vote at the moment given: who has left since a decision was
    /// opened no longer votes on it, and who matured since does not vote on it either; whose vote was paused since
    /// still does, for the electorate of that decision has it. Never reverts.
    /// @param timepoint Seconds since 1970.
    /// @return standing Granted, or the reason why not.
    /// @return number The key's current or last member number; 0 if it never had one.
    /// @return group The group of that member: for all rights but speaking, the one at the moment given if granted.
    /// @return explanation The moment that explains the answer, see {Standing}.
    function standingOf(
        address key,
        Right right,
        uint48 timepoint
    ) external view returns (Standing standing, uint256 number, uint8 group, uint48 explanation);

    /// @notice Whether the vote of a member number counted at a moment up to now, and in which group. Own votes only,
    /// apart from delegations and suspensions. Never reverts.
    function countedAt(uint256 number, uint48 timepoint) external view returns (bool counted, uint8 group);

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

    /// @notice Members on the roll now, participants included, in all.
    function totalSupply() external view returns (uint256);

    /// @notice Members on the roll now by group, participants included.
    function membersByGroup() external view returns (uint256[] memory);

    /// @notice Votes that counted, by group, at a past moment. Reverts with `ERC5805FutureLookup`.
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
