// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title AnsweringRoll
/// @notice Answers whatever it is asked with the bytes it was given, or reverts with them: not as a roll does.
contract AnsweringRoll {
    bytes private _answer;
    bool private _reverts;

    constructor(bytes memory answer, bool reverts) {
        (_answer, _reverts) = (answer, reverts);
    }

    // solhint-disable-next-line no-complex-fallback
    fallback(bytes calldata) external returns (bytes memory) {
        bytes memory answer = _answer;
        if (!_reverts) return answer;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }
}
