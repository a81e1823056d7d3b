// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title HeavyTarget
/// @notice A target of decisions that answers with more bytes than anybody wants, fails with them, or works until no
/// gas is left.
contract HeavyTarget {
    /// @notice The bomb as an error.
    error HeavyTargetBomb(bytes data);

    /// @notice How often it was called and came to an end.
    uint256 public visits;

    /// @notice Answers with as many bytes.
    function answer(uint256 size) external returns (bytes memory) {
        ++visits;
        return new bytes(size);
    }

    /// @notice Fails with as many bytes.
    function fail(uint256 size) external pure {
        revert HeavyTargetBomb(new bytes(size));
    }

    /// @notice Works without end.
    function burn() external {
        // bound: the caller's gas
        while (true) {
            visits += uint256(keccak256(new bytes(1 << 20)));
        }
    }
}
