// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";

/// @notice Property 14, before the opening: what opens was endorsed in time, and nobody has more before the members
/// than there are places.
contract AgendaTest is Assembly {
    using Dice for Dice.Stream;

    struct Item {
        uint256 id;
        uint256 proposer;
        uint256 opening;
        uint256 close;
        /// Member numbers, a bit each.
        uint256 endorsers;
        bool admitted;
    }

    uint256 private constant MEMBERS = 9;
    uint256 private constant GROUPS = 3;

    Item[] private _items;
    uint256 private _places;

    uint256 private _admitted;
    uint256 private _full;
    uint256 private _lapsed;

    function setUp() external {
        DecisionRules.Rules memory rules = _plainRules();
        (rules.endorsements, rules.endorsementGroups) = (3, 2);
        _assemble(MEMBERS, GROUPS, rules);
        _places = _agenda.places();
    }

    /// @notice Property 14: a decision opens if members enough from groups enough endorsed it before and its author had
    /// a place, and else never; no member has more of them open or about to open than places.
    /// hardhat-config: fuzz.runs = 48
    function testFuzz_placesNeverExceedTheLimit(uint256 seed) external {
        _run(seed, 80);
    }

    /// @notice Property 14: the same over a history that is always the same, and proof that the cases which matter came
    /// up.
    function test_placesOverALongHistory() external {
        _run(3, 1_000);
        assertTrue(_admitted > 20, "decisions admitted");
        assertTrue(_full > 5, "no place left");
        assertTrue(_lapsed > 5, "decisions that never opened");
    }

    // One branch for each kind of step.
    // solhint-disable-next-line code-complexity
    function _run(uint256 seed, uint256 steps) private {
        Dice.Stream memory dice = Dice.from(seed);
        _setPlaces(dice.between(1, 3));
        for (uint256 step; step < steps; ++step) {
            _step(dice, step);
            _requireState(_items[_items.length - 1 - (step % _recent())]);
        }
        for (uint256 i; i < _items.length; ++i) {
            if (_items[i].admitted) continue;
            if (block.timestamp > _items[i].opening) ++_lapsed;
        }
    }

    function _step(Dice.Stream memory dice, uint256 step) private {
        uint256 way = dice.below(24);
        if (way < 4 || _items.length == 0) _put(step, dice.below(3));
        else if (way < 22) _endorseOne(dice.below(MEMBERS), dice.below(8));
        else if (way == 22)
            VM.warp(block.timestamp + dice.below(2 days));
            // Only more: places that are taken stay taken where there are fewer of them later.
        else if (dice.below(20) == 0 && _places < 5) _setPlaces(_places + 1);
    }

    function _put(uint256 step, uint256 proposer) private {
        string memory title = string(abi.encodePacked("step ", step));
        uint256 id = _proposeBy(_governor, _members[proposer], address(_register), "", title).id;
        _items.push(Item(id, proposer, _governor.proposalSnapshot(id), _governor.proposalDeadline(id), 0, false));
    }

    function _endorseOne(uint256 who, uint256 which) private {
        Item storage item = _items[_items.length - 1 - (which % _recent())];
        bool expected = block.timestamp <= item.opening && !item.admitted && item.endorsers & (1 << who) == 0;
        bool last = _suffices(item.endorsers | (1 << who));
        bool room = _taken(item.proposer) < _places;
        if (expected && last && !room) {
            expected = false;
            ++_full;
        }
        bytes memory data = abi.encodeCall(_agenda.endorse, (item.id));
        assertTrue(_try(_members[who], address(_agenda), data) == expected, "endorsed, or not");
        if (!expected) return;
        item.endorsers |= 1 << who;
        if (!last) return;
        item.admitted = true;
        ++_admitted;
        assertTrue(_taken(item.proposer) <= _places, "places");
    }

    function _setPlaces(uint256 places) private {
        VM.prank(address(_timelock));
        _agenda.setPlaces(uint8(places));
        _places = places;
    }

    function _recent() private view returns (uint256) {
        return _items.length < 8 ? _items.length : 8;
    }

    /// @dev Three members from two groups.
    function _suffices(uint256 endorsers) private pure returns (bool) {
        (uint256 count, uint256 groups) = (0, 0);
        for (uint256 who; who < MEMBERS; ++who) {
            if (endorsers & (1 << who) == 0) continue;
            ++count;
            groups |= 1 << (who % GROUPS);
        }
        return count >= 3 && groups != 1 && groups != 2 && groups != 4;
    }

    /// @dev Decisions of a member that were admitted and have not closed.
    function _taken(uint256 proposer) private view returns (uint256 count) {
        for (uint256 i; i < _items.length; ++i) {
            Item storage item = _items[i];
            if (item.admitted && item.proposer == proposer && item.close >= block.timestamp) ++count;
        }
    }

    function _requireState(Item storage item) private {
        assertTrue(_agenda.isAdmitted(item.id) == item.admitted, "admitted");
        if (block.timestamp <= item.opening || block.timestamp > item.close) return;
        IGovernor.ProposalState state = _governor.state(item.id);
        IGovernor.ProposalState expected =
            item.admitted ? IGovernor.ProposalState.Active : IGovernor.ProposalState.Defeated;
        assertTrue(state == expected, "opens if admitted only");
        bytes memory ballot = abi.encodeCall(_governor.castVote, (item.id, 2));
        assertTrue(_try(_members[0], address(_governor), ballot) == item.admitted, "ballots if admitted only");
    }
}
