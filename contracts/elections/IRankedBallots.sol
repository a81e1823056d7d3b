// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IBallotMethod} from "./IBallotMethod.sol";

/// @title IRankedBallots
/// @notice Ranked ballots, counted by the single transferable vote with the weighted inclusive Gregory method, in
/// integers, as Scotland counts its local elections (The Scottish Local Government Elections Order 2007, SSI 2007/42,
/// Schedule 1, Part III, rules 46 to 52). Differences: "re-open nominations" is an option; the balance rules of an
/// office bar candidates; and ties go further than earlier stages.
///
/// @dev A ballot is a number: the options in the order of preference, from the lowest bits, each as option + 1 in as
/// many bits as {codeBits} says, and zeros after the last. Values are in units of a hundred-thousandth of a vote, which
/// are the five decimal places of the Order.
interface IRankedBallots is IBallotMethod {
    /// @notice A stage of the count.
    /// @param stage From 1.
    /// @param moved The option whose ballots moved in this stage; the largest value, 255, in the first.
    /// @param values What each option holds at the end of the stage, by option; of those elected whose surplus moved
    /// on, what they keep.
    /// @param exhausted What ballots are worth that name nobody else.
    /// @param lost What rounding lost.
    /// @param elected Options elected at the end of the stage, a bit each.
    event StageCounted(
        uint256 indexed electionId,
        uint256 indexed stage,
        uint8 moved,
        uint256[] values,
        uint256 exhausted,
        uint256 lost,
        uint256 elected
    );

    /// @notice A call reads 1 to `max` words of ballots.
    error RankedBallotsBudget(uint256 budget, uint256 max);

    /// @notice How far the count is.
    /// @return stages Complete stages.
    /// @return quota In units of a hundred-thousandth of a vote; 0 before the first stage is complete.
    /// @return winners Candidates elected so far.
    /// @return done Whether the count is complete.
    function progressOf(
        uint256 electionId
    ) external view returns (uint256 stages, uint256 quota, uint256 winners, bool done);

    /// @notice How many bits a preference takes where there are so many candidates: 4 up to 14, 5 up to 30, else 6.
    function codeBits(uint256 candidates) external pure returns (uint256);
}
