// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title PanelLot
/// @notice An order of members by lot, and the three of them who sit.
///
/// @dev A seat goes to the first in the order who has not sat and whose group is not on the panel; where there is none,
/// to the first who has not sat. Seats that are filled later go by the same rule.
library PanelLot {
    /// @dev Two words of eight member numbers each, and one word with the rest:
    ///
    ///     bits   0 to  63   groups by place in the order, four bits each
    ///     bits  64 to  79   who has sat, a bit for each place
    ///     bits  80 to  94   who sits: three times five bits, a place and one, or 0 for nobody
    ///     bits  95 to  99   how many there are
    struct Lot {
        uint256[2] numbers;
        uint256 state;
    }

    /// @notice Members who sit.
    uint256 internal constant SEATS = 3;

    uint256 private constant NUMBER_BITS = 32;
    uint256 private constant NUMBERS_A_WORD = 8;
    uint256 private constant GROUP_BITS = 4;
    uint256 private constant GROUP_MASK = 0xf;
    uint256 private constant SAT_SHIFT = 64;
    uint256 private constant PANEL_SHIFT = 80;
    uint256 private constant SEAT_BITS = 5;
    uint256 private constant SEAT_MASK = 0x1f;
    uint256 private constant COUNT_SHIFT = 95;

    /// @notice Puts members in the order of a lot (Fisher-Yates, from the end).
    /// @dev The remainder of 256 bits by 16 at the most favours nobody by more than 2^-252.
    function shuffle(uint256[] memory numbers, uint256[] memory groups, bytes32 seed) internal pure {
        // bound: 16 members
        for (uint256 left = numbers.length; left > 1; --left) {
            uint256 i = left - 1;
            uint256 j = uint256(keccak256(abi.encode(seed, left))) % left;
            (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
            (groups[i], groups[j]) = (groups[j], groups[i]);
        }
    }

    /// @notice Writes an order down, and fills the seats.
    /// @param numbers Member numbers, 3 to 16.
    function fill(Lot storage self, uint256[] memory numbers, uint256[] memory groups) internal {
        uint256[2] memory words;
        uint256 state = numbers.length << COUNT_SHIFT;
        // bound: 16 members
        for (uint256 i; i < numbers.length; ++i) {
            words[i / NUMBERS_A_WORD] |= numbers[i] << (NUMBER_BITS * (i % NUMBERS_A_WORD));
            state |= groups[i] << (GROUP_BITS * i);
        }
        // bound: 3 seats
        for (uint256 seat; seat < SEATS; ++seat) state = _seated(state, seat);
        (self.numbers, self.state) = (words, state);
    }

    /// @notice Puts somebody else in a member's seat.
    /// @return substitute Member number; 0 if nobody is left.
    function replace(Lot storage self, uint256 number) internal returns (uint256 substitute) {
        uint256 state = self.state;
        // bound: 3 seats
        for (uint256 seat; seat < SEATS; ++seat) {
            uint256 place = _placeOf(state, seat);
            if (place == 0 || _numberAt(self, place - 1) != number) continue;
            state = _seated(state & ~(SEAT_MASK << (PANEL_SHIFT + SEAT_BITS * seat)), seat);
            self.state = state;
            place = _placeOf(state, seat);
            return place == 0 ? 0 : _numberAt(self, place - 1);
        }
    }

    /// @notice Who sits; 0 for a seat that nobody has.
    function panel(Lot storage self) internal view returns (uint256[3] memory numbers) {
        uint256 state = self.state;
        // bound: 3 seats
        for (uint256 seat; seat < SEATS; ++seat) {
            uint256 place = _placeOf(state, seat);
            if (place != 0) numbers[seat] = _numberAt(self, place - 1);
        }
    }

    /// @notice Whether a member sits.
    function sits(Lot storage self, uint256 number) internal view returns (bool) {
        uint256[3] memory numbers = panel(self);
        return number != 0 && (numbers[0] == number || numbers[1] == number || numbers[2] == number);
    }

    /// @notice Whether a member sits, or sat.
    function hasSat(Lot storage self, uint256 number) internal view returns (bool) {
        uint256 state = self.state;
        uint256 count = state >> COUNT_SHIFT;
        // bound: 16 members
        for (uint256 i; i < count; ++i) {
            if ((state >> (SAT_SHIFT + i)) & 1 != 0 && _numberAt(self, i) == number) return true;
        }
        return false;
    }

    /// @dev The state with a seat filled, if there is somebody for it.
    function _seated(uint256 state, uint256 seat) private pure returns (uint256) {
        uint256 present = _groupsOf(state);
        uint256 count = state >> COUNT_SHIFT;
        uint256 any;
        // bound: 16 members
        for (uint256 i; i < count; ++i) {
            if ((state >> (SAT_SHIFT + i)) & 1 != 0) continue;
            if ((present >> _groupAt(state, i)) & 1 == 0) return _taken(state, seat, i);
            if (any == 0) any = i + 1;
        }
        return any == 0 ? state : _taken(state, seat, any - 1);
    }

    function _taken(uint256 state, uint256 seat, uint256 i) private pure returns (uint256) {
        return state | (1 << (SAT_SHIFT + i)) | ((i + 1) << (PANEL_SHIFT + SEAT_BITS * seat));
    }

    /// @dev The groups on the panel, a bit each.
    function _groupsOf(uint256 state) private pure returns (uint256 present) {
        // bound: 3 seats
        for (uint256 seat; seat < SEATS; ++seat) {
            uint256 place = _placeOf(state, seat);
            if (place != 0) present |= 1 << _groupAt(state, place - 1);
        }
    }

    /// @dev The place in the order of who has a seat, and one; 0 for nobody.
    function _placeOf(uint256 state, uint256 seat) private pure returns (uint256) {
        return (state >> (PANEL_SHIFT + SEAT_BITS * seat)) & SEAT_MASK;
    }

    function _groupAt(uint256 state, uint256 i) private pure returns (uint256) {
        return (state >> (GROUP_BITS * i)) & GROUP_MASK;
    }

    function _numberAt(Lot storage self, uint256 i) private view returns (uint256) {
        return uint32(self.numbers[i / NUMBERS_A_WORD] >> (NUMBER_BITS * (i % NUMBERS_A_WORD)));
    }
}
