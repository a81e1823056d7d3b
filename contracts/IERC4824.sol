// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IERC4824
/// @notice ERC-4824, common interfaces for DAOs: where a DAO's documents are.
interface IERC4824 {
    /// @notice The documents are somewhere else now.
    event DAOURIUpdate(address daoAddress, string daoURI);

    /// @notice The address of a JSON-LD document with the addresses of the others: members, proposals, activity,
    /// governance, contracts.
    function daoURI() external view returns (string memory);
}
