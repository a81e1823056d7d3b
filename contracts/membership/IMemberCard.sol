// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IMemberCard
/// @notice Writes what a wallet shows of a membership, as JSON in a data URI. It tells number, group, dates and rights,
/// and nothing about the person.
/// @dev A contract of its own because text takes much room in a contract's code. It can do nothing but write.
interface IMemberCard {
    /// @notice The metadata of a member of the roll that calls, in the ERC-721 metadata JSON schema.
    /// @dev Asks the caller back as {IMembership} and ERC-721 metadata. Anyone may call who is one.
    /// @param number A member number on the roll.
    /// @return uri A `data:application/json;base64,` URI.
    function render(uint256 number) external view returns (string memory uri);
}
