// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {Candidacies} from "./Candidacies.sol";
import {IBallotMethod} from "./IBallotMethod.sol";
import {ICandidacies} from "./ICandidacies.sol";
import {IElections} from "./IElections.sol";
import {IOffices} from "./IOffices.sol";
import {SeatWord} from "./SeatWord.sol";

/// @title Elections
/// @notice See {IElections}.
contract Elections is Candidacies {
    using SeatWord for uint256;
    using SeatWord for uint256[];

    /// @dev Going down the order of a count: whom the office may seat, and what balance has been used up.
    struct Walk {
        uint256 electionId;
        uint256 maxPerGroup;
        uint256 maxPerOrganisation;
        /// Holders by group, and the organisations of all of them so far.
        uint256[8] byGroup;
        uint256[] organisations;
        uint256 count;
        /// How many seats there are, and what {SeatWord} says of them.
        uint256 seats;
        uint256[] words;
        /// Options seated, a bit each.
        uint256 taken;
    }

    uint256 private constant MAX_STAGE = 90 days;
    uint256 private constant MAX_SECONDS = 20;
    uint256 private constant MAX_SECONDS_BY_MEMBER = 7;
    uint256 private constant MAX_BALLOTS_NEEDED = 1_000;

    /// @dev Those who hold a seat and those who take one, 16 each at the most.
    uint256 private constant MAX_HOLDERS = 32;

    /// @dev After which an election that nobody could finish no longer keeps its office from another.
    uint256 private constant LAPSE = 90 days;

    IOffices private immutable OFFICES;
    address private immutable TIMELOCK;
    uint32 private immutable SHORTEST_STAGE;
    uint256 private immutable GROUP_COUNT;

    mapping(uint256 office => Rules) private _rules;
    mapping(uint256 office => uint256 electionId) private _last;

    modifier onlyTimelock() {
        if (msg.sender != TIMELOCK) revert ElectionsUnauthorized(msg.sender, TIMELOCK);
        _;
    }

    /// @param name_ See {SignedRequests}.
    /// @param roll The roll of the coalition.
    /// @param offices_ The offices, which no elections have bound yet.
    /// @param shortestStage The coalition's shortest stage, in seconds.
    constructor(
        string memory name_,
        IMembership roll,
        IOffices offices_,
        uint32 shortestStage
    ) SignedRequests(name_) Candidacies(roll) {
        (OFFICES, TIMELOCK, SHORTEST_STAGE) = (offices_, roll.timelock(), shortestStage);
        GROUP_COUNT = roll.groups().length;
        offices_.bind();
    }

    /// @inheritdoc IElections
    function setRules(uint256 office, Rules calldata newRules) external onlyTimelock {
        OFFICES.officeOf(office);
        if (!ERC165Checker.supportsInterface(address(newRules.method), type(IBallotMethod).interfaceId)) {
            revert ElectionsNotAMethod(address(newRules.method));
        }
        _require("seconds_", newRules.seconds_, 0, MAX_SECONDS);
        uint256 most = newRules.seconds_ < GROUP_COUNT ? newRules.seconds_ : GROUP_COUNT;
        _require("secondGroups", newRules.secondGroups, most == 0 ? 0 : 1, most);
        _require("secondsByMember", newRules.secondsByMember, 1, MAX_SECONDS_BY_MEMBER);
        _require("minBallots", newRules.minBallots, 1, MAX_BALLOTS_NEEDED);
        _require("nomination", newRules.nomination, SHORTEST_STAGE, MAX_STAGE);
        _require("acceptance", newRules.acceptance, SHORTEST_STAGE, MAX_STAGE);
        _require("objection", newRules.objection, SHORTEST_STAGE, MAX_STAGE);
        _require("voting", newRules.voting, SHORTEST_STAGE, MAX_STAGE);
        _require("reveal", newRules.reveal, SHORTEST_STAGE, MAX_STAGE);
        _require("certification", newRules.certification, SHORTEST_STAGE, MAX_STAGE);
        _rules[office] = newRules;
        emit ElectionRulesChanged(office, newRules);
    }

    /// @inheritdoc IElections
    function setArbiter(address newArbiter) external onlyTimelock {
        emit ArbiterChanged(_arbiter, newArbiter);
        _arbiter = newArbiter;
    }

    /// @inheritdoc IElections
    function announce(uint256 office) external returns (uint256 electionId) {
        Rules memory rules = _rules[office];
        if (address(rules.method) == address(0)) revert ElectionsNoRules(office);
        if (msg.sender != TIMELOCK) {
            if (!rules.calendar) revert ElectionsNoCalendar(office);
            _requireRight(msg.sender, IMembership.Right.Speak, block.timestamp);
        }
        _endLast(office);
        uint48[6] memory ends = _endsOf(rules);
        // While the last election is still the one before: a runner-up of that one may be waiting.
        uint256 seats = _freeSeats(office, ends[5]);
        electionId = ++_lastElection;
        _last[office] = electionId;
        Election storage election = _elections[electionId];
        (election.office, election.announcedAt) = (uint32(office), uint40(block.timestamp));
        (election.seats, election.method) = (uint8(seats), rules.method);
        (election.seconds_, election.secondGroups) = (rules.seconds_, rules.secondGroups);
        (election.secondsByMember, election.minBallots) = (rules.secondsByMember, rules.minBallots);
        // bound: 6 phases
        for (uint256 i; i < 6; ++i) {
            election.ends |= uint240(uint256(ends[i]) << (40 * i));
        }
        _recordOffice(office, election, ends[5]);
        emit ElectionAnnounced(electionId, office, uint8(seats), ends);
        rules.method.prepare(
            electionId,
            IBallotMethod.Frame({
                announcedAt: uint48(block.timestamp),
                opens: ends[2],
                closes: ends[3],
                countsFrom: ends[4],
                seats: uint8(seats),
                secret: rules.secret,
                lastNumber: uint32(ROLL.lastNumber())
            })
        );
    }

    /// @inheritdoc IElections
    function finish(uint256 electionId) external returns (uint256[] memory winners) {
        Election storage election = _requirePhase(electionId, Phase.Finishing, Phase.Finishing);
        (uint256 ballots, uint8[] memory order, bytes32 record) = election.method.outcome(electionId);
        uint256[] memory groups;
        if (ballots >= election.minBallots) {
            Walk memory walk = _startWalk(electionId, election);
            _addSitting(walk, election);
            // Fewer than were announced if the members did away with some meanwhile.
            (winners, groups) = _seat(election, walk, order, Math.min(election.seats, _freeNow(walk)));
            election.taken = uint40(walk.taken);
        }
        election.finished = true;
        emit ElectionFinished(electionId, winners, ballots, record);
        if (winners.length != 0) OFFICES.seat(election.office, winners, groups);
    }

    /// @inheritdoc IElections
    function fillVacancy(uint256 office) external {
        uint256 electionId = _last[office];
        Election storage election = _elections[electionId];
        if (electionId != 0 && !election.finished) revert ElectionsUnderWay(office, electionId);
        (uint256[] memory winners, uint256[] memory groups, uint256 taken) = _runnerUp(office);
        if (winners.length == 0) revert ElectionsNoRunnerUp(office);
        election.taken |= uint40(taken);
        emit VacancyFilled(office, electionId, winners[0]);
        OFFICES.seatForRest(office, winners[0], groups[0]);
    }

    /// @inheritdoc IElections
    function rulesOf(uint256 office) external view returns (Rules memory) {
        return _rules[office];
    }

    /// @inheritdoc IElections
    function lastElectionOf(uint256 office) external view returns (uint256) {
        return _last[office];
    }

    /// @inheritdoc IElections
    function runnerUpOf(uint256 office) external view returns (uint256) {
        (uint256[] memory winners, , ) = _runnerUp(office);
        return winners.length == 0 ? 0 : winners[0];
    }

    /// @inheritdoc IElections
    function arbiter() external view returns (address) {
        return _arbiter;
    }

    /// @inheritdoc IElections
    function offices() external view returns (IOffices) {
        return OFFICES;
    }

    /// @inheritdoc IElections
    function membership() external view returns (IMembership) {
        return ROLL;
    }

    /// @inheritdoc ICandidacies
    function slateOf(uint256 electionId) external view returns (Slate memory slate) {
        Election storage election = _elections[electionId];
        uint256 candidates = election.candidates;
        (slate.candidates, slate.gone, slate.seed) = (candidates, election.gone, lotSeed(electionId));
        (slate.maxPerGroup, slate.maxPerOrganisation) = (election.maxPerGroup, election.maxPerOrganisation);
        slate.numbers = new uint256[](candidates + 1);
        slate.groups = new uint256[](candidates + 1);
        slate.organisations = new uint256[](candidates + 1);
        // bound: 32 candidates
        for (uint256 option = 1; option <= candidates; ++option) {
            uint256 number = _numberOf(electionId, option);
            Nomination storage nomination = _nominations[electionId][number];
            slate.numbers[option] = number;
            (slate.groups[option], slate.organisations[option]) = (nomination.group, nomination.organisation);
        }
        (slate.sittingGroups, slate.sittingOrganisations) = _sitting(election);
    }

    function _mayServe(Election storage election, uint256 number) internal view override returns (bool) {
        return !election.termLimited || OFFICES.mayServe(election.office, number);
    }

    /// @dev Sees to it that no other election to an office is under way.
    function _endLast(uint256 office) private {
        uint256 last = _last[office];
        if (last == 0) return;
        Election storage election = _elections[last];
        if (election.finished) return;
        uint256 finishing = uint40(election.ends >> 200);
        if (block.timestamp < finishing + LAPSE) revert ElectionsUnderWay(office, last);
        election.finished = true;
        emit ElectionFinished(last, new uint256[](0), 0, 0);
    }

    /// @dev Goes down the order until the seats are filled. Passes over who is gone, holds a seat, may not stand any
    /// more, or would break the balance.
    function _seat(
        Election storage election,
        Walk memory walk,
        uint8[] memory order,
        uint256 seats
    ) private view returns (uint256[] memory numbers, uint256[] memory groups) {
        numbers = new uint256[](seats);
        groups = new uint256[](seats);
        uint256 filled;
        (uint256 gone, uint256 moment) = (election.gone, election.announcedAt);
        // bound: 32 candidates
        for (uint256 i; i < order.length && filled < seats; ++i) {
            uint256 option = order[i];
            if (((gone | walk.taken) >> option) & 1 != 0) continue;
            uint256 number = _numberOf(walk.electionId, option);
            Nomination storage nomination = _nominations[walk.electionId][number];
            (uint256 group, uint256 organisation) = (nomination.group, nomination.organisation);
            if (_holds(walk, number, false) || !_fits(walk, group, organisation)) continue;
            if (!_mayStand(number, nomination.key, moment)) continue;
            (numbers[filled], groups[filled]) = (number, group);
            ++filled;
            walk.taken |= 1 << option;
            _add(walk, group, organisation);
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            // The lists as long as what is in them.
            mstore(numbers, filled)
            mstore(groups, filled)
        }
    }

    /// @dev Writes down the balance of an office, and who stays in it while an election is held.
    function _recordOffice(uint256 office, Election storage election, uint48 finishing) private {
        IOffices.Office memory definition = OFFICES.officeOf(office);
        (election.maxPerGroup, election.maxPerOrganisation) = (definition.maxPerGroup, definition.maxPerOrganisation);
        election.termLimited = definition.termLimit != 0;
        (, uint256[] memory words) = OFFICES.rosterOf(office);
        uint256 count;
        uint256 sitting;
        // bound: 16 seats
        for (uint256 i; i < definition.seats; ++i) {
            uint256 seat = words.at(i);
            if (!seat.isTaken(finishing)) continue;
            sitting |= (seat.groupOf() + 1) << (4 * count);
            if (definition.maxPerOrganisation != 0) {
                uint256 organisation = _organisationOf(seat.numberOf());
                election.sittingOrganisations[count / 8] |= organisation << ((count % 8) * 32);
            }
            ++count;
        }
        election.sittingGroups = uint64(sitting);
    }

    function _startWalk(uint256 electionId, Election storage election) private view returns (Walk memory walk) {
        walk.electionId = electionId;
        (walk.maxPerGroup, walk.maxPerOrganisation) = (election.maxPerGroup, election.maxPerOrganisation);
        (walk.seats, walk.words) = OFFICES.rosterOf(election.office);
        walk.organisations = new uint256[](MAX_HOLDERS);
        walk.taken = election.taken;
    }

    /// @dev The balance as far as those have used it up who stay in office while an election is held.
    function _addSitting(Walk memory walk, Election storage election) private view {
        (uint256[] memory groups, uint256[] memory organisations) = _sitting(election);
        // bound: 16 seats
        for (uint256 i; i < groups.length; ++i) {
            _add(walk, groups[i], organisations[i]);
        }
    }

    /// @dev Who would take a seat that was vacated in mid-term: nobody, or one.
    function _runnerUp(
        uint256 office
    ) private view returns (uint256[] memory winners, uint256[] memory groups, uint256 taken) {
        (, uint256 vacated) = OFFICES.freeSeats(office, uint48(block.timestamp));
        uint256 last = _last[office];
        if (vacated == 0 || OFFICES.officeOf(office).vacancy != IOffices.Vacancy.RunnerUp) return (winners, groups, 0);
        Election storage election = _elections[last];
        if (election.taken == 0) return (winners, groups, 0);
        (, uint8[] memory order, ) = election.method.outcome(last);
        Walk memory walk = _startWalk(last, election);
        _addHolders(walk);
        _passOverHolders(walk, order);
        (winners, groups) = _seat(election, walk, order, 1);
        taken = walk.taken;
    }

    /// @dev The balance as far as those have used it up who hold seats now.
    function _addHolders(Walk memory walk) private view {
        // bound: 16 seats
        for (uint256 i; i < walk.seats; ++i) {
            uint256 seat = walk.words.at(i);
            if (!seat.isTaken(block.timestamp)) continue;
            uint256 organisation = walk.maxPerOrganisation == 0 ? 0 : _organisationOf(seat.numberOf());
            _add(walk, seat.groupOf(), organisation);
        }
    }

    /// @dev Groups and organisations of those who stay in office while an election is held.
    function _sitting(
        Election storage election
    ) private view returns (uint256[] memory groups, uint256[] memory organisations) {
        uint256 count;
        groups = new uint256[](SeatWord.MAX);
        organisations = new uint256[](SeatWord.MAX);
        // bound: 16 seats
        for (uint256 sitting = election.sittingGroups; sitting != 0; sitting >>= 4) {
            groups[count] = (sitting & 0xf) - 1;
            if (election.maxPerOrganisation != 0) {
                organisations[count] = uint32(election.sittingOrganisations[count / 8] >> ((count % 8) * 32));
            }
            ++count;
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            // The lists as long as what is in them.
            mstore(groups, count)
            mstore(organisations, count)
        }
    }

    /// @dev Seats that are free when an election is over; reverts if there is none, or a runner-up takes one before.
    function _freeSeats(uint256 office, uint48 finishing) private view returns (uint256 free) {
        (uint256[] memory runnerUp, , ) = _runnerUp(office);
        if (runnerUp.length != 0) revert ElectionsRunnerUpWaits(office, runnerUp[0]);
        (free, ) = OFFICES.freeSeats(office, finishing);
        if (free == 0) revert ElectionsNothingToFill(office, finishing);
    }

    function _freeNow(Walk memory walk) private view returns (uint256 free) {
        // bound: 16 seats
        for (uint256 i; i < walk.seats; ++i) {
            if (!walk.words.at(i).isTaken(block.timestamp)) ++free;
        }
    }

    /// @dev Whether a member holds a seat, or left one in a term that runs on.
    /// @param orLeft Whether the second counts too.
    function _holds(Walk memory walk, uint256 number, bool orLeft) private view returns (bool) {
        // bound: 16 seats
        for (uint256 i; i < walk.seats; ++i) {
            uint256 seat = walk.words.at(i);
            if (seat.numberOf() != number) continue;
            if (orLeft ? block.timestamp < seat.untilOf() : seat.isTaken(block.timestamp)) return true;
        }
        return false;
    }

    /// @dev Marks as seated who holds, or left, a seat that was given by another election: who is recalled from it, or
    /// resigns, does not come back to the rest of that term as a runner-up, now or later.
    function _passOverHolders(Walk memory walk, uint8[] memory order) private view {
        // bound: 32 candidates
        for (uint256 i; i < order.length; ++i) {
            uint256 option = order[i];
            if (_holds(walk, _numberOf(walk.electionId, option), true)) walk.taken |= 1 << option;
        }
    }

    /// @dev Whether the balance lets somebody take a seat beside those who hold or take one.
    function _fits(Walk memory walk, uint256 group, uint256 organisation) private pure returns (bool) {
        if (walk.maxPerGroup != 0 && walk.byGroup[group] >= walk.maxPerGroup) return false;
        if (walk.maxPerOrganisation == 0 || organisation == 0) return true;
        uint256 same;
        // bound: 32 holders
        for (uint256 i; i < walk.count; ++i) {
            if (walk.organisations[i] == organisation) ++same;
        }
        return same < walk.maxPerOrganisation;
    }

    function _add(Walk memory walk, uint256 group, uint256 organisation) private pure {
        ++walk.byGroup[group];
        walk.organisations[walk.count++] = organisation;
    }

    /// @dev First second of each phase after nomination, for an election announced now.
    function _endsOf(Rules memory rules) private view returns (uint48[6] memory ends) {
        ends[0] = uint48(block.timestamp) + rules.nomination;
        ends[1] = ends[0] + rules.acceptance;
        ends[2] = ends[1] + rules.objection;
        ends[3] = ends[2] + rules.voting;
        ends[4] = ends[3] + rules.reveal;
        ends[5] = ends[4] + rules.certification;
    }

    function _require(bytes32 rule, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert ElectionsRuleOutOfRange(rule, value, min, max);
    }
}
