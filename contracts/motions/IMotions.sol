// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ICharter} from "../charter/ICharter.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";
import {IAgenda} from "../governance/IAgenda.sol";
import {IResolutions} from "../governance/IResolutions.sol";
import {MotionActions} from "./MotionActions.sol";

/// @title IMotions
/// @notice What exactly is being put to the vote, and who changed it. A member drafts a motion and tables it; while it
/// is tabled others endorse and amend it (see {IAmendments}); then it is closed for amendments, those that are open are
/// settled, and anyone puts it to the vote, in the words of its last revision and no other.
///
/// @dev Motions are numbered from 1, revisions of each from 1. Texts are off chain, Markdown by their sha2-256 digest.
/// What class a motion's decision is of follows from its actions; a motion without any is a resolution, and is recorded
/// among those. The rules are copied into a motion when it is tabled.
interface IMotions {
    /// @notice The stages of a motion, from time and acts.
    enum Stage {
        /// Its author edits it. Ends when it is tabled or withdrawn, or lapses.
        Draft,
        /// Endorsements and amendments are open. Ends with time, or when the author withdraws it.
        Tabled,
        /// Closed for amendments: those that are open are settled one by one. Ends when it is put to the vote or
        /// withdrawn, or lapses.
        Closed,
        /// Consensus first: objections are collected. Ends when it is adopted without a vote or put to it, or lapses.
        Silence,
        /// The governor has it. Ends with the decision, or when it is sent back.
        PutToVote,
        /// Adopted or not, as the governor or {Motion-resolution} says. Final, but for a decision that expired and is
        /// sent back.
        Decided,
        /// By its author. Final.
        Withdrawn,
        /// Nobody carried it on in time. Final, but for a draft where the members give drafts more time.
        Lapsed
    }

    /// @notice What a revision says and does.
    struct Content {
        /// sha2-256 of its text.
        bytes32 text;
        /// sha2-256 of its purpose: which goal it serves, and how success will be measured.
        bytes32 purpose;
        MotionActions.List actions;
    }

    /// @notice How motions are dealt with. Durations in seconds.
    struct Rules {
        /// For which a motion is open for amendments, after it was tabled and after each edit of its author. From the
        /// shortest stage to 90 days.
        uint32 notice;
        /// In which an amendment can be accepted as friendly. From the shortest stage to 30 days.
        uint32 window;
        /// In which a mover can rebase an amendment whose text moved on, once amendments are closed. From the shortest
        /// stage to 30 days.
        uint32 rebase;
        /// After which a motion lapses that nobody carries on. From `window` + `rebase` + the shortest stage to 365
        /// days.
        uint32 lapse;
        /// Amendments that can be open on a motion, 1 to 16, and those of one member among them, 1 to 4.
        uint8 openByMotion;
        uint8 openByMember;
        /// Consensus first for motions without actions: length of the silence, 0 for none, else from the shortest stage
        /// to 30 days; members whose objections end it, 1 to 5, and groups that they come from, 1 to 2 and no more than
        /// members.
        uint32 silence;
        uint8 objections;
        uint8 objectionGroups;
        /// The same for amendments.
        uint32 amendmentSilence;
        uint8 amendmentObjections;
        uint8 amendmentObjectionGroups;
    }

    /// @notice A motion as it stands.
    struct Motion {
        /// Member number of its author.
        uint256 author;
        Stage stage;
        uint256 revision;
        bytes32 text;
        bytes32 purpose;
        /// Digest of its actions, see {MotionActions}; 0 for none.
        bytes32 actions;
        /// First second in which it is closed for amendments; 0 before it is tabled.
        uint48 closesAt;
        /// Endorsements of the present revision, and their groups, a bit each. Amendments that the members adopt leave
        /// them alone.
        uint256 endorsements;
        uint256 endorsementGroups;
        /// Whether the members have adopted an amendment: the author alone neither changes nor withdraws it any more.
        bool theirs;
        /// First second after its silence; 0 if there was none. Objections so far.
        uint48 silenceUntil;
        uint256 objections;
        /// The decision that it was put to, 0 for none; and the resolution that it became without one, 0 for none.
        uint256 proposalId;
        uint256 resolution;
    }

    /// @notice A motion was drafted. Followed by its first {MotionRevised}.
    event MotionDrafted(uint256 indexed motion, uint256 indexed author);

    /// @notice A motion has a new revision.
    /// @param amendment The amendment that made it; 0 for its author, and for a motion that is sent back.
    event MotionRevised(
        uint256 indexed motion,
        uint256 indexed revision,
        uint256 indexed amendment,
        bytes32 text,
        bytes32 purpose,
        bytes32 actions
    );

    /// @notice The actions of a revision that its author wrote, whole.
    event MotionActionsSet(uint256 indexed motion, uint256 indexed revision, MotionActions.List actions);

    /// @notice A motion is open for amendments, until `closesAt`: it was tabled, or edited since, or sent back. What
    /// endorsed it before does not any more.
    event MotionTabled(uint256 indexed motion, uint256 indexed revision, uint48 closesAt);

    /// @notice A member endorsed a motion.
    event MotionEndorsed(uint256 indexed motion, uint256 indexed number, uint256 revision, uint256 endorsements);

    /// @notice The silence of a motion began: objections until `until`.
    event MotionSilenceOpened(uint256 indexed motion, uint256 indexed revision, uint48 until);

    /// @notice A member objects to a motion's adoption without a vote.
    event MotionObjected(uint256 indexed motion, uint256 indexed number, bytes32 reason, uint256 objections);

    /// @notice A motion was adopted without a vote: nobody, or too few, objected. It is this resolution.
    event MotionAdopted(uint256 indexed motion, uint256 indexed revision, uint256 indexed resolution);

    /// @notice A motion was put to the vote.
    event MotionPut(uint256 indexed motion, uint256 indexed revision, uint256 indexed proposalId);

    /// @notice A question about a motion was put to the vote: whether an amendment is adopted.
    event AmendmentPut(uint256 indexed motion, uint256 indexed amendment, uint256 indexed proposalId);

    /// @notice A motion is open for amendments again: the clause that an action of it changes has moved.
    /// @param proposalId The decision that it had been put to, 0 for none.
    /// @param index The action.
    event MotionSentBack(uint256 indexed motion, uint256 indexed proposalId, uint256 index);

    /// @notice Its author withdrew a motion.
    event MotionWithdrawn(uint256 indexed motion);

    /// @notice The rules for motions tabled from now on changed.
    event MotionRulesChanged(Rules oldRules, Rules newRules);

    /// @notice The contract that amends motions, for good.
    event AmendmentsBound(address indexed amendments);

    /// @notice There is no such motion.
    error MotionsUnknown(uint256 motion, uint256 last);

    /// @notice Only the timelock, or the amendments, may call this.
    error MotionsUnauthorized(address caller, address expected);

    /// @notice The motions have their amendments.
    error MotionsBound(address amendments);

    /// @notice A rule is out of its range.
    /// @param rule Its name, as in {Rules}, in ASCII.
    error MotionsRuleOutOfRange(bytes32 rule, uint256 value, uint256 min, uint256 max);

    /// @notice The motion is in another stage than this needs.
    /// @param stages Those in which it can be done, a bit each by the number of the stage.
    error MotionsWrongStage(uint256 motion, Stage current, uint256 stages);

    /// @notice Only the author may do this.
    error MotionsNotAuthor(uint256 motion, address account, uint256 author);

    /// @notice The motion has moved on from this revision.
    error MotionsOtherRevision(uint256 motion, uint256 revision, uint256 current);

    /// @notice A motion has a text and a purpose: neither digest is zero.
    error MotionsNoText();

    /// @notice The edit changes nothing.
    error MotionsNothingNew(uint256 motion);

    /// @notice The member has endorsed this revision.
    error MotionsEndorsed(uint256 motion, uint256 number);

    /// @notice The motion has fewer endorsements, or from fewer groups, than its class needs.
    error MotionsNotEndorsed(
        uint256 motion,
        uint256 endorsements,
        uint256 needed,
        uint256 groups,
        uint256 groupsNeeded
    );

    /// @notice The members have adopted an amendment: the author alone neither changes nor withdraws the motion any
    /// more.
    error MotionsTheirs(uint256 motion);

    /// @notice Whoever drafted the motion is not on the roll any more.
    error MotionsAuthorGone(uint256 motion, uint256 author);

    /// @notice An amendment of the motion is before the members.
    error MotionsQuestionOpen(uint256 motion, uint256 amendment);

    /// @notice The clause that an action changes has moved since it was written: the motion can be sent back.
    error MotionsClauseMoved(uint256 motion, uint256 index);

    /// @notice The action changes no clause that has moved.
    error MotionsNothingMoved(uint256 motion, uint256 index);

    /// @notice The decision has not passed, or is carried out.
    error MotionsNotPassed(uint256 motion, uint256 proposalId, IGovernor.ProposalState current);

    /// @notice The silence goes on, or objections have ended it.
    error MotionsNoConsensus(uint256 motion, uint48 until, bool broken);

    /// @notice Binds the motions to the amendments that call it, once.
    function bindAmendments() external;

    /// @notice Changes the rules for motions tabled from now on. Only the timelock.
    /// @dev Emits {MotionRulesChanged}. Reverts with {MotionsUnauthorized}, {MotionsRuleOutOfRange}.
    function setRules(Rules calldata newRules) external;

    /// @notice Drafts a motion. Members with the right to propose.
    /// @dev Emits {MotionDrafted}, {MotionRevised}, {MotionActionsSet}. Reverts with {RollRights-RollRightsRefused},
    /// {MotionsNoText} and as {MotionActions-validate}.
    function draft(Content calldata content) external returns (uint256 motion);

    /// @notice {draft} for a member who signed `DraftMotion(address account,bytes32 text,bytes32 purpose,bytes32
    /// actions,uint256 nonce,uint256 deadline)`, with the digest of the actions. Anyone may call and pay.
    function draftBySig(
        address account,
        Content calldata content,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 motion);

    /// @notice Edits a motion that is drafted or tabled. Its author, with the right to propose. A tabled one is open
    /// for amendments anew, for the whole notice, and needs its endorsements anew.
    /// @dev Emits {MotionRevised}, {MotionActionsSet}, and {MotionTabled} if it was tabled. Reverts with
    /// {MotionsUnknown}, {MotionsNotAuthor}, {MotionsWrongStage}, {MotionsOtherRevision},
    /// {RollRights-RollRightsRefused}, {MotionsNoText}, {MotionsNothingNew} and as {MotionActions-validate}.
    /// @param revision The revision that it was written against.
    function revise(uint256 motion, uint256 revision, Content calldata content) external;

    /// @notice {revise} for an author who signed `ReviseMotion(address account,uint256 motion,uint256 revision,bytes32
    /// text,bytes32 purpose,bytes32 actions,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function reviseBySig(
        address account,
        uint256 motion,
        uint256 revision,
        Content calldata content,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Tables a draft. Its author, with the right to propose.
    /// @dev Emits {MotionTabled}. Reverts with {MotionsUnknown}, {MotionsNotAuthor}, {MotionsWrongStage},
    /// {MotionsOtherRevision}, {RollRights-RollRightsRefused}.
    function table(uint256 motion, uint256 revision) external;

    /// @notice Endorses a revision of a motion that is tabled, closed for amendments, or in its silence: what its class
    /// needs may be more by the time it is put to the vote. Members with the right to propose.
    /// @dev Emits {MotionEndorsed}. Reverts with {MotionsUnknown}, {MotionsWrongStage}, {MotionsOtherRevision},
    /// {RollRights-RollRightsRefused}, {MotionsEndorsed}.
    function endorse(uint256 motion, uint256 revision) external;

    /// @notice Withdraws a motion that has not been put to the vote. Its author, while no amendment of it is before the
    /// members and they have adopted none.
    /// @dev Emits {MotionWithdrawn}. Reverts with {MotionsUnknown}, {MotionsNotAuthor}, {MotionsWrongStage},
    /// {MotionsOtherRevision}, {MotionsTheirs}, {MotionsQuestionOpen}.
    function withdraw(uint256 motion, uint256 revision) external;

    /// @notice Objects to a motion's adoption without a vote, during its silence. Members with the right to vote.
    /// @dev Emits {MotionObjected}. Reverts with {MotionsUnknown}, {MotionsWrongStage}, {RollRights-RollRightsRefused}
    /// and as {Silences-object}.
    /// @param reason Digest (sha2-256) of the reason.
    function object(uint256 motion, bytes32 reason) external;

    /// @notice Puts a motion to the vote, once it is closed for amendments and none is left to be settled. Anyone. If
    /// its rules want consensus first, this begins its silence, and serves again when that is broken.
    /// @dev Emits {MotionPut} or {MotionSilenceOpened}. Reverts with {MotionsUnknown}, {MotionsWrongStage},
    /// {MotionActions-MotionActionsOther}, {MotionsClauseMoved}, {MotionsAuthorGone}, {MotionsNotEndorsed},
    /// {MotionsNoConsensus}, {IAmendments-AmendmentsUnsettled}, {IAgenda-AgendaFull}.
    /// @param actions Those of the last revision.
    /// @return proposalId The decision, 0 if a silence began.
    function putToVote(uint256 motion, MotionActions.List calldata actions) external returns (uint256 proposalId);

    /// @notice Adopts a motion whose silence is over and was not broken. Anyone.
    /// @dev Emits {MotionAdopted}. Reverts with {MotionsUnknown}, {MotionsWrongStage}, {MotionsNoConsensus}.
    /// @return resolution The number of the resolution that it is.
    function adopt(uint256 motion) external returns (uint256 resolution);

    /// @notice Sends a motion back to its author, open for amendments again, if a clause of the charter that it changes
    /// has moved since. Anyone: before it is put to the vote, or after it has passed. What it was put to can then not
    /// be carried out, unless the clause moves back before that expires.
    /// @dev Emits {MotionSentBack}, {MotionRevised}, {MotionTabled}. Reverts with {MotionsUnknown},
    /// {MotionsWrongStage}, {MotionActions-MotionActionsOther}, {MotionsNothingMoved}, {MotionsNotPassed},
    /// {IAmendments-AmendmentsUnsettled}.
    /// @param actions Those of the last revision.
    /// @param index The action that changes the clause.
    function sendBack(uint256 motion, MotionActions.List calldata actions, uint256 index) external;

    /// @notice Changes a motion as an amendment says. Only the amendments.
    /// @dev Emits {MotionRevised}, and {MotionTabled} unless the members adopted it. Reverts with
    /// {MotionsUnauthorized}, {MotionsTheirs}.
    /// @param byMembers Whether the members adopted it, and not the author alone.
    function change(uint256 motion, bytes32 text, bytes32 actions, uint256 amendment, bool byMembers) external;

    /// @notice Puts to the vote whether an amendment is adopted. Only the amendments.
    /// @dev Emits {AmendmentPut}.
    function ask(uint256 motion, uint256 amendment, bytes32 text) external returns (uint256 proposalId);

    /// @notice A motion. Reverts with {MotionsUnknown}.
    function motionOf(uint256 motion) external view returns (Motion memory);

    /// @notice What an amendment asks: the stage of a motion, the member number of its author, and its present content.
    /// Reverts with {MotionsUnknown}.
    function contentOf(
        uint256 motion
    ) external view returns (Stage stage, uint256 author, uint256 revision, bytes32 text, bytes32 actions);

    /// @notice The rules of a motion that was tabled, copied then; of a draft those in force now. Reverts with
    /// {MotionsUnknown}.
    function rulesOf(uint256 motion) external view returns (Rules memory);

    /// @notice The rules for motions tabled from now on.
    function rules() external view returns (Rules memory);

    /// @notice Whether a member has endorsed the present revision. Reverts with {MotionsUnknown}.
    function hasEndorsed(uint256 motion, uint256 number) external view returns (bool);

    /// @notice The class that a decision with these actions would be of now.
    function classOf(MotionActions.List calldata actions) external view returns (DecisionRules.Class);

    /// @notice How many motions were drafted.
    function lastMotion() external view returns (uint256);

    /// @notice The contract that amends motions.
    function amendments() external view returns (address);

    /// @notice The agenda of the governor that motions are put to.
    function agenda() external view returns (IAgenda);

    /// @notice The charter whose clauses motions change.
    function charter() external view returns (ICharter);

    /// @notice Where motions without actions are recorded.
    function resolutions() external view returns (IResolutions);
}
