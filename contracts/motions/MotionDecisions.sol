// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IResolutions} from "../governance/IResolutions.sol";
import {IAmendments} from "./IAmendments.sol";
import {MotionActions} from "./MotionActions.sol";
import {MotionBook} from "./MotionBook.sol";

/// @title MotionDecisions
/// @notice What {Motions} proposes to the governor, and how it is called there.
library MotionDecisions {
    /// @notice Proposes a motion as it is: its actions or, if it has none, that its text is recorded among the
    /// resolutions.
    function proposeMotion(
        IGovernor governor,
        IResolutions resolutions,
        uint256 motion,
        MotionBook.Entry storage entry,
        MotionActions.List calldata actions
    ) internal returns (uint256 proposalId) {
        string memory subject = string.concat(
            "Motion ",
            Strings.toString(motion),
            ", revision ",
            Strings.toString(entry.revision)
        );
        bytes32 text = entry.text;
        string memory description = _describe(subject, text);
        if (actions.targets.length == 0) {
            return
                _proposeOne(governor, address(resolutions), abi.encodeCall(IResolutions.record, (text)), description);
        }
        return governor.propose(actions.targets, actions.values, actions.calldatas, description);
    }

    /// @notice Proposes that an amendment is adopted, by a call of `amendments`.
    function proposeAmendment(
        IGovernor governor,
        address amendments,
        uint256 motion,
        uint256 amendment,
        bytes32 text
    ) internal returns (uint256 proposalId) {
        string memory subject = string.concat(
            "Amendment ",
            Strings.toString(amendment),
            " to motion ",
            Strings.toString(motion)
        );
        bytes memory call = abi.encodeCall(IAmendments.adopt, (amendment));
        return _proposeOne(governor, amendments, call, _describe(subject, text));
    }

    /// @notice Whether the governor has a decision still: it is not final there.
    function isOpen(IGovernor.ProposalState state) internal pure returns (bool) {
        return
            state == IGovernor.ProposalState.Pending ||
            state == IGovernor.ProposalState.Active ||
            state == IGovernor.ProposalState.Succeeded ||
            state == IGovernor.ProposalState.Queued;
    }

    /// @notice Whether a decision has passed and is not carried out.
    function isPassed(IGovernor.ProposalState state) internal pure returns (bool) {
        return
            state == IGovernor.ProposalState.Succeeded ||
            state == IGovernor.ProposalState.Queued ||
            state == IGovernor.ProposalState.Expired;
    }

    function _proposeOne(
        IGovernor governor,
        address target,
        bytes memory data,
        string memory description
    ) private returns (uint256 proposalId) {
        address[] memory targets = new address[](1);
        bytes[] memory calldatas = new bytes[](1);
        (targets[0], calldatas[0]) = (target, data);
        return governor.propose(targets, new uint256[](1), calldatas, description);
    }

    /// @dev What a decision is called. Nobody else can propose the same, and so keep these from doing it: the governor
    /// reads who may from the end of it.
    function _describe(string memory subject, bytes32 text) private view returns (string memory) {
        return
            string.concat(
                subject,
                ": text sha2-256 ",
                Strings.toHexString(uint256(text), 32),
                " #proposer=",
                Strings.toHexString(address(this))
            );
    }
}
