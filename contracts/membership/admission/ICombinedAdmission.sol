// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";

/// @title ICombinedAdmission
/// @notice Admits whom any, or all, of several policies admit. Fixed at birth.
/// @dev `evidence` is empty, and then each part gets none, or `abi.encode(bytes[])` with one entry for each part, in their
/// order. A part that reverts or answers nonsense says no, and keeps none of the others from being heard. One that uses up
/// all gas takes the whole question with it (63/64 of what is left go to a part, and too little remains to go on): the
/// members choose the parts.
interface ICombinedAdmission is IAdmissionPolicy {
    /// @notice A combination has 2 to 8 parts.
    error CombinedAdmissionSize(uint256 count, uint256 min, uint256 max);

    /// @notice The part does not announce {IAdmissionPolicy} by ERC-165.
    error CombinedAdmissionNotAPolicy(address account);

    /// @notice A policy is a part once.
    error CombinedAdmissionTwice(address policy);

    /// @notice The evidence holds another number of entries than there are parts.
    error CombinedAdmissionEvidence(uint256 entries, uint256 parts);

    /// @notice The parts.
    function policies() external view returns (IAdmissionPolicy[] memory);

    /// @notice Whether all parts must admit; one suffices otherwise.
    function requiresAll() external view returns (bool);
}
