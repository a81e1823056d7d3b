// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ERC-5192: minimal soulbound tokens
/// @notice Tells wallets that a token cannot be moved. Source: https://eips.ethereum.org/EIPS/eip-5192
interface IERC5192 {
    /// @notice The token was locked, here: came into being, for every one is locked from birth.
    event Locked(uint256 tokenId);

    /// @notice The token was unlocked; part of the standard, never emitted here.
    event Unlocked(uint256 tokenId);

    /// @notice Whether the token is locked. Anyone may ask.
    /// @param tokenId The member number. Reverts with `ERC721NonexistentToken` when nobody holds it.
    function locked(uint256 tokenId) external view returns (bool);
}
