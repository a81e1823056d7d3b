// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ClauseOrder} from "../charter/ClauseOrder.sol";

/// @title ClauseOrderHarness
/// @notice Opens the packed order of clauses to tests.
contract ClauseOrderHarness {
    using ClauseOrder for uint256[8];

    /// @notice See {ClauseOrder}: words of an order, clauses that it holds.
    function shape() external pure returns (uint256 words, uint256 limit) {
        return (ClauseOrder.WORDS, ClauseOrder.MAX);
    }

    /// @notice See {ClauseOrder-wordsFor}.
    function wordsFor(uint256 count) external pure returns (uint256) {
        return ClauseOrder.wordsFor(count);
    }

    /// @notice See {ClauseOrder-at}.
    function at(uint256[8] memory words, uint256 index) external pure returns (uint256) {
        return words.at(index);
    }

    /// @notice See {ClauseOrder-indexOf}.
    function indexOf(uint256[8] memory words, uint256 clause) external pure returns (uint256) {
        return words.indexOf(clause);
    }

    /// @notice See {ClauseOrder-insert}.
    function insert(uint256[8] memory words, uint256 index, uint256 clause) external pure returns (uint256[8] memory) {
        words.insert(index, clause);
        return words;
    }

    /// @notice See {ClauseOrder-remove}.
    function remove(uint256[8] memory words, uint256 index) external pure returns (uint256[8] memory) {
        words.remove(index);
        return words;
    }

    /// @notice See {ClauseOrder-put}.
    function put(uint256[8] memory words, uint256 index, uint256 clause) external pure returns (uint256[8] memory) {
        words.put(index, clause);
        return words;
    }
}
