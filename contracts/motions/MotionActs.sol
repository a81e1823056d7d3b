// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {RollRights} from "../membership/RollRights.sol";
import {IMotionActs} from "./IMotionActs.sol";

/// @title MotionActs
/// @notice What {Motions} and {Amendments} share: signed acts, and what they ask of the roll.
abstract contract MotionActs is IMotionActs, SignedRequests {
    uint256 private constant MAX_BATCH = 100;

    /// @dev Gas that an act of a batch gets: an acceptance needs 250,000, a signature checked by a contract the rest.
    uint256 private constant GAS_BY_ACT = 500_000;

    IMembership internal immutable ROLL;

    constructor(IMembership roll) {
        ROLL = roll;
    }

    /// @inheritdoc IMotionActs
    function actBySig(Act calldata act) external {
        _act(act);
    }

    /// @inheritdoc IMotionActs
    function actMany(Act[] calldata acts) external returns (uint256 done) {
        if (acts.length == 0 || acts.length > MAX_BATCH) revert MotionActsBatchSize(acts.length, MAX_BATCH);
        // EIP-150: a call gets 63/64 of what is left at the most.
        uint256 needed = GAS_BY_ACT + GAS_BY_ACT / 32;
        // bound: a batch, 100 acts
        for (uint256 i; i < acts.length; ++i) {
            if (gasleft() < needed) revert MotionActsGasTooLow(i, gasleft(), needed);
            try this.actOne{gas: GAS_BY_ACT}(acts[i]) {
                ++done;
            } catch (bytes memory reason) {
                emit ActSkipped(i, acts[i].account, reason);
            }
        }
    }

    /// @inheritdoc IMotionActs
    function actOne(Act calldata act) external {
        if (msg.sender != address(this)) revert MotionActsUnauthorized(msg.sender);
        _act(act);
    }

    /// @dev The hash of the EIP-712 type of an act; reverts with {MotionActsUnknownKind} for what is not done here.
    function _typeHash(ActKind kind) internal pure virtual returns (bytes32);

    /// @dev Does what an account has signed.
    function _perform(ActKind kind, address account, uint256 subject, bytes32 value) internal virtual;

    /// @dev Number and group of a member who has a right now; reverts with {RollRights-RollRightsRefused}.
    function _requireRight(address account, IMembership.Right right) internal view returns (uint256, uint256) {
        return RollRights.requireRight(ROLL, account, right, block.timestamp);
    }

    function _act(Act calldata act) private {
        bytes32 structHash = keccak256(
            abi.encode(_typeHash(act.kind), act.account, act.subject, act.value, _useNonce(act.account), act.deadline)
        );
        _requireSignature(act.account, structHash, act.deadline, act.signature);
        _perform(act.kind, act.account, act.subject, act.value);
    }
}
