// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IProfiles} from "./IProfiles.sol";

/// @title Profiles
/// @notice See {IProfiles}.
contract Profiles is IProfiles, SignedRequests {
    bytes32 private constant PUBLISH_TYPEHASH = keccak256(
        "PublishProfile(address account,bytes32 commitment,uint256 nonce,uint256 deadline)"
    );

    IMembership private immutable ROLL;

    mapping(uint256 number => bytes32 commitment) private _profiles;

    /// @param name_ See {SignedRequests}.
    /// @param roll_ The roll whose members have profiles.
    constructor(string memory name_, IMembership roll_) SignedRequests(name_) {
        ROLL = roll_;
    }

    /// @inheritdoc IProfiles
    function publish(bytes32 commitment) external {
        _publish(msg.sender, commitment);
    }

    /// @inheritdoc IProfiles
    function publishBySig(address account, bytes32 commitment, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(PUBLISH_TYPEHASH, account, commitment, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _publish(account, commitment);
    }

    /// @inheritdoc IProfiles
    function profileOf(uint256 number) external view returns (bytes32 commitment) {
        return _profiles[number];
    }

    /// @inheritdoc IProfiles
    function roll() external view returns (IMembership) {
        return ROLL;
    }

    function _publish(address account, bytes32 commitment) private {
        uint256 number = ROLL.numberOf(account);
        if (number == 0) revert ProfilesNotOnRoll(account);
        if (_profiles[number] == commitment) revert ProfilesNothingNew(number, commitment);
        _profiles[number] = commitment;
        emit ProfileChanged(number, commitment);
    }
}
