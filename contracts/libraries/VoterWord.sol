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
///     bits 104 to 151   since when the key holds the number
library VoterWords {
    /// @notice The roll did not answer as a roll does, or ran out of gas.
    error VoterWordsUnanswered(address roll);

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

    /// @notice Whether the key is on the roll now.
    function isActive(VoterWord voter) internal pure returns (bool) {
        return uint8(VoterWord.unwrap(voter) >> CASE_SHIFT) == PLAIN;
    }

    /// @notice Since when the key holds the number, in seconds since 1970.
    function holdsSince(VoterWord voter) internal pure returns (uint256) {
        return uint48(VoterWord.unwrap(voter) >> 104);
    }

    /// @notice Whether the vote counted at a moment and nothing more need be looked at: on the roll, never sanctioned,
    /// no delegation given or taken, and nothing changed since that moment.
    function countsPlainlyAt(VoterWord voter, uint256 moment) internal pure returns (bool) {
        uint256 word = VoterWord.unwrap(voter);
        return (word >> CASE_SHIFT) & CASE_MASK == PLAIN && uint48(word >> 56) <= moment;
    }

    /// @notice Asks a roll for the words of many keys, by a function that takes and answers a list of as many.
    /// @dev What the compiler makes of such a call looks at each key and word several times; a batch of ballots would
    /// pay 350 for each.
    /// @param roll The roll; trusted, for what it answers is not checked beyond its length.
    /// @param selector Of {IMembership-votersOf}.
    function ask(
        address roll,
        bytes4 selector,
        address[] memory keys
    ) internal view returns (VoterWord[] memory voters) {
        bool answered;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let size := add(0x20, shl(5, mload(keys))) // the list with its length
            let place := mload(0x40)
            mstore(place, selector)
            mstore(add(place, 0x04), 0x20)
            mcopy(add(place, 0x24), keys, size)
            answered := staticcall(gas(), roll, place, add(0x24, size), place, add(0x20, size))
            answered := and(answered, eq(returndatasize(), add(0x20, size)))
            voters := add(place, 0x20)
            mstore(0x40, add(voters, size))
        }
        if (!answered) revert VoterWordsUnanswered(roll);
    }
}
