// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {IMembership} from "../membership/IMembership.sol";
import {DecisionRules} from "../libraries/DecisionRules.sol";
import {IAgenda} from "./IAgenda.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title Agenda
/// @notice See {IAgenda}.
contract Agenda is IAgenda, SignedRequests {
    using BitMaps for BitMaps.BitMap;

    /// @dev One slot, which most proposals need no more than; for further endorsements a bit a member.
    struct Item {
        uint8 endorsements;
        /// Groups that endorsements came from, a bit each.
        uint8 groups;
        bool admitted;
        /// Numbers of the first seven members who endorsed, 32 bits each.
        uint224 first;
        BitMaps.BitMap others;
    }

    uint256 private constant FIRST = 7;
    uint256 private constant MAX_PLACES = 5;

    bytes32 private constant ENDORSE_TYPEHASH = keccak256(
        "Endorse(address account,uint256 proposalId,uint256 nonce,uint256 deadline)"
    );

    address private _governor;
    uint8 private _places;
    IMembership private _roll;
    address private _motions;
    mapping(uint256 proposalId => Item) private _items;
    /// @dev By member number: until when each of its places is taken. One slot.
    mapping(uint256 number => uint48[MAX_PLACES]) private _takenUntil;

    modifier only(address expected) {
        if (msg.sender != expected) revert AgendaUnauthorized(msg.sender, expected);
        _;
    }

    /// @param name_ See {SignedRequests}.
    /// @param firstPlaces See {IAgenda-setPlaces}.
    constructor(string memory name_, uint8 firstPlaces) SignedRequests(name_) {
        _setPlaces(firstPlaces);
    }

    /// @inheritdoc IAgenda
    function bind(IMembership roll) external {
        if (_governor != address(0)) revert AgendaBound(_governor);
        (_governor, _roll) = (msg.sender, roll);
        emit GovernorBound(msg.sender);
    }

    /// @inheritdoc IAgenda
    function bindMotions() external {
        if (_motions != address(0)) revert AgendaBound(_motions);
        _motions = msg.sender;
        emit MotionsBound(msg.sender);
    }

    /// @inheritdoc IAgenda
    function endorse(uint256 proposalId) external {
        _endorse(msg.sender, proposalId);
    }

    /// @inheritdoc IAgenda
    function endorseBySig(address account, uint256 proposalId, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(ENDORSE_TYPEHASH, account, proposalId, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _endorse(account, proposalId);
    }

    /// @inheritdoc IAgenda
    function admit(uint256 proposalId, address proposer, uint48 until) external only(_governor) {
        uint256 number = _roll.numberOf(proposer);
        // The governor has asked for the right to propose: without a number are the motions alone, which put their
        // decisions on the agenda themselves.
        if (number != 0) _admit(proposalId, number, until);
    }

    /// @inheritdoc IAgenda
    function admitFor(uint256 proposalId, uint256 number) external only(_motions) {
        address proposer = IGovernor(_governor).proposalProposer(proposalId);
        if (proposer != msg.sender) revert AgendaUnauthorized(msg.sender, proposer);
        _admit(proposalId, number, _closeOf(proposalId));
    }

    /// @inheritdoc IAgenda
    function setPlaces(uint8 newPlaces) external only(_roll.timelock()) {
        _setPlaces(newPlaces);
    }

    /// @inheritdoc IAgenda
    function requireProposer(address account) external view {
        if (account == _motions) return;
        (IMembership.Standing standing, , , uint48 explanation) = _roll.standingOf(
            account,
            IMembership.Right.Propose,
            uint48(block.timestamp)
        );
        if (standing != IMembership.Standing.Granted) {
            revert ICoalitionGovernor.CoalitionGovernorProposerRefused(account, standing, explanation);
        }
    }

    /// @inheritdoc IAgenda
    function governor() external view returns (ICoalitionGovernor) {
        return ICoalitionGovernor(_governor);
    }

    /// @inheritdoc IAgenda
    function motions() external view returns (address) {
        return _motions;
    }

    /// @inheritdoc IAgenda
    function isAdmitted(uint256 proposalId) external view returns (bool) {
        return _items[proposalId].admitted;
    }

    /// @inheritdoc IAgenda
    function endorsementsOf(uint256 proposalId) external view returns (uint256 count, uint256 groups) {
        return (_items[proposalId].endorsements, _items[proposalId].groups);
    }

    /// @inheritdoc IAgenda
    function hasEndorsed(uint256 proposalId, uint256 number) external view returns (bool) {
        return _hasEndorsed(_items[proposalId], number);
    }

    /// @inheritdoc IAgenda
    function placesOf(uint256 number) external view returns (uint48[MAX_PLACES] memory takenUntil) {
        return _takenUntil[number];
    }

    /// @inheritdoc IAgenda
    function places() external view returns (uint8) {
        return _places;
    }

    function _endorse(address account, uint256 proposalId) private {
        Item storage item = _items[proposalId];
        if (item.admitted) revert AgendaAdmitted(proposalId);
        IGovernor.ProposalState current = IGovernor(_governor).state(proposalId);
        if (current != IGovernor.ProposalState.Pending) revert AgendaNotPending(proposalId, current);
        (uint256 number, uint256 group) = _endorser(account);
        if (_hasEndorsed(item, number)) revert AgendaAlreadyEndorsed(proposalId, number);
        uint8 endorsements = item.endorsements;
        if (endorsements < FIRST) item.first |= uint224(number << (32 * endorsements));
        else item.others.set(number);
        // More than any class can ask for; a group that comes in crowds must not keep the others from being counted.
        if (endorsements != type(uint8).max) item.endorsements = ++endorsements;
        uint8 groups = item.groups | uint8(1 << group);
        item.groups = groups;
        emit ProposalEndorsed(proposalId, number, endorsements);
        (, DecisionRules.Rules memory rules) = ICoalitionGovernor(_governor).proposalRules(proposalId);
        if (endorsements >= rules.endorsements && _count(groups) >= rules.endorsementGroups) {
            _admitProposer(proposalId);
        }
    }

    /// @dev The number and the group of a member who may propose; reverts for anybody else. For most the roll's one
    /// word suffices.
    function _endorser(address account) private view returns (uint256 number, uint256 group) {
        VoterWord voter = _roll.voterOf(account);
        if (voter.countsPlainlyAt(block.timestamp)) return (voter.number(), voter.group());
        IMembership.Standing standing;
        uint48 explanation;
        (standing, number, group, explanation) = _roll.standingOf(
            account,
            IMembership.Right.Propose,
            uint48(block.timestamp)
        );
        if (standing != IMembership.Standing.Granted) revert AgendaEndorserRefused(account, standing, explanation);
    }

    function _hasEndorsed(Item storage item, uint256 number) private view returns (bool) {
        // bound: 7 numbers, none of them 0
        for (uint256 first = item.first; first != 0; first >>= 32) {
            if (uint32(first) == number) return true;
        }
        return item.endorsements > FIRST && item.others.get(number);
    }

    function _admitProposer(uint256 proposalId) private {
        address proposer = IGovernor(_governor).proposalProposer(proposalId);
        uint256 number = _roll.numberOf(proposer);
        if (number == 0) revert AgendaProposerGone(proposalId, proposer);
        _admit(proposalId, number, _closeOf(proposalId));
    }

    function _closeOf(uint256 proposalId) private view returns (uint48) {
        return uint48(IGovernor(_governor).proposalDeadline(proposalId));
    }

    /// @dev Takes one of a member's places, or reverts; of nobody's for number 0.
    function _admit(uint256 proposalId, uint256 number, uint48 until) private {
        if (number != 0) _takePlace(number, until);
        _items[proposalId].admitted = true;
        emit ProposalAdmitted(proposalId, number, until);
    }

    function _takePlace(uint256 number, uint48 until) private {
        uint48[MAX_PLACES] storage taken = _takenUntil[number];
        uint256 used;
        uint256 place;
        // Also those beyond what a member has now: fewer places do not make any of them free.
        // bound: 5 places
        for (uint256 i; i < MAX_PLACES; ++i) {
            if (taken[i] < block.timestamp) place = i;
            else ++used;
        }
        if (used >= _places) revert AgendaFull(number, _places, _freeFrom(taken));
        taken[place] = until;
    }

    /// @dev The first second in which fewer places are taken than a member has: the one after the earliest close that
    /// has fewer later ones than that. A close in the past has as many later ones, or more, as no place is left.
    function _freeFrom(uint48[MAX_PLACES] storage taken) private view returns (uint48 free) {
        free = type(uint48).max;
        // bound: 5 places
        for (uint256 i; i < MAX_PLACES; ++i) {
            uint256 later;
            // bound: 5 places
            for (uint256 j; j < MAX_PLACES; ++j) {
                if (taken[j] > taken[i]) ++later;
            }
            if (later < _places && taken[i] < free) free = taken[i];
        }
        ++free;
    }

    function _setPlaces(uint8 newPlaces) private {
        if (newPlaces == 0 || newPlaces > MAX_PLACES) revert AgendaPlacesOutOfRange(newPlaces, 1, MAX_PLACES);
        emit PlacesChanged(_places, newPlaces);
        _places = newPlaces;
    }

    /// @dev Number of bits set, of 8.
    function _count(uint256 bits) private pure returns (uint256 count) {
        // bound: 8 groups
        for (; bits != 0; bits &= bits - 1) {
            ++count;
        }
    }
}
