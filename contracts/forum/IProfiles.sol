// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../membership/IMembership.sol";

/// @title IProfiles
/// @notice Who is who: a member's profile, with a name and what else they choose to tell, is a document off chain; here
/// is a salted commitment to it and nothing that could be read out of it.
///
/// @dev `sha256(salt, document)` with 32 random bytes as salt, the bytes one after the other. Who has document and salt
/// can check them against it. Once every copy of the salt is destroyed, what is left says nothing about anybody, not
/// even to somebody who guesses the document. (EDPB Guidelines 02/2025 ask for that.)
interface IProfiles {
    /// @notice A member published a profile, or took it back.
    /// @param commitment 0 if it was taken back.
    event ProfileChanged(uint256 indexed number, bytes32 commitment);

    /// @notice The key holds no member number.
    error ProfilesNotOnRoll(address account);

    /// @notice The profile is this one already.
    error ProfilesNothingNew(uint256 number, bytes32 commitment);

    /// @notice Publishes a profile in the place of the one before, or takes it back. Any key on the roll.
    /// @dev Emits {ProfileChanged}. Reverts with {ProfilesNotOnRoll}, {ProfilesNothingNew}.
    /// @param commitment 0 to take it back.
    function publish(bytes32 commitment) external;

    /// @notice {publish} for a member who signed
    /// `PublishProfile(address account,bytes32 commitment,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function publishBySig(address account, bytes32 commitment, uint256 deadline, bytes calldata signature) external;

    /// @notice The commitment to a member's profile; 0 if there is none.
    function profileOf(uint256 number) external view returns (bytes32 commitment);

    /// @notice The roll whose members have profiles.
    function roll() external view returns (IMembership);
}
