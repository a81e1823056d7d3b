// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ApprovalBallots} from "../../contracts/elections/ApprovalBallots.sol";
import {Elections} from "../../contracts/elections/Elections.sol";
import {ICandidacies} from "../../contracts/elections/ICandidacies.sol";
import {IElections} from "../../contracts/elections/IElections.sol";
import {IOffices} from "../../contracts/elections/IOffices.sol";
import {Offices} from "../../contracts/elections/Offices.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Membership} from "../../contracts/membership/Membership.sol";
import {CoalitionTest} from "../helpers/CoalitionTest.sol";
import {Decisions} from "../helpers/Decisions.sol";
import {Dice} from "../helpers/Dice.sol";

/// @title ElectionsHandler
/// @notice Holds one election after the other to one office at random, and keeps a plain record of its own: who could
/// vote, who accepted, who is gone, and which ballot is whose.
contract ElectionsHandler is Decisions {
    enum Kind {
        Announce,
        Stand,
        Nominate,
        Accept,
        Second,
        Withdraw,
        Strike,
        Ballot,
        ChangedBallot,
        Refused,
        Join,
        Leave,
        Resign,
        Seated,
        NobodySeated,
        Filled,
        Pass
    }

    /// @dev What a member has to do with an election.
    struct Part {
        bool mayVote;
        bool accepted;
        bool gone;
        uint256 ballot;
    }

    uint256 public constant KEYS = 14;
    uint256 public constant FOUNDERS = 11;
    uint256 public constant SEATS = 2;
    uint256 public constant BY_GROUP = 1;
    uint256 private constant OFFICE = 1;
    uint256 private constant FEWEST = 8;

    Membership private immutable MEMBERSHIP;
    Offices private immutable OFFICES;
    Elections private immutable ELECTIONS;
    ApprovalBallots private immutable APPROVAL;

    mapping(uint256 electionId => mapping(uint256 number => Part)) private _parts;
    mapping(uint256 electionId => uint256 moment) private _announcedAt;
    /// @dev The tally as it was told when it was asked for the first time after the close.
    mapping(uint256 electionId => bytes32 digest) private _closed;
    mapping(uint256 number => uint256 moment) private _votesFrom;

    mapping(Kind kind => uint256 times) public done;
    uint256 public calls;
    uint256 public acts;
    /// @notice The first thing that must not be; empty if there was none.
    string public violation;

    constructor(Membership membership, Offices offices, Elections elections, ApprovalBallots approval) {
        (MEMBERSHIP, OFFICES, ELECTIONS, APPROVAL) = (membership, offices, elections, approval);
    }

    modifier step() {
        ++calls;
        _;
        _checkHolders();
    }

    /// @notice The first members, their votes mature.
    function foundRoll() external {
        // The campaigns call it too.
        if (MEMBERSHIP.lastNumber() != 0) return;
        for (uint256 i; i < FOUNDERS; ++i) {
            _join(i);
        }
        VM.warp(_votesFrom[FOUNDERS] + 1);
    }

    function announce(uint256 who) external step {
        (bool success, ) = _tryFrom(who, address(ELECTIONS), abi.encodeCall(ELECTIONS.announce, (OFFICE)));
        if (!success) return _did(Kind.Refused);
        uint256 electionId = _current();
        _announcedAt[electionId] = block.timestamp;
        uint256 last = MEMBERSHIP.lastNumber();
        for (uint256 number = 1; number <= last; ++number) {
            _parts[electionId][number].mayVote = _isActive(number) && _votesFrom[number] <= block.timestamp;
        }
        _did(Kind.Announce);
    }

    /// @notice Whoever can stands, from a member on.
    function stand(uint256 who) external step {
        bytes memory data = abi.encodeCall(ELECTIONS.stand, (_current(), keccak256("statement")));
        (bool success, uint256 key) = _tryFrom(who, address(ELECTIONS), data);
        if (!success) return _did(Kind.Refused);
        _part(key).accepted = true;
        _did(Kind.Stand);
    }

    function nominate(uint256 who, uint256 other) external step {
        bytes memory data = abi.encodeCall(ELECTIONS.nominate, (_current(), _key(other)));
        _did(_try(_key(who), address(ELECTIONS), data) ? Kind.Nominate : Kind.Refused);
    }

    /// @notice Whoever was nominated accepts, from a member on.
    function accept(uint256 who) external step {
        bytes memory data = abi.encodeCall(ELECTIONS.accept, (_current(), keccak256("statement")));
        (bool success, uint256 key) = _tryFrom(who, address(ELECTIONS), data);
        if (!success) return _did(Kind.Refused);
        _part(key).accepted = true;
        _did(Kind.Accept);
    }

    /// @notice Seconds whoever can be, from a member on.
    function second(uint256 who, uint256 other) external step {
        for (uint256 i; i < KEYS; ++i) {
            uint256 number = MEMBERSHIP.numberOf(_key(other + i));
            bytes memory data = abi.encodeCall(ELECTIONS.second, (_current(), number));
            if (_try(_key(who), address(ELECTIONS), data)) return _did(Kind.Second);
        }
        _did(Kind.Refused);
    }

    function withdraw(uint256 who) external step {
        bytes memory data = abi.encodeCall(ELECTIONS.withdraw, (_current()));
        if (!_try(_key(who), address(ELECTIONS), data)) return _did(Kind.Refused);
        _part(who).gone = true;
        _did(Kind.Withdraw);
    }

    /// @notice The arbiter strikes somebody off, from a member on.
    function strike(uint256 other) external step {
        for (uint256 i; i < KEYS; ++i) {
            uint256 number = MEMBERSHIP.numberOf(_key(other + i));
            bytes memory data = abi.encodeCall(ELECTIONS.strike, (_current(), number, keccak256("reason")));
            if (!_try(address(this), address(ELECTIONS), data)) continue;
            _part(other + i).gone = true;
            return _did(Kind.Strike);
        }
        _did(Kind.Refused);
    }

    /// @notice Casts any ballot, good ones more often than not, as whoever can, from a member on.
    function vote(uint256 who, uint256 ballot) external step {
        uint256 electionId = _current();
        (uint256 candidates, ) = ELECTIONS.optionsOf(electionId);
        ballot = _ballot(ballot, candidates);
        bytes memory data = abi.encodeCall(APPROVAL.castBallot, (electionId, ballot));
        (bool success, uint256 key) = _tryFrom(who, address(APPROVAL), data);
        if (!success) return _did(Kind.Refused);
        Part storage part = _part(key);
        uint256 age = block.timestamp - _announcedAt[electionId];
        if (!part.mayVote) _violate("a ballot of somebody outside the electorate");
        if (age < 3 days || age >= 4 days) _violate("a ballot outside the vote");
        if (ballot == 0 || ballot >= 2 << candidates) _violate("a ballot for an option that there is not");
        _did(part.ballot == 0 ? Kind.Ballot : Kind.ChangedBallot);
        part.ballot = ballot;
    }

    function comeAndGo(uint256 who) external step {
        if (MEMBERSHIP.numberOf(_key(who)) == 0) {
            _join(who);
            return _did(Kind.Join);
        }
        if (MEMBERSHIP.totalSupply() <= FEWEST) return;
        VM.prank(_key(who));
        MEMBERSHIP.resign();
        _did(Kind.Leave);
    }

    /// @notice Whoever holds the office resigns, from a member on.
    function resign(uint256 who) external step {
        (bool success, ) = _tryFrom(who, address(OFFICES), abi.encodeCall(OFFICES.resign, (OFFICE)));
        _did(success ? Kind.Resign : Kind.Refused);
    }

    function finish() external step {
        uint256 electionId = _current();
        try ELECTIONS.finish(electionId) returns (uint256[] memory winners) {
            if (block.timestamp - _announcedAt[electionId] < 6 days) _violate("an election over before its time");
            (, , uint8 seats) = ELECTIONS.electionOf(electionId);
            if (winners.length > seats) _violate("more winners than seats");
            for (uint256 i; i < winners.length; ++i) {
                _requireElected(electionId, winners[i]);
            }
            _did(winners.length == 0 ? Kind.NobodySeated : Kind.Seated);
        } catch {
            _did(Kind.Refused);
        }
    }

    function fill() external step {
        uint256 number = ELECTIONS.runnerUpOf(OFFICE);
        try ELECTIONS.fillVacancy(OFFICE) {
            _requireElected(_current(), number);
            if (!OFFICES.holds(OFFICE, MEMBERSHIP.ownerOf(number))) _violate("a runner-up without the seat");
            _did(Kind.Filled);
        } catch {
            _did(Kind.Refused);
        }
    }

    /// @notice To the next phase, to the second before it, or anywhere.
    function pass(uint256 time) external step {
        check();
        uint256 announcedAt = _announcedAt[_current()];
        uint256 age = block.timestamp - announcedAt;
        if (announcedAt == 0 || age >= 6 days || time % 8 == 0) VM.warp(block.timestamp + bound(time, 1, 12 hours));
        else VM.warp(announcedAt + (age / 1 days + 1) * 1 days - (time % 8 == 1 ? 1 : 0));
        check();
        _did(Kind.Pass);
    }

    /// @notice Of the present election.
    function phase() external view returns (ICandidacies.Phase) {
        return ELECTIONS.phaseOf(_current());
    }

    /// @notice Writes down what must not be of the tallies of the last two elections.
    function check() public {
        uint256 electionId = _current();
        for (uint256 i; i < 2 && electionId > i; ++i) {
            _checkSum(electionId - i);
            _checkClose(electionId - i);
        }
    }

    function _checkHolders() private {
        IOffices.Seat[] memory seats = OFFICES.seatsOf(OFFICE);
        if (seats.length != SEATS) _violate("more seats than the office has");
        uint256[8] memory byGroup;
        for (uint256 i; i < seats.length; ++i) {
            if (!_isHeld(seats[i])) continue;
            if (++byGroup[seats[i].group] > BY_GROUP) _violate("more holders of a group than the office allows");
            for (uint256 j; j < i; ++j) {
                if (_isHeld(seats[j]) && seats[j].number == seats[i].number) _violate("two seats of one member");
            }
        }
    }

    /// @dev The tally is the sum of the ballots, and nobody else has one.
    function _checkSum(uint256 electionId) private {
        (uint256 ballots, uint256[] memory approvals, ) = APPROVAL.approvalsOf(electionId);
        uint256 last = MEMBERSHIP.lastNumber();
        for (uint256 number = 1; number <= last; ++number) {
            uint256 ballot = _parts[electionId][number].ballot;
            if (APPROVAL.ballotOf(electionId, number) != ballot) _violate("a ballot that nobody cast");
            if (ballot != 0) --ballots;
            for (uint256 option; option < approvals.length; ++option) {
                approvals[option] -= (ballot >> option) & 1;
            }
        }
        if (ballots != 0) _violate("a number of ballots that nobody cast");
        for (uint256 option; option < approvals.length; ++option) {
            if (approvals[option] != 0) _violate("an approval that nobody gave");
        }
    }

    /// @dev After the close nothing changes.
    function _checkClose(uint256 electionId) private {
        if (block.timestamp < _announcedAt[electionId] + 4 days) return;
        (uint256 ballots, uint256[] memory approvals, uint256[] memory groups) = APPROVAL.approvalsOf(electionId);
        (, uint256 gone) = ELECTIONS.optionsOf(electionId);
        uint256[] memory numbers = ELECTIONS.candidatesOf(electionId);
        bytes32 digest = keccak256(abi.encode(ballots, approvals, groups, gone, numbers));
        if (_closed[electionId] == 0) _closed[electionId] = digest;
        if (_closed[electionId] != digest) _violate("a tally that changed after the close");
    }

    /// @dev Whether somebody was seated by their own word, and by more members than wanted nominations re-opened.
    function _requireElected(uint256 electionId, uint256 number) private {
        Part storage part = _parts[electionId][number];
        if (!part.accepted) _violate("somebody seated who did not accept");
        if (part.gone) _violate("somebody seated who withdrew or was struck off");
        if (!_isActive(number)) _violate("somebody seated who is not on the roll");
        uint256 option = ELECTIONS.nominationOf(electionId, number).option;
        if (option == 0) return _violate("somebody seated who was no candidate");
        (uint256 approvals, uint256 reopening) = (0, 0);
        uint256 last = MEMBERSHIP.lastNumber();
        for (uint256 voter = 1; voter <= last; ++voter) {
            uint256 ballot = _parts[electionId][voter].ballot;
            approvals += (ballot >> option) & 1;
            reopening += ballot & 1;
        }
        if (approvals <= reopening) _violate("somebody seated who was behind re-opening nominations");
    }

    function _join(uint256 who) private {
        VM.prank(_key(who));
        uint256 number = MEMBERSHIP.join(uint8(who % 3), keccak256("code of conduct"), "");
        _votesFrom[number] = MEMBERSHIP.member(number).votesFrom;
    }

    /// @dev Calls as the first, from a key on, whose call goes through.
    function _tryFrom(uint256 who, address target, bytes memory data) private returns (bool success, uint256 key) {
        for (uint256 i; i < KEYS && !success; ++i) {
            key = (who % KEYS) + i;
            success = _try(_key(key), target, data);
        }
    }

    function _did(Kind kind) private {
        ++done[kind];
        if (kind != Kind.Refused) ++acts;
    }

    function _violate(string memory what) private {
        if (bytes(violation).length == 0) violation = what;
    }

    /// @dev The part of the member whose key it is in the present election.
    function _part(uint256 who) private view returns (Part storage) {
        return _parts[_current()][MEMBERSHIP.numberOf(_key(who))];
    }

    function _current() private view returns (uint256) {
        return ELECTIONS.lastElectionOf(OFFICE);
    }

    function _isActive(uint256 number) private view returns (bool) {
        return MEMBERSHIP.member(number).status == IMembership.MemberStatus.Active;
    }

    function _isHeld(IOffices.Seat memory seat) private view returns (bool) {
        return seat.number != 0 && !seat.vacated && block.timestamp < seat.until;
    }

    /// @dev Anything, now and then; else two names, which may be one, and one of which may be to re-open nominations.
    function _ballot(uint256 value, uint256 candidates) private pure returns (uint256) {
        if (value % 5 == 0) return (value / 5) % (4 << candidates);
        uint256 first = candidates == 0 ? 0 : 1 + ((value / 5) % candidates);
        return (1 << first) | (1 << ((value / 1_000) % (candidates + 1)));
    }

    function _key(uint256 who) private pure returns (address) {
        unchecked {
            return VM.addr((who % KEYS) + 1);
        }
    }
}

/// @notice Elections over random histories on the real contracts, after every step.
contract ElectionsTest is CoalitionTest {
    using Dice for Dice.Stream;

    ElectionsHandler private _handler;

    function setUp() public {
        _found(
            IMembership.Maturity({waitingPeriod: 8 days, epochLength: 1 days, epochShareBps: 2_500, epochFloor: 100}),
            _plainRules(),
            3
        );
        ApprovalBallots approval = new ApprovalBallots("Coalition", _elections);
        _handler = new ElectionsHandler(_membership, _offices, _elections, approval);
        IOffices.Office memory office = IOffices.Office({
            description: keccak256("office"),
            seats: uint8(_handler.SEATS()),
            term: 9 days,
            termLimit: 0,
            maxPerGroup: uint8(_handler.BY_GROUP()),
            maxPerOrganisation: 0,
            vacancy: IOffices.Vacancy.RunnerUp,
            recallBps: 1_000,
            recallWindow: 1 days
        });
        VM.prank(address(_timelock));
        _offices.create(office);
        VM.prank(address(_timelock));
        _elections.setRules(
            1,
            IElections.Rules({
                method: approval,
                secret: false,
                calendar: true,
                seconds_: 1,
                secondGroups: 1,
                secondsByMember: 7,
                minBallots: 2,
                nomination: 1 days,
                acceptance: 1 days,
                objection: 1 days,
                voting: 1 days,
                reveal: 1 days,
                certification: 1 days
            })
        );
        VM.prank(address(_timelock));
        _elections.setArbiter(address(_handler));
        _handler.foundRoll();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice Properties 16, 19, 20 and 21: nobody is seated without having accepted, after a withdrawal, or behind
    /// re-opening nominations; seats and balance are never exceeded; ballots are those of the electorate, cast in time,
    /// and their sum is the tally, which nothing changes after the close.
    function invariant_electionsFollowTheirRecord() external view {
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
    }

    /// @notice Properties 16, 17, 19, 20 and 21: the same after histories longer than a campaign's; a withdrawal leaves
    /// every ballot as it was.
    /// hardhat-config: fuzz.runs = 6
    function testFuzz_longHistoriesOfElections(uint256 seed) external {
        _run(seed, 120);
    }

    /// @notice Properties 16, 17, 19, 20 and 21: the same over a history that is always the same, of many elections, in
    /// which every kind of step was taken.
    function test_electionsOverALongHistory() external {
        _run(2, 450);
        for (uint256 kind; kind <= uint256(type(ElectionsHandler.Kind).max); ++kind) {
            assertTrue(_handler.done(ElectionsHandler.Kind(kind)) >= 1, "every kind of step");
        }
    }

    function _run(uint256 seed, uint256 steps) private {
        Dice.Stream memory dice = Dice.from(seed);
        // No further than to what must not be: the runner keeps all that was done, for its report.
        for (uint256 i; i < steps && bytes(_handler.violation()).length == 0; ++i) {
            (uint256 a, uint256 b) = (dice.below(type(uint32).max), dice.below(type(uint32).max));
            // What fits the phase, more often than not.
            if (dice.below(8) == 0) _anyStep(dice.below(16), a, b);
            else _fittingStep(_handler.phase(), dice.below(10), a, b);
        }
        _handler.check();
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
    }

    function _fittingStep(ICandidacies.Phase phase, uint256 roll, uint256 a, uint256 b) private {
        bool busy = phase == ICandidacies.Phase.Nomination || phase == ICandidacies.Phase.Voting;
        if (busy ? roll == 0 && b % 2 == 0 : roll < 2) return _handler.pass(a);
        if (phase == ICandidacies.Phase.Nomination) {
            return
                _anyStep(
                    roll < 4
                        ? 1
                        : roll < 5
                            ? 2
                            : roll < 6
                                ? 3
                                : 4,
                    a,
                    b
                );
        }
        if (phase == ICandidacies.Phase.Acceptance)
            return
                _anyStep(
                    roll < 4
                        ? 3
                        : roll < 9
                            ? 4
                            : 5,
                    a,
                    b
                );
        if (phase == ICandidacies.Phase.Objection) return _anyStep(roll < 4 ? 6 : 12, a, b);
        if (phase == ICandidacies.Phase.Voting) return _anyStep(roll < 9 ? 7 : 5, a, b);
        if (phase == ICandidacies.Phase.Finishing) return _anyStep(roll < 3 ? 8 : 10, a, b);
        // Somebody resigns; if there is a runner-up, the next step may give them the seat.
        if (phase == ICandidacies.Phase.Finished)
            return
                _anyStep(
                    roll < 5
                        ? 9
                        : roll < 9
                            ? 11
                            : 0,
                    a,
                    b
                );
        _anyStep(phase == ICandidacies.Phase.None ? 0 : 12, a, b);
    }

    function _anyStep(uint256 action, uint256 a, uint256 b) private {
        if (action == 0) _handler.announce(a);
        else if (action == 1) _handler.stand(a);
        else if (action == 2) _handler.nominate(a, b);
        else if (action == 3) _handler.accept(a);
        else if (action == 4) _handler.second(a, b);
        else if (action == 5) _handler.withdraw(a);
        else if (action == 6) _handler.strike(a);
        else if (action == 7) _handler.vote(a, b);
        else _laterStep(action, a);
    }

    function _laterStep(uint256 action, uint256 a) private {
        if (action == 8) _handler.comeAndGo(a);
        else if (action == 9) _handler.resign(a);
        else if (action == 10) _handler.finish();
        else if (action == 11) _handler.fill();
        else _handler.pass(a);
    }
}
