// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BallotReceipts} from "../../contracts/libraries/BallotReceipts.sol";
import {Dice} from "../helpers/Dice.sol";
import {Test} from "../helpers/Test.sol";

/// @notice Property 10, its memory: receipts of two bits against one array element a member.
contract BallotReceiptsTest is Test {
    using BallotReceipts for BallotReceipts.Receipts;
    using Dice for Dice.Stream;

    /// @dev More than two words, so that neighbours in a word and across words are tried.
    uint256 private constant MEMBERS = 300;

    BallotReceipts.Receipts private _receipts;

    /// @notice Property 10: a history of ballots, first ones and changes, leaves the last of each member and answers
    /// what it replaced.
    function testFuzz_lastReceiptStands(uint256 seed, uint32 offset) public {
        Dice.Stream memory dice = Dice.from(seed);
        uint256[] memory expected = new uint256[](MEMBERS);
        for (uint256 step; step < 200; ++step) {
            uint256 member = dice.below(MEMBERS);
            uint256 receipt = dice.between(1, 3);
            assertEq(_receipts.set(offset + member, receipt), expected[member], "previous receipt");
            expected[member] = receipt;
        }
        for (uint256 member; member < MEMBERS; ++member) {
            assertEq(_receipts.get(offset + member), expected[member], "receipt");
        }
    }

    /// @notice Property 10: a receipt touches no other member's, whatever stood there.
    function testFuzz_receiptTouchesNoOther(uint256 bits, uint32 number, uint8 choice) public {
        uint256 word = uint256(number) / 128;
        uint256 receipt = bound(choice, 1, 3);
        _receipts.words[word].value = bits;
        uint256 previous = _receipts.set(number, receipt);
        for (uint256 place; place < 128; ++place) {
            uint256 before = (bits / 4 ** place) % 4;
            bool own = word * 128 + place == number;
            assertEq(_receipts.get(word * 128 + place), own ? receipt : before, "receipt of a word");
            if (own) assertEq(previous, before, "previous receipt");
        }
    }
}
