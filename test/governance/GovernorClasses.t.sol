// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Register} from "../helpers/Decisions.sol";
import {Dice} from "../helpers/Dice.sol";

/// @notice Properties 7 and 14: classes of decisions over random histories of guards and tables, set by real decisions.
contract GovernorClassesTest is Assembly {
    using Dice for Dice.Stream;

    uint256 private constant TARGETS = 6;
    uint256 private constant SELECTORS = 4;
    /// @dev The first of the targets that are fixed: governor and timelock.
    uint256 private constant FIXED = 4;

    address[TARGETS] private _targets;
    bytes4[SELECTORS] private _selectors;
    /// @dev By the record, by place in the lists above: what is guarded, and the table, class plus one.
    bool[TARGETS] private _guarded;
    uint256[SELECTORS][TARGETS] private _entries;
    uint256 private _round;

    uint256 private _changed;
    uint256 private _refused;
    uint256[5] private _seen;

    function setUp() external {
        _assemble(6, 2, _plainRules());
        _targets = [
            address(_register),
            address(new Register()),
            address(_membership),
            address(_agenda),
            address(_governor),
            address(_timelock)
        ];
        _selectors = [Register.note.selector, _governor.setRules.selector, _timelock.updateDelay.selector, bytes4(0)];
        (_guarded[2], _guarded[3]) = (true, true);
    }

    /// @notice Property 7: whatever was guarded and listed, the class of a function is what the record says, of
    /// governor and timelock always an amendment; and the class and rules of a proposal are those of its strictest
    /// action.
    /// hardhat-config: fuzz.runs = 32
    function testFuzz_classIsTheStrictestOfItsActions(uint256 seed) external {
        _run(seed, 3);
    }

    /// @notice Property 7: the same over a history that is always the same, and proof that the cases which matter came
    /// up.
    function test_classesOverALongHistory() external {
        _run(1, 60);
        assertTrue(_changed > 10, "changes");
        assertTrue(_refused > 4, "changes refused");
        for (uint256 class; class < 5; ++class) {
            assertTrue(_seen[class] > 0, "proposals of every class");
        }
    }

    /// @notice Properties 7 and 14: an action whose target was guarded since it was decided is executed only if the
    /// table gives it no greater class than it was decided in.
    /// hardhat-config: fuzz.runs = 32
    function testFuzz_guardedSinceIsOfItsNewClass(uint8 which, bool listed) external {
        DecisionRules.Class class = DecisionRules.Class(which % 5);
        Decision memory decision = _proposeNote(7);
        Decision memory guarding = _propose(
            address(_governor),
            abi.encodeCall(_governor.guard, (address(_register))),
            "guard"
        );
        Decision memory listing = _propose(
            address(_governor),
            abi.encodeCall(_governor.setActionClass, (address(_register), Register.note.selector, class)),
            "list"
        );
        _open(decision);
        _voteOfAll(decision.id, 1);
        _voteOfAll(guarding.id, 1);
        _voteOfAll(listing.id, 1);
        _close(decision);
        assertTrue(_try(address(this), address(_governor), _queueCall(decision)), "queued");
        assertTrue(_try(address(this), address(_governor), _queueCall(guarding)), "queued");
        assertTrue(_try(address(this), address(_governor), _queueCall(listing)), "queued");
        VM.warp(_governor.proposalEta(decision.id));
        assertTrue(!_execute(listing), "nothing is listed that is not guarded");
        assertTrue(_execute(guarding), "guarded");
        if (listed) assertTrue(_execute(listing), "listed");
        bool allowed = listed && class <= DecisionRules.Class.Action;
        assertTrue(_execute(decision) == allowed, "executed in its class only");
        assertEq(_register.runs(7), allowed ? 1 : 0, "runs");
    }

    function _run(uint256 seed, uint256 rounds) private {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 i; i < rounds; ++i) {
            _change(dice);
            _requireClasses();
            _requireProposal(dice);
        }
    }

    /// @dev A decision of some guards and entries, unanimously decided: executed if all of them are allowed, whole.
    function _change(Dice.Stream memory dice) private {
        uint256 count = dice.between(1, 5);
        (address[] memory targets, bytes[] memory calldatas) = (new address[](count), new bytes[](count));
        bool[TARGETS] memory guarded = _guarded;
        uint256[SELECTORS][TARGETS] memory entries = _entries;
        bool allowed = true;
        for (uint256 i; i < count; ++i) {
            targets[i] = address(_governor);
            uint256 target = dice.below(4) == 0 ? dice.below(TARGETS) : dice.below(FIXED);
            if (target >= FIXED) allowed = false;
            if (dice.below(3) == 0) {
                calldatas[i] = abi.encodeCall(_governor.guard, (_targets[target]));
                guarded[target] = true;
            } else {
                (uint256 selector, uint256 class) = (dice.below(SELECTORS), dice.below(5));
                calldatas[i] = abi.encodeCall(
                    _governor.setActionClass,
                    (_targets[target], _selectors[selector], DecisionRules.Class(class))
                );
                if (!guarded[target]) allowed = false;
                entries[target][selector] = class + 1;
            }
        }
        assertTrue(_decide(targets, calldatas) == allowed, "changed as far as allowed");
        if (allowed) (_guarded, _entries) = (guarded, entries);
        if (allowed) ++_changed;
        else ++_refused;
    }

    /// @dev Everyone For; answers whether it could be executed.
    function _decide(address[] memory targets, bytes[] memory calldatas) private returns (bool) {
        uint256[] memory values = new uint256[](targets.length);
        (string memory title, uint256 id) = _put(targets, calldatas);
        VM.warp(_governor.proposalSnapshot(id) + 1);
        _voteOfAll(id, 1);
        VM.warp(_governor.proposalDeadline(id) + 1);
        bytes32 digest = keccak256(bytes(title));
        _governor.queue(targets, values, calldatas, digest);
        VM.warp(_governor.proposalEta(id));
        return
            _try(
                address(this),
                address(_governor),
                abi.encodeCall(_governor.execute, (targets, values, calldatas, digest))
            );
    }

    function _put(
        address[] memory targets,
        bytes[] memory calldatas
    ) private returns (string memory title, uint256 id) {
        title = string(abi.encodePacked("round ", ++_round));
        VM.prank(_members[_round % _members.length]);
        id = _governor.propose(targets, new uint256[](targets.length), calldatas, title);
    }

    /// @dev Some actions on anything, with calldata of any length.
    function _requireProposal(Dice.Stream memory dice) private {
        uint256 count = dice.between(1, dice.below(2) == 0 ? 1 : 16);
        (address[] memory targets, bytes[] memory calldatas) = (new address[](count), new bytes[](count));
        uint256 strictest;
        // Often of the first targets alone, so that every class comes up.
        uint256 limit = dice.below(3) == 0 ? TARGETS : dice.between(1, FIXED);
        for (uint256 i; i < count; ++i) {
            (uint256 target, uint256 selector) = (dice.below(limit), dice.below(SELECTORS));
            targets[i] = _targets[target];
            // Fewer than four bytes name no function.
            if (dice.below(6) == 0) {
                (calldatas[i], selector) = (new bytes(dice.below(4)), SELECTORS - 1);
            } else {
                calldatas[i] = abi.encodePacked(_selectors[selector], new bytes(dice.below(40)));
            }
            uint256 class = _expected(target, selector);
            if (class > strictest) strictest = class;
        }
        (, uint256 id) = _put(targets, calldatas);
        ++_seen[strictest];
        (DecisionRules.Class found, DecisionRules.Rules memory rules) = _governor.proposalRules(id);
        assertEq(uint256(found), strictest, "the strictest of its actions");
        bytes32 current = keccak256(abi.encode(_governor.rules(found)));
        assertTrue(keccak256(abi.encode(rules)) == current, "rules of its class");
    }

    function _requireClasses() private view {
        for (uint256 i; i < TARGETS; ++i) {
            for (uint256 j; j < SELECTORS; ++j) {
                assertEq(uint256(_governor.classOf(_targets[i], _selectors[j])), _expected(i, j), "class");
            }
        }
    }

    function _expected(uint256 target, uint256 selector) private view returns (uint256) {
        if (target >= FIXED) return uint256(DecisionRules.Class.Amendment);
        if (!_guarded[target]) return uint256(DecisionRules.Class.Action);
        uint256 entry = _entries[target][selector];
        return entry == 0 ? uint256(DecisionRules.Class.Amendment) : entry - 1;
    }
}
