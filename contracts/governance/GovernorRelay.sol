// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {BallotReceipts} from "../libraries/BallotReceipts.sol";
import {GroupTally} from "../libraries/GroupTally.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {IMembership} from "../membership/IMembership.sol";
import {GovernorBallots} from "./GovernorBallots.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title GovernorRelay
/// @notice Extension of {GovernorBallots}: many ballots that their voters signed, brought by anybody in one transaction.
///
/// @dev Who brings them can neither alter nor choose: every ballot is bound to its choice, this decision, this governor
/// and this chain, and is counted or passed over with an event that says why. A first ballot is bound to no nonce: the
/// member's receipt lets it count once, and never over a later one. A wallet that is a contract gets a bounded amount of
/// gas and can do nothing but answer.
abstract contract GovernorRelay is GovernorBallots {
    using BallotReceipts for BallotReceipts.Receipts;
    using BitMaps for BitMaps.BitMap;
    using GroupTally for GroupTally.Tally;

    /// @dev The receipts of 128 members, and what ballots of theirs add to the count, until it is written. Ballots that come
    /// in the order of member numbers share pages, and pay least.
    struct Page {
        /// Which 128 members; the largest number for none.
        uint256 index;
        uint256 receipts;
        /// Marks to be added to those of the 256 members around.
        uint256 signed;
        uint256[3] added;
    }

    uint256 private constant MAX_GROUPS = 8;
    uint256 private constant MAX_BALLOTS = 1_000;
    uint256 private constant MAX_NAMED = 64;
    uint256 private constant SIGNATURE_LENGTH = 64;

    /// @dev Gas that a wallet gets to check a signature; what counting its ballot then needs at the most.
    uint256 private constant WALLET_GAS = 100_000;
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
            ballots += groups[i].signatures.length / SIGNATURE_LENGTH;
            if (ballots > MAX_BALLOTS) revert CoalitionGovernorTooLong("ballots", ballots, MAX_BALLOTS);
            counted += _countGroup(proposalId, opening, i, groups[i]);
        }
        // bound: 64 named ballots
        for (uint256 i; i < named.length; ++i) {
            uint256 needed = WALLET_GAS + WALLET_GAS / 32 + COUNTING_GAS;
            if (gasleft() < needed) revert CoalitionGovernorGasTooLow(i, gasleft(), needed);
            (bool done, Skip reason) = _countNamed(proposalId, opening, named[i]);
            if (done) ++counted;
            else emit BallotSkipped(proposalId, named[i].voter, groups.length, i, reason);
        }
        if (watched) _extendIfTurned(proposalId, passed);
    }

    /// @dev See {IMembership-votersOf}.
    function _votersOf(address[] memory accounts) internal view virtual returns (VoterWord[] memory);

    /// @dev Ballots of one choice. Returns how many were counted.
    function _countGroup(
        uint256 proposalId,
        uint256 opening,
        uint256 place,
        BallotGroup calldata group
    ) private returns (uint256 counted) {
        bytes calldata signatures = group.signatures;
        uint8 support = group.support;
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(FIRST_BALLOT_TYPEHASH, proposalId, support, group.deadline))
        );
        bool valid = support <= 2 && block.timestamp <= group.deadline;
        address[] memory signers = _signersOf(digest, signatures);
        VoterWord[] memory voters = _votersOf(signers);
        Page memory page;
        page.index = type(uint256).max;
        // bound: 1,000 ballots of a batch
        for (uint256 i; i < signers.length; ++i) {
            address voter = signers[i];
            Skip reason;
            if (voter == address(0)) {
                reason = Skip.InvalidSignature;
            } else if (!valid) {
                reason = support > 2 ? Skip.SupportOutOfRange : Skip.Expired;
            } else {
                bool done;
                if (voters[i].countsPlainlyAt(opening)) {
                    done = _countPlain(proposalId, page, voters[i], support);
                    reason = Skip.AlreadyCast;
                    if (done) emit VoteCast(voter, proposalId, support, 1, "");
                } else {
                    _close(proposalId, page);
                    (done, reason) = _countSigned(proposalId, opening, voter, support, false);
                }
                if (done) {
                    ++counted;
                    continue;
                }
            }
            emit BallotSkipped(proposalId, voter, place, i, reason);
        }
        _close(proposalId, page);
        if (signatures.length % SIGNATURE_LENGTH != 0) {
            emit BallotSkipped(proposalId, address(0), place, signers.length, Skip.WrongLength);
        }
    }

    /// @dev Counts a plain first ballot on the page; answers whether it is one.
    function _countPlain(
        uint256 proposalId,
        Page memory page,
        VoterWord voter,
        uint256 support
    ) private returns (bool) {
        unchecked {
            (uint256 number, uint256 group) = (voter.number(), voter.group());
            if (number >> 7 != page.index) {
                _close(proposalId, page);
                (page.index, page.receipts) = (number >> 7, _polls[proposalId].receipts.words[number >> 7]);
            }
            uint256 shift = (number & 127) << 1;
            uint256 receipts = page.receipts;
            if ((receipts >> shift) & 3 != 0) return false;
            page.receipts = receipts | ((support + 1) << shift);
            page.signed |= 1 << (number & 255);
            page.added[group / 3] += GroupTally.unit(group, support);
            return true;
        }
    }

    /// @dev Writes what a page holds where it belongs. Nothing of it may be read or written elsewhere before.
    function _close(uint256 proposalId, Page memory page) private {
        if (page.signed != 0) {
            Poll storage poll = _polls[proposalId];
            poll.receipts.words[page.index] = page.receipts;
            poll.signed._data[page.index >> 1] |= page.signed;
            poll.tally.add(page.added);
            page.signed = 0;
            delete page.added;
        }
        page.index = type(uint256).max;
    }

    /// @dev Who signed a digest with each of several compact signatures; zero where that is none.
    function _signersOf(bytes32 digest, bytes calldata signatures) private pure returns (address[] memory signers) {
        unchecked {
            signers = new address[](signatures.length / SIGNATURE_LENGTH);
            // bound: 1,000 ballots of a batch
            for (uint256 i; i < signers.length; ++i) {
                bytes32 r;
                bytes32 vs;
                assembly ("memory-safe") {
                    let place := add(signatures.offset, shl(6, i))
                    r := calldataload(place)
                    vs := calldataload(add(place, 0x20))
                }
                (signers[i], , ) = ECDSA.tryRecover(digest, r, vs);
            }
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
        if (!_isSigned(voter, digest, ballot.signature)) return (false, Skip.InvalidSignature);
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

    /// @dev Whether a key signed; a contract is asked by ERC-1271, with bounded gas, and only its first word is read.
    function _isSigned(address key, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (key.code.length == 0) {
            (address signer, ECDSA.RecoverError flaw, ) = ECDSA.tryRecoverCalldata(digest, signature);
            return flaw == ECDSA.RecoverError.NoError && signer == key;
        }
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool success;
        bytes32 answer;
        assembly ("memory-safe") {
            success := staticcall(WALLET_GAS, key, add(question, 0x20), mload(question), 0x00, 0x20)
            success := and(success, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
        }
        return success && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
