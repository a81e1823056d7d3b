// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ElectorateLedger} from "./ElectorateLedger.sol";
import {IMembership} from "./IMembership.sol";

/// @title MemberBook
/// @notice The roll's own record: which key holds which number, since when, and what was suspended.
///
/// @dev Life of a key's holding (one slot, all that a ballot must know of a voter):
///
///     None --join--> Active --resign--> Resigned --join--> Active (a new number)
///                      |--end-----> Ended ----pardon--> Resigned (a member who resigned can be ended too)
///                      '--rotate--> Rotated --join, or another member rotates to it--> Active
///
/// The past of a key that held something before is kept in `past`, so that every past moment can be asked for.
library MemberBook {
    using ElectorateLedger for ElectorateLedger.Ledger;

    enum HoldingStatus {
        None,
        Active,
        Resigned,
        Ended,
        Rotated
    }

    /// @dev What a key holds, or held last. One slot.
    struct Holding {
        uint32 number;
        uint8 group;
        HoldingStatus status;
        /// True once a right was ever suspended: only then `suspendedUntil` need be read.
        bool marked;
        /// When the number's vote matures.
        uint48 votesFrom;
        /// Since when this key holds the number.
        uint48 since;
        /// When it ceased to hold it; 0 while it does.
        uint48 until;
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
        ElectorateLedger.Ledger ledger;
    }

    /// @notice Enters a key under the next number. The caller has checked group and policy.
    /// @dev Suspensions of what the key held before go on: nobody sheds a sanction by resigning and joining again.
    function enroll(
        Book storage self,
        address key,
        uint8 group,
        IMembership.Maturity memory pace
    ) internal returns (uint32 number, uint48 votesFrom) {
        (bool marked, uint256 former) = _vacate(self, key);
        (number, votesFrom) = self.ledger.admit(group, pace);
        self.holdings[key] = Holding({
            number: number,
            group: group,
            status: HoldingStatus.Active,
            marked: marked,
            votesFrom: votesFrom,
            since: uint48(block.timestamp),
            until: 0
        });
        self.seats[number] = Seat({
            key: key,
            group: group,
            status: IMembership.MemberStatus.Active,
            joinedAt: uint40(block.timestamp),
            leftAt: 0
        });
        if (marked) self.suspendedUntil[number] = self.suspendedUntil[former];
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
        self.holdings[key] = holding;
        Seat storage seat = self.seats[number];
        seat.status =
            status == HoldingStatus.Ended ? IMembership.MemberStatus.Ended : IMembership.MemberStatus.Resigned;
        seat.leftAt = uint40(block.timestamp);
        self.ledger.remove(holding.group, holding.votesFrom);
    }

    /// @notice Moves a number from one key to another.
    function rotate(Book storage self, address oldKey, address newKey) internal returns (uint32 number) {
        Holding memory holding = requireActive(self, oldKey);
        _vacate(self, newKey);
        number = holding.number;
        holding.since = uint48(block.timestamp);
        self.holdings[newKey] = holding;
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
        self.holdings[seat.key].marked = true;
        uint48[4] storage moments = self.suspendedUntil[number];
        // bound: the 4 rights
        for (uint256 i; i < 4; ++i) {
            if (rights & (1 << i) != 0) moments[i] = until;
        }
    }

    /// @notice The holding of a key that is on the roll; reverts otherwise.
    function requireActive(Book storage self, address key) internal view returns (Holding memory holding) {
        holding = self.holdings[key];
        if (holding.status != HoldingStatus.Active) revert IMembership.MembershipNotMember(key);
    }

    /// @notice See {IMembership-voterOf}.
    function voterOf(
        Book storage self,
        address key
    ) internal view returns (uint256 number, uint256 group, uint256 votesFrom) {
        Holding storage holding = self.holdings[key];
        (HoldingStatus status, bool marked) = (holding.status, holding.marked);
        (number, group, votesFrom) = (holding.number, holding.group, holding.votesFrom);
        if (status != HoldingStatus.Active || (marked && _isSuspended(self, number, IMembership.Right.Vote))) {
            return (0, 0, type(uint256).max);
        }
    }

    /// @notice See {IMembership-entitlementOf}.
    function entitlementOf(
        Book storage self,
        address key,
        IMembership.Right right
    ) internal view returns (uint256 number, uint256 group, uint256 from) {
        Holding storage holding = self.holdings[key];
        (HoldingStatus status, bool marked) = (holding.status, holding.marked);
        (number, group, from) = (holding.number, holding.group, holding.votesFrom);
        if (status != HoldingStatus.Active) return (0, 0, 0);
        if (marked && _isSuspended(self, number, right)) return (0, 0, 0);
        if (right == IMembership.Right.Speak) from = holding.since;
    }

    /// @notice See {IMembership-standingOf}.
    function standingOf(
        Book storage self,
        address key,
        IMembership.Right right,
        uint48 timepoint
    ) internal view returns (IMembership.Standing, uint256 number, uint8 group, uint48 explanation) {
        Holding storage holding = self.holdings[key];
        (HoldingStatus status, bool marked, uint48 votesFrom) = (holding.status, holding.marked, holding.votesFrom);
        (number, group, explanation) = (holding.number, holding.group, holding.until);
        if (status != HoldingStatus.Active) {
            if (status == HoldingStatus.None) return (IMembership.Standing.NotMember, 0, 0, 0);
            if (status == HoldingStatus.Rotated) return (IMembership.Standing.Rotated, number, group, explanation);
            return (IMembership.Standing.Ended, number, group, explanation);
        }
        if (marked) {
            explanation = self.suspendedUntil[number][uint256(right)];
            if (explanation > block.timestamp) return (IMembership.Standing.Suspended, number, group, explanation);
        }
        if (right != IMembership.Right.Speak && votesFrom > timepoint) {
            return (IMembership.Standing.Immature, number, group, votesFrom);
        }
        return (IMembership.Standing.Granted, number, group, 0);
    }

    /// @notice Votes of a key at a moment up to now: 1 while it held a number whose vote was mature, else 0.
    function votesAt(Book storage self, address key, uint48 timepoint) internal view returns (uint256) {
        Holding memory holding = self.holdings[key];
        if (timepoint < holding.since) {
            Holding[] storage past = self.past[key];
            uint256 low = 0;
            uint256 high = past.length;
            // bound: log2 of how often the key changed what it holds
            while (low < high) {
                uint256 mid = (low + high) / 2;
                if (past[mid].since > timepoint) high = mid;
                else low = mid + 1;
            }
            if (low == 0) return 0;
            holding = past[low - 1];
        }
        bool held = holding.status == HoldingStatus.Active || timepoint < holding.until;
        return held && holding.votesFrom <= timepoint ? 1 : 0;
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
        entry.votesFrom = seat.leftAt == 0 ? self.holdings[seat.key].votesFrom : 0;
        entry.suspendedUntil = self.suspendedUntil[number];
    }

    /// @dev A key is barred if the membership that it held last was ended while it held it, or after it moved on.
    function _isBarred(Book storage self, HoldingStatus status, uint256 number) private view returns (bool) {
        if (status == HoldingStatus.Rotated) return self.seats[number].status == IMembership.MemberStatus.Ended;
        return status == HoldingStatus.Ended;
    }

    function _isSuspended(Book storage self, uint256 number, IMembership.Right right) private view returns (bool) {
        return self.suspendedUntil[number][uint256(right)] > block.timestamp;
    }

    /// @dev Files what a key held before, so that it can hold a number again; reverts if it holds one or is barred.
    function _vacate(Book storage self, address key) private returns (bool marked, uint256 former) {
        Holding storage holding = self.holdings[key];
        HoldingStatus status = holding.status;
        if (status == HoldingStatus.None) return (false, 0);
        (marked, former) = (holding.marked, holding.number);
        if (status == HoldingStatus.Active) revert IMembership.MembershipAlreadyMember(key, former);
        if (_isBarred(self, status, former)) revert IMembership.MembershipKeyBarred(key, former);
        self.past[key].push(holding);
    }
}
