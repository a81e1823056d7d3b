// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAdmissionPolicy} from "../membership/admission/IAdmissionPolicy.sol";

/// @title AdmissionPolicyMock
/// @notice An admission policy that admits one request and no other, or refuses with words of its own.
contract AdmissionPolicyMock is IAdmissionPolicy, ERC165 {
    bytes32 private _expected;
    bool private _eloquent;

    /// @notice The policy says more than no.
    error AdmissionPolicyMockEvidenceWanting(address account, bytes evidence);

    /// @notice Names the request that is admitted. Anyone may call.
    function expectRequest(address account, uint8 group, bytes calldata evidence) external {
        _expected = keccak256(abi.encode(account, group, evidence));
    }

    /// @notice Makes refusals errors of the policy's own. Anyone may call.
    function speakUp() external {
        _eloquent = true;
    }

    /// @inheritdoc IAdmissionPolicy
    function admits(
        uint256,
        address account,
        uint8 group,
        bytes calldata evidence
    ) external view returns (bool admitted) {
        admitted = keccak256(abi.encode(account, group, evidence)) == _expected;
        if (!admitted && _eloquent) revert AdmissionPolicyMockEvidenceWanting(account, evidence);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }
}
