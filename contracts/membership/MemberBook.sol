// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {ElectorateLedger} from "./ElectorateLedger.sol";
import {IMembership} from "./IMembership.sol";

/// @title MemberBook
/// @notice The roll's own record: which key holds which number, since when, and what was suspended.
///
/// @dev Life of a key's holding (one slot, all that a ballot must know of a voter):
///
///     None --join--> Active --resign--> Resigned --join--> Active (a new number)
///                      |--end-----> Ended ----pardon--> Resigned (a member who resigned can be ended too)
///                      '--move----> Rotated --join, or another member moves to it--> Active
///
/// The past of a key that held something before is kept in `past`, and when the vote of a number counted before in
/// `turns`, so that every past moment can be asked for. What happens to a vote between joining and leaving is in
/// {MemberTurns}.
library MemberBook {
    using Checkpoints for Checkpoints.Trace208;
    using ElectorateLedger for ElectorateLedger.Ledger;

    enum HoldingStatus {
        None,
        Active,
        Resigned,
        Ended,
        Rotated
    }

    /// @dev What a key holds, or held last. One slot, which {VoterWords} reads: its first six fields stay where they
    /// are.
    struct Holding {
        uint32 number;
        uint8 group;
        HoldingStatus status;
        /// What makes the member more than the plain case, see the constants below.
        uint8 flags;
        /// Since when the number's vote counts as it does now, or from when it will. What was before is in `turns`.
        uint48 votesFrom;
        /// Since when this key holds the number.
        uint48 since;
        /// When it ceased to hold it; 0 while it does.
        uint48 until;
        /// When the membership was confirmed last.
        uint40 confirmedAt;
    }

    /// @dev A member number on the open list. One slot.
    struct Seat {
        /// Holds the number, or held it last.
        address key;
        uint8 group;
        IMembership.MemberStatus status;
        uint40 joinedAt;
        uint40 leftAt;
    }

    struct Book {
        mapping(address key => Holding) holdings;
        mapping(uint256 number => Seat) seats;
        /// By key, oldest first: what it held before its present holding.
        mapping(address key => Holding[]) past;
        /// By number and {IMembership.Right}. One slot a number.
        mapping(uint256 number => uint48[4]) suspendedUntil;
        /// By number: from each moment on, the group in which its vote counted plus one, or 0 if it did not. Written
        /// only when something changes; what is so now is in the holding alone.
        mapping(uint256 number => Checkpoints.Trace208) turns;
        /// Members on the roll whose vote is not in the ledger, by group: 8 counters of 32 bits, as wide as numbers
        /// are.
        uint256 idle;
        ElectorateLedger.Ledger ledger;
    }

    /// @dev A right was suspended once: only then `suspendedUntil` need be read.
    uint8 internal constant SANCTIONED = 1;
    /// @dev The member delegated once.
    uint8 internal constant DELEGATES = 2;
    /// @dev The member took delegations once.
    uint8 internal constant RECEIVES = 4;
    /// @dev The three reasons of {IMembership-Pause}, in their order.
    uint8 internal constant UNQUALIFIED = 8;
    uint8 internal constant DORMANT = 16;
    uint8 internal constant REPRESENTED = 32;
    /// @dev The member is an organisation; this alone changes nothing.
    uint8 internal constant ORGANISATION = 64;

    /// @dev The vote is not in the ledger.
    uint8 internal constant PAUSED = 56;
    /// @dev All but the plain case.
    uint8 internal constant SPECIAL = 63;

    /// @notice Enters a key under the next number. The caller has checked group and policy.
    /// @dev Suspensions of what the key held before go on: nobody sheds a sanction by resigning and joining again.
    /// @param flags `UNQUALIFIED` for a participant, `ORGANISATION` for an organisation.
    function enroll(
        Book storage self,
        address key,
        uint8 group,
        uint8 flags,
        IMembership.Maturity memory pace
    ) internal returns (uint32 number, uint48 votesFrom) {
        (uint8 kept, uint256 former) = _vacate(self, key);
        if (flags & UNQUALIFIED == 0) {
            (number, votesFrom) = self.ledger.admit(group, pace);
        } else {
            number = self.ledger.nextNumber();
            self.idle += 1 << (uint256(group) * 32);
        }
        self.holdings[key] = Holding({
            number: number,
            group: group,
            status: HoldingStatus.Active,
            flags: flags | kept,
            votesFrom: votesFrom,
            since: uint48(block.timestamp),
            until: 0,
            confirmedAt: uint40(block.timestamp)
        });
        self.seats[number] = Seat({
            key: key,
            group: group,
            status: IMembership.MemberStatus.Active,
            joinedAt: uint40(block.timestamp),
            leftAt: 0
        });
        if (kept != 0) self.suspendedUntil[number] = self.suspendedUntil[former];
    }

    /// @notice Ends a membership by the members' decision and bars its key; one that was resigned meanwhile too.
    /// @return key The key that holds the number, or held it last.
    /// @return onRoll Whether the member still was on the roll.
    function expel(Book storage self, uint256 number) internal returns (address key, bool onRoll) {
        Seat storage seat = self.seats[number];
        IMembership.MemberStatus status = seat.status;
        if (status == IMembership.MemberStatus.None || status == IMembership.MemberStatus.Ended) {
            revert IMembership.MembershipUnknownNumber(number);
        }
        key = seat.key;
        onRoll = status == IMembership.MemberStatus.Active;
        if (onRoll) {
            close(self, key, HoldingStatus.Ended);
        } else {
            seat.status = IMembership.MemberStatus.Ended;
            Holding storage holding = self.holdings[key];
            if (holding.number == number) holding.status = HoldingStatus.Ended;
        }
    }

    /// @notice Ends the membership that a key holds.
    /// @param status `Resigned` or `Ended`.
    function close(Book storage self, address key, HoldingStatus status) internal returns (uint32 number) {
        Holding memory holding = requireActive(self, key);
        number = holding.number;
        holding.status = status;
        holding.until = uint48(block.timestamp);
        store(self, key, holding);
        Seat storage seat = self.seats[number];
        seat.status =
            status == HoldingStatus.Ended ? IMembership.MemberStatus.Ended : IMembership.MemberStatus.Resigned;
        seat.leftAt = uint40(block.timestamp);
        if (holding.flags & PAUSED == 0) self.ledger.remove(holding.group, holding.votesFrom);
        else self.idle -= 1 << (uint256(holding.group) * 32);
    }

    /// @notice Moves a number from one key to another.
    function move(Book storage self, uint256 number, address newKey) internal returns (address oldKey) {
        Holding memory holding;
        (oldKey, holding) = requireSeated(self, number);
        _vacate(self, newKey);
        holding.since = uint48(block.timestamp);
        store(self, newKey, holding);
        self.seats[number].key = newKey;
        self.holdings[oldKey].status = HoldingStatus.Rotated;
        self.holdings[oldKey].until = uint48(block.timestamp);
    }

    /// @notice Lets a barred key join again.
    function pardon(Book storage self, address key) internal returns (uint32 number) {
        Holding storage holding = self.holdings[key];
        if (!_isBarred(self, holding.status, holding.number)) revert IMembership.MembershipNotBarred(key);
        holding.status = HoldingStatus.Resigned;
        number = holding.number;
    }

    /// @notice Sets until when the rights of a mask are suspended.
    /// @param until 0 to give them back.
    function setSuspension(Book storage self, uint256 number, uint8 rights, uint48 until) internal {
        if (rights == 0 || rights > 15) revert IMembership.MembershipInvalidRights(rights);
        Seat storage seat = self.seats[number];
        if (seat.status != IMembership.MemberStatus.Active) revert IMembership.MembershipUnknownNumber(number);
        self.holdings[seat.key].flags |= SANCTIONED;
        uint48[4] storage moments = self.suspendedUntil[number];
        // bound: the 4 rights
        for (uint256 i; i < 4; ++i) {
            if (rights & (1 << i) != 0) moments[i] = until;
        }
    }

    /// @notice What a key holds, or held last.
    function load(Book storage self, address key) internal view returns (Holding memory) {
        return self.holdings[key];
    }

    /// @notice Writes down what a key holds.
    function store(Book storage self, address key, Holding memory holding) internal {
        self.holdings[key] = holding;
    }

    /// @notice The holding of a key that is on the roll; reverts otherwise.
    function requireActive(Book storage self, address key) internal view returns (Holding memory holding) {
        holding = load(self, key);
        if (holding.status != HoldingStatus.Active) revert IMembership.MembershipNotMember(key);
    }

    /// @notice The holding of a number that is on the roll, and its key; reverts otherwise.
    function requireSeated(
        Book storage self,
        uint256 number
    ) internal view returns (address key, Holding memory holding) {
        Seat storage seat = self.seats[number];
        if (seat.status != IMembership.MemberStatus.Active) revert IMembership.MembershipUnknownNumber(number);
        key = seat.key;
        holding = load(self, key);
    }

    /// @notice See {IMembership-voterOf}.
    function voterOf(Book storage self, address key) internal view returns (VoterWord voter) {
        Holding storage holding = self.holdings[key];
        // The slot as it is: to take it apart here and put it together again would cost every ballot.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            voter := sload(holding.slot)
        }
    }

    /// @notice See {IMembership-votersOf}.
    function votersOf(Book storage self, address[] calldata keys) internal view returns (VoterWord[] memory voters) {
        voters = new VoterWord[](keys.length);
        mapping(address key => Holding) storage holdings = self.holdings;
        // A batch of ballots pays for this once a ballot: the slot of a mapping's value, and what is in it, and no
        // more.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let from := keys.offset
            let to := add(voters, 0x20)
            mstore(0x20, holdings.slot)
            // bound: as many as the caller asks for, and pays for
            for {
                let end := add(from, shl(5, keys.length))
            } lt(from, end) {
                from := add(from, 0x20)
            } {
                mstore(0x00, calldataload(from))
                mstore(to, sload(keccak256(0x00, 0x40)))
                to := add(to, 0x20)
            }
        }
    }

    /// @notice A member as the open list shows it; reverts for a number never given out.
    function memberAt(Book storage self, uint256 number) internal view returns (IMembership.Member memory entry) {
        Seat memory seat = self.seats[number];
        if (seat.status == IMembership.MemberStatus.None) revert IMembership.MembershipUnknownNumber(number);
        entry.number = number;
        entry.key = seat.key;
        entry.group = seat.group;
        entry.status = seat.status;
        entry.joinedAt = seat.joinedAt;
        entry.leftAt = seat.leftAt;
        if (seat.leftAt == 0) {
            Holding memory holding = load(self, seat.key);
            entry.organisation = holding.flags & ORGANISATION != 0;
            entry.pauses = (holding.flags & PAUSED) >> 3;
            entry.votesFrom = holding.votesFrom;
            entry.confirmedAt = holding.confirmedAt;
        }
        entry.suspendedUntil = self.suspendedUntil[number];
    }

    /// @dev A key is barred if the membership that it held last was ended while it held it, or after it moved on.
    function _isBarred(Book storage self, HoldingStatus status, uint256 number) private view returns (bool) {
        if (status == HoldingStatus.Rotated) return self.seats[number].status == IMembership.MemberStatus.Ended;
        return status == HoldingStatus.Ended;
    }

    /// @dev Whether a right is suspended now. Read only for those who were sanctioned once.
    function isSuspended(Book storage self, uint256 number, IMembership.Right right) internal view returns (bool) {
        return self.suspendedUntil[number][uint256(right)] > block.timestamp;
    }

    /// @dev Files what a key held before, so that it can hold a number again; reverts if it holds one or is barred.
    /// @return kept The flag of a sanction that stays with the key, if there is one.
    function _vacate(Book storage self, address key) private returns (uint8 kept, uint256 former) {
        Holding storage holding = self.holdings[key];
        HoldingStatus status = holding.status;
        if (status == HoldingStatus.None) return (0, 0);
        (kept, former) = (holding.flags & SANCTIONED, holding.number);
        if (status == HoldingStatus.Active) revert IMembership.MembershipAlreadyMember(key, former);
        if (_isBarred(self, status, former)) revert IMembership.MembershipKeyBarred(key, former);
        self.past[key].push(holding);
        // The number's own history has to stand without the key from now on. Only the key that held it last may file
        // it: one that moved on, and was pardoned, knows an earlier part of it, which another key has taken with it.
        bool last = self.seats[former].key == key;
        if (last && holding.flags & PAUSED == 0 && holding.votesFrom < holding.until) {
            self.turns[former].push(holding.votesFrom, uint208(holding.group) + 1);
            self.turns[former].push(holding.until, 0);
        }
    }
}
