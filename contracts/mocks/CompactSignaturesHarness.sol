// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CompactSignatures} from "../libraries/CompactSignatures.sol";

/// @title CompactSignaturesHarness
/// @notice Opens {CompactSignatures} to tests.
contract CompactSignaturesHarness {
    using CompactSignatures for bytes;

    function signers(bytes calldata signatures, bytes32 digest) external view returns (address[] memory) {
        return signatures.signers(digest);
    }

    /// @notice Recovers two lists one after the other, to show that neither writes into the other or into what lies there.
    function twice(
        bytes calldata signatures,
        bytes32 first,
        bytes32 second
    ) external view returns (address[] memory one, address[] memory two, uint256[] memory between) {
        one = signatures.signers(first);
        between = new uint256[](3);
        (between[0], between[1], between[2]) = (1, 2, 3);
        two = signatures.signers(second);
    }
}
