// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICoalitionGovernor} from "../../contracts/governance/ICoalitionGovernor.sol";
import {Assembly} from "../helpers/Assembly.sol";
import {Dice} from "../helpers/Dice.sol";
import {Signing} from "../helpers/Signing.sol";

/// @notice Properties 10 and 11: batches of good and bad ballots against the same good ones cast one by one, on a twin
/// of the decision.
contract GovernorRelayTest is Assembly, Signing {
    using Dice for Dice.Stream;

    uint256 private constant MEMBERS = 16;
    uint256 private constant GROUPS = 4;
    /// @dev Of those who sign: the members, then a latecomer and strangers. Private keys are one more.
    uint256 private constant SIGNERS = MEMBERS + 4;
    uint256 private constant SUSPENDED = 2;
    // The order of secp256k1.
    // not a secret: a constant of the curve
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    uint256 private _id;
    uint256 private _twin;
    /// @dev By the record: the last ballot of each signer, support plus one; whether it was signed; named ballots used.
    uint256[SIGNERS] private _receipts;
    bool[SIGNERS] private _signed;
    uint256[SIGNERS] private _nonces;
    uint256 private _expected;

    uint256 private _counted;
    uint256 private _skipped;
    uint256 private _replaced;

    function setUp() external {
        _assemble(MEMBERS, GROUPS, _plainRules());
        for (uint256 i; i < 2; ++i) {
            VM.prank(_members[i]);
            _delegations.takeDelegations(3);
            uint48 ends = _delegations.longestEnd();
            for (uint256 j = 1; j < 3; ++j) {
                VM.prank(_members[i + j * GROUPS]);
                _delegations.delegateUntil(_members[i], ends);
            }
        }
        _join(VM.addr(MEMBERS + 1), 0);
        VM.prank(address(_timelock));
        _membership.suspend(SUSPENDED + 1, 15, uint48(block.timestamp + 300 days));
    }

    /// @notice Properties 10 and 11: a batch of good and bad ballots leaves just the receipts, counts and nonces that
    /// the good ones leave when they are cast one by one; sent again it counts nothing.
    /// hardhat-config: fuzz.runs = 48
    function testFuzz_batchCountsLikeItsGoodBallots(uint256 seed) external {
        _run(seed);
    }

    /// @notice Properties 10 and 11: the same over seeds that are always the same, and proof that the cases which
    /// matter came up.
    function test_batchesOverManyHistories() external {
        for (uint256 seed; seed < 8; ++seed) {
            _run(seed);
        }
        assertTrue(_counted > 40, "ballots counted");
        assertTrue(_skipped > 40, "ballots passed over");
        assertTrue(_replaced > 2, "ballots replaced by signature");
    }

    function _run(uint256 seed) private {
        Dice.Stream memory dice = Dice.from(seed);
        uint256 proposer = dice.between(3, MEMBERS - 1);
        _id = _proposeBy(_governor, _members[proposer], address(_register), "", _title(seed, "one")).id;
        _twin = _proposeBy(_governor, _members[proposer], address(_register), "", _title(seed, "twin")).id;
        for (uint256 i; i < SIGNERS; ++i) {
            (_receipts[i], _signed[i]) = (0, false);
        }
        VM.warp(_governor.proposalSnapshot(_id) + 1);
        for (uint256 i; i < 3; ++i) {
            uint256 who = dice.below(MEMBERS);
            if (who == SUSPENDED) continue;
            uint256 support = dice.below(3);
            _voteBy(_governor, _members[who], _id, uint8(support));
            _count(who, support, false);
        }
        for (uint256 i; i < 3; ++i) {
            _batch(dice);
            VM.warp(block.timestamp + 1 hours);
        }
        // Places on the agenda are free again.
        VM.warp(_governor.proposalDeadline(_id) + 1);
    }

    function _batch(Dice.Stream memory dice) private {
        _expected = 0;
        ICoalitionGovernor.BallotGroup[] memory groups = new ICoalitionGovernor.BallotGroup[](dice.below(5));
        uint256 sent;
        for (uint256 i; i < groups.length; ++i) {
            groups[i] = _group(dice);
            sent += groups[i].signatures.length / 64;
        }
        ICoalitionGovernor.NamedBallot[] memory named = new ICoalitionGovernor.NamedBallot[](dice.below(6));
        for (uint256 i; i < named.length; ++i) {
            named[i] = _namedBallot(dice);
        }
        uint256 counted = _governor.castBallots(_id, groups, named);
        assertEq(counted, _expected, "counted");
        _counted += counted;
        _skipped += sent + named.length - counted;
        _requireSame();
        assertEq(_governor.castBallots(_id, groups, new ICoalitionGovernor.NamedBallot[](0)), 0, "counted again");
        if (named.length != 0) {
            assertEq(_governor.castBallots(_id, new ICoalitionGovernor.BallotGroup[](0), named), 0, "named again");
        }
        _requireSame();
    }

    function _group(Dice.Stream memory dice) private returns (ICoalitionGovernor.BallotGroup memory group) {
        group.support = uint8(dice.below(10) == 0 ? 3 + dice.below(250) : dice.below(3));
        group.deadline = uint48(dice.below(10) == 0 ? block.timestamp - 1 : block.timestamp + dice.below(2));
        bool good = group.support < 3 && group.deadline >= block.timestamp;
        for (uint256 ballots = dice.below(9); ballots != 0; --ballots) {
            (uint256 who, uint256 flaw) = (dice.below(SIGNERS), dice.below(12));
            bytes memory signature = _firstBallot(who, group, flaw);
            if (flaw > 4 && good && _may(who) && _receipts[who] == 0) {
                ++_expected;
                _count(who, group.support, true);
            }
            group.signatures = abi.encodePacked(group.signatures, signature);
        }
        // What is left over is shorter than a signature.
        if (dice.below(4) == 0) group.signatures = abi.encodePacked(group.signatures, new bytes(dice.between(1, 63)));
    }

    /// @dev A signature of 64 bytes, with one of five flaws or none.
    function _firstBallot(
        uint256 who,
        ICoalitionGovernor.BallotGroup memory group,
        uint256 flaw
    ) private view returns (bytes memory) {
        if (flaw == 0) return abi.encodePacked(keccak256(abi.encode(who)), keccak256(abi.encode(block.timestamp)));
        if (flaw == 1) return new bytes(64);
        uint256 id = flaw == 2 ? _twin : _id;
        uint8 support = flaw == 3 ? (group.support + 1) % 3 : group.support;
        bytes memory message = _firstBallotMessage(id, support, group.deadline);
        bytes memory signature = _signCompactly(who + 1, "Governor", address(_governor), message);
        if (flaw != 4) return signature;
        // The other form of the same signature: its s mirrored, its parity with it.
        (uint256 r, uint256 vs) = abi.decode(signature, (uint256, uint256));
        uint256 parity = 1 - (vs >> 255);
        return abi.encodePacked(r, (ORDER - ((vs << 1) >> 1)) | (parity << 255));
    }

    /// @dev A named ballot, with one of four flaws or none.
    function _namedBallot(Dice.Stream memory dice) private returns (ICoalitionGovernor.NamedBallot memory ballot) {
        (uint256 who, uint256 flaw) = (dice.below(SIGNERS), dice.below(10));
        ballot.voter = VM.addr(who + 1);
        ballot.support = uint8(flaw == 0 ? 3 : dice.below(3));
        ballot.deadline = uint48(flaw == 1 ? block.timestamp - 1 : block.timestamp);
        ballot.nonce = flaw == 2 ? _nonces[who] + 100 : _nonces[who];
        bytes memory message = _namedBallotMessage(_id, ballot.support, ballot.voter, ballot.nonce, ballot.deadline);
        ballot.signature = _sign(flaw == 3 ? who + 2 : who + 1, "Governor", address(_governor), message);
        if (flaw < 4 || !_may(who) || (_receipts[who] != 0 && !_signed[who])) return ballot;
        if (_receipts[who] != 0) ++_replaced;
        ++_expected;
        ++_nonces[who];
        _count(who, ballot.support, true);
    }

    /// @dev Writes a ballot down, and casts it on the twin in person.
    function _count(uint256 who, uint256 support, bool signed) private {
        (_receipts[who], _signed[who]) = (support + 1, signed);
        _voteBy(_governor, VM.addr(who + 1), _twin, uint8(support));
    }

    function _may(uint256 who) private view returns (bool) {
        // The latecomer's vote matures while histories go on.
        if (who == MEMBERS) return _membership.member(who + 1).votesFrom <= _governor.proposalSnapshot(_id);
        return who < MEMBERS && who != SUSPENDED;
    }

    function _requireSame() private view {
        for (uint256 who; who < SIGNERS; ++who) {
            assertEq(_governor.nonces(VM.addr(who + 1)), _nonces[who], "nonce");
            assertEq(_governor.receiptOf(_id, who + 1), _receipts[who], "receipt");
            assertEq(_governor.receiptOf(_twin, who + 1), _receipts[who], "receipt of the twin");
        }
        for (uint256 group; group < GROUPS; ++group) {
            (uint256 a, uint256 f, uint256 n) = _governor.proposalVotesByGroup(_id, group);
            (uint256 b, uint256 g, uint256 o) = _governor.proposalVotesByGroup(_twin, group);
            assertTrue(a == b && f == g && n == o, "tally of a group");
        }
    }

    function _title(uint256 seed, string memory which) private pure returns (string memory) {
        return string(abi.encodePacked(which, seed));
    }
}
