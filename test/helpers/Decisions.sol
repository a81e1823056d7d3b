// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {Test} from "./Test.sol";

/// @title Decisions
/// @notice Takes decisions of one action through their stages, anyone's part played by the caller it names.
abstract contract Decisions is Test {
    struct Decision {
        uint256 id;
        address target;
        bytes data;
        string description;
    }

    function _proposeBy(
        CoalitionGovernor governor,
        address proposer,
        address target,
        bytes memory data,
        string memory description
    ) internal returns (Decision memory decision) {
        decision = Decision(0, target, data, description);
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(decision);
        VM.prank(proposer);
        decision.id = governor.propose(targets, values, calldatas, description);
    }

    function _voteBy(CoalitionGovernor governor, address voter, uint256 id, uint8 support) internal {
        VM.prank(voter);
        governor.castVote(id, support);
    }

    function _queueCall(Decision memory decision) internal pure returns (bytes memory) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(decision);
        bytes32 digest = keccak256(bytes(decision.description));
        return
            abi.encodeWithSignature("queue(address[],uint256[],bytes[],bytes32)", targets, values, calldatas, digest);
    }

    function _executeCall(Decision memory decision) internal pure returns (bytes memory) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(decision);
        bytes32 digest = keccak256(bytes(decision.description));
        return
            abi.encodeWithSignature("execute(address[],uint256[],bytes[],bytes32)", targets, values, calldatas, digest);
    }

    function _cancelCall(Decision memory decision) internal pure returns (bytes memory) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(decision);
        bytes32 digest = keccak256(bytes(decision.description));
        return
            abi.encodeWithSignature("cancel(address[],uint256[],bytes[],bytes32)", targets, values, calldatas, digest);
    }

    /// @dev Whether a call goes through, whatever it answers.
    function _try(address sender, address target, bytes memory data) internal returns (bool success) {
        VM.prank(sender);
        // The point is to see whether anything is refused, by whatever error.
        // solhint-disable-next-line avoid-low-level-calls
        (success, ) = target.call(data);
    }

    function _lists(
        Decision memory decision
    ) private pure returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) {
        (targets, values, calldatas) = (new address[](1), new uint256[](1), new bytes[](1));
        (targets[0], calldatas[0]) = (decision.target, decision.data);
    }
}

/// @title Register
/// @notice A target that writes down what a decision did to it, and tries to re-enter while it is at it.
contract Register {
    mapping(uint256 entry => uint256 times) public runs;
    mapping(uint256 entry => uint256 moment) public ranAt;
    address public lastCaller;
    bool public reentered;

    address private _again;
    bytes private _data;

    /// @notice What to call from within the next entry.
    function arm(address again, bytes calldata data) external {
        (_again, _data) = (again, data);
    }

    function note(uint256 entry) external {
        lastCaller = msg.sender;
        ranAt[entry] = block.timestamp;
        ++runs[entry];
        if (_again == address(0)) return;
        // Whether it is refused is all that counts.
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, ) = _again.call(_data);
        if (success) reentered = true;
    }
}
