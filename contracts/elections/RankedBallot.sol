// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title RankedBallot
/// @notice How a ranked ballot is written down, what is wrong with one, and how the ballots of an election are stored:
/// as many to a word as the number of candidates leaves room for.
///
/// @dev A ballot is a number: the options in the order of preference, from the lowest bits, each as option + 1 in
/// {codeBits} bits, and zeros after the last. Layout of a word, for {perWord} members with consecutive numbers:
///
///     lane of a member   3 bits the member's stakeholder group, then the ballot; {laneBits} together
///
/// The group lies beside the ballot, so that a count reads nothing else. With 6 candidates eight members share a word,
/// with 14 four, with 31 and more each has their own.
library RankedBallot {
    /// @notice What is wrong with a ballot.
    enum Flaw {
        /// Nothing.
        None,
        /// It names nobody.
        Empty,
        /// It names an option that there is not.
        UnknownOption,
        /// It names an option twice.
        Repeated,
        /// Something stands after its end: after the first zero, or beyond as many preferences as there are options.
        BeyondEnd
    }

    /// @dev Bits of a lane that hold the group.
    uint256 internal constant GROUP_BITS = 3;

    /// @notice How many bits a preference takes where there are so many candidates: 4 up to 14, 5 up to 30, else 6.
    function codeBits(uint256 candidates) internal pure returns (uint256) {
        return
            candidates <= 14
                ? 4
                : candidates <= 30
                    ? 5
                    : 6;
    }

    /// @notice How many bits a member's lane takes: the group, and a preference for every option.
    function laneBits(uint256 candidates) internal pure returns (uint256) {
        return GROUP_BITS + codeBits(candidates) * (candidates + 1);
    }

    /// @notice How many members share a word.
    /// @param candidates Up to 32, which take 201 bits.
    function perWord(uint256 candidates) internal pure returns (uint256) {
        return 256 / laneBits(candidates);
    }

    /// @notice What is wrong with a ballot, the first thing from the first preference on.
    function check(uint256 ballot, uint256 candidates) internal pure returns (Flaw) {
        if (ballot == 0) return Flaw.Empty;
        uint256 bits = codeBits(candidates);
        uint256 seen;
        // bound: the options of an election, 33
        for (uint256 i; i <= candidates; ++i) {
            uint256 code = ballot & ((1 << bits) - 1);
            if (code == 0) break;
            if (code > candidates + 1) return Flaw.UnknownOption;
            if ((seen >> code) & 1 == 1) return Flaw.Repeated;
            seen |= 1 << code;
            ballot >>= bits;
        }
        return ballot == 0 ? Flaw.None : Flaw.BeyondEnd;
    }

    /// @notice The ballot of a member, and the group that it was cast in; 0 for none.
    function get(
        mapping(uint256 word => uint256) storage words,
        uint256 candidates,
        uint256 number
    ) internal view returns (uint256 ballot, uint256 group) {
        (uint256 word, uint256 shift, uint256 mask) = _place(candidates, number);
        uint256 lane = (words[word] >> shift) & mask;
        return (lane >> GROUP_BITS, lane & 7);
    }

    /// @notice Writes the ballot of a member down, over one that was there.
    /// @param group From 0 to 7.
    /// @param ballot A sound one; 0 takes back what was there.
    /// @return previous The ballot before; 0 for none.
    function set(
        mapping(uint256 word => uint256) storage words,
        uint256 candidates,
        uint256 number,
        uint256 group,
        uint256 ballot
    ) internal returns (uint256 previous) {
        (uint256 word, uint256 shift, uint256 mask) = _place(candidates, number);
        uint256 old = words[word];
        uint256 lane = ballot == 0 ? 0 : (ballot << GROUP_BITS) | group;
        words[word] = (old & ~(mask << shift)) | (lane << shift);
        return ((old >> shift) & mask) >> GROUP_BITS;
    }

    /// @dev The word of a member, where the lane begins in it, and as many ones as a lane has bits.
    function _place(
        uint256 candidates,
        uint256 number
    ) private pure returns (uint256 word, uint256 shift, uint256 mask) {
        uint256 bits = laneBits(candidates);
        uint256 lanes = 256 / bits;
        return (number / lanes, (number % lanes) * bits, (1 << bits) - 1);
    }
}
