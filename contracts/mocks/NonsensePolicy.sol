// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAdmissionPolicy} from "../membership/admission/IAdmissionPolicy.sol";

/// @title NonsensePolicy
/// @notice An admission policy that answers with a number that is no boolean. It announces the interface without
/// keeping it.
contract NonsensePolicy is ERC165 {
    /// @notice Has the signature of {IAdmissionPolicy-admits}, but another answer.
    function admits(uint256, address, uint8, bytes calldata) external pure returns (uint256) {
        return 2;
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }
}
