// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAdmissionPolicy} from "../membership/admission/IAdmissionPolicy.sol";

/// @title HungryPolicy
/// @notice An admission policy that admits everyone once it has used up a given amount of gas.
contract HungryPolicy is IAdmissionPolicy, ERC165 {
    uint256 private immutable APPETITE;

    /// @param appetite_ Gas that it uses before it answers.
    constructor(uint256 appetite_) {
        APPETITE = appetite_;
    }

    /// @inheritdoc IAdmissionPolicy
    function admits(uint256, address, uint8, bytes calldata) external view returns (bool) {
        uint256 start = gasleft();
        bytes memory fodder = new bytes(1 << 12);
        // bound: the caller's gas
        while (start - gasleft() < APPETITE) {
            fodder[0] = keccak256(fodder)[0];
        }
        return true;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }
}
