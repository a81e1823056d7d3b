// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Governor, IGovernor} from "@openzeppelin/contracts/governance/Governor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DecisionRules, PackedRules} from "./DecisionRules.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title GovernorRules
/// @notice Extension of Governor: the rules of decisions, bounded, and copied into each decision when it is proposed,
/// so that no later change revives or kills it.
abstract contract GovernorRules is Governor, ICoalitionGovernor {
    /// @dev Largest `quorumFloor` at birth, when there is no electorate to measure it by.
    uint256 private constant FIRST_QUORUM_FLOOR_LIMIT = 50;

    uint256 private immutable SHORTEST_STAGE;
    uint256 private immutable LONGEST_NOTICE;

    PackedRules private _rules;
    mapping(uint256 proposalId => PackedRules) private _frozen;

    /// @param firstRules Rules in force from birth.
    /// @param shortestStage_ The shortest stage of a decision that can ever be set, in seconds.
    /// @param longestNotice The longest notice that can ever be set, in seconds.
    constructor(DecisionRules.Rules memory firstRules, uint256 shortestStage_, uint256 longestNotice) {
        SHORTEST_STAGE = shortestStage_;
        LONGEST_NOTICE = longestNotice;
        _setRules(firstRules, FIRST_QUORUM_FLOOR_LIMIT);
    }

    /// @inheritdoc ICoalitionGovernor
    /// @dev The quorum's floor can be raised up to half of the present electorate, so that members can reach it; the
    /// one in force may stay whatever the electorate has become.
    function setRules(DecisionRules.Rules calldata newRules) external onlyGovernance {
        uint256 half = _electorateAt(clock() - 1) / 2;
        _setRules(newRules, Math.max(Math.max(half, DecisionRules.MIN_QUORUM_FLOOR), _rules.quorumFloor()));
    }

    /// @inheritdoc ICoalitionGovernor
    function rules() external view returns (DecisionRules.Rules memory) {
        return _rules.unpack();
    }

    /// @inheritdoc ICoalitionGovernor
    function proposalRules(uint256 proposalId) external view returns (DecisionRules.Rules memory) {
        return _frozen[proposalId].unpack();
    }

    /// @inheritdoc ICoalitionGovernor
    function proposalElectorate(uint256 proposalId) public view returns (uint256) {
        uint256 frozen = _frozen[proposalId].electorate();
        if (frozen != 0) return frozen;
        uint256 snapshot = proposalSnapshot(proposalId);
        if (snapshot == 0) revert GovernorNonexistentProposal(proposalId);
        return _electorateAt(snapshot);
    }

    /// @inheritdoc ICoalitionGovernor
    function proposalQuorum(uint256 proposalId) external view returns (uint256) {
        return _frozen[proposalId].quorum(proposalElectorate(proposalId));
    }

    /// @inheritdoc ICoalitionGovernor
    function shortestStage() external view returns (uint256) {
        return SHORTEST_STAGE;
    }

    /// @inheritdoc IGovernor
    /// @dev By the rules in force now. For a decision's own quorum see {proposalQuorum}.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return _rules.quorum(_electorateAt(timepoint));
    }

    /// @inheritdoc IGovernor
    function votingDelay() public view override returns (uint256) {
        return _rules.notice();
    }

    /// @inheritdoc IGovernor
    function votingPeriod() public view override returns (uint256) {
        return _rules.period();
    }

    /// @inheritdoc Governor
    /// @dev Copies the rules into the decision.
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal virtual override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        _frozen[proposalId] = _rules;
    }

    /// @dev Writes the electorate of an open decision down beside its rules, once. The roll would answer the same for
    /// ever; this makes what follows the vote cost the same for any number of members.
    function _freezeElectorate(uint256 proposalId) internal virtual {
        PackedRules frozen = _frozen[proposalId];
        if (frozen.electorate() != 0) return;
        _frozen[proposalId] = frozen.withElectorate(_electorateAt(proposalSnapshot(proposalId)));
    }

    /// @dev Rules of a decision.
    function _rulesOf(uint256 proposalId) internal view returns (PackedRules) {
        return _frozen[proposalId];
    }

    /// @dev Mature votes at a past moment.
    function _electorateAt(uint256 timepoint) internal view virtual returns (uint256);

    function _setRules(DecisionRules.Rules memory newRules, uint256 quorumFloorLimit) private {
        DecisionRules.requireValid(newRules, SHORTEST_STAGE, LONGEST_NOTICE, quorumFloorLimit);
        PackedRules oldRules = _rules;
        _rules = DecisionRules.pack(newRules);
        emit RulesChanged(oldRules.unpack(), newRules);
    }
}
