// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISpeakers} from "../conduct/ISpeakers.sol";
import {IAgenda} from "../governance/IAgenda.sol";

/// @title IForum
/// @notice What was said: lists of threads, posts and replies, each by the digest of its text, in the order in which
/// they came. Whoever may speak may post, directly or by a signature that anybody brings.
///
/// @dev Each list is a series of records ({RecordSeries}), and so is the register of lists, as list 0: nothing can be
/// taken out of it, put into it or moved in it unseen. Records are numbered from 1 within their list, by their *place*.
/// An edit, a hiding, an erasure is a record of its own that points back; what was there before stays on record. Texts
/// are off chain, under their sha2-256 digest, which is what their CID holds: a text that must go can go, and the
/// record of it stays.
///
/// The record that a series runs over is the hash of what the event says, times included, in this order:
///
///     Posted       keccak256(abi.encode(kind, author, to, digest, moment))
///     PostHidden   keccak256(abi.encode(Kind.Hide, to, caseId, until, reason, moment))
///     PostShown    keccak256(abi.encode(Kind.Show, to, caseId, reason, moment))
///     PostErased   keccak256(abi.encode(Kind.Erase, to, authority, basis, reason, moment))
///     ListOpened   keccak256(abi.encode(list, keccak256(bytes(name)), purpose, moment))
///     ListChanged  keccak256(abi.encode(list, purpose, open, moment))
interface IForum {
    /// @notice What a record of a list is.
    enum Kind {
        /// A post that begins a thread.
        Thread,
        /// A post that answers another of its list.
        Reply,
        /// A new text for a post, by its author.
        Edit,
        /// A post is not to be shown, for now or for good.
        Hide,
        /// A hidden post is to be shown again.
        Show,
        /// The text of a post was, or is to be, erased wherever it is kept: its tombstone.
        Erase
    }

    /// @notice On whose word a text is erased.
    enum Authority {
        /// Its author's. Basis: 0.
        Author,
        /// A case's. Basis: its number.
        Case,
        /// The members'. Basis: the decision of the governor.
        Decision
    }

    /// @notice How fast one member can post: `burst` posts at once, and one more every `interval`.
    struct Pace {
        /// 1 to 100.
        uint16 burst;
        /// Seconds, 1 to 86,400.
        uint32 interval;
    }

    /// @notice A post that its author signed.
    struct SignedPost {
        /// `Thread`, `Reply` or `Edit`.
        Kind kind;
        address account;
        uint256 list;
        /// Place of the post that it answers or edits; 0 for `Thread`.
        uint256 to;
        /// Digest (sha2-256) of the text.
        bytes32 digest;
        /// Last second at which it is valid.
        uint256 deadline;
        bytes signature;
    }

    /// @notice A list of the forum.
    struct List {
        string name;
        /// Digest (sha2-256) of the text that says what it is for.
        bytes32 purpose;
        /// Whether it takes posts.
        bool open;
    }

    /// @notice What became of a post.
    struct Fate {
        /// Last second in which it is hidden; `type(uint48).max` for good, 0 if it is not.
        uint48 hiddenUntil;
        /// The case that hid it; 0 while no case was opened.
        uint32 hiddenBy;
        /// Whether a tombstone says that its text was erased.
        bool erased;
    }

    /// @notice Somebody spoke.
    /// @param author Member number.
    /// @param place Of this record in its list, from 1.
    /// @param moment When, in seconds since 1970.
    event Posted(
        uint256 indexed list,
        uint256 indexed author,
        uint256 indexed place,
        Kind kind,
        uint256 to,
        bytes32 digest,
        uint48 moment
    );

    /// @notice A post is hidden.
    /// @param to Place of the post.
    /// @param caseId The case; 0 for an emergency without one.
    /// @param until Last second of it; `type(uint48).max` for good.
    /// @param reason Digest (sha2-256) of the reason.
    event PostHidden(
        uint256 indexed list,
        uint256 indexed to,
        uint256 indexed place,
        uint256 caseId,
        uint48 until,
        bytes32 reason,
        uint48 moment
    );

    /// @notice A hidden post is shown again. Parameters as in {PostHidden}.
    event PostShown(
        uint256 indexed list,
        uint256 indexed to,
        uint256 indexed place,
        uint256 caseId,
        bytes32 reason,
        uint48 moment
    );

    /// @notice A tombstone: whoever keeps the text of a post is to erase it.
    /// @param basis The case or the decision, see {Authority}.
    /// @param reason Digest (sha2-256) of the reason.
    event PostErased(
        uint256 indexed list,
        uint256 indexed to,
        uint256 indexed place,
        Authority authority,
        uint256 basis,
        bytes32 reason,
        uint48 moment
    );

    /// @notice A list was opened.
    /// @param place Of this record in the register of lists.
    event ListOpened(uint256 indexed list, uint256 indexed place, string name, bytes32 purpose, uint48 moment);

    /// @notice The purpose of a list changed, or whether it takes posts.
    event ListChanged(uint256 indexed list, uint256 indexed place, bytes32 purpose, bool open, uint48 moment);

    event PaceChanged(Pace oldPace, Pace newPace);

    /// @notice A post of a batch was passed over; the others went on.
    /// @param index Its place in the batch.
    /// @param reason What it reverted with.
    event PostSkipped(uint256 indexed index, address indexed account, bytes reason);

    /// @notice Who decides cases was set, for good.
    event ConductBound(address indexed conduct);

    /// @notice There is no such list.
    error ForumUnknownList(uint256 list, uint256 lastList);

    /// @notice There are this many lists at the birth, or in all; fewer or more than there may be.
    error ForumListsOutOfRange(uint256 lists, uint256 min, uint256 max);

    /// @notice Another list has this name.
    error ForumNameTaken(string name, uint256 list);

    /// @notice The list takes no posts.
    error ForumListClosed(uint256 list);

    /// @notice The list is as it should become already.
    error ForumNothingNew(uint256 list);

    /// @notice There is no post at this place of the list: no record, or one that is not a post.
    error ForumNoSuchPost(uint256 list, uint256 place);

    /// @notice Only its author can edit or erase a post.
    error ForumNotAuthor(uint256 list, uint256 place, address account, uint256 author);

    /// @notice The text of the post was erased.
    error ForumPostErased(uint256 list, uint256 place);

    /// @notice The post is not hidden.
    error ForumNotHidden(uint256 list, uint256 place);

    /// @notice Only threads, replies and edits are posted.
    error ForumNotAPost(Kind kind);

    /// @notice A thread begins with itself: it answers nothing.
    error ForumThreadAnswers(uint256 to);

    /// @notice A digest of zero is no text.
    error ForumNoText();

    /// @notice The member posted as much as one may at a time, and can go on from this second.
    error ForumTooFast(uint256 number, uint256 from);

    /// @notice A pace is out of range.
    /// @param parameter `burst` or `interval`, in ASCII.
    error ForumPaceOutOfRange(bytes32 parameter, uint256 value, uint256 min, uint256 max);

    /// @notice A batch holds 1 to `limit` posts.
    error ForumBatchSize(uint256 size, uint256 limit);

    /// @notice Less gas is left than one post may use: everything is undone, rather than a post passed over because of
    /// who brought it.
    error ForumGasTooLow(uint256 index, uint256 available, uint256 needed);

    /// @notice Only `expected` may call this.
    error ForumUnauthorized(address caller, address expected);

    /// @notice The forum serves a contract that decides cases already.
    error ForumBound(address conduct);

    /// @notice Binds the forum to the contract that calls it and decides cases, once.
    function bind() external;

    /// @notice Opens a list. Only the timelock.
    /// @dev Emits {ListOpened}. Reverts with {ForumUnauthorized}, {ForumNameTaken}, {ForumNoText},
    /// {ForumListsOutOfRange}, and the errors of {PlainName}.
    /// @param name 1 to 64 characters, see {PlainName}.
    /// @param purpose Digest (sha2-256) of the text that says what the list is for.
    /// @return list Its number, from 1.
    function open(string calldata name, bytes32 purpose) external returns (uint256 list);

    /// @notice Changes what a list is for, or whether it takes posts. Only the timelock.
    /// @dev Emits {ListChanged}. Reverts with {ForumUnauthorized}, {ForumUnknownList}, {ForumNoText},
    /// {ForumNothingNew}.
    function change(uint256 list, bytes32 purpose, bool isOpen) external;

    /// @notice Changes how fast one member can post. Only the timelock.
    /// @dev Emits {PaceChanged}. Reverts with {ForumUnauthorized}, {ForumPaceOutOfRange}.
    function setPace(Pace calldata newPace) external;

    /// @notice Speaks. Members who may, see {ISpeakers-requireSpeaker}.
    /// @dev Emits {Posted}. Reverts as that does, and with {ForumNotAPost}, {ForumNoText}, {ForumUnknownList},
    /// {ForumListClosed}, {ForumThreadAnswers}, {ForumNoSuchPost}, {ForumNotAuthor}, {ForumPostErased},
    /// {ForumTooFast}.
    /// @param kind `Thread`, `Reply` or `Edit`.
    /// @param to Place of the post that it answers or edits; 0 for `Thread`.
    /// @param digest Digest (sha2-256) of the text.
    /// @return place Its place in the list.
    function post(Kind kind, uint256 list, uint256 to, bytes32 digest) external returns (uint256 place);

    /// @notice {post} for a member who signed one of the EIP-712 messages
    /// `StartThread(address account,uint256 list,uint256 to,bytes32 digest,uint256 nonce,uint256 deadline)`,
    /// `ReplyToPost(…)` and `EditPost(…)` with the same fields. Anyone may call and pay.
    function postBySig(SignedPost calldata signed) external returns (uint256 place);

    /// @notice Posts what members signed, in this order, and passes over what cannot be posted. Anyone may call and
    /// pay.
    /// @dev Emits {PostSkipped}. Reverts with {ForumBatchSize}, {ForumGasTooLow}.
    /// @param posts 1 to 100.
    /// @return done How many were posted.
    function postMany(SignedPost[] calldata posts) external returns (uint256 done);

    /// @notice {postBySig} for a batch; only the forum itself.
    function postOne(SignedPost calldata signed) external;

    /// @notice Asks whoever keeps the text of a post to erase it. Its author, also after leaving the roll or while
    /// suspended.
    /// @dev Emits {PostErased}. Reverts with {ForumNoSuchPost}, {ForumNotAuthor}, {ForumPostErased}, {ForumNoText}.
    /// @param reason Digest (sha2-256) of the reason.
    function erase(uint256 list, uint256 place, bytes32 reason) external;

    /// @notice {erase} for an author who signed `ErasePost(address account,uint256 list,uint256 place,bytes32
    /// reason,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function eraseBySig(
        address account,
        uint256 list,
        uint256 place,
        bytes32 reason,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice {erase} by a decision of the members. Only the timelock.
    /// @dev Emits {PostErased}. Reverts with {ForumUnauthorized}, {ForumNoSuchPost}, {ForumPostErased}, {ForumNoText}.
    function eraseByDecision(uint256 list, uint256 place, bytes32 reason) external;

    /// @notice {erase} by a case. Only the contract that decides cases.
    function eraseByCase(uint256 list, uint256 place, uint32 caseId, bytes32 reason) external;

    /// @notice Hides a post, or changes until when. Only the contract that decides cases.
    /// @dev Emits {PostHidden}. Reverts with {ForumUnauthorized}, {ForumNoSuchPost}.
    /// @param caseId 0 for an emergency without a case.
    /// @param until Last second of it; `type(uint48).max` for good.
    /// @param reason Digest (sha2-256) of the reason.
    function hide(uint256 list, uint256 place, uint32 caseId, uint48 until, bytes32 reason) external;

    /// @notice Shows a hidden post again. Only the contract that decides cases.
    /// @dev Emits {PostShown}. Reverts with {ForumUnauthorized}, {ForumNotHidden}.
    function show(uint256 list, uint256 place, uint32 caseId, bytes32 reason) external;

    /// @notice The head of a list's series, see {RecordSeries}; of the register of lists for 0.
    function seriesOf(uint256 list) external view returns (uint256 head);

    /// @notice A list. Reverts with {ForumUnknownList}.
    function listOf(uint256 list) external view returns (List memory);

    /// @notice How many lists were opened; they are numbered from 1.
    function lastList() external view returns (uint256);

    /// @notice Member number of a post's author; 0 where there is no post. Never reverts.
    function authorOf(uint256 list, uint256 place) external view returns (uint256 number);

    /// @notice What became of a post. Never reverts.
    function fateOf(uint256 list, uint256 place) external view returns (Fate memory);

    /// @notice Whether a post is not to be shown now, hidden or erased. Never reverts.
    function isHidden(uint256 list, uint256 place) external view returns (bool);

    /// @notice From which second on a member can post: in the past, or now, unless they posted as much as one may.
    function freeFrom(uint256 number) external view returns (uint256);

    /// @notice How fast one member can post.
    function pace() external view returns (Pace memory);

    /// @notice Who may speak.
    function speakers() external view returns (ISpeakers);

    /// @notice The agenda of the governor whose decisions open lists.
    function agenda() external view returns (IAgenda);

    /// @notice The contract that decides cases; zero before it is bound.
    function conduct() external view returns (address);
}
