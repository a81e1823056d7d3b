// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title CompactSignatures
/// @notice Recovers signers from signatures of 64 bytes (EIP-2098) that lie one after the other in calldata.
/// @dev The same checks as OpenZeppelin's ECDSA: the upper half of the curve's order is refused (EIP-2), so that nobody
/// can make a second signature of one, and a zero signer is none. Written out because a batch of ballots pays for each
/// step of it a hundred times and more.
library CompactSignatures {
    /// @notice Bytes of a signature.
    uint256 internal constant LENGTH = 64;

    // Half of the order of secp256k1, the largest `s` of a signature that counts.
    // not a secret: a constant of the curve
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice Who signed a digest, signature by signature; zero where one is none.
    /// @param signatures {LENGTH} bytes each; what is left at the end is not looked at.
    function signers(bytes calldata signatures, bytes32 digest) internal view returns (address[] memory found) {
        uint256 count = signatures.length / LENGTH;
        found = new address[](count);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            // digest, v, r, s: what ecrecover takes, beyond what is allocated
            let question := mload(0x40)
            mstore(question, digest)
            let place := signatures.offset
            let answer := add(found, 0x20)
            // bound: as many signatures as there are
            for {
                let end := add(place, shl(6, count))
            } lt(place, end) {
                place := add(place, 0x40)
            } {
                let vs := calldataload(add(place, 0x20))
                let s := shr(1, shl(1, vs))
                if iszero(gt(s, HALF_ORDER)) {
                    mstore(add(question, 0x20), add(27, shr(255, vs)))
                    mstore(add(question, 0x40), calldataload(place))
                    mstore(add(question, 0x60), s)
                    // Address 1 is ecrecover; it answers nothing, and leaves a zero, for what is no signature.
                    pop(staticcall(gas(), 1, question, 0x80, answer, 0x20))
                }
                answer := add(answer, 0x20)
            }
        }
    }
}
