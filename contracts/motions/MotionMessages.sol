// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAmendments} from "./IAmendments.sol";
import {IMotionActs} from "./IMotionActs.sol";
import {IMotions} from "./IMotions.sol";
import {MotionActions} from "./MotionActions.sol";

/// @title MotionMessages
/// @notice What members sign about motions and amendments, by EIP-712: a wallet shows the digests of what they say, and
/// the revision that they are about.
library MotionMessages {
    using MotionActions for MotionActions.List;

    bytes32 private constant DRAFT = keccak256(
        "DraftMotion(address account,bytes32 text,bytes32 purpose,bytes32 actions,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REVISE = keccak256(
        "ReviseMotion(address account,uint256 motion,uint256 revision,bytes32 text,bytes32 purpose,bytes32 actions,"
        "uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant TABLE = keccak256(
        "TableMotion(address account,uint256 motion,uint256 revision,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant WITHDRAW = keccak256(
        "WithdrawMotion(address account,uint256 motion,uint256 revision,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant ENDORSE = keccak256(
        "EndorseMotion(address account,uint256 motion,uint256 revision,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant OBJECT = keccak256(
        "ObjectToMotion(address account,uint256 motion,bytes32 reason,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant MOVE = keccak256(
        "MoveAmendment(address account,uint256 motion,uint256 parent,uint256 base,bytes32 text,bytes32 reason,"
        "bool substitute,bytes32 actions,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REBASE = keccak256(
        "RebaseAmendment(address account,uint256 amendment,uint256 base,bytes32 text,bytes32 reason,bool substitute,"
        "bytes32 actions,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant ACCEPT = keccak256(
        "AcceptAmendment(address account,uint256 amendment,uint256 version,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant WITHDRAW_AMENDMENT = keccak256(
        "WithdrawAmendment(address account,uint256 amendment,uint256 version,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant OBJECT_TO_AMENDMENT = keccak256(
        "ObjectToAmendment(address account,uint256 amendment,bytes32 reason,uint256 nonce,uint256 deadline)"
    );

    /// @notice The struct hash of a draft.
    function draft(
        address account,
        IMotions.Content calldata content,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32 actions = content.actions.digest();
        return keccak256(abi.encode(DRAFT, account, content.text, content.purpose, actions, nonce, deadline));
    }

    /// @notice The struct hash of an edit.
    function revise(
        address account,
        uint256 motion,
        uint256 revision,
        IMotions.Content calldata content,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes memory first = abi.encode(REVISE, account, motion, revision, content.text, content.purpose);
        return keccak256(bytes.concat(first, abi.encode(content.actions.digest(), nonce, deadline)));
    }

    /// @notice The struct hash of an amendment that is moved.
    function move(
        address account,
        uint256 motion,
        uint256 parent,
        IAmendments.Change calldata change,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes memory first = abi.encode(MOVE, account, motion, parent);
        return keccak256(bytes.concat(first, _change(change), abi.encode(nonce, deadline)));
    }

    /// @notice The struct hash of an amendment that is rebased.
    function rebase(
        address account,
        uint256 amendment,
        IAmendments.Change calldata change,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes memory first = abi.encode(REBASE, account, amendment);
        return keccak256(bytes.concat(first, _change(change), abi.encode(nonce, deadline)));
    }

    /// @notice The type hash of an act about a motion; reverts with {IMotionActs-MotionActsUnknownKind} for others.
    function ofMotion(IMotionActs.ActKind kind) internal pure returns (bytes32) {
        if (kind == IMotionActs.ActKind.Table) return TABLE;
        if (kind == IMotionActs.ActKind.Withdraw) return WITHDRAW;
        if (kind == IMotionActs.ActKind.Endorse) return ENDORSE;
        if (kind == IMotionActs.ActKind.Object) return OBJECT;
        revert IMotionActs.MotionActsUnknownKind(kind);
    }

    /// @notice The type hash of an act about an amendment; reverts with {IMotionActs-MotionActsUnknownKind} for others.
    function ofAmendment(IMotionActs.ActKind kind) internal pure returns (bytes32) {
        if (kind == IMotionActs.ActKind.Accept) return ACCEPT;
        if (kind == IMotionActs.ActKind.Withdraw) return WITHDRAW_AMENDMENT;
        if (kind == IMotionActs.ActKind.Object) return OBJECT_TO_AMENDMENT;
        revert IMotionActs.MotionActsUnknownKind(kind);
    }

    function _change(IAmendments.Change calldata change) private pure returns (bytes memory) {
        return abi.encode(change.base, change.text, change.reason, change.substitute, change.actions.digest());
    }
}
