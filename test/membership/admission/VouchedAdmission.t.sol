// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../../../contracts/membership/IMembership.sol";
import {IVouchedAdmission} from "../../../contracts/membership/admission/IVouchedAdmission.sol";
import {VouchedAdmission} from "../../../contracts/membership/admission/VouchedAdmission.sol";
import {CoalitionTest} from "../../helpers/CoalitionTest.sol";
import {Dice} from "../../helpers/Dice.sol";

/// @notice Vouches over random histories of members who change, pause, leave and take back what they gave, against a
/// plain record; and whether as many willing members as the rules ask for always get somebody in.
contract VouchedAdmissionTest is CoalitionTest {
    using Dice for Dice.Stream;

    struct Given {
        uint256 voucher;
        uint256 candidate;
        uint8 group;
        bool stands;
    }

    uint256 private constant GROUPS = 4;
    /// @dev Members 1 to 16 do as they please.
    uint256 private constant RESTLESS = 16;
    /// @dev As many in each group wait until the end.
    uint256 private constant WILLING_BY_GROUP = 8;
    uint256 private constant CANDIDATES = 3;

    VouchedAdmission private _vouched;
    IVouchedAdmission.Rules private _rules;
    uint256 private _firstCandidate;
    Given[] private _given;
    mapping(uint256 voucher => uint256[] moments) private _moments;

    function setUp() external {
        _found(
            IMembership.Maturity({waitingPeriod: 8 days, epochLength: 1 days, epochShareBps: 2_500, epochFloor: 100}),
            _plainRules(),
            GROUPS
        );
        for (uint256 number = 1; number <= RESTLESS + WILLING_BY_GROUP * GROUPS; ++number) {
            _join(number);
        }
        VM.warp(block.timestamp + 10 days);
    }

    /// @notice Property 5: only live vouches of enough members and groups open the queue.
    function testFuzz_countsLikeAListAndCannotBeJammed(uint256 seed) external {
        Dice.Stream memory dice = Dice.from(seed);
        _open(dice);
        for (uint256 step; step < 120; ++step) {
            _act(dice);
            uint256 candidate = _firstCandidate + dice.below(CANDIDATES);
            assertTrue(_vouched.vouchersOf(candidate).length <= _rules.vouchers, "the list is longer than it may be");
            assertTrue(_admits(candidate) == _recount(candidate), "counted otherwise");
        }
        uint256 chosen = _firstCandidate + dice.below(CANDIDATES);
        _letWillingVouch(dice, chosen);
        assertTrue(_admits(chosen), "enough members were willing, and the participant is not admitted");
        _membership.qualify(chosen, "");
    }

    /// @dev A policy with random rules, and participants.
    function _open(Dice.Stream memory dice) private {
        uint8 vouchers = uint8(dice.between(2, 8));
        _rules = IVouchedAdmission.Rules({
            vouchers: vouchers,
            groups: uint8(dice.between(2, vouchers < GROUPS ? vouchers : GROUPS)),
            slots: uint8(dice.between(1, 4)),
            cooldown: uint32(dice.between(60, 30 days))
        });
        _vouched = new VouchedAdmission("Coalition", _membership, _rules);
        VM.prank(address(_timelock));
        _membership.setAdmissionPolicy(_vouched);
        _firstCandidate = _membership.lastNumber() + 1;
        for (uint256 i; i < CANDIDATES; ++i) {
            _join(_firstCandidate + i);
        }
    }

    function _act(Dice.Stream memory dice) private {
        uint256 way = dice.below(16);
        uint256 number = dice.between(1, RESTLESS);
        uint256 candidate = _firstCandidate + dice.below(CANDIDATES);
        if (way < 6) _vouch(number, candidate);
        else if (way < 8) _withdraw(number, candidate);
        else if (way < 10) VM.warp(block.timestamp + dice.below(_rules.cooldown));
        else if (_membership.member(number).status != IMembership.MemberStatus.Active) return;
        else if (way == 10) _moveGroup(number, uint8(dice.below(GROUPS)));
        else if (way == 11) _suspend(number, block.timestamp + dice.between(1, 20 days));
        else if (way < 15) _setPaused(number, way == 12);
        else if (dice.below(4) == 0) _resign(number);
    }

    /// @dev As many as the rules ask for, of as many groups, one after the other; whom there is no room for is refused.
    function _letWillingVouch(Dice.Stream memory dice, uint256 candidate) private {
        uint256[] memory next = new uint256[](GROUPS);
        uint256 shift = dice.below(GROUPS);
        bool groupsLast = dice.below(2) == 0;
        for (uint256 i; i < _rules.vouchers; ++i) {
            // One of each group that is needed, before or after the rest, which is of any.
            uint256 place = groupsLast ? _rules.vouchers - 1 - i : i;
            uint256 group = place < _rules.groups ? (place + shift) % GROUPS : dice.below(GROUPS);
            _vouch(RESTLESS + next[group]++ * GROUPS + (group == 0 ? GROUPS : group), candidate);
        }
    }

    function _vouch(uint256 number, uint256 candidate) private {
        address key = _keyOf(number);
        (IMembership.Standing standing, , uint8 group, ) = _standing(number);
        VM.prank(key);
        try _vouched.vouch(candidate) {
            for (uint256 i; i < _given.length; ++i) {
                if (_given[i].candidate == candidate && !_isLive(_given[i])) _given[i].stands = false;
            }
            _given.push(Given(number, candidate, group, true));
            assertTrue(standing == IMembership.Standing.Granted, "a vote that does not count has vouched");
            uint256[] storage moments = _moments[number];
            moments.push(block.timestamp);
            if (moments.length > _rules.slots) {
                uint256 before = moments[moments.length - 1 - _rules.slots];
                assertTrue(block.timestamp - before >= _rules.cooldown, "more vouches in a cooldown than slots");
            }
        } catch {}
    }

    function _withdraw(uint256 number, uint256 candidate) private {
        VM.prank(_keyOf(number));
        try _vouched.withdrawVouch(candidate) {
            for (uint256 i; i < _given.length; ++i) {
                if (_given[i].candidate == candidate && _given[i].voucher == number) _given[i].stands = false;
            }
        } catch {}
    }

    function _moveGroup(uint256 number, uint8 group) private {
        VM.prank(address(_claims));
        _membership.moveGroup(number, group);
    }

    function _suspend(uint256 number, uint256 until) private {
        VM.prank(address(_timelock));
        _membership.suspend(number, 4, uint48(until));
    }

    function _setPaused(uint256 number, bool paused) private {
        VM.prank(address(_confirmations));
        _membership.setPaused(number, paused);
    }

    function _resign(uint256 number) private {
        VM.prank(_keyOf(number));
        _membership.resign();
    }

    function _join(uint256 number) private {
        VM.prank(_keyOf(number));
        assertEq(_membership.join(uint8(number % GROUPS), CODE, ""), number, "another number");
    }

    function _admits(uint256 candidate) private view returns (bool) {
        return _vouched.admits(candidate, _keyOf(candidate), uint8(candidate % GROUPS), "");
    }

    function _recount(uint256 candidate) private view returns (bool) {
        uint256 live;
        uint256 groups;
        bool[] memory seen = new bool[](GROUPS);
        for (uint256 i; i < _given.length; ++i) {
            if (_given[i].candidate != candidate || !_given[i].stands || !_isLive(_given[i])) continue;
            ++live;
            if (!seen[_given[i].group]) ++groups;
            seen[_given[i].group] = true;
        }
        return live >= _rules.vouchers && groups >= _rules.groups;
    }

    function _isLive(Given storage given) private view returns (bool) {
        (IMembership.Standing standing, , uint8 group, ) = _standing(given.voucher);
        return standing == IMembership.Standing.Granted && group == given.group;
    }

    function _standing(uint256 number) private view returns (IMembership.Standing, uint256, uint8, uint48) {
        return _membership.standingOf(_keyOf(number), IMembership.Right.Vote, uint48(block.timestamp));
    }

    function _keyOf(uint256 number) private pure returns (address) {
        return address(uint160(0x10000 + number));
    }
}
