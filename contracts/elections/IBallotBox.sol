// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../membership/IMembership.sol";
import {IBallotMethod} from "./IBallotMethod.sol";
import {IElections} from "./IElections.sol";

/// @title IBallotBox
/// @notice Takes the ballots of elections from members whose vote counted when the election was announced. A ballot can
/// be changed until the close; the last one counts, once.
///
/// In an election with secret ballots a member casts a *sealed* one, and opens it after the close, or gives the salt to
/// somebody who does. What is never opened is not counted, and how many those are is known.
///
/// @dev Warning: sealing keeps a ballot from being known before the close, not after it: opened ballots are public, and
/// whoever can prove their vote can sell it. Who voted is public at any time.
interface IBallotBox is IBallotMethod {
    /// @notice A ballot that its voter signed and anybody brings. The EIP-712 messages are `FirstElectionBallot(uint256
    /// electionId,address voter,uint256 ballot,uint256 deadline)`, which counts for a member who has no ballot in the
    /// election yet and therefore once, and, to replace a signed ballot, `ElectionBallot(uint256 electionId,address
    /// voter,uint256 ballot,uint256 nonce,uint256 deadline)`.
    struct SignedBallot {
        address voter;
        uint256 ballot;
        uint48 deadline;
        /// Whether it is to replace an earlier one, and then the voter's present `nonces(voter)`; else 0.
        bool replaces;
        uint256 nonce;
        /// 65 bytes of an ordinary account, or whatever a contract takes (ERC-1271).
        bytes signature;
    }

    /// @notice A sealed ballot, opened.
    struct Opening {
        /// Member number of the voter.
        uint256 number;
        uint256 ballot;
        bytes32 salt;
    }

    /// @notice What is wrong with a ballot or an opening.
    enum Flaw {
        None,
        /// Not signed by the voter, or not for just this ballot, chain and contract.
        InvalidSignature,
        Expired,
        WrongNonce,
        /// The voter may not vote in this election.
        NotEntitled,
        /// There is a ballot of this member already, and this one does not replace it.
        AlreadyCast,
        /// The member's ballot was cast in person; a signature cannot replace it.
        CastInPerson,
        /// Names nobody.
        Empty,
        /// Names an option that does not exist. One that withdrew is no flaw: a withdrawal spoils no ballot.
        UnknownOption,
        /// Names more options than there are seats, or one twice, or has a gap.
        Overvote,
        /// No sealed ballot of the member, or opened already.
        NotSealed,
        /// Not what was sealed.
        WrongSeal
    }

    /// @notice A ballot was cast. The last one of a member counts.
    /// @param ballot The ballot, or where ballots are secret what it was sealed with.
    event ElectionBallotCast(uint256 indexed electionId, uint256 indexed number, uint256 ballot);

    /// @notice A sealed ballot was opened, and counts.
    event BallotOpened(uint256 indexed electionId, uint256 indexed number, uint256 ballot);

    /// @notice A ballot of a batch was passed over.
    /// @param index Its place in the batch.
    event ElectionBallotSkipped(uint256 indexed electionId, address indexed voter, uint256 index, Flaw flaw);

    /// @notice An opening of a batch was passed over.
    event OpeningSkipped(uint256 indexed electionId, uint256 indexed number, uint256 index, Flaw flaw);

    /// @notice The method takes ballots of this election from `opens` to before `closes`; both 0 if it takes none.
    error BallotBoxClosed(uint256 electionId, uint256 opens, uint256 closes);

    /// @notice Sealed ballots of this election are opened from `closes` to before `countsFrom`; both 0 if there are
    /// none.
    error BallotBoxNotOpening(uint256 electionId, uint256 closes, uint256 countsFrom);

    /// @notice The ballot of a member is flawed.
    error BallotBoxFlawed(uint256 electionId, uint256 number, uint256 ballot, Flaw flaw);

    /// @notice The account may not vote in this election, and why.
    error BallotBoxRefused(uint256 electionId, address voter, IMembership.Standing standing, uint48 explanation);

    /// @notice The method takes the ballots of this election already.
    error BallotBoxPrepared(uint256 electionId);

    /// @notice Ballots are counted from `countsFrom` on; 0 if there is no such election here.
    error BallotBoxTooEarly(uint256 electionId, uint256 countsFrom);

    /// @notice The count is not complete.
    error BallotBoxNotCounted(uint256 electionId);

    /// @notice A batch has 1 to `limit` entries.
    error BallotBoxBatchSize(uint256 size, uint256 limit);

    /// @notice The transaction has too little gas for the entry at this place: nothing of the batch happened.
    error BallotBoxGasTooLow(uint256 index, uint256 available, uint256 needed);

    /// @notice Casts, or changes, the caller's ballot. Members whose vote counted when the election was announced,
    /// while it is open.
    /// @dev Emits {ElectionBallotCast}. Reverts with {BallotBoxClosed}, {BallotBoxRefused}, {BallotBoxFlawed}.
    /// @param ballot As the method has it; where ballots are secret {sealOf} it with a random salt.
    function castBallot(uint256 electionId, uint256 ballot) external;

    /// @notice Casts ballots that their voters signed, up to 200. Anyone may call and pay, and can neither alter nor
    /// choose.
    /// @dev Emits {ElectionBallotCast} for each that counts and {ElectionBallotSkipped} for each that does not. A
    /// wallet that is a contract gets 100,000 gas to answer. Reverts with {BallotBoxClosed}, {BallotBoxBatchSize},
    /// {BallotBoxGasTooLow}.
    /// @return counted How many counted.
    function castBallots(uint256 electionId, SignedBallot[] calldata ballots) external returns (uint256 counted);

    /// @notice Opens a sealed ballot. Anyone who has the salt, after the close and before the count.
    /// @dev Emits {BallotOpened}. Reverts with {BallotBoxNotOpening}, {BallotBoxFlawed}.
    function open(uint256 electionId, uint256 number, uint256 ballot, bytes32 salt) external;

    /// @notice {open} for up to 200 ballots; what is flawed is passed over.
    /// @dev Emits {BallotOpened} and {OpeningSkipped}. Reverts with {BallotBoxNotOpening}, {BallotBoxBatchSize}.
    function openMany(uint256 electionId, Opening[] calldata openings) external returns (uint256 opened);

    /// @notice What a member casts in a secret election: `keccak256(abi.encode(box, chainId, electionId, number,
    /// ballot, salt))`, so that it is good for nobody and nothing else.
    function sealOf(
        uint256 electionId,
        uint256 number,
        uint256 ballot,
        bytes32 salt
    ) external view returns (uint256 sealedBallot);

    /// @notice The ballot of a member: 0 for none; where ballots are secret the opened one.
    function ballotOf(uint256 electionId, uint256 number) external view returns (uint256);

    /// @notice The sealed ballot of a member; 0 for none, and once it is opened.
    function sealedBallotOf(uint256 electionId, uint256 number) external view returns (uint256);

    /// @notice Members who cast a sealed ballot, and how many of these were opened.
    function sealedCount(uint256 electionId) external view returns (uint256 cast, uint256 opened);

    /// @notice When ballots are taken, see {IBallotMethod-Frame}; zeros for an election of another method.
    function frameOf(uint256 electionId) external view returns (Frame memory);

    /// @notice The elections that the method serves.
    function elections() external view returns (IElections);
}
