// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BallotBox} from "./BallotBox.sol";
import {IBallotMethod} from "./IBallotMethod.sol";
import {IElections} from "./IElections.sol";
import {IRankedBallots} from "./IRankedBallots.sol";
import {RankedBallot} from "./RankedBallot.sol";
import {RankedCount} from "./RankedCount.sol";

/// @title RankedBallots
/// @notice See {IRankedBallots}.
contract RankedBallots is IRankedBallots, BallotBox {
    using RankedBallot for mapping(uint256 word => uint256 ballots);
    using RankedCount for RankedCount.Count;

    /// @dev Words of ballots that a call reads at the most: at 32 candidates 10 million gas.
    uint256 private constant MAX_BUDGET = 1_500;

    /// @dev Ballots by member number, as many as fit into a word.
    mapping(uint256 electionId => mapping(uint256 word => uint256 ballots)) private _ballots;
    mapping(uint256 electionId => RankedCount.Count) private _counts;

    /// @param name_ See {SignedRequests}.
    /// @param elections_ The elections that the method serves.
    constructor(string memory name_, IElections elections_) BallotBox(name_, elections_) {}

    /// @inheritdoc IBallotMethod
    /// @dev Emits {StageCounted} for every stage that is complete. Reverts with {BallotBoxTooEarly},
    /// {RankedBallotsBudget}; changes nothing once the count is complete.
    function advance(uint256 electionId, uint256 budget) external returns (bool) {
        Poll memory poll = _requireCounting(electionId);
        if (budget == 0 || budget > MAX_BUDGET) revert RankedBallotsBudget(budget, MAX_BUDGET);
        RankedCount.Count storage count = _counts[electionId];
        if (count.isDone()) return true;
        // Nobody cast a ballot: there is nothing to read, and no width to read it in.
        uint256 last = poll.options == 0 ? 0 : poll.lastNumber;
        return count.advance(_ballots[electionId], ELECTIONS.slateOf(electionId), electionId, poll.seats, last, budget);
    }

    /// @inheritdoc IBallotMethod
    function isCounted(uint256 electionId) external view returns (bool) {
        return _counts[electionId].isDone();
    }

    /// @inheritdoc IBallotMethod
    function outcome(uint256 electionId) external view returns (uint256 ballots, uint8[] memory order, bytes32 record) {
        RankedCount.Count storage count = _counts[electionId];
        if (!count.isDone()) revert BallotBoxNotCounted(electionId);
        return (count.ballots(), count.order(), count.digest());
    }

    /// @inheritdoc IRankedBallots
    function progressOf(
        uint256 electionId
    ) external view returns (uint256 stages, uint256 quota, uint256 winners, bool done) {
        RankedCount.Count storage count = _counts[electionId];
        return (count.stages(), count.quota(), count.winners(), count.isDone());
    }

    /// @inheritdoc IRankedBallots
    function codeBits(uint256 candidates) external pure returns (uint256) {
        return RankedBallot.codeBits(candidates);
    }

    /// @inheritdoc BallotBox
    function ballotOf(uint256 electionId, uint256 number) public view override returns (uint256 ballot) {
        uint256 options = _boxes[electionId].poll.options;
        if (options != 0) (ballot, ) = _ballots[electionId].get(options - 1, number);
    }

    /// @inheritdoc BallotBox
    function _record(
        uint256 electionId,
        Poll memory poll,
        uint256 number,
        uint256 group,
        uint256 ballot
    ) internal override returns (Flaw flaw, uint256 previous) {
        uint256 candidates = poll.options - 1;
        flaw = _flawOf(ballot, candidates);
        if (flaw == Flaw.None) previous = _ballots[electionId].set(candidates, number, group, ballot);
    }

    function _flawOf(uint256 ballot, uint256 candidates) private pure returns (Flaw) {
        RankedBallot.Flaw flaw = RankedBallot.check(ballot, candidates);
        if (flaw == RankedBallot.Flaw.None) return Flaw.None;
        if (flaw == RankedBallot.Flaw.Empty) return Flaw.Empty;
        return flaw == RankedBallot.Flaw.UnknownOption ? Flaw.UnknownOption : Flaw.Overvote;
    }
}
