// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IMembership} from "../IMembership.sol";
import {SignedRequests} from "../../libraries/SignedRequests.sol";
import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";
import {IAttestedAdmission} from "./IAttestedAdmission.sol";

/// @title AttestedAdmission
/// @notice See {IAttestedAdmission}.
contract AttestedAdmission is IAttestedAdmission, SignedRequests, ERC165 {
    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(address account,uint8 group,bool organisation,bytes32 id,uint48 expires)"
    );
    bytes32 private constant REVOKE_TYPEHASH = keccak256(
        "Revoke(address issuer,bytes32 id,uint256 nonce,uint256 deadline)"
    );

    IMembership private immutable ROLL;
    address private immutable TIMELOCK;

    mapping(address issuer => Scope) private _scopes;
    mapping(address issuer => mapping(bytes32 id => uint256 number)) private _used;
    mapping(address issuer => mapping(bytes32 id => bool)) private _revoked;
    mapping(uint256 number => Statement) private _statements;

    modifier onlyTimelock() {
        if (msg.sender != TIMELOCK) revert AttestedAdmissionUnauthorized(msg.sender, TIMELOCK);
        _;
    }

    /// @param name_ See {SignedRequests}.
    /// @param roll_ The roll that is asked.
    /// @param timelock_ The coalition's timelock, which accredits.
    constructor(string memory name_, IMembership roll_, address timelock_) SignedRequests(name_) {
        (ROLL, TIMELOCK) = (roll_, timelock_);
    }

    /// @inheritdoc IAttestedAdmission
    function accredit(address issuer, Scope calldata scope) external onlyTimelock {
        bool kinds = scope.persons || scope.organisations;
        if (scope.groups == 0 || !kinds || scope.until <= block.timestamp) revert AttestedAdmissionEmptyScope(issuer);
        _scopes[issuer] = scope;
        emit IssuerAccredited(issuer, scope);
    }

    /// @inheritdoc IAttestedAdmission
    function withdrawAccreditation(address issuer) external onlyTimelock {
        delete _scopes[issuer];
        emit AccreditationWithdrawn(issuer);
    }

    /// @inheritdoc IAttestedAdmission
    function present(
        address account,
        address issuer,
        uint8 group,
        bool organisation,
        bytes32 id,
        uint48 expires,
        bytes calldata signature
    ) external {
        if (expires <= block.timestamp) revert AttestedAdmissionExpired(expires, block.timestamp);
        if (!_mayAttest(issuer, group, organisation)) {
            revert AttestedAdmissionNotAccredited(issuer, group, organisation);
        }
        if (_revoked[issuer][id]) revert AttestedAdmissionRevoked(issuer, id);
        if (_used[issuer][id] != 0) revert AttestedAdmissionUsed(issuer, id, _used[issuer][id]);
        uint256 number = _requireMember(account, group, organisation);
        if (msg.sender != account && _admits(number, group)) {
            Statement storage standing = _statements[number];
            revert AttestedAdmissionStanding(number, standing.issuer, standing.id);
        }
        bytes32 structHash = keccak256(abi.encode(ATTESTATION_TYPEHASH, account, group, organisation, id, expires));
        _requireSignature(issuer, structHash, expires, signature);
        _used[issuer][id] = number;
        _statements[number] = Statement(issuer, expires, group, organisation, id);
        emit StatementPresented(number, issuer, id, expires);
    }

    /// @inheritdoc IAttestedAdmission
    function revoke(bytes32 id) external {
        _revoke(msg.sender, id);
    }

    /// @inheritdoc IAttestedAdmission
    function revokeBySig(address issuer, bytes32 id, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(REVOKE_TYPEHASH, issuer, id, _useNonce(issuer), deadline));
        _requireSignature(issuer, structHash, deadline, signature);
        _revoke(issuer, id);
    }

    /// @inheritdoc IAttestedAdmission
    function revokeFor(address issuer, bytes32 id) external onlyTimelock {
        _revoke(issuer, id);
    }

    /// @inheritdoc IAdmissionPolicy
    /// @dev The group is the member's present one: whoever changed it needs another statement.
    function admits(uint256 number, address, uint8 group, bytes calldata) external view returns (bool) {
        return _admits(number, group);
    }

    /// @inheritdoc IAttestedAdmission
    function statementOf(uint256 number) external view returns (Statement memory) {
        return _statements[number];
    }

    /// @inheritdoc IAttestedAdmission
    function usedBy(address issuer, bytes32 id) external view returns (uint256 number) {
        return _used[issuer][id];
    }

    /// @inheritdoc IAttestedAdmission
    function isRevoked(address issuer, bytes32 id) external view returns (bool) {
        return _revoked[issuer][id];
    }

    /// @inheritdoc IAttestedAdmission
    function accreditationOf(address issuer) external view returns (Scope memory) {
        return _scopes[issuer];
    }

    /// @inheritdoc IAttestedAdmission
    function roll() external view returns (IMembership) {
        return ROLL;
    }

    /// @inheritdoc IAttestedAdmission
    function timelock() external view returns (address) {
        return TIMELOCK;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }

    function _revoke(address issuer, bytes32 id) private {
        _revoked[issuer][id] = true;
        emit StatementRevoked(issuer, id);
    }

    function _admits(uint256 number, uint8 group) private view returns (bool) {
        Statement memory statement = _statements[number];
        if (statement.expires <= block.timestamp || statement.group != group) return false;
        if (_revoked[statement.issuer][statement.id]) return false;
        return _mayAttest(statement.issuer, statement.group, statement.organisation);
    }

    function _mayAttest(address issuer, uint256 group, bool organisation) private view returns (bool) {
        Scope memory scope = _scopes[issuer];
        bool kind = organisation ? scope.organisations : scope.persons;
        return kind && scope.until > block.timestamp && (uint256(scope.groups) >> group) & 1 == 1;
    }

    function _requireMember(address account, uint256 group, bool organisation) private view returns (uint256 number) {
        number = ROLL.numberOf(account);
        if (number == 0) revert AttestedAdmissionNotMember(account);
        IMembership.Member memory entry = ROLL.member(number);
        if (entry.group != group || entry.organisation != organisation) {
            revert AttestedAdmissionOtherMember(number, entry.group, entry.organisation);
        }
    }
}
