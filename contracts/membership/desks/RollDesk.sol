// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../IMembership.sol";
import {IRollOperations} from "../IRollOperations.sol";
import {SignedRequests} from "../../libraries/SignedRequests.sol";
import {IRollDesk} from "./IRollDesk.sol";

/// @title RollDesk
/// @notice What the desks of a roll have in common. See {IRollDesk}.
abstract contract RollDesk is IRollDesk, SignedRequests {
    IMembership private _roll;
    uint32 private _waitingFloor;

    modifier onlyTimelock() {
        address timelock = _roll.timelock();
        if (msg.sender != timelock) revert RollDeskUnauthorized(msg.sender, timelock);
        _;
    }

    /// @param name_ See {SignedRequests}.
    constructor(string memory name_) SignedRequests(name_) {}

    /// @inheritdoc IRollDesk
    function bind(uint32 waitingFloor) external {
        if (address(_roll) != address(0)) revert RollDeskBound(address(_roll));
        (_roll, _waitingFloor) = (IMembership(msg.sender), waitingFloor);
        emit RollBound(msg.sender);
        _requireParameters();
    }

    /// @inheritdoc IRollDesk
    function roll() public view returns (IMembership) {
        return _roll;
    }

    /// @dev Holds the desk's parameters against their ranges. A desk need not have any.
    // solhint-disable-next-line no-empty-blocks
    function _requireParameters() internal view virtual {}

    /// @dev The shortest waiting period of the roll, in seconds: the measure of how much time people need to react.
    function _floor() internal view returns (uint256) {
        return _waitingFloor;
    }

    /// @dev The same roll as a desk may use it.
    function _operations() internal view returns (IRollOperations) {
        return IRollOperations(address(_roll));
    }

    /// @dev The number that a key holds; reverts if it holds none.
    function _requireMember(address key) internal view returns (uint256 number) {
        number = _roll.numberOf(key);
        if (number == 0) revert RollDeskNotMember(key);
    }

    /// @dev A member on the roll; reverts if nobody holds the number any more.
    function _requireActive(uint256 number) internal view returns (IMembership.Member memory entry) {
        if (number == 0 || number > _roll.lastNumber()) revert RollDeskUnknownNumber(number);
        entry = _roll.member(number);
        if (entry.status != IMembership.MemberStatus.Active) revert RollDeskUnknownNumber(number);
    }

    /// @dev Reverts unless the key's vote counts now.
    function _requireVoter(address key) internal view returns (uint256 number, uint256 group) {
        IMembership.Standing standing;
        uint48 explanation;
        (standing, number, group, explanation) = _roll.standingOf(key, IMembership.Right.Vote, uint48(block.timestamp));
        if (standing != IMembership.Standing.Granted) revert RollDeskRefused(key, standing, explanation);
    }

    function _requireRange(bytes32 parameter, uint256 value, uint256 min, uint256 max) internal pure {
        if (value < min || value > max) revert RollDeskParameterOutOfRange(parameter, value, min, max);
    }
}
