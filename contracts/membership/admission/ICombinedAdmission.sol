// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";

/// @title ICombinedAdmission
/// @notice Admits whom any, or all, of several policies admit. Fixed at birth.
/// @dev `evidence` is `abi.encode(bytes[])` with one entry for each part, in their order, or empty. Parts get nothing
/// where it is not so, or where their entry is not whole: what a newcomer sends for a policy never keeps them from
/// joining.
///
/// A part that reverts, answers nonsense or needs more than {GAS_BY_POLICY} says no, and keeps none of the others from
/// being heard. Whoever brings a request cannot turn a yes into a no by sending it with little gas: where a part fails
/// that had less, the whole question reverts.
interface ICombinedAdmission is IAdmissionPolicy {
    /// @notice A combination has 2 to 8 parts.
    error CombinedAdmissionSize(uint256 count, uint256 min, uint256 max);

    /// @notice The part does not announce {IAdmissionPolicy} by ERC-165.
    error CombinedAdmissionNotAPolicy(address account);

    /// @notice A policy is a part once.
    error CombinedAdmissionTwice(address policy);

    /// @notice A part failed and may have had too little gas: everything is undone, rather than its answer taken for a
    /// no.
    error CombinedAdmissionGasTooLow(address policy, uint256 gasLeft, uint256 needed);

    /// @notice The parts.
    function policies() external view returns (IAdmissionPolicy[] memory);

    /// @notice Whether all parts must admit; one suffices otherwise.
    function requiresAll() external view returns (bool);

    /// @notice Gas that one part gets at the most.
    // solhint-disable-next-line func-name-mixedcase
    function GAS_BY_POLICY() external view returns (uint256);
}
