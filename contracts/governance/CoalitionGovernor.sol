// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PlainName} from "../libraries/PlainName.sol";
import {VoterWord, VoterWords} from "../libraries/VoterWord.sol";
import {IDelegations} from "../membership/desks/IDelegations.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IRollOperations} from "../membership/IRollOperations.sol";
import {CoalitionTimelock} from "./CoalitionTimelock.sol";
import {DecisionRules, PackedRules} from "../libraries/DecisionRules.sol";
import {GovernorBallots} from "./GovernorBallots.sol";
import {GovernorClasses} from "./GovernorClasses.sol";
import {GovernorGrace} from "./GovernorGrace.sol";
import {GovernorRelay} from "./GovernorRelay.sol";
import {GovernorRules} from "./GovernorRules.sol";
import {IAgenda} from "./IAgenda.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";
import {IDecisionBounds} from "./IDecisionBounds.sol";
import {IGuardian} from "./IGuardian.sol";

/// @title CoalitionGovernor
/// @notice How a coalition decides: OpenZeppelin's Governor, one member one vote, through the timelock.
/// @dev Puts the extensions together ({GovernorClasses}, {GovernorRules}, {GovernorRelay} over {GovernorBallots},
/// {GovernorGrace}), ties them to the roll, the agenda and the guardian, and bounds what a proposal may hold so that it
/// can always be queued and executed within a transaction's gas.
contract CoalitionGovernor is GovernorClasses, GovernorRules, GovernorRelay, GovernorGrace {
    /// @notice The class of a function of a guarded target.
    struct ActionClass {
        address target;
        bytes4 selector;
        DecisionRules.Class kind;
    }

    /// @notice What a governor is born with.
    struct Birth {
        /// Name of the governor, its EIP-712 domain's name too: 1 to 31 characters, see {PlainName}.
        string name;
        /// The roll whose members vote.
        IMembership membership;
        /// The coalition's timelock; its shortest stage is the governor's.
        CoalitionTimelock timelock;
        /// Decides what opens for the vote; serves no governor yet.
        IAgenda agenda;
        /// May delay or cancel what was decided; serves no governor yet.
        IGuardian guardian;
        /// Judges new rules.
        IDecisionBounds bounds;
        /// Rules in force from birth, by class.
        DecisionRules.Rules[5] rules;
        /// Organs whose every function is an amendment unless the table says otherwise.
        address[] guarded;
        /// The table.
        ActionClass[] table;
    }

    uint256 private constant MAX_ACTIONS = 16;
    uint256 private constant MAX_CALLDATA = 16_384;
    uint256 private constant MAX_DESCRIPTION = 8_192;
    uint256 private constant MAX_NOTICE = 30 days;

    /// @dev As OpenZeppelin's TimelockController and AccessControl have them.
    bytes32 private constant PROPOSER_ROLE = keccak256("PROPOSER_ROLE");
    bytes32 private constant ADMIN_ROLE = 0x00;

    IMembership private immutable MEMBERSHIP;
    IDelegations private immutable DELEGATIONS;
    IAgenda private immutable AGENDA;
    IGuardian private immutable GUARDIAN;
    uint256 private immutable GROUPS;

    /// @dev The decision that is being carried out.
    uint256 private transient _executing;

    /// @param birth See {Birth}.
    constructor(
        Birth memory birth
    )
        Governor(birth.name)
        GovernorTimelockControl(_requireContract(birth.timelock))
        GovernorClasses(address(birth.timelock))
        GovernorRules(
            birth.bounds,
            birth.rules,
            birth.timelock.SHORTEST_STAGE(),
            _longestNotice(birth.membership),
            _groupCount(birth.membership)
        )
        GovernorBallots(_groupCount(birth.membership))
    {
        PlainName.requireValid(birth.name, 31);
        MEMBERSHIP = birth.membership;
        DELEGATIONS = IDelegations(IRollOperations(address(birth.membership)).desks().delegations);
        GROUPS = _groupCount(birth.membership);
        _requireCode(address(birth.agenda));
        _requireCode(address(birth.guardian));
        AGENDA = birth.agenda;
        GUARDIAN = birth.guardian;
        AGENDA.bind(birth.membership);
        GUARDIAN.bind(address(birth.timelock));
        // bound: the organs of a coalition
        for (uint256 i; i < birth.guarded.length; ++i) _guard(birth.guarded[i]);
        // bound: the functions of those organs
        for (uint256 i; i < birth.table.length; ++i) {
            _setActionClass(birth.table[i].target, birth.table[i].selector, birth.table[i].kind);
        }
    }

    /// @inheritdoc Governor
    /// @dev The right to propose is judged now, not a second ago: who has left or is suspended does not propose.
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override returns (uint256 proposalId) {
        address proposer = _msgSender();
        if (!_isValidDescriptionForProposer(proposer, description)) revert GovernorRestrictedProposer(proposer);
        if (!_voterOf(proposer).countsPlainlyAt(block.timestamp)) AGENDA.requireProposer(proposer);
        if (bytes(description).length > MAX_DESCRIPTION) {
            revert CoalitionGovernorTooLong("description", bytes(description).length, MAX_DESCRIPTION);
        }
        proposalId = _propose(targets, values, calldatas, description, proposer);
    }

    /// @inheritdoc GovernorBallots
    function castVote(uint256 proposalId, uint8 support) public override(Governor, GovernorBallots) returns (uint256) {
        return super.castVote(proposalId, support);
    }

    /// @inheritdoc ICoalitionGovernor
    function postpone(uint256 proposalId) external {
        if (_msgSender() != address(GUARDIAN)) revert CoalitionGovernorNotGuardian(_msgSender());
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Queued));
        PackedRules frame = _rulesOf(proposalId);
        if (frame.isPostponed()) revert CoalitionGovernorPostponedBefore(proposalId);
        _writeRules(proposalId, frame.withPostponement());
        emit ProposalPostponed(proposalId, proposalEta(proposalId));
    }

    /// @inheritdoc ICoalitionGovernor
    function membership() external view returns (IMembership) {
        return MEMBERSHIP;
    }

    /// @inheritdoc ICoalitionGovernor
    function executing() external view returns (uint256) {
        return _executing;
    }

    /// @inheritdoc ICoalitionGovernor
    function agenda() external view returns (IAgenda) {
        return AGENDA;
    }

    /// @inheritdoc ICoalitionGovernor
    function guardian() external view returns (IGuardian) {
        return GUARDIAN;
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
    /// @dev What was not put on the agenda in time never opens: it is defeated.
    function state(uint256 proposalId) public view override(Governor, GovernorGrace) returns (ProposalState current) {
        current = super.state(proposalId);
        if (current == ProposalState.Active && !_rulesOf(proposalId).isSettled() && !AGENDA.isAdmitted(proposalId)) {
            return ProposalState.Defeated;
        }
    }

    /// @inheritdoc GovernorRules
    function proposalDeadline(uint256 proposalId) public view override(Governor, GovernorRules) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    /// @inheritdoc GovernorGrace
    function proposalEta(uint256 proposalId) public view override(Governor, GovernorGrace) returns (uint256) {
        return super.proposalEta(proposalId);
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
    function _voterOf(address account) internal view override returns (VoterWord) {
        return MEMBERSHIP.voterOf(account);
    }

    /// @inheritdoc GovernorRelay
    function _votersOf(address[] memory accounts) internal view override returns (VoterWord[] memory) {
        return VoterWords.ask(address(MEMBERSHIP), IMembership.votersOf.selector, accounts);
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
    function _decisionFrame(uint256 proposalId) internal view override returns (PackedRules) {
        return _frameOf(proposalId);
    }

    /// @inheritdoc GovernorBallots
    function _settleFrame(uint256 proposalId) internal override returns (PackedRules) {
        return _settle(proposalId);
    }

    /// @inheritdoc GovernorBallots
    function _extend(uint256 proposalId, PackedRules frame) internal override {
        uint256 deadline = block.timestamp + frame.extension();
        _writeRules(proposalId, frame.withExtension(deadline - proposalDeadline(proposalId)));
        emit ProposalExtended(proposalId, deadline);
    }

    /// @inheritdoc GovernorGrace
    function _writtenRules(uint256 proposalId) internal view override returns (PackedRules) {
        return _rulesOf(proposalId);
    }

    /// @inheritdoc GovernorRules
    function _classOfActions(
        address[] memory targets,
        bytes[] memory calldatas
    ) internal view override returns (DecisionRules.Class) {
        if (targets.length > MAX_ACTIONS) revert CoalitionGovernorTooLong("actions", targets.length, MAX_ACTIONS);
        // OpenZeppelin refuses lists that do not fit together, right after this.
        if (targets.length != calldatas.length) return DecisionRules.Class.Amendment;
        (DecisionRules.Class class, uint256 size) = _classify(targets, calldatas);
        if (size > MAX_CALLDATA) revert CoalitionGovernorTooLong("calldata", size, MAX_CALLDATA);
        return class;
    }

    /// @inheritdoc GovernorRules
    function _admit(uint256 proposalId, address proposer, uint48 until) internal override {
        AGENDA.admit(proposalId, proposer, until);
    }

    /// @inheritdoc GovernorRules
    function _votesByGroupAt(uint256 timepoint) internal view override returns (uint256[] memory) {
        return MEMBERSHIP.getPastVotesByGroup(timepoint);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorGrace) returns (uint48) {
        _publish(proposalId);
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorGrace) {
        // Whoever holds power before may have given it up when it was used, so that is asked before and after.
        bool power = _holdPower(targets);
        uint256 outer = _executing;
        _executing = proposalId;
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
        _executing = outer;
        // Looked at afterwards, when nothing can happen in between any more; what is refused here has not happened.
        // What had code when it was proposed may have lost it since; a call to it does nothing and seems to succeed.
        // And a target may have been given power over the coalition since, and was guarded then, or should have been.
        DecisionRules.Class class = _rulesOf(proposalId).ofClass();
        (DecisionRules.Class needed, ) = _classify(targets, calldatas);
        if (power || _holdPower(targets)) needed = DecisionRules.Class.Amendment;
        if (needed > class) revert CoalitionGovernorClassTooLow(proposalId, class, needed);
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
    /// @dev The proposer, before the opening and while on the roll: a key that a member moved away from undoes nothing
    /// any more. The guardian, after the close: nobody ends an open vote.
    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        if (caller == address(GUARDIAN)) {
            ProposalState current = state(proposalId);
            return current == ProposalState.Succeeded || current == ProposalState.Queued;
        }
        return super._validateCancel(proposalId, caller) && MEMBERSHIP.numberOf(caller) != 0;
    }

    /// @dev Says how a decision that passed was decided, group by group.
    function _publish(uint256 proposalId) private {
        uint256[] memory againstVotes = new uint256[](GROUPS);
        uint256[] memory forVotes = new uint256[](GROUPS);
        uint256[] memory abstainVotes = new uint256[](GROUPS);
        // bound: 8 groups
        for (uint256 i; i < GROUPS; ++i) {
            (againstVotes[i], forVotes[i], abstainVotes[i]) = proposalVotesByGroup(proposalId, i);
        }
        PackedRules frame = _frameOf(proposalId);
        emit ProposalPassed(
            proposalId,
            frame.ofClass(),
            frame.electorate(),
            frame.heard(),
            againstVotes,
            forVotes,
            abstainVotes
        );
    }

    /// @dev Whether one of some targets could change a rule by itself, guarded or not: it may propose to the timelock,
    /// or grant that.
    function _holdPower(address[] memory targets) private view returns (bool) {
        TimelockController lock = TimelockController(payable(timelock()));
        // bound: 16 actions
        for (uint256 i; i < targets.length; ++i) {
            if (lock.hasRole(PROPOSER_ROLE, targets[i]) || lock.hasRole(ADMIN_ROLE, targets[i])) return true;
        }
        return false;
    }

    /// @dev The longest notice that still is shorter than any waiting period of the roll: whoever joins because of a
    /// proposal cannot vote on it.
    function _longestNotice(IMembership membership_) private view returns (uint256) {
        return Math.min(membership_.waitingFloor() - 1, MAX_NOTICE);
    }

    /// @dev The first question to the roll, wherever the constructor begins.
    function _groupCount(IMembership membership_) private view returns (uint256) {
        _requireCode(address(membership_));
        return membership_.groups().length;
    }

    function _requireContract(CoalitionTimelock timelock_) private view returns (CoalitionTimelock) {
        _requireCode(address(timelock_));
        return timelock_;
    }

    function _requireCode(address account) private view {
        if (account.code.length == 0) revert CoalitionGovernorNotAContract(account);
    }
}
