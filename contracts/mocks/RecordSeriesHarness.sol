// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RecordSeries} from "../libraries/RecordSeries.sol";

/// @title RecordSeriesHarness
/// @notice Opens {RecordSeries} to tests.
contract RecordSeriesHarness {
    using RecordSeries for RecordSeries.Series;

    RecordSeries.Series private _series;

    /// @notice Tells what `append` answered.
    event RecordAppended(uint256 place);

    function append(bytes32 record) external {
        emit RecordAppended(_series.append(record));
    }

    function head() external view returns (uint256) {
        return _series.head;
    }

    function next(uint256 before, bytes32 record) external pure returns (uint256) {
        return RecordSeries.next(before, record);
    }

    function length(uint256 before) external pure returns (uint256) {
        return RecordSeries.length(before);
    }
}
