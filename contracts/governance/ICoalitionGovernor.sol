// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../membership/IMembership.sol";
import {DecisionRules} from "./DecisionRules.sol";

/// @title ICoalitionGovernor
/// @notice What the coalition's governor adds to OpenZeppelin's IGovernor: rules frozen into every decision, counts by
/// stakeholder group, ballots that can be changed until the close, and refusals that say why.
interface ICoalitionGovernor {
    /// @notice The rules for decisions proposed from now on changed.
    event RulesChanged(DecisionRules.Rules oldRules, DecisionRules.Rules newRules);

    /// @notice A member who had delegated the vote cast a ballot of their own: the delegate's no longer counts for it.
    /// @dev Emitted with the member's first ballot, before its `VoteCast`. With these two events the weight of every
    /// ballot follows from the record.
    event DelegatedVoteTakenBack(uint256 indexed proposalId, uint256 indexed delegator, uint256 indexed delegate);

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
    /// @param what Its name: "actions", "calldata" (bytes in all actions), "description" or "reason" (bytes), in ASCII.
    error CoalitionGovernorTooLong(bytes32 what, uint256 length, uint256 limit);

    /// @notice An action calls a function of an address that has no code: it would succeed and do nothing.
    error CoalitionGovernorTargetWithoutCode(address target);

    /// @notice The roll and the timelock are contracts; this address has no code.
    error CoalitionGovernorNotAContract(address account);

    /// @notice The timelock is fixed at birth: every organ answers to it.
    error CoalitionGovernorTimelockFixed(address timelock);

    /// @notice Changes the rules for decisions proposed from now on. Only by a decision.
    /// @dev Emits {RulesChanged}. Reverts with `GovernorOnlyExecutor` and {DecisionRules-DecisionRulesOutOfRange};
    /// ranges: `notice`, `period` and `grace` from {shortestStage} to below the roll's waiting floor (30 days at the
    /// most), 90 days and 180 days; `quorumBps` 100 to 5,000; `quorumFloor` 3 to half of the present electorate, or as
    /// it is; `approvalBps` 5,000 to 8,000; `approvalFloorBps` 0 to 2,500.
    function setRules(DecisionRules.Rules calldata newRules) external;

    /// @notice The rules for decisions proposed from now on.
    function rules() external view returns (DecisionRules.Rules memory);

    /// @notice The rules that were copied into a decision when it was proposed; all zero for one never proposed.
    function proposalRules(uint256 proposalId) external view returns (DecisionRules.Rules memory);

    /// @notice Votes that existed when a decision opened. Reverts with `ERC5805FutureLookup` before that, and with
    /// `GovernorNonexistentProposal`.
    function proposalElectorate(uint256 proposalId) external view returns (uint256);

    /// @notice Number of For and Abstain ballots that a decision needs, by its own rules and electorate. Reverts like
    /// {proposalElectorate}. Prefer it to `quorum`, which answers by the rules in force now.
    function proposalQuorum(uint256 proposalId) external view returns (uint256);

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

    /// @notice The roll whose members vote.
    function membership() external view returns (IMembership);

    /// @notice The shortest stage of a decision that can ever be set, in seconds.
    function shortestStage() external view returns (uint256);
}
