// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";
import {ICombinedAdmission} from "./ICombinedAdmission.sol";

/// @title CombinedAdmission
/// @notice See {ICombinedAdmission}.
contract CombinedAdmission is ICombinedAdmission, ERC165 {
    uint256 private constant MAX_PARTS = 8;

    bool private immutable ALL;

    IAdmissionPolicy[] private _policies;

    /// @param policies_ 2 to 8 different policies.
    /// @param all_ Whether all of them must admit.
    constructor(IAdmissionPolicy[] memory policies_, bool all_) {
        if (policies_.length < 2 || policies_.length > MAX_PARTS) {
            revert CombinedAdmissionSize(policies_.length, 2, MAX_PARTS);
        }
        ALL = all_;
        // bound: 8 parts
        for (uint256 i; i < policies_.length; ++i) {
            address part = address(policies_[i]);
            if (!ERC165Checker.supportsInterface(part, type(IAdmissionPolicy).interfaceId)) {
                revert CombinedAdmissionNotAPolicy(part);
            }
            // bound: 8 parts
            for (uint256 j; j < i; ++j) {
                if (address(policies_[j]) == part) revert CombinedAdmissionTwice(part);
            }
            _policies.push(policies_[i]);
        }
    }

    /// @inheritdoc IAdmissionPolicy
    function admits(
        uint256 number,
        address account,
        uint8 group,
        bytes calldata evidence
    ) external view returns (bool) {
        uint256 count = _policies.length;
        bytes[] memory entries = evidence.length == 0 ? new bytes[](count) : abi.decode(evidence, (bytes[]));
        if (entries.length != count) revert CombinedAdmissionEvidence(entries.length, count);
        // bound: 8 parts
        for (uint256 i; i < count; ++i) {
            // The first that says other than the rest would have to settles it.
            if (_asks(_policies[i], number, account, group, entries[i]) != ALL) return !ALL;
        }
        return ALL;
    }

    /// @inheritdoc ICombinedAdmission
    function policies() external view returns (IAdmissionPolicy[] memory) {
        return _policies;
    }

    /// @inheritdoc ICombinedAdmission
    function requiresAll() external view returns (bool) {
        return ALL;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }

    function _asks(
        IAdmissionPolicy policy,
        uint256 number,
        address account,
        uint8 group,
        bytes memory evidence
    ) private view returns (bool) {
        bytes memory question = abi.encodeCall(IAdmissionPolicy.admits, (number, account, group, evidence));
        bool success;
        uint256 answer;
        uint256 size;
        // By hand, so that a part that answers with a megabyte, or with no boolean, is heard as a no.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            success := staticcall(gas(), policy, add(question, 32), mload(question), 0, 32)
            answer := mload(0)
            size := returndatasize()
        }
        return success && size >= 32 && answer == 1;
    }
}
