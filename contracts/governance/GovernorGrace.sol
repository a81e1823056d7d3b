// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {PackedRules} from "../libraries/DecisionRules.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title GovernorGrace
/// @notice Extension of GovernorTimelockControl: what passed waits as long as its class asks for, longer than in the
/// timelock where that is less; and if it is not queued within its grace period after the close, or not executed within
/// it after the wait, it expires for good.
/// @dev The timelock executes for the governor alone, so nobody can carry out a decision past the governor's own wait
/// or after its end.
abstract contract GovernorGrace is GovernorTimelockControl {
    /// @notice Always reverts: organs answer to one timelock for life, and a wrong one would end the coalition.
    function updateTimelock(TimelockController) public view override {
        revert ICoalitionGovernor.CoalitionGovernorTimelockFixed(timelock());
    }

    /// @inheritdoc GovernorTimelockControl
    function state(uint256 proposalId) public view virtual override returns (ProposalState current) {
        current = super.state(proposalId);
        if (current == ProposalState.Succeeded) {
            if (clock() > proposalDeadline(proposalId) + _writtenRules(proposalId).grace())
                return ProposalState.Expired;
        } else if (current == ProposalState.Queued) {
            if (clock() > proposalEta(proposalId) + _writtenRules(proposalId).grace()) return ProposalState.Expired;
        }
    }

    /// @inheritdoc IGovernor
    function proposalEta(uint256 proposalId) public view virtual override returns (uint256 eta) {
        eta = super.proposalEta(proposalId);
        PackedRules frozen = _writtenRules(proposalId);
        if (frozen.isPostponed()) eta += frozen.delay();
    }

    /// @inheritdoc GovernorTimelockControl
    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override returns (uint48) {
        uint48 ready = super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
        return SafeCast.toUint48(Math.max(ready, clock() + _writtenRules(proposalId).delay()));
    }

    /// @inheritdoc GovernorTimelockControl
    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override {
        uint256 eta = proposalEta(proposalId);
        if (clock() < eta) revert ICoalitionGovernor.CoalitionGovernorTooEarly(proposalId, eta);
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    /// @dev The rules of a decision as they are written down.
    function _writtenRules(uint256 proposalId) internal view virtual returns (PackedRules);
}
