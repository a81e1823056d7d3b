// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";

/// @title OpenAdmission
/// @notice Open membership: everyone is admitted, and time alone (the roll's waiting period and epochs) stands between
/// a new key and its vote.
contract OpenAdmission is IAdmissionPolicy, ERC165 {
    /// @inheritdoc IAdmissionPolicy
    function admits(uint256, address, uint8, bytes calldata) external pure returns (bool) {
        return true;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }
}
