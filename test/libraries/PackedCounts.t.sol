// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Counts, PackedCounts} from "../../contracts/libraries/PackedCounts.sol";
import {Dice} from "../helpers/Dice.sol";
import {Test} from "../helpers/Test.sol";

/// @notice Property 3, its arithmetic: eight counters in a word against eight numbers in an array.
contract PackedCountsTest is Test {
    using Dice for Dice.Stream;

    uint256 private constant LANES = 8;
    uint256 private constant MODULUS = 2 ** 20;

    /// @notice Property 3: the sum of two words is the sum lane by lane, modulo 2^20, and no lane touches another.
    function testFuzz_addAddsLaneByLane(uint160 a, uint160 b) public pure {
        Counts sum = Counts.wrap(a).add(Counts.wrap(b));
        for (uint256 lane; lane < LANES; ++lane) {
            assertEq(sum.at(lane), (_lane(a, lane) + _lane(b, lane)) % MODULUS, "lane of a sum");
        }
    }

    /// @notice Property 3: the difference of two words is the difference lane by lane, modulo 2^20.
    function testFuzz_subSubtractsLaneByLane(uint160 a, uint160 b) public pure {
        Counts difference = Counts.wrap(a).sub(Counts.wrap(b));
        for (uint256 lane; lane < LANES; ++lane) {
            assertEq(
                difference.at(lane),
                (MODULUS + _lane(a, lane) - _lane(b, lane)) % MODULUS,
                "lane of a difference"
            );
        }
    }

    /// @notice Property 3: the total is the sum of the lanes.
    function testFuzz_totalSumsTheLanes(uint160 a) public pure {
        uint256 sum;
        for (uint256 lane; lane < LANES; ++lane) {
            sum += _lane(a, lane);
        }
        assertEq(Counts.wrap(a).total(), sum, "total");
    }

    /// @notice Property 3: a unit counts one in its own lane and nothing elsewhere.
    function testFuzz_unitIsOneInItsLane(uint256 lane) public pure {
        lane = bound(lane, 0, LANES - 1);
        Counts unit = PackedCounts.unit(lane);
        assertEq(unit.at(lane), 1, "own lane");
        assertEq(unit.total(), 1, "all lanes");
    }

    /// @notice Property 3: running counts may wrap; their difference is what an array would have counted.
    function testFuzz_runningCountsMayWrap(uint160 start, uint256 seed) public pure {
        Dice.Stream memory dice = Dice.from(seed);
        (Counts arrived, Counts departed) = (Counts.wrap(start), Counts.wrap(start));
        uint256[8] memory living;
        for (uint256 step; step < 100; ++step) {
            uint256 lane = dice.below(LANES);
            if (living[lane] == 0 || dice.below(3) != 0) {
                arrived = arrived.add(PackedCounts.unit(lane));
                ++living[lane];
            } else {
                departed = departed.add(PackedCounts.unit(lane));
                --living[lane];
            }
        }
        for (uint256 lane; lane < LANES; ++lane) {
            assertEq(arrived.sub(departed).at(lane), living[lane], "lane of the living");
        }
    }

    function _lane(uint256 word, uint256 lane) private pure returns (uint256) {
        return (word / MODULUS ** lane) % MODULUS;
    }
}
