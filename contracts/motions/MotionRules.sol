// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMotions} from "./IMotions.sol";

/// @title MotionRules
/// @notice The ranges of the rules for motions: see {IMotions-Rules}.
library MotionRules {
    uint256 private constant MAX_NOTICE = 90 days;
    uint256 private constant MAX_WINDOW = 30 days;
    uint256 private constant MAX_LAPSE = 365 days;
    uint256 private constant MAX_OPEN = 16;
    uint256 private constant MAX_OPEN_BY_MEMBER = 4;
    uint256 private constant MAX_OBJECTIONS = 5;
    uint256 private constant MAX_OBJECTION_GROUPS = 2;

    /// @notice Reverts with {IMotions-MotionsRuleOutOfRange} unless every rule is within its range.
    /// @param shortest The coalition's shortest stage, in seconds.
    function requireValid(IMotions.Rules memory rules, uint256 shortest) internal pure {
        _require("notice", rules.notice, shortest, MAX_NOTICE);
        _require("window", rules.window, shortest, MAX_WINDOW);
        _require("rebase", rules.rebase, shortest, MAX_WINDOW);
        // An amendment moved at the last moment, and one rebased at the last moment, still come before the members.
        _require("lapse", rules.lapse, uint256(rules.window) + rules.rebase + shortest, MAX_LAPSE);
        _require("openByMotion", rules.openByMotion, 1, MAX_OPEN);
        _require("openByMember", rules.openByMember, 1, MAX_OPEN_BY_MEMBER);
        _requireSilence("silence", rules.silence, shortest);
        _requireObjections("objections", rules.objections, "objectionGroups", rules.objectionGroups);
        _requireSilence("amendmentSilence", rules.amendmentSilence, shortest);
        _requireObjections(
            "amendmentObjections",
            rules.amendmentObjections,
            "amendmentObjectionGroups",
            rules.amendmentObjectionGroups
        );
    }

    function _requireSilence(bytes32 rule, uint256 silence, uint256 shortest) private pure {
        if (silence != 0) _require(rule, silence, shortest, MAX_WINDOW);
    }

    /// @dev Few enough that those who object can always be found: no more than five.
    function _requireObjections(bytes32 rule, uint256 objections, bytes32 groupRule, uint256 groups) private pure {
        _require(rule, objections, 1, MAX_OBJECTIONS);
        _require(groupRule, groups, 1, objections < MAX_OBJECTION_GROUPS ? objections : MAX_OBJECTION_GROUPS);
    }

    function _require(bytes32 rule, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert IMotions.MotionsRuleOutOfRange(rule, value, min, max);
    }
}
