// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC721, IERC165} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC5192} from "./IERC5192.sol";
import {IMembership} from "./IMembership.sol";

/// @title MembershipToken
/// @notice The face of the roll that wallets and explorers read: an ERC-721 token that can be neither moved nor
/// approved, and says so by ERC-5192.
/// @dev Owners and balances are answered from the roll itself, see {Membership}; OpenZeppelin's own mappings for them
/// stay empty, so that joining writes two slots instead of four.
abstract contract MembershipToken is ERC721, IERC5192 {
    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    /// @notice Always reverts with {IMembership-MembershipNotTransferable}.
    function transferFrom(address, address, uint256 tokenId) public pure override {
        revert IMembership.MembershipNotTransferable(tokenId);
    }

    /// @notice Always reverts with {IMembership-MembershipNotTransferable}; the form without data goes through this.
    function safeTransferFrom(address, address, uint256 tokenId, bytes memory) public pure override {
        revert IMembership.MembershipNotTransferable(tokenId);
    }

    /// @notice Always reverts with {IMembership-MembershipApprovalDisabled}.
    function approve(address to, uint256) public pure override {
        revert IMembership.MembershipApprovalDisabled(to);
    }

    /// @notice Always reverts with {IMembership-MembershipApprovalDisabled}.
    function setApprovalForAll(address operator, bool) public pure override {
        revert IMembership.MembershipApprovalDisabled(operator);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view virtual override returns (bool) {
        return interfaceId == type(IERC5192).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev A token came into being. Every one is locked for life.
    function _announceMint(address to, uint256 tokenId) internal {
        emit IERC721.Transfer(address(0), to, tokenId);
        emit Locked(tokenId);
    }
}
