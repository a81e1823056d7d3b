// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {BallotReceipts} from "../libraries/BallotReceipts.sol";
import {CompactSignatures} from "../libraries/CompactSignatures.sol";
import {GroupTally} from "../libraries/GroupTally.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {WalletSignatures} from "../libraries/WalletSignatures.sol";
import {IMembership} from "../membership/IMembership.sol";
import {GovernorBallots} from "./GovernorBallots.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title GovernorRelay
/// @notice Extension of {GovernorBallots}: many ballots that their voters signed, brought by anybody in one
/// transaction.
///
/// @dev Who brings them can neither alter nor choose: every ballot is bound to its choice, this decision, this governor
/// and this chain, and is counted or passed over with an event that says why. A first ballot is bound to no nonce: the
/// member's receipt lets it count once, and never over a later one. A wallet that is a contract gets a bounded amount
/// of gas and can do nothing but answer.
abstract contract GovernorRelay is GovernorBallots {
    using BallotReceipts for BallotReceipts.Receipts;
    using BitMaps for BitMaps.BitMap;
    using CompactSignatures for bytes;
    using GroupTally for GroupTally.Tally;

    /// @dev A group of ballots that is being counted. What comes of 128 members, whose receipts share a word, is kept
    /// aside until another word's turn comes: ballots in the order of member numbers pay least.
    struct Count {
        uint256 proposalId;
        uint256 opening;
        uint256 place;
        uint256 support;
        /// What the ballots' voters signed.
        bytes32 digest;
        /// Which 128 members; the largest number for none.
        uint256 index;
        uint256 receipts;
        /// Bits of the members who voted now, by their place among 256.
        uint256 fresh;
        /// Ballots by group, 32 bits each.
        uint256 added;
    }

    uint256 private constant MAX_GROUPS = 8;
    uint256 private constant MAX_BALLOTS = 1_000;
    uint256 private constant MAX_NAMED = 64;

    /// @dev What counting a ballot needs at the most, once its wallet has answered.
    uint256 private constant COUNTING_GAS = 250_000;

    bytes32 private constant FIRST_BALLOT_TYPEHASH = keccak256(
        "FirstBallot(uint256 proposalId,uint8 support,uint256 deadline)"
    );
    bytes32 private constant NAMED_BALLOT_TYPEHASH = keccak256(
        "NamedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,uint256 deadline)"
    );

    /// @inheritdoc ICoalitionGovernor
    function castBallots(
        uint256 proposalId,
        BallotGroup[] calldata groups,
        NamedBallot[] calldata named
    ) external returns (uint256 counted) {
        if (groups.length > MAX_GROUPS) revert CoalitionGovernorTooLong("groups", groups.length, MAX_GROUPS);
        if (named.length > MAX_NAMED) revert CoalitionGovernorTooLong("ballots", named.length, MAX_NAMED);
        (uint256 opening, , bool watched) = _open(proposalId);
        bool passed = watched && _passes(proposalId);
        uint256 ballots;
        // bound: 8 groups
        for (uint256 i; i < groups.length; ++i) {
            ballots += groups[i].signatures.length / CompactSignatures.LENGTH;
            if (ballots > MAX_BALLOTS) revert CoalitionGovernorTooLong("ballots", ballots, MAX_BALLOTS);
            counted += _countGroup(proposalId, opening, i, groups[i]);
        }
        // bound: 64 named ballots
        for (uint256 i; i < named.length; ++i) {
            uint256 needed = WalletSignatures.GAS + WalletSignatures.GAS / 32 + COUNTING_GAS;
            if (gasleft() < needed) revert CoalitionGovernorGasTooLow(i, gasleft(), needed);
            (bool done, Skip reason) = _countNamed(proposalId, opening, named[i]);
            if (done) ++counted;
            else emit BallotSkipped(proposalId, named[i].voter, groups.length, i, reason);
        }
        if (watched) _extendIfTurned(proposalId, passed);
    }

    /// @dev Ballots of one choice. Returns how many were counted.
    function _countGroup(
        uint256 proposalId,
        uint256 opening,
        uint256 place,
        BallotGroup calldata group
    ) private returns (uint256 counted) {
        bytes calldata signatures = group.signatures;
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(FIRST_BALLOT_TYPEHASH, proposalId, group.support, group.deadline))
        );
        if (group.support > 2 || block.timestamp > group.deadline) {
            Skip flaw = group.support > 2 ? Skip.SupportOutOfRange : Skip.Expired;
            address[] memory signers = signatures.signers(digest);
            // bound: 1,000 ballots of a batch
            for (uint256 i; i < signers.length; ++i) {
                emit BallotSkipped(proposalId, signers[i], place, i, flaw);
            }
        } else {
            Count memory count;
            (count.proposalId, count.opening, count.place) = (proposalId, opening, place);
            (count.support, count.digest, count.index) = (group.support, digest, type(uint256).max);
            counted = _countSignatures(count, signatures);
        }
        if (signatures.length % CompactSignatures.LENGTH != 0) {
            uint256 length = signatures.length / CompactSignatures.LENGTH;
            emit BallotSkipped(proposalId, address(0), place, length, Skip.WrongLength);
        }
    }

    /// @dev See {IMembership-votersOf}.
    function _votersOf(address[] memory accounts) internal view virtual returns (VoterWord[] memory);

    /// @dev First ballots of one choice that are in time.
    function _countSignatures(Count memory count, bytes calldata signatures) private returns (uint256 counted) {
        bytes memory record = abi.encode(count.proposalId, count.support, uint256(1), "");
        address[] memory signers = signatures.signers(count.digest);
        VoterWord[] memory voters = _votersOf(signers);
        unchecked {
            // bound: 1,000 ballots of a batch
            for (uint256 i; i < signers.length; ++i) {
                address voter = signers[i];
                Skip reason = Skip.InvalidSignature;
                if (voter != address(0)) {
                    VoterWord word = voters[i];
                    if (word.countsPlainlyAt(count.opening)) {
                        if (_countPlain(count, word)) {
                            _emitVoteCast(voter, record);
                            ++counted;
                            continue;
                        }
                        reason = Skip.AlreadyCast;
                    } else {
                        // Whatever else a ballot touches must find what was kept aside.
                        _write(count);
                        bool done;
                        (done, reason) = _countSigned(
                            count.proposalId,
                            count.opening,
                            voter,
                            uint8(count.support),
                            false
                        );
                        if (done) {
                            ++counted;
                            continue;
                        }
                    }
                }
                emit BallotSkipped(count.proposalId, voter, count.place, i, reason);
            }
        }
        _write(count);
    }

    /// @dev Keeps a plain ballot aside; answers whether it is the member's first.
    function _countPlain(Count memory count, VoterWord word) private returns (bool) {
        unchecked {
            uint256 number = word.number();
            if (number >> 7 != count.index) {
                _write(count);
                count.index = number >> 7;
                count.receipts = _polls[count.proposalId].receipts.words[number >> 7].value;
            }
            uint256 unit = 1 << ((number & 127) << 1);
            uint256 receipts = count.receipts;
            if (receipts & (unit * 3) != 0) return false;
            count.receipts = receipts | (unit * (count.support + 1));
            count.fresh |= 1 << (number & 255);
            count.added += 1 << (word.group() << 5);
            return true;
        }
    }

    /// @dev Writes what was kept aside where it belongs.
    function _write(Count memory count) private {
        if (count.fresh != 0) {
            Poll storage poll = _polls[count.proposalId];
            poll.receipts.words[count.index].value = count.receipts;
            poll.signed._data[count.index >> 1] |= count.fresh;
            poll.tally.addByGroup(count.added, count.support);
        }
        (count.index, count.fresh, count.added) = (type(uint256).max, 0, 0);
    }

    /// @dev `VoteCast` with what all ballots of a group have in common, encoded once.
    function _emitVoteCast(address voter, bytes memory record) private {
        bytes32 topic = VoteCast.selector;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            log2(add(record, 0x20), mload(record), topic, voter)
        }
    }

    function _countNamed(
        uint256 proposalId,
        uint256 opening,
        NamedBallot calldata ballot
    ) private returns (bool done, Skip reason) {
        if (ballot.support > 2) return (false, Skip.SupportOutOfRange);
        if (block.timestamp > ballot.deadline) return (false, Skip.Expired);
        address voter = ballot.voter;
        if (ballot.nonce != nonces(voter)) return (false, Skip.WrongNonce);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(NAMED_BALLOT_TYPEHASH, proposalId, ballot.support, voter, ballot.nonce, ballot.deadline)
            )
        );
        if (!WalletSignatures.isSigned(voter, digest, ballot.signature)) return (false, Skip.InvalidSignature);
        (done, reason) = _countSigned(proposalId, opening, voter, ballot.support, true);
        if (done) _useNonce(voter);
    }

    /// @dev Counts a ballot that a key signed, or says why not; never reverts.
    /// @param replaces Whether it may replace a ballot.
    function _countSigned(
        uint256 proposalId,
        uint256 opening,
        address account,
        uint8 support,
        bool replaces
    ) private returns (bool done, Skip reason) {
        VoterWord voter = _voterOf(account);
        (uint256 number, uint256 group) = (voter.number(), voter.group());
        bool plain = voter.countsPlainlyAt(opening);
        if (!plain) {
            IMembership.Standing standing;
            (standing, number, group, ) = _ballotRight(account, uint48(opening));
            if (standing != IMembership.Standing.Granted) return (false, Skip.NotEntitled);
        }
        Poll storage poll = _polls[proposalId];
        uint256 previous = poll.receipts.get(number);
        if (previous != 0) {
            if (!replaces) return (false, Skip.AlreadyCast);
            if (!poll.signed.get(number)) return (false, Skip.CastInPerson);
        }
        uint256 weight = 1;
        if (plain) {
            poll.receipts.set(number, uint256(support) + 1);
            poll.tally.count(poll.tally.wordOf(group), group, previous, support);
        } else {
            (weight, ) = _countDelegable(proposalId, number, group, support);
        }
        if (previous == 0) poll.signed.set(number);
        emit VoteCast(account, proposalId, support, weight, "");
        return (true, reason);
    }
}
