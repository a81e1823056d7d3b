// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title CrowdWallet
/// @notice A member that is a contract, for tests: it does what its crowd tells it to and signs by ERC-1271.
/// @dev Its signature of a digest is the digest followed by its own address. Nothing is secret about it, but it binds
/// as a real one does: to one digest and one wallet.
contract CrowdWallet is IERC1271 {
    /// @notice Calls a contract as this wallet.
    function perform(address target, bytes calldata data) external returns (bool success, bytes memory answer) {
        // A wallet passes on whatever it is told.
        // solhint-disable-next-line avoid-low-level-calls
        return target.call(data);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool valid = keccak256(signature) == keccak256(abi.encodePacked(hash, address(this)));
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
