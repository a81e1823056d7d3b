// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAdmissionPolicy} from "../membership/admission/IAdmissionPolicy.sol";
import {IMembership} from "../membership/IMembership.sol";

/// @title MeddlingPolicy
/// @notice A hostile admission policy: asked whether it admits somebody, it joins the roll itself. It announces the
/// interface without keeping it, for the interface forbids to write.
contract MeddlingPolicy is ERC165 {
    /// @notice Has the signature of {IAdmissionPolicy-admits}, but is no view.
    function admits(uint256, address account, uint8 group, bytes calldata evidence) external returns (bool) {
        // Asked about itself it agrees: the roll goes on to write, and nothing is asked in circles.
        if (account == address(this)) return true;
        (bytes32 codeDigest, ) = IMembership(msg.sender).codeOfConduct();
        IMembership(msg.sender).join(group, codeDigest, evidence);
        return true;
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }
}
