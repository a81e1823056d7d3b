// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {GroupTally} from "../../contracts/libraries/GroupTally.sol";
import {Dice} from "../helpers/Dice.sol";
import {Test} from "../helpers/Test.sol";

/// @notice Properties 9, 10 and 11, their arithmetic: a packed tally against a table of groups and choices.
contract GroupTallyTest is Test {
    using Dice for Dice.Stream;
    using GroupTally for GroupTally.Tally;

    uint256 private constant GROUPS = 8;
    uint256 private constant MEMBERS = 60;
    uint256 private constant LIMIT = 2 ** 20 - 1;

    GroupTally.Tally private _tally;

    /// @notice Properties 9 and 10: a history of ballots and changes of ballots counts as a table would, by group and
    /// in all, and the hours stay what they were.
    function testFuzz_countsLikeATable(uint256 seed, uint256 groupCount, uint256 opens, uint256 calm) public {
        groupCount = bound(groupCount, 2, GROUPS);
        opens = bound(opens, 0, 2 ** 38 - 1);
        calm = bound(calm, 0, 2 ** 38 - 1);
        Dice.Stream memory dice = Dice.from(seed);
        uint256[3][8] memory table;
        uint256[] memory receipts = new uint256[](MEMBERS);
        for (uint256 step; step < 2 * MEMBERS; ++step) {
            uint256 member = dice.below(MEMBERS);
            uint256 group = member % groupCount;
            uint256 receipt = dice.between(1, 3);
            uint256 word = GroupTally.withHours(_tally.wordOf(group), opens, calm);
            _tally.count(word, group, receipts[member], receipt - 1);
            if (receipts[member] != 0) --table[group][receipts[member] - 1];
            ++table[group][receipt - 1];
            receipts[member] = receipt;
            assertEq(GroupTally.opensAt(_tally.wordOf(group)), opens, "opening");
            assertEq(GroupTally.calmUntil(_tally.wordOf(group)), calm, "calm part");
        }
        _requireTable(table, groupCount);
    }

    /// @notice Property 9: a counter at its limit neither spills into its neighbours nor into the hours.
    function testFuzz_fullCountersDoNotSpill(uint256 group, uint256 choice, uint256 opens, uint256 calm) public {
        group = bound(group, 0, GROUPS - 1);
        choice = bound(choice, 0, 2);
        opens = bound(opens, 0, 2 ** 38 - 1);
        calm = bound(calm, 0, 2 ** 38 - 1);
        uint256[3][8] memory table;
        for (uint256 g; g < GROUPS; ++g) {
            table[g] = [LIMIT, LIMIT, LIMIT];
        }
        table[group][choice] = LIMIT - 1;
        uint256 one = 2 ** ((group % 3) * 60 + choice * 20);
        for (uint256 i; i < 3; ++i) {
            // The last word serves two groups only.
            _tally.words[i] = i == 2 ? 2 ** 120 - 1 : 2 ** 180 - 1;
        }
        _tally.words[group / 3] -= one;
        _requireTable(table, GROUPS);
        _tally.count(GroupTally.withHours(_tally.wordOf(group), opens, calm), group, 0, choice);
        table[group][choice] = LIMIT;
        _requireTable(table, GROUPS);
        assertEq(GroupTally.opensAt(_tally.wordOf(group)), opens, "opening");
        assertEq(GroupTally.calmUntil(_tally.wordOf(group)), calm, "calm part");
    }

    /// @notice Property 9: writing the hours of a word changes no count of it, whatever hours it knew before.
    function testFuzz_hoursChangeNoCount(uint256 word, uint256 opens, uint256 calm) public pure {
        opens = bound(opens, 0, 2 ** 38 - 1);
        calm = bound(calm, 0, 2 ** 38 - 1);
        uint256 written = GroupTally.withHours(word, opens, calm);
        assertEq(written % 2 ** 180, word % 2 ** 180, "counts");
        assertEq(GroupTally.opensAt(written), opens, "opening");
        assertEq(GroupTally.calmUntil(written), calm, "calm part");
    }

    /// @notice Properties 9 and 11: ballots of one choice added together, by group, count as the same ballots one by
    /// one do, and the groups that agree are those with more For than Against.
    function testFuzz_addedTogetherLikeOneByOne(uint256 seed) public {
        Dice.Stream memory dice = Dice.from(seed);
        uint256[3][8] memory table;
        for (uint256 step; step < 12; ++step) {
            (uint256 added, uint256 support) = (0, dice.below(3));
            for (uint256 ballot = dice.below(40); ballot != 0; --ballot) {
                uint256 group = dice.below(GROUPS);
                added += 1 << (group * 32);
                ++table[group][support];
            }
            _tally.addByGroup(added, support);
        }
        _requireTable(table, GROUPS);
        uint256 agreeing;
        for (uint256 group; group < GROUPS; ++group) {
            if (table[group][1] > table[group][0]) agreeing |= 1 << group;
        }
        assertEq(_tally.agreeing(GROUPS), agreeing, "groups that agree");
    }

    function _requireTable(uint256[3][8] memory table, uint256 groupCount) private view {
        uint256[3] memory sums;
        for (uint256 group; group < groupCount; ++group) {
            (uint256 a, uint256 f, uint256 n) = _tally.ofGroup(group);
            assertEq(a, table[group][0], "Against of a group");
            assertEq(f, table[group][1], "For of a group");
            assertEq(n, table[group][2], "Abstain of a group");
            sums = [sums[0] + a, sums[1] + f, sums[2] + n];
        }
        (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) = _tally.total(groupCount);
        assertEq(againstVotes, sums[0], "Against");
        assertEq(forVotes, sums[1], "For");
        assertEq(abstainVotes, sums[2], "Abstain");
    }
}
