// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {ICoalitionGovernor} from "../../contracts/governance/ICoalitionGovernor.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";
import {Signing} from "../helpers/Signing.sol";
import {Verdict} from "../helpers/Verdict.sol";

/// @notice Properties 9 and 12: what ballots late in the vote do to its close.
contract GovernorBallotsLateTest is Assembly, Signing {
    using Dice for Dice.Stream;

    uint256 private constant MEMBERS = 15;
    uint256 private constant GROUPS = 5;
    uint256 private constant EXTENSION = 1 days;

    DecisionRules.Rules private _rules;
    uint256 private _id;
    uint256 private _firstClose;
    /// @dev By the record: the close, and the last ballot of each member, support plus one.
    uint256 private _shut;
    uint256[MEMBERS] private _receipts;

    uint256 private _swings;
    uint256 private _lateWithoutSwing;
    uint256 private _turnsAfterSwing;

    function setUp() external {
        _rules = _plainRules();
        _rules.extension = uint32(EXTENSION);
        (_rules.concurrence, _rules.concurrenceMembers) = (2, 2);
        _assemble(MEMBERS, GROUPS, _rules);
    }

    /// @notice Properties 9 and 12: a ballot or a batch in the last stretch that turns the outcome moves the close,
    /// once, to just the extension after it, never to an earlier moment; no other does, and nothing but ballots turns
    /// an outcome.
    /// hardhat-config: fuzz.runs = 48
    function testFuzz_lateSwingMovesTheCloseOnce(uint256 seed) external {
        _run(seed);
    }

    /// @notice Properties 9 and 12: the same over seeds that are always the same, and proof that the cases which matter
    /// came up.
    function test_lateSwingsOverManyHistories() external {
        for (uint256 seed; seed < 24; ++seed) {
            _run(seed);
        }
        assertTrue(_swings > 8, "swings");
        assertTrue(_lateWithoutSwing > 20, "late ballots that turned nothing");
        assertTrue(_turnsAfterSwing > 4, "turns after the one swing that counts");
    }

    function _run(uint256 seed) private {
        Dice.Stream memory dice = Dice.from(seed);
        string memory title = string(abi.encodePacked("late ", seed));
        _id = _proposeBy(_governor, _members[dice.below(MEMBERS)], address(_register), "", title).id;
        (_firstClose, _shut) = (_governor.proposalDeadline(_id), _governor.proposalDeadline(_id));
        delete _receipts;
        VM.warp(_firstClose - EXTENSION - dice.below(3 hours));
        for (uint256 step; step < 36; ++step) {
            if (dice.below(2) == 0) VM.warp(block.timestamp + dice.below(3 hours));
            // Often in the last second, and in the first of the last stretch.
            if (dice.below(40) == 0 && block.timestamp < _shut) VM.warp(_shut);
            if (step == 1 && block.timestamp < _firstClose - EXTENSION)
                VM.warp(_firstClose - EXTENSION + dice.below(2));
            bool open = block.timestamp <= _shut;
            bool passed = _passes();
            if (open) assertTrue(_governor.state(_id) == IGovernor.ProposalState.Active, "open until the close");
            if (dice.below(4) == 0) _castBatch(dice, open);
            else _castOne(dice, open);
            if (!open) break;
            _follow(passed);
        }
        _requireOutcome();
    }

    /// @dev What the record makes of a ballot that was cast.
    function _follow(bool passed) private {
        bool turned = _passes() != passed;
        if (_shut != _firstClose) {
            if (turned) ++_turnsAfterSwing;
        } else if (block.timestamp + EXTENSION > _shut) {
            if (turned) {
                _shut = block.timestamp + EXTENSION;
                ++_swings;
            } else {
                ++_lateWithoutSwing;
            }
        }
        (, , , bool extended) = _governor.proposalFrame(_id);
        uint256 close = _governor.proposalDeadline(_id);
        assertEq(close, _shut, "close");
        assertTrue(extended == (close != _firstClose), "extended");
        assertTrue(close >= _firstClose && close <= _firstClose + EXTENSION, "within its bound");
    }

    function _castOne(Dice.Stream memory dice, bool open) private {
        (uint256 who, uint256 support) = (dice.below(MEMBERS), dice.below(3));
        bytes memory ballot = abi.encodeCall(_governor.castVote, (_id, uint8(support)));
        assertTrue(_try(_members[who], address(_governor), ballot) == open, "ballots until the close only");
        if (open) _receipts[who] = support + 1;
    }

    /// @dev First ballots of one choice, of some members who have none yet.
    function _castBatch(Dice.Stream memory dice, bool open) private {
        ICoalitionGovernor.BallotGroup[] memory groups = new ICoalitionGovernor.BallotGroup[](1);
        (uint8 support, uint48 deadline) = (uint8(dice.below(3)), uint48(block.timestamp));
        bytes memory message = _firstBallotMessage(_id, support, deadline);
        bytes memory signatures;
        for (uint256 i; i < 4; ++i) {
            uint256 who = dice.below(MEMBERS);
            if (_receipts[who] != 0) continue;
            bytes memory signature = _signCompactly(who + 1, "Governor", address(_governor), message);
            signatures = abi.encodePacked(signatures, signature);
            if (open) _receipts[who] = uint256(support) + 1;
        }
        groups[0] = ICoalitionGovernor.BallotGroup(support, deadline, signatures);
        ICoalitionGovernor.NamedBallot[] memory none;
        bytes memory data = abi.encodeCall(_governor.castBallots, (_id, groups, none));
        assertTrue(_try(address(this), address(_governor), data) == open, "batches until the close only");
    }

    /// @dev After the close nothing turns any more, not by ballots either.
    function _requireOutcome() private {
        IGovernor.ProposalState verdict =
            _passes() ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated;
        VM.warp(_shut + 1);
        assertTrue(_governor.state(_id) == verdict, "outcome");
        bytes memory ballot = abi.encodeCall(_governor.castVote, (_id, 0));
        assertTrue(!_try(_members[0], address(_governor), ballot), "a ballot after the close");
        VM.warp(_shut + 7 days);
        assertTrue(_governor.state(_id) == verdict, "outcome for good");
    }

    function _passes() private view returns (bool) {
        uint256[] memory byGroup = new uint256[](GROUPS);
        uint256[3][] memory table = new uint256[3][](GROUPS);
        for (uint256 i; i < MEMBERS; ++i) {
            ++byGroup[i % GROUPS];
            if (_receipts[i] != 0) ++table[i % GROUPS][_receipts[i] - 1];
        }
        return Verdict.passes(_rules, byGroup, table);
    }
}
