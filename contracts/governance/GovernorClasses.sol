// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title GovernorClasses
/// @notice Extension of Governor: the class of a decision follows from what it does.
///
/// @dev Whatever calls a *guarded* target (the organs of the coalition, and whatever has power over them) is an
/// amendment, unless the table gives that one function a lesser class; whatever calls any other target is an action. Of
/// the governor itself and the timelock nothing is ever less than an amendment: neither the table, nor `relay`, nor the
/// timelock's own calls, however they are nested, are a way round it. A proposal takes the strictest class of its
/// actions, and guards are for good.
abstract contract GovernorClasses is Governor, ICoalitionGovernor {
    address private immutable TIMELOCK;

    mapping(address target => bool) private _guarded;
    /// @dev By target and selector: the class plus one; 0 if the table says nothing.
    mapping(address target => mapping(bytes4 selector => uint8)) private _entries;

    /// @param timelock_ The coalition's timelock.
    constructor(address timelock_) {
        TIMELOCK = timelock_;
    }

    /// @inheritdoc ICoalitionGovernor
    function guard(address target) external onlyGovernance {
        _guard(target);
    }

    /// @inheritdoc ICoalitionGovernor
    function setActionClass(address target, bytes4 selector, DecisionRules.Class kind) external onlyGovernance {
        _setActionClass(target, selector, kind);
    }

    /// @inheritdoc ICoalitionGovernor
    function classOf(address target, bytes4 selector) public view returns (DecisionRules.Class) {
        if (_isFixed(target)) return DecisionRules.Class.Amendment;
        if (!_guarded[target]) return DecisionRules.Class.Action;
        uint8 entry = _entries[target][selector];
        return entry == 0 ? DecisionRules.Class.Amendment : DecisionRules.Class(entry - 1);
    }

    /// @dev The strictest class of some actions, as many targets as calldatas, 16 at the most, and the bytes in all of
    /// them. Reverts if one calls an address without code.
    function _classify(
        address[] memory targets,
        bytes[] memory calldatas
    ) internal view returns (DecisionRules.Class strictest, uint256 size) {
        // bound: 16 actions
        for (uint256 i; i < targets.length; ++i) {
            address target = targets[i];
            bytes memory data = calldatas[i];
            size += data.length;
            if (data.length != 0 && target.code.length == 0) revert CoalitionGovernorTargetWithoutCode(target);
            DecisionRules.Class class = classOf(target, data.length < 4 ? bytes4(0) : bytes4(data));
            if (class > strictest) strictest = class;
        }
    }

    function _guard(address target) internal {
        if (_isFixed(target)) revert CoalitionGovernorClassFixed(target);
        _guarded[target] = true;
        emit TargetGuarded(target);
    }

    function _setActionClass(address target, bytes4 selector, DecisionRules.Class class) internal {
        if (_isFixed(target) || !_guarded[target]) revert CoalitionGovernorClassFixed(target);
        DecisionRules.Class oldClass = classOf(target, selector);
        _entries[target][selector] = uint8(class) + 1;
        emit ActionClassChanged(target, selector, oldClass, class);
    }

    function _isFixed(address target) private view returns (bool) {
        return target == address(this) || target == TIMELOCK;
    }
}
