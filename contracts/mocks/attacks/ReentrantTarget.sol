// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ReentrantTarget
/// @notice A target of decisions that, while it is called, calls somebody else, and keeps what came of it.
contract ReentrantTarget {
    /// @notice How often it was called.
    uint256 public visits;

    /// @notice Whether its last own call went through.
    bool public succeeded;

    /// @notice What its last own call answered, an error included.
    bytes public answer;

    address private _victim;
    bytes private _data;

    /// @notice It calls back on plain ether too.
    receive() external payable {
        _strike();
    }

    /// @notice Names the call to make. Anyone may call.
    function arm(address victim, bytes calldata data) external {
        _victim = victim;
        _data = data;
    }

    /// @notice What a decision calls.
    function visit() external payable {
        _strike();
    }

    function _strike() private {
        ++visits;
        // solhint-disable-next-line avoid-low-level-calls
        (succeeded, answer) = _victim.call(_data);
    }
}
