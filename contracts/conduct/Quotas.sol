// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Quotas
/// @notice How often a member may do something in a period; periods are the multiples of their length since 1970.
library Quotas {
    /// @dev What a member used, and in which period.
    struct Usage {
        uint48 period;
        uint8 used;
    }

    /// @notice Takes one of a member's quota, if there is one left.
    /// @param quota 1 to 255.
    /// @param length Of a period, in seconds.
    /// @return taken Whether there was.
    /// @return until Last second of the period.
    function take(Usage storage self, uint256 quota, uint256 length) internal returns (bool taken, uint256 until) {
        uint256 period = block.timestamp / length;
        until = (period + 1) * length - 1;
        uint256 used = self.period == period ? self.used : 0;
        if (used >= quota) return (false, until);
        (self.period, self.used) = (uint48(period), uint8(used + 1));
        return (true, until);
    }
}
