// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title CoalitionTimelock
/// @notice OpenZeppelin's TimelockController with a bounded delay: what was decided waits here, and after deployment
/// nothing else has power over the coalition. The governor alone proposes, executes and cancels, so that no operation
/// can pass by the governor's grace period.
contract CoalitionTimelock is TimelockController {
    /// @notice The largest delay, in seconds.
    uint256 public constant MAX_DELAY = 30 days;

    /// @notice The smallest delay, in seconds; fixed at birth.
    uint256 public immutable SHORTEST_STAGE;

    /// @notice The delay is out of its range, in seconds.
    error CoalitionTimelockDelayOutOfRange(uint256 delay, uint256 min, uint256 max);

    /// @param delay Seconds between queueing and execution.
    /// @param shortestStage The coalition's shortest stage, in seconds: 60 seconds to 7 days.
    /// @param admin The deployer, who grants the governor its roles and then renounces.
    constructor(
        uint256 delay,
        uint256 shortestStage,
        address admin
    ) TimelockController(delay, new address[](0), new address[](0), admin) {
        if (shortestStage < 60 || shortestStage > 7 days) {
            revert CoalitionTimelockDelayOutOfRange(shortestStage, 60, 7 days);
        }
        SHORTEST_STAGE = shortestStage;
        _requireDelay(delay, shortestStage);
    }

    /// @notice Changes the delay. Only the timelock itself, that is, by a decision.
    /// @dev Emits `MinDelayChange`. Reverts with {CoalitionTimelockDelayOutOfRange}, `TimelockUnauthorizedCaller`.
    /// @param newDelay Seconds, from {SHORTEST_STAGE} to {MAX_DELAY}.
    function updateDelay(uint256 newDelay) public override {
        _requireDelay(newDelay, SHORTEST_STAGE);
        super.updateDelay(newDelay);
    }

    function _requireDelay(uint256 delay, uint256 min) private pure {
        if (delay < min || delay > MAX_DELAY) revert CoalitionTimelockDelayOutOfRange(delay, min, MAX_DELAY);
    }
}
