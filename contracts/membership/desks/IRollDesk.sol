// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../IMembership.sol";

/// @title IRollDesk
/// @notice A desk of the roll: see {IRollOperations}. It serves one roll, the first that names it at its own birth.
interface IRollDesk {
    /// @notice The desk serves a roll from now on, for good.
    event RollBound(address indexed roll);

    /// @notice The desk serves another roll already; deploy one of its own.
    error RollDeskBound(address roll);

    /// @notice The key is not on the roll.
    error RollDeskNotMember(address key);

    /// @notice No member holds this number (any more).
    error RollDeskUnknownNumber(uint256 number);

    /// @notice The key's vote does not count now, and why.
    /// @param explanation The moment that explains it, see {IMembership-Standing}.
    error RollDeskRefused(address key, IMembership.Standing standing, uint48 explanation);

    /// @notice Only the coalition's timelock may call this.
    error RollDeskUnauthorized(address caller, address timelock);

    /// @notice A parameter is out of its range.
    /// @param parameter Its name in ASCII.
    error RollDeskParameterOutOfRange(bytes32 parameter, uint256 value, uint256 min, uint256 max);

    /// @notice Makes the caller the roll that the desk serves. Called once, by the constructor of the roll.
    /// @dev The desk's first parameters are held against their ranges here, because some of those follow from the
    /// roll. Whoever else calls first gains nothing, for the coalition's roll, which alone gives a desk its power,
    /// can then no longer be born with it: its deployment fails and is repeated with another desk. Emits {RollBound}.
    /// Reverts with {RollDeskBound}, {RollDeskParameterOutOfRange}.
    /// @param waitingFloor The shortest waiting period of the roll, in seconds.
    function bind(uint32 waitingFloor) external;

    /// @notice The roll that the desk serves.
    function roll() external view returns (IMembership);
}
