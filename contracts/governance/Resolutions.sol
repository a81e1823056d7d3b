// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgenda} from "./IAgenda.sol";
import {IResolutions} from "./IResolutions.sol";

/// @title Resolutions
/// @notice See {IResolutions}.
contract Resolutions is IResolutions {
    struct Entry {
        bytes32 digest;
        uint48 recordedAt;
    }

    address private immutable TIMELOCK;
    IAgenda private immutable AGENDA;

    uint256 private _lastNumber;
    mapping(uint256 number => Entry) private _entries;

    /// @param timelock_ The coalition's timelock.
    /// @param agenda_ The agenda, which knows the motions.
    constructor(address timelock_, IAgenda agenda_) {
        (TIMELOCK, AGENDA) = (timelock_, agenda_);
    }

    /// @inheritdoc IResolutions
    function record(bytes32 digest) external returns (uint256 number) {
        if (msg.sender != TIMELOCK && msg.sender != AGENDA.motions()) {
            revert ResolutionsUnauthorized(msg.sender, TIMELOCK);
        }
        if (digest == 0) revert ResolutionsDigestMissing();
        number = ++_lastNumber;
        _entries[number] = Entry({digest: digest, recordedAt: uint48(block.timestamp)});
        emit ResolutionRecorded(number, digest);
    }

    /// @inheritdoc IResolutions
    function resolution(uint256 number) external view returns (bytes32 digest, uint48 recordedAt) {
        if (number == 0 || number > _lastNumber) revert ResolutionsUnknownNumber(number, _lastNumber);
        return (_entries[number].digest, _entries[number].recordedAt);
    }

    /// @inheritdoc IResolutions
    function lastNumber() external view returns (uint256) {
        return _lastNumber;
    }
}
