// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IForum} from "../../contracts/forum/IForum.sol";
import {Dice} from "../helpers/Dice.sol";
import {ForumTest} from "../helpers/ForumTest.sol";

/// @title ForumRecordTest
/// @notice Posts, answers and edits at random, beside a plain record of them.
contract ForumRecordTest is ForumTest {
    using Dice for Dice.Stream;

    uint256 private constant BURST = 3;
    uint256 private constant INTERVAL = 1 hours;

    uint256[] private _authors;
    uint256 private _head;
    /// @dev By member number: moments of the posts so far.
    mapping(uint256 number => uint256[]) private _moments;

    function setUp() public {
        _foundForum();
    }

    /// @notice Property 27: the head of a list is that of the record, whatever was tried; nobody edits what somebody
    /// else wrote; and in no stretch of time does anybody post more than the bucket holds and what drips into it.
    /// hardhat-config: fuzz.runs = 48
    function testFuzz_listFollowsItsRecord(uint256 seed) external {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 i; i < 80; ++i) {
            if (dice.below(3) == 0) VM.warp(block.timestamp + dice.below(2 hours));
            _post(dice);
            assertEq(_forum.seriesOf(LIST), _head, "head of the list");
        }
        for (uint256 number = 1; number <= MEMBERS; ++number) _checkPace(number);
    }

    function _post(Dice.Stream memory dice) private {
        uint256 number = dice.below(4) + 1;
        IForum.Kind kind = IForum.Kind(dice.below(3));
        uint256 to = kind == IForum.Kind.Thread ? 0 : dice.below(_authors.length + 2);
        bytes32 digest = keccak256(abi.encode("text", _authors.length));
        bool known = kind == IForum.Kind.Thread || (to != 0 && to <= _authors.length);
        bool own = kind != IForum.Kind.Edit || (known && _authors[to - 1] == number);
        bool free = _forum.freeFrom(number) <= block.timestamp;
        VM.prank(_key(number));
        try _forum.post(kind, LIST, to, digest) returns (uint256 place) {
            assertTrue(known && own && free, "a post that is none");
            _authors.push(number);
            assertEq(place, _authors.length, "place");
            assertEq(_forum.authorOf(LIST, place), number, "author");
            _moments[number].push(block.timestamp);
            bytes32 record = keccak256(abi.encode(kind, number, to, digest, block.timestamp));
            uint256 running = uint256(keccak256(abi.encode(_head, record)));
            _head = ((running >> 32) << 32) | place;
        } catch {
            assertTrue(!known || !own || !free, "a post that was refused");
        }
    }

    /// @dev Between any two posts of a member there is time for those between them, but for a burst.
    function _checkPace(uint256 number) private view {
        uint256[] storage moments = _moments[number];
        for (uint256 i; i < moments.length; ++i) {
            for (uint256 j = i; j < moments.length; ++j) {
                uint256 count = j - i + 1;
                uint256 most = BURST + (moments[j] - moments[i]) / INTERVAL;
                assertTrue(count <= most, "posts beyond the pace");
            }
        }
    }
}
