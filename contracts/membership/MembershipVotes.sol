// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IMembership} from "./IMembership.sol";

/// @title MembershipVotes
/// @notice The face of the roll that governance front ends read: ERC-5805 votes on the ERC-6372 timestamp clock.
/// @dev Everyone is their own delegate. Delegation within a group is to come; its place is {delegates},
/// {delegate} and {delegateBySig}.
abstract contract MembershipVotes is IMembership {
    /// @dev The moment asked for is not in the past. The error of ERC-5805 as OpenZeppelin's `Votes` has it.
    error ERC5805FutureLookup(uint256 timepoint, uint48 clock);

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return _votesAt(account, clock());
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _votesAt(account, _validateTimepoint(timepoint));
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _electorateAt(_validateTimepoint(timepoint));
    }

    /// @inheritdoc IVotes
    function delegates(address account) external pure returns (address) {
        return account;
    }

    /// @notice Always reverts with {IMembership-MembershipDelegationDisabled}.
    function delegate(address delegatee) external pure {
        revert MembershipDelegationDisabled(delegatee);
    }

    /// @notice Always reverts with {IMembership-MembershipDelegationDisabled}.
    function delegateBySig(address delegatee, uint256, uint256, uint8, bytes32, bytes32) external pure {
        revert MembershipDelegationDisabled(delegatee);
    }

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev Votes of a key at a moment up to now.
    function _votesAt(address key, uint48 timepoint) internal view virtual returns (uint256);

    /// @dev Mature votes in all at a moment up to now.
    function _electorateAt(uint48 timepoint) internal view virtual returns (uint256);

    /// @dev Only the past is settled: answers about the present could still change within the same second.
    function _validateTimepoint(uint256 timepoint) internal view returns (uint48) {
        uint48 current = clock();
        if (timepoint >= current) revert ERC5805FutureLookup(timepoint, current);
        return uint48(timepoint);
    }
}
