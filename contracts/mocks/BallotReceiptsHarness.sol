// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BallotReceipts} from "../libraries/BallotReceipts.sol";

/// @title BallotReceiptsHarness
/// @notice Opens {BallotReceipts} to tests.
contract BallotReceiptsHarness {
    using BallotReceipts for BallotReceipts.Receipts;

    BallotReceipts.Receipts private _receipts;

    /// @notice Tells what `set` answered.
    event ReceiptSet(uint256 previous);

    function set(uint256 number, uint256 receipt) external {
        emit ReceiptSet(_receipts.set(number, receipt));
    }

    function get(uint256 number) external view returns (uint256) {
        return _receipts.get(number);
    }

    /// @notice The stored word as it is.
    function wordAt(uint256 word) external view returns (uint256) {
        return _receipts.words[word].value;
    }
}
