// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IResolutions
/// @notice Statements of the coalition: decided like everything else, recorded for good, without further effect.
interface IResolutions {
    /// @notice The members resolved something.
    /// @param digest Of the text, its sha2-256.
    event ResolutionRecorded(uint256 indexed number, bytes32 indexed digest);

    /// @notice Only the timelock, and the motions, may call this.
    error ResolutionsUnauthorized(address caller, address timelock);

    /// @notice A resolution has a text, and its digest is not zero.
    error ResolutionsDigestMissing();

    /// @notice No resolution has this number.
    error ResolutionsUnknownNumber(uint256 number, uint256 last);

    /// @notice Records a resolution under the next number. Only the timelock, by a decision, and the motions, for one
    /// that was adopted without a vote.
    /// @dev Emits {ResolutionRecorded}. Reverts with {ResolutionsUnauthorized}, {ResolutionsDigestMissing}.
    /// @param digest sha2-256 of the bytes of the text, the digest of its CID.
    function record(bytes32 digest) external returns (uint256 number);

    /// @notice A resolution; reverts with {ResolutionsUnknownNumber}.
    function resolution(uint256 number) external view returns (bytes32 digest, uint48 recordedAt);

    /// @notice The last number given out; 0 before the first.
    function lastNumber() external view returns (uint256);
}
