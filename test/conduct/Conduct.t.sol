// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConduct} from "../../contracts/conduct/IConduct.sol";
import {IForum} from "../../contracts/forum/IForum.sol";
import {Dice} from "../helpers/Dice.sol";
import {ForumTest} from "../helpers/ForumTest.sol";

/// @title ConductTest
/// @notice Cases at random: complaints, emergencies, lots, rulings, recusals, appeals, decisions of the members, and
/// time; after every step what must always hold is looked at.
contract ConductTest is ForumTest {
    using Dice for Dice.Stream;

    /// @dev What was tried, and went through.
    enum Kind {
        Posted,
        Hidden,
        Complained,
        Drawn,
        Ruled,
        Decided,
        Recused,
        Appealed,
        Settled,
        Refused
    }

    /// @dev Who does not judge a case, by what the test knows of it.
    struct Known {
        uint256 respondent;
        uint256 filer;
        uint32 firstDraw;
    }

    uint256 private constant LONGEST = 30 days;

    uint256 private _posts;
    uint256[10] private _did;
    mapping(uint256 caseId => Known) private _known;
    uint256 private _length;
    uint256 private _log;

    function setUp() public {
        _foundForum();
    }

    /// @notice Properties 27, 28, 29 and 30: over random histories of cases.
    /// hardhat-config: fuzz.runs = 8
    function testFuzz_casesFollowTheirRules(uint256 seed) external {
        _run(seed, 60);
    }

    /// @notice Properties 27, 28, 29 and 30: over a history that is always the same, in which every kind of step was
    /// taken.
    function test_casesOverALongHistory() external {
        _run(7, 400);
        // The kind that is missing stands beside what is wrong.
        for (uint256 kind; kind < _did.length; ++kind) {
            assertEq(_did[kind] > 2 ? kind : type(uint256).max, kind, "a kind of step that was not taken");
        }
    }

    function _run(uint256 seed, uint256 steps) private {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 i; i < steps; ++i) {
            _step(dice);
            _check();
        }
    }

    function _step(Dice.Stream memory dice) private {
        uint256 what = dice.below(16);
        if (what == 0) return _post(dice.below(MEMBERS) + 1);
        if (what == 1) return _hide(dice.below(POOL) + 1, dice.below(_posts + 1) + 1);
        if (what == 2) return _complain(dice.below(MEMBERS) + 1, dice.below(_posts + 1) + 1);
        if (what == 3) return VM.warp(block.timestamp + dice.below(3 days) + 1);
        uint256 last = _conduct.lastCase();
        if (last != 0) _go(what, last - dice.below(last < 4 ? last : 4), dice);
    }

    /// @dev A step of a case.
    function _go(uint256 what, uint256 caseId, Dice.Stream memory dice) private {
        if (what < 6) return _draw(caseId, dice);
        if (what < 11) return _rule(_find(IConduct.Phase.Deliberation, caseId), dice);
        if (what == 11) return _recuse(_find(IConduct.Phase.Deliberation, caseId), dice.below(3));
        if (what < 14) {
            return _appeal(_find(IConduct.Phase.Appealable, caseId), dice.below(2) == 0, dice.below(3) == 0);
        }
        _settle(_find(IConduct.Phase.Members, caseId), dice);
    }

    /// @dev A late case in a phase, or the one that is given.
    function _find(IConduct.Phase phase, uint256 otherwise) private view returns (uint256 caseId) {
        uint256 last = _conduct.lastCase();
        for (caseId = last; caseId != 0 && caseId + 8 > last; --caseId) {
            if (_conduct.caseOf(caseId).phase == phase) return caseId;
        }
        return otherwise;
    }

    function _post(uint256 number) private {
        VM.prank(_key(number));
        try _forum.post(IForum.Kind.Thread, LIST, 0, keccak256(abi.encode(_posts))) returns (uint256 place) {
            _posts = place;
            ++_did[uint256(Kind.Posted)];
        } catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    function _hide(uint256 number, uint256 place) private {
        VM.prank(_key(number));
        try _conduct.hideNow(LIST, place, REASON) {
            ++_did[uint256(Kind.Hidden)];
        } catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    function _complain(uint256 number, uint256 place) private {
        uint256 author = _forum.authorOf(LIST, place);
        IConduct.Complaint memory complaint = IConduct.Complaint({
            respondent: uint32(author),
            clause: 1,
            rule: RULE,
            list: uint32(LIST),
            post: uint32(place),
            evidence: REASON
        });
        VM.prank(_key(number));
        try _conduct.complain(complaint) returns (uint256 caseId) {
            _known[caseId] = Known({respondent: author, filer: number, firstDraw: _conduct.caseOf(caseId).draw});
            ++_did[uint256(Kind.Complained)];
        } catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    /// @dev Gives numbers while they are taken, and lets the draw be made once they are not.
    function _draw(uint256 caseId, Dice.Stream memory dice) private {
        IConduct.Case memory seen = _conduct.caseOf(caseId);
        if (seen.phase == IConduct.Phase.Response) {
            uint256 givers = dice.below(POOL + 1);
            for (uint256 number = 1; number <= givers; ++number) _reveal(seen.draw, number);
            VM.warp(uint256(seen.until) + 1);
        }
        try _conduct.drawPanel(caseId) {
            ++_did[uint256(Kind.Drawn)];
        } catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    function _reveal(uint256 draw, uint256 number) private {
        // solhint-disable-next-line no-empty-blocks
        try _panels.reveal(draw, number, _numberFor(number, draw)) {} catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    function _rule(uint256 caseId, Dice.Stream memory dice) private {
        uint256[3] memory panel = _panels.panelOf(_conduct.caseOf(caseId).draw);
        // Mostly somebody of the panel, at times anybody.
        uint256 number = dice.below(8) == 0 ? dice.below(MEMBERS) + 1 : panel[dice.below(3)];
        if (number == 0) return;
        bool sits = _panels.sits(_conduct.caseOf(caseId).draw, number);
        IConduct.Ruling memory ruling = _ruling(dice);
        uint48 before = _conduct.caseOf(caseId).ruledAt;
        IConduct.Ruling memory standing = _conduct.caseOf(caseId).ruling;
        VM.prank(_key(number));
        try _conduct.rule(caseId, ruling) {
            assertTrue(sits, "a ruling by who does not sit");
            ++_did[uint256(Kind.Ruled)];
            if (_conduct.caseOf(caseId).phase != IConduct.Phase.Deliberation) ++_did[uint256(Kind.Decided)];
            if (before != 0) assertTrue(standing.reason == REASON, "an appeal without a ruling");
        } catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    function _recuse(uint256 caseId, uint256 seat) private {
        uint256 number = _panels.panelOf(_conduct.caseOf(caseId).draw)[seat];
        if (number == 0) return;
        VM.prank(_key(number));
        try _conduct.recuse(caseId, number, REASON) {
            ++_did[uint256(Kind.Recused)];
        } catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    function _appeal(uint256 caseId, bool byRespondent, bool toMembers) private {
        VM.prank(_key(byRespondent ? _known[caseId].respondent : _known[caseId].filer));
        try _conduct.appeal(caseId, toMembers, REASON) {
            ++_did[uint256(Kind.Appealed)];
        } catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    function _settle(uint256 caseId, Dice.Stream memory dice) private {
        IConduct.Ruling memory ruling = _ruling(dice);
        VM.prank(address(_timelock));
        try _conduct.settle(caseId, ruling) {
            ++_did[uint256(Kind.Settled)];
        } catch {
            ++_did[uint256(Kind.Refused)];
        }
    }

    /// @dev Few different ones, so that two of a panel meet.
    function _ruling(Dice.Stream memory dice) private pure returns (IConduct.Ruling memory ruling) {
        ruling.reason = REASON;
        if (dice.below(3) == 0) return ruling;
        ruling.upheld = true;
        ruling.hide = dice.below(3) != 0;
        ruling.suspension = uint32(dice.below(3) * 20 days);
    }

    function _check() private {
        // Property 27: what was appended stays.
        uint256 length = uint32(_forum.seriesOf(LIST));
        uint256 log = uint32(_conduct.series());
        assertTrue(length >= _length && log >= _log, "a series that shrank");
        (_length, _log) = (length, log);
        for (uint256 place = 1; place <= length; ++place) _checkPost(place);
        uint256 last = _conduct.lastCase();
        for (uint256 caseId = last > 6 ? last - 5 : 1; caseId <= last; ++caseId) _checkCase(caseId);
        // Property 30: whatever was ruled.
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            assertEq(_membership.getVotes(_key(number)), 1, "votes of a member");
            uint256 until = _speakers.speakerOf(number).suspendedUntil;
            assertTrue(until <= block.timestamp + 40 days, "a suspension beyond the bound");
        }
    }

    /// @dev Property 28: a hidden post has an end that is near, or a case that was decided so.
    function _checkPost(uint256 place) private view {
        IForum.Fate memory fate = _forum.fateOf(LIST, place);
        if (fate.hiddenUntil < block.timestamp) return;
        if (fate.hiddenUntil != type(uint48).max) {
            assertTrue(fate.hiddenUntil <= block.timestamp + LONGEST, "a hiding without a near end");
            return;
        }
        IConduct.Case memory seen = _conduct.caseOf(fate.hiddenBy);
        assertEq(seen.complaint.post, place, "post of the case that hides");
        assertTrue(seen.result == IConduct.Result.Upheld && seen.ruling.hide, "a hiding that nobody ruled");
    }

    /// @dev Property 29: no panel has a party on it, and an appeal nobody of the first.
    function _checkCase(uint256 caseId) private view {
        IConduct.Case memory seen = _conduct.caseOf(caseId);
        Known memory known = _known[caseId];
        uint256[3] memory panel = _panels.panelOf(seen.draw);
        for (uint256 i; i < 3; ++i) {
            if (panel[i] == 0) continue;
            assertTrue(panel[i] != known.respondent && panel[i] != known.filer, "a party on the panel");
            assertTrue(panel[i] <= POOL, "a judge who is not in the pool");
            if (seen.draw != known.firstDraw) {
                assertTrue(!_panels.hasSat(known.firstDraw, panel[i]), "a judge of the first panel on appeal");
            }
        }
    }
}
