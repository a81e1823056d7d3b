// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRollDesk} from "./IRollDesk.sol";

/// @title IKeyRecovery
/// @notice Recovery of a lost key: a member number moves to a new key on the word of guardians whom the member has
/// named or, where none are named, of the members. Ballots, guardians and everything else stay with the number. An
/// organisation names no guardians: its owner gives it another representative, see {IAffiliations}; where the owner's
/// key is lost as well, the members can decide.
///
/// @dev Life of a request, one at a time for a number:
///
///     guardians: --request--> collecting --enough approvals--> waiting --{delay}--> ready --complete--> (over)
///     members:   claim by the new key --decide---------------------'
///
/// Whoever holds the number needs a single word against it, {veto}, at any time before the end. A request is void
/// besides when the number changes keys or leaves the roll, or when the member names guardians: whoever can do that
/// has the key. It lapses {WINDOW} seconds after it was made if approvals are missing then, and as long after the
/// delay if nobody completed it.
///
/// A suspension changes nothing of this: requests and claims stand, the old key has its veto, and the number moves with
/// its suspensions. Else a majority could keep a lost key from being recovered.
///
/// Fewer guardians than the threshold can neither recover a number nor keep the others from it: each starts one
/// request in {WINDOW} seconds at the most, and a request that still lacks approvals gives way to that of another
/// guardian.
///
/// @dev Warning: guardians who are enough, or a majority of the members where there are none, take the seat of a
/// member who does not look at it for as long as the {delay}. The old key has nothing but the veto. And whoever *stole*
/// the key has the veto: this helps against loss only.
interface IKeyRecovery is IRollDesk {
    /// @notice Who set a recovery going.
    enum Origin {
        /// Guardians whom the member had named.
        Guardians,
        /// The members, by a decision.
        Members
    }

    /// @notice A request to move a number. Moments in seconds since 1970.
    struct Recovery {
        /// The key that is to hold the number, and has agreed; zero if there is no request that stands.
        address newKey;
        /// The key that held the number when the request was made, and does still.
        address oldKey;
        /// How many guardians approved; 0 where the members decided.
        uint8 approvals;
        /// When it can be completed; 0 as long as approvals are missing.
        uint48 readyAt;
        /// From when on it is void.
        uint48 lapsesAt;
        Origin origin;
    }

    /// @notice A key's public claim to a number. Moments in seconds since 1970.
    struct Claim {
        /// The number claimed; 0 if there is no claim that stands.
        uint256 number;
        /// Digest of the published reasons.
        bytes32 reasonDigest;
        uint48 claimedAt;
    }

    /// @notice A member named guardians, in place of those before; none and 0 for nobody.
    event GuardiansNamed(uint256 indexed number, address[] guardians, uint8 threshold);

    /// @notice A guardian asked that a number move to a new key.
    event RecoveryRequested(uint256 indexed number, address indexed newKey, address indexed guardian);

    /// @notice A guardian approved.
    /// @param approvals How many have by now, this one included.
    event RecoveryApproved(uint256 indexed number, address indexed newKey, address indexed guardian, uint8 approvals);

    /// @notice A key claims a number whose key was lost, or, with number 0, claims none any more.
    event RecoveryClaimed(uint256 indexed number, address indexed newKey, bytes32 reasonDigest);

    /// @notice The delay began, after enough approvals or by the members' decision: the time for a veto.
    /// @param readyAt When the recovery can be completed, in seconds since 1970.
    event RecoveryDelayed(uint256 indexed number, address indexed newKey, Origin indexed origin, uint48 readyAt);

    /// @notice The key that holds the number said no.
    event RecoveryVetoed(uint256 indexed number, address indexed newKey);

    /// @notice A request ended because the member named guardians, or another guardian's request took its place.
    event RecoveryDropped(uint256 indexed number, address indexed newKey);

    /// @notice A number moved to its new key. The roll emits {IMembership-KeyRotated} with it.
    event RecoveryCompleted(uint256 indexed number, address indexed oldKey, address indexed newKey);

    /// @notice The members changed the delay, for requests made from now on.
    event RecoveryDelayChanged(uint32 oldDelay, uint32 newDelay);

    /// @notice An organisation has no guardians: its owner replaces a representative whose key is lost.
    error KeyRecoveryOrganisation(uint256 number);

    /// @notice A guardian is an address other than zero and the member's own key, and named once.
    error KeyRecoveryInvalidGuardian(address guardian);

    /// @notice The member has not named this account as a guardian.
    error KeyRecoveryNotGuardian(uint256 number, address account);

    /// @notice This account does not hold the number.
    error KeyRecoveryNotHolder(uint256 number, address account);

    /// @notice Another request for this number has all it needs and waits for its moment.
    error KeyRecoveryPending(uint256 number, address newKey);

    /// @notice A guardian starts a request for the same number again from this moment on.
    error KeyRecoveryTooSoon(uint256 number, address guardian, uint256 from);

    /// @notice There is no such request: none was made for this number and key, or it ended, lapsed, or became void
    /// because the number's key changed or its member left.
    error KeyRecoveryNoRequest(uint256 number, address newKey);

    /// @notice This guardian has approved already.
    error KeyRecoveryAlreadyApproved(uint256 number, address guardian);

    /// @notice The recovery can be completed from `readyAt` on; 0: approvals are missing.
    error KeyRecoveryNotReady(uint256 number, uint48 readyAt);

    /// @notice The member named guardians: recovery is theirs.
    error KeyRecoveryGuarded(uint256 number, uint256 guardians);

    /// @notice The key has not claimed this number, or the number changed keys, or left, since.
    error KeyRecoveryNoClaim(uint256 number, address newKey);

    /// @notice Names the guardians of the caller's number, in place of those before. Any person on the roll may call.
    /// They are addresses, of members or not; one that changes keys is to be named anew. A representative names none:
    /// they would outlast it, and take the number from whom the organisation's owner puts in its place.
    /// @dev A request that was made ends for good, whether it stands or not, for whoever names guardians evidently has
    /// the key, and those named may start requests anew. Emits {GuardiansNamed}, and {RecoveryDropped} if a request
    /// stood. Reverts with {RollDeskNotMember}, {KeyRecoveryOrganisation}, {KeyRecoveryInvalidGuardian},
    /// {RollDeskParameterOutOfRange}.
    /// @param guardians Up to 10; none to have no guardians any more.
    /// @param threshold How many of them must approve, 1 to all; 0 with none.
    function nameGuardians(address[] calldata guardians, uint8 threshold) external;

    /// @notice {nameGuardians} for a member who signed `NameGuardians(address account,address[] guardians,uint8
    /// threshold,uint256 nonce,uint256 deadline)`; a contract signs by ERC-1271, as in all that follows. Anyone may
    /// call and pay.
    function nameGuardiansBySig(
        address account,
        address[] calldata guardians,
        uint8 threshold,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Asks that a number move to a new key. Any guardian of the number may call; it counts as the first
    /// approval.
    /// @dev The new key consents by the EIP-712 message `Recover(uint256 number,address newKey,uint256 nonce,uint256
    /// deadline)` with its own nonce. Emits {RecoveryRequested}, {RecoveryApproved}, {RecoveryDelayed} if that is
    /// enough, and {RecoveryDropped} if an unfinished request gave way. Reverts with {KeyRecoveryNotGuardian},
    /// {RollDeskUnknownNumber}, {IMembership-MembershipAlreadyMember}, {KeyRecoveryPending}, {KeyRecoveryTooSoon},
    /// {SignedRequests-SignedRequestsExpired}, {SignedRequests-SignedRequestsInvalidSignature}. Whether the new key is
    /// barred is judged at the end, by the roll.
    function request(uint256 number, address newKey, uint256 deadline, bytes calldata signature) external;

    /// @notice {request} for a guardian who signed `Request(address guardian,uint256 number,address newKey,uint256
    /// nonce,uint256 deadline)`; both signatures are valid until the same deadline, and where one key signs both, the
    /// guardian's comes first. Anyone may call and pay.
    function requestBySig(
        address guardian,
        uint256 number,
        address newKey,
        uint256 deadline,
        bytes calldata guardianSignature,
        bytes calldata newSignature
    ) external;

    /// @notice Approves a request. Any guardian of the number may call, once. The approval that makes them enough
    /// starts the delay.
    /// @dev Emits {RecoveryApproved}, {RecoveryDelayed}. Reverts with {KeyRecoveryNoRequest},
    /// {KeyRecoveryNotGuardian}, {KeyRecoveryAlreadyApproved}.
    /// @param newKey As in the request, so that nobody approves another one that took its place meanwhile.
    function approve(uint256 number, address newKey) external;

    /// @notice {approve} for a guardian who signed `Approve(address guardian,uint256 number,address newKey,uint256
    /// nonce,uint256 deadline)`. Anyone may call and pay.
    function approveBySig(
        address guardian,
        uint256 number,
        address newKey,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Ends the request for the caller's number, whoever made it. Only the key that holds the number, suspended
    /// or not.
    /// @dev Emits {RecoveryVetoed}. Reverts with {KeyRecoveryNotHolder}, {KeyRecoveryNoRequest}.
    function veto(uint256 number) external;

    /// @notice {veto} for a member who signed `Veto(address account,uint256 number,address newKey,uint256
    /// nonce,uint256 deadline)`. Anyone may call and pay. It ends no request for another new key, so that a veto that
    /// was kept back does not hit a recovery that the member wants.
    function vetoBySig(
        address account,
        uint256 number,
        address newKey,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Claims a number whose key was lost, in public, so that the members can decide. Any key without a number
    /// may call; it is its consent. A key has one claim at a time, the last; number 0 takes it back.
    /// @dev A claim stands until the number changes keys, its member leaves, or the members decide on it. Emits
    /// {RecoveryClaimed}. Reverts with {RollDeskUnknownNumber}, {IMembership-MembershipAlreadyMember}.
    /// @param reasonDigest Digest of the published reasons.
    function claim(uint256 number, bytes32 reasonDigest) external;

    /// @notice {claim} for a key that signed `Claim(uint256 number,address newKey,bytes32 reasonDigest,uint256
    /// nonce,uint256 deadline)`. Anyone may call and pay.
    function claimBySig(
        uint256 number,
        address newKey,
        bytes32 reasonDigest,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Starts the delay after which a number without guardians moves to a key that claims it. Only the
    /// timelock. The old key can veto it like any other: no majority takes the seat of a member who is there.
    /// @dev Uses the claim up. Emits {RecoveryDelayed}. Reverts with {RollDeskUnauthorized}, {KeyRecoveryGuarded},
    /// {KeyRecoveryPending}, {KeyRecoveryNoClaim}, {IMembership-MembershipAlreadyMember}.
    function decide(uint256 number, address newKey) external;

    /// @notice Moves a number to its new key. Anyone may call, from the end of the delay for {WINDOW} seconds.
    /// @dev Emits {RecoveryCompleted}. Reverts with {KeyRecoveryNoRequest}, {KeyRecoveryNotReady},
    /// {IMembership-MembershipAlreadyMember}, {IMembership-MembershipKeyBarred}.
    function complete(uint256 number) external;

    /// @notice Changes the delay, for requests made from now on. Only the timelock.
    /// @dev Emits {RecoveryDelayChanged}. Reverts with {RollDeskUnauthorized}, {RollDeskParameterOutOfRange}.
    /// @param newDelay Seconds, from half of {IMembership-waitingFloor} to 180 days.
    function setDelay(uint32 newDelay) external;

    /// @notice The guardians of a number, and how many of them must approve.
    function guardiansOf(uint256 number) external view returns (address[] memory guardians, uint8 threshold);

    /// @notice The request for a number; empty if there is none, or it does not stand (any more).
    function requestOf(uint256 number) external view returns (Recovery memory);

    /// @notice What a key claims; empty if nothing, or the claim does not stand (any more).
    function claimOf(address newKey) external view returns (Claim memory);

    /// @notice Between enough approvals, or a decision, and the moment at which a recovery can be completed, in
    /// seconds.
    function delay() external view returns (uint32);

    /// @notice How long approvals may take, and how long a recovery can be completed after its delay, in seconds.
    // solhint-disable-next-line func-name-mixedcase
    function WINDOW() external view returns (uint48);
}
