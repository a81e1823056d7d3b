// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title ContractWallet
/// @notice A wallet that is a contract: its owner signs for it by ERC-1271. It can be told to misbehave.
contract ContractWallet is IERC1271 {
    /// @dev What the wallet answers when asked for a signature.
    enum Manner {
        Honest,
        WrongMagic,
        Reverting
    }

    address public immutable OWNER;

    Manner public manner;

    /// @notice Only the owner may call.
    error ContractWalletNotOwner(address caller);

    /// @notice The wallet was told to answer so.
    error ContractWalletRefuses();

    constructor(address owner) {
        OWNER = owner;
    }

    /// @notice Tells the wallet how to answer. Anyone may call.
    function behave(Manner newManner) external {
        manner = newManner;
    }

    /// @notice Calls another contract in the wallet's name. Only the owner.
    function execute(address target, bytes calldata data) external returns (bytes memory) {
        if (msg.sender != OWNER) revert ContractWalletNotOwner(msg.sender);
        return Address.functionCall(target, data);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (manner == Manner.Reverting) revert ContractWalletRefuses();
        (address signer, , ) = ECDSA.tryRecover(hash, signature);
        bool good = signer == OWNER && manner == Manner.Honest;
        return good ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
