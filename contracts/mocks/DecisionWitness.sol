// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICoalitionGovernor} from "../governance/ICoalitionGovernor.sol";

/// @title DecisionWitness
/// @notice A target of decisions that keeps which one is being carried out whenever it is called.
contract DecisionWitness {
    ICoalitionGovernor private immutable GOVERNOR;

    uint256[] private _seen;

    /// @param governor The governor that it asks.
    constructor(ICoalitionGovernor governor) {
        GOVERNOR = governor;
    }

    /// @notice Looks once more. Anyone may call.
    function look() external {
        _seen.push(GOVERNOR.executing());
    }

    /// @notice What it saw, the oldest first; 0 where nothing was being carried out.
    function seen() external view returns (uint256[] memory) {
        return _seen;
    }
}
