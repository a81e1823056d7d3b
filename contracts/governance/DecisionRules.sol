// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @dev {DecisionRules-Rules} in one word, field after field from the lowest bit; bits 160 to 183 are the electorate
/// that the decision opened with, once it is known. The rest is free: the decision class and its concurrence rule go
/// there.
type PackedRules is uint256;

using DecisionRules for PackedRules global;

/// @title DecisionRules
/// @notice The rules of a decision, how they are bounded and how they judge a count. Pure: it holds no state.
/// @dev They are stored as one word, so that a decision copies them with one read and one write.
library DecisionRules {
    struct Rules {
        /// Seconds between the proposal and its opening.
        uint32 notice;
        /// Seconds between opening and close.
        uint32 period;
        /// Seconds in which a decision that passed must be queued, and then, after its delay, executed.
        uint32 grace;
        /// Share of the electorate that must vote For or Abstain, in basis points, rounded up.
        uint16 quorumBps;
        /// Number of members that must do so in any case: a body of few, or of none, decides nothing.
        uint16 quorumFloor;
        /// Share of For and Against together that For must exceed, in basis points.
        uint16 approvalBps;
        /// Share of the electorate that must vote For, in basis points, rounded up.
        uint16 approvalFloorBps;
    }

    /// @notice A rule is out of its range.
    /// @param rule Its name, as in {Rules}, in ASCII.
    error DecisionRulesOutOfRange(bytes32 rule, uint256 value, uint256 min, uint256 max);

    uint256 internal constant BPS = 10_000;

    /// @notice The smallest `quorumFloor`.
    uint256 internal constant MIN_QUORUM_FLOOR = 3;

    /// @notice Reverts with {DecisionRulesOutOfRange} unless every rule is within its range.
    /// @dev The ranges keep the coalition able to decide (no quorum or approval that nobody reaches, no end of grace
    /// before anybody could act) and keep decisions from being rushed.
    /// @param shortestStage The coalition's shortest stage, in seconds, fixed at birth.
    /// @param longestNotice The longest notice that still is shorter than any waiting period of the roll, in seconds.
    /// @param quorumFloorLimit The largest `quorumFloor`.
    function requireValid(
        Rules memory rules,
        uint256 shortestStage,
        uint256 longestNotice,
        uint256 quorumFloorLimit
    ) internal pure {
        _requireRange("notice", rules.notice, shortestStage, longestNotice);
        _requireRange("period", rules.period, shortestStage, 90 days);
        _requireRange("grace", rules.grace, shortestStage, 180 days);
        _requireRange("quorumBps", rules.quorumBps, 100, 5_000);
        _requireRange("quorumFloor", rules.quorumFloor, MIN_QUORUM_FLOOR, quorumFloorLimit);
        _requireRange("approvalBps", rules.approvalBps, 5_000, 8_000);
        _requireRange("approvalFloorBps", rules.approvalFloorBps, 0, 2_500);
    }

    /// @notice The rules as one word.
    function pack(Rules memory rules) internal pure returns (PackedRules) {
        uint256 word = rules.notice | (uint256(rules.period) << 32) | (uint256(rules.grace) << 64);
        word |= (uint256(rules.quorumBps) << 96) | (uint256(rules.quorumFloor) << 112);
        word |= (uint256(rules.approvalBps) << 128) | (uint256(rules.approvalFloorBps) << 144);
        return PackedRules.wrap(word);
    }

    /// @notice The rules in a word.
    function unpack(PackedRules packed) internal pure returns (Rules memory) {
        uint256 word = PackedRules.unwrap(packed);
        return
            Rules({
                notice: uint32(word),
                period: uint32(word >> 32),
                grace: uint32(word >> 64),
                quorumBps: uint16(word >> 96),
                quorumFloor: uint16(word >> 112),
                approvalBps: uint16(word >> 128),
                approvalFloorBps: uint16(word >> 144)
            });
    }

    /// @notice The electorate written down beside the rules; 0 if none is.
    function electorate(PackedRules packed) internal pure returns (uint256) {
        return uint24(PackedRules.unwrap(packed) >> 160);
    }

    /// @notice The rules with the electorate written down.
    /// @param votes Below 2^24; the roll holds fewer members. The word has no electorate yet.
    function withElectorate(PackedRules packed, uint256 votes) internal pure returns (PackedRules) {
        return PackedRules.wrap(PackedRules.unwrap(packed) | (votes << 160));
    }

    /// @notice Seconds between the proposal and its opening.
    function notice(PackedRules packed) internal pure returns (uint256) {
        return uint32(PackedRules.unwrap(packed));
    }

    /// @notice Seconds between opening and close.
    function period(PackedRules packed) internal pure returns (uint256) {
        return uint32(PackedRules.unwrap(packed) >> 32);
    }

    /// @notice Seconds in which a decision that passed must be queued, and then executed.
    function grace(PackedRules packed) internal pure returns (uint256) {
        return uint32(PackedRules.unwrap(packed) >> 64);
    }

    /// @notice Number of members that must vote For or Abstain in any case.
    function quorumFloor(PackedRules packed) internal pure returns (uint256) {
        return uint16(PackedRules.unwrap(packed) >> 112);
    }

    /// @notice Number of For and Abstain ballots that a decision needs.
    /// @param votes The electorate.
    function quorum(PackedRules packed, uint256 votes) internal pure returns (uint256) {
        Rules memory rules = unpack(packed);
        return Math.max(Math.ceilDiv(votes * rules.quorumBps, BPS), rules.quorumFloor);
    }

    /// @notice Whether enough took part, and enough of them agreed, measured by the electorate: For and Abstain reach
    /// the quorum, and For its floor. Against does not count: nobody helps a decision by opposing it.
    /// @param votes The electorate.
    function turnoutSuffices(
        PackedRules packed,
        uint256 votes,
        uint256 forVotes,
        uint256 abstainVotes
    ) internal pure returns (bool) {
        return
            forVotes + abstainVotes >= quorum(packed, votes) &&
            forVotes >= Math.ceilDiv(votes * unpack(packed).approvalFloorBps, BPS);
    }

    /// @notice Whether those who took sides agreed. A tie is no approval, nor are abstentions alone.
    function approved(PackedRules packed, uint256 forVotes, uint256 againstVotes) internal pure returns (bool) {
        return forVotes * BPS > (forVotes + againstVotes) * unpack(packed).approvalBps;
    }

    function _requireRange(bytes32 rule, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert DecisionRulesOutOfRange(rule, value, min, max);
    }
}
