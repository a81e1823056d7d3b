// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../../../contracts/membership/IMembership.sol";
import {IKeyRecovery} from "../../../contracts/membership/desks/IKeyRecovery.sol";
import {IMemberDesk} from "../../../contracts/membership/desks/IMemberDesk.sol";
import {CoalitionTest} from "../../helpers/CoalitionTest.sol";
import {Decisions} from "../../helpers/Decisions.sol";
import {Dice} from "../../helpers/Dice.sol";
import {Signing} from "../../helpers/Signing.sol";

/// @notice Properties 1 and 2 with recovery: over random histories a number moves by its own key, or by enough
/// guardians or the members after the delay, if its own key did nothing to the contrary, and in no other way.
contract KeyRecoveryTest is CoalitionTest, Decisions, Signing {
    using Dice for Dice.Stream;

    /// @dev What the history so far must have led to, kept apart from the desk.
    struct Model {
        uint256 holder;
        uint256 threshold;
        /// Bit n for the n-th possible guardian.
        uint256 guardians;
        uint256 approved;
        /// 0 for none: keys count from 1.
        uint256 newKey;
        uint256 requestedAt;
        uint256 readyAt;
        uint256 delay;
        IKeyRecovery.Origin origin;
    }

    uint256 private constant NUMBER = 1;
    uint256 private constant KEYS = 4;
    uint256 private constant GUARDIANS = 4;
    uint256 private constant WINDOW = 90 days;

    Model private _model;
    /// @dev By guardian: when it started a request last.
    uint256[GUARDIANS] private _started;
    /// @dev By key: whether its claim stands.
    bool[KEYS + 1] private _claimed;
    uint256 private _delay;
    /// @dev Recoveries completed, by origin; requests that ended by what the member did.
    uint256[2] private _completed;
    uint256 private _averted;

    function setUp() external {
        _found(IMembership.Maturity(8 days, 1 days, 2_500, 100), _plainRules(), 2);
        _model.holder = 1;
        _delay = _recovery.delay();
        VM.prank(_key(1));
        _membership.join(0, CODE, "");
    }
    /// @notice Properties 1 and 2: only the key, enough guardians, or the members move a number, against the old key's no.
    function testFuzz_aNumberMovesInNoOtherWay(uint256 seed) external {
        _run(seed, 40);
    }

    /// @notice Properties 1 and 2: the same over seeds that are always the same, and proof that the cases which matter
    /// came up.
    function test_aNumberMovesInNoOtherWayOverManyHistories() external {
        for (uint256 seed; seed < 20; ++seed) {
            _run(seed, 100);
        }
        assertTrue(_completed[0] > 10, "guardians recovered numbers");
        assertTrue(_completed[1] > 5, "members recovered numbers");
        assertTrue(_averted > 20, "members averted recoveries");
    }

    function _run(uint256 seed, uint256 steps) private {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 step; step < steps; ++step) {
            VM.warp(block.timestamp + 1 + (dice.below(2) == 0 ? 0 : dice.below(30 days)));
            _step(dice, dice.below(16));
            _check();
        }
    }

    function _step(Dice.Stream memory dice, uint256 way) private {
        uint256 key = dice.between(1, KEYS);
        uint256 guardian = dice.below(GUARDIANS);
        if (way < 4) _request(guardian, key);
        else if (way < 8) _approve(guardian, dice.below(4) == 0 ? key : _model.newKey);
        else if (way < 11) _complete(dice);
        else if (way == 11) _claim(key);
        else if (way == 12) _decide(dice.below(3) == 0 ? key : _claimant(key));
        else if (way == 13 && dice.below(2) == 0) _veto(dice.below(2) == 0 ? key : _model.holder);
        else if (way == 14 && dice.below(3) == 0) _rotate(key);
        else if (way == 15) _nameOrSetDelay(dice);
    }

    function _request(uint256 guardian, uint256 key) private {
        uint256 deadline = block.timestamp;
        bytes memory message = abi.encode(
            keccak256("Recover(uint256 number,address newKey,uint256 nonce,uint256 deadline)"),
            NUMBER,
            _key(key),
            _recovery.nonces(_key(key)),
            deadline
        );
        bytes memory signature = _sign(key, "Coalition", address(_recovery), message);
        bool rested = _started[guardian] == 0 || block.timestamp >= _started[guardian] + WINDOW;
        bool expected = _isGuardian(guardian) && key != _model.holder && rested;
        if (_stands() && _model.readyAt != 0) expected = false;
        bytes memory data = abi.encodeCall(_recovery.request, (NUMBER, _key(key), deadline, signature));
        assertTrue(_try(_guardian(guardian), address(_recovery), data) == expected, "request");
        if (!expected) return;
        _started[guardian] = block.timestamp;
        _begin(key, IKeyRecovery.Origin.Guardians);
        _count(guardian);
    }

    function _approve(uint256 guardian, uint256 key) private {
        bool expected = key != 0 && _stands() && _model.newKey == key && _isGuardian(guardian);
        if (_model.approved & (1 << guardian) != 0) expected = false;
        bytes memory data = abi.encodeCall(_recovery.approve, (NUMBER, _key(key)));
        assertTrue(_try(_guardian(guardian), address(_recovery), data) == expected, "approve");
        if (expected) _count(guardian);
    }

    function _complete(Dice.Stream memory dice) private {
        // Often right at the moment that counts, before and after.
        if (_stands() && _model.readyAt > block.timestamp && dice.below(2) == 0) {
            VM.warp(_model.readyAt - dice.below(2));
        }
        bool expected = _stands() && _model.readyAt != 0 && block.timestamp >= _model.readyAt;
        bytes memory data = abi.encodeCall(_recovery.complete, (NUMBER));
        assertTrue(_try(address(this), address(_recovery), data) == expected, "complete");
        if (!expected) return;
        ++_completed[uint256(_model.origin)];
        _move(_model.newKey);
    }

    function _claim(uint256 key) private {
        bool expected = key != _model.holder;
        bytes memory data = abi.encodeCall(_recovery.claim, (NUMBER, bytes32(key)));
        assertTrue(_try(_key(key), address(_recovery), data) == expected, "claim");
        if (expected) _claimed[key] = true;
    }

    function _decide(uint256 key) private {
        bool expected = _model.guardians == 0 && !_stands() && _claimed[key];
        bytes memory data = abi.encodeCall(_recovery.decide, (NUMBER, _key(key)));
        assertTrue(_try(address(_timelock), address(_recovery), data) == expected, "decide");
        if (!expected) return;
        _claimed[key] = false;
        _begin(key, IKeyRecovery.Origin.Members);
        _model.readyAt = block.timestamp + _delay;
    }

    function _veto(uint256 key) private {
        bool expected = key == _model.holder && _stands();
        bytes memory data = abi.encodeCall(_recovery.veto, (NUMBER));
        assertTrue(_try(_key(key), address(_recovery), data) == expected, "veto");
        if (expected) _avert();
    }

    function _rotate(uint256 key) private {
        bytes memory message = _rotateMessage(NUMBER, _key(key), _requests.nonces(_key(key)), block.timestamp);
        bytes memory signature = _sign(key, "Coalition", address(_requests), message);
        bytes memory data = abi.encodeCall(IMemberDesk.rotateKey, (_key(key), block.timestamp, signature));
        bool expected = key != _model.holder;
        assertTrue(_try(_key(_model.holder), address(_requests), data) == expected, "rotate");
        if (!expected) return;
        if (_stands()) ++_averted;
        _move(key);
    }

    function _nameOrSetDelay(Dice.Stream memory dice) private {
        if (dice.below(3) == 0) {
            _delay = dice.between(WAITING_FLOOR / 2, 60 days);
            VM.prank(address(_timelock));
            _recovery.setDelay(uint32(_delay));
            return;
        }
        // Nobody, every other time.
        uint256 mask = dice.below(2) == 0 ? 0 : dice.below(1 << GUARDIANS);
        uint256 count;
        for (uint256 i; i < GUARDIANS; ++i) {
            if (mask & (1 << i) == 0) continue;
            ++count;
            _started[i] = 0;
        }
        address[] memory list = new address[](count);
        for (uint256 i = GUARDIANS; i > 0; --i) {
            if (mask & (1 << (i - 1)) != 0) list[--count] = _guardian(i - 1);
        }
        _model.threshold = list.length == 0 ? 0 : dice.between(1, list.length);
        VM.prank(_key(_model.holder));
        _recovery.nameGuardians(list, uint8(_model.threshold));
        _model.guardians = mask;
        if (_stands()) _avert();
    }

    function _begin(uint256 key, IKeyRecovery.Origin origin) private {
        (_model.newKey, _model.origin) = (key, origin);
        (_model.requestedAt, _model.readyAt, _model.delay) = (block.timestamp, 0, _delay);
        _model.approved = 0;
    }

    function _count(uint256 guardian) private {
        _model.approved |= 1 << guardian;
        if (_model.readyAt == 0 && _approvals() == _model.threshold) _model.readyAt = block.timestamp + _model.delay;
    }

    function _avert() private {
        ++_averted;
        _model.newKey = 0;
    }

    /// @dev The number has another key: nothing that was asked before stands any more.
    function _move(uint256 key) private {
        _model.holder = key;
        _model.newKey = 0;
        for (uint256 i = 1; i <= KEYS; ++i) {
            _claimed[i] = false;
        }
    }

    function _check() private view {
        assertTrue(_membership.ownerOf(NUMBER) == _key(_model.holder), "holder");
        assertEq(_membership.totalSupply(), 1, "members");
        for (uint256 key = 1; key <= KEYS; ++key) {
            assertEq(_membership.numberOf(_key(key)), key == _model.holder ? NUMBER : 0, "numbers");
            assertEq(_recovery.claimOf(_key(key)).number, _claimed[key] ? NUMBER : 0, "claim");
        }
        IKeyRecovery.Recovery memory shown = _recovery.requestOf(NUMBER);
        bool stands = _stands();
        assertTrue(shown.newKey == (stands ? _key(_model.newKey) : address(0)), "new key");
        assertTrue(shown.oldKey == (stands ? _key(_model.holder) : address(0)), "old key");
        assertEq(shown.approvals, stands ? _approvals() : 0, "approvals");
        assertEq(shown.readyAt, stands ? _model.readyAt : 0, "ready");
        assertEq(shown.lapsesAt, stands ? _lapsesAt() : 0, "lapses");
    }

    function _stands() private view returns (bool) {
        return _model.newKey != 0 && block.timestamp < _lapsesAt();
    }

    function _lapsesAt() private view returns (uint256) {
        return (_model.readyAt == 0 ? _model.requestedAt : _model.readyAt) + WINDOW;
    }

    function _approvals() private view returns (uint256 count) {
        for (uint256 i; i < GUARDIANS; ++i) {
            if (_model.approved & (1 << i) != 0) ++count;
        }
    }

    function _isGuardian(uint256 guardian) private view returns (bool) {
        return _model.guardians & (1 << guardian) != 0;
    }

    /// @dev A key whose claim stands, from a given one on; that one if there is none.
    function _claimant(uint256 key) private view returns (uint256) {
        for (uint256 i; i < KEYS; ++i) {
            uint256 next = ((key + i - 1) % KEYS) + 1;
            if (_claimed[next]) return next;
        }
        return key;
    }

    function _key(uint256 index) private pure returns (address) {
        return index == 0 ? address(0) : VM.addr(index);
    }

    function _guardian(uint256 index) private pure returns (address) {
        return VM.addr(100 + index);
    }
}
