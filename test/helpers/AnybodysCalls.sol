// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {CoalitionTimelock} from "../../contracts/governance/CoalitionTimelock.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {IRollOperations} from "../../contracts/membership/IRollOperations.sol";
import {Membership} from "../../contracts/membership/Membership.sol";
import {Affiliations} from "../../contracts/membership/desks/Affiliations.sol";
import {Claims} from "../../contracts/membership/desks/Claims.sol";
import {Confirmations} from "../../contracts/membership/desks/Confirmations.sol";
import {Delegations} from "../../contracts/membership/desks/Delegations.sol";
import {IClaims} from "../../contracts/membership/desks/IClaims.sol";
import {IConfirmations} from "../../contracts/membership/desks/IConfirmations.sol";
import {IMemberDesk} from "../../contracts/membership/desks/IMemberDesk.sol";
import {KeyRecovery} from "../../contracts/membership/desks/KeyRecovery.sol";
import {MemberDesk} from "../../contracts/membership/desks/MemberDesk.sol";
import {Decisions} from "./Decisions.sol";
import {Signing} from "./Signing.sol";

/// @title AnybodysCalls
/// @notice Every function of the roll and its desks that changes something, as an ordinary account calls it, with
/// whatever such an account can sign. `test/docs/properties.test.ts` sees to it that none is left out.
abstract contract AnybodysCalls is Decisions, Signing {
    /// @dev Who calls, with whom in mind. Keys are private ones.
    struct Draw {
        uint256 callerKey;
        address caller;
        uint256 otherKey;
        address other;
        uint256 own;
        uint256 number;
        uint256 value;
    }

    uint256 internal constant LISTS = 8;
    bytes32 internal constant CODE = keccak256("code of conduct");
    /// @dev Owns every organisation, and never is a member.
    uint256 private constant OWNER = 1_000;

    CoalitionGovernor internal immutable GOVERNOR;
    CoalitionTimelock internal immutable TIMELOCK;
    Membership internal immutable MEMBERSHIP;
    MemberDesk private immutable REQUESTS;
    Confirmations private immutable CONFIRMATIONS;
    KeyRecovery private immutable RECOVERY;
    Affiliations private immutable AFFILIATIONS;
    Claims private immutable CLAIMS;
    Delegations private immutable DELEGATIONS;

    constructor(CoalitionGovernor governor, Membership membership) {
        (GOVERNOR, MEMBERSHIP) = (governor, membership);
        TIMELOCK = CoalitionTimelock(payable(membership.timelock()));
        IRollOperations.Desks memory desks = membership.desks();
        (REQUESTS, CONFIRMATIONS) = (MemberDesk(desks.requests), Confirmations(desks.confirmations));
        (RECOVERY, AFFILIATIONS) = (KeyRecovery(desks.recovery), Affiliations(desks.affiliations));
        (CLAIMS, DELEGATIONS) = (Claims(desks.claims), Delegations(desks.delegations));
    }

    function _callsOf(uint256 list, Draw memory d) internal view returns (address target, bytes[] memory calls) {
        if (list == 0) return (address(MEMBERSHIP), _rollRules(d));
        if (list == 1) return (address(MEMBERSHIP), _rollFaces(d));
        if (list == 2) return (address(REQUESTS), _requestCalls(d));
        if (list == 3) return (address(CONFIRMATIONS), _confirmationCalls(d));
        if (list == 4) return (address(RECOVERY), _recoveryCalls(d));
        if (list == 5) return (address(AFFILIATIONS), _affiliationCalls(d));
        if (list == 6) return (address(CLAIMS), _claimCalls(d));
        return (address(DELEGATIONS), _delegationCalls(d));
    }

    function _joinCall(Draw memory d) internal pure returns (bytes memory) {
        return abi.encodeCall(IMembership.join, (uint8(d.value % 2), CODE, ""));
    }

    function _rotateCall(Draw memory d) internal view returns (bytes memory) {
        bytes memory consent = _signRotation(d.otherKey, d);
        return abi.encodeCall(MemberDesk.rotateKey, (d.other, block.timestamp, consent));
    }

    /// @dev What the timelock and the desks do on the roll.
    function _rollRules(Draw memory d) private view returns (bytes[] memory c) {
        c = new bytes[](15);
        c[0] = abi.encodeCall(MEMBERSHIP.end, (d.number));
        c[1] = abi.encodeCall(MEMBERSHIP.pardon, (d.other));
        c[2] = abi.encodeCall(MEMBERSHIP.suspend, (d.number, 15, uint48(block.timestamp + 1 days)));
        c[3] = abi.encodeCall(MEMBERSHIP.restore, (d.number, 15));
        c[4] = abi.encodeCall(MEMBERSHIP.setAdmissionPolicy, (MEMBERSHIP.admissionPolicy()));
        c[5] = abi.encodeCall(MEMBERSHIP.setMaturity, (MEMBERSHIP.maturity()));
        c[6] = abi.encodeCall(MEMBERSHIP.setCodeOfConduct, (CODE));
        c[7] = abi.encodeCall(MEMBERSHIP.joinFor, (d.other, 0, CODE, ""));
        c[8] = abi.encodeCall(MEMBERSHIP.resignFor, (d.other));
        c[9] = abi.encodeCall(MEMBERSHIP.moveKey, (d.number, d.caller));
        c[10] = abi.encodeCall(MEMBERSHIP.moveGroup, (d.number, 1));
        c[11] = abi.encodeCall(MEMBERSHIP.setPaused, (d.number, d.value % 2 == 0));
        c[12] = abi.encodeCall(MEMBERSHIP.recordConfirmation, (d.number));
        c[13] = abi.encodeCall(MEMBERSHIP.recordDelegation, (d.number, 0, d.own));
        c[14] = abi.encodeCall(MEMBERSHIP.recordDelegate, (d.number));
    }

    /// @dev What its standard faces offer.
    function _rollFaces(Draw memory d) private view returns (bytes[] memory c) {
        c = new bytes[](10);
        c[0] = abi.encodeCall(MEMBERSHIP.join, (uint8(d.value % 2), CODE, ""));
        c[1] = abi.encodeCall(MEMBERSHIP.qualify, (d.number, ""));
        c[2] = abi.encodeCall(MEMBERSHIP.resign, ());
        c[3] = abi.encodeCall(MEMBERSHIP.transferFrom, (d.other, d.caller, d.number));
        c[4] = abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", d.other, d.caller, d.number);
        c[5] = abi.encodeCall(MEMBERSHIP.approve, (d.caller, d.number));
        c[6] = abi.encodeCall(MEMBERSHIP.setApprovalForAll, (d.caller, true));
        c[7] = abi.encodeCall(MEMBERSHIP.delegate, (d.other));
        c[8] = abi.encodeCall(MEMBERSHIP.delegateBySig, (d.other, 0, block.timestamp, 27, CODE, CODE));
        c[9] = abi.encodeWithSignature(
            "safeTransferFrom(address,address,uint256,bytes)",
            d.other,
            d.caller,
            d.number,
            ""
        );
    }

    function _requestCalls(Draw memory d) private view returns (bytes[] memory c) {
        uint256 last = block.timestamp;
        address desk = address(REQUESTS);
        uint8 group = uint8(d.value % 2);
        bytes memory message = _joinMessage(d.other, group, CODE, "", REQUESTS.nonces(d.other), last);
        bytes memory signature = _sign(d.otherKey, "Coalition", desk, message);
        IMemberDesk.JoinRequest[] memory requests = new IMemberDesk.JoinRequest[](1);
        requests[0] = IMemberDesk.JoinRequest(d.other, group, CODE, "", last, signature);
        c = new bytes[](7);
        c[0] = abi.encodeCall(REQUESTS.joinBySig, (d.other, group, CODE, "", last, signature));
        c[1] = abi.encodeCall(REQUESTS.joinMany, (requests));
        c[2] = abi.encodeCall(REQUESTS.joinOne, (requests[0]));
        signature = _own(desk, d.callerKey, "Resign(address account,uint256 nonce,uint256 deadline)", "");
        // Of the caller, and by the caller of somebody else.
        c[3] = abi.encodeCall(REQUESTS.resignBySig, (d.value % 2 == 0 ? d.caller : d.other, last, signature));
        c[4] = _rotateCall(d);
        signature = _signRotation(d.callerKey, d);
        bytes memory consent = _signRotation(d.otherKey, d);
        c[5] = abi.encodeCall(REQUESTS.rotateKeyBySig, (d.caller, d.other, last, signature, consent));
        c[6] = abi.encodeCall(REQUESTS.bind, (60));
    }

    function _confirmationCalls(Draw memory d) private view returns (bytes[] memory c) {
        uint256 last = block.timestamp;
        string memory kind = "Confirm(address account,uint256 nonce,uint256 deadline)";
        bytes memory signature = _own(address(CONFIRMATIONS), d.callerKey, kind, "");
        IConfirmations.ConfirmRequest[] memory requests = new IConfirmations.ConfirmRequest[](1);
        requests[0] = IConfirmations.ConfirmRequest(d.caller, last, signature);
        c = new bytes[](7);
        c[0] = abi.encodeCall(CONFIRMATIONS.confirm, ());
        c[1] = abi.encodeCall(CONFIRMATIONS.confirmBySig, (d.caller, last, signature));
        c[2] = abi.encodeCall(CONFIRMATIONS.confirmMany, (requests));
        c[3] = abi.encodeCall(CONFIRMATIONS.confirmOne, (requests[0]));
        c[4] = abi.encodeCall(CONFIRMATIONS.markDormant, (_everyone()));
        c[5] = abi.encodeCall(CONFIRMATIONS.setPeriod, (32 days));
        c[6] = abi.encodeCall(CONFIRMATIONS.bind, (60));
    }

    function _recoveryCalls(Draw memory d) private view returns (bytes[] memory c) {
        c = new bytes[](14);
        (uint256 last, address desk) = (block.timestamp, address(RECOVERY));
        address[] memory circle = new address[](1);
        circle[0] = d.other;
        c[0] = abi.encodeCall(RECOVERY.nameGuardians, (circle, 1));
        bytes memory signature = _own(
            desk,
            d.callerKey,
            "NameGuardians(address account,address[] guardians,uint8 threshold,uint256 nonce,uint256 deadline)",
            abi.encode(keccak256(abi.encode(d.other)), 1)
        );
        c[1] = abi.encodeCall(RECOVERY.nameGuardiansBySig, (d.caller, circle, 1, last, signature));
        bytes memory what = abi.encode(d.number, d.other);
        string memory kind = "Recover(uint256 number,address newKey,uint256 nonce,uint256 deadline)";
        bytes memory consent = _signed(desk, d.otherKey, kind, what);
        c[2] = abi.encodeCall(RECOVERY.request, (d.number, d.other, last, consent));
        kind = "Request(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, what);
        c[3] = abi.encodeCall(RECOVERY.requestBySig, (d.caller, d.number, d.other, last, signature, consent));
        c[4] = abi.encodeCall(RECOVERY.approve, (d.number, d.other));
        kind = "Approve(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, what);
        c[5] = abi.encodeCall(RECOVERY.approveBySig, (d.caller, d.number, d.other, last, signature));
        c[6] = abi.encodeCall(RECOVERY.veto, (d.number));
        kind = "Veto(address account,uint256 number,address newKey,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, what);
        c[7] = abi.encodeCall(RECOVERY.vetoBySig, (d.caller, d.number, d.other, last, signature));
        c[8] = abi.encodeCall(RECOVERY.claim, (d.number, CODE));
        kind = "Claim(uint256 number,address newKey,bytes32 reasonDigest,uint256 nonce,uint256 deadline)";
        signature = _signed(desk, d.otherKey, kind, abi.encode(d.number, d.other, CODE));
        c[9] = abi.encodeCall(RECOVERY.claimBySig, (d.number, d.other, CODE, last, signature));
        c[10] = abi.encodeCall(RECOVERY.decide, (d.number, d.other));
        c[11] = abi.encodeCall(RECOVERY.complete, (d.number));
        c[12] = abi.encodeCall(RECOVERY.setDelay, (8 days));
        c[13] = abi.encodeCall(RECOVERY.bind, (60));
    }

    function _affiliationCalls(Draw memory d) private view returns (bytes[] memory c) {
        c = new bytes[](14);
        (uint256 last, address desk, address owner) = (block.timestamp, address(AFFILIATIONS), VM.addr(OWNER));
        string memory kind = "Own(address representative,address owner,uint256 nonce,uint256 deadline)";
        bytes memory consent = _signed(desk, OWNER, kind, abi.encode(d.caller, owner));
        c[0] = abi.encodeCall(AFFILIATIONS.joinAsOrganisation, (0, CODE, "", owner, last, consent));
        bytes memory signature = _signed(
            desk,
            d.callerKey,
            "JoinAsOrganisation(address representative,address owner,uint8 group,bytes32 codeDigest,bytes evidence,"
            "uint256 nonce,uint256 deadline)",
            abi.encode(d.caller, owner, 0, CODE, keccak256(""))
        );
        c[1] = abi.encodeCall(
            AFFILIATIONS.joinAsOrganisationBySig,
            (d.caller, 0, CODE, "", owner, last, signature, consent)
        );
        kind = "Represent(uint256 number,address newKey,uint256 nonce,uint256 deadline)";
        consent = _signed(desk, d.otherKey, kind, abi.encode(d.number, d.other));
        c[2] = abi.encodeCall(AFFILIATIONS.replaceRepresentative, (d.number, d.other, last, consent));
        kind = "ReplaceRepresentative(address owner,uint256 number,address newKey,uint256 nonce,uint256 deadline)";
        signature = _signed(desk, OWNER, kind, abi.encode(owner, d.number, d.other));
        c[3] = abi.encodeCall(
            AFFILIATIONS.replaceRepresentativeBySig,
            (owner, d.number, d.other, last, signature, consent)
        );
        kind = "TakeOwnership(uint256 number,address newOwner,uint256 nonce,uint256 deadline)";
        consent = _signed(desk, d.otherKey, kind, abi.encode(d.number, d.other));
        c[4] = abi.encodeCall(AFFILIATIONS.passOwnership, (d.number, d.other, last, consent));
        kind = "PassOwnership(address owner,uint256 number,address newOwner,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, abi.encode(d.number, d.other));
        c[5] = abi.encodeCall(AFFILIATIONS.passOwnershipBySig, (d.caller, d.number, d.other, last, signature, consent));
        c[6] = abi.encodeCall(AFFILIATIONS.affiliate, (d.number));
        kind = "Affiliate(address account,uint256 organisation,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, abi.encode(d.number));
        c[7] = abi.encodeCall(AFFILIATIONS.affiliateBySig, (d.caller, d.number, last, signature));
        c[8] = abi.encodeCall(AFFILIATIONS.disown, (d.number));
        kind = "Disown(address account,uint256 number,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, abi.encode(d.number));
        c[9] = abi.encodeCall(AFFILIATIONS.disownBySig, (d.caller, d.number, last, signature));
        c[10] = abi.encodeCall(AFFILIATIONS.settle, (_everyone()));
        c[11] = abi.encodeCall(AFFILIATIONS.impose, (d.number, d.own));
        c[12] = abi.encodeCall(AFFILIATIONS.setRule, (true, 30 days));
        c[13] = abi.encodeCall(AFFILIATIONS.bind, (60));
    }

    function _claimCalls(Draw memory d) private view returns (bytes[] memory c) {
        c = new bytes[](10);
        (uint256 last, address desk, uint8 group) = (block.timestamp, address(CLAIMS), uint8(d.value % 2));
        c[0] = abi.encodeCall(CLAIMS.changeGroup, (group));
        string memory kind = "ChangeGroup(address account,uint8 group,uint256 nonce,uint256 deadline)";
        bytes memory signature = _own(desk, d.callerKey, kind, abi.encode(group));
        c[1] = abi.encodeCall(CLAIMS.changeGroupBySig, (d.caller, group, last, signature));
        IClaims.Claim claim = IClaims.Claim.Group;
        c[2] = abi.encodeCall(CLAIMS.challenge, (d.number, claim, group, CODE));
        signature = _own(
            desk,
            d.callerKey,
            "Challenge(address account,uint256 number,uint8 kind,uint256 value,bytes32 reason,"
            "uint256 nonce,uint256 deadline)",
            abi.encode(d.number, claim, group, CODE)
        );
        c[3] = abi.encodeCall(CLAIMS.challengeBySig, (d.caller, d.number, claim, group, CODE, last, signature));
        uint256 id = CLAIMS.lastChallenge();
        c[4] = abi.encodeCall(CLAIMS.support, (id));
        kind = "Support(address account,uint256 id,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, abi.encode(id));
        c[5] = abi.encodeCall(CLAIMS.supportBySig, (d.caller, id, last, signature));
        c[6] = abi.encodeCall(CLAIMS.uphold, (id, group));
        c[7] = abi.encodeCall(CLAIMS.dismiss, (id));
        c[8] = abi.encodeCall(CLAIMS.setRules, (CLAIMS.rules()));
        c[9] = abi.encodeCall(CLAIMS.bind, (60));
    }

    function _delegationCalls(Draw memory d) private view returns (bytes[] memory c) {
        c = new bytes[](11);
        (uint256 last, address desk) = (block.timestamp, address(DELEGATIONS));
        uint48 ends = DELEGATIONS.longestEnd();
        c[0] = abi.encodeCall(DELEGATIONS.takeDelegations, (3));
        string memory kind = "TakeDelegations(address account,uint8 limit,uint256 nonce,uint256 deadline)";
        bytes memory signature = _own(desk, d.callerKey, kind, abi.encode(3));
        c[1] = abi.encodeCall(DELEGATIONS.takeDelegationsBySig, (d.caller, 3, last, signature));
        c[2] = abi.encodeCall(DELEGATIONS.delegateUntil, (d.other, ends));
        kind = "Delegate(address delegator,address delegatee,uint48 ends,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, abi.encode(d.other, ends));
        c[3] = abi.encodeCall(DELEGATIONS.delegateUntilBySig, (d.caller, d.other, ends, last, signature));
        c[4] = abi.encodeCall(DELEGATIONS.delegateFor, (d.other, d.caller));
        c[5] = abi.encodeCall(DELEGATIONS.delegateForSigner, (d.caller, 0, last, 27, CODE, CODE));
        c[6] = abi.encodeCall(DELEGATIONS.release, (d.number));
        c[7] = abi.encodeCall(DELEGATIONS.setCap, (1));
        c[8] = abi.encodeCall(DELEGATIONS.bind, (60));
        c[9] = abi.encodeCall(DELEGATIONS.decline, (d.number));
        kind = "Decline(address account,uint256 number,uint256 nonce,uint256 deadline)";
        signature = _own(desk, d.callerKey, kind, abi.encode(d.number));
        c[10] = abi.encodeCall(DELEGATIONS.declineBySig, (d.caller, d.number, last, signature));
    }

    /// @dev The last 64 numbers: as many as a list may have.
    function _everyone() private view returns (uint256[] memory numbers) {
        uint256 last = MEMBERSHIP.lastNumber();
        numbers = new uint256[](last < 64 ? last : 64);
        for (uint256 i; i < numbers.length; ++i) {
            numbers[i] = last - i;
        }
    }

    function _signRotation(uint256 privateKey, Draw memory d) private view returns (bytes memory) {
        string memory kind = "Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)";
        return _signed(address(REQUESTS), privateKey, kind, abi.encode(d.own, d.other));
    }

    /// @dev What a key signs of itself: the first field names its account.
    function _own(
        address desk,
        uint256 privateKey,
        string memory kind,
        bytes memory fields
    ) private view returns (bytes memory) {
        return _signed(desk, privateKey, kind, abi.encodePacked(abi.encode(VM.addr(privateKey)), fields));
    }

    /// @dev Every request ends with the signer's nonce and the last second at which it is good.
    function _signed(
        address desk,
        uint256 privateKey,
        string memory kind,
        bytes memory fields
    ) private view returns (bytes memory) {
        uint256 nonce = Nonces(desk).nonces(VM.addr(privateKey));
        bytes memory tail = abi.encode(nonce, block.timestamp);
        return _sign(privateKey, "Coalition", desk, abi.encodePacked(keccak256(bytes(kind)), fields, tail));
    }
}
