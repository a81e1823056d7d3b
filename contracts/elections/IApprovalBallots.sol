// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IBallotMethod} from "./IBallotMethod.sol";

/// @title IApprovalBallots
/// @notice Approval: a ballot names up to as many candidates as there are seats, and may name "re-open nominations"
/// besides. Who has more approvals is ahead, and who has no more than "re-open nominations" is not elected.
///
/// @dev A ballot is a number with a bit for every option named: bit 0 for "re-open nominations", bit n for option n.
/// Ties: approvals from more stakeholder groups; then the lot, see {ICandidacies-lotSeed}. The record of the count is
/// `keccak256(abi.encode(electionId, ballots, approvals, order))`, approvals as a `uint256` for every option, "re-open
/// nominations" first, and the order as a `uint8` each.
interface IApprovalBallots is IBallotMethod {
    /// @notice Approvals by option so far, and the groups that they came from, a bit each.
    /// @dev Never reverts. Of an election with secret ballots, of those opened so far. Zeros where nobody voted; no
    /// option at all of an election that was not announced.
    function approvalsOf(
        uint256 electionId
    ) external view returns (uint256 ballots, uint256[] memory approvals, uint256[] memory groups);
}
