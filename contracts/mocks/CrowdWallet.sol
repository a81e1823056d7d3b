// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title CrowdWallet
/// @notice A member that is a contract, for tests: it does what its crowd tells it to and signs by ERC-1271.
/// @dev Its signature of a digest is the digest followed by its own address. Nothing is secret about it, but it binds
/// as a real one does: to one digest and one wallet.
contract CrowdWallet is IERC1271 {
    /// @notice Calls a contract as this wallet, and answers, or reverts with, what that does.
    /// @param input The contract's address, followed by the call.
    // solhint-disable-next-line no-complex-fallback
    fallback(bytes calldata input) external payable returns (bytes memory answer) {
        bool success;
        // A wallet passes on whatever it is told.
        // solhint-disable-next-line avoid-low-level-calls
        (success, answer) = address(bytes20(input[:20])).call(input[20:]);
        if (success) return answer;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool valid = keccak256(signature) == keccak256(abi.encodePacked(hash, address(this)));
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
