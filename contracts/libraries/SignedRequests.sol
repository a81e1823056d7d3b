// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title SignedRequests
/// @notice Acts that a key signs and anybody else pays for. A request is valid once, for one contract on one chain,
/// until its deadline; a contract signs by ERC-1271.
abstract contract SignedRequests is EIP712, Nonces {
    /// @notice The signed request was valid until `deadline`.
    error SignedRequestsExpired(uint256 deadline, uint256 current);

    /// @notice The signature is not one of this key for just this request, with its present nonce, on this contract and
    /// chain.
    error SignedRequestsInvalidSignature(address key);

    /// @param name_ Name of the EIP-712 domain: the coalition's, so that a wallet shows it. 1 to 31 characters.
    constructor(string memory name_) EIP712(name_, "1") {}

    /// @dev Reverts unless a key signed. The nonce that is part of the request has been used up by the caller.
    function _requireSignature(
        address key,
        bytes32 structHash,
        uint256 deadline,
        bytes memory signature
    ) internal view {
        if (block.timestamp > deadline) revert SignedRequestsExpired(deadline, block.timestamp);
        if (!SignatureChecker.isValidSignatureNow(key, _hashTypedDataV4(structHash), signature)) {
            revert SignedRequestsInvalidSignature(key);
        }
    }
}
