// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IDelegations} from "./desks/IDelegations.sol";
import {IMembership} from "./IMembership.sol";

/// @title MembershipVotes
/// @notice The face of the roll that governance front ends read: ERC-5805 votes on the ERC-6372 timestamp clock.
/// @dev Delegation is kept by {IDelegations}; this passes on. It is revocable, ends by itself, and counts for a
/// decision as it was when that opened. The message that `delegateBySig` takes is signed under the domain of that
/// contract.
abstract contract MembershipVotes is IMembership {
    /// @dev The moment asked for is not in the past. The error of ERC-5805 as OpenZeppelin's `Votes` has it.
    error ERC5805FutureLookup(uint256 timepoint, uint48 clock);

    /// @inheritdoc IVotes
    function getVotes(address account) public view returns (uint256) {
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
    /// @dev Whose ballots count for the account's vote now: its own key unless a delegation is in force.
    function delegates(address account) external view returns (address) {
        return _delegateOf(account);
    }

    /// @inheritdoc IVotes
    /// @dev Until the last moment possible; to the caller itself to take the vote back. See
    /// {IDelegations-delegateUntil}.
    function delegate(address delegatee) external {
        _delegations().delegateFor(msg.sender, delegatee);
    }

    /// @inheritdoc IVotes
    /// @dev For a contract, which signs by ERC-1271, there is {IDelegations-delegateUntilBySig}.
    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        _delegations().delegateForSigner(delegatee, nonce, expiry, v, r, s);
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

    /// @dev Votes of a key at a moment up to now: its own unless delegated, and those received.
    function _votesAt(address key, uint48 timepoint) internal view virtual returns (uint256);

    /// @dev Keeps who delegated to whom.
    function _delegations() internal view virtual returns (IDelegations);

    /// @dev The key whose ballots count for an account's vote now.
    function _delegateOf(address key) internal view virtual returns (address);

    /// @dev Votes that count in all at a moment up to now.
    function _electorateAt(uint48 timepoint) internal view virtual returns (uint256);

    /// @dev Only the past is settled: answers about the present could still change within the same second.
    function _validateTimepoint(uint256 timepoint) internal view returns (uint48) {
        uint48 current = clock();
        if (timepoint >= current) revert ERC5805FutureLookup(timepoint, current);
        return uint48(timepoint);
    }
}
