// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAdmissionPolicy} from "../membership/admission/IAdmissionPolicy.sol";

/// @title ToldAdmission
/// @notice An admission policy that does as it is told, for randomised tests.
contract ToldAdmission is IAdmissionPolicy, ERC165 {
    enum Mood {
        Everyone,
        Nobody,
        /// Whose evidence is the ABI encoding of number, key and group.
        WhoProves,
        Reverting
    }

    Mood public mood;

    /// @notice It was told to say no in words of its own.
    error ToldAdmissionRefused(uint256 number, address account);

    /// @notice Tells the policy how to answer. Anyone may call.
    function tell(Mood next) external {
        mood = next;
    }

    /// @inheritdoc IAdmissionPolicy
    function admits(
        uint256 number,
        address account,
        uint8 group,
        bytes calldata evidence
    ) external view returns (bool admitted) {
        Mood current = mood;
        if (current == Mood.Reverting) revert ToldAdmissionRefused(number, account);
        if (current != Mood.WhoProves) return current == Mood.Everyone;
        return keccak256(evidence) == keccak256(abi.encode(number, account, group));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IAdmissionPolicy).interfaceId || super.supportsInterface(interfaceId);
    }
}
