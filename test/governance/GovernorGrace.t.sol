// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Assembly} from "../helpers/Assembly.sol";

/// @notice Property 14 on single decisions: nothing early, late, twice or re-entered.
contract GovernorGraceTest is Assembly {
    function setUp() public {
        _assemble(6, 2, _plainRules());
    }

    /// @notice Property 14: a decision that passed is queued up to the last second of its grace, no second later.
    function testFuzz_queuesWithinItsGraceOnly(uint32 after_) public {
        uint256 late = _near(after_, 0, 7 days, 20 days);
        Decision memory decision = _proposeNote(1);
        _open(decision);
        _voteOfAll(decision.id, 1);
        VM.warp(_governor.proposalDeadline(decision.id) + late);
        bool inTime = late > 0 && late <= 7 days;
        assertTrue(_try(address(this), address(_governor), _queueCall(decision)) == inTime, "queued in time only");
        if (late > 7 days) _requireExpired(decision);
    }

    /// @notice Property 14: a queued decision runs from the end of its delay to the end of its grace, once, called by
    /// the timelock, and cannot be re-entered; outside these hours it does not, and afterwards it never will.
    function testFuzz_runsWithinItsHoursOnly(uint32 after_) public {
        uint256 wait = _near(after_, 2 days, 9 days, 30 days);
        Decision memory decision = _proposeNote(1);
        _open(decision);
        _voteOfAll(decision.id, 1);
        _close(decision);
        assertTrue(_try(address(this), address(_governor), _queueCall(decision)), "queued");
        _register.arm(address(_governor), _executeCall(decision));
        VM.warp(block.timestamp + wait);

        bool due = wait >= 2 days && wait <= 9 days;
        assertTrue(_execute(decision) == due, "executed when due only");
        assertEq(_register.runs(1), due ? 1 : 0, "runs");
        assertTrue(!_register.reentered(), "re-entered");
        if (due) {
            assertTrue(_register.lastCaller() == address(_timelock), "the timelock acts");
            assertTrue(!_execute(decision), "executed twice");
            assertEq(_register.runs(1), 1, "runs once");
        }
        if (wait > 9 days) _requireExpired(decision);
    }

    /// @notice Property 14: an expired decision can be carried out neither at the timelock, past the governor, nor by
    /// proposing it again under the same words.
    function test_expiredDecisionStaysExpired() public {
        Decision memory decision = _proposeNote(1);
        _carry(decision);
        VM.warp(block.timestamp + 7 days + 1);
        _requireExpired(decision);
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(decision);
        bytes memory again = abi.encodeCall(IGovernor.propose, (targets, values, calldatas, decision.description));
        assertTrue(!_try(_members[0], address(_governor), again), "proposed again");

        bytes32 salt = bytes20(address(_governor)) ^ keccak256(bytes(decision.description));
        bytes memory direct = abi.encodeCall(_timelock.executeBatch, (targets, values, calldatas, bytes32(0), salt));
        assertTrue(!_try(_members[0], address(_timelock), direct), "executed past the governor");
        assertEq(_register.runs(1), 0, "runs");
        // The very call would have gone through: nothing but the governor's role stood between.
        assertTrue(_try(address(_governor), address(_timelock), direct), "a call that was ready");
    }

    function _requireExpired(Decision memory decision) private {
        assertTrue(_governor.state(decision.id) == IGovernor.ProposalState.Expired, "expired");
        assertTrue(!_try(address(this), address(_governor), _queueCall(decision)), "queued after its grace");
        assertTrue(!_execute(decision), "executed after its grace");
        assertEq(_register.runs(1), 0, "runs after its grace");
    }

    /// @dev Half of the moments lie within a second of an end of the range, the others anywhere up to a limit.
    function _near(uint256 raw, uint256 first, uint256 last, uint256 limit) private pure returns (uint256) {
        if (raw % 2 == 0) return bound(raw, 0, limit);
        uint256 edge = raw % 4 == 1 ? first : last;
        uint256 moment = edge + (raw % 3);
        return moment == 0 ? 0 : moment - 1;
    }
}
