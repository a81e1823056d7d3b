// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PlainName} from "../libraries/PlainName.sol";
import {IDelegations} from "../membership/desks/IDelegations.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IRollOperations} from "../membership/IRollOperations.sol";
import {CoalitionTimelock} from "./CoalitionTimelock.sol";
import {DecisionRules, PackedRules} from "./DecisionRules.sol";
import {GovernorBallots} from "./GovernorBallots.sol";
import {GovernorGrace} from "./GovernorGrace.sol";
import {GovernorRules} from "./GovernorRules.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title CoalitionGovernor
/// @notice How a coalition decides: OpenZeppelin's Governor, one member one vote, through the timelock.
/// @dev Puts the extensions together ({GovernorRules}, {GovernorBallots}, {GovernorGrace}), ties them to the roll, and
/// bounds what a proposal may hold so that it can always be queued and executed within a transaction's gas.
contract CoalitionGovernor is GovernorRules, GovernorBallots, GovernorGrace {
    uint256 private constant MAX_ACTIONS = 16;
    uint256 private constant MAX_CALLDATA = 16_384;
    uint256 private constant MAX_DESCRIPTION = 8_192;
    uint256 private constant MAX_NOTICE = 30 days;

    IMembership private immutable MEMBERSHIP;
    IDelegations private immutable DELEGATIONS;

    /// @param name_ Name of the governor, its EIP-712 domain's name too: 1 to 31 characters, see {PlainName}.
    /// @param membership_ The roll whose members vote.
    /// @param timelock_ The coalition's timelock; its shortest stage is the governor's.
    /// @param firstRules Rules in force from birth.
    constructor(
        string memory name_,
        IMembership membership_,
        CoalitionTimelock timelock_,
        DecisionRules.Rules memory firstRules
    )
        Governor(name_)
        GovernorTimelockControl(_requireContract(timelock_))
        GovernorRules(firstRules, timelock_.SHORTEST_STAGE(), _longestNotice(membership_))
        GovernorBallots(_requireRoll(membership_).groups().length)
    {
        PlainName.requireValid(name_, 31);
        MEMBERSHIP = membership_;
        DELEGATIONS = IDelegations(IRollOperations(address(membership_)).desks().delegations);
    }

    /// @inheritdoc Governor
    /// @dev The right to propose is judged now, not a second ago: who has left or is suspended does not propose.
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override returns (uint256) {
        address proposer = _msgSender();
        if (!_isValidDescriptionForProposer(proposer, description)) revert GovernorRestrictedProposer(proposer);
        (uint256 number, , uint256 from) = MEMBERSHIP.entitlementOf(proposer, IMembership.Right.Propose);
        if (number == 0 || from > block.timestamp) _refuseProposer(proposer);
        _requireBounded(targets, calldatas, description);
        return _propose(targets, values, calldatas, description, proposer);
    }

    /// @inheritdoc GovernorBallots
    function castVote(uint256 proposalId, uint8 support) public override(Governor, GovernorBallots) returns (uint256) {
        return super.castVote(proposalId, support);
    }

    /// @inheritdoc ICoalitionGovernor
    function membership() external view returns (IMembership) {
        return MEMBERSHIP;
    }

    /// @inheritdoc Governor
    /// @dev One vote: every member whose vote is mature may propose.
    function proposalThreshold() public pure override returns (uint256) {
        return 1;
    }

    /// @inheritdoc IERC6372
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc GovernorGrace
    function state(uint256 proposalId) public view override(Governor, GovernorGrace) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, GovernorRules) returns (uint256) {
        return super._propose(targets, values, calldatas, description, proposer);
    }

    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override(Governor, GovernorBallots) returns (uint256) {
        return super._castVote(proposalId, account, support, reason, params);
    }

    /// @inheritdoc Governor
    /// @dev The weight of the ballot that the account could cast on a decision that opened at a past moment, as long
    /// as none of those who delegated to it casts their own; 0 if it may cast none.
    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        uint48 current = clock();
        if (timepoint >= current) revert CoalitionGovernorFutureLookup(timepoint, current);
        (IMembership.Standing standing, uint256 number, uint8 group, ) = _ballotRight(account, uint48(timepoint));
        if (standing != IMembership.Standing.Granted) return 0;
        (, uint256 received) = _delegationAt(number, group, uint48(timepoint));
        return 1 + received;
    }

    /// @inheritdoc GovernorBallots
    function _voterOf(address account) internal view override returns (uint256, uint256, uint256) {
        return MEMBERSHIP.voterOf(account);
    }

    /// @inheritdoc GovernorBallots
    function _ballotRight(
        address account,
        uint48 timepoint
    ) internal view override returns (IMembership.Standing, uint256, uint8, uint48) {
        return MEMBERSHIP.standingOf(account, IMembership.Right.Vote, timepoint);
    }

    /// @inheritdoc GovernorBallots
    function _delegationAt(
        uint256 number,
        uint256 group,
        uint48 timepoint
    ) internal view override returns (uint256, uint256) {
        return DELEGATIONS.delegationAt(number, group, timepoint);
    }

    /// @inheritdoc GovernorBallots
    function _decisionRules(uint256 proposalId) internal view override returns (PackedRules) {
        return _rulesOf(proposalId);
    }

    function _freezeElectorate(uint256 proposalId) internal override(GovernorRules, GovernorBallots) {
        super._freezeElectorate(proposalId);
    }

    /// @inheritdoc GovernorBallots
    function _decisionElectorate(uint256 proposalId) internal view override returns (uint256) {
        return proposalElectorate(proposalId);
    }

    /// @inheritdoc GovernorGrace
    function _graceOf(uint256 proposalId) internal view override returns (uint256) {
        return _rulesOf(proposalId).grace();
    }

    /// @inheritdoc GovernorRules
    function _electorateAt(uint256 timepoint) internal view override returns (uint256) {
        return MEMBERSHIP.getPastTotalSupply(timepoint);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        // What had code when it was proposed may have lost it since; a call to it would do nothing and seem to succeed.
        _requireTargets(targets, calldatas);
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    /// @inheritdoc Governor
    /// @dev Only the proposer, only before the opening, and only while on the roll: a key that a member moved away from
    /// undoes nothing any more.
    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        return super._validateCancel(proposalId, caller) && MEMBERSHIP.numberOf(caller) != 0;
    }

    function _refuseProposer(address proposer) private view {
        (IMembership.Standing standing, , , uint48 explanation) = MEMBERSHIP.standingOf(
            proposer,
            IMembership.Right.Propose,
            clock()
        );
        revert CoalitionGovernorProposerRefused(proposer, standing, explanation);
    }

    function _requireBounded(
        address[] memory targets,
        bytes[] memory calldatas,
        string memory description
    ) private view {
        if (bytes(description).length > MAX_DESCRIPTION) {
            revert CoalitionGovernorTooLong("description", bytes(description).length, MAX_DESCRIPTION);
        }
        if (targets.length > MAX_ACTIONS) revert CoalitionGovernorTooLong("actions", targets.length, MAX_ACTIONS);
        // Lists of different lengths are refused by OpenZeppelin's part.
        if (targets.length != calldatas.length) return;
        uint256 size = _requireTargets(targets, calldatas);
        if (size > MAX_CALLDATA) revert CoalitionGovernorTooLong("calldata", size, MAX_CALLDATA);
    }

    /// @dev Reverts if an action calls an address without code; answers the bytes in all actions.
    function _requireTargets(address[] memory targets, bytes[] memory calldatas) private view returns (uint256 size) {
        // bound: 16 actions
        for (uint256 i; i < targets.length; ++i) {
            uint256 length = calldatas[i].length;
            size += length;
            if (length != 0 && targets[i].code.length == 0) revert CoalitionGovernorTargetWithoutCode(targets[i]);
        }
    }

    /// @dev The longest notice that still is shorter than any waiting period of the roll: whoever joins because of a
    /// proposal cannot vote on it.
    function _longestNotice(IMembership membership_) private view returns (uint256) {
        return Math.min(_requireRoll(membership_).waitingFloor() - 1, MAX_NOTICE);
    }

    function _requireRoll(IMembership membership_) private view returns (IMembership) {
        _requireCode(address(membership_));
        return membership_;
    }

    function _requireContract(CoalitionTimelock timelock_) private view returns (CoalitionTimelock) {
        _requireCode(address(timelock_));
        return timelock_;
    }

    function _requireCode(address account) private view {
        if (account.code.length == 0) revert CoalitionGovernorNotAContract(account);
    }
}
