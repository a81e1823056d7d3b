// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC4824} from "./IERC4824.sol";

/// @title ICoalition
/// @notice Where is everything? The contracts of a coalition by name, and the address of its documents (ERC-4824).
///
/// @dev The root holds no power, and no contract asks it: it is for those who know one address and look for the others.
interface ICoalition is IERC4824 {
    /// @notice A contract of the coalition, by the name that its address book has for it.
    struct Organ {
        bytes32 name;
        address account;
    }

    /// @notice Only the timelock may call this.
    error CoalitionUnauthorized(address caller, address timelock);

    /// @notice There are 1 to `limit` organs.
    error CoalitionOrgansOutOfRange(uint256 organs, uint256 limit);

    /// @notice An organ has no name, another one's name, or no code.
    error CoalitionInvalidOrgan(bytes32 name, address account);

    /// @notice No organ has this name.
    error CoalitionUnknownOrgan(bytes32 name);

    /// @notice The address is none of 12 to 256 printable characters that begins with `https://` or `ipfs://`.
    error CoalitionInvalidURI(string uri);

    /// @notice Says where the documents of ERC-4824 are. Only the timelock.
    /// @dev Emits {IERC4824-DAOURIUpdate}. Reverts with {CoalitionUnauthorized}, {CoalitionInvalidURI}.
    /// @param newURI Begins with `https://` or `ipfs://`; 12 to 256 printable ASCII characters without spaces, quotes
    /// and backslashes.
    function setDaoURI(string calldata newURI) external;

    /// @notice An organ by its name. Reverts with {CoalitionUnknownOrgan}.
    function organ(bytes32 name) external view returns (address account);

    /// @notice All organs, in the order of their names.
    function organs() external view returns (Organ[] memory);

    /// @notice The timelock, which alone can change where the documents are.
    function timelock() external view returns (address);
}
