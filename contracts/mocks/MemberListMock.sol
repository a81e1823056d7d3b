// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMemberCard} from "../membership/IMemberCard.sol";
import {IMembership} from "../membership/IMembership.sol";

/// @title MemberListMock
/// @notice As much of a roll as a card asks for, with one entry that a test makes up.
contract MemberListMock {
    string public name;
    string private _group;
    uint8 private _rights;
    IMembership.Member private _entry;

    /// @notice Makes up the entry. Anyone may call.
    /// @param rights Bit mask, bit n for the n-th {IMembership-Right} that is granted.
    function list(
        string calldata name_,
        string calldata group,
        IMembership.Member calldata entry,
        uint8 rights
    ) external {
        (name, _group, _entry, _rights) = (name_, group, entry, rights);
    }

    /// @notice What a card writes of the entry.
    function show(IMemberCard card) external view returns (string memory) {
        return card.render(_entry.number);
    }

    /// @notice See {IMembership-member}.
    function member(uint256 number) external view returns (IMembership.Member memory) {
        if (number != _entry.number) revert IMembership.MembershipUnknownNumber(number);
        return _entry;
    }

    /// @notice See {IMembership-groups}. The entry's group has its name, the ones before it have none.
    function groups() external view returns (string[] memory names) {
        names = new string[](_entry.group + 1);
        names[_entry.group] = _group;
    }

    /// @notice See {IMembership-standingOf}.
    function standingOf(
        address key,
        IMembership.Right right,
        uint48 timepoint
    ) external view returns (IMembership.Standing standing, uint256 number, uint8 group, uint48 explanation) {
        bool granted = key == _entry.key && timepoint == block.timestamp && _rights & (1 << uint8(right)) != 0;
        standing = granted ? IMembership.Standing.Granted : IMembership.Standing.Suspended;
        (number, group, explanation) = (_entry.number, _entry.group, 0);
    }
}
