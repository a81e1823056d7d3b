// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IMembership} from "../IMembership.sol";
import {IConfirmations} from "./IConfirmations.sol";
import {RollDesk} from "./RollDesk.sol";

/// @title Confirmations
/// @notice See {IConfirmations}.
contract Confirmations is IConfirmations, RollDesk {
    uint256 private constant MAX_BATCH = 100;
    uint256 private constant MAX_MARKED = 64;
    uint256 private constant MAX_PERIOD = 1096 days;

    /// @inheritdoc IConfirmations
    /// @dev The return of a dormant member needs about 115,000; the rest is for wallets that are contracts.
    // solhint-disable-next-line private-vars-leading-underscore
    uint256 public constant GAS_BY_REQUEST = 250_000;

    bytes32 private constant CONFIRM_TYPEHASH = keccak256("Confirm(address account,uint256 nonce,uint256 deadline)");

    uint32 private _period;

    /// @param name_ See {SignedRequests}.
    /// @param firstPeriod See {IConfirmations-setPeriod}; its range is checked when the desk is bound.
    constructor(string memory name_, uint32 firstPeriod) RollDesk(name_) {
        _period = firstPeriod;
        emit ConfirmationPeriodChanged(0, firstPeriod);
    }

    /// @inheritdoc IConfirmations
    function confirm() external {
        _confirm(msg.sender);
    }

    /// @inheritdoc IConfirmations
    function confirmBySig(address account, uint256 deadline, bytes calldata signature) external {
        _confirmBySig(account, deadline, signature);
    }

    /// @inheritdoc IConfirmations
    function confirmMany(ConfirmRequest[] calldata requests) external returns (uint256 confirmed) {
        _requireBatch(requests.length, MAX_BATCH);
        // EIP-150: a call gets 63/64 of what is left at the most.
        uint256 needed = GAS_BY_REQUEST + GAS_BY_REQUEST / 32;
        // bound: a batch, 100 confirmations
        for (uint256 i; i < requests.length; ++i) {
            if (gasleft() < needed) revert ConfirmationsGasTooLow(i, gasleft(), needed);
            try this.confirmOne{gas: GAS_BY_REQUEST}(requests[i]) {
                ++confirmed;
            } catch (bytes memory reason) {
                emit ConfirmationSkipped(i, requests[i].account, reason);
            }
        }
    }

    /// @inheritdoc IConfirmations
    function confirmOne(ConfirmRequest calldata request) external {
        if (msg.sender != address(this)) revert ConfirmationsUnauthorized(msg.sender);
        _confirmBySig(request.account, request.deadline, request.signature);
    }

    /// @inheritdoc IConfirmations
    function markDormant(uint256[] calldata numbers) external returns (uint256 marked) {
        _requireBatch(numbers.length, MAX_MARKED);
        // bound: a batch, 64 numbers
        for (uint256 i; i < numbers.length; ++i) {
            if (!isOverdue(numbers[i])) continue;
            _operations().setPaused(numbers[i], true);
            ++marked;
        }
        if (marked == 0) revert ConfirmationsNoneOverdue(numbers.length);
    }

    /// @inheritdoc IConfirmations
    function setPeriod(uint32 newPeriod) external onlyTimelock {
        uint32 oldPeriod = _period;
        _period = newPeriod;
        _requireParameters();
        emit ConfirmationPeriodChanged(oldPeriod, newPeriod);
    }

    /// @inheritdoc IConfirmations
    function period() external view returns (uint32) {
        return _period;
    }

    /// @inheritdoc IConfirmations
    function isOverdue(uint256 number) public view returns (bool) {
        uint256 due = dueAt(number);
        return due != 0 && block.timestamp > due;
    }

    /// @inheritdoc IConfirmations
    function dueAt(uint256 number) public view returns (uint256) {
        if (number == 0 || number > roll().lastNumber()) return 0;
        IMembership.Member memory entry = roll().member(number);
        if (entry.status != IMembership.MemberStatus.Active || entry.pauses != 0) return 0;
        // Whose vote matured or came back after the last confirmation was not asked for one before that.
        return Math.max(entry.confirmedAt, entry.votesFrom) + _period;
    }

    /// @inheritdoc RollDesk
    function _requireParameters() internal view override {
        _requireRange("period", _period, 4 * _floor(), MAX_PERIOD);
    }

    function _confirmBySig(address account, uint256 deadline, bytes calldata signature) private {
        bytes32 structHash = keccak256(abi.encode(CONFIRM_TYPEHASH, account, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _confirm(account);
    }

    function _confirm(address account) private {
        uint256 number = _requireMember(account);
        _operations().recordConfirmation(number);
        // Does nothing for whom is not dormant, and is cheaper than to ask first.
        _operations().setPaused(number, false);
    }

    function _requireBatch(uint256 size, uint256 limit) private pure {
        if (size == 0 || size > limit) revert ConfirmationsBatchSize(size, limit);
    }
}
