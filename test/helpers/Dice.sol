// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Dice
/// @notice A stream of numbers that looks random and follows from one seed, for histories longer than a fuzzed input.
library Dice {
    struct Stream {
        uint256 state;
    }

    function from(uint256 seed) internal pure returns (Stream memory) {
        return Stream(seed);
    }

    /// @notice The next number, below a limit that is not 0.
    function below(Stream memory self, uint256 limit) internal pure returns (uint256) {
        self.state = uint256(keccak256(abi.encode(self.state)));
        return self.state % limit;
    }

    /// @notice The next number within a range, its ends included.
    function between(Stream memory self, uint256 min, uint256 max) internal pure returns (uint256) {
        return min + below(self, max - min + 1);
    }
}
