// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICharter} from "../charter/ICharter.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {RollRights} from "../membership/RollRights.sol";
import {ISpeakers} from "./ISpeakers.sol";

/// @title Speakers
/// @notice See {ISpeakers}.
contract Speakers is ISpeakers, SignedRequests {
    struct Suspension {
        uint48 until;
        uint32 caseId;
    }

    /// @dev Suspensions of one member that are told apart, so that one can be lifted and the others stay.
    uint256 private constant LANES = 8;

    bytes32 private constant ACCEPT_TYPEHASH = keccak256(
        "AcceptCode(address account,uint256 version,uint256 nonce,uint256 deadline)"
    );

    IMembership private immutable ROLL;
    ICharter private immutable CHARTER;
    uint256 private immutable DOCUMENT;

    address private _conduct;
    mapping(uint256 number => Speaker) private _speakers;
    mapping(uint256 number => Suspension[LANES]) private _suspensions;

    /// @param name_ See {SignedRequests}.
    /// @param roll_ The roll of those who may speak.
    /// @param charter_ The charter that holds the Code.
    /// @param document Which of its documents the Code is, from 1.
    constructor(string memory name_, IMembership roll_, ICharter charter_, uint256 document) SignedRequests(name_) {
        (ROLL, CHARTER, DOCUMENT) = (roll_, charter_, document);
        uint256 lastDocument = charter_.lastDocument();
        if (document == 0 || document > lastDocument) revert SpeakersUnknownCode(document, lastDocument);
    }

    /// @inheritdoc ISpeakers
    function bind() external {
        if (_conduct != address(0)) revert SpeakersBound(_conduct);
        _conduct = msg.sender;
        emit ConductBound(msg.sender);
    }

    /// @inheritdoc ISpeakers
    function accept(uint256 version) external {
        _accept(msg.sender, version);
    }

    /// @inheritdoc ISpeakers
    function acceptBySig(address account, uint256 version, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(ACCEPT_TYPEHASH, account, version, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _accept(account, version);
    }

    /// @inheritdoc ISpeakers
    function suspend(uint256 number, uint32 caseId, uint48 until) external {
        if (msg.sender != _conduct) revert SpeakersUnauthorized(msg.sender, _conduct);
        Suspension[LANES] storage lanes = _suspensions[number];
        Suspension storage lane = _laneOf(lanes, caseId);
        // Where all are taken by others that run on, the one that ends first gives way, if it is the shorter one.
        if (lane.caseId == caseId || lane.until < until) (lane.caseId, lane.until) = (caseId, until);
        Suspension memory longest;
        // bound: 8 suspensions
        for (uint256 i; i < LANES; ++i) {
            if (lanes[i].until > longest.until) longest = lanes[i];
        }
        Speaker storage speaker = _speakers[number];
        (speaker.suspendedUntil, speaker.suspendedBy) = (longest.until, longest.caseId);
        emit SpeechSuspended(number, caseId, until);
    }

    /// @inheritdoc ISpeakers
    function requireSpeaker(address account) external view returns (uint256 number) {
        (number, ) = RollRights.requireRight(ROLL, account, IMembership.Right.Speak, block.timestamp);
        Speaker memory speaker = _speakers[number];
        if (speaker.suspendedUntil >= block.timestamp) {
            revert SpeakersSuspended(number, speaker.suspendedBy, speaker.suspendedUntil);
        }
        uint256 current = _current();
        if (!speaker.hasAccepted || speaker.accepted != current) revert SpeakersCodeNotAccepted(number, current);
    }

    /// @inheritdoc ISpeakers
    function speakerOf(uint256 number) external view returns (Speaker memory) {
        return _speakers[number];
    }

    /// @inheritdoc ISpeakers
    function codeOfConduct() external view returns (uint256 document, uint256 version) {
        return (DOCUMENT, _current());
    }

    /// @inheritdoc ISpeakers
    function charter() external view returns (ICharter) {
        return CHARTER;
    }

    /// @inheritdoc ISpeakers
    function roll() external view returns (IMembership) {
        return ROLL;
    }

    /// @inheritdoc ISpeakers
    function conduct() external view returns (address) {
        return _conduct;
    }

    function _accept(address account, uint256 version) private {
        uint256 number = ROLL.numberOf(account);
        if (number == 0) revert SpeakersNotOnRoll(account);
        uint256 current = _current();
        if (version != current) revert SpeakersVersionNotInForce(version, current);
        Speaker storage speaker = _speakers[number];
        (speaker.hasAccepted, speaker.accepted) = (true, uint32(version));
        emit CodeAccepted(number, version);
    }

    /// @dev The suspension by a case; where there is none, the one that ends first, which may be long past.
    function _laneOf(Suspension[LANES] storage lanes, uint32 caseId) private view returns (Suspension storage lane) {
        lane = lanes[0];
        // bound: 8 suspensions
        for (uint256 i; i < LANES; ++i) {
            if (lanes[i].caseId == caseId) return lanes[i];
            if (lanes[i].until < lane.until) lane = lanes[i];
        }
    }

    function _current() private view returns (uint256 version) {
        (, version, , ) = CHARTER.documentOf(DOCUMENT);
    }
}
