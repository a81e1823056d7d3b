// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev Eight counters of 20 bits, one for each stakeholder group, in one word. Counters wrap: see {PackedCounts}.
type Counts is uint160;

using PackedCounts for Counts global;

/// @title PackedCounts
/// @notice Arithmetic on {Counts}: eight counters, each modulo 2^20, added and subtracted at once.
/// @dev A running count may wrap; what is asked for is always a *difference* of running counts, which is right as long
/// as the difference itself stays below 2^20. The roll never lets its living members reach {LIMIT}.
///
/// No counter can carry into its neighbour: the top bit of each lane is kept out of the machine addition and put back
/// by exclusive-or (Henry S. Warren, Hacker's Delight, 2nd edition, section 2-18, "Multibyte Add, Subtract").
library PackedCounts {
    /// @notice Number of counters in a word.
    uint256 internal constant LANES = 8;

    /// @notice Bits of a counter.
    uint256 internal constant LANE_BITS = 20;

    /// @notice A counter's largest value, 1,048,575.
    uint256 internal constant LIMIT = 0xfffff;

    /// @dev The top bit of every lane.
    uint160 private constant TOP = (0x80000_80000_80000_80000 << 80) | 0x80000_80000_80000_80000;

    /// @notice One in the given lane, zero elsewhere.
    /// @param lane From 0 to 7; the caller has checked it.
    function unit(uint256 lane) internal pure returns (Counts) {
        unchecked {
            return Counts.wrap(uint160(1 << (lane * LANE_BITS)));
        }
    }

    /// @notice The counter in the given lane, from 0 to {LIMIT}.
    function at(Counts counts, uint256 lane) internal pure returns (uint256) {
        return (Counts.unwrap(counts) >> (lane * LANE_BITS)) & LIMIT;
    }

    /// @notice Lane by lane sum modulo 2^20.
    function add(Counts a, Counts b) internal pure returns (Counts) {
        (uint160 x, uint160 y) = (Counts.unwrap(a), Counts.unwrap(b));
        unchecked {
            return Counts.wrap(((x & ~TOP) + (y & ~TOP)) ^ ((x ^ y) & TOP));
        }
    }

    /// @notice Lane by lane difference modulo 2^20.
    function sub(Counts a, Counts b) internal pure returns (Counts) {
        (uint160 x, uint160 y) = (Counts.unwrap(a), Counts.unwrap(b));
        unchecked {
            return Counts.wrap(((x | TOP) - (y & ~TOP)) ^ ((x ^ ~y) & TOP));
        }
    }

    /// @notice Sum of the eight counters, from 0 to 8,388,600.
    function total(Counts counts) internal pure returns (uint256 sum) {
        uint256 rest = Counts.unwrap(counts);
        // bound: the 8 lanes of a word
        for (; rest != 0; rest >>= LANE_BITS) {
            sum += rest & LIMIT;
        }
    }
}
