// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {VoterWord} from "../../libraries/VoterWord.sol";
import {IMembership} from "../IMembership.sol";
import {IKeyRecovery} from "./IKeyRecovery.sol";
import {RollDesk} from "./RollDesk.sol";

/// @title KeyRecovery
/// @notice See {IKeyRecovery}.
contract KeyRecovery is IKeyRecovery, RollDesk {
    /// @dev Whom a member trusts with the number.
    struct Circle {
        address[] guardians;
        uint8 threshold;
    }

    /// @dev What was asked for a number last; two slots. Whether it still stands follows from {_stands}.
    struct Request {
        address newKey;
        uint48 requestedAt;
        /// 0 as long as approvals are missing.
        uint48 readyAt;
        address oldKey;
        /// Bit n for the n-th guardian; they cannot change while the request stands.
        uint16 approved;
        uint8 approvals;
        Origin origin;
        /// In force when the request was made.
        uint32 delay;
    }

    /// @dev What a key claimed last; two slots.
    struct Entry {
        uint48 number;
        uint48 claimedAt;
        /// Held the number then.
        address oldKey;
        bytes32 reasonDigest;
    }

    uint256 private constant MAX_GUARDIANS = 10;
    uint256 private constant MAX_DELAY = 180 days;

    /// @inheritdoc IKeyRecovery
    // solhint-disable-next-line private-vars-leading-underscore
    uint48 public constant WINDOW = 90 days;

    bytes32 private constant NAME_TYPEHASH = keccak256(
        "NameGuardians(address account,address[] guardians,uint8 threshold,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RECOVER_TYPEHASH = keccak256(
        "Recover(uint256 number,address newKey,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REQUEST_TYPEHASH = keccak256(
        "Request(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant APPROVE_TYPEHASH = keccak256(
        "Approve(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant VETO_TYPEHASH = keccak256(
        "Veto(address account,uint256 number,address newKey,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant CLAIM_TYPEHASH = keccak256(
        "Claim(uint256 number,address newKey,bytes32 reasonDigest,uint256 nonce,uint256 deadline)"
    );

    uint32 private _delay;
    mapping(uint256 number => Circle) private _circles;
    mapping(uint256 number => Request) private _requests;
    /// @dev When a guardian started a request last.
    mapping(uint256 number => mapping(address guardian => uint48)) private _startedAt;
    mapping(address newKey => Entry) private _claims;

    /// @param name_ See {SignedRequests}.
    /// @param firstDelay See {IKeyRecovery-setDelay}; its range is checked when the desk is bound.
    constructor(string memory name_, uint32 firstDelay) RollDesk(name_) {
        _delay = firstDelay;
        emit RecoveryDelayChanged(0, firstDelay);
    }

    /// @inheritdoc IKeyRecovery
    function nameGuardians(address[] calldata guardians, uint8 threshold) external {
        _nameGuardians(msg.sender, guardians, threshold);
    }

    /// @inheritdoc IKeyRecovery
    function nameGuardiansBySig(
        address account,
        address[] calldata guardians,
        uint8 threshold,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 list = keccak256(abi.encodePacked(guardians));
        bytes32 structHash = keccak256(
            abi.encode(NAME_TYPEHASH, account, list, threshold, _useNonce(account), deadline)
        );
        _requireSignature(account, structHash, deadline, signature);
        _nameGuardians(account, guardians, threshold);
    }

    /// @inheritdoc IKeyRecovery
    function request(uint256 number, address newKey, uint256 deadline, bytes calldata signature) external {
        _request(msg.sender, number, newKey, deadline, signature);
    }

    /// @inheritdoc IKeyRecovery
    function requestBySig(
        address guardian,
        uint256 number,
        address newKey,
        uint256 deadline,
        bytes calldata guardianSignature,
        bytes calldata newSignature
    ) external {
        _requireSigned(REQUEST_TYPEHASH, guardian, number, newKey, deadline, guardianSignature);
        _request(guardian, number, newKey, deadline, newSignature);
    }

    /// @inheritdoc IKeyRecovery
    function approve(uint256 number, address newKey) external {
        _approve(msg.sender, number, newKey);
    }

    /// @inheritdoc IKeyRecovery
    function approveBySig(
        address guardian,
        uint256 number,
        address newKey,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _requireSigned(APPROVE_TYPEHASH, guardian, number, newKey, deadline, signature);
        _approve(guardian, number, newKey);
    }

    /// @inheritdoc IKeyRecovery
    function veto(uint256 number) external {
        _veto(msg.sender, number, _requests[number].newKey);
    }

    /// @inheritdoc IKeyRecovery
    function vetoBySig(
        address account,
        uint256 number,
        address newKey,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _requireSigned(VETO_TYPEHASH, account, number, newKey, deadline, signature);
        _veto(account, number, newKey);
    }

    /// @inheritdoc IKeyRecovery
    function claim(uint256 number, bytes32 reasonDigest) external {
        _claim(number, msg.sender, reasonDigest);
    }

    /// @inheritdoc IKeyRecovery
    function claimBySig(
        uint256 number,
        address newKey,
        bytes32 reasonDigest,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(CLAIM_TYPEHASH, number, newKey, reasonDigest, _useNonce(newKey), deadline)
        );
        _requireSignature(newKey, structHash, deadline, signature);
        _claim(number, newKey, reasonDigest);
    }

    /// @inheritdoc IKeyRecovery
    function decide(uint256 number, address newKey) external onlyTimelock {
        uint256 guardians = _circles[number].guardians.length;
        if (guardians != 0) revert KeyRecoveryGuarded(number, guardians);
        if (_stands(number)) revert KeyRecoveryPending(number, _requests[number].newKey);
        if (number == 0 || claimOf(newKey).number != number) revert KeyRecoveryNoClaim(number, newKey);
        _requireFree(newKey);
        address oldKey = _claims[newKey].oldKey;
        delete _claims[newKey];
        _open(number, newKey, oldKey, Origin.Members);
        _startDelay(number);
    }

    /// @inheritdoc IKeyRecovery
    function complete(uint256 number) external {
        Request memory pending = _requests[number];
        _requireStanding(number, pending.newKey);
        if (pending.readyAt == 0 || block.timestamp < pending.readyAt) {
            revert KeyRecoveryNotReady(number, pending.readyAt);
        }
        delete _requests[number];
        emit RecoveryCompleted(number, pending.oldKey, pending.newKey);
        _operations().moveKey(number, pending.newKey);
    }

    /// @inheritdoc IKeyRecovery
    function setDelay(uint32 newDelay) external onlyTimelock {
        uint32 oldDelay = _delay;
        _delay = newDelay;
        _requireParameters();
        emit RecoveryDelayChanged(oldDelay, newDelay);
    }

    /// @inheritdoc IKeyRecovery
    function guardiansOf(uint256 number) external view returns (address[] memory guardians, uint8 threshold) {
        return (_circles[number].guardians, _circles[number].threshold);
    }

    /// @inheritdoc IKeyRecovery
    function requestOf(uint256 number) external view returns (Recovery memory recovery) {
        if (!_stands(number)) return recovery;
        Request memory pending = _requests[number];
        recovery.newKey = pending.newKey;
        recovery.oldKey = pending.oldKey;
        recovery.approvals = pending.approvals;
        recovery.readyAt = pending.readyAt;
        recovery.lapsesAt = _lapsesAt(pending);
        recovery.origin = pending.origin;
    }

    /// @inheritdoc IKeyRecovery
    function claimOf(address newKey) public view returns (Claim memory) {
        Entry memory entry = _claims[newKey];
        if (entry.number == 0 || !_heldSince(entry.number, entry.oldKey, entry.claimedAt)) return Claim(0, 0, 0);
        return Claim({number: entry.number, reasonDigest: entry.reasonDigest, claimedAt: entry.claimedAt});
    }

    /// @inheritdoc IKeyRecovery
    function delay() external view returns (uint32) {
        return _delay;
    }

    /// @inheritdoc RollDesk
    function _requireParameters() internal view override {
        _requireRange("delay", _delay, _floor() / 2, MAX_DELAY);
    }

    function _nameGuardians(address account, address[] calldata guardians, uint8 threshold) private {
        uint256 number = _requireMember(account);
        if (roll().member(number).organisation) revert KeyRecoveryOrganisation(number);
        _requireRange("guardians", guardians.length, 0, MAX_GUARDIANS);
        _requireRange("threshold", threshold, guardians.length == 0 ? 0 : 1, guardians.length);
        // bound: 10 guardians
        for (uint256 i; i < guardians.length; ++i) {
            address guardian = guardians[i];
            bool known = guardian == address(0) || guardian == account;
            // bound: 10 guardians
            for (uint256 j; j < i; ++j) known = known || guardians[j] == guardian;
            if (known) revert KeyRecoveryInvalidGuardian(guardian);
            if (_startedAt[number][guardian] != 0) delete _startedAt[number][guardian];
        }
        _drop(number);
        _circles[number] = Circle(guardians, threshold);
        emit GuardiansNamed(number, guardians, threshold);
    }

    function _request(
        address guardian,
        uint256 number,
        address newKey,
        uint256 deadline,
        bytes calldata signature
    ) private {
        _requireGuardian(number, guardian);
        address oldKey = _requireActive(number).key;
        _requireFree(newKey);
        if (_stands(number) && _requests[number].readyAt != 0) {
            revert KeyRecoveryPending(number, _requests[number].newKey);
        }
        uint48 startedAt = _startedAt[number][guardian];
        if (startedAt != 0 && block.timestamp < startedAt + WINDOW) {
            revert KeyRecoveryTooSoon(number, guardian, startedAt + WINDOW);
        }
        bytes32 structHash = keccak256(abi.encode(RECOVER_TYPEHASH, number, newKey, _useNonce(newKey), deadline));
        _requireSignature(newKey, structHash, deadline, signature);
        _drop(number);
        _startedAt[number][guardian] = uint48(block.timestamp);
        _open(number, newKey, oldKey, Origin.Guardians);
        emit RecoveryRequested(number, newKey, guardian);
        _approve(guardian, number, newKey);
    }

    function _approve(address guardian, uint256 number, address newKey) private {
        _requireStanding(number, newKey);
        uint16 mark = _requireGuardian(number, guardian);
        Request storage pending = _requests[number];
        if (pending.approved & mark != 0) revert KeyRecoveryAlreadyApproved(number, guardian);
        pending.approved |= mark;
        uint8 approvals = ++pending.approvals;
        emit RecoveryApproved(number, newKey, guardian, approvals);
        if (approvals == _circles[number].threshold) _startDelay(number);
    }

    function _veto(address account, uint256 number, address newKey) private {
        if (number == 0 || roll().numberOf(account) != number) revert KeyRecoveryNotHolder(number, account);
        _requireStanding(number, newKey);
        delete _requests[number];
        emit RecoveryVetoed(number, newKey);
    }

    function _claim(uint256 number, address newKey, bytes32 reasonDigest) private {
        if (number == 0) {
            delete _claims[newKey];
        } else {
            _requireFree(newKey);
            _claims[newKey] = Entry({
                number: uint48(number),
                claimedAt: uint48(block.timestamp),
                oldKey: _requireActive(number).key,
                reasonDigest: reasonDigest
            });
        }
        emit RecoveryClaimed(number, newKey, reasonDigest);
    }

    function _open(uint256 number, address newKey, address oldKey, Origin origin) private {
        _requests[number] = Request({
            newKey: newKey,
            requestedAt: uint48(block.timestamp),
            readyAt: 0,
            oldKey: oldKey,
            approved: 0,
            approvals: 0,
            origin: origin,
            delay: _delay
        });
    }

    function _startDelay(uint256 number) private {
        Request storage pending = _requests[number];
        uint48 readyAt = uint48(block.timestamp) + pending.delay;
        pending.readyAt = readyAt;
        emit RecoveryDelayed(number, pending.newKey, pending.origin, readyAt);
    }

    /// @dev Ends a request, and forgets one that does not stand, so that it never can again.
    function _drop(uint256 number) private {
        bool stood = _stands(number);
        address newKey = _requests[number].newKey;
        delete _requests[number];
        if (stood) emit RecoveryDropped(number, newKey);
    }

    /// @dev The roll would refuse it in the end; better now than after the delay.
    function _requireFree(address newKey) private view {
        uint256 number = roll().numberOf(newKey);
        if (number != 0) revert IMembership.MembershipAlreadyMember(newKey, number);
    }

    /// @return mark The guardian's bit.
    function _requireGuardian(uint256 number, address account) private view returns (uint16 mark) {
        address[] storage guardians = _circles[number].guardians;
        uint256 count = guardians.length;
        // bound: 10 guardians
        for (uint256 i; i < count; ++i) {
            if (guardians[i] == account) return uint16(1 << i);
        }
        revert KeyRecoveryNotGuardian(number, account);
    }

    function _requireStanding(uint256 number, address newKey) private view {
        if (!_stands(number) || _requests[number].newKey != newKey) revert KeyRecoveryNoRequest(number, newKey);
    }

    function _stands(uint256 number) private view returns (bool) {
        Request memory pending = _requests[number];
        if (pending.newKey == address(0) || block.timestamp >= _lapsesAt(pending)) return false;
        return _heldSince(number, pending.oldKey, pending.requestedAt);
    }

    /// @dev Whether a key holds a number and has since a moment: a member who moved away, and even back, has the key.
    function _heldSince(uint256 number, address key, uint48 moment) private view returns (bool) {
        VoterWord holder = roll().voterOf(key);
        return holder.isActive() && holder.number() == number && holder.holdsSince() <= moment;
    }

    /// @dev Both signed by the same scheme: who, which number, which new key.
    function _requireSigned(
        bytes32 typeHash,
        address account,
        uint256 number,
        address newKey,
        uint256 deadline,
        bytes calldata signature
    ) private {
        bytes32 structHash = keccak256(abi.encode(typeHash, account, number, newKey, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
    }

    function _lapsesAt(Request memory pending) private pure returns (uint48) {
        return (pending.readyAt == 0 ? pending.requestedAt : pending.readyAt) + WINDOW;
    }
}
