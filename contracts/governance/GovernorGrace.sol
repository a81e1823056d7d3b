// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title GovernorGrace
/// @notice Extension of GovernorTimelockControl: a decision that passed and is not queued within its grace period after
/// the close, or not executed within it after the delay, expires for good.
/// @dev The timelock executes for the governor alone, so nobody can carry out an expired decision past it.
abstract contract GovernorGrace is GovernorTimelockControl {
    /// @notice Always reverts: organs answer to one timelock for life, and a wrong one would end the coalition.
    function updateTimelock(TimelockController) public view override {
        revert ICoalitionGovernor.CoalitionGovernorTimelockFixed(timelock());
    }

    /// @inheritdoc GovernorTimelockControl
    function state(uint256 proposalId) public view virtual override returns (ProposalState current) {
        current = super.state(proposalId);
        if (current == ProposalState.Succeeded) {
            if (clock() > proposalDeadline(proposalId) + _graceOf(proposalId)) return ProposalState.Expired;
        } else if (current == ProposalState.Queued) {
            if (clock() > proposalEta(proposalId) + _graceOf(proposalId)) return ProposalState.Expired;
        }
    }

    /// @dev Grace period of a decision, in seconds.
    function _graceOf(uint256 proposalId) internal view virtual returns (uint256);
}
