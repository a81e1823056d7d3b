// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IMembership} from "../IMembership.sol";
import {SignedRequests} from "../../libraries/SignedRequests.sol";
import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";
import {IVouchedAdmission} from "./IVouchedAdmission.sol";

/// @title VouchedAdmission
/// @notice See {IVouchedAdmission}.
contract VouchedAdmission is IVouchedAdmission, SignedRequests, ERC165 {
    /// @dev One of a member's slots: a vouch that stands, or one taken back that cools down.
    struct Slot {
        /// 0 once it was taken back.
        uint32 candidate;
        /// The voucher's group when it was given.
        uint8 group;
        uint48 since;
    }

    /// @dev An entry of a participant's list.
    struct Entry {
        uint32 voucher;
        /// The voucher's group when the vouch was given.
        uint8 group;
        /// Index of the voucher's slot.
        uint8 slot;
        uint48 since;
    }

    /// @dev Of the `pauses` of a member, the bit of {IMembership-Pause} `Unqualified`.
    uint256 private constant UNQUALIFIED = 1;

    bytes32 private constant VOUCH_TYPEHASH = keccak256(
        "Vouch(address account,uint256 candidate,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant WITHDRAW_TYPEHASH = keccak256(
        "WithdrawVouch(address account,uint256 candidate,uint256 nonce,uint256 deadline)"
    );

    IMembership private immutable ROLL;
    uint256 private immutable VOUCHERS;
    uint256 private immutable GROUPS;
    uint256 private immutable SLOTS;
    uint256 private immutable COOLDOWN;

    mapping(uint256 voucher => Slot[]) private _slots;
    mapping(uint256 candidate => Entry[]) private _entries;

    /// @param name_ See {SignedRequests}.
    /// @param roll_ The roll that is asked.
    /// @param rules_ See {IVouchedAdmission-Rules} for meaning and ranges.
    constructor(string memory name_, IMembership roll_, Rules memory rules_) SignedRequests(name_) {
        _requireRange("vouchers", rules_.vouchers, 2, 16);
        _requireRange("groups", rules_.groups, 2, Math.min(rules_.vouchers, roll_.membersByGroup().length));
        _requireRange("slots", rules_.slots, 1, 16);
        _requireRange("cooldown", rules_.cooldown, 60, 365 days);
        ROLL = roll_;
        VOUCHERS = rules_.vouchers;
        GROUPS = rules_.groups;
        SLOTS = rules_.slots;
        COOLDOWN = rules_.cooldown;
    }

    /// @inheritdoc IVouchedAdmission
    function vouch(uint256 candidate) external {
        _vouch(msg.sender, candidate);
    }

    /// @inheritdoc IVouchedAdmission
    function vouchBySig(address account, uint256 candidate, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(VOUCH_TYPEHASH, account, candidate, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _vouch(account, candidate);
    }

    /// @inheritdoc IVouchedAdmission
    function withdrawVouch(uint256 candidate) external {
        _withdraw(msg.sender, candidate);
    }

    /// @inheritdoc IVouchedAdmission
    function withdrawVouchBySig(
        address account,
        uint256 candidate,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(WITHDRAW_TYPEHASH, account, candidate, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _withdraw(account, candidate);
    }

    /// @inheritdoc IAdmissionPolicy
    function admits(uint256 number, address, uint8, bytes calldata) external view returns (bool) {
        Entry[] storage entries = _entries[number];
        uint256 live;
        uint256 groups;
        // bound: the vouches of a list, 16
        for (uint256 i; i < entries.length; ++i) {
            Entry memory entry = entries[i];
            if (!_isLive(entry.voucher, entry.group)) continue;
            ++live;
            groups |= 1 << entry.group;
        }
        return live >= VOUCHERS && _count(groups) >= GROUPS;
    }

    /// @inheritdoc IVouchedAdmission
    function vouchersOf(uint256 candidate) external view returns (Vouch[] memory list) {
        Entry[] storage entries = _entries[candidate];
        list = new Vouch[](entries.length);
        // bound: the vouches of a list, 16
        for (uint256 i; i < list.length; ++i) {
            Entry memory entry = entries[i];
            list[i] = Vouch(entry.voucher, entry.since, _isLive(entry.voucher, entry.group));
        }
    }

    /// @inheritdoc IVouchedAdmission
    function vouchesOf(uint256 voucher) external view returns (Vouch[] memory list) {
        Slot[] storage slots = _slots[voucher];
        uint256 count;
        list = new Vouch[](slots.length);
        // bound: the 16 slots of a member
        for (uint256 i; i < slots.length; ++i) {
            Slot memory slot = slots[i];
            if (slot.candidate == 0) continue;
            list[count++] = Vouch(slot.candidate, slot.since, _isLive(voucher, slot.group));
        }
        // Shortens the list to those that stand.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(list, count)
        }
    }

    /// @inheritdoc IVouchedAdmission
    function slotsOf(uint256 voucher) public view returns (uint256 free, uint48 freeFrom) {
        Slot[] storage slots = _slots[voucher];
        free = SLOTS - slots.length;
        // bound: the 16 slots of a member
        for (uint256 i; i < slots.length; ++i) {
            if (slots[i].candidate != 0) continue;
            uint256 end = slots[i].since + COOLDOWN;
            if (end <= block.timestamp) ++free;
            else if (freeFrom == 0 || end < freeFrom) freeFrom = uint48(end);
        }
    }

    /// @inheritdoc IVouchedAdmission
    function rules() external view returns (Rules memory) {
        return Rules(uint8(VOUCHERS), uint8(GROUPS), uint8(SLOTS), uint32(COOLDOWN));
    }

    /// @inheritdoc IVouchedAdmission
    function roll() external view returns (IMembership) {
        return ROLL;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }

    function _vouch(address key, uint256 candidate) private {
        (IMembership.Standing standing, uint256 voucher, uint8 group, uint48 explanation) = ROLL.standingOf(
            key,
            IMembership.Right.Vote,
            uint48(block.timestamp)
        );
        if (standing != IMembership.Standing.Granted) revert VouchedAdmissionNotAVoter(key, standing, explanation);
        // Whose vote counts is no participant, so nobody vouches for themselves.
        if (candidate == 0 || candidate > ROLL.lastNumber()) revert VouchedAdmissionNotAParticipant(candidate);
        IMembership.Member memory entry = ROLL.member(candidate);
        bool onRoll = entry.status == IMembership.MemberStatus.Active;
        if (!onRoll || entry.pauses & UNQUALIFIED == 0) revert VouchedAdmissionNotAParticipant(candidate);
        _makeRoom(voucher, group, candidate);
        uint8 slot = _takeSlot(voucher, group, candidate);
        _entries[candidate].push(Entry(uint32(voucher), group, slot, uint48(block.timestamp)));
        emit VouchGiven(voucher, candidate);
    }

    /// @dev Drops what is not live, and reverts unless one more of this group leaves a place for each group that is
    /// still missing: neither what has lapsed nor the members of one group can take the places that others need.
    function _makeRoom(uint256 voucher, uint8 group, uint256 candidate) private {
        Entry[] storage entries = _entries[candidate];
        uint256 groups;
        // bound: the vouches of a list, 16
        for (uint256 i = entries.length; i != 0; --i) {
            Entry memory entry = entries[i - 1];
            if (!_isLive(entry.voucher, entry.group)) {
                _drop(candidate, i - 1);
                continue;
            }
            if (entry.voucher == voucher) revert VouchedAdmissionTwice(voucher, candidate);
            groups |= 1 << entry.group;
        }
        // What is still missing once this vouch is given.
        uint256 present = _count(groups | (1 << group));
        uint256 missing = present < GROUPS ? GROUPS - present : 0;
        if (entries.length + 1 + missing > VOUCHERS) revert VouchedAdmissionNoRoom(candidate, group);
    }

    function _takeSlot(uint256 voucher, uint8 group, uint256 candidate) private returns (uint8) {
        Slot[] storage slots = _slots[voucher];
        Slot memory slot = Slot(uint32(candidate), group, uint48(block.timestamp));
        // bound: the 16 slots of a member
        for (uint256 i; i < slots.length; ++i) {
            if (slots[i].candidate == 0 && slots[i].since + COOLDOWN <= block.timestamp) {
                slots[i] = slot;
                return uint8(i);
            }
        }
        if (slots.length >= SLOTS) {
            (, uint48 freeFrom) = slotsOf(voucher);
            revert VouchedAdmissionNoSlot(voucher, freeFrom);
        }
        slots.push(slot);
        return uint8(slots.length - 1);
    }

    function _withdraw(address key, uint256 candidate) private {
        uint256 voucher = ROLL.numberOf(key);
        if (voucher == 0) revert VouchedAdmissionNotMember(key);
        Entry[] storage entries = _entries[candidate];
        // bound: the vouches of a list, 16
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].voucher == voucher) return _drop(candidate, i);
        }
        revert VouchedAdmissionNoVouch(voucher, candidate);
    }

    /// @dev Takes a vouch off both sides; the slot stays shut until its cooldown is over.
    function _drop(uint256 candidate, uint256 index) private {
        Entry[] storage entries = _entries[candidate];
        Entry memory entry = entries[index];
        _slots[entry.voucher][entry.slot].candidate = 0;
        entries[index] = entries[entries.length - 1];
        entries.pop();
        emit VouchWithdrawn(entry.voucher, candidate);
    }

    /// @dev Whether a voucher's vote counts now, in the group in which the vouch was given, and is not suspended.
    function _isLive(uint256 voucher, uint256 group) private view returns (bool) {
        (IMembership.Standing standing, uint256 number, uint8 present, ) = ROLL.standingOf(
            ROLL.member(voucher).key,
            IMembership.Right.Vote,
            uint48(block.timestamp)
        );
        // The key may have left and come back: its new number did not vouch.
        return standing == IMembership.Standing.Granted && number == voucher && present == group;
    }

    /// @dev How many groups are in a set of them.
    function _count(uint256 set) private pure returns (uint256 count) {
        // bound: 8 groups
        while (set != 0) {
            set &= set - 1;
            ++count;
        }
    }

    function _requireRange(bytes32 rule, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert VouchedAdmissionRuleOutOfRange(rule, value, min, max);
    }
}
