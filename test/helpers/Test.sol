// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev The test runner's own functions, as far as the tests use them.
interface IVm {
    function addr(uint256 privateKey) external pure returns (address key);
    function assume(bool condition) external pure;
    function chainId(uint256 newChainId) external;
    function expectRevert(bytes calldata reason) external;
    function prank(address sender) external;
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function warp(uint256 moment) external;
}

/// @title Test
/// @notice Base of the Solidity tests: the runner's functions, assertions, bounded inputs.
/// @dev Assertions name what is wrong instead of the property it belongs to; the test's name says that.
abstract contract Test {
    IVm internal constant VM = IVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error Different(string what, uint256 actual, uint256 expected);
    error Wrong(string what);

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert Different(what, actual, expected);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) revert Wrong(what);
    }

    /// @dev Folds any input into a range, its ends included; a value that lies in it stays as it is.
    function bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        if (value >= min && value <= max) return value;
        uint256 span = max - min;
        return span == type(uint256).max ? value : min + (value % (span + 1));
    }
}
