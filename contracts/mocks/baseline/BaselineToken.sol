// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Votes} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title BaselineToken
/// @notice What the gas table measures the roll against: OpenZeppelin's ERC721Votes as its wizard puts it together with
/// votes, and minting with automatic numbers by the owner. One thing is added: whoever gets a token becomes their own
/// delegate in the same transaction, for a vote that is not delegated counts nowhere.
contract BaselineToken is ERC721, EIP712, ERC721Votes, Ownable {
    uint256 private _nextTokenId;

    constructor(address owner_) ERC721("Baseline", "BASE") EIP712("Baseline", "1") Ownable(owner_) {}

    /// @notice Mints a token with an active vote. Only the owner.
    function safeMint(address to) external onlyOwner returns (uint256 tokenId) {
        tokenId = _nextTokenId++;
        _safeMint(to, tokenId);
        _delegate(to, to);
    }

    function _update(
        address to,
        uint256 tokenId,
        address auth
    ) internal override(ERC721, ERC721Votes) returns (address) {
        return super._update(to, tokenId, auth);
    }

    function _increaseBalance(address account, uint128 value) internal override(ERC721, ERC721Votes) {
        super._increaseBalance(account, value);
    }
}
