// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

/// @title GroupTally
/// @notice Counts ballots by stakeholder group and choice, so that a ballot writes one slot and the count of every
/// group comes with it.
///
/// @dev Layout of a word, three groups to a word:
///
///     bits   0 to 179   3 groups x (Against, For, Abstain) x 20 bits
///     bits 180 to 217   when the poll opened, seconds since 1970 (38 bits last until the year 10680)
///     bits 218 to 255   the last second in which a ballot need not be looked at more closely
///
/// The first ballot of a word writes down the poll's hours; every later one finds them beside the count it must write
/// anyway and need not read them anywhere else. A counter cannot overflow: the roll holds at most 2^20 - 1 members, and
/// each has one receipt.
library GroupTally {
    /// @dev Three words serve the 8 groups.
    struct Tally {
        uint256[3] words;
    }

    // Written out: the compiler would compute sums and products of constants anew, with checks, at every ballot.
    uint256 private constant BITS = 20;
    uint256 private constant MASK = 0xfffff;
    uint256 private constant GROUP_BITS = 60; // three counters
    uint256 private constant GROUPS = 3;
    uint256 private constant OPENS_SHIFT = 180; // three groups
    uint256 private constant CALM_SHIFT = 218;
    uint256 private constant MOMENT_MASK = 0x3fffffffff; // 38 bits
    uint256 private constant COUNTS_MASK = type(uint256).max >> 76; // 180 bits

    /// @notice The word that counts a group.
    /// @param group From 0 to 7.
    function wordOf(Tally storage self, uint256 group) internal view returns (uint256 word) {
        return _wordOf(self, group).value;
    }

    /// @notice When the poll opened, as the word knows it; 0 if it knows no hours.
    function opensAt(uint256 word) internal pure returns (uint256) {
        return (word >> OPENS_SHIFT) & MOMENT_MASK;
    }

    /// @notice Last second of the poll's calm part, as the word knows it; 0 if it knows no hours.
    function calmUntil(uint256 word) internal pure returns (uint256) {
        return word >> CALM_SHIFT;
    }

    /// @notice The word with the poll's hours written down.
    /// @param opens Seconds since 1970, below 2^38.
    /// @param calm Likewise: the last second of the poll, or of the part of it in which no ballot can extend it.
    function withHours(uint256 word, uint256 opens, uint256 calm) internal pure returns (uint256) {
        return (word & COUNTS_MASK) | (opens << OPENS_SHIFT) | (calm << CALM_SHIFT);
    }

    /// @notice Counts a ballot in the word of its group, takes back the one it replaces, and stores the word.
    /// @param word What {wordOf} answered, its hours written down.
    /// @param group From 0 to 7.
    /// @param previous The member's receipt so far: 0 none, else its support plus one.
    /// @param support The new ballot: 0 Against, 1 For, 2 Abstain.
    function count(Tally storage self, uint256 word, uint256 group, uint256 previous, uint256 support) internal {
        unchecked {
            // Each ballot taken back was counted before: no borrow. See the title for overflow.
            uint256 base = (group % GROUPS) * GROUP_BITS;
            if (previous != 0) word -= 1 << (base + (previous - 1) * BITS);
            _wordOf(self, group).value = word + (1 << (base + support * BITS));
        }
    }

    /// @notice Counts many first ballots of one choice.
    /// @param added How many, by group: 8 counters of 32 bits.
    /// @param support 0 Against, 1 For, 2 Abstain.
    function addByGroup(Tally storage self, uint256 added, uint256 support) internal {
        // bound: 8 groups
        for (uint256 group; added != 0; ++group) {
            uint256 votes = added & type(uint32).max;
            if (votes != 0) {
                _wordOf(self, group).value += votes << ((group % GROUPS) * GROUP_BITS + support * BITS);
            }
            added >>= 32;
        }
    }

    /// @notice {count} for a ballot that counts for several votes, some of which may be taken back meanwhile.
    /// @param weight Votes that the ballot counts for now; those that the previous one counted for were as many.
    function countWeighted(
        Tally storage self,
        uint256 word,
        uint256 group,
        uint256 previous,
        uint256 support,
        uint256 weight
    ) internal {
        unchecked {
            uint256 base = (group % GROUPS) * GROUP_BITS;
            if (previous != 0) word -= weight << (base + (previous - 1) * BITS);
            _wordOf(self, group).value = word + (weight << (base + support * BITS));
        }
    }

    /// @notice The word with one vote of a group taken back; the caller counts it elsewhere and stores the word.
    /// @param receipt The receipt of the ballot that counted for it, 1 to 3.
    function takeBack(uint256 word, uint256 group, uint256 receipt) internal pure returns (uint256) {
        unchecked {
            return word - (1 << ((group % GROUPS) * GROUP_BITS + (receipt - 1) * BITS));
        }
    }

    /// @notice Against, For and Abstain of one group.
    /// @param group From 0 to 7.
    function ofGroup(
        Tally storage self,
        uint256 group
    ) internal view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) {
        return _lanes(wordOf(self, group) >> ((group % GROUPS) * GROUP_BITS));
    }

    /// @notice Against, For and Abstain of all groups.
    /// @param groupCount How many groups there are, up to 8: words of groups that do not exist are not read.
    function total(
        Tally storage self,
        uint256 groupCount
    ) internal view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) {
        // bound: the 3 words of a tally
        for (uint256 i; i * GROUPS < groupCount; ++i) {
            uint256 word = self.words[i] & COUNTS_MASK;
            // bound: the 3 groups of a word
            for (; word != 0; word >>= GROUP_BITS) {
                (uint256 a, uint256 f, uint256 n) = _lanes(word);
                againstVotes += a;
                forVotes += f;
                abstainVotes += n;
            }
        }
    }

    /// @notice The groups in which For exceeds Against, a bit each.
    /// @param groupCount How many groups there are, up to 8.
    function agreeing(Tally storage self, uint256 groupCount) internal view returns (uint256 groups) {
        // bound: 8 groups
        for (uint256 group; group < groupCount; ++group) {
            (uint256 againstVotes, uint256 forVotes, ) = ofGroup(self, group);
            if (forVotes > againstVotes) groups |= 1 << group;
        }
    }

    /// @dev The group's word. To write an element of a storage array whose index is not a constant, the compiler reads
    /// it first.
    function _wordOf(Tally storage self, uint256 group) private pure returns (StorageSlot.Uint256Slot storage word) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            word.slot := add(self.slot, div(group, GROUPS))
        }
    }

    function _lanes(uint256 word) private pure returns (uint256, uint256, uint256) {
        return (word & MASK, (word >> BITS) & MASK, (word >> 40) & MASK);
    }
}
