// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICharter} from "../charter/ICharter.sol";

/// @title MotionActions
/// @notice What a motion does once it is adopted, as a decision of the governor holds it: targets, values and
/// calldatas, as many of each.
library MotionActions {
    struct List {
        address[] targets;
        /// In wei.
        uint256[] values;
        bytes[] calldatas;
    }

    /// @notice There are not as many targets as values and calldatas.
    error MotionActionsUneven(uint256 targets, uint256 values, uint256 calldatas);

    /// @notice More actions, or bytes of calldata in all of them, than a decision holds.
    /// @param what "actions" or "calldata", in ASCII.
    error MotionActionsTooLong(bytes32 what, uint256 length, uint256 limit);

    /// @notice An action calls a function of an address that has no code: the governor would refuse the decision.
    error MotionActionsTargetWithoutCode(address target);

    /// @notice The actions are not those of the motion.
    error MotionActionsOther(bytes32 expected, bytes32 actual);

    /// @dev As the governor has them.
    uint256 private constant MAX_ACTIONS = 16;
    uint256 private constant MAX_CALLDATA = 16_384;

    /// @notice Digest of some actions: keccak256(abi.encode(targets, values, calldatas)), 0 for none.
    function digest(List calldata self) internal pure returns (bytes32) {
        if (self.targets.length == 0) return 0;
        return keccak256(abi.encode(self.targets, self.values, self.calldatas));
    }

    /// @notice {digest}, after which the governor takes the actions for a decision: what it refuses is refused here
    /// first, or a motion could be adopted in a form that never comes to the vote.
    function validate(List calldata self) internal view returns (bytes32) {
        uint256 length = self.targets.length;
        if (self.values.length != length || self.calldatas.length != length) {
            revert MotionActionsUneven(length, self.values.length, self.calldatas.length);
        }
        if (length > MAX_ACTIONS) revert MotionActionsTooLong("actions", length, MAX_ACTIONS);
        uint256 size;
        // bound: 16 actions
        for (uint256 i; i < length; ++i) {
            size += self.calldatas[i].length;
            if (self.calldatas[i].length != 0 && self.targets[i].code.length == 0) {
                revert MotionActionsTargetWithoutCode(self.targets[i]);
            }
        }
        if (size > MAX_CALLDATA) revert MotionActionsTooLong("calldata", size, MAX_CALLDATA);
        return digest(self);
    }

    /// @notice Whether an action changes a clause of the charter that has moved since it was written.
    /// @dev Not if an action before it is about the same clause: it may be written against what that one makes of it.
    /// @param index The action; one that there is none of has not moved.
    function hasMoved(List calldata self, ICharter charter, uint256 index) internal view returns (bool) {
        if (index >= self.targets.length || self.targets[index] != address(charter)) return false;
        bytes calldata data = self.calldatas[index];
        if (!charter.hasMoved(data)) return false;
        // bound: 16 actions
        for (uint256 i; i < index; ++i) {
            if (self.targets[i] == address(charter) && _clause(self.calldatas[i]) == _clause(data)) return false;
        }
        return true;
    }

    /// @notice The first action that {hasMoved} is true of.
    function findMoved(List calldata self, ICharter charter) internal view returns (bool found, uint256 index) {
        // bound: 16 actions
        for (; index < self.targets.length; ++index) {
            if (hasMoved(self, charter, index)) return (true, index);
        }
    }

    /// @notice Reverts with {MotionActionsOther} unless these are the actions of a digest.
    function requireDigest(List calldata self, bytes32 expected) internal pure {
        bytes32 actual = digest(self);
        if (actual != expected) revert MotionActionsOther(expected, actual);
    }

    /// @dev Document and clause, the first two arguments of all changes of the charter.
    function _clause(bytes calldata data) private pure returns (bytes32) {
        return data.length < 68 ? bytes32(0) : keccak256(data[4:68]);
    }
}
