// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IOffices} from "../elections/IOffices.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IPanels} from "./IPanels.sol";
import {PanelLot} from "./PanelLot.sol";

/// @title Panels
/// @notice See {IPanels}.
contract Panels is IPanels, SignedRequests {
    using PanelLot for PanelLot.Lot;

    struct Chain {
        bytes32 tip;
        /// The draw that the tip is for.
        uint48 lastDraw;
    }

    /// @dev Numbers without which nothing is drawn: one alone would choose the panel.
    uint256 private constant MIN_REVEALS = 2;

    /// @dev Draws that a chain can be behind: what it costs to follow it is bounded.
    uint256 private constant MAX_BEHIND = 256;

    bytes32 private constant COMMIT_TYPEHASH = keccak256(
        "CommitChain(address account,uint256 lastDraw,bytes32 tip,uint256 nonce,uint256 deadline)"
    );

    IMembership private immutable ROLL;
    IOffices private immutable OFFICES;
    address private immutable TIMELOCK;

    address private _conduct;
    uint256 private _pool;
    uint256 private _lastDraw;
    mapping(uint256 draw => Draw) private _draws;
    mapping(uint256 draw => PanelLot.Lot) private _lots;
    mapping(uint256 number => Chain) private _chains;

    modifier only(address expected) {
        if (msg.sender != expected) revert PanelsUnauthorized(msg.sender, expected);
        _;
    }

    /// @param name_ See {SignedRequests}.
    /// @param roll_ The roll whose members sit on panels.
    /// @param offices_ The offices that the pool is one of.
    constructor(string memory name_, IMembership roll_, IOffices offices_) SignedRequests(name_) {
        (ROLL, OFFICES, TIMELOCK) = (roll_, offices_, roll_.timelock());
    }

    /// @inheritdoc IPanels
    function bind() external {
        if (_conduct != address(0)) revert PanelsBound(_conduct);
        _conduct = msg.sender;
        emit ConductBound(msg.sender);
    }

    /// @inheritdoc IPanels
    function setPool(uint256 office) external only(TIMELOCK) {
        uint256 lastOffice = OFFICES.lastOffice();
        if (office == 0 || office > lastOffice) revert PanelsUnknownOffice(office, lastOffice);
        emit PoolChanged(_pool, office);
        _pool = office;
    }

    /// @inheritdoc IPanels
    function commit(bytes32 tip) external {
        _commit(msg.sender, tip);
    }

    /// @inheritdoc IPanels
    function commitBySig(address account, bytes32 tip, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(
            abi.encode(COMMIT_TYPEHASH, account, _lastDraw, tip, _useNonce(account), deadline)
        );
        _requireSignature(account, structHash, deadline, signature);
        _commit(account, tip);
    }

    /// @inheritdoc IPanels
    function reveal(uint256 id, uint256 number, bytes32 value) external {
        Draw storage self = _draws[id];
        if (block.timestamp > self.until) revert PanelsDrawClosed(id, self.until);
        if (!isInPool(number)) revert PanelsNotInPool(number);
        Chain storage chain = _chains[number];
        uint256 last = chain.lastDraw;
        if (chain.tip == 0 || last >= id || id - last > MAX_BEHIND) {
            revert PanelsNoNumberDue(id, number, last, MAX_BEHIND);
        }
        bytes32 link = value;
        // bound: 256 draws
        for (uint256 i = last; i < id; ++i) link = keccak256(abi.encode(link));
        if (link != chain.tip) revert PanelsWrongNumber(id, number, value);
        (chain.tip, chain.lastDraw) = (value, uint48(id));
        ++self.reveals;
        // In any order the same.
        bytes32 newSeed = self.seed ^ keccak256(abi.encode(id, number, value));
        self.seed = newSeed;
        emit NumberRevealed(id, number, value, newSeed);
    }

    /// @inheritdoc IPanels
    function open(uint48 until) external only(_conduct) returns (uint256 id) {
        id = ++_lastDraw;
        _draws[id].until = until;
        emit DrawOpened(id, until);
    }

    /// @inheritdoc IPanels
    function draw(
        uint256 id,
        uint256 previous,
        uint256[] calldata excluded
    ) external only(_conduct) returns (bool complete) {
        Draw storage self = _draws[id];
        if (self.drawn || block.timestamp <= self.until) revert PanelsDrawClosed(id, self.until);
        self.drawn = true;
        (uint256[] memory numbers, uint256[] memory groups) = _eligible(previous, excluded);
        if (self.reveals < MIN_REVEALS || numbers.length < PanelLot.SEATS) {
            emit PanelNotDrawn(id, self.reveals, numbers.length);
            return false;
        }
        PanelLot.Lot storage lot = _lots[id];
        PanelLot.shuffle(numbers, groups, self.seed);
        lot.fill(numbers, groups);
        emit PanelDrawn(id, lot.panel(), numbers);
        return true;
    }

    /// @inheritdoc IPanels
    function replace(uint256 id, uint256 number) external only(_conduct) returns (uint256 substitute) {
        PanelLot.Lot storage lot = _lots[id];
        if (!lot.sits(number)) revert PanelsNotOnPanel(id, number);
        substitute = lot.replace(number);
        emit PanelistReplaced(id, number, substitute);
    }

    /// @inheritdoc IPanels
    function panelOf(uint256 id) external view returns (uint256[3] memory) {
        return _lots[id].panel();
    }

    /// @inheritdoc IPanels
    function sits(uint256 id, uint256 number) external view returns (bool) {
        return _lots[id].sits(number);
    }

    /// @inheritdoc IPanels
    function hasSat(uint256 id, uint256 number) external view returns (bool) {
        return _lots[id].hasSat(number);
    }

    /// @inheritdoc IPanels
    function isInPool(uint256 number) public view returns (bool) {
        IOffices.Seat[] memory seats = _seats();
        // bound: 16 seats
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i].number == number && _isTaken(seats[i])) return true;
        }
        return false;
    }

    /// @inheritdoc IPanels
    function drawOf(uint256 id) external view returns (Draw memory) {
        return _draws[id];
    }

    /// @inheritdoc IPanels
    function chainOf(uint256 number) external view returns (uint256, bytes32) {
        Chain storage chain = _chains[number];
        return (chain.lastDraw, chain.tip);
    }

    /// @inheritdoc IPanels
    function lastDraw() external view returns (uint256) {
        return _lastDraw;
    }

    /// @inheritdoc IPanels
    function pool() external view returns (uint256) {
        return _pool;
    }

    /// @inheritdoc IPanels
    function offices() external view returns (IOffices) {
        return OFFICES;
    }

    /// @inheritdoc IPanels
    function conduct() external view returns (address) {
        return _conduct;
    }

    function _commit(address account, bytes32 tip) private {
        uint256 number = ROLL.numberOf(account);
        if (number == 0) revert PanelsNotOnRoll(account);
        if (tip == 0) revert PanelsNoCommitment();
        _chains[number] = Chain({tip: tip, lastDraw: uint48(_lastDraw)});
        emit ChainCommitted(number, _lastDraw, tip);
    }

    /// @dev Who can be drawn: members of the pool who are on the roll, no party, and did not sit on the panel whose
    /// ruling is appealed.
    function _eligible(
        uint256 previous,
        uint256[] calldata excluded
    ) private view returns (uint256[] memory numbers, uint256[] memory groups) {
        IOffices.Seat[] memory seats = _seats();
        (numbers, groups) = (new uint256[](seats.length), new uint256[](seats.length));
        uint256 count;
        // bound: 16 seats
        for (uint256 i; i < seats.length; ++i) {
            uint256 number = seats[i].number;
            if (!_isTaken(seats[i]) || _isExcluded(number, previous, excluded)) continue;
            if (ROLL.member(number).status != IMembership.MemberStatus.Active) continue;
            (numbers[count], groups[count]) = (number, seats[i].group);
            ++count;
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(numbers, count)
            mstore(groups, count)
        }
    }

    /// @dev The seats of the pool; none before a decision named it.
    function _seats() private view returns (IOffices.Seat[] memory seats) {
        return _pool == 0 ? seats : OFFICES.seatsOf(_pool);
    }

    function _isTaken(IOffices.Seat memory seat) private view returns (bool) {
        return seat.number != 0 && !seat.vacated && block.timestamp < seat.until;
    }

    function _isExcluded(uint256 number, uint256 previous, uint256[] calldata excluded) private view returns (bool) {
        if (previous != 0 && _lots[previous].hasSat(number)) return true;
        // bound: 8 exclusions
        for (uint256 i; i < excluded.length; ++i) {
            if (excluded[i] == number) return true;
        }
        return false;
    }
}
