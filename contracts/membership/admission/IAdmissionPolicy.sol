// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title IAdmissionPolicy
/// @notice The one door through which the vote is reached. The roll asks; a policy answers and can do nothing else:
/// it is called without the power to write, so it can neither mint nor end a membership. Joining itself is open: whom
/// a policy does not admit is a participant until it does.
/// @dev A policy announces this interface by ERC-165. What it must remember (a vouch, a statement used up) it takes
/// down itself, by calls that members make to it beforehand. The timelock sets the policy in force: see
/// `IMembership.setAdmissionPolicy`.
interface IAdmissionPolicy is IERC165 {
    /// @notice Whether a member may enter the queue for the vote.
    /// @param number The member number; while the member is joining, the one that it is about to get.
    /// @param account The key that holds it.
    /// @param group The member's stakeholder group, an index that exists.
    /// @param evidence What the policy wants to see; empty where it wants nothing.
    /// @return admitted True to admit. A policy may revert with an error of its own that says more; while a member is
    /// joining that refuses the joining, so a policy that wants participants answers false.
    function admits(
        uint256 number,
        address account,
        uint8 group,
        bytes calldata evidence
    ) external view returns (bool admitted);
}
