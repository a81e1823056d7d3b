// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title MetamorphicFactory
/// @notice Deploys whatever code it is told to at one and the same address: the creation code never changes, it asks
/// its deployer which code to copy.
contract MetamorphicFactory {
    struct Call {
        address target;
        bytes data;
    }

    /// @dev Creation code in opcodes: call `model()` of the caller, copy that contract's code, and become it. Its first
    /// byte pushes the selector.
    bytes private constant TAIL = hex"5f5260205f6004601c335afa505f51803b805f5f843c5ff3";

    /// @notice The contract whose code the next deployment copies.
    address public model;

    /// @notice Deploys a copy of a contract at the one address, then makes calls. Anyone may call.
    function deployAndPerform(address newModel, Call[] calldata calls) external returns (address deployed) {
        model = newModel;
        deployed = Create2.deploy(0, 0, _creationCode());
        // bound: the caller's list
        for (uint256 i; i < calls.length; ++i) {
            Address.functionCall(calls[i].target, calls[i].data);
        }
    }

    /// @notice Makes one call in the factory's name. Anyone may call.
    function act(address target, bytes calldata data) external {
        Address.functionCall(target, data);
    }

    /// @notice The one address.
    function place() external view returns (address) {
        return Create2.computeAddress(0, keccak256(_creationCode()));
    }

    function _creationCode() private pure returns (bytes memory) {
        return bytes.concat(bytes1(0x63), bytes4(keccak256("model()")), TAIL);
    }
}
