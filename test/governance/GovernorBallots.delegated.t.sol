// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";

/// @notice Properties 2, 3, 9 and 10 with delegations: a member's vote counts once, by the member's own ballot if
/// there is one, else by that of the delegate at the opening, whatever came first and whatever happened since.
contract GovernorBallotsDelegatedTest is Assembly {
    using Dice for Dice.Stream;

    uint256 private constant GROUPS = 2;
    uint256 private constant MEMBERS = 12;

    /// @dev By member number, at the opening: the delegate's number, 0 for none.
    mapping(uint256 number => uint256 delegate) private _delegateOf;
    /// @dev By member number: 0 none, else support plus one.
    mapping(uint256 number => uint256 receipt) private _receipts;
    uint256 private _takenBack;
    uint256 private _byDelegate;

    function setUp() external {
        _assemble(MEMBERS, GROUPS, _plainRules());
        for (uint256 i; i < MEMBERS; ++i) {
            VM.prank(_members[i]);
            _delegations.takeDelegations(3);
        }
    }

    /// @notice Properties 2, 3, 9 and 10: a history of ballots and delegations counts like a list of votes.
    function testFuzz_everyVoteCountsOnce(uint256 seed) external {
        _run(seed);
    }

    /// @notice Properties 2, 3, 9 and 10: the same over seeds that are always the same, and proof that the cases which
    /// matter came up.
    function test_everyVoteCountsOnceOverManyHistories() external {
        for (uint256 seed; seed < 12; ++seed) {
            _run(seed);
        }
        assertTrue(_takenBack > 20, "votes were taken back");
        assertTrue(_byDelegate > 20, "votes counted by a delegate's ballot");
    }

    function _run(uint256 seed) private {
        Dice.Stream memory dice = Dice.from(seed);
        _shuffleDelegations(dice, 20);
        Decision memory decision = _propose(address(_register), hex"", string(abi.encodePacked("vote ", seed)));
        _open(decision);
        uint48 opening = uint48(_governor.proposalSnapshot(decision.id));
        _readOpening(opening);
        for (uint256 step; step < 30; ++step) {
            uint256 number = dice.between(1, MEMBERS);
            uint256 support = dice.below(3);
            if (dice.below(8) == 0) _shuffleDelegations(dice, 1);
            VM.prank(_key(number));
            uint256 weight = _governor.castVote(decision.id, uint8(support));
            if (_receipts[number] == 0 && _delegateOf[number] != 0) ++_takenBack;
            _receipts[number] = support + 1;
            assertEq(weight, _weightOf(number), "weight");
            _check(decision.id);
        }
        _close(decision);
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            _receipts[number] = 0;
        }
    }

    function _key(uint256 number) private view returns (address) {
        return _members[number - 1];
    }

    /// @dev Gives and takes back delegations at random, sometimes with an end that comes soon.
    function _shuffleDelegations(Dice.Stream memory dice, uint256 times) private {
        for (uint256 i; i < times; ++i) {
            uint256 from = dice.between(1, MEMBERS);
            uint256 to = dice.below(4) == 0 ? from : dice.between(1, MEMBERS);
            uint48 ends = _delegations.longestEnd() - uint48(dice.below(24)) * _delegations.STEP();
            // Whether it is allowed (same group, room left) is not the point here.
            _try(_key(from), address(_delegations), abi.encodeCall(_delegations.delegateUntil, (_key(to), ends)));
        }
    }

    /// @dev Takes down who had delegated to whom, and holds every view of it against the others.
    function _readOpening(uint48 opening) private {
        uint256 sum;
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            (bool counted, uint8 group) = _membership.countedAt(number, opening);
            assertTrue(counted, "counted");
            (_delegateOf[number], ) = _delegations.delegationAt(number, group, opening);
        }
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            uint256 received;
            for (uint256 other = 1; other <= MEMBERS; ++other) {
                if (_delegateOf[other] == number) ++received;
            }
            uint256 votes = _membership.getPastVotes(_key(number), opening);
            assertEq(votes, received + (_delegateOf[number] == 0 ? 1 : 0), "votes");
            assertTrue(received <= 3, "received no more than allowed");
            sum += votes;
        }
        assertEq(sum, _membership.getPastTotalSupply(opening), "votes add up");
    }

    function _weightOf(uint256 number) private view returns (uint256 weight) {
        weight = 1;
        for (uint256 other = 1; other <= MEMBERS; ++other) {
            if (_delegateOf[other] == number && _receipts[other] == 0) ++weight;
        }
    }

    /// @dev The recount: every member's vote by its own ballot, else by its delegate's.
    function _check(uint256 id) private {
        uint256[3][GROUPS] memory expected;
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            uint256 receipt = _receipts[number];
            if (receipt == 0 && _delegateOf[number] != 0) {
                receipt = _receipts[_delegateOf[number]];
                if (receipt != 0) ++_byDelegate;
            }
            if (receipt != 0) ++expected[(number - 1) % GROUPS][receipt - 1];
        }
        for (uint256 group; group < GROUPS; ++group) {
            (uint256 a, uint256 f, uint256 n) = _governor.proposalVotesByGroup(id, group);
            assertEq(a, expected[group][0], "against");
            assertEq(f, expected[group][1], "for");
            assertEq(n, expected[group][2], "abstain");
        }
    }
}
