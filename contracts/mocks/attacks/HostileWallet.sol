// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title HostileWallet
/// @notice A contract wallet whose answers by ERC-1271 are meant to harm whoever asks. Asked honestly, it agrees to
/// everything.
contract HostileWallet {
    enum Manner {
        Agreeing,
        WrongMagic,
        ShortAnswer,
        Reverting,
        Megabyte,
        GasBurning,
        Meddling
    }

    Manner public manner;
    address private _victim;
    bytes private _data;

    error HostileWalletRefuses();

    /// @notice Tells the wallet how to answer. Anyone may call.
    function behave(Manner newManner) external {
        manner = newManner;
    }

    /// @notice Names the call that the meddling wallet makes while it is asked. Anyone may call.
    function arm(address victim, bytes calldata data) external {
        _victim = victim;
        _data = data;
    }

    /// @notice Calls another contract in the wallet's name. Anyone may call.
    function act(address target, bytes calldata data) external {
        Address.functionCall(target, data);
    }

    /// @notice Has the signature of ERC-1271, but answers with as many words as it likes.
    function isValidSignature(bytes32, bytes calldata) external returns (bytes memory) {
        bytes4 magic = manner == Manner.WrongMagic ? bytes4(0xffffffff) : IERC1271.isValidSignature.selector;
        if (manner == Manner.Reverting) revert HostileWalletRefuses();
        if (manner == Manner.Meddling) Address.functionCall(_victim, _data);
        // bound: the caller's gas
        while (manner == Manner.GasBurning) {
            magic = bytes4(keccak256(new bytes(1 << 20)));
        }
        uint256 size = manner == Manner.Megabyte ? 1 << 20 : (manner == Manner.ShortAnswer ? 31 : 32);
        _answer(magic, size);
    }

    /// @dev Answers with so many raw bytes, the magic value first, and ends the call.
    function _answer(bytes4 magic, uint256 size) private pure {
        // Solidity itself cannot answer with other than whole words of the declared type.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, magic)
            return(start, size)
        }
    }
}
