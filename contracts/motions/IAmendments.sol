// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IMotions} from "./IMotions.sol";
import {MotionActions} from "./MotionActions.sol";

/// @title IAmendments
/// @notice How members write a motion together: amendments to a motion and, one level below, to amendments. Whose text
/// it is may accept one as friendly; the others are settled by the members, one at a time and in a set order, so that
/// every vote is on a text that exists.
///
/// @dev The order: amendments to amendments first, then amendments to the motion, substitutes for it last; among equals
/// the one that was moved first. An amendment names the revision of the motion, or the version of the amendment, that
/// it was written against; when that moves on it is stale, and its mover can rebase it. Amendments are numbered from 1
/// through all motions, versions of each from 1.
interface IAmendments {
    /// @notice The states of an amendment.
    enum State {
        /// It may be accepted, or comes before the members in its turn.
        Open,
        /// What it amends has moved on, or is gone: its mover can rebase it.
        Stale,
        /// Consensus first: objections are collected.
        Silence,
        /// The governor has it.
        PutToVote,
        /// By the members. Final.
        Adopted,
        /// By whose text it is. Final.
        Accepted,
        /// By the members, or they did not carry out what they had decided. Final.
        Rejected,
        /// By its mover. Final.
        Withdrawn,
        /// It was stale and not rebased in time, or its motion went on without it. Final.
        Lapsed
    }

    /// @notice What an amendment would make of a text.
    struct Change {
        /// Revision of the motion, or version of the amendment that it amends, that it is written against.
        uint256 base;
        /// sha2-256 of the whole text as amended; that of the present text if only the actions change.
        bytes32 text;
        /// sha2-256 of the reason.
        bytes32 reason;
        /// Whether it puts another text in the place of the motion's. Amendments to amendments are no substitutes.
        bool substitute;
        /// All actions as amended.
        MotionActions.List actions;
    }

    /// @notice An amendment as it stands.
    struct Amendment {
        uint256 motion;
        /// The amendment that it amends, 0 for the motion.
        uint256 parent;
        /// Member number of its mover.
        uint256 mover;
        /// Revision of the motion, or version of the parent, that it was written against.
        uint256 base;
        uint256 version;
        State state;
        bool substitute;
        bytes32 text;
        /// Digest of its actions, see {MotionActions}; 0 for none.
        bytes32 actions;
        /// Last second in which it can be accepted as friendly.
        uint48 friendlyUntil;
        /// First second after its silence; 0 if there was none. Objections so far.
        uint48 silenceUntil;
        uint256 objections;
        /// The decision that it was put to, 0 for none.
        uint256 proposalId;
    }

    /// @notice What is open on a motion.
    struct Docket {
        /// The amendment before the members, 0 for none.
        uint256 question;
        /// When something was settled or moved last, in seconds since 1970.
        uint48 quietSince;
        /// Until when stale amendments can be rebased, once the motion is closed for amendments.
        uint48 rebaseUntil;
        /// Amendments that are not settled; some may have lapsed.
        uint256[] open;
    }

    /// @notice An amendment was moved. Followed by {AmendmentWritten}.
    event AmendmentMoved(
        uint256 indexed amendment,
        uint256 indexed motion,
        uint256 indexed mover,
        uint256 parent,
        bool substitute
    );

    /// @notice An amendment has a new version: it was moved, rebased or amended.
    /// @param by The amendment that made it; 0 for its mover.
    /// @param base Revision or version that it is written against.
    /// @param substitute Whether it is a substitute for the motion now: who rebases it can change that.
    event AmendmentWritten(
        uint256 indexed amendment,
        uint256 indexed version,
        uint256 indexed by,
        uint256 parent,
        uint256 base,
        bool substitute,
        bytes32 text,
        bytes32 actions,
        bytes32 reason
    );

    /// @notice The actions of a version that its mover wrote, whole.
    event AmendmentActionsSet(uint256 indexed amendment, uint256 indexed version, MotionActions.List actions);

    /// @notice Whose text it is accepted an amendment.
    event AmendmentAccepted(uint256 indexed amendment, uint256 indexed by);

    /// @notice The silence of an amendment began: objections until `until`.
    event AmendmentSilenceOpened(uint256 indexed amendment, uint48 until);

    /// @notice A member objects to an amendment's adoption without a vote.
    event AmendmentObjected(uint256 indexed amendment, uint256 indexed number, bytes32 reason, uint256 objections);

    /// @notice The members adopted an amendment.
    /// @param proposalId By this decision; 0 if nobody, or too few, objected.
    event AmendmentAdopted(uint256 indexed amendment, uint256 indexed proposalId);

    /// @notice The members did not adopt an amendment, or did not carry it out in time.
    event AmendmentRejected(uint256 indexed amendment, uint256 indexed proposalId, IGovernor.ProposalState outcome);

    /// @notice Its mover withdrew an amendment.
    event AmendmentWithdrawn(uint256 indexed amendment);

    /// @notice An amendment was stale and not rebased in time.
    event AmendmentLapsed(uint256 indexed amendment);

    /// @notice There is no such amendment.
    error AmendmentsUnknown(uint256 amendment, uint256 last);

    /// @notice Only this account may call this.
    error AmendmentsUnauthorized(address caller, address expected);

    /// @notice The motion is in another stage than this needs.
    /// @param stages Those in which it can be done, a bit each by the number of the stage.
    error AmendmentsWrongStage(uint256 motion, IMotions.Stage current, uint256 stages);

    /// @notice The amendment is in another state than this needs.
    error AmendmentsWrongState(uint256 amendment, State current, State needed);

    /// @notice The text that the amendment was written against has moved on.
    /// @param base Revision or version that it was written against.
    error AmendmentsStale(uint256 motion, uint256 parent, uint256 base, uint256 current);

    /// @notice The amendment has moved on from this version.
    error AmendmentsOtherVersion(uint256 amendment, uint256 version, uint256 current);

    /// @notice Amendments to a motion can be amended, and no others; and the parent is one of the same motion.
    error AmendmentsTooDeep(uint256 motion, uint256 parent);

    /// @notice An amendment to an amendment is no substitute for the motion.
    error AmendmentsNoSubstitute(uint256 parent);

    /// @notice An amendment has a text and a reason: neither digest is zero.
    error AmendmentsNoText();

    /// @notice The amendment would change nothing.
    error AmendmentsNothingNew(uint256 motion, uint256 parent);

    /// @notice As many amendments are open on the motion, or of one member on it, as may be.
    /// @param number The member, 0 for all of them.
    error AmendmentsFull(uint256 motion, uint256 number, uint256 limit);

    /// @notice Only the mover may do this; or only whose text it is.
    error AmendmentsNotYours(uint256 amendment, address account, uint256 number);

    /// @notice The window to accept, or to rebase, is over.
    error AmendmentsTooLate(uint256 amendment, uint48 until);

    /// @notice Another amendment is before the members.
    error AmendmentsQuestionOpen(uint256 motion, uint256 amendment);

    /// @notice No amendment is before the members.
    error AmendmentsNoQuestion(uint256 motion);

    /// @notice Nothing is due on the motion before `from`; 0 if nothing is open.
    error AmendmentsNothingDue(uint256 motion, uint48 from);

    /// @notice Amendments of the motion are open.
    error AmendmentsUnsettled(uint256 motion, uint256 amendment);

    /// @notice The members have not settled the question yet.
    error AmendmentsUndecided(uint256 amendment, IGovernor.ProposalState current);

    /// @notice The silence goes on.
    error AmendmentsSilent(uint256 amendment, uint48 until);

    /// @notice The amendment is adopted by its own decision, and by no other.
    error AmendmentsOtherDecision(uint256 amendment, uint256 proposalId, uint256 executing);

    /// @notice Moves an amendment to a motion that is tabled. Members with the right to propose.
    /// @dev Emits {AmendmentMoved}, {AmendmentWritten}, {AmendmentActionsSet}. Reverts with
    /// {IMotions-MotionsUnknown}, {AmendmentsWrongStage}, {RollRights-RollRightsRefused}, {AmendmentsTooDeep},
    /// {AmendmentsNoSubstitute}, {AmendmentsStale}, {AmendmentsNoText}, {AmendmentsNothingNew}, {AmendmentsFull} and as
    /// {MotionActions-validate}.
    /// @param parent The amendment that it amends, 0 for the motion.
    function move(uint256 motion, uint256 parent, Change calldata change) external returns (uint256 amendment);

    /// @notice {move} for a member who signed `MoveAmendment(address account,uint256 motion,uint256 parent,uint256
    /// base,bytes32 text,bytes32 reason,bool substitute,bytes32 actions,uint256 nonce,uint256 deadline)`. Anyone may
    /// call and pay.
    function moveBySig(
        address account,
        uint256 motion,
        uint256 parent,
        Change calldata change,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 amendment);

    /// @notice Accepts an amendment as friendly, within its window: the author of the motion, or the mover of the
    /// amendment that it amends. To a motion this is an edit of its author: it needs its endorsements, and is open for
    /// amendments, anew; once the members have adopted an amendment, the author alone accepts none.
    /// @dev Emits {AmendmentAccepted} and what changes. Reverts with {AmendmentsUnknown}, {AmendmentsNotYours},
    /// {AmendmentsWrongStage}, {AmendmentsQuestionOpen}, {AmendmentsWrongState}, {AmendmentsOtherVersion},
    /// {AmendmentsTooLate}, {IMotions-MotionsTheirs}.
    function accept(uint256 amendment, uint256 version) external;

    /// @notice Withdraws an amendment that is not before the members. Its mover.
    /// @dev Emits {AmendmentWithdrawn}. Reverts with {AmendmentsUnknown}, {AmendmentsNotYours}, {AmendmentsWrongStage},
    /// {AmendmentsQuestionOpen}, {AmendmentsWrongState}, {AmendmentsOtherVersion}.
    function withdraw(uint256 amendment, uint256 version) external;

    /// @notice Writes a stale amendment anew, against the text as it is now. Its mover, with the right to propose,
    /// while the motion is tabled or within the window after the text moved. An amendment to an amendment that is gone
    /// is one to the motion then.
    /// @dev Emits {AmendmentWritten}, {AmendmentActionsSet}. Reverts with {AmendmentsUnknown}, {AmendmentsNotYours},
    /// {AmendmentsWrongState}, {AmendmentsTooLate} and as {move}.
    function rebase(uint256 amendment, Change calldata change) external;

    /// @notice {rebase} for a mover who signed `RebaseAmendment(address account,uint256 amendment,uint256 base,bytes32
    /// text,bytes32 reason,bool substitute,bytes32 actions,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function rebaseBySig(
        address account,
        uint256 amendment,
        Change calldata change,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Objects to an amendment's adoption without a vote, during its silence. Members with the right to vote.
    /// @dev Emits {AmendmentObjected}. Reverts with {AmendmentsUnknown}, {AmendmentsWrongState},
    /// {RollRights-RollRightsRefused} and as {Silences-object}.
    /// @param reason Digest (sha2-256) of the reason.
    function object(uint256 amendment, bytes32 reason) external;

    /// @notice Puts the amendment before the members whose turn it is, once the motion is closed for amendments.
    /// Anyone.
    /// @dev Emits {AmendmentSilenceOpened}, or {IMotions-AmendmentPut}. Reverts with {IMotions-MotionsUnknown},
    /// {AmendmentsWrongStage}, {AmendmentsQuestionOpen}, {AmendmentsNothingDue}.
    function putNext(uint256 motion) external returns (uint256 amendment);

    /// @notice Settles what is before the members, if they are done with it: adopts after an unbroken silence, puts to
    /// the vote after a broken one, closes what the vote rejected. Anyone.
    /// @dev Emits {AmendmentAdopted}, {IMotions-AmendmentPut} or {AmendmentRejected}. Reverts with
    /// {AmendmentsNoQuestion}, {AmendmentsSilent}, {AmendmentsUndecided}.
    function settle(uint256 motion) external;

    /// @notice Adopts an amendment by the decision that it was put to. Only the timelock.
    /// @dev Emits {AmendmentAdopted} and what changes. Reverts with {AmendmentsUnauthorized},
    /// {AmendmentsOtherDecision}.
    function adopt(uint256 amendment) external;

    /// @notice Closes what is open on a motion that goes to the vote; reverts with {AmendmentsUnsettled} if something
    /// is left to be settled. Only the motions.
    function close(uint256 motion) external;

    /// @notice An amendment. Reverts with {AmendmentsUnknown}.
    function amendmentOf(uint256 amendment) external view returns (Amendment memory);

    /// @notice What is open on a motion.
    function docketOf(uint256 motion) external view returns (Docket memory);

    /// @notice The amendment whose turn it is, or will be, and from when; 0 and 0 if nothing is open, 0 and a moment if
    /// stale ones can be rebased until then. Nothing is open on a motion that is neither tabled nor closed.
    function nextOf(uint256 motion) external view returns (uint256 amendment, uint48 from);

    /// @notice How many amendments were moved.
    function lastAmendment() external view returns (uint256);

    /// @notice The motions that are amended.
    function motions() external view returns (IMotions);
}
