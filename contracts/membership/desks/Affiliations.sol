// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../IMembership.sol";
import {IAffiliations} from "./IAffiliations.sol";
import {IClaims} from "./IClaims.sol";
import {RollDesk} from "./RollDesk.sol";

/// @title Affiliations
/// @notice See {IAffiliations}.
/// @dev Whoever signs is named in what is signed: a contract that answers for several accounts by one key cannot be
/// made to mean another of them. Where two sign, they are never the same account, so the order of nonces never
/// matters.
contract Affiliations is IAffiliations, RollDesk {
    /// @dev One slot.
    struct Affiliation {
        uint32 organisation;
        /// When it changed last, by whose act ever.
        uint48 changedAt;
        /// When the person or the members changed it last: where the cooldown starts.
        uint48 chosenAt;
        /// Whether it is what the members decided.
        bool imposed;
    }

    uint256 private constant MAX_BATCH = 64;
    uint256 private constant MAX_COOLDOWN = 730 days;

    bytes32 private constant JOIN_TYPEHASH = keccak256(
        "JoinAsOrganisation(address representative,address owner,uint8 group,bytes32 codeDigest,bytes evidence,"
        "uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant OWN_TYPEHASH = keccak256(
        "Own(address representative,address owner,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REPLACE_TYPEHASH = keccak256(
        "ReplaceRepresentative(address owner,uint256 number,address newKey,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REPRESENT_TYPEHASH = keccak256(
        "Represent(uint256 number,address newKey,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant PASS_TYPEHASH = keccak256(
        "PassOwnership(address owner,uint256 number,address newOwner,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant TAKE_TYPEHASH = keccak256(
        "TakeOwnership(uint256 number,address newOwner,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant AFFILIATE_TYPEHASH = keccak256(
        "Affiliate(address account,uint256 organisation,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant DISOWN_TYPEHASH = keccak256(
        "Disown(address account,uint256 number,uint256 nonce,uint256 deadline)"
    );

    bool private _oneVoice;
    uint32 private _cooldown;
    mapping(uint256 organisation => address) private _owners;
    mapping(uint256 organisation => uint256) private _counts;
    mapping(uint256 number => Affiliation) private _affiliations;

    /// @param name_ See {SignedRequests}.
    /// @param firstOneVoice See {IAffiliations-setRule}.
    /// @param firstCooldown See {IAffiliations-setRule}.
    constructor(string memory name_, bool firstOneVoice, uint32 firstCooldown) RollDesk(name_) {
        _setRule(firstOneVoice, firstCooldown);
    }

    /// @inheritdoc IAffiliations
    function joinAsOrganisation(
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        address owner,
        uint256 deadline,
        bytes calldata ownerSignature
    ) external returns (uint256) {
        _requireOwnership(msg.sender, owner, deadline, ownerSignature);
        return _join(msg.sender, group, codeDigest, evidence, owner);
    }

    /// @inheritdoc IAffiliations
    function joinAsOrganisationBySig(
        address representative,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        address owner,
        uint256 deadline,
        bytes calldata representativeSignature,
        bytes calldata ownerSignature
    ) external returns (uint256) {
        _requireOwnership(representative, owner, deadline, ownerSignature);
        bytes32 structHash = _hashJoin(representative, owner, group, codeDigest, evidence, deadline);
        _requireSignature(representative, structHash, deadline, representativeSignature);
        return _join(representative, group, codeDigest, evidence, owner);
    }

    /// @inheritdoc IAffiliations
    function replaceRepresentative(
        uint256 organisation,
        address newKey,
        uint256 deadline,
        bytes calldata newKeySignature
    ) external {
        _replaceRepresentative(msg.sender, organisation, newKey, deadline, newKeySignature);
    }

    /// @inheritdoc IAffiliations
    function replaceRepresentativeBySig(
        address owner,
        uint256 organisation,
        address newKey,
        uint256 deadline,
        bytes calldata ownerSignature,
        bytes calldata newKeySignature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(REPLACE_TYPEHASH, owner, organisation, newKey, _useNonce(owner), deadline)
        );
        _requireSignature(owner, structHash, deadline, ownerSignature);
        _replaceRepresentative(owner, organisation, newKey, deadline, newKeySignature);
    }

    /// @inheritdoc IAffiliations
    function passOwnership(
        uint256 organisation,
        address newOwner,
        uint256 deadline,
        bytes calldata newOwnerSignature
    ) external {
        _passOwnership(msg.sender, organisation, newOwner, deadline, newOwnerSignature);
    }

    /// @inheritdoc IAffiliations
    function passOwnershipBySig(
        address owner,
        uint256 organisation,
        address newOwner,
        uint256 deadline,
        bytes calldata ownerSignature,
        bytes calldata newOwnerSignature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(PASS_TYPEHASH, owner, organisation, newOwner, _useNonce(owner), deadline)
        );
        _requireSignature(owner, structHash, deadline, ownerSignature);
        _passOwnership(owner, organisation, newOwner, deadline, newOwnerSignature);
    }

    /// @inheritdoc IAffiliations
    function affiliate(uint256 organisation) external {
        _affiliate(msg.sender, organisation);
    }

    /// @inheritdoc IAffiliations
    function affiliateBySig(
        address account,
        uint256 organisation,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(AFFILIATE_TYPEHASH, account, organisation, _useNonce(account), deadline)
        );
        _requireSignature(account, structHash, deadline, signature);
        _affiliate(account, organisation);
    }

    /// @inheritdoc IAffiliations
    function disown(uint256 number) external {
        _disown(msg.sender, number);
    }

    /// @inheritdoc IAffiliations
    function disownBySig(address account, uint256 number, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(DISOWN_TYPEHASH, account, number, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _disown(account, number);
    }

    /// @inheritdoc IAffiliations
    function settle(uint256[] calldata numbers) external {
        if (numbers.length == 0 || numbers.length > MAX_BATCH) revert AffiliationsBatchSize(numbers.length, MAX_BATCH);
        // bound: a batch, 64 numbers
        for (uint256 i; i < numbers.length; ++i) {
            uint256 number = numbers[i];
            // Without an affiliation there is nothing to settle: its end gave the vote back.
            if (_affiliations[number].organisation == 0) continue;
            IMembership.Member memory person = roll().member(number);
            if (person.status == IMembership.MemberStatus.Active) _settle(person);
            else _write(number, 0);
        }
    }

    /// @inheritdoc IAffiliations
    function impose(uint256 number, uint256 organisation) external {
        address claims = address(_claims());
        if (msg.sender != claims) revert AffiliationsUnauthorized(msg.sender, claims);
        _choose(number, organisation, true);
    }

    /// @inheritdoc IAffiliations
    function setRule(bool oneVoice, uint32 cooldown) external onlyTimelock {
        _setRule(oneVoice, cooldown);
        _requireParameters();
    }

    /// @inheritdoc IAffiliations
    function organisationOf(uint256 number) external view returns (uint256) {
        return _affiliations[number].organisation;
    }

    /// @inheritdoc IAffiliations
    function ownerOf(uint256 organisation) external view returns (address) {
        return _owners[organisation];
    }

    /// @inheritdoc IAffiliations
    function affiliatedCount(uint256 organisation) external view returns (uint256) {
        return _counts[organisation];
    }

    /// @inheritdoc IAffiliations
    function rule() external view returns (bool oneVoice, uint32 cooldown) {
        return (_oneVoice, _cooldown);
    }

    /// @inheritdoc IAffiliations
    function isRepresented(uint256 number) external view returns (bool) {
        if (_affiliations[number].organisation == 0) return false;
        return roll().member(number).status == IMembership.MemberStatus.Active && _isRepresented(number);
    }

    /// @inheritdoc IAffiliations
    function changeableAt(uint256 number) public view returns (uint256) {
        uint256 chosenAt = _affiliations[number].chosenAt;
        return chosenAt == 0 ? 0 : chosenAt + _cooldown;
    }

    /// @inheritdoc IAffiliations
    function changedAt(uint256 number) external view returns (uint48) {
        return _affiliations[number].changedAt;
    }

    /// @inheritdoc RollDesk
    function _requireParameters() internal view override {
        _requireRange("cooldown", _cooldown, _floor(), MAX_COOLDOWN);
    }

    function _join(
        address representative,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        address owner
    ) private returns (uint256 organisation) {
        organisation = _operations().joinFor(representative, group, codeDigest, evidence);
        _owners[organisation] = owner;
        emit OrganisationJoined(organisation, representative, owner);
    }

    /// @dev Uses up the representative's nonce.
    function _hashJoin(
        address representative,
        address owner,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        uint256 deadline
    ) private returns (bytes32) {
        uint256 nonce = _useNonce(representative);
        bytes32 digest = keccak256(evidence);
        return keccak256(abi.encode(JOIN_TYPEHASH, representative, owner, group, codeDigest, digest, nonce, deadline));
    }

    function _replaceRepresentative(
        address owner,
        uint256 organisation,
        address newKey,
        uint256 deadline,
        bytes calldata newKeySignature
    ) private {
        _requireOrganisation(organisation);
        _requireOwner(organisation, owner);
        if (newKey == owner) revert AffiliationsOwnRepresentative(newKey);
        bytes32 structHash = keccak256(
            abi.encode(REPRESENT_TYPEHASH, organisation, newKey, _useNonce(newKey), deadline)
        );
        _requireSignature(newKey, structHash, deadline, newKeySignature);
        emit RepresentativeReplaced(organisation, newKey);
        _operations().moveKey(organisation, newKey);
    }

    function _passOwnership(
        address owner,
        uint256 organisation,
        address newOwner,
        uint256 deadline,
        bytes calldata newOwnerSignature
    ) private {
        IMembership.Member memory entry = _requireOrganisation(organisation);
        _requireOwner(organisation, owner);
        if (newOwner == owner) revert AffiliationsSameOwner(organisation, owner);
        if (newOwner == entry.key) revert AffiliationsOwnRepresentative(newOwner);
        bytes32 structHash = keccak256(
            abi.encode(TAKE_TYPEHASH, organisation, newOwner, _useNonce(newOwner), deadline)
        );
        _requireSignature(newOwner, structHash, deadline, newOwnerSignature);
        _owners[organisation] = newOwner;
        emit OwnershipPassed(organisation, owner, newOwner);
    }

    function _affiliate(address account, uint256 organisation) private {
        uint256 number = _requireMember(account);
        _requireCooledDown(number);
        IClaims claims = _claims();
        uint256 id = claims.openChallenge(number, IClaims.Claim.Affiliation);
        if (id != 0 && claims.challengeOf(id).state == IClaims.State.Raised) {
            revert AffiliationsUnderChallenge(number, id);
        }
        _choose(number, organisation, false);
    }

    function _disown(address account, uint256 number) private {
        uint256 organisation = _requireMember(account);
        Affiliation storage affiliation = _affiliations[number];
        if (affiliation.organisation != organisation) {
            revert AffiliationsNotAffiliated(number, affiliation.organisation);
        }
        if (affiliation.imposed) _requireCooledDown(number);
        _write(number, 0);
        IMembership.Member memory person = roll().member(number);
        if (person.status == IMembership.MemberStatus.Active) _settle(person);
    }

    /// @dev An affiliation as the person, or the members for them, have it from now on.
    function _choose(uint256 number, uint256 organisation, bool imposed) private {
        IMembership.Member memory person = _requireActive(number);
        if (person.organisation) revert AffiliationsNotPerson(number);
        Affiliation storage affiliation = _affiliations[number];
        if (organisation == affiliation.organisation) revert AffiliationsUnchanged(number, organisation);
        if (organisation != 0) _requireOrganisation(organisation);
        affiliation.chosenAt = uint48(block.timestamp);
        affiliation.imposed = imposed;
        _write(number, organisation);
        _settle(person);
    }

    /// @dev The record alone, not what follows for the vote.
    function _write(uint256 number, uint256 organisation) private {
        Affiliation storage affiliation = _affiliations[number];
        uint256 old = affiliation.organisation;
        if (old != 0) --_counts[old];
        if (organisation != 0) ++_counts[organisation];
        // A member number, which the roll keeps in 32 bits.
        affiliation.organisation = uint32(organisation);
        affiliation.changedAt = uint48(block.timestamp);
        emit AffiliationChanged(number, old, organisation);
    }

    /// @dev Pauses or resumes the vote of a person on the roll, if it is not as it should be.
    function _settle(IMembership.Member memory person) private {
        bool paused = (person.pauses >> uint8(IMembership.Pause.Represented)) & 1 != 0;
        bool represented = _isRepresented(person.number);
        if (paused != represented) _operations().setPaused(person.number, represented);
    }

    function _setRule(bool oneVoice, uint32 cooldown) private {
        emit AffiliationRuleChanged(_oneVoice, oneVoice, _cooldown, cooldown);
        (_oneVoice, _cooldown) = (oneVoice, cooldown);
    }

    /// @dev Uses up the owner's consent to own what a representative is about to join.
    function _requireOwnership(
        address representative,
        address owner,
        uint256 deadline,
        bytes calldata signature
    ) private {
        if (representative == owner) revert AffiliationsOwnRepresentative(owner);
        bytes32 structHash = keccak256(abi.encode(OWN_TYPEHASH, representative, owner, _useNonce(owner), deadline));
        _requireSignature(owner, structHash, deadline, signature);
    }

    /// @dev An organisation on the roll; reverts if nobody holds the number any more, or a person does.
    function _requireOrganisation(uint256 number) private view returns (IMembership.Member memory entry) {
        entry = _requireActive(number);
        if (!entry.organisation) revert AffiliationsNotOrganisation(number);
    }

    function _requireOwner(uint256 organisation, address account) private view {
        address owner = _owners[organisation];
        if (account != owner) revert AffiliationsNotOwner(organisation, account, owner);
    }

    function _requireCooledDown(uint256 number) private view {
        uint256 moment = changeableAt(number);
        if (block.timestamp < moment) revert AffiliationsTooEarly(number, moment);
    }

    function _claims() private view returns (IClaims) {
        return IClaims(_operations().desks().claims);
    }

    /// @dev Of a person on the roll. An organisation that only participates, or is dormant, votes for nobody.
    function _isRepresented(uint256 number) private view returns (bool) {
        uint256 organisation = _affiliations[number].organisation;
        if (!_oneVoice || organisation == 0) return false;
        IMembership.Member memory entry = roll().member(organisation);
        return entry.status == IMembership.MemberStatus.Active && entry.pauses == 0;
    }
}
