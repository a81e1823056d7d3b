// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title IAdmissionPolicy
/// @notice The one door through which joining is judged. The roll asks; a policy answers and can do nothing else: it is
/// called without the power to write, so it can neither mint nor end a membership.
/// @dev A policy announces this interface by ERC-165. The timelock sets the policy in force: see
/// `IMembership.setAdmissionPolicy`.
interface IAdmissionPolicy is IERC165 {
    /// @notice Whether an account may join.
    /// @param account The key that asks to join.
    /// @param group The stakeholder group it chose, an index that exists.
    /// @param evidence What the policy wants to see; empty where it wants nothing.
    /// @return admitted True to admit. A policy may revert with an error of its own that says more.
    function admits(address account, uint8 group, bytes calldata evidence) external view returns (bool admitted);
}
