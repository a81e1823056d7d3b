// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {VoterWord} from "../libraries/VoterWord.sol";
import {IMembership} from "./IMembership.sol";

/// @title RollRights
/// @notice What an organ asks of the roll before a member acts.
library RollRights {
    /// @notice A key without the right to do this, and why.
    /// @param explanation The moment that explains it, see {IMembership-Standing}.
    error RollRightsRefused(
        address account,
        IMembership.Right right,
        IMembership.Standing standing,
        uint48 explanation
    );

    /// @notice The number and the group of a member who has a right; reverts with {RollRightsRefused} for anybody else.
    /// For most the roll's one word suffices.
    /// @param moment When the vote must have counted, in seconds since 1970.
    function requireRight(
        IMembership roll,
        address account,
        IMembership.Right right,
        uint256 moment
    ) internal view returns (uint256 number, uint256 group) {
        VoterWord voter = roll.voterOf(account);
        if (voter.countsPlainlyAt(moment)) return (voter.number(), voter.group());
        IMembership.Standing standing;
        uint48 explanation;
        (standing, number, group, explanation) = roll.standingOf(account, right, uint48(moment));
        if (standing != IMembership.Standing.Granted) {
            revert RollRightsRefused(account, right, standing, explanation);
        }
    }
}
