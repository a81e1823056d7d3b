// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title BaselineMulticall
/// @notice What the gas table measures relayed batches against: calls of one target in a single transaction, in the way
/// of OpenZeppelin's Multicall, for a governor that knows signed ballots one by one only.
contract BaselineMulticall {
    using Address for address;

    /// @notice Makes all calls, or none of them.
    function multicall(address target, bytes[] calldata calls) external {
        // bound: as many as the caller pays for
        for (uint256 i; i < calls.length; ++i) {
            target.functionCall(calls[i]);
        }
    }
}
