// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Puppet
/// @notice An attacker's contract that does several things within one transaction, and fails if one of them does. As a
/// member it joins, votes and leaves at once; as bait it makes others pay for a call whose origin they are.
contract Puppet {
    struct Call {
        address target;
        bytes data;
    }

    /// @notice Makes the calls in order. Anyone may call. An error is handed on as it is.
    function perform(Call[] calldata calls) external payable {
        // bound: the caller's list
        for (uint256 i; i < calls.length; ++i) {
            Address.functionCall(calls[i].target, calls[i].data);
        }
    }
}
