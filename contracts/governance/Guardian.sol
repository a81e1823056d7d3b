// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";
import {IGuardian} from "./IGuardian.sol";

/// @title Guardian
/// @notice See {IGuardian}.
contract Guardian is IGuardian {
    uint256 private constant MAX_REASON = 1_024;
    uint256 private constant MAX_TERM = 1096 days;

    uint48 private immutable SUNSET;

    address private _key;
    address private _governor;
    address private _timelock;

    /// @param key_ Who acts; zero for nobody, ever.
    /// @param term For how long from now, in seconds: at most 1096 days.
    constructor(address key_, uint256 term) {
        if (term > MAX_TERM) revert GuardianTermOutOfRange(term, MAX_TERM);
        (_key, SUNSET) = (key_, uint48(block.timestamp + term));
    }

    /// @inheritdoc IGuardian
    function bind(address timelock) external {
        if (_governor != address(0)) revert GuardianBound(_governor);
        (_governor, _timelock) = (msg.sender, timelock);
        emit GovernorBound(msg.sender);
    }

    /// @inheritdoc IGuardian
    function cancel(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash,
        string calldata reason
    ) external {
        uint256 proposalId = _requirePower(targets, values, calldatas, descriptionHash, reason);
        IGovernor(_governor).cancel(targets, values, calldatas, descriptionHash);
        emit DecisionCancelled(proposalId, reason);
    }

    /// @inheritdoc IGuardian
    function delay(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash,
        string calldata reason
    ) external {
        uint256 proposalId = _requirePower(targets, values, calldatas, descriptionHash, reason);
        ICoalitionGovernor(_governor).postpone(proposalId);
        emit DecisionDelayed(proposalId, reason);
    }

    /// @inheritdoc IGuardian
    function dismiss() external {
        if (msg.sender != _timelock) revert GuardianUnauthorized(msg.sender, _timelock);
        _key = address(0);
        emit GuardianDismissed();
    }

    /// @inheritdoc IGuardian
    function key() external view returns (address) {
        return _key;
    }

    /// @inheritdoc IGuardian
    function sunset() external view returns (uint48) {
        return SUNSET;
    }

    /// @dev Reverts unless the key calls in its time, with a reason, and not for its own sake.
    function _requirePower(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash,
        string calldata reason
    ) private view returns (uint256 proposalId) {
        if (_key == address(0) || block.timestamp > SUNSET) revert GuardianOver(block.timestamp, SUNSET);
        if (msg.sender != _key) revert GuardianUnauthorized(msg.sender, _key);
        uint256 length = bytes(reason).length;
        if (length == 0 || length > MAX_REASON) revert GuardianReasonInvalid(length, MAX_REASON);
        proposalId = IGovernor(_governor).getProposalId(targets, values, calldatas, descriptionHash);
        // Alone in its decision, so that nothing else can be put under this protection.
        if (targets.length == 1 && targets[0] == address(this) && bytes4(calldatas[0]) == IGuardian.dismiss.selector) {
            revert GuardianCannotStay(proposalId);
        }
    }
}
