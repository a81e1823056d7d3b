// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title IBallotMethod
/// @notice How the ballots of an election are taken and counted. {IElections} knows nothing else of a method, so that
/// another one, with anonymous ballots for instance, can be put beside those that there are.
///
/// @dev Options of an election are numbered: 0 is "re-open nominations", 1 and on are the candidates in the order in
/// which they were admitted. No result may depend on that order. A method announces this interface by ERC-165.
interface IBallotMethod is IERC165 {
    /// @notice When ballots are taken, and from whom. Moments in seconds since 1970.
    struct Frame {
        /// Who could vote at this moment is the electorate.
        uint48 announcedAt;
        /// First second of the vote.
        uint48 opens;
        /// First second after it.
        uint48 closes;
        /// First second in which ballots are counted: no sealed ballot is opened from here on.
        uint48 countsFrom;
        /// Seats to fill, 1 to 16.
        uint8 seats;
        /// Whether ballots are sealed until the close.
        bool secret;
        /// The last member number given out when the election was announced.
        uint32 lastNumber;
    }

    /// @notice Only {IElections} of the same coalition may call this.
    error BallotMethodUnauthorized(address caller, address elections);

    /// @notice The method takes the ballots of an election. Only {IElections}, once.
    function prepare(uint256 electionId, Frame calldata frame) external;

    /// @notice Counts on, from where the count stands. Anyone may call, once counting has begun.
    /// @param budget How many words of ballots to read at the most, so that a call fits into a transaction.
    /// @return done Whether the count is complete.
    function advance(uint256 electionId, uint256 budget) external returns (bool done);

    /// @notice Whether the count is complete; what {outcome} answers never changes from then on.
    function isCounted(uint256 electionId) external view returns (bool);

    /// @notice The result, once it is complete; reverts before.
    /// @return ballots Members whose ballot counted.
    /// @return order The candidates who got ahead of "re-open nominations", in the order in which seats are given to
    /// them, winners first and then runners-up.
    /// @return record Digest of the record of the count, as anybody can compute it anew from the ballots.
    function outcome(uint256 electionId) external view returns (uint256 ballots, uint8[] memory order, bytes32 record);
}
