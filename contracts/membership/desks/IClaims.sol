// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRollDesk} from "./IRollDesk.sol";

/// @title IClaims
/// @notice What a member says of itself (to which stakeholder group it belongs, with which organisation it is
/// affiliated) and how others challenge that.
///
/// A member changes group by their own act, once in a cooldown. Whether what a member says is true only the members
/// can judge: enough of them challenge it in public, then a decision upholds or dismisses the challenge. Until then
/// nothing happens to the challenged member.
///
/// @dev A challenge is about the claim that the member makes when it is opened, and falls with it: whoever corrects a
/// claim need not be challenged any more. Once it is raised it is too late for that: the member cannot change the
/// claim until the members have decided, or their time for it is over. Its rules are those in force when it was opened.
interface IClaims is IRollDesk {
    /// @notice What is challenged.
    enum Claim {
        /// The stakeholder group. Its value: the group's index.
        Group,
        /// The affiliation, or that there is none. Its value: the organisation's member number, 0 for none.
        Affiliation
    }

    /// @notice How a challenge stands.
    enum State {
        /// No challenge has this id.
        None,
        /// Opened; others may support it until its window closes.
        Open,
        /// Enough members support it: it can be put to the vote, for 180 days.
        Raised,
        /// The members found the claim wrong and corrected it. Final.
        Upheld,
        /// The members found nothing wrong with the claim. Final.
        Dismissed,
        /// Came to nothing: the window closed without enough support, nothing was decided in time, the member changed
        /// the claim before enough supported the challenge, the organisation ended the affiliation, or the member
        /// left. Final.
        Lapsed
    }

    /// @notice How claims change and are challenged.
    struct Rules {
        /// Seconds between a member's changes of group, the first counted from joining; and after a dismissal, before
        /// the same claim can be challenged again. The roll's `waitingFloor` to 730 days.
        uint32 cooldown;
        /// Seconds in which a challenge must find its support. The roll's `waitingFloor` to 180 days.
        uint32 window;
        /// Members who must challenge a claim together, the one who opens included. 2 to 100.
        uint16 challengers;
    }

    /// @notice A challenge. Moments in seconds since 1970.
    struct Challenge {
        /// The challenged member.
        uint32 number;
        Claim kind;
        State state;
        /// The value claimed when it was opened, see {Claim}.
        uint32 value;
        /// The member who opened it.
        uint32 opener;
        uint48 openedAt;
        /// First moment at which it can no longer be supported.
        uint48 windowEnd;
        /// When enough members supported it; 0 if they did not.
        uint48 raisedAt;
        /// The cooldown after a dismissal, in seconds.
        uint32 cooldown;
        /// Members needed, and members there are, who challenge.
        uint16 challengers;
        uint16 supporters;
        /// Digest of the text that says why.
        bytes32 reason;
    }

    /// @notice A member challenges what another claims.
    event ChallengeOpened(
        uint256 indexed id,
        uint256 indexed number,
        uint256 indexed opener,
        Claim kind,
        uint256 value,
        bytes32 reason
    );

    /// @notice A further member supports a challenge.
    event ChallengeSupported(uint256 indexed id, uint256 indexed supporter, uint256 supporters);

    /// @notice Enough members support a challenge for it to be put to the vote.
    event ChallengeRaised(uint256 indexed id);

    /// @notice The members found a claim wrong, and what is right instead.
    event ChallengeUpheld(uint256 indexed id, uint256 value);

    /// @notice The members found nothing wrong with a claim.
    /// @param challengeableAt From when on the same claim can be challenged again.
    event ChallengeDismissed(uint256 indexed id, uint256 challengeableAt);

    /// @notice The members changed the rules for claims, for challenges opened from now on.
    event ClaimRulesChanged(Rules oldRules, Rules newRules);

    /// @notice The claim is that already.
    error ClaimsUnchanged(uint256 number, Claim kind, uint256 value);

    /// @notice The group can be changed again from this moment on.
    error ClaimsTooEarly(uint256 number, uint256 changeableAt);

    /// @notice The member's group is before the members, who decide on it.
    error ClaimsUnderChallenge(uint256 number, uint256 id);

    /// @notice Nobody challenges themselves.
    error ClaimsOwnClaim(uint256 number);

    /// @notice An organisation has no affiliation that one could challenge.
    error ClaimsNotPerson(uint256 number);

    /// @notice The member claims something else now.
    error ClaimsOtherClaim(uint256 number, Claim kind, uint256 given, uint256 claimed);

    /// @notice A challenge has a reason: the digest of a text, not zero.
    error ClaimsReasonMissing();

    /// @notice This claim is challenged already.
    error ClaimsAlreadyChallenged(uint256 number, Claim kind, uint256 id);

    /// @notice The member has an open challenge already, and opens one at a time.
    error ClaimsAlreadyChallenging(uint256 opener, uint256 id);

    /// @notice The members dismissed a challenge of the same claim; it can be challenged again from this moment on.
    error ClaimsSettled(uint256 number, Claim kind, uint256 value, uint256 challengeableAt);

    /// @notice The challenge is in another state than this needs.
    error ClaimsUnexpectedState(uint256 id, State current, State needed);

    /// @notice The member supports the challenge already.
    error ClaimsAlreadySupported(uint256 id, uint256 supporter);

    /// @notice The member's vote did not count yet when the challenge was opened.
    error ClaimsSupporterTooNew(uint256 id, uint256 supporter, uint256 openedAt);

    /// @notice Moves the caller to another stakeholder group. Any member may call, for themselves, once in a cooldown
    /// since joining or the last change. Open decisions keep the old group; what the member delegated ends.
    /// @dev The roll emits {IMembership-GroupChanged}. Reverts with {RollDeskNotMember}, {ClaimsUnchanged},
    /// {ClaimsTooEarly}, {ClaimsUnderChallenge}, {IMembership-MembershipUnknownGroup}.
    /// @param group Index of the new group.
    function changeGroup(uint8 group) external;

    /// @notice {changeGroup} for a member who signed `ChangeGroup(address account,uint8 group,uint256 nonce,uint256
    /// deadline)`; a contract signs by ERC-1271. Anyone may call and pay.
    function changeGroupBySig(address account, uint8 group, uint256 deadline, bytes calldata signature) external;

    /// @notice Opens a challenge of what another member claims now. Any member whose vote counts may call, with one
    /// open challenge at a time. The member who opens it supports it.
    /// @dev Emits {ChallengeOpened}. Reverts with {RollDeskRefused}, {RollDeskUnknownNumber}, {ClaimsOwnClaim},
    /// {ClaimsReasonMissing}, {ClaimsNotPerson}, {ClaimsOtherClaim}, {ClaimsSettled}, {ClaimsAlreadyChallenged},
    /// {ClaimsAlreadyChallenging}.
    /// @param number The member whose claim it is.
    /// @param value What the member claims now, as the challenger knows it: no other claim is challenged by mistake.
    /// @param reason Digest of a text that says what is wrong; not zero.
    /// @return id The challenge's id, from 1.
    function challenge(uint256 number, Claim kind, uint256 value, bytes32 reason) external returns (uint256 id);

    /// @notice {challenge} for a member who signed `Challenge(address account,uint256 number,uint8 kind,uint256
    /// value,bytes32 reason,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function challengeBySig(
        address account,
        uint256 number,
        Claim kind,
        uint256 value,
        bytes32 reason,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 id);

    /// @notice Supports an open challenge. Any other member may call, once, whose vote counts now and counted when the
    /// challenge was opened: a challenge gathers those who were there, and nobody twice by leaving and joining again.
    /// @dev Emits {ChallengeSupported}, and {ChallengeRaised} with the last one needed. Reverts with
    /// {ClaimsUnexpectedState}, {RollDeskRefused}, {ClaimsOwnClaim}, {ClaimsAlreadySupported},
    /// {ClaimsSupporterTooNew}.
    function support(uint256 id) external;

    /// @notice {support} for a member who signed `Support(address account,uint256 id,uint256 nonce,uint256 deadline)`.
    /// Anyone may call and pay.
    function supportBySig(address account, uint256 id, uint256 deadline, bytes calldata signature) external;

    /// @notice Corrects a claim that was challenged, as the members decided. Only the timelock. The member's cooldown
    /// starts anew.
    /// @dev Emits {ChallengeUpheld}; the roll or {IAffiliations} emits what changed. Reverts with
    /// {RollDeskUnauthorized}, {ClaimsUnexpectedState}, {ClaimsUnchanged}, {IMembership-MembershipUnknownGroup}, and
    /// with what {IAffiliations-impose} reverts with.
    /// @param value What is right instead, see {Claim}.
    function uphold(uint256 id, uint256 value) external;

    /// @notice Leaves a claim that was challenged as it is, as the members decided, and protects it from the same
    /// challenge for a cooldown. Only the timelock.
    /// @dev Emits {ChallengeDismissed}. Reverts with {RollDeskUnauthorized}, {ClaimsUnexpectedState}.
    function dismiss(uint256 id) external;

    /// @notice Changes how claims change and are challenged. Only the timelock. Challenges that were opened keep the
    /// rules they had.
    /// @dev Emits {ClaimRulesChanged}. Reverts with {RollDeskUnauthorized}, {RollDeskParameterOutOfRange}. Warning:
    /// with a cooldown shorter than the window, a member can slip away from one challenge after another by changing
    /// the claim.
    /// @param newRules See {Rules} for the ranges.
    function setRules(Rules calldata newRules) external;

    /// @notice A challenge as it stands now; empty for an id never given out.
    function challengeOf(uint256 id) external view returns (Challenge memory);

    /// @notice The challenge of a member's claim that is open or raised now; 0 for none.
    function openChallenge(uint256 number, Claim kind) external view returns (uint256 id);

    /// @notice The challenge that a member opened and that is open or raised now; 0 for none.
    function challengeBy(uint256 opener) external view returns (uint256 id);

    /// @notice Whether a member supports a challenge, or opened it.
    function hasSupported(uint256 id, uint256 number) external view returns (bool);

    /// @notice The last id given out: how many challenges there ever were.
    function lastChallenge() external view returns (uint256);

    /// @notice From when on a claim can be challenged again after a dismissal, in seconds since 1970; 0 if none was
    /// dismissed.
    function challengeableAt(uint256 number, Claim kind, uint256 value) external view returns (uint256);

    /// @notice From when on a member can change group, in seconds since 1970, unless the group is under a raised
    /// challenge.
    /// @dev Reverts with {IMembership-MembershipUnknownNumber} for a number never given out.
    function groupChangeableAt(uint256 number) external view returns (uint256);

    /// @notice The rules in force.
    function rules() external view returns (Rules memory);
}
