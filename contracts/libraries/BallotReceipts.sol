// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title BallotReceipts
/// @notice Who voted how, two bits a member number: 0 none, else the ballot's support plus one.
/// @dev 128 members share a word, so that the first of them pays for the slot and the others write a warm or at least
/// used one; a changed ballot is an overwrite; nothing is ever looped. Bound to the number, not to the key: neither a
/// new key nor leaving and joining again gives a second ballot.
library BallotReceipts {
    struct Receipts {
        mapping(uint256 word => uint256 bits) words;
    }

    /// @notice The receipt of a member number: 0 none, 1 Against, 2 For, 3 Abstain.
    function get(Receipts storage self, uint256 number) internal view returns (uint256) {
        return (self.words[number >> 7] >> _shift(number)) & 3;
    }

    /// @notice Sets the receipt of a member number and answers the one before.
    /// @param receipt 1 to 3; the caller has checked it.
    function set(Receipts storage self, uint256 number, uint256 receipt) internal returns (uint256 previous) {
        uint256 shift = _shift(number);
        uint256 bits = self.words[number >> 7];
        previous = (bits >> shift) & 3;
        self.words[number >> 7] = bits ^ ((previous ^ receipt) << shift);
    }

    function _shift(uint256 number) private pure returns (uint256) {
        return (number & 127) << 1;
    }
}
