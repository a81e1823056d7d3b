// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IClaims} from "../../../contracts/membership/desks/IClaims.sol";
import {Assembly} from "../../helpers/Assembly.sol";
import {Dice} from "../../helpers/Dice.sol";

/// @notice Claims and their challenges over random histories, against a record of what each challenge has gone
/// through.
contract ClaimsTest is Assembly {
    using Dice for Dice.Stream;

    uint256 private constant MEMBERS = 8;
    uint256 private constant GROUPS = 4;
    uint256 private constant STEPS = 36;
    uint256 private constant KINDS = 6;
    /// @dev The rules that the coalition is founded with.
    uint256 private constant COOLDOWN = 30 days;
    uint256 private constant WINDOW = 20 days;
    uint256 private constant DECISION_TIME = 180 days;
    uint256 private constant CHALLENGERS = 3;

    /// @dev The record apart from the contract.
    struct Record {
        uint256 number;
        uint256 group;
        uint256 openedAt;
        uint256 raisedAt;
        uint256 supporters;
        /// Whether the member changed group or left since.
        bool moot;
        IClaims.State verdict;
    }

    Record[] private _records;
    uint256[MEMBERS + 1] private _groups;
    uint256[MEMBERS + 1] private _changedAt;
    bool[MEMBERS + 1] private _gone;
    mapping(uint256 id => mapping(uint256 number => bool)) private _supports;
    mapping(uint256 kind => uint256) private _done;
    mapping(IClaims.State state => uint256) private _seen;

    function setUp() external {
        _begin();
    }

    /// @notice Property 4: members hop, challenge, leave and are moved at random; past electorates keep their groups,
    /// hops keep their distance, and every challenge is in the state that its record says.
    function testFuzz_challengesFollowTheirRecord(uint256 seed) external {
        _run(seed);
    }

    /// @notice Property 4: the same over histories that are always the same, and proof that every state came up.
    function test_challengesFollowTheirRecordOverManyHistories() external {
        for (uint256 seed; seed < 7; ++seed) {
            _begin();
            _run(seed);
        }
        for (uint256 kind; kind < KINDS; ++kind) {
            assertTrue(_done[kind] > 0, "every kind of step was taken");
        }
        for (uint256 state = 1; state <= uint256(type(IClaims.State).max); ++state) {
            assertTrue(_seen[IClaims.State(state)] > 3, "every state came up");
        }
    }

    /// @dev Founds a coalition anew, everyone's vote mature and free to move.
    function _begin() private {
        delete _members;
        for (uint256 id = 1; id <= _records.length; ++id) {
            for (uint256 number = 1; number <= MEMBERS; ++number) {
                _supports[id][number] = false;
            }
        }
        delete _records;
        _assemble(MEMBERS, GROUPS, _plainRules());
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            _groups[number] = (number - 1) % GROUPS;
            _changedAt[number] = _membership.member(number).joinedAt;
            _gone[number] = false;
        }
    }

    function _run(uint256 seed) private {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 step; step < STEPS; ++step) {
            uint256 kind = dice.below(KINDS);
            if (_act(kind, dice)) ++_done[kind];
            uint256 pace = dice.below(16);
            // Mostly days, now and then so long that what was raised lapses.
            if (pace == 0) VM.warp(block.timestamp + 170 days);
            else if (pace < 6) VM.warp(block.timestamp + dice.between(1, 3 days));
            if (step % 6 == 5) _check();
        }
    }

    function _act(uint256 kind, Dice.Stream memory dice) private returns (bool) {
        uint256 actor = dice.between(1, MEMBERS);
        if (kind == 0) return _hop(actor, dice.below(GROUPS));
        if (kind == 1) return _challenge(actor, dice.between(1, MEMBERS));
        if (_records.length == 0) return false;
        // The last three are those about which something is still open.
        uint256 back = dice.below(_records.length < 3 ? _records.length : 3);
        uint256 id = _records.length - back;
        if (kind == 2) {
            bool first = _support(actor, id);
            return _support((actor % MEMBERS) + 1, id) || first;
        }
        if (kind == 3) return _uphold(id, dice.below(GROUPS));
        if (kind == 4) return _dismiss(id);
        return dice.below(4) == 0 && _leave(actor);
    }

    function _hop(uint256 number, uint256 group) private returns (bool done) {
        bool may =
            !_gone[number] &&
                group != _groups[number] &&
                block.timestamp >= _changedAt[number] + COOLDOWN &&
                !_isRaised(number);
        done = _try(_members[number - 1], address(_claims), abi.encodeCall(_claims.changeGroup, (uint8(group))));
        assertTrue(done == may, "hop");
        if (done) _moved(number, group);
    }

    function _challenge(uint256 opener, uint256 number) private returns (bool done) {
        bytes memory call = abi.encodeCall(
            _claims.challenge,
            (number, IClaims.Claim.Group, _groups[number], bytes32(uint256(1)))
        );
        bool pending;
        for (uint256 id = 1; id <= _records.length; ++id) {
            bool about = _records[id - 1].number == number;
            bool by = _claims.challengeOf(id).opener == opener;
            if ((about || by) && _isPending(_expected(id))) pending = true;
        }
        done = _try(_members[opener - 1], address(_claims), call);
        bool settled = _claims.challengeableAt(number, IClaims.Claim.Group, _groups[number]) > block.timestamp;
        bool may = !_gone[opener] && !_gone[number] && opener != number && !pending && !settled;
        assertTrue(done == may, "challenge");
        if (!done) return false;
        _records.push(Record(number, _groups[number], block.timestamp, 0, 1, false, IClaims.State.None));
        _supports[_records.length][opener] = true;
    }

    function _support(uint256 number, uint256 id) private returns (bool done) {
        Record storage record = _records[id - 1];
        bool may =
            _expected(id) == IClaims.State.Open && !_gone[number] && number != record.number && !_supports[id][number];
        done = _try(_members[number - 1], address(_claims), abi.encodeCall(_claims.support, (id)));
        assertTrue(done == may, "support");
        if (!done) return false;
        _supports[id][number] = true;
        if (++record.supporters == CHALLENGERS) record.raisedAt = block.timestamp;
    }

    function _uphold(uint256 id, uint256 group) private returns (bool done) {
        Record storage record = _records[id - 1];
        bool may = _expected(id) == IClaims.State.Raised && group != record.group;
        done = _try(address(_timelock), address(_claims), abi.encodeCall(_claims.uphold, (id, group)));
        assertTrue(done == may, "uphold");
        if (!done) return false;
        record.verdict = IClaims.State.Upheld;
        _moved(record.number, group);
    }

    function _dismiss(uint256 id) private returns (bool done) {
        bool may = _expected(id) == IClaims.State.Raised;
        done = _try(address(_timelock), address(_claims), abi.encodeCall(_claims.dismiss, (id)));
        assertTrue(done == may, "dismiss");
        if (done) _records[id - 1].verdict = IClaims.State.Dismissed;
    }

    function _leave(uint256 number) private returns (bool done) {
        done = _try(_members[number - 1], address(_membership), abi.encodeCall(_membership.resign, ()));
        if (done) _gone[number] = true;
        _void(number);
    }

    function _moved(uint256 number, uint256 group) private {
        (_groups[number], _changedAt[number]) = (group, block.timestamp);
        _void(number);
    }

    /// @dev A claim that is made no more takes its undecided challenges with it. One that was opened in this very
    /// second falls too, because the claim has another value.
    function _void(uint256 number) private {
        for (uint256 i; i < _records.length; ++i) {
            if (_records[i].number == number) _records[i].moot = true;
        }
    }

    function _check() private {
        for (uint256 id = 1; id <= _records.length; ++id) {
            IClaims.State expected = _expected(id);
            IClaims.Challenge memory challenge = _claims.challengeOf(id);
            assertEq(uint256(challenge.state), uint256(expected), "state");
            assertEq(challenge.supporters, _records[id - 1].supporters, "supporters");
            ++_seen[expected];
        }
        uint48 moment = uint48(block.timestamp);
        VM.warp(moment + 1);
        uint256[] memory byGroup = new uint256[](GROUPS);
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            (bool counted, uint8 group) = _membership.countedAt(number, moment);
            assertTrue(counted != _gone[number], "counted");
            if (!counted) continue;
            assertEq(group, _groups[number], "group");
            ++byGroup[group];
        }
        uint256[] memory electorate = _membership.getPastVotesByGroup(moment);
        for (uint256 group; group < GROUPS; ++group) {
            assertEq(electorate[group], byGroup[group], "electorate");
        }
    }

    function _expected(uint256 id) private view returns (IClaims.State) {
        Record storage record = _records[id - 1];
        if (record.verdict != IClaims.State.None) return record.verdict;
        bool raised = record.raisedAt != 0;
        uint256 end = raised ? record.raisedAt + DECISION_TIME : record.openedAt + WINDOW;
        if (record.moot || block.timestamp >= end) return IClaims.State.Lapsed;
        return raised ? IClaims.State.Raised : IClaims.State.Open;
    }

    function _isRaised(uint256 number) private view returns (bool) {
        for (uint256 id = 1; id <= _records.length; ++id) {
            if (_records[id - 1].number == number && _expected(id) == IClaims.State.Raised) return true;
        }
        return false;
    }

    function _isPending(IClaims.State state) private pure returns (bool) {
        return state == IClaims.State.Open || state == IClaims.State.Raised;
    }
}
