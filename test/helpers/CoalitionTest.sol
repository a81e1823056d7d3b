// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Charter} from "../../contracts/charter/Charter.sol";
import {Elections} from "../../contracts/elections/Elections.sol";
import {Offices} from "../../contracts/elections/Offices.sol";
import {Agenda} from "../../contracts/governance/Agenda.sol";
import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {CoalitionTimelock} from "../../contracts/governance/CoalitionTimelock.sol";
import {DecisionBounds} from "../../contracts/governance/DecisionBounds.sol";
import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {Guardian} from "../../contracts/governance/Guardian.sol";
import {Resolutions} from "../../contracts/governance/Resolutions.sol";
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
import {Amendments} from "../../contracts/motions/Amendments.sol";
import {IMotions} from "../../contracts/motions/IMotions.sol";
import {MinorityStatements} from "../../contracts/motions/MinorityStatements.sol";
import {Motions} from "../../contracts/motions/Motions.sol";
import {Test} from "./Test.sol";

/// @title CoalitionTest
/// @notice Founds a whole coalition out of the real contracts, as `deploy/modules` does.
// A coalition is as many contracts: one variable for each.
// solhint-disable-next-line max-states-count
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
    Resolutions internal _resolutions;
    Charter internal _charter;
    Motions internal _motions;
    Amendments internal _amendments;
    MinorityStatements internal _statements;
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
        _foundMotions();
        _governor = new CoalitionGovernor(_birth(rules));
        _timelock.grantRole(_timelock.PROPOSER_ROLE(), address(_governor));
        _timelock.grantRole(_timelock.CANCELLER_ROLE(), address(_governor));
        _timelock.grantRole(_timelock.EXECUTOR_ROLE(), address(_governor));
        _timelock.renounceRole(_timelock.DEFAULT_ADMIN_ROLE(), address(this));
    }

    function _foundMotions() private {
        _agenda = new Agenda("Coalition", 5);
        _resolutions = new Resolutions(address(_timelock), _agenda);
        string[] memory titles = new string[](1);
        titles[0] = "Charter";
        _charter = new Charter(_agenda, address(_timelock), titles);
        _motions = new Motions("Coalition", _membership, _agenda, _charter, _resolutions, STAGE, _motionRules());
        _amendments = new Amendments("Coalition", _membership, _motions);
        _statements = new MinorityStatements("Coalition", _agenda, _membership, 7 days, STAGE);
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
    /// all organs guarded.
    function _birth(DecisionRules.Rules memory rules) internal returns (CoalitionGovernor.Birth memory birth) {
        birth.name = "Governor";
        birth.membership = _membership;
        birth.timelock = _timelock;
        // An agenda serves one governor: whoever founds another one brings its own.
        if (address(_agenda.governor()) != address(0)) _agenda = new Agenda("Coalition", 5);
        birth.agenda = _agenda;
        birth.guardian = _governorsGuardian = new Guardian(_guardianKey, 365 days);
        birth.bounds = new DecisionBounds();
        for (uint256 i; i < 5; ++i) {
            birth.rules[i] = _rulesOf(DecisionRules.Class(i), rules);
        }
        birth.guarded = new address[](16);
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
        birth.guarded[11] = address(_resolutions);
        birth.guarded[12] = address(_charter);
        birth.guarded[13] = address(_motions);
        birth.guarded[14] = address(_amendments);
        birth.guarded[15] = address(_statements);
        birth.table = new CoalitionGovernor.ActionClass[](1);
        birth.table[0] = CoalitionGovernor.ActionClass({
            target: address(_amendments),
            selector: Amendments.adopt.selector,
            kind: DecisionRules.Class.MotionAmendment
        });
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

    /// @dev Rules of motions in the middle of their ranges, without silences unless a test says otherwise.
    function _motionRules() internal pure virtual returns (IMotions.Rules memory) {
        return
            IMotions.Rules({
                notice: 5 days,
                window: 2 days,
                rebase: 2 days,
                lapse: 30 days,
                openByMotion: 8,
                openByMember: 2,
                silence: 0,
                objections: 2,
                objectionGroups: 1,
                amendmentSilence: 0,
                amendmentObjections: 2,
                amendmentObjectionGroups: 1
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
