// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../membership/IMembership.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";
import {IAgenda} from "./IAgenda.sol";
import {IGuardian} from "./IGuardian.sol";

/// @title ICoalitionGovernor
/// @notice What the coalition's governor adds to OpenZeppelin's IGovernor: classes of decisions with rules of their
/// own, frozen into every decision; counts and concurrence by stakeholder group; ballots that can be changed until the
/// close, and that others can bring by the hundred; a late swing that extends the vote; and refusals that say why.
interface ICoalitionGovernor {
    /// @notice Ballots of one choice, each of them a signature and nothing else.
    /// @dev A member signs the EIP-712 message `FirstBallot(uint256 proposalId,uint8 support,uint256 deadline)`, the
    /// same for all who choose alike; who signed follows from the signature. It counts for a key that is an ordinary
    /// account and a member who has no ballot on the decision yet, and can therefore count only once.
    struct BallotGroup {
        /// 0 Against, 1 For, 2 Abstain.
        uint8 support;
        /// Last second at which these ballots are valid.
        uint48 deadline;
        /// Signatures of 64 bytes each (EIP-2098), one after the other.
        bytes signatures;
    }

    /// @notice A ballot that names its voter: of a wallet that is a contract, or one that replaces an earlier ballot.
    /// @dev The EIP-712 message is
    /// `NamedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,uint256 deadline)` with the voter's
    /// present `nonces(voter)`.
    struct NamedBallot {
        address voter;
        uint8 support;
        uint48 deadline;
        uint256 nonce;
        /// 65 bytes of an ordinary account, or whatever a contract takes (ERC-1271).
        bytes signature;
    }

    /// @notice Why a ballot of a batch was passed over.
    enum Skip {
        /// Not signed by the voter, or not for just this ballot, chain and governor, or a signature of another form.
        InvalidSignature,
        /// The deadline has passed.
        Expired,
        /// Not the voter's present nonce.
        WrongNonce,
        /// The voter may not vote on this decision.
        NotEntitled,
        /// There is a ballot of this member already.
        AlreadyCast,
        /// The member's ballot was cast in person; a signature cannot replace it.
        CastInPerson,
        /// Support is none of 0, 1 and 2.
        SupportOutOfRange,
        /// What is left of a group's signatures is shorter than one.
        WrongLength
    }

    /// @notice The rules of a class, for decisions proposed from now on, changed.
    event RulesChanged(DecisionRules.Class indexed kind, DecisionRules.Rules oldRules, DecisionRules.Rules newRules);

    /// @notice From now on whatever calls this target is an amendment, unless the table says otherwise; for good.
    event TargetGuarded(address indexed target);

    /// @notice The class of a function of a guarded target changed.
    event ActionClassChanged(
        address indexed target,
        bytes4 indexed selector,
        DecisionRules.Class oldClass,
        DecisionRules.Class newClass
    );

    /// @notice A member who had delegated the vote cast a ballot of their own: the delegate's no longer counts for it.
    /// @dev Emitted with the member's first ballot, before its `VoteCast`. With these two events the weight of every
    /// ballot follows from the record.
    event DelegatedVoteTakenBack(uint256 indexed proposalId, uint256 indexed delegator, uint256 indexed delegate);

    /// @notice A ballot of a batch was passed over; the others went on.
    /// @param voter Who signed, as far as that can be told.
    /// @param group The place of its group in the batch; for named ballots the number of groups.
    /// @param index Its place in the group, or among the named ballots.
    event BallotSkipped(uint256 indexed proposalId, address indexed voter, uint256 group, uint256 index, Skip reason);

    /// @notice A late swing moved the close of a decision.
    event ProposalExtended(uint256 indexed proposalId, uint256 deadline);

    /// @notice The guardian moved the execution of a decision.
    event ProposalPostponed(uint256 indexed proposalId, uint256 etaSeconds);

    /// @notice How a decision that passed was decided; emitted when it is queued.
    /// @param heard Groups that were large enough to be heard on their own, a bit each.
    /// @param againstVotes By stakeholder group, as are `forVotes` and `abstainVotes`.
    event ProposalPassed(
        uint256 indexed proposalId,
        DecisionRules.Class indexed kind,
        uint256 electorate,
        uint256 heard,
        uint256[] againstVotes,
        uint256[] forVotes,
        uint256[] abstainVotes
    );

    /// @notice A key without the right to propose, and why.
    /// @param explanation The moment that explains it, see {IMembership-Standing}.
    error CoalitionGovernorProposerRefused(address proposer, IMembership.Standing standing, uint48 explanation);

    /// @notice A key without the right to vote on this decision, and why.
    /// @param explanation The moment that explains it, see {IMembership-Standing}.
    error CoalitionGovernorBallotRefused(
        uint256 proposalId,
        address voter,
        IMembership.Standing standing,
        uint48 explanation
    );

    /// @notice The member has voted on this decision in person; a signature cannot replace that ballot.
    error CoalitionGovernorBallotCastInPerson(uint256 proposalId, address voter);

    /// @notice Support is 0 Against, 1 For or 2 Abstain.
    error CoalitionGovernorSupportOutOfRange(uint8 support);

    /// @notice Only the past is settled: the moment asked for is not before now.
    error CoalitionGovernorFutureLookup(uint256 timepoint, uint48 current);

    /// @notice Ballots of this governor take no parameters.
    error CoalitionGovernorParamsNotEmpty(uint256 length);

    /// @notice A list or text is longer than its limit.
    /// @param what Its name: "actions", "calldata" (bytes in all actions), "description" or "reason" (bytes), "groups"
    /// or "ballots" (of a batch), in ASCII.
    error CoalitionGovernorTooLong(bytes32 what, uint256 length, uint256 limit);

    /// @notice An action calls a function of an address that has no code: it would succeed and do nothing.
    error CoalitionGovernorTargetWithoutCode(address target);

    /// @notice Roll, timelock, agenda and guardian are contracts; this address has no code.
    error CoalitionGovernorNotAContract(address account);

    /// @notice The timelock is fixed at birth: every organ answers to it.
    error CoalitionGovernorTimelockFixed(address timelock);

    /// @notice What the decision does is of a greater class now than it was decided in: a target was guarded since, or
    /// holds a role of the timelock by which it could propose.
    error CoalitionGovernorClassTooLow(uint256 proposalId, DecisionRules.Class kind, DecisionRules.Class needed);

    /// @notice The governor and the timelock are guarded by the code, and no function of theirs has another class; of
    /// other targets only guarded ones are in the table.
    error CoalitionGovernorClassFixed(address target);

    /// @notice The decision may not be executed before `etaSeconds`.
    error CoalitionGovernorTooEarly(uint256 proposalId, uint256 etaSeconds);

    /// @notice Only the guardian may call this.
    error CoalitionGovernorNotGuardian(address caller);

    /// @notice The guardian has moved the execution of this decision once.
    error CoalitionGovernorPostponedBefore(uint256 proposalId);

    /// @notice Less gas is left than one wallet that is a contract may use: everything is undone, rather than a ballot
    /// passed over because of who brought it.
    error CoalitionGovernorGasTooLow(uint256 index, uint256 gasLeft, uint256 needed);

    /// @notice Changes the rules of a class for decisions proposed from now on. Only by a decision, an amendment.
    /// @dev Emits {RulesChanged}. Reverts with `GovernorOnlyExecutor`, {DecisionRules-DecisionRulesOutOfRange} and
    /// {IDecisionBounds-DecisionBoundsUnordered}. Ranges: `notice` from {shortestStage} to below the roll's waiting
    /// floor (30 days at the most); `period`, `grace` and `delay` from {shortestStage} to 90, 180 and 30 days;
    /// `extension` to the period, 14 days at the most; `quorumBps` 100 to 5,000; `quorumFloor` 3 to half of the present
    /// electorate, or as it is; `approvalBps` 5,000 to 8,000, of amendments from 6,000; `approvalFloorBps` 0 to 2,500;
    /// `concurrence` 0, of amendments 2, to the number of groups; `concurrenceMembers` 1 to 255; `endorsements` 0 to
    /// 20, and to what `quorumFloor` may be; `endorsementGroups` 1 to the number of groups that have a vote, no more
    /// than `endorsements`, 0 if those are.
    function setRules(DecisionRules.Class kind, DecisionRules.Rules calldata newRules) external;

    /// @notice Guards a target for good: whatever calls it is an amendment, unless the table says otherwise. Only by a
    /// decision, an amendment. Whoever gives a contract power over the coalition guards it in the same decision.
    /// @dev Emits {TargetGuarded}. Reverts with `GovernorOnlyExecutor`, {CoalitionGovernorClassFixed}.
    function guard(address target) external;

    /// @notice Sets the class of a function of a guarded target. Only by a decision, an amendment.
    /// @dev Emits {ActionClassChanged}. Reverts with `GovernorOnlyExecutor`, {CoalitionGovernorClassFixed}.
    /// @param selector Its first four bytes; zero for calls with fewer.
    function setActionClass(address target, bytes4 selector, DecisionRules.Class kind) external;

    /// @notice Casts many ballots that their voters signed. Anyone may call and pay.
    /// @dev Each ballot is counted (`VoteCast`) or passed over ({BallotSkipped}); a bad one never takes another down.
    /// Emits {ProposalExtended} if together they turn the outcome late. Reverts with
    /// `GovernorUnexpectedProposalState` unless the decision is open, {CoalitionGovernorTooLong},
    /// {CoalitionGovernorGasTooLow}.
    /// @param groups At most 8, with at most 1,000 ballots in all.
    /// @param named At most 64.
    /// @return counted How many were counted.
    function castBallots(
        uint256 proposalId,
        BallotGroup[] calldata groups,
        NamedBallot[] calldata named
    ) external returns (uint256 counted);

    /// @notice Moves the execution of a queued decision by its own delay, once. Only the guardian.
    /// @dev Emits {ProposalPostponed}. Reverts with {CoalitionGovernorNotGuardian},
    /// `GovernorUnexpectedProposalState`, {CoalitionGovernorPostponedBefore}.
    function postpone(uint256 proposalId) external;

    /// @notice The class of what an action does.
    /// @param selector The first four bytes of its calldata; zero if there are fewer.
    function classOf(address target, bytes4 selector) external view returns (DecisionRules.Class);

    /// @notice The rules of a class for decisions proposed from now on.
    function rules(DecisionRules.Class kind) external view returns (DecisionRules.Rules memory);

    /// @notice The class of a decision and the rules that were copied into it when it was proposed; all zero for one
    /// never proposed.
    function proposalRules(uint256 proposalId) external view returns (DecisionRules.Class, DecisionRules.Rules memory);

    /// @notice What a decision opened with. Reverts with `ERC5805FutureLookup` before that, and with
    /// `GovernorNonexistentProposal`.
    /// @return electorate Votes that counted.
    /// @return heard Groups that were large enough to be heard on their own, a bit each.
    /// @return quorumNeeded Number of For and Abstain ballots that the decision needs.
    /// @return extended Whether a late swing has moved its close.
    function proposalFrame(
        uint256 proposalId
    ) external view returns (uint256 electorate, uint256 heard, uint256 quorumNeeded, bool extended);

    /// @notice Ballots on a decision: as OpenZeppelin's GovernorCountingSimple has it.
    function proposalVotes(
        uint256 proposalId
    ) external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes);

    /// @notice Ballots on a decision by members of one stakeholder group. Reverts with
    /// {IMembership-MembershipUnknownGroup}.
    function proposalVotesByGroup(
        uint256 proposalId,
        uint256 group
    ) external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes);

    /// @notice The ballot of a member number: 0 none, 1 Against, 2 For, 3 Abstain.
    function receiptOf(uint256 proposalId, uint256 number) external view returns (uint256);

    /// @notice The decision that is being carried out in this very call, 0 outside of one: how an organ that the
    /// timelock calls learns what decided it. Of a decision carried out within another, the inner one.
    function executing() external view returns (uint256 proposalId);

    /// @notice The roll whose members vote.
    function membership() external view returns (IMembership);

    /// @notice Who decides what opens for the vote.
    function agenda() external view returns (IAgenda);

    /// @notice Who may delay or cancel what was decided.
    function guardian() external view returns (IGuardian);

    /// @notice The shortest stage of a decision that can ever be set, in seconds.
    function shortestStage() external view returns (uint256);
}
