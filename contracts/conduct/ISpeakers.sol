// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICharter} from "../charter/ICharter.sol";
import {IMembership} from "../membership/IMembership.sol";

/// @title ISpeakers
/// @notice Who may speak in the coalition: everybody on the roll, with a vote or without, who accepted the Code of
/// Conduct in its current version and whose speech is not suspended.
///
/// @dev The Code is a document of the charter, and its versions are the charter's. A suspension of speech is kept here
/// and nowhere else: nothing that holds it can reach a vote or a membership. The roll's own suspensions, which only a
/// decision of the members makes, count beside it.
interface ISpeakers {
    /// @notice What is known of a member as a speaker.
    struct Speaker {
        /// Whether any version of the Code was accepted, and the last one that was.
        bool hasAccepted;
        uint32 accepted;
        /// Last second of the suspension by a case that ends last, in seconds since 1970; 0 if there is none.
        uint48 suspendedUntil;
        /// The case that suspended until then; 0 if none did.
        uint32 suspendedBy;
    }

    /// @notice A member accepted a version of the Code.
    event CodeAccepted(uint256 indexed number, uint256 indexed version);

    /// @notice A case suspended a member's speech, or changed until when.
    /// @param until Last second of it; 0 if the suspension was lifted.
    event SpeechSuspended(uint256 indexed number, uint256 indexed caseId, uint48 until);

    /// @notice Who decides cases was set, for good.
    event ConductBound(address indexed conduct);

    /// @notice The charter has no such document.
    error SpeakersUnknownCode(uint256 document, uint256 lastDocument);

    /// @notice The key holds no member number.
    error SpeakersNotOnRoll(address account);

    /// @notice The version is not the one that is in force.
    error SpeakersVersionNotInForce(uint256 version, uint256 current);

    /// @notice The member has not accepted the version of the Code that is in force.
    error SpeakersCodeNotAccepted(uint256 number, uint256 current);

    /// @notice The member's speech is suspended, by a case, until this second.
    error SpeakersSuspended(uint256 number, uint256 caseId, uint48 until);

    /// @notice Only the contract that decides cases may call this.
    error SpeakersUnauthorized(address caller, address expected);

    /// @notice The speakers serve a contract that decides cases already.
    error SpeakersBound(address conduct);

    /// @notice Binds the speakers to the contract that calls it and decides cases, once.
    function bind() external;

    /// @notice Accepts the Code of Conduct. Any key on the roll, suspended or not.
    /// @dev Emits {CodeAccepted}. Reverts with {SpeakersNotOnRoll}, {SpeakersVersionNotInForce}.
    /// @param version The version in force, so that nobody accepts what they have not read.
    function accept(uint256 version) external;

    /// @notice {accept} for a member who signed the EIP-712 message
    /// `AcceptCode(address account,uint256 version,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function acceptBySig(address account, uint256 version, uint256 deadline, bytes calldata signature) external;

    /// @notice Suspends a member's speech, or changes a suspension. Only the contract that decides cases, which sees to
    /// its bounds.
    /// @dev Emits {SpeechSuspended}. Reverts with {SpeakersUnauthorized}.
    /// @param until Last second of it; 0 to lift it.
    function suspend(uint256 number, uint32 caseId, uint48 until) external;

    /// @notice The number of a member who may speak now.
    /// @dev Reverts with {RollRights-RollRightsRefused}, {SpeakersSuspended}, {SpeakersCodeNotAccepted}.
    function requireSpeaker(address account) external view returns (uint256 number);

    /// @notice What is known of a member number as a speaker. Never reverts.
    function speakerOf(uint256 number) external view returns (Speaker memory);

    /// @notice The document of the charter that is the Code, and its version in force.
    function codeOfConduct() external view returns (uint256 document, uint256 version);

    /// @notice The charter that holds the Code.
    function charter() external view returns (ICharter);

    /// @notice The roll of those who may speak.
    function roll() external view returns (IMembership);

    /// @notice The contract that decides cases; zero before it is bound.
    function conduct() external view returns (address);
}
