// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../membership/IMembership.sol";
import {IBallotMethod} from "./IBallotMethod.sol";
import {ICandidacies} from "./ICandidacies.sol";
import {IOffices} from "./IOffices.sol";

/// @title IElections
/// @notice Elections to the offices of a coalition. An election is announced by a decision or, where the office has a
/// calendar, by any member; from then on its phases follow from time alone:
///
///     nomination -> acceptance -> objection -> voting -> reveal -> certification -> finishing
///
/// Who wins is seated by whoever calls {finish}: no key, and not the timelock, can seat anybody else. What keeps a
/// winner from the seat is to have withdrawn, or to have lost the right to stand, as only the members decide it.
///
/// @dev The electorate is who could vote when the election was announced; delegations do not count, for an election is
/// of persons by persons. "Re-open nominations" stands in every election, so an uncontested one is a confirmation: who
/// does not get ahead of it is not seated.
interface IElections is ICandidacies {
    /// @notice How an office is filled. Frozen into an election when it is announced.
    struct Rules {
        IBallotMethod method;
        /// Whether ballots are sealed until the close.
        bool secret;
        /// Whether any member may announce an election when seats are, or become, free; else only a decision.
        bool calendar;
        /// Members who must second a nominee, 0 to 20, and the groups that they must come from: 0 if nobody must, else
        /// 1 to the number of groups, no more than the members.
        uint8 seconds_;
        uint8 secondGroups;
        /// Nominees whom one member can second in an election, 1 to 7.
        uint8 secondsByMember;
        /// Ballots without which nobody is elected, 1 to 1,000.
        uint16 minBallots;
        /// Lengths of the phases, in seconds, each from the coalition's shortest stage to 90 days.
        uint32 nomination;
        uint32 acceptance;
        uint32 objection;
        uint32 voting;
        uint32 reveal;
        uint32 certification;
    }

    /// @notice The rules by which an office is filled, changed; for elections announced from now on.
    event ElectionRulesChanged(uint256 indexed office, Rules newRules);

    /// @notice An election was announced.
    /// @param seats Seats to fill.
    /// @param ends First second of each phase after nomination: acceptance, objection, voting, reveal, certification,
    /// finishing; in seconds since 1970.
    event ElectionAnnounced(uint256 indexed electionId, uint256 indexed office, uint8 seats, uint48[6] ends);

    /// @notice An election is over.
    /// @param winners Member numbers of those seated, in the order of the count.
    /// @param ballots Members whose ballot counted.
    /// @param record Digest of the record of the count, see {IBallotMethod-outcome}; 0 if it lapsed.
    event ElectionFinished(uint256 indexed electionId, uint256[] winners, uint256 ballots, bytes32 record);

    /// @notice A runner-up took a seat that became vacant.
    event VacancyFilled(uint256 indexed office, uint256 indexed electionId, uint256 indexed number);

    /// @notice The arbiter of objections changed.
    event ArbiterChanged(address indexed oldArbiter, address indexed newArbiter);

    /// @notice Only the coalition's timelock may call this.
    error ElectionsUnauthorized(address caller, address timelock);

    /// @notice A rule is out of its range.
    /// @param rule Its name, as in {Rules}, in ASCII.
    error ElectionsRuleOutOfRange(bytes32 rule, uint256 value, uint256 min, uint256 max);

    /// @notice The contract does not announce {IBallotMethod} by ERC-165.
    error ElectionsNotAMethod(address account);

    /// @notice The office has no rules of election yet.
    error ElectionsNoRules(uint256 office);

    /// @notice An election to this office is under way.
    error ElectionsUnderWay(uint256 office, uint256 electionId);

    /// @notice No seat of the office is free when an election announced now would be over.
    error ElectionsNothingToFill(uint256 office, uint256 finishing);

    /// @notice Elections to this office are announced by a decision only.
    error ElectionsNoCalendar(uint256 office);

    /// @notice A runner-up of the last election takes the vacant seat; see {fillVacancy}.
    error ElectionsRunnerUpWaits(uint256 office, uint256 number);

    /// @notice No seat is vacant in mid-term, or no runner-up may take it.
    error ElectionsNoRunnerUp(uint256 office);

    /// @notice Sets the rules by which an office is filled. Only the timelock.
    /// @dev Emits {ElectionRulesChanged}. Reverts with {ElectionsUnauthorized}, {ElectionsRuleOutOfRange},
    /// {ElectionsNotAMethod}, {IOffices-OfficesUnknown}.
    function setRules(uint256 office, Rules calldata newRules) external;

    /// @notice Names who decides objections that the rules alone do not decide. Only the timelock.
    /// @param newArbiter A contract or key; zero for nobody: such objections are then on record and change nothing.
    function setArbiter(address newArbiter) external;

    /// @notice Announces an election for the seats of an office that are free when it is over. The timelock; by the
    /// calendar of the office, any member.
    /// @dev Emits {ElectionAnnounced}. Reverts with {ElectionsNoRules}, {ElectionsUnderWay}, {ElectionsNothingToFill},
    /// {ElectionsNoCalendar}, {ElectionsRunnerUpWaits}, {CandidaciesRefused}.
    /// @return electionId From 1.
    function announce(uint256 office) external returns (uint256 electionId);

    /// @notice Seats the winners, once the count is complete and the time to recount it is over. Anyone may call, once.
    /// @dev Goes down the order of the count: passes over who withdrew, lost the right to stand or would break the
    /// balance of the office, until the seats are filled or nobody is left. Emits {ElectionFinished}; the office emits
    /// {IOffices-SeatTaken}. Reverts with {CandidaciesWrongPhase}, and with what the method reverts with as
    /// long as its count is not complete.
    /// @return winners Member numbers, in the order of the count.
    function finish(uint256 electionId) external returns (uint256[] memory winners);

    /// @notice Gives a seat that became vacant in mid-term to the next runner-up of the last election, where the office
    /// says so. Anyone may call.
    /// @dev Emits {VacancyFilled}. Reverts with {ElectionsNoRunnerUp}, {ElectionsUnderWay}.
    function fillVacancy(uint256 office) external;

    /// @notice The rules by which an office is filled; all zero for none.
    function rulesOf(uint256 office) external view returns (Rules memory);

    /// @notice The last election to an office; 0 if there was none.
    function lastElectionOf(uint256 office) external view returns (uint256);

    /// @notice The runner-up who would take a vacant seat of an office; 0 for nobody.
    function runnerUpOf(uint256 office) external view returns (uint256 number);

    /// @notice Who decides objections; zero for nobody.
    function arbiter() external view returns (address);

    /// @notice The offices that are filled.
    function offices() external view returns (IOffices);

    /// @notice The roll of the coalition.
    function membership() external view returns (IMembership);
}
