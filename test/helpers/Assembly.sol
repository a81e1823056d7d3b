// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {CoalitionTest} from "./CoalitionTest.sol";
import {Decisions, Register} from "./Decisions.sol";

/// @title Assembly
/// @notice A coalition with members whose votes are mature, for tests of single decisions.
abstract contract Assembly is CoalitionTest, Decisions {
    uint256 internal _groupCount;
    Register internal _register;
    /// @dev The key of the member number `i + 1`; its private key is `i + 1` too.
    address[] internal _members;

    /// @dev Everyone's vote is mature afterwards.
    function _assemble(uint256 count, uint256 groupCount, DecisionRules.Rules memory rules) internal {
        _found(IMembership.Maturity(8 days, 1 days, 2_500, 100), rules, groupCount);
        _groupCount = groupCount;
        _register = new Register();
        for (uint256 i; i < count; ++i) {
            _members.push(VM.addr(i + 1));
            _join(_members[i], i % groupCount);
        }
        VM.warp(_membership.member(count).votesFrom);
    }

    function _join(address key, uint256 group) internal returns (uint256 number) {
        VM.prank(key);
        return _membership.join(uint8(group), CODE, "");
    }

    function _proposeNote(uint256 entry) internal returns (Decision memory) {
        return _propose(address(_register), abi.encodeCall(Register.note, (entry)), "note");
    }

    /// @dev The first member's proposal of one action.
    function _propose(address target, bytes memory data, string memory title) internal returns (Decision memory) {
        return _proposeBy(_governor, _members[0], target, data, title);
    }

    /// @dev By as many members as it needs, none if it needs none.
    function _endorse(Decision memory decision) internal {
        for (uint256 i; i < _members.length && !_agenda.isAdmitted(decision.id); ++i) {
            VM.prank(_members[i]);
            _agenda.endorse(decision.id);
        }
    }

    /// @dev To the first second in which ballots are taken.
    function _open(Decision memory decision) internal {
        _endorse(decision);
        VM.warp(_governor.proposalSnapshot(decision.id) + 1);
    }

    /// @dev To the first second in which they are not.
    function _close(Decision memory decision) internal {
        VM.warp(_governor.proposalDeadline(decision.id) + 1);
    }

    function _voteOfAll(uint256 id, uint8 support) internal {
        for (uint256 i; i < _members.length; ++i) {
            _voteBy(_governor, _members[i], id, support);
        }
    }

    /// @dev Everyone For, queued, and its delay over.
    function _carry(Decision memory decision) internal {
        _open(decision);
        _voteOfAll(decision.id, 1);
        _close(decision);
        assertTrue(_try(address(this), address(_governor), _queueCall(decision)), "queued");
        VM.warp(_governor.proposalEta(decision.id));
    }

    /// @dev Whether a decision that is due, or not, can be executed.
    function _execute(Decision memory decision) internal returns (bool) {
        return _try(address(this), address(_governor), _executeCall(decision));
    }

    /// @dev The coalition can still decide, on an action and on its rules: everyone votes For, and it happens.
    function _requireAbleToDecide() internal {
        uint8 places = (_agenda.places() % 5) + 1;
        Decision memory amendment = _propose(
            address(_agenda),
            abi.encodeCall(_agenda.setPlaces, (places)),
            string(abi.encodePacked("able to amend", block.timestamp))
        );
        _carry(amendment);
        assertTrue(_execute(amendment), "able to amend");
        assertEq(_agenda.places(), places, "places");
        uint256 runs = _register.runs(type(uint256).max);
        Decision memory decision = _propose(
            address(_register),
            abi.encodeCall(Register.note, (type(uint256).max)),
            string(abi.encodePacked("still able", block.timestamp))
        );
        _carry(decision);
        assertTrue(_execute(decision), "able to decide");
        assertEq(_register.runs(type(uint256).max), runs + 1, "runs");
    }
}
