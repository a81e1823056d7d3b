// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {Resolutions} from "../../contracts/governance/Resolutions.sol";
import {Amendments} from "../../contracts/motions/Amendments.sol";
import {IAmendments} from "../../contracts/motions/IAmendments.sol";
import {IMotions} from "../../contracts/motions/IMotions.sol";
import {MotionActions} from "../../contracts/motions/MotionActions.sol";
import {Motions} from "../../contracts/motions/Motions.sol";
import {Decisions, Register} from "../helpers/Decisions.sol";

/// @title MotionsRecord
/// @notice A plain record of motions and amendments that a test keeps of its own: whose text each is, what it was
/// written against, who objected, and how the members voted. It is held against the contracts after every step.
abstract contract MotionsRecord is Decisions {
    enum Kind {
        Drafted,
        Revised,
        Withdrawn,
        Moved,
        MovedToAmendment,
        MovedAsSubstitute,
        Accepted,
        AcceptedIntoAmendment,
        AmendmentWithdrawn,
        Rebased,
        RebasedToMotion,
        Objected,
        Silence,
        Voted,
        AdoptedInSilence,
        AdoptedByVote,
        Rejected,
        Lapsed,
        PutWithAction,
        PutAsText,
        MotionSilence,
        MotionAdoptedInSilence,
        MotionCarriedOut,
        Refused,
        OtherActionsRefused,
        OwnDecisionRefused,
        Pass
    }

    /// @dev A text, and the number that its action notes; 0 for no action.
    struct Content {
        bytes32 text;
        uint256 entry;
    }

    struct Motion {
        uint256 author;
        Content content;
        uint256 revision;
        uint256 question;
        uint256 objectors;
        uint256 put;
        bool over;
    }

    struct Amendment {
        uint256 motion;
        uint256 parent;
        uint256 mover;
        uint256 base;
        uint256 version;
        bool substitute;
        Content content;
        uint256 writtenAt;
        uint256 objectors;
        bool ended;
        IAmendments.State end;
    }

    uint256 public constant KEYS = 7;
    uint256 internal constant WINDOW = 2 days;
    uint256 internal constant OBJECTIONS = 2;

    Motions internal immutable MOTIONS;
    Amendments internal immutable AMENDMENTS;
    CoalitionGovernor internal immutable GOVERNOR;
    Resolutions internal immutable RESOLUTIONS;
    Register internal immutable REGISTER;

    Motion[] internal _motions;
    Amendment[] internal _amendments;
    /// @dev Texts that went into the record of resolutions, and how often each number was noted.
    uint256 private _recorded;
    mapping(uint256 entry => uint256 times) private _noted;
    mapping(uint256 proposalId => bool) internal _favoured;

    mapping(Kind kind => uint256 times) public done;
    uint256 public calls;
    uint256 public acts;
    /// @notice The first thing that must not be; empty if there was none.
    string public violation;

    constructor(Motions motions, Amendments amendments, CoalitionGovernor governor, Resolutions resolutions) {
        (MOTIONS, AMENDMENTS, GOVERNOR, RESOLUTIONS) = (motions, amendments, governor, resolutions);
        REGISTER = new Register();
        // Numbers begin at 1.
        _motions.push();
        _amendments.push();
    }

    /// @notice Writes down what must not be.
    function check() public {
        if (MOTIONS.lastMotion() != _motions.length - 1) _violate("a motion that nobody drafted");
        if (AMENDMENTS.lastAmendment() != _amendments.length - 1) _violate("an amendment that nobody moved");
        if (RESOLUTIONS.lastNumber() != _recorded) _violate("a resolution without a vote or a silence");
        for (uint256 number = _motions.length - 1; number != 0 && number + 3 > _motions.length; --number) {
            _checkMotion(number);
        }
        // The last ten, and whatever is open: what lapses has to be seen before the time to rebase begins anew.
        for (uint256 one = _amendments.length - 1; one != 0; --one) {
            if (one + 10 >= _amendments.length || !_amendments[one].ended) _checkAmendment(one);
        }
    }

    function _write(
        Amendment storage amendment,
        uint256 parent,
        IAmendments.Change memory change,
        Content memory content
    ) internal {
        (amendment.parent, amendment.base, amendment.substitute) = (parent, change.base, change.substitute);
        amendment.content = content;
        ++amendment.version;
        amendment.writtenAt = block.timestamp;
    }

    /// @dev Makes the text of an amendment that of what it amends.
    function _apply(Amendment storage amendment, IAmendments.State end) internal {
        _end(amendment, end);
        if (amendment.parent == 0) {
            Motion storage motion = _motions[amendment.motion];
            motion.content = amendment.content;
            ++motion.revision;
        } else {
            Amendment storage parent = _amendments[amendment.parent];
            parent.content = amendment.content;
            ++parent.version;
            parent.writtenAt = block.timestamp;
        }
    }

    function _end(Amendment storage amendment, IAmendments.State end) internal {
        if (amendment.ended) _violate("an amendment that ended twice");
        if (_motions[amendment.motion].question != 0) _violate("an amendment that ended while another was voted on");
        (amendment.ended, amendment.end) = (true, end);
    }

    function _carriedOut(uint256 number, uint256 proposalId) internal {
        if (!_favoured[proposalId]) _violate("a decision carried out that the members rejected");
        Motion storage motion = _motions[number];
        if (motion.question != 0) {
            Amendment storage amendment = _amendments[motion.question];
            motion.question = 0;
            _apply(amendment, IAmendments.State.Adopted);
            return _did(Kind.AdoptedByVote);
        }
        uint256 entry = motion.content.entry;
        if (entry == 0) _recordText(motion);
        else if (REGISTER.runs(entry) != ++_noted[entry]) _violate("another action than the motion's");
        motion.over = true;
        _did(Kind.MotionCarriedOut);
    }

    function _recordText(Motion storage motion) internal {
        motion.over = true;
        (bytes32 digest, ) = RESOLUTIONS.resolution(++_recorded);
        if (digest != motion.content.text) _violate("another text than the motion's on record");
    }

    /// @dev Whether it is an amendment's turn: nothing before it is open, and nothing stale can be rebased.
    function _requireTurn(uint256 number, uint256 asked, uint256 rebaseUntil) internal {
        Amendment storage turn = _amendments[asked];
        if (block.timestamp < MOTIONS.motionOf(number).closesAt) _violate("a question before the close");
        if (turn.motion != number || turn.ended) _violate("a question that is not open");
        if (_isStale(turn)) _violate("a question on a text that is no more");
        if (block.timestamp <= turn.writtenAt + WINDOW) _violate("a question in its friendly window");
        for (uint256 one = 1; one < _amendments.length; ++one) {
            Amendment storage other = _amendments[one];
            if (other.motion != number || other.ended || one == asked) continue;
            if (!_isStale(other)) _requireOrder(asked, one);
            else if (block.timestamp <= rebaseUntil) _violate("a question before a stale one was rebased");
        }
    }

    function _requireOrder(uint256 first, uint256 second) private {
        (uint256 rank, uint256 other) = (_rank(_amendments[first]), _rank(_amendments[second]));
        if (other < rank || (other == rank && second < first)) _violate("a question out of turn");
    }

    function _checkMotion(uint256 number) private {
        Motion storage motion = _motions[number];
        IMotions.Motion memory seen = MOTIONS.motionOf(number);
        if (seen.text != motion.content.text) _violate("a motion with a text that nobody gave it");
        if (seen.actions != _digest(motion.content.entry)) _violate("a motion with actions that nobody gave it");
        if (seen.revision != motion.revision) _violate("a revision that nobody made");
        if (seen.proposalId != motion.put) _violate("a motion that nobody put to the vote");
        if (AMENDMENTS.docketOf(number).question != motion.question) _violate("a question that nobody asked");
        if (seen.stage > IMotions.Stage.PutToVote) motion.over = true;
    }

    function _checkAmendment(uint256 one) private {
        Amendment storage amendment = _amendments[one];
        IAmendments.Amendment memory seen = AMENDMENTS.amendmentOf(one);
        _checkContent(amendment, seen);
        if (amendment.ended) {
            if (seen.state != amendment.end) _violate("an amendment that ended in two ways");
        } else if (seen.state == IAmendments.State.Lapsed) {
            _checkLapse(amendment);
        } else if (_motions[amendment.motion].question == one) {
            bool asked = seen.state == IAmendments.State.Silence || seen.state == IAmendments.State.PutToVote;
            if (!asked) _violate("a question that nobody settled");
        } else if (seen.state != (_isStale(amendment) ? IAmendments.State.Stale : IAmendments.State.Open)) {
            _violate("an amendment that nobody settled");
        }
    }

    function _checkContent(Amendment storage amendment, IAmendments.Amendment memory seen) private {
        if (seen.text != amendment.content.text) _violate("an amendment with a text that nobody gave it");
        if (seen.actions != _digest(amendment.content.entry)) _violate("an amendment with other actions");
        if (seen.version != amendment.version || seen.base != amendment.base) _violate("another version");
    }

    /// @dev What was stale for longer than it could be rebased lapses, and what was open when its motion ended.
    function _checkLapse(Amendment storage amendment) private {
        if (!_motions[amendment.motion].over) {
            if (!_isStale(amendment)) _violate("an amendment that lapsed though it was not stale");
            bool early = block.timestamp <= AMENDMENTS.docketOf(amendment.motion).rebaseUntil;
            if (early) _violate("an amendment that lapsed while it could be rebased");
            _did(Kind.Lapsed);
        }
        (amendment.ended, amendment.end) = (true, IAmendments.State.Lapsed);
    }

    function _did(Kind kind) internal {
        ++done[kind];
        if (kind != Kind.Refused) ++acts;
    }

    function _violate(string memory what) internal {
        if (bytes(violation).length == 0) violation = what;
    }

    /// @dev One of the last two motions, one that is under way if there is any; 0 if there is none at all.
    function _pick(uint256 which) internal view returns (uint256 number, Motion storage motion) {
        number = _motions.length - 1;
        if (number > 1 && !_motions[number - 1].over && (_motions[number].over || which % 2 == 1)) --number;
        motion = _motions[number];
    }

    /// @dev An amendment of a motion that has not ended; 0 if there is none.
    function _find(uint256 number, uint256 from) internal view returns (uint256) {
        uint256 count = _amendments.length - 1;
        for (uint256 i; i < count; ++i) {
            uint256 one = 1 + (((from % count) + i) % count);
            if (_amendments[one].motion == number && !_amendments[one].ended) return one;
        }
        return 0;
    }

    function _isAnyOpen(uint256 number) internal view returns (bool) {
        for (uint256 one = 1; one < _amendments.length; ++one) {
            Amendment storage amendment = _amendments[one];
            if (amendment.motion == number && !amendment.ended && !_isStale(amendment)) return true;
        }
        return false;
    }

    function _isStale(Amendment storage amendment) internal view returns (bool) {
        if (amendment.parent == 0) return amendment.base != _motions[amendment.motion].revision;
        Amendment storage parent = _amendments[amendment.parent];
        return !_isCurrent(parent) || amendment.base != parent.version;
    }

    function _isCurrent(Amendment storage amendment) internal view returns (bool) {
        return !amendment.ended && amendment.base == _motions[amendment.motion].revision;
    }

    function _rank(Amendment storage amendment) internal view returns (uint256) {
        if (amendment.parent != 0) return 0;
        return amendment.substitute ? 2 : 1;
    }

    /// @dev The decision on what is before the members: an amendment, or the motion in its last revision.
    function _decisionOn(uint256 number) internal view returns (Decision memory decision) {
        Motion storage motion = _motions[number];
        string memory of_ = Strings.toString(number);
        if (motion.question != 0) {
            decision.target = address(AMENDMENTS);
            decision.data = abi.encodeCall(AMENDMENTS.adopt, (motion.question));
            string memory subject = string.concat("Amendment ", Strings.toString(motion.question), " to motion ", of_);
            decision.description = _describe(subject, _amendments[motion.question].content.text);
        } else {
            uint256 entry = motion.content.entry;
            decision.target = entry == 0 ? address(RESOLUTIONS) : address(REGISTER);
            decision.data =
                entry == 0
                    ? abi.encodeCall(RESOLUTIONS.record, (motion.content.text))
                    : abi.encodeCall(REGISTER.note, (entry));
            string memory subject = string.concat("Motion ", of_, ", revision ", Strings.toString(motion.revision));
            decision.description = _describe(subject, motion.content.text);
        }
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(decision);
        decision.id = GOVERNOR.hashProposal(targets, values, calldatas, keccak256(bytes(decision.description)));
    }

    function _describe(string memory subject, bytes32 text) private view returns (string memory) {
        string memory digest = Strings.toHexString(uint256(text), 32);
        return string.concat(subject, ": text sha2-256 ", digest, " #proposer=", Strings.toHexString(address(MOTIONS)));
    }

    function _list(uint256 entry) internal view returns (MotionActions.List memory list) {
        if (entry == 0) return list;
        (list.targets, list.values, list.calldatas) = (new address[](1), new uint256[](1), new bytes[](1));
        (list.targets[0], list.calldatas[0]) = (address(REGISTER), abi.encodeCall(REGISTER.note, (entry)));
    }

    function _digest(uint256 entry) internal view returns (bytes32) {
        MotionActions.List memory list = _list(entry);
        return entry == 0 ? bytes32(0) : keccak256(abi.encode(list.targets, list.values, list.calldatas));
    }

    function _number(uint256 who) internal pure returns (uint256) {
        return (who % KEYS) + 1;
    }

    function _key(uint256 who) internal pure returns (address) {
        return VM.addr((who % KEYS) + 1);
    }
}
