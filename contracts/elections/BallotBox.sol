// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {WalletSignatures} from "../libraries/WalletSignatures.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IBallotBox} from "./IBallotBox.sol";
import {IBallotMethod} from "./IBallotMethod.sol";
import {IElections} from "./IElections.sol";

/// @title BallotBox
/// @notice See {IBallotBox}. What a ballot means, and how it is counted, is the method's that builds on it.
abstract contract BallotBox is IBallotBox, SignedRequests, ERC165 {
    using BitMaps for BitMaps.BitMap;

    /// @dev What a ballot must know of its election: one slot.
    struct Poll {
        uint40 announcedAt;
        uint40 opens;
        uint40 closes;
        uint40 countsFrom;
        uint8 seats;
        bool secret;
        uint32 lastNumber;
        /// Candidates, plus one; 0 as long as no ballot asked for them.
        uint8 options;
    }

    struct Box {
        Poll poll;
        /// By member number: whether the ballot that counts was cast by signature.
        BitMaps.BitMap signed;
        mapping(uint256 number => uint256 sealedBallot) seals;
        uint32 cast;
        uint32 opened;
    }

    uint256 private constant MAX_BATCH = 200;

    /// @dev What counting a ballot needs at the most, once its wallet has answered.
    uint256 private constant COUNTING_GAS = 250_000;

    bytes32 private constant FIRST_TYPEHASH = keccak256(
        "FirstElectionBallot(uint256 electionId,address voter,uint256 ballot,uint256 deadline)"
    );
    bytes32 private constant CHANGED_TYPEHASH = keccak256(
        "ElectionBallot(uint256 electionId,address voter,uint256 ballot,uint256 nonce,uint256 deadline)"
    );

    IElections internal immutable ELECTIONS;
    IMembership internal immutable ROLL;

    mapping(uint256 electionId => Box) internal _boxes;

    /// @param name_ See {SignedRequests}.
    /// @param elections_ The elections that the method serves.
    constructor(string memory name_, IElections elections_) SignedRequests(name_) {
        (ELECTIONS, ROLL) = (elections_, elections_.membership());
    }

    /// @inheritdoc IBallotMethod
    function prepare(uint256 electionId, Frame calldata frame) external {
        if (msg.sender != address(ELECTIONS)) revert BallotMethodUnauthorized(msg.sender, address(ELECTIONS));
        Box storage box = _boxes[electionId];
        if (box.poll.opens != 0) revert BallotBoxPrepared(electionId);
        box.poll = Poll({
            announcedAt: uint40(frame.announcedAt),
            opens: uint40(frame.opens),
            closes: uint40(frame.closes),
            countsFrom: uint40(frame.countsFrom),
            seats: frame.seats,
            secret: frame.secret,
            lastNumber: frame.lastNumber,
            options: 0
        });
    }

    /// @inheritdoc IBallotBox
    function castBallot(uint256 electionId, uint256 ballot) external {
        Poll memory poll = _requireOpen(electionId);
        (uint256 number, uint256 group) = _requireVoter(electionId, poll, msg.sender);
        (Flaw flaw, uint256 previous) = _cast(electionId, poll, number, group, ballot);
        if (flaw != Flaw.None) revert BallotBoxFlawed(electionId, number, ballot, flaw);
        // A first ballot in person, the frequent case, has nothing to keep book of.
        if (previous != 0) _boxes[electionId].signed.unset(number);
        emit ElectionBallotCast(electionId, number, ballot);
    }

    /// @inheritdoc IBallotBox
    function castBallots(uint256 electionId, SignedBallot[] calldata ballots) external returns (uint256 counted) {
        Poll memory poll = _requireOpen(electionId);
        _requireBatch(ballots.length);
        uint256 needed = WalletSignatures.GAS + WalletSignatures.GAS / 32 + COUNTING_GAS;
        // bound: a batch, 200 ballots
        for (uint256 i; i < ballots.length; ++i) {
            if (gasleft() < needed) revert BallotBoxGasTooLow(i, gasleft(), needed);
            Flaw flaw = _castSigned(electionId, poll, ballots[i]);
            if (flaw == Flaw.None) ++counted;
            else emit ElectionBallotSkipped(electionId, ballots[i].voter, i, flaw);
        }
    }

    /// @inheritdoc IBallotBox
    function open(uint256 electionId, uint256 number, uint256 ballot, bytes32 salt) external {
        Poll memory poll = _requireOpening(electionId);
        Flaw flaw = _open(electionId, poll, number, ballot, salt);
        if (flaw != Flaw.None) revert BallotBoxFlawed(electionId, number, ballot, flaw);
    }

    /// @inheritdoc IBallotBox
    function openMany(uint256 electionId, Opening[] calldata openings) external returns (uint256 opened) {
        Poll memory poll = _requireOpening(electionId);
        _requireBatch(openings.length);
        // bound: a batch, 200 openings
        for (uint256 i; i < openings.length; ++i) {
            Opening calldata one = openings[i];
            Flaw flaw = _open(electionId, poll, one.number, one.ballot, one.salt);
            if (flaw == Flaw.None) ++opened;
            else emit OpeningSkipped(electionId, one.number, i, flaw);
        }
    }

    /// @inheritdoc IBallotBox
    function sealedBallotOf(uint256 electionId, uint256 number) external view returns (uint256) {
        return _boxes[electionId].seals[number];
    }

    /// @inheritdoc IBallotBox
    function sealedCount(uint256 electionId) external view returns (uint256 cast, uint256 opened) {
        return (_boxes[electionId].cast, _boxes[electionId].opened);
    }

    /// @inheritdoc IBallotBox
    function frameOf(uint256 electionId) external view returns (Frame memory) {
        Poll storage poll = _boxes[electionId].poll;
        return
            Frame({
                announcedAt: poll.announcedAt,
                opens: poll.opens,
                closes: poll.closes,
                countsFrom: poll.countsFrom,
                seats: poll.seats,
                secret: poll.secret,
                lastNumber: poll.lastNumber
            });
    }

    /// @inheritdoc IBallotBox
    function elections() external view returns (IElections) {
        return ELECTIONS;
    }

    /// @inheritdoc IBallotBox
    function sealOf(uint256 electionId, uint256 number, uint256 ballot, bytes32 salt) public view returns (uint256) {
        return uint256(keccak256(abi.encode(address(this), block.chainid, electionId, number, ballot, salt)));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IBallotMethod).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @inheritdoc IBallotBox
    function ballotOf(uint256 electionId, uint256 number) public view virtual returns (uint256);

    /// @dev Records the ballot of a member, in place of an earlier one; changes nothing if it is flawed.
    /// @return flaw {None}, {Empty}, {UnknownOption} or {Overvote}.
    /// @return previous The ballot before; 0 for none.
    function _record(
        uint256 electionId,
        Poll memory poll,
        uint256 number,
        uint256 group,
        uint256 ballot
    ) internal virtual returns (Flaw flaw, uint256 previous);

    /// @dev Reverts until ballots are counted.
    function _requireCounting(uint256 electionId) internal view returns (Poll memory poll) {
        poll = _boxes[electionId].poll;
        if (poll.opens == 0 || block.timestamp < poll.countsFrom) {
            revert BallotBoxTooEarly(electionId, poll.countsFrom);
        }
    }

    function _requireOpen(uint256 electionId) private returns (Poll memory poll) {
        poll = _boxes[electionId].poll;
        if (block.timestamp < poll.opens || block.timestamp >= poll.closes) {
            revert BallotBoxClosed(electionId, poll.opens, poll.closes);
        }
        if (poll.options == 0) _askForOptions(electionId, poll);
    }

    function _requireOpening(uint256 electionId) private view returns (Poll memory poll) {
        poll = _boxes[electionId].poll;
        if (!poll.secret || block.timestamp < poll.closes || block.timestamp >= poll.countsFrom) {
            (uint256 closes, uint256 countsFrom) = poll.secret ? (poll.closes, poll.countsFrom) : (0, 0);
            revert BallotBoxNotOpening(electionId, closes, countsFrom);
        }
    }

    /// @dev The first ballot finds out what every later one must know.
    function _askForOptions(uint256 electionId, Poll memory poll) private {
        (uint256 candidates, ) = ELECTIONS.optionsOf(electionId);
        poll.options = uint8(candidates + 1);
        _boxes[electionId].poll = poll;
    }

    /// @dev Reverts unless an account may vote; for most the roll's one word suffices.
    function _requireVoter(
        uint256 electionId,
        Poll memory poll,
        address account
    ) private view returns (uint256 number, uint256 group) {
        IMembership.Standing standing;
        uint48 explanation;
        (standing, number, group, explanation) = _voter(poll, account);
        if (standing != IMembership.Standing.Granted) {
            revert BallotBoxRefused(electionId, account, standing, explanation);
        }
    }

    function _voter(
        Poll memory poll,
        address account
    ) private view returns (IMembership.Standing, uint256, uint256, uint48) {
        VoterWord voter = ROLL.voterOf(account);
        if (voter.countsPlainlyAt(poll.announcedAt)) {
            return (IMembership.Standing.Granted, voter.number(), voter.group(), 0);
        }
        return ROLL.standingOf(account, IMembership.Right.Vote, poll.announcedAt);
    }

    function _cast(
        uint256 electionId,
        Poll memory poll,
        uint256 number,
        uint256 group,
        uint256 ballot
    ) private returns (Flaw flaw, uint256 previous) {
        if (!poll.secret) return _record(electionId, poll, number, group, ballot);
        if (ballot == 0) return (Flaw.Empty, 0);
        Box storage box = _boxes[electionId];
        previous = box.seals[number];
        box.seals[number] = ballot;
        if (previous == 0) ++box.cast;
    }

    /// @dev Counts a ballot that a key signed, or says what is wrong with it; never reverts.
    function _castSigned(uint256 electionId, Poll memory poll, SignedBallot calldata one) private returns (Flaw flaw) {
        flaw = _flawOfSignature(electionId, one);
        if (flaw != Flaw.None) return flaw;
        (IMembership.Standing standing, uint256 number, uint256 group, ) = _voter(poll, one.voter);
        if (standing != IMembership.Standing.Granted) return Flaw.NotEntitled;
        BitMaps.BitMap storage signed = _boxes[electionId].signed;
        bool before = (poll.secret ? _boxes[electionId].seals[number] : ballotOf(electionId, number)) != 0;
        if (before && !one.replaces) return Flaw.AlreadyCast;
        if (before && !signed.get(number)) return Flaw.CastInPerson;
        (flaw, ) = _cast(electionId, poll, number, group, one.ballot);
        if (flaw != Flaw.None) return flaw;
        if (!before) signed.set(number);
        if (one.replaces) _useNonce(one.voter);
        emit ElectionBallotCast(electionId, number, one.ballot);
    }

    /// @dev Whether the voter signed just this, and in time.
    function _flawOfSignature(uint256 electionId, SignedBallot calldata one) private view returns (Flaw) {
        if (block.timestamp > one.deadline) return Flaw.Expired;
        if (one.replaces && one.nonce != nonces(one.voter)) return Flaw.WrongNonce;
        bytes32 structHash =
            one.replaces
                ? keccak256(abi.encode(CHANGED_TYPEHASH, electionId, one.voter, one.ballot, one.nonce, one.deadline))
                : keccak256(abi.encode(FIRST_TYPEHASH, electionId, one.voter, one.ballot, one.deadline));
        bool signed = WalletSignatures.isSigned(one.voter, _hashTypedDataV4(structHash), one.signature);
        return signed ? Flaw.None : Flaw.InvalidSignature;
    }

    function _open(
        uint256 electionId,
        Poll memory poll,
        uint256 number,
        uint256 ballot,
        bytes32 salt
    ) private returns (Flaw flaw) {
        Box storage box = _boxes[electionId];
        uint256 sealedBallot = box.seals[number];
        if (sealedBallot == 0) return Flaw.NotSealed;
        if (sealedBallot != sealOf(electionId, number, ballot, salt)) return Flaw.WrongSeal;
        (, uint8 group) = ROLL.countedAt(number, poll.announcedAt);
        (flaw, ) = _record(electionId, poll, number, group, ballot);
        if (flaw != Flaw.None) return flaw;
        box.seals[number] = 0;
        ++box.opened;
        emit BallotOpened(electionId, number, ballot);
    }

    function _requireBatch(uint256 size) private pure {
        if (size == 0 || size > MAX_BATCH) revert BallotBoxBatchSize(size, MAX_BATCH);
    }
}
