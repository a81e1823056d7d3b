// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IForum} from "../forum/IForum.sol";
import {CaseFile} from "./CaseFile.sol";
import {IConduct} from "./IConduct.sol";
import {ISpeakers} from "./ISpeakers.sol";

/// @title CaseEffects
/// @notice What a case brings about in the forum and for who may speak: nothing else is in its reach.
library CaseEffects {
    using CaseFile for CaseFile.File;

    /// @notice Has a ruling take effect, in the place of what the case brought about before.
    function apply_(
        CaseFile.File storage file,
        uint32 caseId,
        IConduct.Ruling calldata ruling,
        IForum forum,
        ISpeakers speakers
    ) internal {
        uint48 since = file.suspendedAt;
        if (ruling.suspension != 0) {
            if (since == 0) file.suspendedAt = since = uint48(block.timestamp);
            speakers.suspend(file.respondent, caseId, since + ruling.suspension);
        } else if (since != 0) {
            speakers.suspend(file.respondent, caseId, 0);
        }
        if (ruling.hide) {
            forum.hide(file.list, file.post, caseId, type(uint48).max, ruling.reason);
        } else if (_isHidden(file, caseId, forum)) {
            forum.show(file.list, file.post, caseId, ruling.reason);
        }
    }

    /// @notice What is hidden or suspended while nobody has ruled, or ruled on the respondent's appeal, is so for as
    /// long as that can take: then it ends by itself.
    function hold(
        CaseFile.File storage file,
        uint32 caseId,
        bytes32 reason,
        IForum forum,
        ISpeakers speakers
    ) internal {
        if (file.ruledAt != 0 && !file.byRespondent) return;
        uint48 end = file.latestEnd();
        if (_isHidden(file, caseId, forum)) forum.hide(file.list, file.post, caseId, end, reason);
        if (file.suspendedAt == 0) return;
        uint48 until = file.suspendedAt + file.first.suspension;
        speakers.suspend(file.respondent, caseId, until < end ? until : end);
    }

    /// @dev Whether the post of a case is hidden now, by this case or in an emergency.
    function _isHidden(CaseFile.File storage file, uint32 caseId, IForum forum) private view returns (bool) {
        if (file.post == 0) return false;
        IForum.Fate memory fate = forum.fateOf(file.list, file.post);
        return fate.hiddenUntil >= block.timestamp && (fate.hiddenBy == 0 || fate.hiddenBy == caseId);
    }
}
