// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

/// @title BallotReceipts
/// @notice Who voted how, two bits a member number: 0 none, else the ballot's support plus one.
/// @dev 128 members share a word, so that the first of them pays for the slot and the others write a warm or at least
/// used one; a changed ballot is an overwrite; nothing is ever looped. Bound to the number, not to the key: neither a
/// new key nor leaving and joining again gives a second ballot.
library BallotReceipts {
    struct Receipts {
        mapping(uint256 word => StorageSlot.Uint256Slot bits) words;
    }

    /// @notice The receipt of a member number: 0 none, 1 Against, 2 For, 3 Abstain.
    function get(Receipts storage self, uint256 number) internal view returns (uint256) {
        return (self.words[number >> 7].value >> _shift(number)) & 3;
    }

    /// @notice Sets the receipt of a member number and answers the one before.
    /// @param receipt 1 to 3; the caller has checked it.
    function set(Receipts storage self, uint256 number, uint256 receipt) internal returns (uint256 previous) {
        uint256 shift = _shift(number);
        // Looked up once: a mapping of plain numbers would be asked for the place twice.
        StorageSlot.Uint256Slot storage word = self.words[number >> 7];
        uint256 bits = word.value;
        previous = (bits >> shift) & 3;
        word.value = bits ^ ((previous ^ receipt) << shift);
    }

    function _shift(uint256 number) private pure returns (uint256) {
        return (number & 127) << 1;
    }
}
