// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title WalletSignatures
/// @notice Checks signatures of a batch, in which one wallet must not be able to take the others down.
library WalletSignatures {
    /// @notice Gas that a wallet that is a contract gets to check a signature.
    uint256 internal constant GAS = 100_000;

    /// @notice Whether a key signed; a contract is asked by ERC-1271, with {GAS}, and only its first word is read.
    function isSigned(address key, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (key.code.length == 0) {
            (address signer, ECDSA.RecoverError flaw, ) = ECDSA.tryRecoverCalldata(digest, signature);
            return flaw == ECDSA.RecoverError.NoError && signer == key;
        }
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool success;
        bytes32 answer;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            success := staticcall(GAS, key, add(question, 0x20), mload(question), 0x00, 0x20)
            success := and(success, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
        }
        return success && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
