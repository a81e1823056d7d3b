// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConduct} from "./IConduct.sol";

/// @title ConductRules
/// @notice What terms a coalition can set, and what a ruling can say.
library ConductRules {
    uint256 private constant MAX_RESPONSE = 30 days;
    uint256 private constant MAX_DELIBERATION = 90 days;
    uint256 private constant MAX_APPEAL = 90 days;
    uint256 private constant MAX_MEMBERS = 365 days;
    uint256 private constant MAX_EMERGENCY = 14 days;
    uint256 private constant MAX_SUSPENSION = 180 days;
    uint256 private constant MAX_QUOTA = 20;
    uint256 private constant MAX_QUOTA_PERIOD = 365 days;

    /// @dev Notice, vote, delay and execution: a decision of the members needs four stages.
    uint256 private constant STAGES_OF_A_DECISION = 4;

    /// @notice Reverts with {IConduct-ConductTermOutOfRange} unless terms are in their ranges.
    /// @param shortest The coalition's shortest stage, in seconds.
    function requireInRange(IConduct.Terms memory terms, uint256 shortest) internal pure {
        _require("response", terms.response, shortest, MAX_RESPONSE);
        _require("drawing", terms.drawing, shortest, MAX_RESPONSE);
        _require("deliberation", terms.deliberation, shortest, MAX_DELIBERATION);
        _require("appeal", terms.appeal, shortest, MAX_APPEAL);
        _require("members", terms.members, STAGES_OF_A_DECISION * shortest, MAX_MEMBERS);
        _require("emergency", terms.emergency, shortest, MAX_EMERGENCY);
        _require("suspension", terms.suspension, shortest, MAX_SUSPENSION);
        _require("quota", terms.quota, 1, MAX_QUOTA);
        _require("quotaPeriod", terms.quotaPeriod, 1 days, MAX_QUOTA_PERIOD);
    }

    /// @notice Reverts with {IConduct-ConductInvalidRuling} or {IConduct-ConductSuspensionTooLong} unless a ruling can
    /// be made in a case.
    /// @param aboutPost Whether the case is about a post.
    /// @param limit Longest suspension, in seconds.
    function requireValid(
        uint256 caseId,
        IConduct.Ruling calldata ruling,
        bool aboutPost,
        uint256 limit
    ) internal pure {
        bool consequence = ruling.warn || ruling.hide || ruling.erase || ruling.refer || ruling.suspension != 0;
        bool valid = ruling.reason != 0 && (ruling.upheld || !consequence);
        if (!valid || (ruling.hide && !aboutPost) || (ruling.erase && !ruling.hide)) {
            revert IConduct.ConductInvalidRuling(caseId);
        }
        if (ruling.suspension > limit) {
            revert IConduct.ConductSuspensionTooLong(caseId, ruling.suspension, limit);
        }
    }

    /// @notice Whether a ruling is heavier than another. A warning is the least consequence: it can come in the place
    /// of any other.
    function isHeavier(IConduct.Ruling calldata ruling, IConduct.Ruling memory than) internal pure returns (bool) {
        bool hadConsequence = than.warn || than.hide || than.refer || than.suspension != 0;
        return
            (ruling.upheld && !than.upheld) ||
            (ruling.warn && !hadConsequence) ||
            (ruling.hide && !than.hide) ||
            (ruling.erase && !than.erase) ||
            (ruling.refer && !than.refer) ||
            ruling.suspension > than.suspension;
    }

    /// @notice Whether two rulings say different things; their reasons may differ in any case.
    function differs(IConduct.Ruling calldata ruling, IConduct.Ruling memory from) internal pure returns (bool) {
        return
            ruling.upheld != from.upheld ||
            ruling.warn != from.warn ||
            ruling.hide != from.hide ||
            ruling.erase != from.erase ||
            ruling.refer != from.refer ||
            ruling.suspension != from.suspension;
    }

    function _require(bytes32 parameter, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert IConduct.ConductTermOutOfRange(parameter, value, min, max);
    }
}
