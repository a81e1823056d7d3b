// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {VoterWord, VoterWords} from "../libraries/VoterWord.sol";

/// @title VoterWordHarness
/// @notice Opens {VoterWords} to tests.
contract VoterWordHarness {
    /// @notice Asks a roll twice and lets something lie between the answers, to show that neither writes into the other.
    function askTwice(
        address roll,
        bytes4 selector,
        address[] calldata keys
    ) external view returns (VoterWord[] memory first, uint256[] memory between, VoterWord[] memory second) {
        first = VoterWords.ask(roll, selector, keys);
        between = new uint256[](3);
        (between[0], between[1], between[2]) = (1, 2, 3);
        second = VoterWords.ask(roll, selector, keys);
    }

    function ask(address roll, bytes4 selector, address[] calldata keys) external view returns (VoterWord[] memory) {
        return VoterWords.ask(roll, selector, keys);
    }

    function number(VoterWord voter) external pure returns (uint256) {
        return voter.number();
    }

    function group(VoterWord voter) external pure returns (uint256) {
        return voter.group();
    }

    function isActive(VoterWord voter) external pure returns (bool) {
        return voter.isActive();
    }

    function holdsSince(VoterWord voter) external pure returns (uint256) {
        return voter.holdsSince();
    }

    function countsPlainlyAt(VoterWord voter, uint256 moment) external pure returns (bool) {
        return voter.countsPlainlyAt(moment);
    }
}
