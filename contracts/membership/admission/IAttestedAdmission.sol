// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../IMembership.sol";
import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";

/// @title IAttestedAdmission
/// @notice Admits members for whom an issuer that the coalition accredited has signed a statement.
///
/// An issuer attests that a key belongs to a person, or an organisation, of a stakeholder group. What it looks at is
/// its own matter, and the members' when they accredit it, for a scope and until a date. A statement serves one member
/// number, once: it is presented before the vote's queue is entered, and used up by that. As long as it admits the
/// member, nobody but the member puts another in its place: an issuer cannot take away what another has attested.
///
/// @dev The issuer signs the EIP-712 message
/// `Attestation(address account,uint8 group,bool organisation,bytes32 id,uint48 expires)`
/// under this contract's domain; a contract signs by ERC-1271. `id` is the issuer's own, different for each statement,
/// and says nothing about the person.
interface IAttestedAdmission is IAdmissionPolicy {
    /// @notice What an issuer may attest.
    struct Scope {
        /// Stakeholder groups: bit n for the n-th.
        uint8 groups;
        bool persons;
        bool organisations;
        /// First second at which it may no longer, in seconds since 1970.
        uint48 until;
    }

    /// @notice The statement that a member presented last.
    struct Statement {
        address issuer;
        uint48 expires;
        uint8 group;
        bool organisation;
        bytes32 id;
    }

    /// @notice The members accredited an issuer, or changed its scope.
    event IssuerAccredited(address indexed issuer, Scope scope);

    /// @notice The members withdrew an issuer's accreditation: none of its statements admits anybody any more.
    event AccreditationWithdrawn(address indexed issuer);

    /// @notice A statement was presented for a member number, and is used up.
    event StatementPresented(uint256 indexed number, address indexed issuer, bytes32 indexed id, uint48 expires);

    /// @notice A statement was revoked, presented or not.
    event StatementRevoked(address indexed issuer, bytes32 indexed id);

    /// @notice Only the coalition's timelock may call this.
    error AttestedAdmissionUnauthorized(address caller, address timelock);

    /// @notice The scope covers nothing: no group, neither persons nor organisations, or a date that is not in the
    /// future.
    error AttestedAdmissionEmptyScope(address issuer);

    /// @notice The issuer is not accredited for this group and kind now.
    error AttestedAdmissionNotAccredited(address issuer, uint256 group, bool organisation);

    /// @notice The statement was valid until `expires`.
    error AttestedAdmissionExpired(uint48 expires, uint256 current);

    /// @notice The issuer, or the members, revoked the statement.
    error AttestedAdmissionRevoked(address issuer, bytes32 id);

    /// @notice The statement has served a member number.
    error AttestedAdmissionUsed(address issuer, bytes32 id, uint256 number);

    /// @notice The statement is about a key that is not on the roll.
    error AttestedAdmissionNotMember(address account);

    /// @notice The statement speaks of another group or kind than the member's.
    error AttestedAdmissionOtherMember(uint256 number, uint256 group, bool organisation);

    /// @notice The member's present statement still admits: only the member replaces it.
    error AttestedAdmissionStanding(uint256 number, address issuer, bytes32 id);

    /// @notice Accredits an issuer, or changes what it may attest. Only the timelock.
    /// @dev Emits {IssuerAccredited}. Reverts with {AttestedAdmissionUnauthorized}, {AttestedAdmissionEmptyScope}.
    function accredit(address issuer, Scope calldata scope) external;

    /// @notice Withdraws an accreditation. Only the timelock. Who is in the queue for the vote, or votes, stays there.
    /// @dev Emits {AccreditationWithdrawn}. Reverts with {AttestedAdmissionUnauthorized}.
    function withdrawAccreditation(address issuer) external;

    /// @notice Presents a statement about a member. Anyone may call, but only the member in the place of one that
    /// admits.
    /// @dev Emits {StatementPresented}. Reverts with {AttestedAdmissionExpired}, {AttestedAdmissionNotAccredited},
    /// {AttestedAdmissionRevoked}, {AttestedAdmissionUsed}, {AttestedAdmissionNotMember},
    /// {AttestedAdmissionOtherMember}, {AttestedAdmissionStanding}, {SignedRequests-SignedRequestsInvalidSignature}.
    /// @param account The key that the statement is about, which holds a member number now.
    /// @param expires First second at which the statement is no longer valid, in seconds since 1970.
    function present(
        address account,
        address issuer,
        uint8 group,
        bool organisation,
        bytes32 id,
        uint48 expires,
        bytes calldata signature
    ) external;

    /// @notice Revokes a statement of the caller's, presented or not: it admits nobody from now on.
    /// @dev Emits {StatementRevoked}.
    function revoke(bytes32 id) external;

    /// @notice {revoke} for an issuer that signed `Revoke(address issuer,bytes32 id,uint256 nonce,uint256 deadline)`.
    /// Anyone may call and pay.
    function revokeBySig(address issuer, bytes32 id, uint256 deadline, bytes calldata signature) external;

    /// @notice Revokes a statement of an issuer. Only the timelock.
    /// @dev Emits {StatementRevoked}. Reverts with {AttestedAdmissionUnauthorized}.
    function revokeFor(address issuer, bytes32 id) external;

    /// @notice The statement that a member presented last; empty if none.
    function statementOf(uint256 number) external view returns (Statement memory);

    /// @notice The member number that a statement has served; 0 if none.
    function usedBy(address issuer, bytes32 id) external view returns (uint256 number);

    /// @notice Whether a statement was revoked.
    function isRevoked(address issuer, bytes32 id) external view returns (bool);

    /// @notice What an issuer may attest; empty if it is not accredited.
    function accreditationOf(address issuer) external view returns (Scope memory);

    /// @notice The roll that is asked.
    function roll() external view returns (IMembership);

    /// @notice The only account that accredits.
    function timelock() external view returns (address);
}
