// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";

/// @notice What the documented tests make of ballots by group, written down once more in plain fractions and loops.
library Verdict {
    uint256 private constant BPS = 10_000;

    /// @param byGroup The electorate.
    /// @param table Against, For and Abstain by group.
    function passes(
        DecisionRules.Rules memory rules,
        uint256[] memory byGroup,
        uint256[3][] memory table
    ) internal pure returns (bool) {
        uint256[3] memory sums;
        uint256 electorate;
        (uint256 heard, uint256 agreeing) = (0, 0);
        for (uint256 group; group < byGroup.length; ++group) {
            electorate += byGroup[group];
            for (uint256 choice; choice < 3; ++choice) {
                sums[choice] += table[group][choice];
            }
            if (byGroup[group] < rules.concurrenceMembers) continue;
            ++heard;
            if (table[group][1] > table[group][0]) ++agreeing;
        }
        bool enough =
            sums[1] + sums[2] >= quorum(rules, electorate) && sums[1] * BPS >= electorate * rules.approvalFloorBps;
        bool agreed = sums[1] * BPS > (sums[0] + sums[1]) * rules.approvalBps;
        return enough && agreed && (agreeing >= rules.concurrence || agreeing == heard);
    }

    function quorum(DecisionRules.Rules memory rules, uint256 electorate) internal pure returns (uint256) {
        uint256 share = (electorate * rules.quorumBps + BPS - 1) / BPS;
        return share > rules.quorumFloor ? share : rules.quorumFloor;
    }
}
