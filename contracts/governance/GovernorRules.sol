// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Governor, IGovernor} from "@openzeppelin/contracts/governance/Governor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DecisionRules, PackedRules} from "../libraries/DecisionRules.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";
import {IDecisionBounds} from "./IDecisionBounds.sol";

/// @title GovernorRules
/// @notice Extension of Governor: the rules of each class of decisions, bounded, and copied into each decision when it
/// is proposed, so that no later change revives or kills it.
abstract contract GovernorRules is Governor, ICoalitionGovernor {
    /// @dev Largest `quorumFloor` at birth, when there is no electorate to measure it by.
    uint256 private constant FIRST_QUORUM_FLOOR_LIMIT = 50;
    uint256 private constant CLASSES = 5;

    uint256 private immutable SHORTEST_STAGE;
    uint256 private immutable LONGEST_NOTICE;
    uint256 private immutable GROUPS;
    IDecisionBounds private immutable BOUNDS;

    mapping(DecisionRules.Class class => PackedRules) private _rules;
    mapping(uint256 proposalId => PackedRules) private _frozen;
    /// @dev Rules of the decision that is being proposed: OpenZeppelin's functions ask for notice and period without
    /// saying of which.
    PackedRules private transient _proposing;

    /// @param bounds Judges new rules.
    /// @param firstRules Rules in force from birth, one for each class.
    /// @param shortestStage_ The shortest stage of a decision that can ever be set, in seconds.
    /// @param longestNotice The longest notice that can ever be set, in seconds.
    /// @param groupCount Number of stakeholder groups on the roll.
    constructor(
        IDecisionBounds bounds,
        DecisionRules.Rules[5] memory firstRules,
        uint256 shortestStage_,
        uint256 longestNotice,
        uint256 groupCount
    ) {
        SHORTEST_STAGE = shortestStage_;
        LONGEST_NOTICE = longestNotice;
        GROUPS = groupCount;
        BOUNDS = bounds;
        // bound: 5 classes
        for (uint256 i; i < CLASSES; ++i) {
            _setRules(DecisionRules.Class(i), firstRules[i], FIRST_QUORUM_FLOOR_LIMIT, groupCount);
        }
    }

    /// @inheritdoc ICoalitionGovernor
    /// @dev The quorum's floor, and the number of endorsements, can be raised up to half of the present electorate, so
    /// that members can reach them; a floor in force may stay whatever the electorate has become. Endorsements can be
    /// asked for from no more groups than have a vote.
    function setRules(DecisionRules.Class kind, DecisionRules.Rules calldata newRules) external onlyGovernance {
        (uint256 votes, uint256 live) = _measure(_votesByGroupAt(clock() - 1));
        uint256 limit = Math.max(Math.max(votes / 2, DecisionRules.MIN_QUORUM_FLOOR), _rules[kind].quorumFloor());
        _setRules(kind, newRules, limit, live);
    }

    /// @inheritdoc ICoalitionGovernor
    function rules(DecisionRules.Class kind) external view returns (DecisionRules.Rules memory) {
        return _rules[kind].unpack();
    }

    /// @inheritdoc ICoalitionGovernor
    function proposalRules(uint256 proposalId) external view returns (DecisionRules.Class, DecisionRules.Rules memory) {
        PackedRules frozen = _frozen[proposalId];
        return (frozen.ofClass(), frozen.unpack());
    }

    /// @inheritdoc ICoalitionGovernor
    function proposalFrame(
        uint256 proposalId
    ) external view returns (uint256 electorate, uint256 heard, uint256 quorumNeeded, bool extended) {
        PackedRules frame = _frameOf(proposalId);
        electorate = frame.electorate();
        return (electorate, frame.heard(), frame.quorum(electorate), frame.extendedBy() != 0);
    }

    /// @inheritdoc ICoalitionGovernor
    function shortestStage() external view returns (uint256) {
        return SHORTEST_STAGE;
    }

    /// @inheritdoc IGovernor
    /// @dev Of an action, by the rules in force now. For a decision's own quorum see {proposalFrame}.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        (uint256 votes, ) = _measure(_votesByGroupAt(timepoint));
        return _rules[DecisionRules.Class.Action].quorum(votes);
    }

    /// @inheritdoc IGovernor
    /// @dev Of an action; see {rules} for the other classes.
    function votingDelay() public view override returns (uint256) {
        return _current().notice();
    }

    /// @inheritdoc IGovernor
    /// @dev Of an action; see {rules} for the other classes.
    function votingPeriod() public view override returns (uint256) {
        return _current().period();
    }

    /// @inheritdoc IGovernor
    /// @dev Moved once, by a bound, if a late ballot turns the outcome.
    function proposalDeadline(uint256 proposalId) public view virtual override returns (uint256) {
        return super.proposalDeadline(proposalId) + _frozen[proposalId].extendedBy();
    }

    /// @inheritdoc Governor
    /// @dev Copies the rules of the decision's class into it, and puts it on the agenda where nobody need endorse it.
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal virtual override returns (uint256 proposalId) {
        PackedRules chosen = _rules[_classOfActions(targets, calldatas)];
        _proposing = chosen;
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        _proposing = PackedRules.wrap(0);
        _frozen[proposalId] = chosen;
        if (chosen.endorsements() == 0) {
            _admit(proposalId, proposer, uint48(block.timestamp + chosen.notice() + chosen.period()));
        }
    }

    /// @dev Writes down what an open decision opened with, beside its rules, once. The roll would answer the same for
    /// ever; this makes what follows cost the same for any number of members.
    function _settle(uint256 proposalId) internal returns (PackedRules frame) {
        frame = _frozen[proposalId];
        if (frame.isSettled()) return frame;
        frame = _frameOf(proposalId);
        _frozen[proposalId] = frame;
    }

    /// @dev The rules of a decision with what it opened with, whether that is written down or not.
    function _frameOf(uint256 proposalId) internal view returns (PackedRules frame) {
        frame = _frozen[proposalId];
        if (frame.isSettled()) return frame;
        uint256 snapshot = proposalSnapshot(proposalId);
        if (snapshot == 0) revert GovernorNonexistentProposal(proposalId);
        return frame.settle(_votesByGroupAt(snapshot));
    }

    /// @dev Rules of a decision, as they are written down.
    function _rulesOf(uint256 proposalId) internal view returns (PackedRules) {
        return _frozen[proposalId];
    }

    /// @dev Writes down what became of a decision beside its rules.
    function _writeRules(uint256 proposalId, PackedRules frame) internal {
        _frozen[proposalId] = frame;
    }

    /// @dev Puts a decision on the agenda.
    /// @param until Its close.
    function _admit(uint256 proposalId, address proposer, uint48 until) internal virtual;

    /// @dev The class of what a proposal would do. Reverts if that is more than a decision can hold.
    function _classOfActions(
        address[] memory targets,
        bytes[] memory calldatas
    ) internal view virtual returns (DecisionRules.Class);

    /// @dev Mature votes by group at a past moment.
    function _votesByGroupAt(uint256 timepoint) internal view virtual returns (uint256[] memory);

    function _current() private view returns (PackedRules) {
        PackedRules proposing = _proposing;
        return PackedRules.unwrap(proposing) != 0 ? proposing : _rules[DecisionRules.Class.Action];
    }

    function _setRules(
        DecisionRules.Class class,
        DecisionRules.Rules memory newRules,
        uint256 quorumFloorLimit,
        uint256 liveGroups
    ) private {
        PackedRules[CLASSES] memory current;
        // bound: 5 classes
        for (uint256 i; i < CLASSES; ++i) {
            current[i] = _rules[DecisionRules.Class(i)];
        }
        _rules[class] = BOUNDS.check(
            class,
            newRules,
            current,
            DecisionRules.Frame({
                shortestStage: SHORTEST_STAGE,
                longestNotice: LONGEST_NOTICE,
                quorumFloorLimit: quorumFloorLimit,
                groupCount: GROUPS,
                liveGroups: liveGroups
            })
        );
        emit RulesChanged(class, current[uint256(class)].unpack(), newRules);
    }

    /// @dev Votes of all groups, and the number of groups that have any.
    function _measure(uint256[] memory byGroup) private pure returns (uint256 votes, uint256 live) {
        // bound: 8 groups
        for (uint256 group; group < byGroup.length; ++group) {
            votes += byGroup[group];
            if (byGroup[group] != 0) ++live;
        }
    }
}
