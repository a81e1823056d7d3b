// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Counts} from "../libraries/PackedCounts.sol";
import {PlainName} from "../libraries/PlainName.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {IAdmissionPolicy} from "./admission/IAdmissionPolicy.sol";
import {IDelegations} from "./desks/IDelegations.sol";
import {IRollDesk} from "./desks/IRollDesk.sol";
import {ElectorateLedger} from "./ElectorateLedger.sol";
import {IMemberCard} from "./IMemberCard.sol";
import {IMembership} from "./IMembership.sol";
import {IRollOperations} from "./IRollOperations.sol";
import {MemberBook} from "./MemberBook.sol";
import {MembershipToken} from "./MembershipToken.sol";
import {MembershipVotes} from "./MembershipVotes.sol";
import {MemberTurns} from "./MemberTurns.sol";

/// @title Membership
/// @notice The roll of a coalition. See {IMembership}.
/// @dev A façade: {MemberBook} keeps keys and numbers, {MemberTurns} what becomes of their votes, {ElectorateLedger}
/// the electorate, {IMemberCard} writes the tokens' metadata; {MembershipToken} and {MembershipVotes} are the
/// standard faces, {IRollOperations} the one that the desks see. No key has power here; the timelock and the desks
/// are fixed at birth.
contract Membership is MembershipToken, MembershipVotes, IRollOperations {
    using ElectorateLedger for ElectorateLedger.Ledger;
    using MemberBook for MemberBook.Book;
    using MemberTurns for MemberBook.Book;

    /// @dev What a joining member passes, one slot.
    struct Door {
        IAdmissionPolicy policy;
        uint32 waitingPeriod;
        uint32 epochLength;
        uint16 epochShareBps;
        uint16 epochFloor;
    }

    uint256 private constant MAX_PAGE = 200;
    uint256 private constant MAX_SUSPENSION = 365 days;

    address private immutable TIMELOCK;
    IMemberCard private immutable CARD;
    uint32 private immutable WAITING_FLOOR;
    uint256 private immutable GROUP_COUNT;
    Door private _door;
    bytes32 private _codeDigest;
    uint32 private _codeVersion;
    string[] private _groups;
    MemberBook.Book private _book;
    /// @dev Written at birth alone. Not immutable, because that would take more room in the code than there is.
    Desks private _desks;

    modifier onlyTimelock() {
        _requireTimelock();
        _;
    }

    /// @param timelock_ The coalition's timelock, the only account that will ever change the roll's rules.
    /// @param parameters See {IMembership-RollParameters} for meaning and ranges.
    constructor(address timelock_, RollParameters memory parameters) ERC721(parameters.name, parameters.symbol) {
        _requireCode(timelock_);
        _requireCode(address(parameters.card));
        TIMELOCK = timelock_;
        CARD = parameters.card;
        PlainName.requireValid(parameters.name, 31);
        PlainName.requireValid(parameters.symbol, 11);
        _requireRange("waitingFloor", parameters.waitingFloor, 60, 180 days);
        WAITING_FLOOR = parameters.waitingFloor;
        GROUP_COUNT = parameters.groups.length;
        _setGroups(parameters.groups);
        _setAdmissionPolicy(parameters.admissionPolicy);
        _setMaturity(parameters.maturity);
        _setCodeOfConduct(parameters.codeDigest);
        _desks = parameters.desks;
        _bind(parameters.desks.requests);
        _bind(parameters.desks.confirmations);
        _bind(parameters.desks.recovery);
        _bind(parameters.desks.affiliations);
        _bind(parameters.desks.claims);
        _bind(parameters.desks.delegations);
    }

    /// @inheritdoc IMembership
    function join(uint8 group, bytes32 codeDigest, bytes calldata evidence) external returns (uint256) {
        return _join(msg.sender, group, codeDigest, evidence, 0);
    }

    /// @inheritdoc IMembership
    function qualify(uint256 number, bytes calldata evidence) external {
        (address key, MemberBook.Holding memory holding) = _book.requireSeated(number);
        uint8 pauses = holding.flags & MemberBook.PAUSED;
        if (pauses != MemberBook.UNQUALIFIED) revert MembershipNotQualifiable(number, pauses >> 3);
        Door memory door = _door;
        if (!door.policy.admits(number, key, holding.group, evidence)) {
            revert MembershipAdmissionRefused(key, address(door.policy));
        }
        emit MemberQualified(number, _book.qualify(number, _pace(door)));
    }

    /// @inheritdoc IMembership
    function resign() external {
        _resign(msg.sender);
    }

    /// @inheritdoc IRollOperations
    function joinFor(
        address account,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence
    ) external returns (uint256) {
        bool organisation = msg.sender == _desks.affiliations;
        if (!organisation) _requireDesk(_desks.requests);
        return _join(account, group, codeDigest, evidence, organisation ? MemberBook.ORGANISATION : 0);
    }

    /// @inheritdoc IRollOperations
    function resignFor(address key) external {
        _requireDesk(_desks.requests);
        _resign(key);
    }

    /// @inheritdoc IRollOperations
    function moveKey(uint256 number, address newKey) external {
        if (msg.sender != _desks.requests && msg.sender != _desks.recovery) _requireDesk(_desks.affiliations);
        address oldKey = _book.move(number, newKey);
        emit IERC721.Transfer(oldKey, newKey, number);
        emit KeyRotated(number, oldKey, newKey);
    }

    /// @inheritdoc IRollOperations
    function moveGroup(uint256 number, uint8 group) external {
        _requireDesk(_desks.claims);
        if (group >= GROUP_COUNT) revert MembershipUnknownGroup(group, GROUP_COUNT);
        _release(number);
        emit GroupChanged(number, _book.regroup(number, group), group);
    }

    /// @inheritdoc IRollOperations
    function setPaused(uint256 number, bool paused) external {
        bool dormant = msg.sender == _desks.confirmations;
        if (!dormant) _requireDesk(_desks.affiliations);
        uint8 flag = dormant ? MemberBook.DORMANT : MemberBook.REPRESENTED;
        Pause reason = dormant ? Pause.Dormant : Pause.Represented;
        if (paused) {
            _release(number);
            if (_book.pause(number, flag)) emit VotePaused(number, reason);
        } else {
            (bool changed, uint48 votesFrom) = _book.resume(number, flag);
            if (changed) emit VoteResumed(number, reason, votesFrom);
        }
    }

    /// @inheritdoc IRollOperations
    function recordConfirmation(uint256 number) external {
        _requireDesk(_desks.confirmations);
        (address key, ) = _book.requireSeated(number);
        _book.holdings[key].confirmedAt = uint40(block.timestamp);
        emit MemberConfirmed(number);
    }

    /// @inheritdoc IRollOperations
    function recordDelegation(uint256 delegator, uint256 oldDelegate, uint256 newDelegate) external {
        _requireDesk(_desks.delegations);
        address key = _book.seats[delegator].key;
        address oldKey = oldDelegate == 0 ? key : _book.seats[oldDelegate].key;
        address newKey = newDelegate == 0 ? key : _book.seats[newDelegate].key;
        _book.holdings[key].flags |= MemberBook.DELEGATES;
        emit IVotes.DelegateChanged(key, oldKey, newKey);
        _announceVotes(oldKey, 0);
        _announceVotes(newKey, 2);
    }

    /// @inheritdoc IRollOperations
    function recordDelegate(uint256 number) external {
        _requireDesk(_desks.delegations);
        (address key, ) = _book.requireSeated(number);
        _book.holdings[key].flags |= MemberBook.RECEIVES;
    }

    /// @inheritdoc IMembership
    function end(uint256 number) external onlyTimelock {
        _release(number);
        (address key, bool onRoll) = _book.expel(number);
        if (onRoll) emit IERC721.Transfer(key, address(0), number);
        emit MemberEnded(number, key);
    }

    /// @inheritdoc IMembership
    function pardon(address key) external onlyTimelock {
        uint256 number = _book.pardon(key);
        emit KeyPardoned(key, number);
    }

    /// @inheritdoc IMembership
    function suspend(uint256 number, uint8 rights, uint48 until) external onlyTimelock {
        _requireRange("until", until, block.timestamp + 1, block.timestamp + MAX_SUSPENSION);
        _book.setSuspension(number, rights, until);
        // A vote that may not be cast is cast by nobody else either.
        if (rights & (1 << uint8(Right.Vote)) != 0) _release(number);
        emit RightsSuspended(number, rights, until);
    }

    /// @inheritdoc IMembership
    function restore(uint256 number, uint8 rights) external onlyTimelock {
        _book.setSuspension(number, rights, 0);
        emit RightsRestored(number, rights);
    }

    /// @inheritdoc IMembership
    function setAdmissionPolicy(IAdmissionPolicy policy) external onlyTimelock {
        _setAdmissionPolicy(policy);
    }

    /// @inheritdoc IMembership
    function setMaturity(Maturity calldata newMaturity) external onlyTimelock {
        _setMaturity(newMaturity);
    }

    /// @inheritdoc IMembership
    function setCodeOfConduct(bytes32 digest) external onlyTimelock {
        _setCodeOfConduct(digest);
    }

    /// @inheritdoc IMembership
    function voterOf(address key) external view returns (VoterWord) {
        return _book.voterOf(key);
    }

    /// @inheritdoc IMembership
    function votersOf(address[] calldata keys) external view returns (VoterWord[] memory) {
        return _book.votersOf(keys);
    }

    /// @inheritdoc IMembership
    function standingOf(
        address key,
        Right right,
        uint48 timepoint
    ) external view returns (Standing, uint256, uint8, uint48) {
        return _book.standingOf(key, right, timepoint);
    }

    /// @inheritdoc IMembership
    function countedAt(uint256 number, uint48 timepoint) external view returns (bool, uint8) {
        return _book.countedAt(number, timepoint);
    }

    /// @inheritdoc IMembership
    function numberOf(address key) external view returns (uint256) {
        MemberBook.Holding storage holding = _book.holdings[key];
        return holding.status == MemberBook.HoldingStatus.Active ? holding.number : 0;
    }

    /// @inheritdoc IMembership
    function member(uint256 number) external view returns (Member memory) {
        return _book.memberAt(number);
    }

    /// @inheritdoc IMembership
    function members(uint256 first, uint256 count) external view returns (Member[] memory page) {
        _requireRange("first", first, 1, type(uint32).max);
        _requireRange("count", count, 1, MAX_PAGE);
        uint256 last = Math.min(first + count - 1, lastNumber());
        page = new Member[](last < first ? 0 : last - first + 1);
        // bound: a page, 200 numbers
        for (uint256 i; i < page.length; ++i) {
            page[i] = _book.memberAt(first + i);
        }
    }

    /// @inheritdoc IMembership
    function lastNumber() public view returns (uint256) {
        return _book.ledger.tail.lastNumber;
    }

    /// @inheritdoc IMembership
    function totalSupply() external view returns (uint256 supply) {
        uint256[] memory byGroup = membersByGroup();
        // bound: 8 groups
        for (uint256 group; group < byGroup.length; ++group) {
            supply += byGroup[group];
        }
    }

    /// @inheritdoc IMembership
    function membersByGroup() public view returns (uint256[] memory byGroup) {
        byGroup = _unpack(_book.ledger.living());
        // bound: 8 groups
        for (uint256 group; group < GROUP_COUNT; ++group) {
            byGroup[group] += _book.idleIn(group);
        }
    }

    /// @inheritdoc IMembership
    function getPastVotesByGroup(uint256 timepoint) external view returns (uint256[] memory) {
        return _unpack(_book.ledger.countsAt(_validateTimepoint(timepoint)));
    }

    /// @inheritdoc IMembership
    function groups() external view returns (string[] memory) {
        return _groups;
    }

    /// @inheritdoc IMembership
    function codeOfConduct() external view returns (bytes32 digest, uint32 version) {
        return (_codeDigest, _codeVersion);
    }

    /// @inheritdoc IMembership
    function memberCard() external view returns (IMemberCard) {
        return CARD;
    }

    /// @inheritdoc IMembership
    function admissionPolicy() external view returns (IAdmissionPolicy) {
        return _door.policy;
    }

    /// @inheritdoc IMembership
    function maturity() public view returns (Maturity memory) {
        return _pace(_door);
    }

    /// @inheritdoc IMembership
    function waitingFloor() external view returns (uint32) {
        return WAITING_FLOOR;
    }

    /// @inheritdoc IMembership
    function timelock() external view returns (address) {
        return TIMELOCK;
    }

    /// @inheritdoc IRollOperations
    function desks() external view returns (Desks memory) {
        return _desks;
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) public view override returns (uint256) {
        if (owner == address(0)) revert ERC721InvalidOwner(owner);
        return _book.holdings[owner].status == MemberBook.HoldingStatus.Active ? 1 : 0;
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 number) public view override returns (string memory) {
        _requireOwned(number);
        return CARD.render(number);
    }

    /// @inheritdoc MembershipToken
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == type(IVotes).interfaceId ||
            interfaceId == type(IERC6372).interfaceId ||
            interfaceId == type(IMembership).interfaceId ||
            super.supportsInterface(interfaceId);
    }

    function _join(
        address key,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        uint8 flags
    ) private returns (uint256) {
        if (group >= GROUP_COUNT) revert MembershipUnknownGroup(group, GROUP_COUNT);
        if (codeDigest != _codeDigest) revert MembershipWrongCodeDigest(codeDigest, _codeDigest);
        Door memory door = _door;
        // A view call: the policy can judge and nothing else.
        if (!door.policy.admits(lastNumber() + 1, key, group, evidence)) flags |= MemberBook.UNQUALIFIED;
        (uint256 number, uint48 votesFrom) = _book.enroll(key, group, flags, _pace(door));
        _announceMint(key, number);
        emit MemberJoined(number, group, votesFrom, codeDigest);
        return number;
    }

    function _resign(address key) private {
        _release(_book.requireActive(key).number);
        uint256 number = _book.close(key, MemberBook.HoldingStatus.Resigned);
        emit IERC721.Transfer(key, address(0), number);
        emit MemberResigned(number, key);
    }

    /// @dev Ends what a member delegated, before the vote stops counting where it did, or once it is suspended.
    function _release(uint256 number) private {
        MemberBook.Holding storage holding = _book.holdings[_book.seats[number].key];
        if (holding.flags & MemberBook.DELEGATES != 0 && holding.number == number) _delegations().release(number);
    }

    /// @dev A key's votes became one less (0) or one more (2).
    function _announceVotes(address key, uint256 change) private {
        uint256 votes = getVotes(key);
        emit IVotes.DelegateVotesChanged(key, votes + 1 - change, votes);
    }

    function _bind(address desk) private {
        _requireCode(desk);
        IRollDesk(desk).bind(WAITING_FLOOR);
    }

    function _requireTimelock() private view {
        if (msg.sender != TIMELOCK) revert MembershipUnauthorized(msg.sender, TIMELOCK);
    }

    function _requireDesk(address desk) private view {
        if (msg.sender != desk) revert RollOperationsUnauthorized(msg.sender);
    }

    function _setGroups(string[] memory names) private {
        _requireRange("groups", names.length, 2, 8);
        // bound: 8 groups
        for (uint256 i; i < names.length; ++i) {
            PlainName.requireValid(names[i], 31);
            // bound: 8 groups
            for (uint256 j; j < i; ++j) {
                if (keccak256(bytes(names[i])) == keccak256(bytes(names[j]))) revert MembershipDuplicateGroup(names[i]);
            }
            _groups.push(names[i]);
        }
    }

    function _setAdmissionPolicy(IAdmissionPolicy policy) private {
        if (!ERC165Checker.supportsInterface(address(policy), type(IAdmissionPolicy).interfaceId)) {
            revert MembershipNotAPolicy(address(policy));
        }
        address oldPolicy = address(_door.policy);
        _door.policy = policy;
        emit AdmissionPolicyChanged(oldPolicy, address(policy));
    }

    function _setMaturity(Maturity memory next) private {
        _requireRange("waitingPeriod", next.waitingPeriod, WAITING_FLOOR, 365 days);
        _requireRange("epochLength", next.epochLength, WAITING_FLOOR / 8, 92 days);
        _requireRange("epochShareBps", next.epochShareBps, 100, 2_500);
        _requireRange("epochFloor", next.epochFloor, 1, 100);
        Maturity memory old = maturity();
        _door.waitingPeriod = next.waitingPeriod;
        _door.epochLength = next.epochLength;
        _door.epochShareBps = next.epochShareBps;
        _door.epochFloor = next.epochFloor;
        emit MaturityChanged(old, next);
    }

    function _setCodeOfConduct(bytes32 digest) private {
        if (digest == 0) revert MembershipParameterOutOfRange("codeDigest", 0, 1, type(uint256).max);
        bytes32 oldDigest = _codeDigest;
        _codeDigest = digest;
        emit CodeOfConductChanged(++_codeVersion, oldDigest, digest);
    }

    function _requireCode(address account) private view {
        if (account.code.length == 0) revert MembershipNotAContract(account);
    }

    function _requireRange(bytes32 parameter, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert MembershipParameterOutOfRange(parameter, value, min, max);
    }

    function _unpack(Counts counts) private view returns (uint256[] memory byGroup) {
        byGroup = new uint256[](GROUP_COUNT);
        // bound: 8 groups
        for (uint256 group; group < GROUP_COUNT; ++group) {
            byGroup[group] = counts.at(group);
        }
    }

    function _pace(Door memory door) private pure returns (Maturity memory) {
        return
            Maturity({
                waitingPeriod: door.waitingPeriod,
                epochLength: door.epochLength,
                epochShareBps: door.epochShareBps,
                epochFloor: door.epochFloor
            });
    }

    /// @inheritdoc ERC721
    function _ownerOf(uint256 number) internal view override returns (address) {
        MemberBook.Seat memory seat = _book.seats[number];
        return seat.status == MemberStatus.Active ? seat.key : address(0);
    }

    /// @inheritdoc MembershipVotes
    function _votesAt(address key, uint48 timepoint) internal view override returns (uint256) {
        (bool counted, MemberBook.Holding memory holding, uint8 group) = _book.votesAt(key, timepoint);
        if (!counted) return 0;
        if (holding.flags & (MemberBook.DELEGATES | MemberBook.RECEIVES) == 0) return 1;
        (uint256 delegate, uint256 received) = _delegations().delegationAt(holding.number, group, timepoint);
        return delegate == 0 ? 1 + received : received;
    }

    /// @inheritdoc MembershipVotes
    function _delegations() internal view override returns (IDelegations) {
        return IDelegations(_desks.delegations);
    }

    /// @inheritdoc MembershipVotes
    function _delegateOf(address key) internal view override returns (address) {
        (bool counted, MemberBook.Holding memory holding, uint8 group) = _book.votesAt(key, clock());
        if (!counted || holding.flags & MemberBook.DELEGATES == 0) return key;
        (uint256 delegate, ) = _delegations().delegationAt(holding.number, group, clock());
        return delegate == 0 ? key : _book.seats[delegate].key;
    }

    /// @inheritdoc MembershipVotes
    function _electorateAt(uint48 timepoint) internal view override returns (uint256) {
        return _book.ledger.countsAt(timepoint).total();
    }
}
