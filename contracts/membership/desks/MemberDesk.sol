// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMemberDesk} from "./IMemberDesk.sol";
import {RollDesk} from "./RollDesk.sol";

/// @title MemberDesk
/// @notice See {IMemberDesk}.
contract MemberDesk is IMemberDesk, RollDesk {
    uint256 private constant MAX_BATCH = 100;

    /// @inheritdoc IMemberDesk
    /// @dev A plain request needs 110,000, a key that comes back and opens a boundary up to 300,000; the rest is
    /// for evidence and for wallets that are contracts.
    // solhint-disable-next-line private-vars-leading-underscore
    uint256 public constant GAS_BY_REQUEST = 500_000;

    bytes32 private constant JOIN_TYPEHASH = keccak256(
        "Join(address account,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RESIGN_TYPEHASH = keccak256("Resign(address account,uint256 nonce,uint256 deadline)");
    bytes32 private constant ROTATE_TYPEHASH = keccak256(
        "Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)"
    );

    /// @param name_ See {SignedRequests}.
    constructor(string memory name_) RollDesk(name_) {}

    /// @inheritdoc IMemberDesk
    function joinBySig(
        address account,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256) {
        return _join(account, group, codeDigest, evidence, deadline, signature);
    }

    /// @inheritdoc IMemberDesk
    function joinMany(JoinRequest[] calldata requests) external returns (uint256 joined) {
        if (requests.length == 0 || requests.length > MAX_BATCH) {
            revert MemberDeskBatchSize(requests.length, MAX_BATCH);
        }
        // EIP-150: a call gets 63/64 of what is left at the most.
        uint256 needed = GAS_BY_REQUEST + GAS_BY_REQUEST / 32;
        // bound: a batch, 100 requests
        for (uint256 i; i < requests.length; ++i) {
            if (gasleft() < needed) revert MemberDeskGasTooLow(i, gasleft(), needed);
            try this.joinOne{gas: GAS_BY_REQUEST}(requests[i]) {
                ++joined;
            } catch (bytes memory reason) {
                emit JoinSkipped(i, requests[i].account, reason);
            }
        }
    }

    /// @inheritdoc IMemberDesk
    function joinOne(JoinRequest calldata request) external {
        if (msg.sender != address(this)) revert MemberDeskUnauthorized(msg.sender);
        _join(
            request.account,
            request.group,
            request.codeDigest,
            request.evidence,
            request.deadline,
            request.signature
        );
    }

    /// @inheritdoc IMemberDesk
    function resignBySig(address account, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(RESIGN_TYPEHASH, account, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _operations().resignFor(account);
    }

    /// @inheritdoc IMemberDesk
    function rotateKey(address newKey, uint256 deadline, bytes calldata signature) external {
        uint256 number = _requireMember(msg.sender);
        _requireConsent(number, newKey, newKey, deadline, signature);
        _operations().moveKey(number, newKey);
    }

    /// @inheritdoc IMemberDesk
    function rotateKeyBySig(
        address oldKey,
        address newKey,
        uint256 deadline,
        bytes calldata oldSignature,
        bytes calldata newSignature
    ) external {
        uint256 number = _requireMember(oldKey);
        _requireConsent(number, newKey, oldKey, deadline, oldSignature);
        _requireConsent(number, newKey, newKey, deadline, newSignature);
        _operations().moveKey(number, newKey);
    }

    function _join(
        address account,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        uint256 deadline,
        bytes calldata signature
    ) private returns (uint256) {
        bytes32 structHash = keccak256(
            abi.encode(JOIN_TYPEHASH, account, group, codeDigest, keccak256(evidence), _useNonce(account), deadline)
        );
        _requireSignature(account, structHash, deadline, signature);
        return _operations().joinFor(account, group, codeDigest, evidence);
    }

    /// @dev The same words for both keys; the nonces, and whose signature it is, tell them apart.
    function _requireConsent(
        uint256 number,
        address newKey,
        address signer,
        uint256 deadline,
        bytes calldata signature
    ) private {
        bytes32 structHash = keccak256(abi.encode(ROTATE_TYPEHASH, number, newKey, _useNonce(signer), deadline));
        _requireSignature(signer, structHash, deadline, signature);
    }
}
