// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IOffices} from "./IOffices.sol";
import {Petitions} from "./Petitions.sol";
import {SeatWord} from "./SeatWord.sol";

/// @title Offices
/// @notice See {IOffices}.
contract Offices is Petitions {
    using SeatWord for uint256;
    using SeatWord for uint256[];

    struct Record {
        Office definition;
        /// Two seats to a word, see {SeatWord}.
        uint256[8] words;
        /// Of members whose seat somebody else has taken since, or is no more, where terms are limited: terms in a row,
        /// 8 bits, and when the last of them was to end.
        mapping(uint256 number => uint256 word) past;
    }

    uint256 private constant MAX_TERM = 2192 days;
    uint256 private constant MAX_WINDOW = 180 days;

    bytes32 private constant RESIGN_TYPEHASH = keccak256(
        "ResignOffice(address account,uint256 office,uint256 nonce,uint256 deadline)"
    );

    uint32 private immutable SHORTEST_STAGE;

    address private _elections;
    uint96 private _lastOffice;
    mapping(uint256 office => Record) private _records;

    modifier only(address expected) {
        if (msg.sender != expected) revert OfficesUnauthorized(msg.sender, expected);
        _;
    }

    /// @param name_ See {SignedRequests}.
    /// @param roll The roll of the coalition.
    /// @param shortestStage The coalition's shortest stage, in seconds.
    constructor(string memory name_, IMembership roll, uint32 shortestStage) SignedRequests(name_) Petitions(roll) {
        SHORTEST_STAGE = shortestStage;
    }

    /// @inheritdoc IOffices
    function bind() external {
        if (_elections != address(0)) revert OfficesBound(_elections);
        _elections = msg.sender;
        emit ElectionsBound(msg.sender);
    }

    /// @inheritdoc IOffices
    function create(Office calldata definition) external only(TIMELOCK) returns (uint256 office) {
        _requireInRange(definition);
        office = ++_lastOffice;
        _records[office].definition = definition;
        emit OfficeCreated(office, definition);
    }

    /// @inheritdoc IOffices
    function change(uint256 office, Office calldata definition) external only(TIMELOCK) {
        Office memory old = officeOf(office);
        _requireInRange(definition);
        Record storage record = _records[office];
        uint256[] memory words = _wordsOf(record, old.seats);
        // bound: 16 seats
        for (uint256 i = definition.seats; i < old.seats; ++i) {
            uint256 one = words.at(i);
            if (one.isTaken(block.timestamp)) revert OfficesSeatHeld(office, i, uint48(one.untilOf()));
            _remember(record, one, 0);
            // Forgotten whole: its last holder does not come back with it when the office grows again.
            words.put(i, 0);
            record.words[i / 2] = words[i / 2];
        }
        record.definition = definition;
        emit OfficeChanged(office, old, definition);
    }

    /// @inheritdoc IOffices
    function seat(uint256 office, uint256[] calldata numbers, uint256[] calldata groups) external only(_elections) {
        _seat(office, numbers, groups, false);
    }

    /// @inheritdoc IOffices
    function seatForRest(uint256 office, uint256 number, uint256 group) external only(_elections) {
        uint256[] memory numbers = new uint256[](1);
        uint256[] memory groups = new uint256[](1);
        (numbers[0], groups[0]) = (number, group);
        _seat(office, numbers, groups, true);
    }

    /// @inheritdoc IOffices
    function resign(uint256 office) external {
        _vacate(office, ROLL.numberOf(msg.sender), Departure.Resigned);
    }

    /// @inheritdoc IOffices
    function resignBySig(address account, uint256 office, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(RESIGN_TYPEHASH, account, office, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _vacate(office, ROLL.numberOf(account), Departure.Resigned);
    }

    /// @inheritdoc IOffices
    function vacate(uint256 office, uint256 number) external {
        if (ROLL.member(number).status == IMembership.MemberStatus.Active) revert OfficesOnRoll(office, number);
        _vacate(office, number, Departure.LeftRoll);
    }

    /// @inheritdoc IOffices
    function holds(uint256 office, address account) external view returns (bool) {
        uint256 number = ROLL.numberOf(account);
        if (number == 0) return false;
        (, , bool found) = _find(office, number);
        return found;
    }

    /// @inheritdoc IOffices
    function mayServe(uint256 office, uint256 number) external view returns (bool) {
        Record storage record = _records[office];
        Office storage definition = record.definition;
        (uint256 limit, uint256 count) = (definition.termLimit, definition.seats);
        if (count == 0) revert OfficesUnknown(office);
        return limit == 0 || _termsOf(record, _wordsOf(record, count), count, number) < limit;
    }

    /// @inheritdoc IOffices
    function freeSeats(uint256 office, uint48 moment) external view returns (uint256 free, uint256 vacated) {
        uint256 count = officeOf(office).seats;
        uint256[] memory words = _wordsOf(_records[office], count);
        // bound: 16 seats
        for (uint256 i; i < count; ++i) {
            uint256 one = words.at(i);
            if (one.isTaken(moment)) continue;
            ++free;
            if (one.isVacated() && moment < one.untilOf()) ++vacated;
        }
    }

    /// @inheritdoc IOffices
    function rosterOf(uint256 office) external view returns (uint256 seats, uint256[] memory words) {
        Record storage record = _records[office];
        seats = record.definition.seats;
        words = _wordsOf(record, seats);
    }

    /// @inheritdoc IOffices
    function seatsOf(uint256 office) external view returns (Seat[] memory seats) {
        seats = new Seat[](officeOf(office).seats);
        uint256[] memory words = _wordsOf(_records[office], seats.length);
        // bound: 16 seats
        for (uint256 i; i < seats.length; ++i) {
            seats[i] = words.at(i).unpack();
        }
    }

    /// @inheritdoc IOffices
    function lastOffice() external view returns (uint256) {
        return _lastOffice;
    }

    /// @inheritdoc IOffices
    function elections() external view returns (address) {
        return _elections;
    }

    /// @inheritdoc IOffices
    function officeOf(uint256 office) public view override returns (Office memory definition) {
        definition = _records[office].definition;
        if (definition.seats == 0) revert OfficesUnknown(office);
    }

    function _vacate(uint256 office, uint256 number, Departure why) internal override {
        (uint256 place, uint256 one, bool found) = _find(office, number);
        if (!found) revert OfficesNotHolder(office, number);
        Record storage record = _records[office];
        uint256[] memory words = _wordsOf(record, record.definition.seats);
        words.put(place, one.vacated());
        record.words[place / 2] = words[place / 2];
        emit SeatVacated(office, number, place, why);
    }

    function _termOf(uint256 office, uint256 number) internal view override returns (uint48, uint48) {
        (, uint256 one, bool found) = _find(office, number);
        if (!found) revert OfficesNotHolder(office, number);
        return (uint48(one.sinceOf()), uint48(one.untilOf()));
    }

    function _isTerm(uint256 office, uint256 number, uint48 since) internal view override returns (bool) {
        (, uint256 one, bool found) = _find(office, number);
        return found && one.sinceOf() == since;
    }

    /// @dev Gives free seats to members, in their order.
    /// @param restOnly Whether only those vacated before their time are given.
    function _seat(uint256 office, uint256[] memory numbers, uint256[] memory groups, bool restOnly) private {
        Record storage record = _records[office];
        uint256 count = record.definition.seats;
        if (count == 0) revert OfficesUnknown(office);
        uint256[] memory words = _wordsOf(record, count);
        uint256[] memory terms = new uint256[](numbers.length);
        // Before any of them is written over.
        // bound: 16 winners
        for (uint256 i; i < numbers.length; ++i) {
            terms[i] = Math.min(1 + _termsOf(record, words, count, numbers[i]), type(uint8).max);
        }
        uint256[] memory ends = _endsOf(words, count, restOnly ? 0 : record.definition.term);
        uint256 changed;
        // bound: 16 winners
        for (uint256 i; i < numbers.length; ++i) {
            uint256 place = _longest(office, ends);
            _remember(record, words.at(place), numbers[i]);
            words.put(place, _taken(numbers[i], groups[i], ends[place], terms[i]));
            changed |= 1 << (place / 2);
            emit SeatTaken(office, numbers[i], place, uint48(block.timestamp), uint48(ends[place]), terms[i]);
            ends[place] = 0;
        }
        // bound: 8 words of 2 seats
        for (uint256 i; changed >> i != 0; ++i) {
            if ((changed >> i) & 1 != 0) record.words[i] = words[i];
        }
    }

    /// @dev A seat that somebody takes now.
    function _taken(uint256 number, uint256 group, uint256 until, uint256 terms) private view returns (uint256) {
        return SeatWord.pack(number, group, block.timestamp, until, terms);
    }

    /// @dev Keeps the terms of a member whose seat another one takes, or is no more, where terms are limited. What was
    /// kept of a later term of theirs in another seat stays.
    /// @param next Who takes it; 0 for nobody.
    function _remember(Record storage record, uint256 last, uint256 next) private {
        (uint256 number, uint256 term) = (last.numberOf(), record.definition.term);
        if (record.definition.termLimit == 0 || number == 0 || number == next) return;
        if (block.timestamp >= last.untilOf() + term) return;
        uint256 past = record.past[number];
        if (block.timestamp < (past >> 8) + term && uint8(past) > last.termsOf()) return;
        record.past[number] = last.termsOf() | (last.untilOf() << 8);
    }

    function _requireInRange(Office calldata definition) private view {
        _require("description", uint256(definition.description), 1, type(uint256).max);
        _require("seats", definition.seats, 1, SeatWord.MAX);
        _require("term", definition.term, SHORTEST_STAGE, MAX_TERM);
        _require("recallBps", definition.recallBps, 500, 5_000);
        _require("recallWindow", definition.recallWindow, SHORTEST_STAGE, MAX_WINDOW);
    }

    function _wordsOf(Record storage record, uint256 count) private view returns (uint256[] memory words) {
        words = new uint256[]((count + 1) / 2);
        // bound: 8 words of 2 seats
        for (uint256 i; i < words.length; ++i) {
            words[i] = record.words[i];
        }
    }

    /// @dev The seat that a member holds now.
    function _find(uint256 office, uint256 number) private view returns (uint256 place, uint256 one, bool found) {
        uint256 count = _records[office].definition.seats;
        uint256[] memory words = _wordsOf(_records[office], count);
        // bound: 16 seats
        for (; place < count; ++place) {
            one = words.at(place);
            if (one.numberOf() == number && one.isTaken(block.timestamp)) return (place, one, true);
        }
    }

    /// @dev Until when each seat can be held by who takes it now; 0 for those that are not to be had.
    /// @param term Of a seat that is free for a whole one; 0 to leave those alone.
    function _endsOf(uint256[] memory words, uint256 count, uint256 term) private view returns (uint256[] memory ends) {
        ends = new uint256[](count);
        // bound: 16 seats
        for (uint256 i; i < count; ++i) {
            uint256 one = words.at(i);
            if (one.isTaken(block.timestamp)) continue;
            if (one.isVacated() && block.timestamp < one.untilOf()) ends[i] = one.untilOf();
            else if (term != 0) ends[i] = block.timestamp + term;
        }
    }

    /// @dev Terms in a row that a member has behind them, the present one included. Terms are in a row unless a whole
    /// one lies between them, so that nobody starts anew by resigning on the last day.
    function _termsOf(
        Record storage record,
        uint256[] memory words,
        uint256 count,
        uint256 number
    ) private view returns (uint256 terms) {
        uint256 term = record.definition.term;
        // bound: 16 seats
        for (uint256 i; i < count; ++i) {
            uint256 one = words.at(i);
            if (one.numberOf() != number || block.timestamp >= one.untilOf() + term) continue;
            terms = Math.max(terms, one.termsOf());
        }
        if (record.definition.termLimit == 0) return terms;
        uint256 past = record.past[number];
        if (block.timestamp < (past >> 8) + term) terms = Math.max(terms, uint8(past));
    }

    /// @dev The seat that can be held longest.
    function _longest(uint256 office, uint256[] memory ends) private pure returns (uint256 place) {
        uint256 end;
        // bound: 16 seats
        for (uint256 i; i < ends.length; ++i) {
            if (ends[i] > end) (place, end) = (i, ends[i]);
        }
        if (end == 0) revert OfficesNoFreeSeat(office);
    }

    function _require(bytes32 parameter, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert OfficesOutOfRange(parameter, value, min, max);
    }
}
