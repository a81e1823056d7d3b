// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title RecordSeries
/// @notice A series of records that can be neither thinned out, reordered nor added to unseen: one word on chain proves
/// a downloaded list complete.
///
/// @dev The head of a series is one word, so that an append touches one slot:
///
///     bits  0 to 31    how many records there are
///     bits 32 to 255   the first 224 bits of keccak256(abi.encode(head before, record)); 0 while there are none
library RecordSeries {
    struct Series {
        uint256 head;
    }

    uint256 private constant LENGTH_BITS = 32;

    /// @notice Appends a record and answers its place in the series, from 1.
    function append(Series storage self, bytes32 record) internal returns (uint256 place) {
        uint256 head = next(self.head, record);
        self.head = head;
        return length(head);
    }

    /// @notice The head of a series after one more record.
    function next(uint256 head, bytes32 record) internal pure returns (uint256) {
        uint256 running = uint256(keccak256(abi.encode(head, record)));
        // 2^32 records are out of reach: no series pays for so many.
        return ((running >> LENGTH_BITS) << LENGTH_BITS) | (length(head) + 1);
    }

    /// @notice How many records a series has.
    function length(uint256 head) internal pure returns (uint256) {
        return uint32(head);
    }
}
