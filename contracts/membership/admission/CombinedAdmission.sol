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

    /// @inheritdoc ICombinedAdmission
    /// @dev The vouched policy, the dearest of ours, needs less than half of it where most members vouch.
    // solhint-disable-next-line private-vars-leading-underscore
    uint256 public constant GAS_BY_POLICY = 750_000;

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
        // bound: 8 parts
        for (uint256 i; i < count; ++i) {
            bytes calldata entry = _entry(evidence, i, count);
            bytes memory question = abi.encodeCall(IAdmissionPolicy.admits, (number, account, group, entry));
            // The first that says other than the rest would have to settles it.
            if (_ask(address(_policies[i]), question) != ALL) return !ALL;
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

    function _ask(address policy, bytes memory question) private view returns (bool) {
        // EIP-150: a call gets 63/64 of what is left at the most.
        uint256 needed = GAS_BY_POLICY + GAS_BY_POLICY / 32;
        uint256 gasLeft = gasleft();
        bool success;
        uint256 answer;
        uint256 size;
        // By hand, so that a part that answers with a megabyte, or with no boolean, is heard as a no.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            success := staticcall(GAS_BY_POLICY, policy, add(question, 32), mload(question), 0, 32)
            answer := mload(0)
            size := returndatasize()
        }
        if (!success && gasLeft < needed) revert CombinedAdmissionGasTooLow(policy, gasLeft, needed);
        return success && size >= 32 && answer == 1;
    }

    /// @dev An entry of `abi.encode(bytes[])`; empty unless it is there in full. Read by hand, for decoding it would
    /// revert.
    function _entry(bytes calldata evidence, uint256 index, uint256 count) private pure returns (bytes calldata) {
        bytes calldata none = evidence[:0];
        // Where the list starts, how long it is, and where each entry starts after that.
        uint256 heads = 64 + count * 32;
        if (evidence.length < heads || _word(evidence, 0) != 32 || _word(evidence, 32) != count) return none;
        uint256 offset = _word(evidence, 64 + index * 32);
        uint256 room = evidence.length - 64;
        if (offset > room || room - offset < 32) return none;
        uint256 start = 64 + offset + 32;
        uint256 length = _word(evidence, start - 32);
        return length > evidence.length - start ? none : evidence[start:start + length];
    }

    function _word(bytes calldata data, uint256 at) private pure returns (uint256) {
        return uint256(bytes32(data[at:at + 32]));
    }
}
