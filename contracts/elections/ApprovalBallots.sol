// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {BallotBox} from "./BallotBox.sol";
import {IApprovalBallots} from "./IApprovalBallots.sol";
import {IBallotBox} from "./IBallotBox.sol";
import {IBallotMethod} from "./IBallotMethod.sol";
import {IElections} from "./IElections.sol";

/// @title ApprovalBallots
/// @notice See {IApprovalBallots}.
///
/// @dev Ballots are kept as they are, as many bits as there are options, side by side: a changed ballot is an
/// overwrite, and takes its approvals back. Approvals are counted by group in words of twelve counters of 20 bits, of
/// which the first counts ballots and the second "re-open nominations": up to ten candidates, a ballot writes one word.
/// A counter cannot overflow: the roll holds at most 2^20 - 1 members.
contract ApprovalBallots is IApprovalBallots, BallotBox {
    uint256 private constant BITS = 20;
    uint256 private constant MASK = 0xfffff;
    uint256 private constant LANES = 12;
    uint256 private constant WORDS = 3; // 34 lanes: ballots, 33 options

    // A candidate's place in the order, from the lowest bit: option 8, lot 224, groups 4, approvals 20.
    uint256 private constant GROUPS_SHIFT = 232;
    uint256 private constant APPROVALS_SHIFT = 236;
    uint256 private constant LOT_CUT = 32;

    uint256 private immutable GROUP_COUNT;

    /// @dev Ballots by member number, as many as fit into a word.
    mapping(uint256 electionId => mapping(uint256 word => uint256 ballots)) private _ballots;
    mapping(uint256 electionId => uint256[WORDS][8]) private _tallies;

    /// @param name_ See {SignedRequests}.
    /// @param elections_ The elections that the method serves.
    constructor(string memory name_, IElections elections_) BallotBox(name_, elections_) {
        GROUP_COUNT = elections_.membership().groups().length;
    }

    /// @inheritdoc IBallotMethod
    /// @dev Approvals are counted as they are cast: nothing is left to do.
    function advance(uint256 electionId, uint256) external view returns (bool) {
        _requireCounting(electionId);
        return true;
    }

    /// @inheritdoc IBallotMethod
    function isCounted(uint256 electionId) external view returns (bool) {
        Poll storage poll = _boxes[electionId].poll;
        return poll.opens != 0 && block.timestamp >= poll.countsFrom;
    }

    /// @inheritdoc IBallotMethod
    function outcome(uint256 electionId) external view returns (uint256 ballots, uint8[] memory order, bytes32 record) {
        Poll memory poll = _requireCounting(electionId);
        uint256[] memory approvals;
        (ballots, approvals) = _totals(electionId, _optionsIn(electionId, poll));
        order = _order(electionId, approvals);
        record = keccak256(abi.encode(electionId, ballots, approvals, order));
    }

    /// @inheritdoc IApprovalBallots
    function approvalsOf(
        uint256 electionId
    ) external view returns (uint256 ballots, uint256[] memory approvals, uint256[] memory groups) {
        (ballots, approvals) = _totals(electionId, _optionsIn(electionId, _boxes[electionId].poll));
        groups = new uint256[](approvals.length);
        // bound: 33 options
        for (uint256 option; option < approvals.length; ++option) {
            groups[option] = _groupsOf(electionId, option);
        }
    }

    /// @inheritdoc IBallotBox
    function ballotOf(uint256 electionId, uint256 number) public view override returns (uint256) {
        uint256 width = _boxes[electionId].poll.options;
        if (width == 0) return 0;
        (uint256 word, uint256 shift) = _place(number, width);
        return (_ballots[electionId][word] >> shift) & ((1 << width) - 1);
    }

    /// @inheritdoc BallotBox
    function _record(
        uint256 electionId,
        Poll memory poll,
        uint256 number,
        uint256 group,
        uint256 ballot
    ) internal override returns (Flaw flaw, uint256 previous) {
        uint256 width = poll.options;
        if (ballot == 0) return (Flaw.Empty, 0);
        if (ballot >> width != 0) return (Flaw.UnknownOption, 0);
        if (_countBits(ballot >> 1) > poll.seats) return (Flaw.Overvote, 0);
        (uint256 word, uint256 shift) = _place(number, width);
        uint256 ballots = _ballots[electionId][word];
        previous = (ballots >> shift) & ((1 << width) - 1);
        _ballots[electionId][word] = ballots ^ ((previous ^ ballot) << shift);
        _tally(_tallies[electionId][group], previous, ballot);
    }

    /// @dev Takes the approvals of one ballot back and counts those of another.
    function _tally(uint256[WORDS] storage tally, uint256 previous, uint256 ballot) private {
        // A lane before the options for the ballots themselves.
        uint256 added = (ballot << 1) | 1;
        uint256 removed = previous == 0 ? 0 : (previous << 1) | 1;
        unchecked {
            // What both have stays as it is; each approval taken back was counted before: no borrow.
            (added, removed) = (added & ~removed, removed & ~added);
            // bound: 3 words of 12 lanes
            for (uint256 i; added | removed != 0; ++i) {
                if ((added | removed) & 0xfff != 0) tally[i] = tally[i] + _units(added) - _units(removed);
                added >>= LANES;
                removed >>= LANES;
            }
        }
    }

    /// @dev Candidates, plus one; where no ballot asked for them, the elections are asked. 0 of what was not announced.
    function _optionsIn(uint256 electionId, Poll memory poll) private view returns (uint256 options) {
        options = poll.options;
        if (options == 0 && poll.opens != 0) {
            (uint256 candidates, ) = ELECTIONS.optionsOf(electionId);
            options = candidates + 1;
        }
    }

    /// @dev Ballots, and approvals by option, of all groups together.
    function _totals(
        uint256 electionId,
        uint256 options
    ) private view returns (uint256 ballots, uint256[] memory approvals) {
        approvals = new uint256[](options);
        uint256[WORDS][8] storage tallies = _tallies[electionId];
        unchecked {
            // bound: 3 words of 12 lanes
            for (uint256 i; i * LANES <= options; ++i) {
                uint256 sum;
                // Lane by lane, and no lane can overflow: all groups together have fewer than 2^20 members.
                // bound: 8 groups
                for (uint256 group; group < GROUP_COUNT; ++group) {
                    sum += tallies[group][i];
                }
                uint256 lane = i * LANES;
                if (i == 0) {
                    (ballots, lane) = (sum & MASK, 1);
                    sum >>= BITS;
                }
                // bound: 12 lanes
                for (; sum != 0; ++lane) {
                    approvals[lane - 1] = sum & MASK;
                    sum >>= BITS;
                }
            }
        }
    }

    /// @dev The candidates with more approvals than "re-open nominations", the most first.
    function _order(uint256 electionId, uint256[] memory approvals) private view returns (uint8[] memory order) {
        uint256 count;
        uint256[] memory keys = new uint256[](approvals.length);
        unchecked {
            // bound: 32 candidates
            for (uint256 option = 1; option < approvals.length; ++option) {
                if (approvals[option] > approvals[0]) keys[count++] = (approvals[option] << APPROVALS_SHIFT) | option;
            }
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                // As long as what is in it.
                mstore(keys, count)
            }
            if (_sort(keys)) {
                _breakTies(electionId, keys);
                _sort(keys);
            }
            order = new uint8[](count);
            // bound: 32 candidates
            for (uint256 i; i < count; ++i) {
                order[i] = uint8(keys[count - 1 - i]);
            }
        }
    }

    /// @dev Puts between the approvals of each candidate who has as many as another, and its option, what decides among
    /// them: from how many groups they came, and then the lot.
    /// @param keys Sorted.
    function _breakTies(uint256 electionId, uint256[] memory keys) private view {
        uint256[] memory numbers = ELECTIONS.candidatesOf(electionId);
        bytes32 seed = ELECTIONS.lotSeed(electionId);
        uint256 before = type(uint256).max;
        // bound: 32 candidates
        for (uint256 i; i < keys.length; ++i) {
            uint256 key = keys[i];
            uint256 votes = key >> APPROVALS_SHIFT;
            bool tied = votes == before || (i + 1 < keys.length && votes == keys[i + 1] >> APPROVALS_SHIFT);
            before = votes;
            if (!tied) continue;
            uint256 option = uint8(key);
            uint256 lot = uint256(keccak256(abi.encode(seed, numbers[option - 1]))) >> LOT_CUT;
            keys[i] = key | (_countBits(_groupsOf(electionId, option)) << GROUPS_SHIFT) | (lot << 8);
        }
    }

    /// @dev Groups in which an option has an approval, a bit each.
    function _groupsOf(uint256 electionId, uint256 option) private view returns (uint256 groups) {
        uint256 lane = option + 1;
        // bound: 8 groups
        for (uint256 group; group < GROUP_COUNT; ++group) {
            uint256 votes = (_tallies[electionId][group][lane / LANES] >> ((lane % LANES) * BITS)) & MASK;
            if (votes != 0) groups |= 1 << group;
        }
    }

    /// @dev Sorts keys, the smallest first; answers whether any two are the same but for the option.
    function _sort(uint256[] memory keys) private pure returns (bool tied) {
        Arrays.sort(keys);
        unchecked {
            // bound: 32 candidates
            for (uint256 i = 1; i < keys.length; ++i) {
                if (keys[i] >> 8 == keys[i - 1] >> 8) return true;
            }
        }
    }

    /// @dev A word with one in each lane whose bit is set.
    /// @param lanes The lowest 12 bits.
    function _units(uint256 lanes) private pure returns (uint256 word) {
        unchecked {
            // bound: 12 lanes
            for (uint256 lane; lane < LANES; ++lane) {
                word |= ((lanes >> lane) & 1) << (lane * BITS);
            }
        }
    }

    function _place(uint256 number, uint256 width) private pure returns (uint256 word, uint256 shift) {
        unchecked {
            uint256 byWord = 256 / width;
            (word, shift) = (number / byWord, (number % byWord) * width);
        }
    }

    function _countBits(uint256 bits) private pure returns (uint256 count) {
        // bound: 33 options
        for (; bits != 0; bits &= bits - 1) {
            ++count;
        }
    }
}
