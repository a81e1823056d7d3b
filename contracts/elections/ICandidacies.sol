// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../membership/IMembership.sol";

/// @title ICandidacies
/// @notice How a member becomes a candidate in an election: nominated by any member, seconded by members of several
/// groups, and by the nominee's own word. Whoever has all three is admitted and gets an option on the ballot.
///
/// @dev Everything can be done by signature, many acts in one transaction. A withdrawal before the close spoils no
/// ballot: it counts for whom else it names.
interface ICandidacies {
    /// @notice The phases of an election. All but the last follow from time alone.
    enum Phase {
        /// There is no such election.
        None,
        /// Members nominate and second; nominees accept.
        Nomination,
        /// Members second; nominees accept. No new names.
        Acceptance,
        /// Members object to candidates.
        Objection,
        /// Ballots are taken.
        Voting,
        /// Sealed ballots, and what was committed to the lot, are opened.
        Reveal,
        /// Ballots are counted, and anybody can recount.
        Certification,
        /// Winners can be seated.
        Finishing,
        /// Final: winners are seated, or nobody was elected.
        Finished
    }

    /// @notice What can be signed for.
    enum ActKind {
        Nominate,
        Stand,
        Accept,
        Second,
        Withdraw
    }

    /// @notice An act that a member signed and anybody brings. The EIP-712 messages:
    /// `Nominate(address account,uint256 electionId,address nominee,uint256 nonce,uint256 deadline)`,
    /// `Stand(address account,uint256 electionId,bytes32 statement,uint256 nonce,uint256 deadline)`,
    /// `Accept(…)` as `Stand`, `Second(address account,uint256 electionId,uint256 number,uint256 nonce,uint256
    /// deadline)`, `Withdraw(…)` as `Second` with the candidate's own number.
    struct Act {
        ActKind kind;
        address account;
        uint256 electionId;
        /// Nominee, statement or number.
        bytes32 subject;
        uint256 deadline;
        bytes signature;
    }

    /// @notice A nomination as it stands.
    struct Nomination {
        /// Whether somebody nominated the member, and whether the member accepted.
        bool nominated;
        bool accepted;
        /// Whether the candidate withdrew, or was struck off.
        bool withdrawn;
        bool struck;
        /// Option on the ballot, from 1; 0 until admitted.
        uint8 option;
        /// Members who seconded, and their groups, a bit each.
        uint8 seconds_;
        uint8 groups;
        /// The candidate's group when the election was announced.
        uint8 group;
        /// The organisation with which the candidate was affiliated on acceptance; an organisation's own number; 0 for
        /// none, and where the office allows any number of holders of one organisation.
        uint32 organisation;
        /// The candidate's key on acceptance; the candidate may have moved to another one since.
        address key;
    }

    /// @notice Everything that a count must know of the candidates. Lists have an entry for every option; that of
    /// option 0, "re-open nominations", is zero.
    struct Slate {
        uint256 candidates;
        /// Options that withdrew or were struck off, a bit each.
        uint256 gone;
        /// What ties are decided by in the end: see {lotSeed}.
        bytes32 seed;
        uint256[] numbers;
        uint256[] groups;
        uint256[] organisations;
        /// Holders whom the office allows of one group and of one organisation; 0 for any number.
        uint256 maxPerGroup;
        uint256 maxPerOrganisation;
        /// Groups and organisations of the holders who stay in office beside those elected.
        uint256[] sittingGroups;
        uint256[] sittingOrganisations;
    }

    /// @notice Somebody nominated a member.
    event MemberNominated(uint256 indexed electionId, uint256 indexed number, uint256 indexed by);

    /// @notice A member seconded a nominee.
    event NomineeSeconded(uint256 indexed electionId, uint256 indexed number, uint256 indexed by);

    /// @notice A nominee accepted.
    /// @param statement Digest (sha2-256) of the statement.
    event NominationAccepted(uint256 indexed electionId, uint256 indexed number, bytes32 statement);

    /// @notice A nominee has accepted and been seconded, and is an option on the ballot.
    event CandidateAdmitted(uint256 indexed electionId, uint256 indexed number, uint8 option);

    /// @notice A nominee or candidate withdrew.
    event CandidateWithdrew(uint256 indexed electionId, uint256 indexed number);

    /// @notice A member objected to a candidate.
    /// @param reason Digest of the reason.
    event ObjectionRaised(uint256 indexed electionId, uint256 indexed number, uint256 indexed by, bytes32 reason);

    /// @notice A candidate was struck off, by the rules or by the arbiter.
    /// @param by The arbiter; zero where the rules decided.
    /// @param reason Digest of the reason.
    event CandidateStruck(uint256 indexed electionId, uint256 indexed number, address by, bytes32 reason);

    /// @notice A member committed to a number for the lot.
    event LotCommitted(uint256 indexed electionId, uint256 indexed number, bytes32 commitment);

    /// @notice A number for the lot was opened.
    event LotRevealed(uint256 indexed electionId, uint256 indexed number, uint256 value, bytes32 newSeed);

    /// @notice An act of a batch was passed over.
    /// @param index Its place in the batch.
    /// @param reason What it reverted with.
    event ActSkipped(uint256 indexed index, address indexed account, bytes reason);

    /// @notice The election is in another phase; {None} if there is no such election.
    /// @param first The phases in which this can be done, from this one
    /// @param last to this one.
    error CandidaciesWrongPhase(uint256 electionId, Phase current, Phase first, Phase last);

    /// @notice The account lacks the right that this needs, and why.
    error CandidaciesRefused(
        address account,
        IMembership.Right right,
        IMembership.Standing standing,
        uint48 explanation
    );

    /// @notice The member has held the office as many terms in a row as one may.
    error CandidaciesTermLimit(uint256 office, uint256 number);

    /// @notice The member has been nominated.
    error CandidaciesNominated(uint256 electionId, uint256 number);

    /// @notice Nobody nominated the member, or the member withdrew or was struck off.
    error CandidaciesNotNominated(uint256 electionId, uint256 number);

    /// @notice The nominee has accepted.
    error CandidaciesAccepted(uint256 electionId, uint256 number);

    /// @notice A statement has a digest.
    error CandidaciesNoStatement();

    /// @notice Nobody seconds themselves.
    error CandidaciesOwnSecond(uint256 number);

    /// @notice The member has seconded this nominee.
    error CandidaciesSeconded(uint256 electionId, uint256 number, uint256 by);

    /// @notice The member has seconded, or objected to, as many as one may.
    error CandidaciesLimit(uint256 electionId, uint256 by, uint256 limit);

    /// @notice All options of the ballot are taken.
    error CandidaciesFull(uint256 electionId, uint256 limit);

    /// @notice Only the arbiter may strike off by judgement.
    error CandidaciesNotArbiter(address caller, address arbiter);

    /// @notice The member has committed to a number, or has not committed to this one.
    error CandidaciesWrongLot(uint256 electionId, uint256 number);

    /// @notice A batch has 1 to `limit` acts.
    error CandidaciesBatchSize(uint256 size, uint256 limit);

    /// @notice The transaction has too little gas for the act at this place: nothing of the batch happened.
    error CandidaciesGasTooLow(uint256 index, uint256 available, uint256 needed);

    /// @notice Only the contract itself may call this.
    error CandidaciesUnauthorized(address caller);

    /// @notice Nominates a member who has the right to stand. Any member may call, in the phase of nomination.
    /// @dev Emits {MemberNominated}. Reverts with {CandidaciesWrongPhase}, {CandidaciesRefused},
    /// {CandidaciesTermLimit}, {CandidaciesNominated}.
    function nominate(uint256 electionId, address nominee) external;

    /// @notice Nominates the caller, who accepts at once. In the phase of nomination.
    /// @dev Emits and reverts like {nominate} and {accept}.
    /// @param statement Digest (sha2-256) of the candidate's statement; not zero.
    function stand(uint256 electionId, bytes32 statement) external;

    /// @notice Accepts a nomination. The nominee, until the end of acceptance.
    /// @dev Emits {NominationAccepted} and, if seconded enough, {CandidateAdmitted}. Reverts with
    /// {CandidaciesWrongPhase}, {CandidaciesRefused}, {CandidaciesNotNominated}, {CandidaciesAccepted},
    /// {CandidaciesNoStatement}, {CandidaciesTermLimit}, {CandidaciesFull}.
    function accept(uint256 electionId, bytes32 statement) external;

    /// @notice Seconds a nominee. Members of the electorate, until the end of acceptance.
    /// @dev Emits {NomineeSeconded} and, with the last one that was missing, {CandidateAdmitted}. Reverts with
    /// {CandidaciesWrongPhase}, {CandidaciesRefused}, {CandidaciesNotNominated}, {CandidaciesOwnSecond},
    /// {CandidaciesSeconded}, {CandidaciesLimit}, {CandidaciesFull}.
    function second(uint256 electionId, uint256 number) external;

    /// @notice Withdraws, for good. The nominee or candidate, until the close of the vote; no ballot is spoilt.
    /// @dev Emits {CandidateWithdrew}. Reverts with {CandidaciesWrongPhase}, {CandidaciesNotNominated}.
    function withdraw(uint256 electionId) external;

    /// @notice Objects to a candidate. Members of the electorate, in the phase of objection, three times at the most.
    /// @dev A candidate who lost the right to stand, or has reached the limit of terms, is struck off at once; whatever
    /// else is objected is for the arbiter. Emits {ObjectionRaised} and perhaps {CandidateStruck}. Reverts with
    /// {CandidaciesWrongPhase}, {CandidaciesRefused}, {CandidaciesNotNominated}, {CandidaciesLimit}.
    /// @param reason Digest of the reason; not zero.
    function object(uint256 electionId, uint256 number, bytes32 reason) external;

    /// @notice Strikes a candidate off. The arbiter, in the phase of objection, with a reason.
    /// @dev Emits {CandidateStruck}. Reverts with {CandidaciesNotArbiter}, {CandidaciesWrongPhase},
    /// {CandidaciesNotNominated}, {CandidaciesNoStatement}.
    function strike(uint256 electionId, uint256 number, bytes32 reason) external;

    /// @notice Commits to a number for the lot by which the last ties are decided. Members of the electorate, once
    /// each, until the vote opens.
    /// @dev Emits {LotCommitted}. Reverts with {CandidaciesWrongPhase}, {CandidaciesRefused}, {CandidaciesWrongLot}.
    /// @param commitment `keccak256(abi.encode(electionId, number, value))` with the member's number and a random
    /// value.
    function commitLot(uint256 electionId, bytes32 commitment) external;

    /// @notice Opens a commitment. Anyone, in the phase of reveal.
    /// @dev Emits {LotRevealed}. Reverts with {CandidaciesWrongPhase}, {CandidaciesWrongLot}.
    function revealLot(uint256 electionId, uint256 number, uint256 value) external;

    /// @notice Does what a member signed. Anyone may call and pay.
    /// @dev Emits and reverts like the act itself, and with {SignedRequests-SignedRequestsExpired},
    /// {SignedRequests-SignedRequestsInvalidSignature}.
    function actBySig(Act calldata act) external;

    /// @notice {actBySig} for up to 100 acts; one that reverts is passed over.
    /// @dev Emits {ActSkipped}. Reverts with {CandidaciesBatchSize}, {CandidaciesGasTooLow}.
    /// @return done How many were done.
    function actMany(Act[] calldata acts) external returns (uint256 done);

    /// @notice What {actMany} tries with each act. Only the contract itself.
    /// @dev Reverts with {CandidaciesUnauthorized}.
    function actOne(Act calldata act) external;

    /// @notice The phase of an election.
    function phaseOf(uint256 electionId) external view returns (Phase);

    /// @notice First second of each phase after nomination, see {IElections-ElectionAnnounced}.
    function endsOf(uint256 electionId) external view returns (uint48[6] memory);

    /// @notice The office, when it was announced, and how many seats an election fills.
    function electionOf(uint256 electionId) external view returns (uint256 office, uint48 announcedAt, uint8 seats);

    /// @notice A member's nomination in an election.
    function nominationOf(uint256 electionId, uint256 number) external view returns (Nomination memory);

    /// @notice Member numbers of the candidates, by option from 1: the first is option 1's.
    function candidatesOf(uint256 electionId) external view returns (uint256[] memory numbers);

    /// @notice How many options there are beside "re-open nominations", and which are gone, a bit each. Never reverts.
    function optionsOf(uint256 electionId) external view returns (uint256 candidates, uint256 gone);

    /// @notice What the last ties are decided by: whoever has the greater `keccak256(abi.encode(seed, number))` is
    /// ahead. Known to nobody before the reveal if one of those who committed to it kept their number to themselves.
    function lotSeed(uint256 electionId) external view returns (bytes32);

    /// @notice What a count must know of the candidates. Changes no more once voting is over, but for the seed, which
    /// changes no more once the reveal is.
    function slateOf(uint256 electionId) external view returns (Slate memory);
}
