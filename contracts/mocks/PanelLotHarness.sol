// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PanelLot} from "../conduct/PanelLot.sol";

/// @title PanelLotHarness
/// @notice Draws panels out of whatever a test says, without a pool.
contract PanelLotHarness {
    using PanelLot for PanelLot.Lot;

    PanelLot.Lot private _lot;

    function fill(uint256[] memory numbers, uint256[] memory groups) external {
        _lot.fill(numbers, groups);
    }

    function replace(uint256 number) external returns (uint256) {
        return _lot.replace(number);
    }

    function panel() external view returns (uint256[3] memory) {
        return _lot.panel();
    }

    function sits(uint256 number) external view returns (bool) {
        return _lot.sits(number);
    }

    function hasSat(uint256 number) external view returns (bool) {
        return _lot.hasSat(number);
    }

    function shuffled(
        uint256[] memory numbers,
        uint256[] memory groups,
        bytes32 seed
    ) external pure returns (uint256[] memory, uint256[] memory) {
        PanelLot.shuffle(numbers, groups, seed);
        return (numbers, groups);
    }
}
