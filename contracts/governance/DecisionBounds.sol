// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules, PackedRules} from "../libraries/DecisionRules.sol";
import {IDecisionBounds} from "./IDecisionBounds.sol";

/// @title DecisionBounds
/// @notice See {IDecisionBounds}.
contract DecisionBounds is IDecisionBounds {
    /// @inheritdoc IDecisionBounds
    function check(
        DecisionRules.Class kind,
        DecisionRules.Rules calldata newRules,
        PackedRules[5] calldata current,
        DecisionRules.Frame calldata frame
    ) external pure returns (PackedRules packed) {
        DecisionRules.requireValid(newRules, kind, frame);
        packed = DecisionRules.pack(newRules, kind);
        // bound: 5 classes
        for (uint256 i; i < 5; ++i) {
            DecisionRules.Class other = DecisionRules.Class(i);
            if (PackedRules.unwrap(current[i]) == 0 || other == kind) continue;
            if (other < kind) _requireOrdered(current[i], packed, other, kind);
            else _requireOrdered(packed, current[i], kind, other);
        }
    }

    function _requireOrdered(
        PackedRules lesser,
        PackedRules greater,
        DecisionRules.Class lesserClass,
        DecisionRules.Class greaterClass
    ) private pure {
        bytes32 rule = lesser.unordered(greater);
        if (rule != 0) revert DecisionBoundsUnordered(lesserClass, greaterClass, rule);
    }
}
