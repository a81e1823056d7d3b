// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICandidacies} from "../elections/ICandidacies.sol";
import {RankedBallot} from "../elections/RankedBallot.sol";
import {RankedCount} from "../elections/RankedCount.sol";

/// @title RankedCountHarness
/// @notice Opens {RankedBallot} and {RankedCount} to tests.
contract RankedCountHarness {
    using RankedCount for RankedCount.Count;

    /// @notice An election to count at once.
    struct Election {
        ICandidacies.Slate slate;
        uint256 electionId;
        uint256 seats;
        uint256 lastNumber;
        uint256 budget;
        uint256[] words;
    }

    struct Stage {
        uint256 moved;
        uint256[] held;
        uint256 exhausted;
        uint256 elected;
    }

    struct Result {
        uint256 calls;
        uint256 ballots;
        uint256 quota;
        uint256 winners;
        uint8[] order;
        bytes32 digest;
        Stage[] stages;
    }

    mapping(uint256 word => uint256) private _words;
    RankedCount.Count private _count;

    /// @dev Of the elections of {runMany}, each of which begins with nothing.
    mapping(uint256 election => mapping(uint256 word => uint256)) private _wordsOf;
    mapping(uint256 election => RankedCount.Count) private _countOf;

    /// @notice Stores words of ballots, from word `first` on.
    function store(uint256 first, uint256[] calldata words) external {
        _store(_words, first, words);
    }

    /// @notice Counts elections to their ends, call by call; to be called without a transaction.
    function run(Election[] calldata elections) external returns (Result[] memory results) {
        results = new Result[](elections.length);
        // bound: what a test gives
        for (uint256 i; i < elections.length; ++i) {
            Election calldata election = elections[i];
            _store(_wordsOf[i], 0, election.words);
            uint256 calls = 1;
            // bound: the stages of a count, each as many calls as it takes
            while (!_advance(i, election)) ++calls;
            results[i] = _result(_countOf[i], election.slate.candidates, calls);
        }
    }

    /// @notice Counts on, as {RankedCount-advance}.
    function advance(
        ICandidacies.Slate calldata slate,
        uint256 electionId,
        uint256 seats,
        uint256 lastNumber,
        uint256 budget
    ) external returns (bool) {
        return _count.advance(_words, slate, electionId, seats, lastNumber, budget);
    }

    /// @notice The count as it stands.
    function result(uint256 candidates) external view returns (bool done, Result memory) {
        return (_count.isDone(), _result(_count, candidates, 0));
    }

    function set(
        uint256 candidates,
        uint256 number,
        uint256 group,
        uint256 ballot
    ) external returns (uint256 previous) {
        return RankedBallot.set(_words, candidates, number, group, ballot);
    }

    function get(uint256 candidates, uint256 number) external view returns (uint256 ballot, uint256 group) {
        return RankedBallot.get(_words, candidates, number);
    }

    function wordAt(uint256 word) external view returns (uint256) {
        return _words[word];
    }

    function check(uint256 ballot, uint256 candidates) external pure returns (RankedBallot.Flaw) {
        return RankedBallot.check(ballot, candidates);
    }

    function sizes(uint256 candidates) external pure returns (uint256 codeBits, uint256 laneBits, uint256 perWord) {
        return (RankedBallot.codeBits(candidates), RankedBallot.laneBits(candidates), RankedBallot.perWord(candidates));
    }

    function _store(mapping(uint256 word => uint256) storage to, uint256 first, uint256[] calldata words) private {
        // bound: what a test gives
        for (uint256 i; i < words.length; ++i) to[first + i] = words[i];
    }

    function _advance(uint256 i, Election calldata election) private returns (bool) {
        return
            _countOf[i].advance(
                _wordsOf[i],
                election.slate,
                election.electionId,
                election.seats,
                election.lastNumber,
                election.budget
            );
    }

    function _result(
        RankedCount.Count storage count,
        uint256 candidates,
        uint256 calls
    ) private view returns (Result memory answer) {
        answer.calls = calls;
        answer.ballots = count.ballots();
        answer.quota = count.quota();
        answer.winners = count.winners();
        answer.order = count.order();
        answer.digest = count.digest();
        answer.stages = new Stage[](count.stages());
        // bound: the stages of a count, 34
        for (uint256 i; i < answer.stages.length; ++i) {
            Stage memory stage = answer.stages[i];
            (stage.moved, stage.held, stage.exhausted, stage.elected) = count.stageOf(candidates, i + 1);
        }
    }
}
