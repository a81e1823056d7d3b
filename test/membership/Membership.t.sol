// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../../contracts/membership/IMembership.sol";
import {MemberDesk} from "../../contracts/membership/desks/MemberDesk.sol";
import {Membership} from "../../contracts/membership/Membership.sol";
import {CoalitionTest} from "../helpers/CoalitionTest.sol";
import {Dice} from "../helpers/Dice.sol";
import {Signing} from "../helpers/Signing.sol";

/// @title MembershipHandler
/// @notice Does to a roll what people and decisions do, at random but possible, and keeps a plain record of its own of
/// what must follow. Counts what it did by kind, so that no campaign passes by doing nothing.
contract MembershipHandler is Signing {
    enum Kind {
        Join,
        JoinBySig,
        Resign,
        End,
        Pardon,
        Rotate,
        Suspend,
        Restore,
        Pass,
        SetMaturity,
        Intrude
    }

    /// @dev What a key held from when to when; `until` 0 while it goes on.
    struct Tenure {
        uint256 number;
        uint256 since;
        uint256 until;
    }

    struct Entry {
        uint8 group;
        uint256 joinedAt;
        uint256 votesFrom;
        uint256 leftAt;
        IMembership.MemberStatus status;
    }

    struct Boundary {
        uint256 moment;
        uint256 seats;
        uint256 taken;
    }

    uint256 public constant KEYS = 18;
    uint256 public constant FOUNDERS = 8;

    bytes32 private immutable CODE;
    address private immutable TIMELOCK;
    MemberDesk private immutable DESK;
    Membership private immutable MEMBERSHIP;
    uint256 private immutable GROUPS;

    address[] public keys;
    mapping(address key => uint256 privateKey) private _privateKeys;
    mapping(address key => uint256 number) public numbers;
    mapping(address key => bool ended) public barred;
    mapping(uint256 number => Entry) private _entries;
    mapping(address key => Tenure[]) private _tenures;
    /// @notice Who holds a number, or held it last.
    mapping(uint256 number => address key) public holder;
    uint256 public lastNumber;

    Boundary[] private _boundaries;

    /// @notice Moments at which something happened, and what the roll first said of them.
    uint256[] public moments;
    mapping(uint256 moment => bytes32 digest) public answers;

    mapping(Kind kind => uint256 times) public done;
    uint256 public calls;
    uint256 public acts;
    /// @notice The first thing that was allowed though it must be refused; empty if there was none.
    string public violation;

    constructor(Membership membership, uint256 groupCount, bytes32 code) {
        (MEMBERSHIP, TIMELOCK, GROUPS, CODE) = (membership, membership.timelock(), groupCount, code);
        DESK = MemberDesk(membership.desks().requests);
        for (uint256 i = 1; i <= KEYS; ++i) {
            address key = VM.addr(i);
            keys.push(key);
            _privateKeys[key] = i;
        }
    }

    /// @notice The first members, their votes mature: where every history starts.
    function foundRoll() external {
        for (uint256 i; i < FOUNDERS; ++i) {
            _enter(keys[i], uint8(i % GROUPS), false);
        }
        VM.warp(_boundaries[_boundaries.length - 1].moment + 1);
    }

    function join(uint256 who, uint8 group) external {
        _begin();
        address key = _pick(who, false);
        if (key == address(0)) return;
        _enter(key, uint8(group % GROUPS), false);
        _did(Kind.Join);
    }

    function joinBySig(uint256 who, uint8 group) external {
        _begin();
        address key = _pick(who, false);
        if (key == address(0)) return;
        _enter(key, uint8(group % GROUPS), true);
        _did(Kind.JoinBySig);
    }

    function resign(uint256 who) external {
        _begin();
        address key = _pick(who, true);
        if (key == address(0)) return;
        VM.prank(key);
        MEMBERSHIP.resign();
        _leave(key, IMembership.MemberStatus.Resigned);
        _did(Kind.Resign);
    }

    function end(uint256 who) external {
        _begin();
        address key = _pick(who, true);
        if (key == address(0)) return;
        uint256 number = numbers[key];
        VM.prank(TIMELOCK);
        MEMBERSHIP.end(number);
        _leave(key, IMembership.MemberStatus.Ended);
        // Barred with it is every key that the member moved away from and that held nothing since.
        for (uint256 i; i < KEYS; ++i) {
            Tenure[] storage tenures = _tenures[keys[i]];
            if (tenures.length != 0 && tenures[tenures.length - 1].number == number) barred[keys[i]] = true;
        }
        _did(Kind.End);
    }

    function pardon(uint256 who) external {
        _begin();
        for (uint256 i; i < KEYS; ++i) {
            address key = keys[((who % KEYS) + i) % KEYS];
            if (!barred[key]) continue;
            VM.prank(TIMELOCK);
            MEMBERSHIP.pardon(key);
            barred[key] = false;
            _did(Kind.Pardon);
            return;
        }
    }

    function rotate(uint256 who, uint256 to) external {
        _begin();
        (address key, address newKey) = (_pick(who, true), _pick(to, false));
        if (key == address(0) || newKey == address(0)) return;
        uint256 number = numbers[key];
        bytes memory signature = _consent(number, newKey);
        VM.prank(key);
        DESK.rotateKey(newKey, block.timestamp, signature);
        _lose(key);
        _hold(newKey, number);
        _did(Kind.Rotate);
    }

    function suspend(uint256 who, uint8 rights, uint32 duration) external {
        _begin();
        address key = _pick(who, true);
        if (key == address(0)) return;
        uint48 until = uint48(block.timestamp + bound(duration, 1, 365 days));
        VM.prank(TIMELOCK);
        MEMBERSHIP.suspend(numbers[key], uint8(bound(rights, 1, 15)), until);
        _did(Kind.Suspend);
    }

    function restore(uint256 who, uint8 rights) external {
        _begin();
        address key = _pick(who, true);
        if (key == address(0)) return;
        VM.prank(TIMELOCK);
        MEMBERSHIP.restore(numbers[key], uint8(bound(rights, 1, 15)));
        _did(Kind.Restore);
    }

    /// @notice Lets time pass: seconds, an epoch, or long enough for everyone's vote.
    function pass(uint32 time) external {
        _begin();
        uint256 longest =
            time % 3 == 0
                ? 10
                : time % 3 == 1
                    ? 2 days
                    : 30 days;
        VM.warp(block.timestamp + bound(time, 1, longest));
        _did(Kind.Pass);
    }

    function setMaturity(uint32 waiting, uint32 epoch, uint16 share, uint8 floor) external {
        _begin();
        uint256 waitingFloor = MEMBERSHIP.waitingFloor();
        IMembership.Maturity memory pace = IMembership.Maturity({
            waitingPeriod: uint32(bound(waiting, waitingFloor, 3 * waitingFloor)),
            epochLength: uint32(bound(epoch, waitingFloor / 8, waitingFloor)),
            epochShareBps: uint16(bound(share, 100, 2_500)),
            epochFloor: uint16(bound(floor, 1, 3))
        });
        VM.prank(TIMELOCK);
        MEMBERSHIP.setMaturity(pace);
        _did(Kind.SetMaturity);
    }

    /// @notice Tries what must be refused: a second number, a barred key, a transfer, an approval, a seat forced on a
    /// key or taken over by a member, a number ended by a stranger.
    function intrude(uint256 who, uint256 to, uint8 way) external {
        _begin();
        (address member, address outsider) = (_pick(who, true), _pick(to, false));
        if (member == address(0) || outsider == address(0)) return;
        if (way % 2 == 0) _intrudeByToken(member, outsider, numbers[member], way / 2);
        else _intrudeByRoll(member, outsider, numbers[member], keys[to % KEYS]);
        _did(Kind.Intrude);
    }

    function entry(uint256 number) external view returns (Entry memory) {
        return _entries[number];
    }

    function boundaries() external view returns (Boundary[] memory) {
        return _boundaries;
    }

    function momentCount() external view returns (uint256) {
        return moments.length;
    }

    /// @notice The number that a key held at a moment, by the handler's own record; 0 if none.
    function heldAt(address key, uint256 moment) public view returns (uint256) {
        Tenure[] storage tenures = _tenures[key];
        for (uint256 i; i < tenures.length; ++i) {
            Tenure storage tenure = tenures[i];
            if (tenure.since <= moment && (tenure.until == 0 || tenure.until > moment)) return tenure.number;
        }
        return 0;
    }

    /// @notice Everything the roll says of a past moment, in one word.
    function digestAt(uint256 moment) public view returns (bytes32 digest) {
        digest = keccak256(abi.encode(MEMBERSHIP.getPastTotalSupply(moment), MEMBERSHIP.getPastVotesByGroup(moment)));
        for (uint256 i; i < KEYS; ++i) {
            digest = keccak256(abi.encode(digest, MEMBERSHIP.getPastVotes(keys[i], moment)));
        }
    }

    function _intrudeByToken(address member, address outsider, uint256 number, uint256 way) private {
        way %= 3;
        if (way == 0) _refused(member, abi.encodeCall(MEMBERSHIP.transferFrom, (member, outsider, number)), "transfer");
        if (way == 1) _refused(member, abi.encodeCall(MEMBERSHIP.approve, (outsider, number)), "approval");
        if (way == 2) _refused(member, abi.encodeCall(MEMBERSHIP.setApprovalForAll, (outsider, true)), "operator");
    }

    function _intrudeByRoll(address member, address outsider, uint256 number, address banned) private {
        bytes memory entrance = abi.encodeCall(MEMBERSHIP.join, (0, CODE, ""));
        _refused(member, entrance, "second number");
        _refused(outsider, abi.encodeCall(MEMBERSHIP.end, (number)), "end by a stranger");
        _refuseRotation(member, outsider, _consent(number + 1, outsider), "seat without consent");
        _refuseRotation(member, member, _consent(number, member), "rotation to a member");
        if (barred[banned]) {
            _refused(banned, entrance, "barred key joins");
            _refuseRotation(member, banned, _consent(number, banned), "barred key takes over a number");
        }
    }

    /// @dev Asks for the last moment as soon as it is past, and writes down this one.
    function _begin() private {
        ++calls;
        uint256 count = moments.length;
        if (count != 0 && moments[count - 1] < block.timestamp && answers[moments[count - 1]] == 0) {
            answers[moments[count - 1]] = digestAt(moments[count - 1]);
        }
        if (count == 0 || moments[count - 1] != block.timestamp) moments.push(block.timestamp);
    }

    function _did(Kind kind) private {
        ++done[kind];
        ++acts;
    }

    /// @dev A key that is on the roll, or one that may join; the zero address if there is none.
    function _pick(uint256 who, bool onRoll) private view returns (address) {
        for (uint256 i; i < KEYS; ++i) {
            address key = keys[((who % KEYS) + i) % KEYS];
            if ((numbers[key] != 0) == onRoll && !barred[key]) return key;
        }
        return address(0);
    }

    function _enter(address key, uint8 group, bool bySignature) private {
        IMembership.Maturity memory pace = MEMBERSHIP.maturity();
        uint256 number;
        if (bySignature) {
            bytes memory message = _joinMessage(key, group, CODE, "", DESK.nonces(key), block.timestamp);
            bytes memory signature = _sign(_privateKeys[key], "Coalition", address(DESK), message);
            number = DESK.joinBySig(key, group, CODE, "", block.timestamp, signature);
        } else {
            VM.prank(key);
            number = MEMBERSHIP.join(group, CODE, "");
        }
        uint256 votesFrom = MEMBERSHIP.member(number).votesFrom;
        if (number != ++lastNumber) _violate("number reused or skipped");
        if (votesFrom < block.timestamp + pace.waitingPeriod) _violate("vote before the waiting period");
        _seat(votesFrom, pace);
        _entries[number] = Entry(group, block.timestamp, votesFrom, 0, IMembership.MemberStatus.Active);
        _hold(key, number);
    }

    /// @dev Takes a seat of a boundary; the first to take one opens it, with the seats of that moment.
    function _seat(uint256 votesFrom, IMembership.Maturity memory pace) private {
        uint256 count = _boundaries.length;
        if (count == 0 || _boundaries[count - 1].moment != votesFrom) {
            if (count != 0 && votesFrom < _boundaries[count - 1].moment) _violate("overtaken in the queue");
            uint256 mature;
            for (uint256 number = 1; number < lastNumber; ++number) {
                Entry storage other = _entries[number];
                if (other.leftAt == 0 && other.votesFrom <= block.timestamp) ++mature;
            }
            uint256 share = (mature * pace.epochShareBps) / 10_000;
            _boundaries.push(Boundary(votesFrom, share > pace.epochFloor ? share : pace.epochFloor, 0));
            ++count;
        }
        ++_boundaries[count - 1].taken;
    }

    function _leave(address key, IMembership.MemberStatus status) private {
        uint256 number = numbers[key];
        _entries[number].leftAt = block.timestamp;
        _entries[number].status = status;
        _lose(key);
    }

    function _hold(address key, uint256 number) private {
        (numbers[key], holder[number]) = (number, key);
        _tenures[key].push(Tenure(number, block.timestamp, 0));
    }

    function _lose(address key) private {
        numbers[key] = 0;
        _tenures[key][_tenures[key].length - 1].until = block.timestamp;
    }

    function _consent(uint256 number, address newKey) private view returns (bytes memory) {
        bytes memory message = _rotateMessage(number, newKey, DESK.nonces(newKey), block.timestamp);
        return _sign(_privateKeys[newKey], "Coalition", address(DESK), message);
    }

    function _refuseRotation(address from, address to, bytes memory signature, string memory what) private {
        _refusedBy(address(DESK), from, abi.encodeCall(DESK.rotateKey, (to, block.timestamp, signature)), what);
    }

    function _refused(address sender, bytes memory data, string memory what) private {
        _refusedBy(address(MEMBERSHIP), sender, data, what);
    }

    function _refusedBy(address target, address sender, bytes memory data, string memory what) private {
        VM.prank(sender);
        // Whatever the call is, only its refusal counts here.
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, ) = target.call(data);
        if (success) _violate(what);
    }

    function _violate(string memory what) private {
        if (bytes(violation).length == 0) violation = what;
    }
}

/// @notice Properties 1, 2, 3 and 5 on the real roll, after every step of random histories.
contract MembershipInvariantTest is CoalitionTest {
    using Dice for Dice.Stream;

    uint256 private constant GROUPS = 3;

    MembershipHandler private _handler;

    function setUp() public {
        _found(
            IMembership.Maturity({waitingPeriod: 8 days, epochLength: 1 days, epochShareBps: 2_500, epochFloor: 2}),
            _plainRules(),
            GROUPS
        );
        _handler = new MembershipHandler(_membership, GROUPS, CODE);
        _handler.foundRoll();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice Everything of a run that is dear to check, once at its end; and the run did do something.
    function afterInvariant() external view {
        _requireAnswersUnchanged();
        assertTrue(_handler.acts() * 4 >= _handler.calls(), "calls that did something");
    }

    /// @notice Property 1: one key is one number and one number one key; no number comes back; whatever would break
    /// that is refused.
    function invariant_oneKeyOneNumber() external view {
        _requireOneKeyOneNumber();
    }

    /// @notice Property 2: group, maturity and vote stay with the number, whatever its key, and no key has two votes.
    function invariant_votesBelongToNumbers() external view {
        _requireVotesBelongToNumbers();
    }

    /// @notice Property 3: own votes add up to the totals, by group and in all; past answers never change.
    function invariant_votesAddUp() external view {
        uint256 count = _handler.momentCount();
        _requireSumsAt(block.timestamp - 1);
        if (count != 0) _requireSumsAt(_handler.moments(_handler.calls() % count));
    }

    /// @notice Property 5: no boundary adds more votes than its share of the electorate, or the floor.
    function invariant_boundariesKeepTheirSeats() external view {
        _requireBoundariesKeepTheirSeats();
    }

    /// @notice Properties 1, 2, 3 and 5: they hold after histories longer than a campaign's, in which every kind of
    /// step was taken several times.
    /// hardhat-config: fuzz.runs = 8
    function testFuzz_longHistories(uint256 seed) external {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 step; step < 500; ++step) {
            _step(dice);
        }
        _requireOneKeyOneNumber();
        _requireVotesBelongToNumbers();
        _requireBoundariesKeepTheirSeats();
        _requireAnswersUnchanged();
        for (uint256 i; i < _handler.momentCount(); ++i) {
            _requireSumsAt(_handler.moments(i));
        }
        for (uint256 kind; kind <= uint256(type(MembershipHandler.Kind).max); ++kind) {
            assertTrue(_handler.done(MembershipHandler.Kind(kind)) >= 10, "every kind of step");
        }
    }

    function _step(Dice.Stream memory dice) private {
        (uint256 a, uint256 b) = (dice.below(type(uint32).max), dice.below(type(uint32).max));
        if (dice.below(10) < 6) _comeAndGo(dice.below(10), a, b);
        else _governAndPass(dice.below(7), a, b);
    }

    function _comeAndGo(uint256 action, uint256 a, uint256 b) private {
        if (action <= 1) _handler.join(a, uint8(b));
        else if (action == 2) _handler.joinBySig(a, uint8(b));
        else if (action <= 4) _handler.resign(a);
        else if (action == 5) _handler.end(a);
        else if (action <= 7) _handler.pardon(a);
        else _handler.rotate(a, b);
    }

    function _governAndPass(uint256 action, uint256 a, uint256 b) private {
        if (action == 0) _handler.suspend(a, uint8(b), uint32(b));
        else if (action == 1) _handler.restore(a, uint8(b));
        else if (action == 2) _handler.setMaturity(uint32(a), uint32(b), uint16(a), uint8(b));
        else if (action == 3) _handler.intrude(a, b, uint8(a >> 8));
        else _handler.pass(uint32(a));
    }

    function _requireOneKeyOneNumber() private view {
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
        uint256 last = _handler.lastNumber();
        assertEq(_membership.lastNumber(), last, "last number");
        uint256 living;
        for (uint256 number = 1; number <= last; ++number) {
            IMembership.Member memory entry = _membership.member(number);
            assertTrue(entry.status == _handler.entry(number).status, "status of a number");
            assertTrue(entry.key == _handler.holder(number), "key of a number");
            bool active = entry.status == IMembership.MemberStatus.Active;
            if (active) {
                ++living;
                assertEq(_membership.numberOf(entry.key), number, "number of its key");
                assertTrue(_membership.ownerOf(number) == entry.key, "owner");
            }
        }
        assertEq(_membership.totalSupply(), living, "supply");
        uint256 balances;
        for (uint256 i; i < _handler.KEYS(); ++i) {
            uint256 balance = _membership.balanceOf(_handler.keys(i));
            assertTrue(balance <= 1, "tokens of a key");
            balances += balance;
        }
        assertEq(balances, living, "tokens of all keys");
    }

    function _requireVotesBelongToNumbers() private view {
        for (uint256 number = 1; number <= _handler.lastNumber(); ++number) {
            IMembership.Member memory entry = _membership.member(number);
            MembershipHandler.Entry memory expected = _handler.entry(number);
            bool gone = expected.leftAt != 0;
            assertEq(entry.group, expected.group, "group");
            assertEq(entry.joinedAt, expected.joinedAt, "joined");
            assertEq(entry.leftAt, expected.leftAt, "left");
            assertEq(entry.votesFrom, gone ? 0 : expected.votesFrom, "maturity");
        }
        for (uint256 i; i < _handler.KEYS(); ++i) {
            address key = _handler.keys(i);
            uint256 number = _handler.numbers(key);
            assertEq(_membership.numberOf(key), number, "number");
            bool mature = number != 0 && _handler.entry(number).votesFrom <= block.timestamp;
            assertEq(_membership.getVotes(key), mature ? 1 : 0, "vote");
            (IMembership.Standing standing, uint256 held, , ) = _membership.standingOf(
                key,
                IMembership.Right.Vote,
                uint48(block.timestamp)
            );
            // A suspension may refuse the right; nothing gives it to another number, or before its time.
            bool granted = standing == IMembership.Standing.Granted;
            assertTrue(!granted || (mature && held == number), "number behind the right to vote");
            bool plain = _membership.voterOf(key).countsPlainlyAt(block.timestamp);
            assertTrue(!plain || (granted && _membership.voterOf(key).number() == number), "word of a key");
        }
    }

    function _requireSumsAt(uint256 moment) private view {
        if (moment >= block.timestamp) return;
        uint256[] memory sums = new uint256[](GROUPS);
        uint256 total;
        for (uint256 i; i < _handler.KEYS(); ++i) {
            address key = _handler.keys(i);
            uint256 number = _handler.heldAt(key, moment);
            bool mature = number != 0 && _handler.entry(number).votesFrom <= moment;
            assertEq(_membership.getPastVotes(key, moment), mature ? 1 : 0, "past vote");
            if (!mature) continue;
            ++sums[_membership.member(number).group];
            ++total;
        }
        assertEq(_membership.getPastTotalSupply(moment), total, "total");
        uint256[] memory byGroup = _membership.getPastVotesByGroup(moment);
        assertEq(byGroup.length, GROUPS, "groups");
        for (uint256 group; group < GROUPS; ++group) {
            assertEq(byGroup[group], sums[group], "total of a group");
        }
    }

    function _requireAnswersUnchanged() private view {
        for (uint256 i; i < _handler.momentCount(); ++i) {
            uint256 moment = _handler.moments(i);
            bytes32 answer = _handler.answers(moment);
            if (answer != 0) assertTrue(_handler.digestAt(moment) == answer, "a past answer changed");
        }
    }

    function _requireBoundariesKeepTheirSeats() private view {
        MembershipHandler.Boundary[] memory boundaries = _handler.boundaries();
        for (uint256 i; i < boundaries.length; ++i) {
            assertTrue(boundaries[i].taken <= boundaries[i].seats, "seats of a boundary");
            if (i != 0) assertTrue(boundaries[i].moment > boundaries[i - 1].moment, "order of boundaries");
        }
    }
}
