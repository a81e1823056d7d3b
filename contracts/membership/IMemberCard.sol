// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "./IMembership.sol";

/// @title IMemberCard
/// @notice Writes what a wallet shows of a membership, as JSON in a data URI. It tells number, group, dates and rights,
/// and nothing about the person.
/// @dev A contract of its own because text takes much room in a contract's code. It can do nothing but write.
interface IMemberCard {
    /// @notice The metadata of a member in the ERC-721 metadata JSON schema. Anyone may call.
    /// @param coalition Name of the coalition; safe between quotation marks, see {PlainName}.
    /// @param group Name of the member's stakeholder group; likewise.
    /// @param entry The member.
    /// @param rights What the member may do now: bit mask, bit n for the n-th {IMembership.Right}.
    /// @return uri A `data:application/json;base64,` URI.
    function render(
        string calldata coalition,
        string calldata group,
        IMembership.Member calldata entry,
        uint8 rights
    ) external pure returns (string memory uri);
}
