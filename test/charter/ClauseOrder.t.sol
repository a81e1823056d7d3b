// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ClauseOrder} from "../../contracts/charter/ClauseOrder.sol";
import {Dice} from "../helpers/Dice.sol";
import {Test} from "../helpers/Test.sol";

/// @notice Property 23, its arithmetic: the packed order of clauses against a plain list.
contract ClauseOrderTest is Test {
    using ClauseOrder for uint256[8];
    using Dice for Dice.Stream;

    uint256[] private _list;

    /// @notice Property 23: what is put in, taken out and put in another one's place leaves the order that a list would
    /// have, from an empty one to a full one and back.
    /// hardhat-config: fuzz.runs = 64
    function testFuzz_orderFollowsAList(uint256 seed) external {
        Dice.Stream memory dice = Dice.from(seed);
        uint256[8] memory words;
        uint256 last = dice.below(65_000);
        for (uint256 step; step < 400; ++step) {
            // First it grows, then it shrinks; the ends and the borders of words are likelier than the rest.
            uint256 kind = dice.below(5);
            bool grows = kind < 3 == step < 220;
            if (kind == 4 && _list.length != 0) {
                uint256 index = _place(dice, _list.length);
                words.put(index, ++last);
                _list[index] = last;
            } else if (grows && _list.length < ClauseOrder.MAX) {
                uint256 index = _place(dice, _list.length + 1);
                words.insert(index, ++last);
                _putIn(index, last);
            } else if (_list.length != 0) {
                uint256 index = _place(dice, _list.length);
                words.remove(index);
                _takeOut(index);
            }
            _check(words);
        }
    }

    /// @dev A place below a limit.
    function _place(Dice.Stream memory dice, uint256 limit) private pure returns (uint256 index) {
        uint256 kind = dice.below(4);
        if (kind == 0) return 0;
        if (kind == 1) return limit - 1;
        index = dice.below(limit);
        if (kind == 2) index -= index % 16;
    }

    function _putIn(uint256 index, uint256 clause) private {
        _list.push(0);
        for (uint256 i = _list.length - 1; i > index; --i) _list[i] = _list[i - 1];
        _list[index] = clause;
    }

    function _takeOut(uint256 index) private {
        for (uint256 i = index; i + 1 < _list.length; ++i) _list[i] = _list[i + 1];
        _list.pop();
    }

    function _check(uint256[8] memory words) private view {
        uint256 length = _list.length;
        for (uint256 i; i < ClauseOrder.MAX; ++i) {
            assertEq(words.at(i), i < length ? _list[i] : 0, "clause in its place");
        }
        if (length != 0) {
            assertEq(words.indexOf(_list[0]), 0, "first");
            assertEq(words.indexOf(_list[length - 1]), length - 1, "last");
        }
        // No number is given twice, so that one which nobody has had is nowhere.
        assertEq(words.indexOf(type(uint16).max), ClauseOrder.MAX, "nowhere");
        for (uint256 i = ClauseOrder.wordsFor(length); i < ClauseOrder.WORDS; ++i) {
            assertEq(words[i], 0, "words beyond those that are used");
        }
    }
}
