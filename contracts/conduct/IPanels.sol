// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IOffices} from "../elections/IOffices.sol";

/// @title IPanels
/// @notice Who judges a case: three members of an elected pool, drawn by lot, of different stakeholder groups as far as
/// the pool has them.
///
/// @dev The lot is made of numbers that members of the pool committed to before there was a case. Each commits to the
/// end of a chain of hashes, x(n) with x(n-1) = keccak256(abi.encode(x(n))); the draw with the number n takes x(n) of
/// it. So nobody has a choice which number to give, and anybody can bring it; what is left to its owner is to keep it
/// back. Draws are numbered from 1, over all cases.
interface IPanels {
    /// @notice A draw.
    struct Draw {
        /// Last second in which numbers are taken.
        uint48 until;
        /// How many were given.
        uint8 reveals;
        /// Whether it was drawn, with a panel or without.
        bool drawn;
        /// The lot so far.
        bytes32 seed;
    }

    /// @notice A member committed to numbers for all draws after `lastDraw`.
    event ChainCommitted(uint256 indexed number, uint256 indexed lastDraw, bytes32 tip);

    /// @notice A draw takes numbers of the members of the pool.
    /// @param until Last second in which it does.
    event DrawOpened(uint256 indexed draw, uint48 until);

    /// @notice A member's number for a draw is known.
    event NumberRevealed(uint256 indexed draw, uint256 indexed number, bytes32 value, bytes32 newSeed);

    /// @notice A panel was drawn.
    /// @param order Member numbers of all who could be drawn, in the order of the lot.
    event PanelDrawn(uint256 indexed draw, uint256[3] panel, uint256[] order);

    /// @notice No panel could be drawn.
    /// @param reveals Numbers that were given.
    /// @param eligible Members who could be drawn.
    event PanelNotDrawn(uint256 indexed draw, uint256 reveals, uint256 eligible);

    /// @notice Somebody else sits on a panel.
    /// @param substitute Member number; 0 if nobody is left.
    event PanelistReplaced(uint256 indexed draw, uint256 indexed number, uint256 substitute);

    /// @notice Another office is the pool.
    event PoolChanged(uint256 oldOffice, uint256 newOffice);

    /// @notice Who decides cases was set, for good.
    event ConductBound(address indexed conduct);

    /// @notice Only `expected` may call this.
    error PanelsUnauthorized(address caller, address expected);

    /// @notice The panels serve a contract that decides cases already.
    error PanelsBound(address conduct);

    /// @notice There is no such office.
    error PanelsUnknownOffice(uint256 office, uint256 lastOffice);

    /// @notice The key holds no member number.
    error PanelsNotOnRoll(address account);

    /// @notice A commitment to nothing.
    error PanelsNoCommitment();

    /// @notice There is no such draw, or it takes no numbers any more.
    error PanelsDrawClosed(uint256 draw, uint48 until);

    /// @notice The member holds no seat of the pool.
    error PanelsNotInPool(uint256 number);

    /// @notice The member committed after the draw was opened, gave the number for it already, or is more than `limit`
    /// draws behind.
    error PanelsNoNumberDue(uint256 draw, uint256 number, uint256 lastDraw, uint256 limit);

    /// @notice The value is not the member's number for this draw.
    error PanelsWrongNumber(uint256 draw, uint256 number, bytes32 value);

    /// @notice The member does not sit on the panel.
    error PanelsNotOnPanel(uint256 draw, uint256 number);

    /// @notice Binds the panels to the contract that calls it and decides cases, once.
    function bind() external;

    /// @notice Makes an office the pool that panels are drawn from; panels that were drawn stay. Only the timelock.
    /// @dev Emits {PoolChanged}. Reverts with {PanelsUnauthorized}, {PanelsUnknownOffice}.
    function setPool(uint256 office) external;

    /// @notice Commits to numbers for all draws from now on. Any key on the roll; a number counts if its owner is in
    /// the pool when it is given.
    /// @dev Emits {ChainCommitted}. Reverts with {PanelsNotOnRoll}, {PanelsNoCommitment}.
    /// @param tip x(n) of the chain, where n is {lastDraw}.
    function commit(bytes32 tip) external;

    /// @notice {commit} for a member who signed
    /// `CommitChain(address account,uint256 lastDraw,bytes32 tip,uint256 nonce,uint256 deadline)`. Anyone may call and
    /// pay.
    function commitBySig(address account, bytes32 tip, uint256 deadline, bytes calldata signature) external;

    /// @notice Gives a member's number for a draw. Anyone.
    /// @dev Emits {NumberRevealed}. Reverts with {PanelsDrawClosed}, {PanelsNotInPool}, {PanelsNoNumberDue},
    /// {PanelsWrongNumber}.
    /// @param value x(draw) of the member's chain.
    function reveal(uint256 draw, uint256 number, bytes32 value) external;

    /// @notice Opens a draw. Only the contract that decides cases.
    /// @dev Emits {DrawOpened}.
    function open(uint48 until) external returns (uint256 draw);

    /// @notice Draws a panel. Only the contract that decides cases, after {Draw-until}.
    /// @dev Emits {PanelDrawn}, or {PanelNotDrawn} if fewer than two numbers were given or fewer than three can be
    /// drawn. Reverts with {PanelsUnauthorized}, {PanelsDrawClosed}.
    /// @param previous A draw whose panel, replaced members included, is excluded; 0 for none.
    /// @param excluded Member numbers who are no judges of this case; up to 8, 0 for nobody.
    /// @return complete Whether there is a panel.
    function draw(uint256 draw, uint256 previous, uint256[] calldata excluded) external returns (bool complete);

    /// @notice Puts the next in the order of the lot in a member's seat. Only the contract that decides cases.
    /// @dev Emits {PanelistReplaced}. Reverts with {PanelsUnauthorized}, {PanelsNotOnPanel}.
    /// @return substitute Member number; 0 if nobody is left.
    function replace(uint256 draw, uint256 number) external returns (uint256 substitute);

    /// @notice The panel of a draw; zeros where there is none, or nobody.
    function panelOf(uint256 draw) external view returns (uint256[3] memory panel);

    /// @notice Whether a member sits on the panel of a draw now.
    function sits(uint256 draw, uint256 number) external view returns (bool);

    /// @notice Whether a member sits, or sat, on the panel of a draw.
    function hasSat(uint256 draw, uint256 number) external view returns (bool);

    /// @notice Whether a member number holds a seat of the pool now.
    function isInPool(uint256 number) external view returns (bool);

    /// @notice A draw; empty for one that was not opened.
    function drawOf(uint256 draw) external view returns (Draw memory);

    /// @notice A member's chain: its last known number, and the draw that it is for.
    function chainOf(uint256 number) external view returns (uint256 lastDraw, bytes32 tip);

    /// @notice How many draws were opened; they are numbered from 1.
    function lastDraw() external view returns (uint256);

    /// @notice The office that is the pool; 0 before a decision named one.
    function pool() external view returns (uint256 office);

    /// @notice The offices that the pool is one of.
    function offices() external view returns (IOffices);

    /// @notice The contract that decides cases; zero before it is bound.
    function conduct() external view returns (address);
}
