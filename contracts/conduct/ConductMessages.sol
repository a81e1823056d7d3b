// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConduct} from "./IConduct.sol";

/// @title ConductMessages
/// @notice What members sign about cases, by EIP-712: a wallet shows whom and what they are about.
library ConductMessages {
    bytes32 private constant COMPLAIN = keccak256(
        "FileComplaint(address account,uint256 respondent,uint256 clause,bytes32 rule,uint256 list,uint256 post,"
        "bytes32 evidence,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RESPOND = keccak256(
        "RespondToCase(address account,uint256 caseId,bytes32 digest,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RULE = keccak256(
        "RuleOnCase(address account,uint256 caseId,bool upheld,bool warn,bool hide,bool erase,bool refer,"
        "uint256 suspension,bytes32 reason,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant APPEAL = keccak256(
        "AppealCase(address account,uint256 caseId,bool toMembers,bytes32 reason,uint256 nonce,uint256 deadline)"
    );

    /// @notice The struct hash of a complaint.
    function complain(
        address account,
        IConduct.Complaint calldata complaint,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        // The fields of a complaint are words already, in the order of the message.
        return
            keccak256(bytes.concat(abi.encode(COMPLAIN, account), abi.encode(complaint), abi.encode(nonce, deadline)));
    }

    /// @notice The struct hash of a response.
    function respond(
        address account,
        uint256 caseId,
        bytes32 digest,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(RESPOND, account, caseId, digest, nonce, deadline));
    }

    /// @notice The struct hash of a ruling that is backed.
    function rule(
        address account,
        uint256 caseId,
        IConduct.Ruling calldata ruling,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return
            keccak256(bytes.concat(abi.encode(RULE, account, caseId), abi.encode(ruling), abi.encode(nonce, deadline)));
    }

    /// @notice The struct hash of an appeal.
    function appeal(
        address account,
        uint256 caseId,
        bool toMembers,
        bytes32 reason,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(APPEAL, account, caseId, toMembers, reason, nonce, deadline));
    }
}
