// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Elections} from "../../contracts/elections/Elections.sol";
import {Offices} from "../../contracts/elections/Offices.sol";
import {Agenda} from "../../contracts/governance/Agenda.sol";
import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {CoalitionTimelock} from "../../contracts/governance/CoalitionTimelock.sol";
import {DecisionBounds} from "../../contracts/governance/DecisionBounds.sol";
import {DecisionRules} from "../../contracts/governance/DecisionRules.sol";
import {Guardian} from "../../contracts/governance/Guardian.sol";
import {MemberCard} from "../../contracts/membership/MemberCard.sol";
import {Membership} from "../../contracts/membership/Membership.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {IRollOperations} from "../../contracts/membership/IRollOperations.sol";
import {Affiliations} from "../../contracts/membership/desks/Affiliations.sol";
import {Claims} from "../../contracts/membership/desks/Claims.sol";
import {Confirmations} from "../../contracts/membership/desks/Confirmations.sol";
import {Delegations} from "../../contracts/membership/desks/Delegations.sol";
import {IClaims} from "../../contracts/membership/desks/IClaims.sol";
import {KeyRecovery} from "../../contracts/membership/desks/KeyRecovery.sol";
import {MemberDesk} from "../../contracts/membership/desks/MemberDesk.sol";
import {OpenAdmission} from "../../contracts/membership/admission/OpenAdmission.sol";
import {Test} from "./Test.sol";

/// @title CoalitionTest
/// @notice Founds a whole coalition out of the real contracts, as `deploy/modules` does.
abstract contract CoalitionTest is Test {
    bytes32 internal constant CODE = keccak256("code of conduct");
    uint32 internal constant STAGE = 1 days;
    uint32 internal constant WAITING_FLOOR = 8 days;

    CoalitionTimelock internal _timelock;
    Membership internal _membership;
    MemberDesk internal _requests;
    Confirmations internal _confirmations;
    KeyRecovery internal _recovery;
    Affiliations internal _affiliations;
    Claims internal _claims;
    Delegations internal _delegations;
    /// @dev Whether only an organisation votes for those affiliated with it; to be set before {_found}.
    bool internal _oneVoice;
    Offices internal _offices;
    Elections internal _elections;
    CoalitionGovernor internal _governor;
    Agenda internal _agenda;
    Guardian internal _governorsGuardian;
    /// @dev To be set before {_found}; nobody unless it is.
    address internal _guardianKey;

    function _found(IMembership.Maturity memory pace, DecisionRules.Rules memory rules, uint256 groupCount) internal {
        VM.warp(1_700_000_000);
        _timelock = new CoalitionTimelock(2 days, STAGE, address(this));
        string[] memory groups = new string[](groupCount);
        for (uint256 i; i < groupCount; ++i) {
            groups[i] = string(abi.encodePacked("Group ", bytes1(uint8(65 + i))));
        }
        _membership = new Membership(
            address(_timelock),
            IMembership.RollParameters({
                name: "Coalition",
                symbol: "CO",
                groups: groups,
                codeDigest: CODE,
                card: new MemberCard(),
                admissionPolicy: new OpenAdmission(),
                waitingFloor: WAITING_FLOOR,
                maturity: pace,
                desks: _openDesks()
            })
        );
        _offices = new Offices("Coalition", _membership, STAGE);
        _elections = new Elections("Coalition", _membership, _offices, STAGE);
        _governor = new CoalitionGovernor(_birth(rules));
        _timelock.grantRole(_timelock.PROPOSER_ROLE(), address(_governor));
        _timelock.grantRole(_timelock.CANCELLER_ROLE(), address(_governor));
        _timelock.grantRole(_timelock.EXECUTOR_ROLE(), address(_governor));
        _timelock.renounceRole(_timelock.DEFAULT_ADMIN_ROLE(), address(this));
    }

    function _openDesks() private returns (IRollOperations.Desks memory) {
        _requests = new MemberDesk("Coalition");
        _confirmations = new Confirmations("Coalition", 365 days);
        _recovery = new KeyRecovery("Coalition", 8 days);
        _affiliations = new Affiliations("Coalition", _oneVoice, 30 days);
        _claims = new Claims("Coalition", IClaims.Rules({cooldown: 30 days, window: 20 days, challengers: 3}));
        _delegations = new Delegations("Coalition", 10);
        return
            IRollOperations.Desks({
                requests: address(_requests),
                confirmations: address(_confirmations),
                recovery: address(_recovery),
                affiliations: address(_affiliations),
                claims: address(_claims),
                delegations: address(_delegations)
            });
    }

    /// @dev The same rules for every class, but for what an amendment needs at the least, unless a test says otherwise;
    /// the roll, its desks, agenda, guardian, offices and elections guarded.
    function _birth(DecisionRules.Rules memory rules) internal returns (CoalitionGovernor.Birth memory birth) {
        birth.name = "Governor";
        birth.membership = _membership;
        birth.timelock = _timelock;
        birth.agenda = _agenda = new Agenda("Governor", 5);
        birth.guardian = _governorsGuardian = new Guardian(_guardianKey, 365 days);
        birth.bounds = new DecisionBounds();
        for (uint256 i; i < 5; ++i) {
            birth.rules[i] = _rulesOf(DecisionRules.Class(i), rules);
        }
        birth.guarded = new address[](11);
        birth.guarded[0] = address(_membership);
        birth.guarded[1] = address(_requests);
        birth.guarded[2] = address(_confirmations);
        birth.guarded[3] = address(_recovery);
        birth.guarded[4] = address(_affiliations);
        birth.guarded[5] = address(_claims);
        birth.guarded[6] = address(_delegations);
        birth.guarded[7] = address(_agenda);
        birth.guarded[8] = address(_governorsGuardian);
        birth.guarded[9] = address(_offices);
        birth.guarded[10] = address(_elections);
    }

    /// @dev The rules of a class, from those of actions.
    function _rulesOf(
        DecisionRules.Class class,
        DecisionRules.Rules memory rules
    ) internal pure virtual returns (DecisionRules.Rules memory) {
        return class == DecisionRules.Class.Amendment ? _amendmentRules(rules) : rules;
    }

    /// @dev The same rules as far as an amendment may have them.
    function _amendmentRules(DecisionRules.Rules memory r) internal pure returns (DecisionRules.Rules memory) {
        return
            DecisionRules.Rules({
                notice: r.notice,
                period: r.period,
                grace: r.grace,
                delay: r.delay,
                extension: r.extension,
                quorumBps: r.quorumBps,
                quorumFloor: r.quorumFloor,
                approvalBps: r.approvalBps < 6_000 ? 6_000 : r.approvalBps,
                approvalFloorBps: r.approvalFloorBps,
                concurrence: r.concurrence < 2 ? 2 : r.concurrence,
                concurrenceMembers: r.concurrenceMembers,
                endorsements: r.endorsements,
                endorsementGroups: r.endorsementGroups
            });
    }

    /// @dev Rules in the middle of their ranges.
    function _plainRules() internal pure returns (DecisionRules.Rules memory) {
        return
            DecisionRules.Rules({
                notice: 3 days,
                period: 5 days,
                grace: 7 days,
                delay: 2 days,
                extension: 0,
                quorumBps: 2_000,
                quorumFloor: 3,
                approvalBps: 5_000,
                approvalFloorBps: 1_000,
                concurrence: 0,
                concurrenceMembers: 1,
                endorsements: 0,
                endorsementGroups: 0
            });
    }
}
