// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules, PackedRules} from "../libraries/DecisionRules.sol";

/// @title IDecisionBounds
/// @notice Judges new rules of a class of decisions, for a governor whose own code has no room for it. Holds no state
/// and no power.
interface IDecisionBounds {
    /// @notice A lesser class would be stricter than a greater one in this rule.
    /// @param rule Its name, as in {DecisionRules-Rules}, in ASCII.
    error DecisionBoundsUnordered(DecisionRules.Class lesser, DecisionRules.Class greater, bytes32 rule);

    /// @notice New rules of a class as one word, if they may be put in force.
    /// @dev Reverts with {DecisionRules-DecisionRulesOutOfRange} unless each is within its range, and with
    /// {DecisionBoundsUnordered} unless the class stays as strict as every lesser one, and no stricter than any greater
    /// one: who could choose between two routes would take the lesser.
    /// @param current The rules in force, by class; zero where there are none yet.
    /// @param frame What the ranges depend on.
    function check(
        DecisionRules.Class kind,
        DecisionRules.Rules calldata newRules,
        PackedRules[5] calldata current,
        DecisionRules.Frame calldata frame
    ) external pure returns (PackedRules packed);
}
