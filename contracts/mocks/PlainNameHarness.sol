// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainName} from "../libraries/PlainName.sol";

/// @title PlainNameHarness
/// @notice Opens the judgement of names to tests.
contract PlainNameHarness {
    /// @notice See {PlainName-requireValid}.
    /// @param text The name's bytes, which need not be a well-formed string.
    function requireValid(bytes calldata text, uint256 limit) external pure {
        PlainName.requireValid(string(text), limit);
    }
}
