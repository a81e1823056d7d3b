// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RecordSeries} from "../../contracts/libraries/RecordSeries.sol";
import {RecordSeriesHarness} from "../../contracts/mocks/RecordSeriesHarness.sol";
import {Dice} from "../helpers/Dice.sol";
import {Test} from "../helpers/Test.sol";

/// @notice Property 24, its proof: a series of records has one head, and no other list has the same.
contract RecordSeriesTest is Test {
    using Dice for Dice.Stream;

    uint256 private constant RECORDS = 40;

    /// @notice Property 24: every append adds one record, and the head is what the list gives, hashed by hand.
    function testFuzz_seriesFollowsItsRecords(uint256 seed) external {
        Dice.Stream memory dice = Dice.from(seed);
        RecordSeriesHarness series = new RecordSeriesHarness();
        bytes28 digest;
        for (uint256 count = 1; count <= RECORDS; ++count) {
            bytes32 record = bytes32(dice.below(type(uint256).max));
            digest = bytes28(keccak256(abi.encodePacked(digest, uint32(count - 1), record)));
            series.append(record);
            assertEq(series.length(series.head()), count, "records");
            assertEq(series.head(), uint256(bytes32(abi.encodePacked(digest, uint32(count)))), "head");
        }
    }

    /// @notice Property 24: two records exchanged, one left out, one altered or one repeated give another head.
    function testFuzz_everyOtherListHasAnotherHead(uint256 seed) external pure {
        Dice.Stream memory dice = Dice.from(seed);
        bytes32[] memory records = new bytes32[](dice.between(2, RECORDS));
        for (uint256 i; i < records.length; ++i) {
            records[i] = bytes32(dice.below(type(uint256).max));
        }
        uint256 head = _headOf(records, records.length, records.length);
        uint256 place = dice.below(records.length);
        assertTrue(_headOf(records, place, records.length) != head, "one left out");
        assertTrue(_headOf(records, records.length, place) != head, "one repeated");
        bytes32 kept = records[place];
        records[place] = keccak256(abi.encode(kept));
        assertTrue(_headOf(records, records.length, records.length) != head, "one altered");
        uint256 other = (place + dice.between(1, records.length - 1)) % records.length;
        (records[place], records[other]) = (records[other], kept);
        assertTrue(_headOf(records, records.length, records.length) != head, "two exchanged");
    }

    /// @dev The head of a list; without the record at one place, with that at another one twice, if there is such.
    function _headOf(bytes32[] memory records, uint256 without, uint256 twice) private pure returns (uint256 head) {
        for (uint256 i; i < records.length; ++i) {
            if (i != without) head = RecordSeries.next(head, records[i]);
            if (i == twice) head = RecordSeries.next(head, records[i]);
        }
    }
}
