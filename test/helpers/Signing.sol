// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Test} from "./Test.sol";

/// @title Signing
/// @notice EIP-712 signatures as a wallet makes them, computed apart from the contracts.
abstract contract Signing is Test {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    function _sign(
        uint256 privateKey,
        string memory name,
        address verifier,
        bytes memory message
    ) internal view returns (bytes memory signature) {
        bytes32 separator = keccak256(
            abi.encode(DOMAIN, keccak256(bytes(name)), keccak256("1"), block.chainid, verifier)
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", separator, keccak256(message)));
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(privateKey, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev 64 bytes (EIP-2098).
    function _signCompactly(
        uint256 privateKey,
        string memory name,
        address verifier,
        bytes memory message
    ) internal view returns (bytes memory) {
        bytes memory signature = _sign(privateKey, name, verifier, message);
        (uint256 r, uint256 s) = abi.decode(signature, (uint256, uint256));
        return abi.encodePacked(r, s | (uint256(uint8(signature[64]) - 27) << 255));
    }

    /// @param evidence What the admission policy wants to see.
    function _joinMessage(
        address account,
        uint8 group,
        bytes32 codeDigest,
        bytes memory evidence,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes memory) {
        bytes32 kind = keccak256(
            "Join(address account,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)"
        );
        return abi.encode(kind, account, group, codeDigest, keccak256(evidence), nonce, deadline);
    }

    function _rotateMessage(
        uint256 number,
        address newKey,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes memory) {
        bytes32 kind = keccak256("Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)");
        return abi.encode(kind, number, newKey, nonce, deadline);
    }

    function _ballotMessage(
        uint256 proposalId,
        uint8 support,
        address voter,
        uint256 nonce
    ) internal pure returns (bytes memory) {
        bytes32 kind = keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");
        return abi.encode(kind, proposalId, support, voter, nonce);
    }

    function _firstBallotMessage(
        uint256 proposalId,
        uint8 support,
        uint256 deadline
    ) internal pure returns (bytes memory) {
        bytes32 kind = keccak256("FirstBallot(uint256 proposalId,uint8 support,uint256 deadline)");
        return abi.encode(kind, proposalId, support, deadline);
    }

    function _namedBallotMessage(
        uint256 proposalId,
        uint8 support,
        address voter,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes memory) {
        bytes32 kind = keccak256(
            "NamedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,uint256 deadline)"
        );
        return abi.encode(kind, proposalId, support, voter, nonce, deadline);
    }
}
