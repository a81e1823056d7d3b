// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConduct} from "./IConduct.sol";

/// @title CaseFile
/// @notice A case as it is stored, and where it is at a moment.
library CaseFile {
    /// @notice The last thing that was done in a case; the phase follows from it and the clock.
    enum Stage {
        None,
        /// It was opened, or appealed to another panel.
        Filed,
        /// A panel sits.
        Seated,
        /// It was ruled on, and can be appealed.
        Ruled,
        /// It is before the members.
        Members,
        /// The last ruling was made.
        Settled
    }

    /// @dev Four words of the complaint, two of its course, and two for each ruling.
    struct File {
        uint32 respondent;
        /// Who complained, or brought the complaint of somebody else.
        uint32 filer;
        /// Who else does not judge it.
        uint32[2] excluded;
        uint32 clause;
        uint32 version;
        uint32 list;
        uint32 post;
        bytes32 rule;
        bytes32 evidence;
        bytes32 commitment;
        Stage stage;
        uint8 instance;
        /// Whether the respondent appealed.
        bool byRespondent;
        bool responded;
        /// Last second of the stage.
        uint48 until;
        uint48 openedAt;
        uint48 ruledAt;
        uint32 draw;
        /// The draw of the first instance, once there is a second.
        uint32 firstDraw;
        /// See {IConduct-Terms}, as they were when it was opened.
        uint32 response;
        uint32 drawing;
        uint32 deliberation;
        uint32 appeal;
        uint32 members;
        uint32 longest;
        /// Since when a suspension runs; 0 while none was ruled.
        uint48 suspendedAt;
        IConduct.Ruling first;
        IConduct.Ruling last;
    }

    /// @notice Writes down what a complaint says.
    /// @param filer Who brings it.
    /// @param version Of the Code in force.
    function open(
        File storage self,
        IConduct.Complaint calldata complaint,
        uint256 filer,
        uint32[2] memory excluded,
        uint256 version,
        bytes32 commitment
    ) internal {
        (self.respondent, self.filer, self.excluded) = (complaint.respondent, uint32(filer), excluded);
        (self.clause, self.list, self.post) = (complaint.clause, complaint.list, complaint.post);
        (self.rule, self.evidence, self.commitment) = (complaint.rule, complaint.evidence, commitment);
        (self.version, self.openedAt, self.instance) = (uint32(version), uint48(block.timestamp), 1);
    }

    /// @notice Keeps the terms in force at the complaint.
    function keep(File storage self, IConduct.Terms memory terms) internal {
        (self.response, self.drawing, self.deliberation) = (terms.response, terms.drawing, terms.deliberation);
        (self.appeal, self.members, self.longest) = (terms.appeal, terms.members, terms.suspension);
    }

    /// @notice Where a case is, and its last second there; 0 where it has none.
    function phase(File storage self) internal view returns (IConduct.Phase current, uint48 until) {
        Stage stage = self.stage;
        until = self.until;
        if (stage == Stage.Filed) {
            if (block.timestamp <= until) return (IConduct.Phase.Response, until);
            until += self.drawing;
        }
        if (stage == Stage.Settled || block.timestamp > until) return (IConduct.Phase.Closed, 0);
        if (stage == Stage.Filed) return (IConduct.Phase.Drawing, until);
        if (stage == Stage.Seated) return (IConduct.Phase.Deliberation, until);
        return (stage == Stage.Ruled ? IConduct.Phase.Appealable : IConduct.Phase.Members, until);
    }

    /// @notice The last second in which the instance that a case is in can end.
    function latestEnd(File storage self) internal view returns (uint48 end) {
        end = self.until;
        if (self.stage == Stage.Filed) end += self.drawing + self.deliberation;
    }

    /// @notice How a case stands, and the ruling in effect.
    function result(File storage self) internal view returns (IConduct.Result outcome, IConduct.Ruling memory ruling) {
        Stage stage = self.stage;
        (IConduct.Phase current, ) = phase(self);
        bool over = current == IConduct.Phase.Closed && stage != Stage.Ruled && stage != Stage.Settled;
        if (self.ruledAt == 0) return (over ? IConduct.Result.Lapsed : IConduct.Result.Pending, ruling);
        if (over && self.byRespondent) return (IConduct.Result.Lapsed, ruling);
        ruling = self.last.reason != 0 ? self.last : self.first;
        outcome = ruling.upheld ? IConduct.Result.Upheld : IConduct.Result.Dismissed;
    }

    /// @notice Whether nobody ever ruled on a case, and nobody can any more: what it was about was not judged.
    function isUntried(File storage self) internal view returns (bool) {
        (IConduct.Result outcome, ) = result(self);
        return outcome == IConduct.Result.Lapsed && self.ruledAt == 0;
    }

    /// @notice A case as the public sees it.
    function shown(File storage self) internal view returns (IConduct.Case memory seen) {
        seen.complaint = IConduct.Complaint({
            respondent: self.respondent,
            clause: self.clause,
            rule: self.rule,
            list: self.list,
            post: self.post,
            evidence: self.evidence
        });
        (seen.version, seen.commitment) = (self.version, self.commitment);
        (seen.openedAt, seen.ruledAt) = (self.openedAt, self.ruledAt);
        (seen.instance, seen.draw) = (self.instance, self.draw);
        (seen.phase, seen.until) = phase(self);
        (seen.result, seen.ruling) = result(self);
    }
}
