// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Counts} from "../libraries/PackedCounts.sol";
import {ElectorateLedger} from "../membership/ElectorateLedger.sol";
import {IMembership} from "../membership/IMembership.sol";

/// @title ElectorateLedgerHarness
/// @notice Opens a ledger to tests: no keys, no policy, only who counts when. Its storage begins with the tail.
contract ElectorateLedgerHarness {
    using ElectorateLedger for ElectorateLedger.Ledger;

    ElectorateLedger.Ledger private _ledger;

    /// @notice A number was given.
    event Admitted(uint32 number, uint48 votesFrom);

    /// @notice Admits members, one after the other. See {ElectorateLedger-admit}.
    function admit(uint256 times, uint256 group, IMembership.Maturity calldata pace) external {
        // bound: what the test asks for
        for (uint256 i; i < times; ++i) {
            (uint32 number, uint48 votesFrom) = _ledger.admit(group, pace);
            emit Admitted(number, votesFrom);
        }
    }

    /// @notice See {ElectorateLedger-nextNumber} and, for the same member, {ElectorateLedger-enqueue}.
    function enqueue(uint256 group, IMembership.Maturity calldata pace) external {
        uint32 number = _ledger.nextNumber();
        emit Admitted(number, _ledger.enqueue(group, pace));
    }

    /// @notice Gives numbers, without a vote. See {ElectorateLedger-nextNumber}.
    function number(uint256 times) external {
        // bound: what the test asks for
        for (uint256 i; i < times; ++i) {
            emit Admitted(_ledger.nextNumber(), 0);
        }
    }

    /// @notice See {ElectorateLedger-remove}.
    function remove(uint256 group, uint48 votesFrom) external {
        _ledger.remove(group, votesFrom);
    }

    /// @notice See {ElectorateLedger-restore}.
    function restore(uint256 group, uint48 votesFrom) external {
        _ledger.restore(group, votesFrom);
    }

    /// @notice See {ElectorateLedger-shift}.
    function shift(uint256 oldGroup, uint256 newGroup, uint48 votesFrom) external {
        _ledger.shift(oldGroup, newGroup, votesFrom);
    }

    /// @notice See {ElectorateLedger-countsAt}.
    function countsAt(uint48 timepoint) external view returns (uint256[8] memory) {
        return _unpack(_ledger.countsAt(timepoint));
    }

    /// @notice See {ElectorateLedger-living}.
    function living() external view returns (uint256[8] memory) {
        return _unpack(_ledger.living());
    }

    /// @notice The queue's state.
    function tail() external view returns (ElectorateLedger.Tail memory) {
        return _ledger.tail;
    }

    function _unpack(Counts counts) private pure returns (uint256[8] memory byGroup) {
        // bound: 8 groups
        for (uint256 group; group < 8; ++group) {
            byGroup[group] = counts.at(group);
        }
    }
}
