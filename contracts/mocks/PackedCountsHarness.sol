// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Counts, PackedCounts} from "../libraries/PackedCounts.sol";

/// @title PackedCountsHarness
/// @notice Opens the arithmetic on packed counters to tests.
contract PackedCountsHarness {
    /// @notice See {PackedCounts}: the number of lanes, the bits of one, its largest value.
    function shape() external pure returns (uint256 lanes, uint256 laneBits, uint256 limit) {
        return (PackedCounts.LANES, PackedCounts.LANE_BITS, PackedCounts.LIMIT);
    }

    /// @notice See {PackedCounts-unit}.
    function unit(uint256 lane) external pure returns (Counts) {
        return PackedCounts.unit(lane);
    }

    /// @notice See {PackedCounts-at}.
    function at(Counts counts, uint256 lane) external pure returns (uint256) {
        return counts.at(lane);
    }

    /// @notice See {PackedCounts-add}.
    function add(Counts a, Counts b) external pure returns (Counts) {
        return a.add(b);
    }

    /// @notice See {PackedCounts-sub}.
    function sub(Counts a, Counts b) external pure returns (Counts) {
        return a.sub(b);
    }

    /// @notice See {PackedCounts-total}.
    function total(Counts counts) external pure returns (uint256) {
        return counts.total();
    }
}
