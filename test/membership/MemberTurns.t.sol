// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAdmissionPolicy} from "../../contracts/membership/admission/IAdmissionPolicy.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {CoalitionTest} from "../helpers/CoalitionTest.sol";
import {Dice} from "../helpers/Dice.sol";

/// @title ClosedAdmission
/// @notice Admits nobody.
contract ClosedAdmission is IAdmissionPolicy, ERC165 {
    /// @inheritdoc IAdmissionPolicy
    function admits(uint256, address, uint8, bytes calldata) external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }
}

/// @notice What becomes of votes (participants, pauses for several reasons, changes of group, new keys, leaving and
/// coming back) against a plain record of who counted where and when, at every moment at which anything happened.
contract MemberTurnsTest is CoalitionTest {
    using Dice for Dice.Stream;

    uint256 private constant GROUPS = 3;
    uint256 private constant KEYS = 9;

    /// @dev A stretch of time in which a number's vote counts, as planned; it may still be cut off.
    struct Turn {
        uint256 number;
        uint256 group;
        uint256 from;
        uint256 until;
    }

    struct Entry {
        address key;
        uint256 group;
        /// The boundary or moment from which the vote counts when nothing holds it back; 0 for a participant.
        uint256 matures;
        bool dormant;
        bool represented;
        bool gone;
    }

    IAdmissionPolicy private _open;
    IAdmissionPolicy private _closed;
    Entry[] private _entries;
    Turn[] private _turns;
    uint256[] private _moments;
    mapping(uint256 kind => uint256 times) private _done;

    /// @notice Properties 1, 2, 3 and 4: a number's vote counts once, where and when it should.
    function testFuzz_turnsLikeAPlainRecord(uint256 seed) external {
        _run(seed, 24);
    }

    /// @notice Properties 1, 2, 3 and 4: longer histories, always the same ones, that take every kind of step.
    function test_longHistoriesOfTurns() external {
        for (uint256 seed; seed < 3; ++seed) {
            _run(seed, 110);
        }
        for (uint256 kind; kind < 9; ++kind) {
            assertTrue(_done[kind] > 3, "every kind of step was taken");
        }
    }

    function _run(uint256 seed, uint256 steps) private {
        Dice.Stream memory dice = Dice.from(seed);
        delete _entries;
        delete _turns;
        delete _moments;
        _found(IMembership.Maturity(8 days, 1 days, 2_500, 3), _plainRules(), GROUPS);
        (_open, _closed) = (_membership.admissionPolicy(), new ClosedAdmission());
        _entries.push(); // numbers begin with 1
        for (uint256 step; step < steps; ++step) {
            _step(dice);
            _moments.push(block.timestamp);
            // Often the same second again, now and then right at a boundary.
            uint256 way = dice.below(6);
            if (way == 0) VM.warp((block.timestamp / 1 days + 1) * 1 days);
            else if (way > 2) VM.warp(block.timestamp + dice.below(2 days));
        }
        VM.warp(block.timestamp + 40 days);
        for (uint256 i; i < _moments.length; ++i) {
            _check(_moments[i]);
        }
        _check(block.timestamp - 1);
        _checkPresent();
    }

    function _step(Dice.Stream memory dice) private {
        uint256 kind = dice.below(9);
        uint256 number = _entries.length == 1 ? 0 : dice.between(1, _entries.length - 1);
        bool here = number != 0 && !_entries[number].gone;
        if (kind < 2) _join(dice, kind == 0);
        else if (!here || !_act(dice, kind, number)) return;
        ++_done[kind];
    }

    /// @return done False if nothing came of it.
    function _act(Dice.Stream memory dice, uint256 kind, uint256 number) private returns (bool done) {
        if (kind == 2) return _qualify(number);
        if (kind == 8) return _move(number, _key(dice));
        if (kind == 3) _pause(number, true, dice.below(2) == 0);
        else if (kind < 6) _pause(number, false, kind == 4);
        else if (kind == 6) _regroup(number, dice.below(GROUPS));
        else _resign(number);
        return true;
    }

    function _key(Dice.Stream memory dice) private pure returns (address) {
        return VM.addr(dice.between(1, KEYS));
    }

    function _join(Dice.Stream memory dice, bool admitted) private {
        address key = _key(dice);
        if (_membership.numberOf(key) != 0) return;
        uint256 group = dice.below(GROUPS);
        _setPolicy(admitted ? _open : _closed);
        VM.prank(key);
        uint256 number = _membership.join(uint8(group), CODE, "");
        assertEq(number, _entries.length, "numbers in order");
        _entries.push(Entry(key, group, _membership.member(number).votesFrom, false, false, false));
        if (admitted) _plan(number);
    }

    function _qualify(uint256 number) private returns (bool) {
        Entry storage entry = _entries[number];
        if (entry.matures != 0 || entry.dormant || entry.represented) return false;
        _setPolicy(_open);
        _membership.qualify(number, "");
        entry.matures = _membership.member(number).votesFrom;
        _plan(number);
        return true;
    }

    function _pause(uint256 number, bool paused, bool dormant) private {
        Entry storage entry = _entries[number];
        bool counted = _isFree(entry);
        VM.prank(dormant ? address(_confirmations) : address(_affiliations));
        _membership.setPaused(number, paused);
        if (dormant) entry.dormant = paused;
        else entry.represented = paused;
        if (counted && paused) _cut(number);
        if (!counted && _isFree(entry)) _plan(number);
    }

    function _regroup(uint256 number, uint256 group) private {
        Entry storage entry = _entries[number];
        VM.prank(address(_claims));
        _membership.moveGroup(number, uint8(group));
        if (_isFree(entry)) _cut(number);
        entry.group = group;
        if (_isFree(entry)) _plan(number);
    }

    function _resign(uint256 number) private {
        Entry storage entry = _entries[number];
        VM.prank(entry.key);
        _membership.resign();
        if (_isFree(entry)) _cut(number);
        entry.gone = true;
    }

    function _move(uint256 number, address newKey) private returns (bool) {
        if (_membership.numberOf(newKey) != 0) return false;
        VM.prank(address(_recovery));
        _membership.moveKey(number, newKey);
        _entries[number].key = newKey;
        return true;
    }

    function _setPolicy(IAdmissionPolicy policy) private {
        VM.prank(address(_timelock));
        _membership.setAdmissionPolicy(policy);
    }

    /// @dev Nothing holds the vote back but, perhaps, its boundary.
    function _isFree(Entry storage entry) private view returns (bool) {
        return entry.matures != 0 && !entry.dormant && !entry.represented;
    }

    /// @dev From now on, or from the boundary if that is still to come.
    function _plan(uint256 number) private {
        Entry storage entry = _entries[number];
        uint256 from = entry.matures > block.timestamp ? entry.matures : block.timestamp;
        _turns.push(Turn(number, entry.group, from, type(uint256).max));
    }

    /// @dev Ends the last turn of a number: from this second on it does not count.
    function _cut(uint256 number) private {
        for (uint256 i = _turns.length; i != 0; --i) {
            if (_turns[i - 1].number != number) continue;
            _turns[i - 1].until = block.timestamp;
            return;
        }
    }

    function _check(uint256 moment) private view {
        uint256[] memory expected = new uint256[](GROUPS);
        bool[] memory counts = new bool[](_entries.length);
        for (uint256 i; i < _turns.length; ++i) {
            Turn storage turn = _turns[i];
            if (moment < turn.from || moment >= turn.until) continue;
            assertTrue(!counts[turn.number], "the record itself counts once");
            counts[turn.number] = true;
            ++expected[turn.group];
            (bool counted, uint8 group) = _membership.countedAt(turn.number, uint48(moment));
            assertTrue(counted, "counts");
            assertEq(group, turn.group, "group then");
        }
        for (uint256 number = 1; number < _entries.length; ++number) {
            (bool counted, ) = _membership.countedAt(number, uint48(moment));
            assertTrue(counted == counts[number], "counts or not");
        }
        uint256[] memory byGroup = _membership.getPastVotesByGroup(moment);
        uint256 total;
        for (uint256 group; group < GROUPS; ++group) {
            assertEq(byGroup[group], expected[group], "votes of a group");
            total += expected[group];
        }
        assertEq(_membership.getPastTotalSupply(moment), total, "votes in all");
        uint256 sum;
        for (uint256 i = 1; i <= KEYS; ++i) {
            sum += _membership.getPastVotes(VM.addr(i), moment);
        }
        assertEq(sum, total, "votes of all keys");
    }

    function _checkPresent() private view {
        uint256[] memory expected = new uint256[](GROUPS);
        uint256 living;
        for (uint256 number = 1; number < _entries.length; ++number) {
            Entry storage entry = _entries[number];
            if (entry.gone) continue;
            ++living;
            ++expected[entry.group];
            assertEq(_membership.numberOf(entry.key), number, "one key, one number");
        }
        assertEq(_membership.totalSupply(), living, "members");
        uint256[] memory byGroup = _membership.membersByGroup();
        for (uint256 group; group < GROUPS; ++group) {
            assertEq(byGroup[group], expected[group], "members of a group");
        }
    }
}
