// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules} from "../libraries/DecisionRules.sol";

/// @title DecisionMock
/// @notice An agenda and its governor at once, as far as an organ asks them what is being carried out.
contract DecisionMock {
    uint256 private _executing;
    mapping(uint256 decision => DecisionRules.Class kind) private _kinds;

    /// @notice Says which decision is being carried out from now on, and of what class it is. Anyone may call.
    /// @param decision 0 for none.
    function carryOut(uint256 decision, DecisionRules.Class kind) external {
        _executing = decision;
        _kinds[decision] = kind;
    }

    /// @notice As the agenda answers: the governor that it serves.
    function governor() external view returns (address) {
        return address(this);
    }

    /// @notice As the governor answers: the decision that is being carried out.
    function executing() external view returns (uint256) {
        return _executing;
    }

    /// @notice As the governor answers: the class of a decision, and rules, of which none are kept here.
    function proposalRules(uint256 decision) external view returns (DecisionRules.Class, DecisionRules.Rules memory) {
        DecisionRules.Rules memory none;
        return (_kinds[decision], none);
    }
}
