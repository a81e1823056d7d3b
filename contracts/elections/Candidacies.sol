// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IRollOperations} from "../membership/IRollOperations.sol";
import {IAffiliations} from "../membership/desks/IAffiliations.sol";
import {IBallotMethod} from "./IBallotMethod.sol";
import {ICandidacies} from "./ICandidacies.sol";
import {IElections} from "./IElections.sol";

/// @title Candidacies
/// @notice Extension of {Elections}: from nomination to the option on the ballot. See {ICandidacies}.
abstract contract Candidacies is IElections, SignedRequests {
    /// @dev An election as it was announced, three slots and what ties need.
    struct Election {
        uint32 office;
        uint40 announcedAt;
        uint8 seats;
        uint8 candidates;
        bool finished;
        uint8 seconds_;
        uint8 secondGroups;
        uint8 secondsByMember;
        uint16 minBallots;
        /// Options that withdrew or were struck off, and options that were seated, a bit each.
        uint40 gone;
        uint40 taken;
        /// Whether the office has a limit of terms.
        bool termLimited;
        /// First second after nomination, acceptance, objection, voting, reveal, certification: 40 bits each.
        uint240 ends;
        /// The balance of the office, see {IOffices-Office}.
        uint8 maxPerGroup;
        uint8 maxPerOrganisation;
        IBallotMethod method;
        /// Groups of the holders who stay in office, plus one, 4 bits each.
        uint64 sittingGroups;
        uint256 seed;
        /// Organisations of the holders who stay, 8 in a word; written only if they are told apart.
        uint256[2] sittingOrganisations;
    }

    uint256 private constant MAX_CANDIDATES = 32;
    uint256 private constant MAX_OBJECTIONS = 3;
    uint256 private constant MAX_BATCH = 100;
    uint256 private constant NUMBERS_BY_WORD = 8;
    uint256 private constant OBJECTIONS_SHIFT = 224;

    /// @dev Gas that an act of a batch gets: an admission needs 150,000, a signature checked by a contract the rest.
    uint256 private constant GAS_BY_ACT = 400_000;

    bytes32 private constant NOMINATE_TYPEHASH = keccak256(
        "Nominate(address account,uint256 electionId,address nominee,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant STAND_TYPEHASH = keccak256(
        "Stand(address account,uint256 electionId,bytes32 statement,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant ACCEPT_TYPEHASH = keccak256(
        "Accept(address account,uint256 electionId,bytes32 statement,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant SECOND_TYPEHASH = keccak256(
        "Second(address account,uint256 electionId,uint256 number,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant WITHDRAW_TYPEHASH = keccak256(
        "Withdraw(address account,uint256 electionId,uint256 number,uint256 nonce,uint256 deadline)"
    );

    IMembership internal immutable ROLL;
    IAffiliations internal immutable AFFILIATIONS;

    mapping(uint256 electionId => Election) internal _elections;
    uint256 internal _lastElection;

    address internal _arbiter;

    /// @dev Everything of a nomination is in one slot.
    mapping(uint256 electionId => mapping(uint256 number => Nomination)) internal _nominations;
    /// @dev Member numbers by option, from option 1; 8 in a word.
    mapping(uint256 electionId => uint256[MAX_CANDIDATES / NUMBERS_BY_WORD]) private _numbers;
    /// @dev What a member did: up to seven numbers seconded, 32 bits each, and from bit 224 the objections raised.
    mapping(uint256 electionId => mapping(uint256 number => uint256 word)) private _deeds;
    mapping(uint256 electionId => mapping(uint256 number => bytes32 commitment)) private _lots;

    constructor(IMembership roll) {
        ROLL = roll;
        AFFILIATIONS = IAffiliations(IRollOperations(address(roll)).desks().affiliations);
    }

    /// @inheritdoc ICandidacies
    function nominate(uint256 electionId, address nominee) external {
        _nominate(msg.sender, electionId, nominee);
    }

    /// @inheritdoc ICandidacies
    function stand(uint256 electionId, bytes32 statement) external {
        _stand(msg.sender, electionId, statement);
    }

    /// @inheritdoc ICandidacies
    function accept(uint256 electionId, bytes32 statement) external {
        _accept(msg.sender, electionId, statement);
    }

    /// @inheritdoc ICandidacies
    function second(uint256 electionId, uint256 number) external {
        _second(msg.sender, electionId, number);
    }

    /// @inheritdoc ICandidacies
    function withdraw(uint256 electionId) external {
        _withdraw(electionId, ROLL.numberOf(msg.sender));
    }

    /// @inheritdoc ICandidacies
    function object(uint256 electionId, uint256 number, bytes32 reason) external {
        Election storage election = _requirePhase(electionId, Phase.Objection, Phase.Objection);
        if (reason == 0) revert CandidaciesNoStatement();
        (uint256 by, ) = _requireRight(msg.sender, IMembership.Right.Vote, election.announcedAt);
        Nomination storage nomination = _requireStanding(electionId, number);
        uint256 deeds = _deeds[electionId][by];
        if (deeds >> OBJECTIONS_SHIFT >= MAX_OBJECTIONS) revert CandidaciesLimit(electionId, by, MAX_OBJECTIONS);
        _deeds[electionId][by] = deeds + (1 << OBJECTIONS_SHIFT);
        emit ObjectionRaised(electionId, number, by, reason);
        bool eligible = _mayStand(number, nomination.key, election.announcedAt) && _mayServe(election, number);
        if (!eligible) _strike(electionId, number, nomination, address(0), reason);
    }

    /// @inheritdoc ICandidacies
    function strike(uint256 electionId, uint256 number, bytes32 reason) external {
        if (msg.sender != _arbiter) revert CandidaciesNotArbiter(msg.sender, _arbiter);
        _requirePhase(electionId, Phase.Objection, Phase.Objection);
        if (reason == 0) revert CandidaciesNoStatement();
        _strike(electionId, number, _requireStanding(electionId, number), msg.sender, reason);
    }

    /// @inheritdoc ICandidacies
    function commitLot(uint256 electionId, bytes32 commitment) external {
        Election storage election = _requirePhase(electionId, Phase.Nomination, Phase.Objection);
        (uint256 number, ) = _requireRight(msg.sender, IMembership.Right.Vote, election.announcedAt);
        if (commitment == 0 || _lots[electionId][number] != 0) revert CandidaciesWrongLot(electionId, number);
        _lots[electionId][number] = commitment;
        emit LotCommitted(electionId, number, commitment);
    }

    /// @inheritdoc ICandidacies
    function revealLot(uint256 electionId, uint256 number, uint256 value) external {
        Election storage election = _requirePhase(electionId, Phase.Reveal, Phase.Reveal);
        bytes32 commitment = keccak256(abi.encode(electionId, number, value));
        if (_lots[electionId][number] != commitment) revert CandidaciesWrongLot(electionId, number);
        // Gone, so that nobody opens it twice: twice would be never.
        _lots[electionId][number] = 0;
        // By exclusive-or: the order in which they are opened changes nothing.
        election.seed ^= uint256(keccak256(abi.encode(number, value)));
        emit LotRevealed(electionId, number, value, lotSeed(electionId));
    }

    /// @inheritdoc ICandidacies
    function actBySig(Act calldata act) external {
        _act(act);
    }

    /// @inheritdoc ICandidacies
    function actMany(Act[] calldata acts) external returns (uint256 done) {
        if (acts.length == 0 || acts.length > MAX_BATCH) revert CandidaciesBatchSize(acts.length, MAX_BATCH);
        // EIP-150: a call gets 63/64 of what is left at the most.
        uint256 needed = GAS_BY_ACT + GAS_BY_ACT / 32;
        // bound: a batch, 100 acts
        for (uint256 i; i < acts.length; ++i) {
            if (gasleft() < needed) revert CandidaciesGasTooLow(i, gasleft(), needed);
            try this.actOne{gas: GAS_BY_ACT}(acts[i]) {
                ++done;
            } catch (bytes memory reason) {
                emit ActSkipped(i, acts[i].account, reason);
            }
        }
    }

    /// @inheritdoc ICandidacies
    function actOne(Act calldata act) external {
        if (msg.sender != address(this)) revert CandidaciesUnauthorized(msg.sender);
        _act(act);
    }

    /// @inheritdoc ICandidacies
    function endsOf(uint256 electionId) external view returns (uint48[6] memory ends) {
        uint256 word = _elections[electionId].ends;
        // bound: 6 phases
        for (uint256 i; i < 6; ++i) {
            ends[i] = uint40(word >> (40 * i));
        }
    }

    /// @inheritdoc ICandidacies
    function electionOf(uint256 electionId) external view returns (uint256 office, uint48 announcedAt, uint8 seats) {
        Election storage election = _elections[electionId];
        return (election.office, election.announcedAt, election.seats);
    }

    /// @inheritdoc ICandidacies
    function nominationOf(uint256 electionId, uint256 number) external view returns (Nomination memory) {
        return _nominations[electionId][number];
    }

    /// @inheritdoc ICandidacies
    function optionsOf(uint256 electionId) external view returns (uint256 candidates, uint256 gone) {
        return (_elections[electionId].candidates, _elections[electionId].gone);
    }

    /// @inheritdoc ICandidacies
    function candidatesOf(uint256 electionId) external view returns (uint256[] memory numbers) {
        numbers = new uint256[](_elections[electionId].candidates);
        // bound: 32 candidates
        for (uint256 i; i < numbers.length; ++i) {
            numbers[i] = _numberOf(electionId, i + 1);
        }
    }

    /// @inheritdoc ICandidacies
    function phaseOf(uint256 electionId) public view returns (Phase) {
        Election storage election = _elections[electionId];
        if (election.announcedAt == 0) return Phase.None;
        if (election.finished) return Phase.Finished;
        uint256 phase = uint256(Phase.Nomination);
        // bound: 6 ends
        for (uint256 ends = election.ends; ends != 0 && block.timestamp >= uint40(ends); ends >>= 40) {
            ++phase;
        }
        return Phase(phase);
    }

    /// @inheritdoc ICandidacies
    function lotSeed(uint256 electionId) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), electionId, _elections[electionId].seed));
    }

    /// @dev Whether the limit of terms lets a member stand, see {IOffices-mayServe}.
    function _mayServe(Election storage election, uint256 number) internal view virtual returns (bool);

    /// @dev The member number of an option.
    /// @param option From 1.
    function _numberOf(uint256 electionId, uint256 option) internal view returns (uint256) {
        uint256 place = option - 1;
        return uint32(_numbers[electionId][place / NUMBERS_BY_WORD] >> ((place % NUMBERS_BY_WORD) * 32));
    }

    /// @dev The organisation that a member is, or is affiliated with; 0 for none.
    function _organisationOf(uint256 number) internal view returns (uint256 organisation) {
        organisation = AFFILIATIONS.organisationOf(number);
        if (organisation == 0 && AFFILIATIONS.ownerOf(number) != address(0)) organisation = number;
    }

    function _requirePhase(
        uint256 electionId,
        Phase first,
        Phase last
    ) internal view returns (Election storage election) {
        Phase current = phaseOf(electionId);
        if (current < first || current > last) revert CandidaciesWrongPhase(electionId, current, first, last);
        return _elections[electionId];
    }

    /// @dev Reverts unless an account has a right; for most the roll's one word suffices.
    /// @param moment When the vote must have counted.
    function _requireRight(
        address account,
        IMembership.Right right,
        uint256 moment
    ) internal view returns (uint256 number, uint256 group) {
        VoterWord voter = ROLL.voterOf(account);
        if (voter.countsPlainlyAt(moment)) return (voter.number(), voter.group());
        IMembership.Standing standing;
        uint48 explanation;
        (standing, number, group, explanation) = ROLL.standingOf(account, right, uint48(moment));
        if (standing != IMembership.Standing.Granted) {
            revert CandidaciesRefused(account, right, standing, explanation);
        }
    }

    /// @dev Whether a nominee has the right to stand now; for most the roll's one word suffices.
    /// @param moment When the vote must have counted.
    function _mayStand(uint256 number, address acceptedBy, uint256 moment) internal view returns (bool) {
        VoterWord voter = ROLL.voterOf(acceptedBy);
        if (voter.countsPlainlyAt(moment) && voter.number() == number) return true;
        try IERC721(address(ROLL)).ownerOf(number) returns (address key) {
            (IMembership.Standing standing, , , ) = ROLL.standingOf(key, IMembership.Right.Stand, uint48(moment));
            return standing == IMembership.Standing.Granted;
        } catch {
            return false;
        }
    }

    function _nominate(address account, uint256 electionId, address nominee) private {
        Election storage election = _requirePhase(electionId, Phase.Nomination, Phase.Nomination);
        (uint256 by, ) = _requireRight(account, IMembership.Right.Speak, block.timestamp);
        (uint256 number, uint256 group) = _requireCandidate(election, nominee);
        Nomination storage nomination = _nominations[electionId][number];
        if (nomination.nominated) revert CandidaciesNominated(electionId, number);
        (nomination.nominated, nomination.group) = (true, uint8(group));
        emit MemberNominated(electionId, number, by);
    }

    function _stand(address account, uint256 electionId, bytes32 statement) private {
        Election storage election = _requirePhase(electionId, Phase.Nomination, Phase.Nomination);
        (uint256 number, uint256 group) = _requireCandidate(election, account);
        Nomination storage nomination = _nominations[electionId][number];
        if (nomination.nominated) revert CandidaciesNominated(electionId, number);
        emit MemberNominated(electionId, number, number);
        Nomination memory fresh;
        (fresh.nominated, fresh.group) = (true, uint8(group));
        _consent(electionId, election, account, number, fresh, statement);
    }

    function _accept(address account, uint256 electionId, bytes32 statement) private {
        Election storage election = _requirePhase(electionId, Phase.Nomination, Phase.Acceptance);
        (uint256 number, ) = _requireCandidate(election, account);
        Nomination memory nomination = _requireStanding(electionId, number);
        if (nomination.accepted) revert CandidaciesAccepted(electionId, number);
        _consent(electionId, election, account, number, nomination, statement);
    }

    function _consent(
        uint256 electionId,
        Election storage election,
        address account,
        uint256 number,
        Nomination memory nomination,
        bytes32 statement
    ) private {
        if (statement == 0) revert CandidaciesNoStatement();
        (nomination.accepted, nomination.key) = (true, account);
        if (election.maxPerOrganisation != 0) nomination.organisation = uint32(_organisationOf(number));
        emit NominationAccepted(electionId, number, statement);
        _admitIfComplete(electionId, election, number, nomination);
    }

    function _second(address account, uint256 electionId, uint256 number) private {
        Election storage election = _requirePhase(electionId, Phase.Nomination, Phase.Acceptance);
        (uint256 by, uint256 group) = _requireRight(account, IMembership.Right.Vote, election.announcedAt);
        if (by == number) revert CandidaciesOwnSecond(number);
        Nomination memory nomination = _requireStanding(electionId, number);
        uint256 deeds = _deeds[electionId][by];
        uint256 place;
        // bound: 7 numbers, none of them 0
        for (uint256 rest = deeds; uint32(rest) != 0 && place < 7; rest >>= 32) {
            if (uint32(rest) == number) revert CandidaciesSeconded(electionId, number, by);
            ++place;
        }
        uint256 limit = election.secondsByMember;
        if (place >= limit) revert CandidaciesLimit(electionId, by, limit);
        _deeds[electionId][by] = deeds | (number << (32 * place));
        // More than any rules can ask for; a group that comes in crowds must not keep the others from being counted.
        if (nomination.seconds_ != type(uint8).max) ++nomination.seconds_;
        nomination.groups |= uint8(1 << group);
        emit NomineeSeconded(electionId, number, by);
        _admitIfComplete(electionId, election, number, nomination);
    }

    function _withdraw(uint256 electionId, uint256 number) private {
        Election storage election = _requirePhase(electionId, Phase.Nomination, Phase.Voting);
        Nomination storage nomination = _requireStanding(electionId, number);
        nomination.withdrawn = true;
        if (nomination.option != 0) election.gone |= uint40(1 << nomination.option);
        emit CandidateWithdrew(electionId, number);
    }

    function _strike(
        uint256 electionId,
        uint256 number,
        Nomination storage nomination,
        address by,
        bytes32 reason
    ) private {
        nomination.struck = true;
        if (nomination.option != 0) _elections[electionId].gone |= uint40(1 << nomination.option);
        emit CandidateStruck(electionId, number, by, reason);
    }

    /// @dev Stores a nomination, and gives it an option on the ballot if nothing is missing.
    function _admitIfComplete(
        uint256 electionId,
        Election storage election,
        uint256 number,
        Nomination memory nomination
    ) private {
        bool seconded = nomination.seconds_ >= election.seconds_ && _count(nomination.groups) >= election.secondGroups;
        if (nomination.option == 0 && nomination.accepted && seconded) {
            uint256 place = election.candidates;
            if (place == MAX_CANDIDATES) revert CandidaciesFull(electionId, MAX_CANDIDATES);
            election.candidates = nomination.option = uint8(place + 1);
            _numbers[electionId][place / NUMBERS_BY_WORD] |= number << ((place % NUMBERS_BY_WORD) * 32);
            emit CandidateAdmitted(electionId, number, nomination.option);
        }
        _nominations[electionId][number] = nomination;
    }

    function _act(Act calldata act) private {
        bytes32 structHash = keccak256(
            abi.encode(
                _typeHash(act.kind),
                act.account,
                act.electionId,
                act.subject,
                _useNonce(act.account),
                act.deadline
            )
        );
        _requireSignature(act.account, structHash, act.deadline, act.signature);
        if (act.kind == ActKind.Nominate) {
            _nominate(act.account, act.electionId, address(uint160(uint256(act.subject))));
        } else if (act.kind == ActKind.Stand) {
            _stand(act.account, act.electionId, act.subject);
        } else if (act.kind == ActKind.Accept) {
            _accept(act.account, act.electionId, act.subject);
        } else if (act.kind == ActKind.Second) {
            _second(act.account, act.electionId, uint256(act.subject));
        } else {
            uint256 number = ROLL.numberOf(act.account);
            if (number != uint256(act.subject)) revert CandidaciesNotNominated(act.electionId, uint256(act.subject));
            _withdraw(act.electionId, number);
        }
    }

    /// @dev The member number and the group of an account that may stand; reverts for any other.
    function _requireCandidate(
        Election storage election,
        address account
    ) private view returns (uint256 number, uint256 group) {
        (number, group) = _requireRight(account, IMembership.Right.Stand, election.announcedAt);
        if (!_mayServe(election, number)) revert CandidaciesTermLimit(election.office, number);
    }

    /// @dev A nomination that goes on.
    function _requireStanding(uint256 electionId, uint256 number) private view returns (Nomination storage nomination) {
        nomination = _nominations[electionId][number];
        if (!nomination.nominated || nomination.withdrawn || nomination.struck) {
            revert CandidaciesNotNominated(electionId, number);
        }
    }

    function _typeHash(ActKind kind) private pure returns (bytes32) {
        if (kind == ActKind.Nominate) return NOMINATE_TYPEHASH;
        if (kind == ActKind.Stand) return STAND_TYPEHASH;
        if (kind == ActKind.Accept) return ACCEPT_TYPEHASH;
        return kind == ActKind.Second ? SECOND_TYPEHASH : WITHDRAW_TYPEHASH;
    }

    /// @dev How many groups are in a set of up to 8.
    function _count(uint256 groups) private pure returns (uint256 count) {
        // bound: 8 groups
        for (; groups != 0; groups &= groups - 1) {
            ++count;
        }
    }
}
