// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Governor, IGovernor} from "@openzeppelin/contracts/governance/Governor.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {BallotReceipts} from "../libraries/BallotReceipts.sol";
import {GroupTally} from "../libraries/GroupTally.sol";
import {VoterWord} from "../libraries/VoterWord.sol";
import {IMembership} from "../membership/IMembership.sol";
import {PackedRules} from "../libraries/DecisionRules.sol";
import {ICoalitionGovernor} from "./ICoalitionGovernor.sol";

/// @title GovernorBallots
/// @notice Extension of Governor: one ballot a member number, counted by stakeholder group, changeable until the close.
///
/// @dev A ballot reads one slot of the roll and writes one receipt word and one tally word; the tally word knows the
/// decision's hours, so the decision itself is read only for the first ballot of a word and, where a late swing can
/// extend the vote, in its last stretch. That is sound because an open decision stays open until its close: nobody can
/// cancel it before. An extension that ends or lengthens an open decision must clear or rewrite the hours of its words.
///
/// Who may vote: on the roll and not suspended *now*, the vote counted when the decision opened.
///
/// Who had taken delegations when the decision opened votes for those members too, as long as they cast no ballot of
/// their own: the delegate's ballot weighs one, plus what was received, less what was taken back. A member's own
/// ballot is what counts for the member's vote, before the delegate's or after it. All of that is looked at only for
/// members of whom the roll says that there is something to look at.
///
/// A signed ballot uses up a nonce, and it never replaces one that the member cast in person: a signature that somebody
/// kept back cannot undo what the member did since. Who voted by signature can change that by signature or in person.
abstract contract GovernorBallots is Governor, ICoalitionGovernor {
    using BallotReceipts for BallotReceipts.Receipts;
    using BitMaps for BitMaps.BitMap;
    using GroupTally for GroupTally.Tally;

    /// @dev Ballots on one decision.
    struct Poll {
        GroupTally.Tally tally;
        BallotReceipts.Receipts receipts;
        /// By member number: whether the ballot that counts was cast by signature, 256 members to a word.
        BitMaps.BitMap signed;
        /// By delegate's member number: votes received at the opening whose members cast a ballot of their own.
        mapping(uint256 number => uint256 count) takenBack;
    }

    uint256 private constant MAX_REASON = 1_024;

    uint256 private immutable GROUP_COUNT;

    mapping(uint256 proposalId => Poll) internal _polls;

    /// @param groupCount Number of stakeholder groups on the roll, 2 to 8.
    constructor(uint256 groupCount) {
        GROUP_COUNT = groupCount;
    }

    /// @inheritdoc IGovernor
    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() external pure override returns (string memory) {
        return "support=bravo&quorum=for,abstain";
    }

    /// @inheritdoc IGovernor
    /// @dev Of the member number that the account holds, or held last: a new key has voted if the old one did.
    function hasVoted(uint256 proposalId, address account) external view override returns (bool) {
        (, uint256 number, , ) = _ballotRight(account, 0);
        return number != 0 && receiptOf(proposalId, number) != 0;
    }

    /// @inheritdoc ICoalitionGovernor
    function receiptOf(uint256 proposalId, uint256 number) public view returns (uint256) {
        return _polls[proposalId].receipts.get(number);
    }

    /// @inheritdoc ICoalitionGovernor
    function proposalVotes(
        uint256 proposalId
    ) public view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) {
        return _polls[proposalId].tally.total(GROUP_COUNT);
    }

    /// @inheritdoc ICoalitionGovernor
    function proposalVotesByGroup(
        uint256 proposalId,
        uint256 group
    ) public view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) {
        if (group >= GROUP_COUNT) revert IMembership.MembershipUnknownGroup(group, GROUP_COUNT);
        return _polls[proposalId].tally.ofGroup(group);
    }

    /// @inheritdoc Governor
    /// @dev The plain ballot, by far the most frequent call, without the detour through empty texts.
    function castVote(uint256 proposalId, uint8 support) public virtual override returns (uint256) {
        uint256 weight = _countBallot(proposalId, _msgSender(), support, true);
        emit VoteCast(_msgSender(), proposalId, support, weight, "");
        return weight;
    }

    /// @inheritdoc Governor
    /// @dev OpenZeppelin's event, with one look at the roll; the weight follows from the count.
    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal virtual override returns (uint256 weight) {
        uint256 length = bytes(reason).length;
        if (length > MAX_REASON) revert CoalitionGovernorTooLong("reason", length, MAX_REASON);
        weight = _countVote(proposalId, account, support, 0, params);
        emit VoteCast(account, proposalId, support, weight, reason);
    }

    /// @inheritdoc Governor
    function _countVote(
        uint256 proposalId,
        address account,
        uint8 support,
        uint256,
        bytes memory params
    ) internal override returns (uint256) {
        if (params.length != 0) revert CoalitionGovernorParamsNotEmpty(params.length);
        return _countBallot(proposalId, account, support, _msgSender() == account);
    }

    /// @inheritdoc Governor
    /// @dev The tests against the electorate: the quorum, and the floor of For. A decision that was queued had passed
    /// them, and nothing that they read changes after the close, so they are not run again for its execution.
    function _quorumReached(uint256 proposalId) internal view override returns (bool) {
        if (proposalEta(proposalId) != 0) return true;
        (, uint256 forVotes, uint256 abstainVotes) = proposalVotes(proposalId);
        PackedRules frame = _decisionFrame(proposalId);
        return frame.turnoutSuffices(frame.electorate(), forVotes, abstainVotes);
    }

    /// @inheritdoc Governor
    /// @dev The tests among those who took sides: over all members, and group by group.
    function _voteSucceeded(uint256 proposalId) internal view override returns (bool) {
        if (proposalEta(proposalId) != 0) return true;
        (uint256 againstVotes, uint256 forVotes, ) = proposalVotes(proposalId);
        PackedRules frame = _decisionFrame(proposalId);
        if (!frame.approved(forVotes, againstVotes)) return false;
        return frame.concurs(frame.heard(), _polls[proposalId].tally.agreeing(GROUP_COUNT));
    }

    /// @dev See {IMembership-voterOf}.
    function _voterOf(address account) internal view virtual returns (VoterWord);

    /// @dev Whether an account may vote on a decision that opened at a moment, and if not, why.
    function _ballotRight(
        address account,
        uint48 timepoint
    ) internal view virtual returns (IMembership.Standing, uint256 number, uint8 group, uint48 explanation);

    /// @dev See {IDelegations-delegationAt}.
    function _delegationAt(
        uint256 number,
        uint256 group,
        uint48 timepoint
    ) internal view virtual returns (uint256 delegate, uint256 received);

    /// @dev The rules of a decision with what it opened with.
    function _decisionFrame(uint256 proposalId) internal view virtual returns (PackedRules);

    /// @dev Writes down what an open decision opened with, if it is not yet.
    function _settleFrame(uint256 proposalId) internal virtual returns (PackedRules);

    /// @dev Moves the close of a decision, once.
    function _extend(uint256 proposalId, PackedRules frame) internal virtual;

    /// @dev Reverts unless a decision is open, and settles its frame. Answers its opening, the end of its calm part, in
    /// which no ballot can extend it, and whether that is over while the close has not been moved.
    function _open(uint256 proposalId) internal returns (uint256 opening, uint256 calm, bool watched) {
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));
        PackedRules frame = _settleFrame(proposalId);
        opening = proposalSnapshot(proposalId);
        calm = proposalDeadline(proposalId);
        if (frame.extendedBy() == 0) {
            calm -= frame.extension();
            watched = block.timestamp > calm;
        }
    }

    /// @dev Whether a decision would pass if it closed now.
    function _passes(uint256 proposalId) internal view returns (bool) {
        return _quorumReached(proposalId) && _voteSucceeded(proposalId);
    }

    /// @dev Extends a decision if what happened in its last stretch has turned its outcome.
    function _extendIfTurned(uint256 proposalId, bool passed) internal {
        if (_passes(proposalId) != passed) _extend(proposalId, _decisionFrame(proposalId));
    }

    /// @dev The path of every ballot that comes alone.
    function _countBallot(uint256 proposalId, address account, uint8 support, bool inPerson) private returns (uint256) {
        if (support > 2) revert CoalitionGovernorSupportOutOfRange(support);
        VoterWord voter = _voterOf(account);
        uint256 word = _polls[proposalId].tally.wordOf(voter.group());
        // A word that knows no hours, or whose calm part is over: the governor's own state decides.
        if (block.timestamp > GroupTally.calmUntil(word)) {
            (uint256 opening, uint256 calm, bool watched) = _open(proposalId);
            word = GroupTally.withHours(word, opening, calm);
            if (watched) {
                bool passed = _passes(proposalId);
                uint256 weight = _count(proposalId, account, voter, word, support, inPerson);
                _extendIfTurned(proposalId, passed);
                return weight;
            }
        }
        return _count(proposalId, account, voter, word, support, inPerson);
    }

    /// @dev Counts a ballot on a decision that is open, and all of it for the plain ones.
    function _count(
        uint256 proposalId,
        address account,
        VoterWord voter,
        uint256 word,
        uint8 support,
        bool inPerson
    ) private returns (uint256) {
        if (!voter.countsPlainlyAt(GroupTally.opensAt(word))) {
            return _countSpecial(proposalId, account, support, inPerson);
        }
        Poll storage poll = _polls[proposalId];
        uint256 previous;
        unchecked {
            previous = poll.receipts.set(voter.number(), uint256(support) + 1);
        }
        poll.tally.count(word, voter.group(), previous, support);
        if (previous != 0 || !inPerson) _markSigned(proposalId, account, voter.number(), previous, inPerson);
        return 1;
    }

    /// @dev The ballot of a member of whom more must be known than the roll's one slot says: what was so at the
    /// opening, and which votes are delegated. Reverts unless the member may vote. The caller has checked that the
    /// decision is open.
    function _countSpecial(
        uint256 proposalId,
        address account,
        uint8 support,
        bool inPerson
    ) private returns (uint256 weight) {
        (IMembership.Standing standing, uint256 number, uint8 group, uint48 explanation) = _ballotRight(
            account,
            uint48(proposalSnapshot(proposalId))
        );
        if (standing != IMembership.Standing.Granted) {
            revert CoalitionGovernorBallotRefused(proposalId, account, standing, explanation);
        }
        uint256 previous;
        (weight, previous) = _countDelegable(proposalId, number, group, support);
        if (previous != 0 || !inPerson) _markSigned(proposalId, account, number, previous, inPerson);
    }

    /// @dev Counts a ballot with the votes received for it, and takes the member's own back from where it was
    /// delegated.
    function _countDelegable(
        uint256 proposalId,
        uint256 number,
        uint256 group,
        uint8 support
    ) internal returns (uint256 weight, uint256 previous) {
        Poll storage poll = _polls[proposalId];
        uint256 word = poll.tally.wordOf(group);
        if (GroupTally.calmUntil(word) == 0) {
            (uint256 opening, uint256 calm, ) = _open(proposalId);
            word = GroupTally.withHours(word, opening, calm);
        }
        previous = poll.receipts.set(number, uint256(support) + 1);
        uint256 delegate;
        (delegate, weight) = _delegationAt(number, group, uint48(proposalSnapshot(proposalId)));
        weight = 1 + weight - poll.takenBack[number];
        if (previous == 0 && delegate != 0) {
            ++poll.takenBack[delegate];
            uint256 receipt = poll.receipts.get(delegate);
            if (receipt != 0) word = GroupTally.takeBack(word, group, receipt);
            emit DelegatedVoteTakenBack(proposalId, number, delegate);
        }
        poll.tally.countWeighted(word, group, previous, support, weight);
    }

    /// @dev Keeps book of ballots cast by signature. A first ballot in person, the frequent case, has nothing to keep.
    function _markSigned(uint256 proposalId, address account, uint256 number, uint256 previous, bool inPerson) private {
        BitMaps.BitMap storage signed = _polls[proposalId].signed;
        if (previous != 0) {
            bool wasSigned = signed.get(number);
            if (!inPerson && !wasSigned) revert CoalitionGovernorBallotCastInPerson(proposalId, account);
            if (inPerson == !wasSigned) return;
        }
        signed.setTo(number, !inPerson);
    }
}
