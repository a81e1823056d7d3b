// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Box
/// @notice A target for decisions in tests and measurements: it keeps one number.
contract Box {
    uint256 public x;

    /// @notice Keeps a number. Anyone may call.
    function setX(uint256 newX) external payable {
        x = newX;
    }
}
