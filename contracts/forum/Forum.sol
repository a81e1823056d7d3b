// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISpeakers} from "../conduct/ISpeakers.sol";
import {IAgenda} from "../governance/IAgenda.sol";
import {PlainName} from "../libraries/PlainName.sol";
import {RecordSeries} from "../libraries/RecordSeries.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IForum} from "./IForum.sol";

/// @title Forum
/// @notice See {IForum}.
contract Forum is IForum, SignedRequests {
    using RecordSeries for RecordSeries.Series;

    struct Board {
        List list;
        /// Authors of the records, eight to a word; 0 for a record that is no post.
        mapping(uint256 word => uint256) authors;
        mapping(uint256 place => Fate) fates;
    }

    uint256 private constant MAX_LISTS = 1000;
    uint256 private constant MAX_BIRTH_LISTS = 16;
    uint256 private constant MAX_NAME = 64;
    uint256 private constant MAX_BURST = 100;
    uint256 private constant MAX_INTERVAL = 1 days;
    uint256 private constant MAX_BATCH = 100;

    /// @dev Gas that a post of a batch gets: it needs up to 130,000, a wallet that is a contract the rest.
    uint256 private constant GAS_BY_POST = 350_000;

    uint256 private constant NUMBER_BITS = 32;
    uint256 private constant NUMBERS_A_WORD = 8;

    /// @dev The register of lists, among the series.
    uint256 private constant REGISTER = 0;

    bytes32 private constant THREAD_TYPEHASH = keccak256(
        "StartThread(address account,uint256 list,uint256 to,bytes32 digest,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REPLY_TYPEHASH = keccak256(
        "ReplyToPost(address account,uint256 list,uint256 to,bytes32 digest,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant EDIT_TYPEHASH = keccak256(
        "EditPost(address account,uint256 list,uint256 to,bytes32 digest,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant ERASE_TYPEHASH = keccak256(
        "ErasePost(address account,uint256 list,uint256 place,bytes32 reason,uint256 nonce,uint256 deadline)"
    );

    ISpeakers private immutable SPEAKERS;
    IMembership private immutable ROLL;
    IAgenda private immutable AGENDA;
    address private immutable TIMELOCK;

    address private _conduct;
    Pace private _pace;
    uint256 private _lastList;
    mapping(uint256 list => Board) private _boards;
    mapping(uint256 list => RecordSeries.Series) private _series;
    mapping(bytes32 nameHash => uint256 list) private _named;

    /// @dev By member number: when the last of the posts so far would have come, had they come one every interval.
    /// (Generic cell rate algorithm, ITU-T I.371.)
    mapping(uint256 number => uint256 moment) private _paid;

    modifier only(address expected) {
        if (msg.sender != expected) revert ForumUnauthorized(msg.sender, expected);
        _;
    }

    /// @param name_ See {SignedRequests}.
    /// @param speakers_ Who may speak.
    /// @param agenda_ The agenda of the governor whose decisions open lists; it need not serve one yet.
    /// @param pace_ See {IForum-Pace}.
    /// @param names Names of the lists that are open at birth, 1 to 16; see {IForum-open}.
    /// @param purposes Digests of what they are for.
    constructor(
        string memory name_,
        ISpeakers speakers_,
        IAgenda agenda_,
        Pace memory pace_,
        string[] memory names,
        bytes32[] memory purposes
    ) SignedRequests(name_) {
        (SPEAKERS, AGENDA, ROLL) = (speakers_, agenda_, speakers_.roll());
        TIMELOCK = ROLL.timelock();
        _setPace(pace_);
        if (names.length == 0 || names.length > MAX_BIRTH_LISTS || names.length != purposes.length) {
            revert ForumListsOutOfRange(names.length, 1, Math.min(MAX_BIRTH_LISTS, purposes.length));
        }
        // bound: 16 lists
        for (uint256 i; i < names.length; ++i) _open(names[i], purposes[i]);
    }

    /// @inheritdoc IForum
    function bind() external {
        if (_conduct != address(0)) revert ForumBound(_conduct);
        _conduct = msg.sender;
        emit ConductBound(msg.sender);
    }

    /// @inheritdoc IForum
    function open(string calldata name, bytes32 purpose) external only(TIMELOCK) returns (uint256 list) {
        return _open(name, purpose);
    }

    /// @inheritdoc IForum
    function change(uint256 list, bytes32 purpose, bool isOpen) external only(TIMELOCK) {
        List storage self = _boardOf(list).list;
        if (purpose == 0) revert ForumNoText();
        if (self.purpose == purpose && self.open == isOpen) revert ForumNothingNew(list);
        (self.purpose, self.open) = (purpose, isOpen);
        uint48 at = uint48(block.timestamp);
        uint256 place = _series[REGISTER].append(keccak256(abi.encode(list, purpose, isOpen, at)));
        emit ListChanged(list, place, purpose, isOpen, at);
    }

    /// @inheritdoc IForum
    function setPace(Pace calldata newPace) external only(TIMELOCK) {
        _setPace(newPace);
    }

    /// @inheritdoc IForum
    function post(Kind kind, uint256 list, uint256 to, bytes32 digest) external returns (uint256 place) {
        return _post(msg.sender, kind, list, to, digest);
    }

    /// @inheritdoc IForum
    function postBySig(SignedPost calldata signed) external returns (uint256 place) {
        return _postSigned(signed);
    }

    /// @inheritdoc IForum
    function postMany(SignedPost[] calldata posts) external returns (uint256 done) {
        if (posts.length == 0 || posts.length > MAX_BATCH) revert ForumBatchSize(posts.length, MAX_BATCH);
        // EIP-150: a call gets 63/64 of what is left at the most.
        uint256 needed = GAS_BY_POST + GAS_BY_POST / 32;
        // bound: a batch, 100 posts
        for (uint256 i; i < posts.length; ++i) {
            if (gasleft() < needed) revert ForumGasTooLow(i, gasleft(), needed);
            try this.postOne{gas: GAS_BY_POST}(posts[i]) {
                ++done;
            } catch (bytes memory reason) {
                emit PostSkipped(i, posts[i].account, reason);
            }
        }
    }

    /// @inheritdoc IForum
    function postOne(SignedPost calldata signed) external only(address(this)) {
        _postSigned(signed);
    }

    /// @inheritdoc IForum
    function erase(uint256 list, uint256 place, bytes32 reason) external {
        _eraseOwn(msg.sender, list, place, reason);
    }

    /// @inheritdoc IForum
    function eraseBySig(
        address account,
        uint256 list,
        uint256 place,
        bytes32 reason,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(ERASE_TYPEHASH, account, list, place, reason, _useNonce(account), deadline)
        );
        _requireSignature(account, structHash, deadline, signature);
        _eraseOwn(account, list, place, reason);
    }

    /// @inheritdoc IForum
    function eraseByDecision(uint256 list, uint256 place, bytes32 reason) external only(TIMELOCK) {
        _erase(list, place, Authority.Decision, AGENDA.governor().executing(), reason);
    }

    /// @inheritdoc IForum
    function eraseByCase(uint256 list, uint256 place, uint32 caseId, bytes32 reason) external only(_conduct) {
        _erase(list, place, Authority.Case, caseId, reason);
    }

    /// @inheritdoc IForum
    function hide(uint256 list, uint256 place, uint32 caseId, uint48 until, bytes32 reason) external only(_conduct) {
        _requirePost(list, place);
        Fate storage fate = _boards[list].fates[place];
        (fate.hiddenUntil, fate.hiddenBy) = (until, caseId);
        uint48 at = uint48(block.timestamp);
        uint256 record = _series[list].append(keccak256(abi.encode(Kind.Hide, place, caseId, until, reason, at)));
        emit PostHidden(list, place, record, caseId, until, reason, at);
    }

    /// @inheritdoc IForum
    function show(uint256 list, uint256 place, uint32 caseId, bytes32 reason) external only(_conduct) {
        Fate storage fate = _boards[list].fates[place];
        if (fate.hiddenUntil < block.timestamp) revert ForumNotHidden(list, place);
        fate.hiddenUntil = 0;
        uint48 at = uint48(block.timestamp);
        uint256 record = _series[list].append(keccak256(abi.encode(Kind.Show, place, caseId, reason, at)));
        emit PostShown(list, place, record, caseId, reason, at);
    }

    /// @inheritdoc IForum
    function seriesOf(uint256 list) external view returns (uint256 head) {
        return _series[list].head;
    }

    /// @inheritdoc IForum
    function listOf(uint256 list) external view returns (List memory) {
        return _boardOf(list).list;
    }

    /// @inheritdoc IForum
    function lastList() external view returns (uint256) {
        return _lastList;
    }

    /// @inheritdoc IForum
    function authorOf(uint256 list, uint256 place) external view returns (uint256 number) {
        return _authorOf(list, place);
    }

    /// @inheritdoc IForum
    function fateOf(uint256 list, uint256 place) external view returns (Fate memory) {
        return _boards[list].fates[place];
    }

    /// @inheritdoc IForum
    function isHidden(uint256 list, uint256 place) external view returns (bool) {
        Fate storage fate = _boards[list].fates[place];
        return fate.erased || fate.hiddenUntil >= block.timestamp;
    }

    /// @inheritdoc IForum
    function freeFrom(uint256 number) external view returns (uint256) {
        return _freeFrom(_paid[number], _pace);
    }

    /// @inheritdoc IForum
    function pace() external view returns (Pace memory) {
        return _pace;
    }

    /// @inheritdoc IForum
    function speakers() external view returns (ISpeakers) {
        return SPEAKERS;
    }

    /// @inheritdoc IForum
    function agenda() external view returns (IAgenda) {
        return AGENDA;
    }

    /// @inheritdoc IForum
    function conduct() external view returns (address) {
        return _conduct;
    }

    function _postSigned(SignedPost calldata signed) private returns (uint256 place) {
        address account = signed.account;
        bytes32 structHash = keccak256(
            abi.encode(
                _typeHash(signed.kind),
                account,
                signed.list,
                signed.to,
                signed.digest,
                _useNonce(account),
                signed.deadline
            )
        );
        _requireSignature(account, structHash, signed.deadline, signed.signature);
        return _post(account, signed.kind, signed.list, signed.to, signed.digest);
    }

    function _post(
        address account,
        Kind kind,
        uint256 list,
        uint256 to,
        bytes32 digest
    ) private returns (uint256 place) {
        if (kind > Kind.Edit) revert ForumNotAPost(kind);
        if (digest == 0) revert ForumNoText();
        Board storage board = _boardOf(list);
        if (!board.list.open) revert ForumListClosed(list);
        uint256 author = SPEAKERS.requireSpeaker(account);
        if (kind == Kind.Thread) {
            if (to != 0) revert ForumThreadAnswers(to);
        } else {
            _requireAnswerable(account, author, kind, list, to);
        }
        _pay(author);
        uint48 at = uint48(block.timestamp);
        place = _series[list].append(keccak256(abi.encode(kind, author, to, digest, at)));
        board.authors[place / NUMBERS_A_WORD] |= author << (NUMBER_BITS * (place % NUMBERS_A_WORD));
        emit Posted(list, author, place, kind, to, digest, at);
    }

    /// @dev Whether a post can be answered, or edited by this author.
    function _requireAnswerable(address account, uint256 author, Kind kind, uint256 list, uint256 to) private view {
        uint256 first = _requirePost(list, to);
        if (kind == Kind.Reply) return;
        if (first != author) revert ForumNotAuthor(list, to, account, first);
        if (_boards[list].fates[to].erased) revert ForumPostErased(list, to);
    }

    /// @dev Takes one post out of a member's bucket, or reverts.
    function _pay(uint256 number) private {
        Pace memory rate = _pace;
        uint256 paid = _paid[number];
        uint256 from = _freeFrom(paid, rate);
        if (from > block.timestamp) revert ForumTooFast(number, from);
        _paid[number] = Math.max(paid, block.timestamp) + rate.interval;
    }

    /// @dev With `burst` posts at once, the last of them is `burst - 1` intervals ahead of the clock.
    function _freeFrom(uint256 paid, Pace memory rate) private pure returns (uint256) {
        return Math.saturatingSub(paid, uint256(rate.burst - 1) * rate.interval);
    }

    /// @dev Whoever holds the author's number, or held it when the membership ended; not a key that it moved away from.
    function _eraseOwn(address account, uint256 list, uint256 place, bytes32 reason) private {
        uint256 author = _requirePost(list, place);
        (IMembership.Standing standing, uint256 number, , ) = ROLL.standingOf(
            account,
            IMembership.Right.Speak,
            uint48(block.timestamp)
        );
        if (number != author || standing == IMembership.Standing.Rotated) {
            revert ForumNotAuthor(list, place, account, author);
        }
        _erase(list, place, Authority.Author, 0, reason);
    }

    function _erase(uint256 list, uint256 place, Authority authority, uint256 basis, bytes32 reason) private {
        _requirePost(list, place);
        if (reason == 0) revert ForumNoText();
        Fate storage fate = _boards[list].fates[place];
        if (fate.erased) revert ForumPostErased(list, place);
        fate.erased = true;
        uint48 at = uint48(block.timestamp);
        bytes32 record = keccak256(abi.encode(Kind.Erase, place, authority, basis, reason, at));
        emit PostErased(list, place, _series[list].append(record), authority, basis, reason, at);
    }

    function _open(string memory name, bytes32 purpose) private returns (uint256 list) {
        PlainName.requireValid(name, MAX_NAME);
        if (purpose == 0) revert ForumNoText();
        bytes32 nameHash = keccak256(bytes(name));
        list = _named[nameHash];
        if (list != 0) revert ForumNameTaken(name, list);
        list = ++_lastList;
        if (list > MAX_LISTS) revert ForumListsOutOfRange(list, 1, MAX_LISTS);
        _named[nameHash] = list;
        _boards[list].list = List({name: name, purpose: purpose, open: true});
        uint48 at = uint48(block.timestamp);
        uint256 place = _series[REGISTER].append(keccak256(abi.encode(list, nameHash, purpose, at)));
        emit ListOpened(list, place, name, purpose, at);
    }

    function _setPace(Pace memory newPace) private {
        if (newPace.burst == 0 || newPace.burst > MAX_BURST) {
            revert ForumPaceOutOfRange("burst", newPace.burst, 1, MAX_BURST);
        }
        if (newPace.interval == 0 || newPace.interval > MAX_INTERVAL) {
            revert ForumPaceOutOfRange("interval", newPace.interval, 1, MAX_INTERVAL);
        }
        emit PaceChanged(_pace, newPace);
        _pace = newPace;
    }

    function _boardOf(uint256 list) private view returns (Board storage) {
        if (list == 0 || list > _lastList) revert ForumUnknownList(list, _lastList);
        return _boards[list];
    }

    /// @dev The author of a post that there is.
    function _requirePost(uint256 list, uint256 place) private view returns (uint256 author) {
        author = _authorOf(list, place);
        if (author == 0) revert ForumNoSuchPost(list, place);
    }

    function _authorOf(uint256 list, uint256 place) private view returns (uint256) {
        uint256 word = _boards[list].authors[place / NUMBERS_A_WORD];
        return uint32(word >> (NUMBER_BITS * (place % NUMBERS_A_WORD)));
    }

    function _typeHash(Kind kind) private pure returns (bytes32) {
        if (kind == Kind.Thread) return THREAD_TYPEHASH;
        if (kind == Kind.Reply) return REPLY_TYPEHASH;
        if (kind == Kind.Edit) return EDIT_TYPEHASH;
        revert ForumNotAPost(kind);
    }
}
