// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ApprovalBallots} from "../../contracts/elections/ApprovalBallots.sol";
import {IElections} from "../../contracts/elections/IElections.sol";
import {IOffices} from "../../contracts/elections/IOffices.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";

/// @notice Offices over random histories of elections, vacancies, resignations, recalls and time, against a plain
/// record of every term that anybody ever had.
contract OfficesTest is Assembly {
    using Dice for Dice.Stream;

    uint256 private constant MEMBERS = 9;
    uint256 private constant GROUPS = 3;
    uint256 private constant OFFICES = 2;
    uint256 private constant STEPS = 20;
    /// @dev From an announcement to the first second in which it can be finished.
    uint256 private constant ELECTION = 6 days;

    enum Kind {
        Elected,
        NobodyElected,
        RunnerUp,
        Resigned,
        Recalled,
        LeftRoll,
        Ended,
        InARow,
        Refused
    }

    /// @dev A member's term, or the rest of somebody's.
    struct Term {
        uint256 number;
        uint256 until;
        /// Which one in a row.
        uint256 count;
        bool left;
        /// Whether somebody else took the rest of it.
        bool passedOn;
    }

    ApprovalBallots private _approval;
    /// @dev By office, as it was created.
    IOffices.Office[OFFICES + 1] private _definitions;
    /// @dev By office, in the order in which they began.
    mapping(uint256 office => Term[]) private _terms;
    bool[MEMBERS + 1] private _gone;
    uint256 private _onRoll;
    mapping(Kind kind => uint256 times) private _done;

    function setUp() external {
        _begin();
    }

    /// @notice Property 20: seats held are never more than the office has, nobody holds two of one office, terms end by
    /// themselves, and who holds an office, and may stand again, is what a plain record says.
    /// hardhat-config: fuzz.runs = 48
    function testFuzz_officesFollowTheirRecord(uint256 seed) external {
        _run(seed);
    }

    /// @notice Property 20: the same over histories that are always the same, and proof that everything came up.
    function test_officesFollowTheirRecordOverManyHistories() external {
        for (uint256 seed; seed < 12; ++seed) {
            _begin();
            _run(seed);
        }
        for (uint256 kind; kind <= uint256(type(Kind).max); ++kind) {
            if (_done[Kind(kind)] == 0) revert Different("every kind of event came up", kind, 0);
        }
    }

    /// @dev Founds a coalition anew, everyone's vote mature: an office where terms are limited and runners-up wait, and
    /// one where groups are balanced and elections fill every vacancy.
    function _begin() private {
        delete _members;
        _assemble(MEMBERS, GROUPS, _plainRules());
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            _gone[number] = false;
        }
        _onRoll = MEMBERS;
        _approval = new ApprovalBallots("Coalition", _elections);
        _create(1, IOffices.Office(CODE, 2, 18 days, 2, 0, 0, IOffices.Vacancy.RunnerUp, 500, 5 days));
        _create(2, IOffices.Office(CODE, 3, 15 days, 0, 1, 0, IOffices.Vacancy.ByElection, 500, 5 days));
    }

    function _create(uint256 office, IOffices.Office memory definition) private {
        delete _terms[office];
        _definitions[office] = definition;
        VM.prank(address(_timelock));
        assertEq(_offices.create(definition), office, "office");
        IElections.Rules memory rules = IElections.Rules({
            method: _approval,
            secret: false,
            calendar: true,
            seconds_: 0,
            secondGroups: 0,
            secondsByMember: 1,
            minBallots: 1,
            nomination: STAGE,
            acceptance: STAGE,
            objection: STAGE,
            voting: STAGE,
            reveal: STAGE,
            certification: STAGE
        });
        VM.prank(address(_timelock));
        _elections.setRules(office, rules);
    }

    function _run(uint256 seed) private {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 step; step < STEPS; ++step) {
            uint256 office = dice.between(1, OFFICES);
            uint256 kind = dice.below(8);
            if (kind < 3) _elect(office, dice);
            else if (kind < 5) _depart(office, dice);
            if (kind > 2 && kind < 6) _fill(office);
            if (kind == 6) _passTerm(office, dice);
            if (kind == 7) VM.warp(block.timestamp + dice.between(1, 20 days));
            VM.warp(block.timestamp + dice.between(1, 2 days));
            for (uint256 each = 1; each <= OFFICES; ++each) {
                _check(each, dice);
            }
        }
    }

    /// @dev A whole election, and a departure before it is over.
    function _elect(uint256 office, Dice.Stream memory dice) private {
        bool waits = _elections.runnerUpOf(office) != 0;
        (uint256 free, ) = _freeAt(office, block.timestamp + ELECTION);
        bool announced = _tryAnyMember(address(_elections), abi.encodeCall(_elections.announce, (office)));
        assertTrue(announced == (!waits && free != 0), "announced");
        if (!announced) return;
        uint256 id = _elections.lastElectionOf(office);
        uint256 end = block.timestamp + ELECTION;
        _nominate(office, id, dice);
        VM.warp(block.timestamp + 3 days);
        _vote(id, free, dice);
        if (dice.below(2) == 0) _depart(office, dice);
        assertTrue(!_tryToFill(office), "no vacancy is filled while an election is under way");
        VM.warp(end + dice.below(3 days));
        _finish(office, id, free);
    }

    /// @dev Nobody, some or all members stand, as far as the record allows it.
    function _nominate(uint256 office, uint256 id, Dice.Stream memory dice) private {
        uint256 keen = dice.below(5);
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            if (dice.below(4) >= keen) continue;
            (bool known, uint256 inARow) = _inARow(office, number);
            bool stands = _try(
                _members[number - 1],
                address(_elections),
                abi.encodeCall(_elections.stand, (id, bytes32(uint256(1))))
            );
            if (!known) continue;
            bool may = _mayServe(office, inARow);
            assertTrue(stands == (may && !_gone[number]), "stands");
            if (!may) ++_done[Kind.Refused];
        }
    }

    /// @dev Most members name one or two candidates, or nobody, and often who stood first: some are elected again.
    function _vote(uint256 id, uint256 seats, Dice.Stream memory dice) private {
        (uint256 candidates, ) = _elections.optionsOf(id);
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            if (_gone[number] || dice.below(4) == 0) continue;
            uint256 ballot = 1;
            if (candidates != 0 && dice.below(6) != 0) ballot = 1 << dice.between(1, candidates);
            if (seats > 1 && ballot != 1) ballot |= dice.below(2) == 0 ? 2 : 1 << dice.between(1, candidates);
            VM.prank(_members[number - 1]);
            _approval.castBallot(id, ballot);
        }
    }

    function _finish(uint256 office, uint256 id, uint256 announced) private {
        (uint256 free, ) = _freeAt(office, block.timestamp);
        uint256[] memory winners = _elections.finish(id);
        assertTrue(winners.length <= announced && winners.length <= free, "winners");
        for (uint256 i; i < winners.length; ++i) {
            _take(office, winners[i], false);
        }
        ++_done[winners.length == 0 ? Kind.NobodyElected : Kind.Elected];
    }

    function _fill(uint256 office) private {
        uint256 number = _elections.runnerUpOf(office);
        (, uint256 vacated) = _freeAt(office, block.timestamp);
        bool filled = _tryToFill(office);
        assertTrue(filled == (number != 0), "filled");
        if (!filled) return;
        assertTrue(office == 1 && vacated != 0, "filled for the rest of a term");
        _take(office, number, true);
        ++_done[Kind.RunnerUp];
    }

    /// @dev Writes down that a member took a seat: of those that are free, the one that can be held longest.
    /// @param restOnly Whether only rests of terms are given, as to a runner-up.
    function _take(uint256 office, uint256 number, bool restOnly) private {
        assertTrue(!_holds(office, number) && !_gone[number], "who takes a seat is on the roll and has none");
        (uint256 free, uint256 vacated) = _freeAt(office, block.timestamp);
        uint256 until = block.timestamp + _definitions[office].term;
        if (restOnly || free == vacated) until = _passOn(office);
        (bool known, uint256 count) = _inARow(office, number);
        if (known) assertTrue(_mayServe(office, count), "who takes a seat may serve");
        else count = _countOf(office, number) - 1;
        _terms[office].push(Term(number, until, count + 1, false, false));
        if (count != 0) ++_done[Kind.InARow];
    }

    /// @dev The longest of the rests that nobody has taken.
    function _passOn(uint256 office) private returns (uint256 until) {
        Term[] storage terms = _terms[office];
        uint256 longest;
        for (uint256 i; i < terms.length; ++i) {
            if (!terms[i].left || terms[i].passedOn || terms[i].until <= until) continue;
            (longest, until) = (i, terms[i].until);
        }
        terms[longest].passedOn = true;
    }

    /// @dev Somebody leaves a seat of an office, or the roll, or is recalled; and members without a seat cannot.
    function _depart(uint256 office, Dice.Stream memory dice) private {
        uint256 number = dice.between(1, MEMBERS);
        // A holder, wherever there is one.
        for (uint256 i; i < MEMBERS && dice.below(6) != 0 && !_holds(office, number); ++i) {
            number = (number % MEMBERS) + 1;
        }
        uint256 kind = dice.below(4);
        bool held = _holds(office, number);
        bool done;
        if (kind == 0) done = _recall(office, number);
        else if (kind == 1 && _onRoll > 6 && !_gone[number]) done = _leaveRoll(office, number);
        else done = _resign(office, number);
        assertTrue(done == held, "departed");
    }

    function _resign(uint256 office, uint256 number) private returns (bool done) {
        done = _try(_members[number - 1], address(_offices), abi.encodeCall(_offices.resign, (office)));
        if (done) _left(office, number, Kind.Resigned);
    }

    function _recall(uint256 office, uint256 number) private returns (bool done) {
        bytes memory data = abi.encodeCall(_offices.petition, (office, number, bytes32(uint256(1))));
        if (!_tryAnyMember(address(_offices), data)) return false;
        uint256 id = _offices.lastPetition();
        bytes memory recall = abi.encodeCall(_offices.recall, (id));
        for (uint256 supporters = 1; supporters < 3; ++supporters) {
            assertTrue(!_try(address(_timelock), address(_offices), recall), "no recall without its support");
            assertTrue(_tryAnyMember(address(_offices), abi.encodeCall(_offices.support, (id))), "supported");
        }
        done = _try(address(_timelock), address(_offices), recall);
        if (done) _left(office, number, Kind.Recalled);
        assertTrue(!_try(address(_timelock), address(_offices), recall), "one recall");
    }

    /// @dev Seats that are held are vacant once somebody says so.
    function _leaveRoll(uint256 office, uint256 number) private returns (bool done) {
        bool[OFFICES + 1] memory held;
        for (uint256 each = 1; each <= OFFICES; ++each) {
            held[each] = _holds(each, number);
            assertTrue(!_tryToVacate(each, number), "nobody's seat is vacant who is on the roll");
        }
        VM.prank(_members[number - 1]);
        _membership.resign();
        _gone[number] = true;
        --_onRoll;
        for (uint256 each = 1; each <= OFFICES; ++each) {
            assertTrue(!_offices.holds(each, _members[number - 1]), "who left holds nothing");
            assertTrue(_tryToVacate(each, number) == held[each], "vacated");
            if (held[each]) _left(each, number, Kind.LeftRoll);
        }
        return held[office];
    }

    function _left(uint256 office, uint256 number, Kind kind) private {
        Term[] storage terms = _terms[office];
        for (uint256 i; i < terms.length; ++i) {
            if (terms[i].number == number && !terms[i].left && block.timestamp < terms[i].until) terms[i].left = true;
        }
        ++_done[kind];
    }

    /// @dev To the end of a term, which needs nobody's doing.
    function _passTerm(uint256 office, Dice.Stream memory dice) private {
        Term[] storage terms = _terms[office];
        if (terms.length == 0) return;
        Term memory term = terms[terms.length - 1 - dice.below(terms.length < 3 ? terms.length : 3)];
        if (term.left || block.timestamp + 1 >= term.until) return;
        address key = _members[term.number - 1];
        VM.warp(term.until - 1);
        assertTrue(_offices.holds(office, key), "held to the last second");
        VM.warp(term.until);
        assertTrue(!_offices.holds(office, key), "over by itself");
        ++_done[Kind.Ended];
    }

    function _check(uint256 office, Dice.Stream memory dice) private view {
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            bool held = _offices.holds(office, _members[number - 1]);
            assertTrue(held == _holds(office, number), "holds");
            (bool known, uint256 inARow) = _inARow(office, number);
            if (known) assertTrue(_offices.mayServe(office, number) == _mayServe(office, inARow), "may serve");
        }
        uint256 moment = block.timestamp;
        for (uint256 i; i < 3; ++i) {
            (uint256 free, uint256 vacated) = _offices.freeSeats(office, uint48(moment));
            (uint256 expectedFree, uint256 expectedVacated) = _freeAt(office, moment);
            assertEq(free, expectedFree, "free");
            assertEq(vacated, expectedVacated, "vacated");
            moment += dice.between(1, 30 days);
        }
        _checkSeats(office);
    }

    function _checkSeats(uint256 office) private view {
        IOffices.Seat[] memory seats = _offices.seatsOf(office);
        assertEq(seats.length, _definitions[office].seats, "seats");
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i].number == 0 || seats[i].vacated || block.timestamp >= seats[i].until) continue;
            bool found;
            Term[] storage terms = _terms[office];
            for (uint256 j; j < terms.length; ++j) {
                if (terms[j].number != seats[i].number || terms[j].left || terms[j].until != seats[i].until) continue;
                assertTrue(!found, "one term");
                // Nobody needs the count where terms are not limited, and it is not kept.
                if (_definitions[office].termLimit != 0) assertEq(seats[i].terms, terms[j].count, "terms in a row");
                found = true;
            }
            assertTrue(found, "every seat that is held is on record");
            for (uint256 j; j < i; ++j) {
                bool held = !seats[j].vacated && block.timestamp < seats[j].until;
                assertTrue(!held || seats[j].number != seats[i].number, "nobody holds two seats");
            }
        }
    }

    /// @dev By the record: whether a member holds an office now.
    function _holds(uint256 office, uint256 number) private view returns (bool) {
        Term[] storage terms = _terms[office];
        for (uint256 i; i < terms.length; ++i) {
            if (terms[i].number == number && !terms[i].left && block.timestamp < terms[i].until) return true;
        }
        return false;
    }

    /// @dev By the record: seats free at a moment, and how many of them in the middle of somebody's term.
    function _freeAt(uint256 office, uint256 moment) private view returns (uint256 free, uint256 vacated) {
        free = _definitions[office].seats;
        Term[] storage terms = _terms[office];
        for (uint256 i; i < terms.length; ++i) {
            if (moment >= terms[i].until) continue;
            if (!terms[i].left) --free;
            else if (!terms[i].passedOn) ++vacated;
        }
    }

    /// @dev By the record: a member's terms in a row up to now. Not known if the last one is long over and an earlier
    /// one, which was left early, was to run longer.
    function _inARow(uint256 office, uint256 number) private view returns (bool known, uint256 count) {
        Term[] storage terms = _terms[office];
        known = true;
        for (uint256 i; i < terms.length; ++i) {
            if (terms[i].number != number) continue;
            bool over = block.timestamp >= terms[i].until + _definitions[office].term;
            known = !over || count == 0;
            if (!over) count = terms[i].count;
        }
    }

    function _mayServe(uint256 office, uint256 inARow) private view returns (bool) {
        return _definitions[office].termLimit == 0 || inARow < _definitions[office].termLimit;
    }

    /// @dev As the office has it: which term in a row a holder is in.
    function _countOf(uint256 office, uint256 number) private view returns (uint256 count) {
        IOffices.Seat[] memory seats = _offices.seatsOf(office);
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i].number == number && block.timestamp < seats[i].until) count = seats[i].terms;
        }
    }

    function _tryToFill(uint256 office) private returns (bool) {
        return _try(address(this), address(_elections), abi.encodeCall(_elections.fillVacancy, (office)));
    }

    function _tryToVacate(uint256 office, uint256 number) private returns (bool) {
        return _try(address(this), address(_offices), abi.encodeCall(_offices.vacate, (office, number)));
    }

    /// @dev A call by the first member with whom it goes through.
    function _tryAnyMember(address target, bytes memory data) private returns (bool) {
        for (uint256 i; i < MEMBERS; ++i) {
            if (_try(_members[i], target, data)) return true;
        }
        return false;
    }
}
