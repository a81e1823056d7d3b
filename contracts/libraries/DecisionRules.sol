// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @dev {DecisionRules-Rules} of a class in one word, and in a decision's own copy what it found when it opened. See
/// {DecisionRules} for the layout.
type PackedRules is uint256;

using DecisionRules for PackedRules global;

/// @title DecisionRules
/// @notice The rules of a decision, how they are bounded and how they judge a count. Pure: it holds no state.
///
/// @dev They are stored as one word, so that a decision copies them with one read and one write:
///
///     bits   0 to 119   notice, period, grace, delay, extension: 24 bits each
///     bits 120 to 179   quorumBps 14, quorumFloor 16, approvalBps 14, approvalFloorBps 16
///     bits 180 to 200   concurrence 4, concurrenceMembers 8, endorsements 5, endorsementGroups 4
///     bits 201 to 203   the class
///
/// and in the copy of a decision
///
///     bits 204 to 223   the electorate that it opened with
///     bits 224 to 231   the groups that were large enough then to be heard, a bit each
///     bit  232          settled: the two above are known
///     bit  233          postponed: the guardian has moved the execution
///     bits 234 to 255   seconds by which a late swing has moved the close
library DecisionRules {
    /// @notice What a decision is, by what it does; in the order of strictness, the last one the strictest.
    enum Class {
        /// A change of a motion's text, before the motion is put to the vote.
        MotionAmendment,
        /// A statement of the coalition, without further effect.
        Resolution,
        /// Anything that touches no organ of the coalition.
        Action,
        /// An appeal against a decision on somebody's conduct.
        Appeal,
        /// Whatever can change a rule, a membership, a role or the wiring.
        Amendment
    }

    struct Rules {
        /// Seconds between the proposal and its opening.
        uint32 notice;
        /// Seconds between opening and close.
        uint32 period;
        /// Seconds in which a decision that passed must be queued, and then, after its delay, executed.
        uint32 grace;
        /// Seconds between queueing and execution; the timelock's own delay if that is longer.
        uint32 delay;
        /// A ballot in the last so many seconds that turns the outcome moves the close to so many seconds after it,
        /// once.
        uint32 extension;
        /// Share of the electorate that must vote For or Abstain, in basis points, rounded up.
        uint16 quorumBps;
        /// Number of members that must do so in any case: a body of few, or of none, decides nothing.
        uint16 quorumFloor;
        /// Share of For and Against together that For must exceed, in basis points.
        uint16 approvalBps;
        /// Share of the electorate that must vote For, in basis points, rounded up.
        uint16 approvalFloorBps;
        /// Number of stakeholder groups in which For must exceed Against; 0 for no such test. Where fewer groups are
        /// large enough, all of those.
        uint8 concurrence;
        /// Members that a group needs at the opening to be heard on its own.
        uint8 concurrenceMembers;
        /// Members who must endorse a decision before it opens for the vote.
        uint8 endorsements;
        /// Stakeholder groups that they must come from.
        uint8 endorsementGroups;
    }

    /// @notice What is known where rules are set.
    struct Frame {
        /// The coalition's shortest stage, in seconds, fixed at birth.
        uint256 shortestStage;
        /// The longest notice that still is shorter than any waiting period of the roll, in seconds.
        uint256 longestNotice;
        /// The largest `quorumFloor`, and the most `endorsements`: members can reach it.
        uint256 quorumFloorLimit;
        /// Number of stakeholder groups.
        uint256 groupCount;
        /// Of those, groups that have a vote, and so can endorse.
        uint256 liveGroups;
    }

    /// @notice A rule is out of its range.
    /// @param rule Its name, as in {Rules}, in ASCII.
    error DecisionRulesOutOfRange(bytes32 rule, uint256 value, uint256 min, uint256 max);

    uint256 internal constant BPS = 10_000;

    /// @notice The smallest `quorumFloor`.
    uint256 internal constant MIN_QUORUM_FLOOR = 3;

    /// @notice The smallest `approvalBps` of an amendment, above half: rules are not changed by the majority of a day.
    uint256 internal constant MIN_AMENDMENT_APPROVAL = 6_000;

    uint256 private constant ELECTORATE_SHIFT = 204;
    uint256 private constant HEARD_SHIFT = 224;
    uint256 private constant SETTLED = 1 << 232;
    uint256 private constant POSTPONED = 1 << 233;
    uint256 private constant EXTENDED_SHIFT = 234;

    /// @notice Reverts with {DecisionRulesOutOfRange} unless every rule is within its range.
    /// @dev The ranges keep the coalition able to decide (no quorum, approval or number of endorsements that nobody
    /// reaches, no end of grace before anybody could act) and keep decisions from being rushed.
    function requireValid(Rules memory rules, Class class, Frame memory frame) internal pure {
        bool amendment = class == Class.Amendment;
        _requireRange("notice", rules.notice, frame.shortestStage, frame.longestNotice);
        _requireRange("period", rules.period, frame.shortestStage, 90 days);
        _requireRange("grace", rules.grace, frame.shortestStage, 180 days);
        _requireRange("delay", rules.delay, frame.shortestStage, 30 days);
        _requireRange("extension", rules.extension, 0, Math.min(rules.period, 14 days));
        _requireRange("quorumBps", rules.quorumBps, 100, 5_000);
        _requireRange("quorumFloor", rules.quorumFloor, MIN_QUORUM_FLOOR, frame.quorumFloorLimit);
        _requireRange("approvalBps", rules.approvalBps, amendment ? MIN_AMENDMENT_APPROVAL : 5_000, 8_000);
        _requireRange("approvalFloorBps", rules.approvalFloorBps, 0, 2_500);
        _requireRange("concurrence", rules.concurrence, amendment ? 2 : 0, frame.groupCount);
        _requireRange("concurrenceMembers", rules.concurrenceMembers, 1, 255);
        _requireRange("endorsements", rules.endorsements, 0, Math.min(20, frame.quorumFloorLimit));
        _requireRange(
            "endorsementGroups",
            rules.endorsementGroups,
            rules.endorsements == 0 ? 0 : 1,
            Math.min(rules.endorsements, frame.liveGroups)
        );
    }

    /// @notice The first rule in which a lesser class would be stricter than a greater one; empty if there is none.
    /// @dev Who could choose between two routes would take the lesser. `extension`, `grace` and who must be heard are
    /// no measure of strictness.
    function unordered(PackedRules lesser, PackedRules greater) internal pure returns (bytes32) {
        (Rules memory a, Rules memory b) = (unpack(lesser), unpack(greater));
        if (a.notice > b.notice) return "notice";
        if (a.period > b.period) return "period";
        if (a.delay > b.delay) return "delay";
        if (a.quorumBps > b.quorumBps) return "quorumBps";
        if (a.quorumFloor > b.quorumFloor) return "quorumFloor";
        return _unorderedConsent(a, b);
    }

    /// @notice The rules of a class as one word.
    function pack(Rules memory rules, Class class) internal pure returns (PackedRules) {
        uint256 word = rules.notice | (uint256(rules.period) << 24) | (uint256(rules.grace) << 48);
        word |= (uint256(rules.delay) << 72) | (uint256(rules.extension) << 96);
        word |= (uint256(rules.quorumBps) << 120) | (uint256(rules.quorumFloor) << 134);
        word |= (uint256(rules.approvalBps) << 150) | (uint256(rules.approvalFloorBps) << 164);
        word |= (uint256(rules.concurrence) << 180) | (uint256(rules.concurrenceMembers) << 184);
        word |= (uint256(rules.endorsements) << 192) | (uint256(rules.endorsementGroups) << 197);
        word |= uint256(class) << 201;
        return PackedRules.wrap(word);
    }

    /// @notice The rules in a word.
    function unpack(PackedRules packed) internal pure returns (Rules memory) {
        uint256 word = PackedRules.unwrap(packed);
        return
            Rules({
                notice: uint24(word),
                period: uint24(word >> 24),
                grace: uint24(word >> 48),
                delay: uint24(word >> 72),
                extension: uint24(word >> 96),
                quorumBps: uint16((word >> 120) & 0x3fff),
                quorumFloor: uint16(word >> 134),
                approvalBps: uint16((word >> 150) & 0x3fff),
                approvalFloorBps: uint16(word >> 164),
                concurrence: uint8((word >> 180) & 0xf),
                concurrenceMembers: uint8(word >> 184),
                endorsements: uint8((word >> 192) & 0x1f),
                endorsementGroups: uint8((word >> 197) & 0xf)
            });
    }

    /// @notice The class that the rules are of.
    function ofClass(PackedRules packed) internal pure returns (Class) {
        return Class((PackedRules.unwrap(packed) >> 201) & 7);
    }

    /// @notice Whether electorate and groups are written down.
    function isSettled(PackedRules packed) internal pure returns (bool) {
        return PackedRules.unwrap(packed) & SETTLED != 0;
    }

    /// @notice The electorate written down; 0 if none is.
    function electorate(PackedRules packed) internal pure returns (uint256) {
        return (PackedRules.unwrap(packed) >> ELECTORATE_SHIFT) & 0xfffff;
    }

    /// @notice The groups that are heard on their own, a bit each; 0 if that is not written down.
    function heard(PackedRules packed) internal pure returns (uint256) {
        return uint8(PackedRules.unwrap(packed) >> HEARD_SHIFT);
    }

    /// @notice The rules with what the decision opened with.
    /// @param byGroup Votes by group, fewer than 2^20 in all. The word is not settled yet.
    function settle(PackedRules packed, uint256[] memory byGroup) internal pure returns (PackedRules) {
        uint256 word = PackedRules.unwrap(packed);
        uint256 least = uint8(word >> 184);
        uint256 votes;
        uint256 groups;
        // bound: 8 groups
        for (uint256 group; group < byGroup.length; ++group) {
            votes += byGroup[group];
            if (byGroup[group] >= least) groups |= 1 << group;
        }
        return PackedRules.wrap(word | (votes << ELECTORATE_SHIFT) | (groups << HEARD_SHIFT) | SETTLED);
    }

    /// @notice Seconds by which a late swing has moved the close; 0 if none has.
    function extendedBy(PackedRules packed) internal pure returns (uint256) {
        return PackedRules.unwrap(packed) >> EXTENDED_SHIFT;
    }

    /// @notice The rules of a decision whose close was moved.
    /// @param duration Seconds, 1 to `extension`. The close has not been moved before.
    function withExtension(PackedRules packed, uint256 duration) internal pure returns (PackedRules) {
        return PackedRules.wrap(PackedRules.unwrap(packed) | (duration << EXTENDED_SHIFT));
    }

    /// @notice Whether the guardian has moved the execution.
    function isPostponed(PackedRules packed) internal pure returns (bool) {
        return PackedRules.unwrap(packed) & POSTPONED != 0;
    }

    /// @notice The rules of a decision whose execution was moved.
    function withPostponement(PackedRules packed) internal pure returns (PackedRules) {
        return PackedRules.wrap(PackedRules.unwrap(packed) | POSTPONED);
    }

    /// @notice Seconds between the proposal and its opening.
    function notice(PackedRules packed) internal pure returns (uint256) {
        return uint24(PackedRules.unwrap(packed));
    }

    /// @notice Seconds between opening and close.
    function period(PackedRules packed) internal pure returns (uint256) {
        return uint24(PackedRules.unwrap(packed) >> 24);
    }

    /// @notice Seconds in which a decision that passed must be queued, and then executed.
    function grace(PackedRules packed) internal pure returns (uint256) {
        return uint24(PackedRules.unwrap(packed) >> 48);
    }

    /// @notice Seconds between queueing and execution.
    function delay(PackedRules packed) internal pure returns (uint256) {
        return uint24(PackedRules.unwrap(packed) >> 72);
    }

    /// @notice Seconds before the close in which a ballot can move it, and by which it does.
    function extension(PackedRules packed) internal pure returns (uint256) {
        return uint24(PackedRules.unwrap(packed) >> 96);
    }

    /// @notice Number of members that must vote For or Abstain in any case.
    function quorumFloor(PackedRules packed) internal pure returns (uint256) {
        return uint16(PackedRules.unwrap(packed) >> 134);
    }

    /// @notice Members who must endorse.
    function endorsements(PackedRules packed) internal pure returns (uint256) {
        return (PackedRules.unwrap(packed) >> 192) & 0x1f;
    }

    /// @notice Groups in which For must exceed Against, of those that are heard.
    function concurrence(PackedRules packed) internal pure returns (uint256) {
        return (PackedRules.unwrap(packed) >> 180) & 0xf;
    }

    /// @notice Number of For and Abstain ballots that a decision needs.
    /// @param votes The electorate.
    function quorum(PackedRules packed, uint256 votes) internal pure returns (uint256) {
        uint256 share = (PackedRules.unwrap(packed) >> 120) & 0x3fff;
        return Math.max(Math.ceilDiv(votes * share, BPS), quorumFloor(packed));
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
        uint256 share = uint16(PackedRules.unwrap(packed) >> 164);
        return forVotes + abstainVotes >= quorum(packed, votes) && forVotes >= Math.ceilDiv(votes * share, BPS);
    }

    /// @notice Whether those who took sides agreed. A tie is no approval, nor are abstentions alone.
    function approved(PackedRules packed, uint256 forVotes, uint256 againstVotes) internal pure returns (bool) {
        uint256 share = (PackedRules.unwrap(packed) >> 150) & 0x3fff;
        return forVotes * BPS > (forVotes + againstVotes) * share;
    }

    /// @notice Whether enough stakeholder groups agreed: in as many of those that are heard as the rules ask for, or in
    /// all of them where there are fewer.
    /// @param agreeing The groups in which For exceeds Against, a bit each.
    function concurs(PackedRules packed, uint256 heardGroups, uint256 agreeing) internal pure returns (bool) {
        return _count(agreeing & heardGroups) >= Math.min(concurrence(packed), _count(heardGroups));
    }

    /// @dev The second half of {unordered}: who must agree.
    function _unorderedConsent(Rules memory a, Rules memory b) private pure returns (bytes32) {
        if (a.approvalBps > b.approvalBps) return "approvalBps";
        if (a.approvalFloorBps > b.approvalFloorBps) return "approvalFloorBps";
        if (a.concurrence > b.concurrence) return "concurrence";
        if (a.endorsements > b.endorsements) return "endorsements";
        return "";
    }

    /// @dev Number of bits set, of 8.
    function _count(uint256 bits) private pure returns (uint256 count) {
        // bound: 8 groups
        for (; bits != 0; bits &= bits - 1) {
            ++count;
        }
    }

    function _requireRange(bytes32 rule, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert DecisionRulesOutOfRange(rule, value, min, max);
    }
}
