// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {DelegationCalendar} from "../../libraries/DelegationCalendar.sol";
import {IDelegations} from "./IDelegations.sol";
import {RollDesk} from "./RollDesk.sol";

/// @title Delegations
/// @notice See {IDelegations}.
contract Delegations is IDelegations, RollDesk {
    using Checkpoints for Checkpoints.Trace208;

    uint256 private constant MAX_CAP = 100;

    bytes32 private constant DELEGATION_TYPEHASH = keccak256(
        "Delegation(address delegatee,uint256 nonce,uint256 expiry)"
    );
    bytes32 private constant DELEGATE_TYPEHASH = keccak256(
        "Delegate(address delegator,address delegatee,uint48 ends,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant TAKE_TYPEHASH = keccak256(
        "TakeDelegations(address account,uint8 limit,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant DECLINE_TYPEHASH = keccak256(
        "Decline(address account,uint256 number,uint256 nonce,uint256 deadline)"
    );

    uint8 private _cap;
    mapping(uint256 number => uint8) private _limits;
    /// @dev By delegator, from each moment on: the delegate's number (lower 32 bits) and the end (48 bits); 0 for none.
    mapping(uint256 number => Checkpoints.Trace208) private _given;
    /// @dev By delegate and group, from each moment on: how many delegations end when, see {DelegationCalendar}.
    mapping(uint256 number => mapping(uint256 group => Checkpoints.Trace208)) private _received;

    modifier onlyRoll() {
        if (msg.sender != address(roll())) revert DelegationsUnauthorized(msg.sender, address(roll()));
        _;
    }

    /// @param name_ Name of the EIP-712 domain, see {RollDesk}.
    /// @param firstCap See {IDelegations-setCap}.
    constructor(string memory name_, uint8 firstCap) RollDesk(name_) {
        _setCap(firstCap);
    }

    /// @inheritdoc IDelegations
    function takeDelegations(uint8 limit) external {
        _takeDelegations(msg.sender, limit);
    }

    /// @inheritdoc IDelegations
    function takeDelegationsBySig(address account, uint8 limit, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(TAKE_TYPEHASH, account, limit, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _takeDelegations(account, limit);
    }

    /// @inheritdoc IDelegations
    function decline(uint256 number) external {
        _decline(msg.sender, number);
    }

    /// @inheritdoc IDelegations
    function declineBySig(address account, uint256 number, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(DECLINE_TYPEHASH, account, number, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _decline(account, number);
    }

    /// @inheritdoc IDelegations
    function delegateUntil(address delegatee, uint48 ends) external {
        _delegate(msg.sender, delegatee, ends);
    }

    /// @inheritdoc IDelegations
    function delegateUntilBySig(
        address delegator,
        address delegatee,
        uint48 ends,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(DELEGATE_TYPEHASH, delegator, delegatee, ends, _useNonce(delegator), deadline)
        );
        _requireSignature(delegator, structHash, deadline, signature);
        _delegate(delegator, delegatee, ends);
    }

    /// @inheritdoc IDelegations
    function delegateFor(address delegator, address delegatee) external onlyRoll {
        _delegate(delegator, delegatee, longestEnd());
    }

    /// @inheritdoc IDelegations
    function delegateForSigner(
        address delegatee,
        uint256 nonce,
        uint256 expiry,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external onlyRoll {
        if (block.timestamp > expiry) revert IVotes.VotesExpiredSignature(expiry);
        bytes32 structHash = keccak256(abi.encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry));
        address signer = ECDSA.recover(_hashTypedDataV4(structHash), v, r, s);
        _useCheckedNonce(signer, nonce);
        _delegate(signer, delegatee, longestEnd());
    }

    /// @inheritdoc IDelegations
    function release(uint256 delegator) external onlyRoll {
        _end(delegator);
    }

    /// @inheritdoc IDelegations
    function setCap(uint8 newCap) external onlyTimelock {
        _setCap(newCap);
    }

    /// @inheritdoc IDelegations
    function delegationAt(
        uint256 number,
        uint256 group,
        uint48 timepoint
    ) external view returns (uint256 delegate, uint256 received) {
        received = DelegationCalendar.count(_received[number][group].upperLookupRecent(timepoint), timepoint);
        uint48 ends;
        (delegate, ends) = _unpack(_given[number].upperLookupRecent(timepoint));
        if (ends <= timepoint) return (0, received);
        (bool counted, uint8 then) = roll().countedAt(delegate, timepoint);
        if (!counted || then != group) delegate = 0;
    }

    /// @inheritdoc IDelegations
    function delegationOf(uint256 number) public view returns (uint256 delegate, uint48 ends) {
        (delegate, ends) = _unpack(_given[number].latest());
        if (ends <= block.timestamp) return (0, 0);
    }

    /// @inheritdoc IDelegations
    function limitOf(uint256 number) public view returns (uint256) {
        return Math.min(_limits[number], _cap);
    }

    /// @inheritdoc IDelegations
    function cap() external view returns (uint8) {
        return _cap;
    }

    /// @inheritdoc IDelegations
    // solhint-disable-next-line func-name-mixedcase
    function STEP() external pure returns (uint48) {
        return DelegationCalendar.STEP;
    }

    /// @inheritdoc IDelegations
    function longestEnd() public view returns (uint48) {
        return DelegationCalendar.last(uint48(block.timestamp));
    }

    function _takeDelegations(address account, uint8 limit) private {
        uint256 number = _requireMember(account);
        _requireRange("limit", limit, 0, _cap);
        _limits[number] = limit;
        emit DelegationLimitSet(number, limit);
        if (limit != 0) _operations().recordDelegate(number);
    }

    function _decline(address account, uint256 number) private {
        uint256 declining = _requireMember(account);
        (uint256 delegate, ) = delegationOf(number);
        if (delegate != declining) revert DelegationsNotReceived(number, delegate);
        _end(number);
    }

    function _delegate(address delegator, address delegatee, uint48 ends) private {
        if (delegatee == address(0)) revert DelegationsZeroDelegate();
        if (delegatee == delegator) return _end(_requireMember(delegator));
        (uint256 number, uint256 group) = _requireVoter(delegator);
        (uint256 delegate, uint256 delegateGroup) = _requireVoter(delegatee);
        if (group != delegateGroup) revert DelegationsOtherGroup(group, delegateGroup);
        uint48 current = uint48(block.timestamp);
        ends = DelegationCalendar.floor(ends);
        (uint48 first, uint48 last) = (DelegationCalendar.first(current), DelegationCalendar.last(current));
        if (ends < first || ends > last) revert DelegationsEndOutOfRange(ends, first, last);

        _end(number);
        Checkpoints.Trace208 storage received = _received[delegate][group];
        uint208 calendar = received.latest();
        uint256 limit = limitOf(delegate);
        if (DelegationCalendar.count(calendar, current) >= limit) revert DelegationsFull(delegate, limit);
        received.push(current, DelegationCalendar.add(calendar, current, ends));
        _given[number].push(current, uint208(delegate | (uint256(ends) << 32)));
        emit VoteDelegated(number, delegate, ends);
        _operations().recordDelegation(number, 0, delegate);
    }

    /// @dev Ends what a member delegated, if it has not ended by itself.
    function _end(uint256 number) private {
        (uint256 delegate, uint48 ends) = delegationOf(number);
        if (delegate == 0) return;
        uint48 current = uint48(block.timestamp);
        // The group in which it was given: whoever changes group, or stops counting, is released before.
        uint256 group = roll().member(number).group;
        (bool counted, uint8 then) = roll().countedAt(delegate, current);
        Checkpoints.Trace208 storage received = _received[delegate][group];
        received.push(current, DelegationCalendar.remove(received.latest(), current, ends));
        _given[number].push(current, 0);
        emit DelegationEnded(number, delegate);
        if (counted && then == group) _operations().recordDelegation(number, delegate, 0);
    }

    function _setCap(uint8 newCap) private {
        _requireRange("cap", newCap, 0, MAX_CAP);
        emit DelegationCapChanged(_cap, newCap);
        _cap = newCap;
    }

    function _unpack(uint208 entry) private pure returns (uint256 delegate, uint48 ends) {
        return (uint32(entry), uint48(entry >> 32));
    }
}
