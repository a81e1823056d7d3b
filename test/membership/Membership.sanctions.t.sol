// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {IAgenda} from "../../contracts/governance/IAgenda.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Membership} from "../../contracts/membership/Membership.sol";
import {IMemberDesk} from "../../contracts/membership/desks/IMemberDesk.sol";
import {AnybodysCalls} from "../helpers/AnybodysCalls.sol";
import {CoalitionTest} from "../helpers/CoalitionTest.sol";
import {Dice} from "../helpers/Dice.sol";

/// @title SanctionsHandler
/// @notice Has the timelock sanction members of a roll, has everybody else try everything, at random, and keeps a plain
/// record of its own of who is on the roll and until when which right of whom is suspended.
contract SanctionsHandler is AnybodysCalls {
    enum Kind {
        Suspend,
        SuspendAmiss,
        Restore,
        End,
        Pardon,
        Join,
        Resign,
        Rotate,
        Call,
        CallRefused,
        Ballot,
        Proposal,
        Pass
    }

    struct Entry {
        address holder;
        IMembership.MemberStatus status;
        /// Whether a right was suspended once.
        bool marked;
        /// By right: until when it is suspended, and when that was decided.
        uint256[4] ends;
        uint256[4] setAt;
    }

    /// @dev What a key held before: sanctions of that go on when it joins again.
    struct Past {
        uint256 number;
        bool marked;
    }

    uint256 public constant KEYS = 16;
    uint256 public constant FOUNDERS = 8;

    address[] public keys;
    mapping(uint256 number => Entry) private _entries;
    mapping(address key => uint256 number) public numbers;
    mapping(address key => Past) private _pasts;
    uint256 public lastNumber;
    uint256 private _proposals;

    mapping(Kind kind => uint256 times) public done;
    uint256 public calls;
    uint256 public acts;
    /// @notice The first thing that must not be; empty if there was none.
    string public violation;

    constructor(CoalitionGovernor governor, Membership membership) AnybodysCalls(governor, membership) {
        for (uint256 i = 1; i <= KEYS; ++i) {
            keys.push(VM.addr(i));
        }
    }

    /// @notice The first members, their votes mature; the first is an organisation.
    function foundRoll() external {
        // The campaigns call it too.
        if (lastNumber != 0) return;
        for (uint256 i; i < FOUNDERS; ++i) {
            Draw memory d = _draw(i, i, 0);
            (address target, bytes[] memory list) = i == 0 ? _callsOf(5, d) : (address(MEMBERSHIP), new bytes[](1));
            _callAs(d, target, i == 0 ? list[0] : _joinCall(d));
        }
        VM.warp(MEMBERSHIP.member(FOUNDERS).votesFrom + 1);
    }

    /// @notice Suspends rights until a moment, both anything, and more often than not as they should be.
    function suspend(uint256 who, uint8 rights, uint256 until) external {
        ++calls;
        if (until % 4 != 0) rights = uint8(bound(rights, 1, 15));
        if (until % 8 < 6) until = block.timestamp + bound(until, 1, until % 3 == 0 ? 365 days : 10 days);
        else if (until % 8 == 6) until = block.timestamp + ((until / 8) % 2) * 365 days + ((until / 16) % 2);
        _suspend(_pick(who), rights, uint48(until));
    }

    function restore(uint256 who, uint8 rights) external {
        ++calls;
        uint256 number = _pick(who);
        rights = uint8(bound(rights, 1, 15));
        bytes32 before = _totals(0);
        VM.prank(address(TIMELOCK));
        MEMBERSHIP.restore(number, rights);
        if (_totals(0) != before) _violate("a restored right changed a total");
        _write(number, rights, 0);
        _did(Kind.Restore);
    }

    function end(uint256 who) external {
        ++calls;
        // Enough stay to suspend and to decide.
        if (MEMBERSHIP.totalSupply() < 5) return;
        uint256 number = _pick(who);
        VM.prank(address(TIMELOCK));
        MEMBERSHIP.end(number);
        _leave(number, IMembership.MemberStatus.Ended);
        _did(Kind.End);
    }

    function pardon(uint256 who) external {
        ++calls;
        for (uint256 i; i < KEYS; ++i) {
            bytes memory data = abi.encodeCall(MEMBERSHIP.pardon, (keys[((who % KEYS) + i) % KEYS]));
            if (!_try(address(TIMELOCK), address(MEMBERSHIP), data)) continue;
            _did(Kind.Pardon);
            return;
        }
    }

    function comeAndGo(uint256 who, uint256 other, uint256 value) external {
        ++calls;
        // To a key that holds nothing, wherever there is one.
        for (uint256 i; i < KEYS && numbers[keys[other % KEYS]] != 0; ++i) {
            other = (other % KEYS) + 1;
        }
        Draw memory d = _draw(who, other, value);
        (Kind kind, address target, bytes memory data) = (Kind.Join, address(MEMBERSHIP), _joinCall(d));
        if (d.own != 0) {
            (kind, data) = (Kind.Resign, abi.encodeCall(MEMBERSHIP.resign, ()));
            if (value % 2 == 0) (kind, target, data) = (Kind.Rotate, MEMBERSHIP.desks().requests, _rotateCall(d));
            else if (MEMBERSHIP.totalSupply() < 5) return;
        }
        _did(_callAs(d, target, data) ? kind : Kind.CallRefused);
    }

    /// @notice Any function of roll and desks, called by somebody without power.
    function tryAnything(uint256 who, uint256 other, uint256 list, uint256 value) external {
        ++calls;
        Draw memory d = _draw(who, other, value);
        (address target, bytes[] memory all) = _callsOf(list % LISTS, d);
        bytes memory data = all[(value / 7) % all.length];
        if (_leaves(data) && MEMBERSHIP.totalSupply() < 5) return;
        _did(_callAs(d, target, data) ? Kind.Call : Kind.CallRefused);
        _callPastTheVote(d);
    }

    /// @notice Suspends a vote while a decision is open: no ballot until the last second, and one in the next.
    function vote(uint256 who, uint256 duration) external {
        ++calls;
        uint256 number = _pick(who);
        Decision memory decision = _proposeByAnybody();
        if (decision.id == 0) return;
        uint256 opening = GOVERNOR.proposalSnapshot(decision.id);
        VM.warp(opening + 1);
        uint256 until = block.timestamp + bound(duration, 1, 4 days);
        _suspend(number, 4, uint48(until));
        (bool counted, ) = MEMBERSHIP.countedAt(number, uint48(opening));
        bytes memory ballot = abi.encodeCall(GOVERNOR.castVote, (decision.id, 1));
        address key = _entries[number].holder;
        VM.warp(until - 1);
        if (_try(key, address(GOVERNOR), ballot)) _violate("a ballot before the end of a suspension");
        VM.warp(until);
        if (_try(key, address(GOVERNOR), ballot) != counted) _violate("a ballot after the end of a suspension");
        if (counted) _did(Kind.Ballot);
    }

    /// @notice The same for the right to propose.
    function propose(uint256 who, uint256 duration) external {
        ++calls;
        uint256 number = _pick(who);
        (bool counted, ) = MEMBERSHIP.countedAt(number, uint48(block.timestamp));
        if (!counted) return;
        uint256 until = block.timestamp + bound(duration, 1, 4 days);
        _suspend(number, 2, uint48(until));
        VM.warp(until - 1);
        if (_tryToPropose(number)) _violate("a proposal before the end of a suspension");
        VM.warp(until);
        if (_tryToPropose(number) != _hasPlace(number)) _violate("no proposal after the end of a suspension");
        _did(Kind.Proposal);
    }

    function pass(uint256 time) external {
        ++calls;
        VM.warp(block.timestamp + bound(time, 1, time % 2 == 0 ? 1 days : 60 days));
        _did(Kind.Pass);
    }

    function entry(uint256 number) external view returns (Entry memory) {
        return _entries[number];
    }

    function _suspend(uint256 number, uint8 rights, uint48 until) private {
        bool ends = until > block.timestamp && until <= block.timestamp + 365 days;
        bool expected = rights > 0 && rights < 16 && ends;
        bytes32 before = _totals(until);
        bytes memory data = abi.encodeCall(MEMBERSHIP.suspend, (number, rights, until));
        if (_try(address(TIMELOCK), address(MEMBERSHIP), data) != expected) {
            _violate(expected ? "a suspension refused" : "a suspension without name or end");
        }
        if (_totals(until) != before) _violate("a suspension changed a total");
        if (expected) _write(number, rights, until);
        _did(expected ? Kind.Suspend : Kind.SuspendAmiss);
    }

    function _write(uint256 number, uint8 rights, uint256 until) private {
        Entry storage one = _entries[number];
        one.marked = true;
        for (uint256 right; right < 4; ++right) {
            if (rights & (1 << right) != 0) (one.ends[right], one.setAt[right]) = (until, block.timestamp);
        }
    }

    /// @dev Every total, and the votes of every key, as they will be told of now, tomorrow, about a date, and when all
    /// is over; from a look into that future.
    function _totals(uint256 until) private returns (bytes32 digest) {
        uint256 current = block.timestamp;
        uint256[4] memory moments = [current, current + 1 days, until, current + 400 days];
        for (uint256 i; i < 4; ++i) {
            if (moments[i] < current || moments[i] > current + 400 days) continue;
            VM.warp(moments[i]);
            for (uint256 key; key < KEYS; ++key) {
                digest = keccak256(abi.encode(digest, MEMBERSHIP.getVotes(keys[key])));
            }
            digest = keccak256(abi.encode(digest, MEMBERSHIP.totalSupply(), MEMBERSHIP.membersByGroup()));
            VM.warp(moments[i] + 1);
            uint256 total = MEMBERSHIP.getPastTotalSupply(moments[i]);
            digest = keccak256(abi.encode(digest, total, MEMBERSHIP.getPastVotesByGroup(moments[i])));
        }
        VM.warp(current);
    }

    /// @dev Calls as somebody without power, and sees to it that nobody but the caller left and no right changed.
    function _callAs(Draw memory d, address target, bytes memory data) private returns (bool success) {
        success = _try(d.caller, target, data);
        for (uint256 number = 1; number <= lastNumber; ++number) {
            IMembership.Member memory seen = MEMBERSHIP.member(number);
            Entry storage then = _entries[number];
            for (uint256 right; right < 4; ++right) {
                if (seen.suspendedUntil[right] != then.ends[right]) _violate("a right given or taken by anybody");
            }
            if (seen.status != then.status) {
                bool own =
                    success && _leaves(data) && number == d.own && seen.status == IMembership.MemberStatus.Resigned;
                if (own) _leave(number, seen.status);
                else _violate("a membership ended by anybody");
            } else if (seen.key != then.holder) {
                _lose(number);
                (then.holder, numbers[seen.key]) = (seen.key, number);
            }
        }
        if (MEMBERSHIP.lastNumber() != lastNumber) _enter();
    }

    /// @dev The ways by which a decision sanctions, without a decision. What the first two did shows in the checks
    /// after the third.
    function _callPastTheVote(Draw memory d) private {
        bytes memory ending = abi.encodeCall(MEMBERSHIP.end, (d.number));
        address roll = address(MEMBERSHIP);
        _try(d.caller, roll, ending);
        _try(d.caller, roll, abi.encodeCall(MEMBERSHIP.restore, (d.number, 15)));
        _callAs(d, roll, abi.encodeCall(MEMBERSHIP.suspend, (d.number, 15, uint48(block.timestamp + 1 days))));
        _callAs(d, address(GOVERNOR), abi.encodeCall(GOVERNOR.relay, (roll, 0, ending)));
        bytes memory data = abi.encodeCall(TIMELOCK.schedule, (roll, 0, ending, 0, 0, 2 days));
        if (_callAs(d, address(TIMELOCK), data)) _violate("an ending scheduled by anybody");
        _callAs(d, address(TIMELOCK), abi.encodeCall(TIMELOCK.execute, (roll, 0, ending, 0, 0)));
    }

    /// @dev One joined: what was suspended of what the key held before goes on.
    function _enter() private {
        uint256 number = ++lastNumber;
        address key = MEMBERSHIP.member(number).key;
        Entry storage one = _entries[number];
        (one.holder, one.status, numbers[key]) = (key, IMembership.MemberStatus.Active, number);
        Past memory past = _pasts[key];
        if (!past.marked) return;
        Entry storage former = _entries[past.number];
        one.marked = true;
        one.ends = former.ends;
        one.setAt = former.setAt;
    }

    function _leave(uint256 number, IMembership.MemberStatus status) private {
        _entries[number].status = status;
        _lose(number);
    }

    function _lose(uint256 number) private {
        Entry storage one = _entries[number];
        numbers[one.holder] = 0;
        _pasts[one.holder] = Past(number, one.marked);
    }

    function _proposeByAnybody() private returns (Decision memory decision) {
        for (uint256 i; i < KEYS; ++i) {
            (IMembership.Standing standing, , , ) = MEMBERSHIP.standingOf(
                keys[i],
                IMembership.Right.Propose,
                uint48(block.timestamp)
            );
            if (standing != IMembership.Standing.Granted || !_hasPlace(numbers[keys[i]])) continue;
            return _proposeBy(GOVERNOR, keys[i], address(this), "", string(abi.encode(++_proposals)));
        }
    }

    function _tryToPropose(uint256 number) private returns (bool) {
        Decision memory decision = Decision(0, address(this), "", string(abi.encode(++_proposals)));
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = _lists(decision);
        bytes memory data = abi.encodeCall(GOVERNOR.propose, (targets, values, datas, decision.description));
        return _try(_entries[number].holder, address(GOVERNOR), data);
    }

    /// @dev Whether the agenda takes another proposal of a member: a proposal takes a place to the last second of its
    /// vote.
    function _hasPlace(uint256 number) private view returns (bool) {
        IAgenda agenda = GOVERNOR.agenda();
        uint48[5] memory takenUntil = agenda.placesOf(number);
        for (uint256 place; place < agenda.places(); ++place) {
            if (takenUntil[place] < block.timestamp) return true;
        }
        return false;
    }

    function _draw(uint256 who, uint256 other, uint256 value) private view returns (Draw memory) {
        (uint256 callerKey, uint256 otherKey) = ((who % KEYS) + 1, (other % KEYS) + 1);
        (address caller, uint256 number) = (keys[callerKey - 1], lastNumber == 0 ? 0 : (value % lastNumber) + 1);
        return Draw(callerKey, caller, otherKey, keys[otherKey - 1], numbers[caller], number, value);
    }

    /// @dev Somebody on the roll; there always is.
    function _pick(uint256 who) private view returns (uint256 number) {
        for (uint256 i; number == 0 && i < KEYS; ++i) {
            number = numbers[keys[((who % KEYS) + i) % KEYS]];
        }
    }

    function _leaves(bytes memory data) private pure returns (bool) {
        return bytes4(data) == IMembership.resign.selector || bytes4(data) == IMemberDesk.resignBySig.selector;
    }

    function _did(Kind kind) private {
        ++done[kind];
        ++acts;
    }

    function _violate(string memory what) private {
        if (bytes(violation).length == 0) violation = what;
    }
}

/// @notice Property 6 on the real roll, after every step of random histories.
contract MembershipSanctionsTest is CoalitionTest {
    using Dice for Dice.Stream;

    SanctionsHandler private _handler;

    function setUp() public {
        // So that votes are paused too, which is no sanction.
        _oneVoice = true;
        _found(
            IMembership.Maturity({waitingPeriod: 8 days, epochLength: 1 days, epochShareBps: 2_500, epochFloor: 2}),
            _plainRules(),
            2
        );
        _handler = new SanctionsHandler(_governor, _membership);
        _handler.foundRoll();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice The run did do something.
    function afterInvariant() external view {
        assertTrue(_handler.acts() * 2 >= _handler.calls(), "calls that did something");
    }

    /// @notice Property 6: a suspension names rights and ends within a year, it changes no total, and nobody but the
    /// timelock suspends, restores or ends.
    function invariant_sanctionsHaveANameAndAnEnd() external view {
        _requireNamesAndEnds();
    }

    /// @notice Property 6: a suspended right is refused until its end, from then on it is not, and others never are.
    function invariant_suspendedRightsAreRefusedUntilTheirEnd() external {
        _requireRefusalsUntilTheirEnd();
    }

    /// @notice Property 6: it holds after histories longer than a campaign's, in which every kind of step was taken
    /// several times.
    /// hardhat-config: fuzz.runs = 8
    function testFuzz_longHistories(uint256 seed) external {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 step; step < 400; ++step) {
            _step(dice);
            if (step % 50 == 0) _requireRefusalsUntilTheirEnd();
        }
        _requireNamesAndEnds();
        _requireRefusalsUntilTheirEnd();
        for (uint256 kind; kind <= uint256(type(SanctionsHandler.Kind).max); ++kind) {
            assertTrue(_handler.done(SanctionsHandler.Kind(kind)) >= 3, "every kind of step");
        }
    }

    function _step(Dice.Stream memory dice) private {
        (uint256 a, uint256 b) = (dice.below(type(uint32).max), dice.below(type(uint32).max));
        uint256 action = dice.below(19);
        if (action <= 2) _handler.suspend(a, uint8(b), b);
        else if (action == 3) _handler.restore(a, uint8(b));
        else if (action == 4) _handler.end(a);
        else if (action == 5 || action == 18) _handler.pardon(a);
        else if (action <= 9) _handler.comeAndGo(a, b, dice.below(100));
        else if (action <= 14) _handler.tryAnything(a, b, dice.below(100), dice.below(1_000));
        else if (action == 15) _handler.vote(a, b);
        else if (action == 16) _handler.propose(a, b);
        else _handler.pass(a);
    }

    function _requireNamesAndEnds() private view {
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
        assertEq(_membership.lastNumber(), _handler.lastNumber(), "last number");
        for (uint256 number = 1; number <= _handler.lastNumber(); ++number) {
            IMembership.Member memory entry = _membership.member(number);
            SanctionsHandler.Entry memory expected = _handler.entry(number);
            assertTrue(entry.status == expected.status, "status");
            assertTrue(entry.key == expected.holder, "key");
            for (uint256 right; right < 4; ++right) {
                uint256 end = entry.suspendedUntil[right];
                assertEq(end, expected.ends[right], "end of a suspension");
                if (end == 0) continue;
                assertTrue(end > expected.setAt[right], "an end in the future");
                assertTrue(end <= expected.setAt[right] + 365 days, "an end within a year");
            }
        }
    }

    function _requireRefusalsUntilTheirEnd() private {
        uint256 last = _handler.lastNumber();
        for (uint256 number = 1; number <= last; ++number) {
            _requireRefusals(number);
        }
        // Around the ends of one of them, which is another after every step.
        uint256 one = (_handler.calls() % last) + 1;
        uint256 current = block.timestamp;
        uint256[4] memory ends = _handler.entry(one).ends;
        for (uint256 right; right < 4; ++right) {
            if (ends[right] <= current) continue;
            VM.warp(ends[right] - 1);
            _requireRefusals(one);
            VM.warp(ends[right]);
            _requireRefusals(one);
            VM.warp(current);
        }
    }

    /// @dev Refused for a suspension if it has not ended, and for nothing of the kind if it has.
    function _requireRefusals(uint256 number) private view {
        SanctionsHandler.Entry memory entry = _handler.entry(number);
        if (entry.status != IMembership.MemberStatus.Active) return;
        IMembership.Member memory member = _membership.member(number);
        bool votes = member.pauses == 0 && member.votesFrom <= block.timestamp;
        for (uint256 i; i < 4; ++i) {
            (IMembership.Right right, uint256 end) = (IMembership.Right(i), entry.ends[i]);
            bool suspended = block.timestamp < end;
            (IMembership.Standing standing, uint256 held, , uint256 explanation) = _membership.standingOf(
                entry.holder,
                right,
                uint48(block.timestamp)
            );
            assertTrue((standing == IMembership.Standing.Suspended) == suspended, "suspended until the end");
            if (suspended) assertEq(explanation, end, "the end told");
            bool granted = !suspended && (votes || right == IMembership.Right.Speak);
            assertTrue((standing == IMembership.Standing.Granted) == granted, "granted unless suspended");
            if (granted) assertEq(held, number, "number behind a right");
        }
    }
}
