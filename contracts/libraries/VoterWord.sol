// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev What the roll knows of a key, as its one slot holds it. See {VoterWords}.
type VoterWord is uint256;

using VoterWords for VoterWord global;

/// @title VoterWords
/// @notice Reads what a ballot must know of a voter from the roll's slot, without unpacking what it need not.
///
/// @dev Layout, from the lowest bit; the roll's storage snapshot shows the same:
///
///     bits   0 to  31   member number
///     bits  32 to  39   stakeholder group
///     bits  40 to  47   status; 1 is on the roll
///     bits  48 to  53   what makes the member more than the plain case
///     bits  56 to 103   since when the vote counts in this group, or from when it will
library VoterWords {
    // Status and special flags, 14 bits; the plain case is: on the roll, no flag.
    uint256 private constant CASE_SHIFT = 40;
    uint256 private constant CASE_MASK = 0x3fff;
    uint256 private constant PLAIN = 1;

    /// @notice The member number that the key holds, or held last; 0 if it never held one.
    function number(VoterWord voter) internal pure returns (uint256) {
        return uint32(VoterWord.unwrap(voter));
    }

    /// @notice The member's stakeholder group, 0 to 7.
    function group(VoterWord voter) internal pure returns (uint256) {
        return uint8(VoterWord.unwrap(voter) >> 32);
    }

    /// @notice Whether the vote counted at a moment and nothing more need be looked at: on the roll, never sanctioned,
    /// no delegation given or taken, and nothing changed since that moment.
    function countsPlainlyAt(VoterWord voter, uint256 moment) internal pure returns (bool) {
        uint256 word = VoterWord.unwrap(voter);
        return (word >> CASE_SHIFT) & CASE_MASK == PLAIN && uint48(word >> 56) <= moment;
    }
}
