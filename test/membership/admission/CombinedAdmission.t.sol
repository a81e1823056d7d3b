// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CombinedAdmission} from "../../../contracts/membership/admission/CombinedAdmission.sol";
import {IAdmissionPolicy} from "../../../contracts/membership/admission/IAdmissionPolicy.sol";
import {AdmissionPolicyMock} from "../../../contracts/mocks/AdmissionPolicyMock.sol";
import {Dice} from "../../helpers/Dice.sol";
import {Test} from "../../helpers/Test.sol";

/// @notice The combination's own reading of evidence against the compiler's.
contract CombinedAdmissionTest is Test {
    using Dice for Dice.Stream;

    AdmissionPolicyMock private _first;
    AdmissionPolicyMock private _second;
    CombinedAdmission private _both;

    function setUp() external {
        (_first, _second) = (new AdmissionPolicyMock(), new AdmissionPolicyMock());
        IAdmissionPolicy[] memory parts = new IAdmissionPolicy[](2);
        (parts[0], parts[1]) = (_first, _second);
        _both = new CombinedAdmission(parts, true);
    }

    /// @notice Property 5: each part of a policy judges by its own evidence.
    function testFuzz_handsOutWhatWasEncoded(
        address account,
        uint8 group,
        bytes calldata a,
        bytes calldata b
    ) external {
        bytes[] memory entries = new bytes[](2);
        (entries[0], entries[1]) = (a, b);
        _expect(account, group, a, b);
        assertTrue(_both.admits(1, account, group, abi.encode(entries)), "an entry did not arrive");
    }

    /// @notice Property 5: evidence of another shape admits nobody.
    function testFuzz_readsBentEvidenceAsTheCompilerDoes(bytes calldata a, bytes calldata b, uint256 seed) external {
        bytes[] memory entries = new bytes[](2);
        (entries[0], entries[1]) = (a, b);
        bytes memory evidence = _bend(Dice.from(seed), abi.encode(entries));
        try this.decode(evidence) returns (bytes[] memory list) {
            // The compiler also reads lists that start elsewhere, or of another length; the combination takes them for
            // none.
            bool plain = list.length == 2 && uint256(bytes32(evidence)) == 32;
            _expect(address(this), 0, plain ? list[0] : bytes(""), plain ? list[1] : bytes(""));
            assertTrue(_both.admits(1, address(this), 0, evidence), "read otherwise");
        } catch {
            // Whatever is left of it, nothing reverts.
            _both.admits(1, address(this), 0, evidence);
        }
    }

    /// @notice Property 5: no evidence keeps anybody from joining.
    function testFuzz_nothingReverts(bytes calldata evidence) external view {
        _both.admits(1, address(this), 0, evidence);
    }

    /// @dev To be called from outside, for the compiler's decoding reverts.
    function decode(bytes calldata evidence) external pure returns (bytes[] memory) {
        return abi.decode(evidence, (bytes[]));
    }

    function _expect(address account, uint8 group, bytes memory a, bytes memory b) private {
        _first.expectRequest(account, group, a);
        _second.expectRequest(account, group, b);
    }

    /// @dev Cuts it short, or puts another number into one of its first words, now and then a huge one.
    function _bend(Dice.Stream memory dice, bytes memory evidence) private pure returns (bytes memory) {
        uint256 way = dice.below(4);
        if (way == 0) return evidence;
        uint256 size = way == 1 ? dice.below(evidence.length) : evidence.length;
        bytes memory bent = new bytes(size);
        for (uint256 i; i < size; ++i) {
            bent[i] = evidence[i];
        }
        if (way == 1) return bent;
        uint256 value = way == 2 ? dice.below(size + 32) : type(uint256).max - dice.below(200);
        bytes32 word = bytes32(value);
        uint256 at = dice.below(6) * 32;
        for (uint256 i; i < 32 && at + i < size; ++i) {
            bent[at + i] = word[i];
        }
        return bent;
    }
}
