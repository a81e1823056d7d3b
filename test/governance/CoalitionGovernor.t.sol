// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {CoalitionGovernor} from "../../contracts/governance/CoalitionGovernor.sol";
import {CoalitionTimelock} from "../../contracts/governance/CoalitionTimelock.sol";
import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {Guardian} from "../../contracts/governance/Guardian.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {Membership} from "../../contracts/membership/Membership.sol";
import {MemberDesk} from "../../contracts/membership/desks/MemberDesk.sol";
import {CoalitionTest} from "../helpers/CoalitionTest.sol";
import {Decisions, Register} from "../helpers/Decisions.sol";
import {Dice} from "../helpers/Dice.sol";
import {RandomParameters, Ranges} from "../helpers/Parameters.sol";
import {Signing} from "../helpers/Signing.sol";
import {Verdict} from "../helpers/Verdict.sol";

/// @title GovernorHandler
/// @notice Lets a coalition propose, vote, change ballots, change keys, leave, join, queue, execute and cancel at
/// random, tries what must be refused, and keeps a plain record of its own of what must follow.
contract GovernorHandler is Decisions, Signing {
    enum Kind {
        Propose,
        Vote,
        ChangeVote,
        VoteBySig,
        VoteAfterRotation,
        Replay,
        Rotate,
        Resign,
        Join,
        Cancel,
        Pass,
        Queue,
        Execute,
        ChangeRules,
        RefuseChange,
        Defeat,
        Expire,
        Extend,
        Postpone,
        Veto
    }

    enum Subject {
        Note,
        Rules,
        Maturity,
        Delay
    }

    struct Watch {
        Decision decision;
        Subject subject;
        address proposer;
        uint256 proposerNumber;
        DecisionRules.Class class;
        DecisionRules.Rules rules;
        uint256 snapshot;
        uint256 deadline;
        bool extended;
        uint256 eta;
        bool postponed;
        uint256 executedAt;
        bool filled;
        IGovernor.ProposalState lastState;
    }

    struct Ballot {
        uint256 receipt;
        address key;
        bool bySignature;
    }

    struct Signed {
        uint256 id;
        uint8 support;
        address voter;
        bytes signature;
    }

    struct Entry {
        uint256 group;
        uint256 votesFrom;
        uint256 leftAt;
    }

    uint256 public constant KEYS = 15;
    uint256 public constant FOUNDERS = 12;
    uint256 private constant PLACES = 5;

    CoalitionGovernor private immutable GOVERNOR;
    CoalitionTimelock private immutable TIMELOCK;
    MemberDesk private immutable DESK;
    Membership private immutable MEMBERSHIP;
    uint256 private immutable GROUPS;
    bytes32 private immutable CODE;
    Guardian private immutable GUARDIAN;
    address private immutable GUARDIAN_KEY;
    Register public immutable REGISTER = new Register();

    address[] public keys;
    mapping(address key => uint256 privateKey) private _privateKeys;
    mapping(address key => uint256 number) public numbers;
    mapping(uint256 number => Entry) private _entries;
    /// @dev By member number: until when each of its proposals takes a place on the agenda.
    mapping(uint256 number => uint256[]) private _takenUntil;
    uint256 public lastNumber;

    Watch[] private _watches;
    mapping(uint256 id => mapping(uint256 number => Ballot)) private _ballots;
    Signed[] private _signed;

    mapping(Kind kind => uint256 times) public done;
    uint256 public calls;
    uint256 public acts;
    /// @notice The first thing that went otherwise than it must; empty if there was none.
    string public violation;

    constructor(CoalitionGovernor governor, Membership membership, uint256 groupCount, bytes32 code) {
        (GOVERNOR, MEMBERSHIP, GROUPS, CODE) = (governor, membership, groupCount, code);
        DESK = MemberDesk(membership.desks().requests);
        TIMELOCK = CoalitionTimelock(payable(governor.timelock()));
        GUARDIAN = Guardian(address(governor.guardian()));
        GUARDIAN_KEY = GUARDIAN.key();
        for (uint256 i = 1; i <= KEYS; ++i) {
            address key = VM.addr(i);
            keys.push(key);
            _privateKeys[key] = i;
        }
    }

    /// @notice The first members, their votes mature, and a first proposal: where every history starts.
    function foundCoalition() external {
        for (uint256 i; i < FOUNDERS; ++i) {
            _enter(keys[i]);
        }
        VM.warp(_entries[FOUNDERS].votesFrom);
        _propose(keys[0], Subject.Note, 0);
    }

    function propose(uint256 who, uint256 seed) external {
        _begin();
        address key = _pick(who, true);
        if (key == address(0) || _entries[numbers[key]].votesFrom > block.timestamp) return;
        // No more than four at a time, so that each is followed to its end.
        if (_watches.length > 3 && !_isFinal(_watches[_watches.length - 4].lastState)) return;
        if (_propose(key, Subject(seed % 4), seed)) _did(Kind.Propose);
    }

    function vote(uint256 who, uint256 which, uint8 support) external {
        _begin();
        _vote(keys[who % KEYS], _selectOpen(which), support % 16 == 3 ? 3 : support % 3, false);
    }

    function voteBySig(uint256 who, uint256 which, uint8 support) external {
        _begin();
        _vote(keys[who % KEYS], _selectOpen(which), support % 3, true);
    }

    /// @notice Sends a signed ballot once more, on its own decision and on another.
    function replay(uint256 which, uint256 other) external {
        _begin();
        if (_signed.length == 0) return;
        Signed storage signed = _signed[which % _signed.length];
        uint256[2] memory ids = [signed.id, _watches[other % _watches.length].decision.id];
        for (uint256 i; i < 2; ++i) {
            bytes memory data = abi.encodeCall(
                GOVERNOR.castVoteBySig,
                (ids[i], signed.support, signed.voter, signed.signature)
            );
            if (_try(address(this), address(GOVERNOR), data)) _violate("signed ballot replayed");
        }
        _did(Kind.Replay);
    }

    /// @notice A member moves to another key, which may vote at once.
    function rotate(uint256 who, uint256 to, uint256 which) external {
        _begin();
        (address key, address newKey) = (_pick(who, true), _pick(to, false));
        if (key == address(0) || newKey == address(0)) return;
        uint256 number = numbers[key];
        bytes memory message = _rotateMessage(number, newKey, DESK.nonces(newKey), block.timestamp);
        bytes memory signature = _sign(_privateKeys[newKey], "Coalition", address(DESK), message);
        VM.prank(key);
        DESK.rotateKey(newKey, block.timestamp, signature);
        (numbers[key], numbers[newKey]) = (0, number);
        _vote(newKey, _selectOpen(which), uint8(which % 3), false);
        _did(Kind.Rotate);
    }

    function resign(uint256 who) external {
        _begin();
        address key = _pick(who, true);
        if (key == address(0)) return;
        VM.prank(key);
        MEMBERSHIP.resign();
        _entries[numbers[key]].leftAt = block.timestamp;
        numbers[key] = 0;
        _did(Kind.Resign);
    }

    function join(uint256 who) external {
        _begin();
        address key = _pick(who, false);
        if (key == address(0)) return;
        _enter(key);
        _did(Kind.Join);
    }

    /// @notice Anyone tries to cancel, the proposer too: only the proposer can, and only before the opening.
    function cancel(uint256 which, uint256 who) external {
        _begin();
        Watch storage watched = _select(which);
        address key = who % 2 == 0 ? watched.proposer : keys[who % KEYS];
        bool pending = watched.lastState == IGovernor.ProposalState.Pending;
        bool isKey = key == watched.proposer;
        bool isMember = numbers[key] == watched.proposerNumber;
        bool success = _try(key, address(GOVERNOR), _cancelCall(watched.decision));
        if (success && !(pending && (isKey || isMember))) _violate("cancelled against the rule");
        if (!success && pending && isKey && isMember) _violate("a proposer could not cancel");
        if (success) _did(Kind.Cancel);
    }

    /// @notice The guardian tries to delay or to cancel, at any time.
    function interfere(uint256 which, uint256 act) external {
        _begin();
        _interfere(_select(which), act % 4 == 0);
    }

    /// @notice Lets time pass: seconds, or about a stage.
    function pass(uint32 time) external {
        _begin();
        VM.warp(block.timestamp + bound(time, 1, time % 2 == 0 ? 1 hours : 4 days));
        _did(Kind.Pass);
    }

    /// @notice Anyone tries to queue, at any time.
    function tryQueue(uint256 which) external {
        _begin();
        _queue(_select(which));
    }

    /// @notice Anyone tries to execute, at any time.
    function tryExecute(uint256 which) external {
        _begin();
        _execute(_select(which));
    }

    /// @notice Takes a decision one stage further, so that campaigns reach the later stages; now and then waits until
    /// it has expired.
    function advance(uint256 which, uint256 seed) external {
        _begin();
        Watch storage watched = _select(which);
        IGovernor.ProposalState state = watched.lastState;
        if (state == IGovernor.ProposalState.Pending) VM.warp(watched.snapshot + 1);
        if (state == IGovernor.ProposalState.Active) {
            // First the ballots, at the next call the close: in between there is time to change them, at times all of
            // them just before the close.
            if (!watched.filled) _fill(watched, seed);
            else if (seed % 4 == 0 && !watched.extended) _turn(watched, seed);
            else VM.warp(watched.deadline + 1);
            watched.filled = true;
        }
        if (state == IGovernor.ProposalState.Succeeded) {
            VM.warp(block.timestamp + (seed % 6 == 0 ? watched.rules.grace + 1 : seed % 1 days));
            _queue(watched);
        }
        if (state == IGovernor.ProposalState.Queued) {
            uint256 last = watched.eta + watched.rules.grace;
            uint256 when =
                seed % 6 == 0
                    ? last + 1
                    : seed % 6 == 1
                        ? last
                        : watched.eta + (seed % watched.rules.grace);
            if (seed % 5 == 0) _interfere(watched, seed % 2 == 0);
            if (when > block.timestamp) VM.warp(when);
            _execute(watched);
        }
        _did(Kind.Pass);
    }

    function watchCount() external view returns (uint256) {
        return _watches.length;
    }

    function watchAt(uint256 index) external view returns (Watch memory) {
        return _watches[index];
    }

    function entry(uint256 number) external view returns (Entry memory) {
        return _entries[number];
    }

    /// @notice The last ballot of a member number, by the handler's own record.
    function ballot(uint256 id, uint256 number) external view returns (uint256) {
        return _ballots[id][number].receipt;
    }

    /// @notice Mature votes at a moment by group, counted member by member.
    function electorateAt(uint256 moment) public view returns (uint256[] memory byGroup) {
        byGroup = new uint256[](GROUPS);
        for (uint256 number = 1; number <= lastNumber; ++number) {
            Entry storage member = _entries[number];
            if (member.votesFrom <= moment && (member.leftAt == 0 || member.leftAt > moment)) ++byGroup[member.group];
        }
    }

    /// @notice Against, For and Abstain by group, by the handler's own record.
    function tableOf(uint256 id) public view returns (uint256[3][] memory table) {
        table = new uint256[3][](GROUPS);
        for (uint256 number = 1; number <= lastNumber; ++number) {
            uint256 receipt = _ballots[id][number].receipt;
            if (receipt != 0) ++table[_entries[number].group][receipt - 1];
        }
    }

    /// @dev Looks at the last decisions before anything else happens: a final state is final.
    function _begin() private {
        ++calls;
        uint256 count = _watches.length;
        for (uint256 i = count < 4 ? 0 : count - 4; i < count; ++i) {
            Watch storage watched = _watches[i];
            IGovernor.ProposalState state = GOVERNOR.state(watched.decision.id);
            if (state == watched.lastState) continue;
            if (_isFinal(watched.lastState)) _violate("a final state changed");
            if (state == IGovernor.ProposalState.Defeated) ++done[Kind.Defeat];
            if (state == IGovernor.ProposalState.Expired) ++done[Kind.Expire];
            watched.lastState = state;
        }
    }

    function _isFinal(IGovernor.ProposalState state) private pure returns (bool) {
        return
            state == IGovernor.ProposalState.Canceled ||
            state == IGovernor.ProposalState.Defeated ||
            state == IGovernor.ProposalState.Expired ||
            state == IGovernor.ProposalState.Executed;
    }

    function _did(Kind kind) private {
        ++done[kind];
        ++acts;
    }

    /// @dev One of the last four decisions: older ones are mostly over.
    function _select(uint256 which) private view returns (Watch storage) {
        uint256 count = _watches.length;
        return _watches[count - 1 - (which % (count < 4 ? count : 4))];
    }

    /// @dev One of the last four that is open, if there is one; now and then any of them.
    function _selectOpen(uint256 which) private view returns (Watch storage watched) {
        watched = _select(which);
        for (uint256 i; i < 4 && which % 8 != 0; ++i) {
            if (watched.lastState == IGovernor.ProposalState.Active) return watched;
            watched = _select(which + i);
        }
    }

    /// @dev A key that is on the roll, or one that is not; the zero address if there is none.
    function _pick(uint256 who, bool onRoll) private view returns (address) {
        for (uint256 i; i < KEYS; ++i) {
            address key = keys[((who % KEYS) + i) % KEYS];
            if ((numbers[key] != 0) == onRoll) return key;
        }
        return address(0);
    }

    function _enter(address key) private {
        uint8 group = uint8(lastNumber % GROUPS);
        VM.prank(key);
        uint256 number = MEMBERSHIP.join(group, CODE, "");
        _entries[number] = Entry(group, MEMBERSHIP.member(number).votesFrom, 0);
        (numbers[key], lastNumber) = (number, number);
    }

    function _propose(address key, Subject subject, uint256 seed) private returns (bool success) {
        uint256 index = _watches.length;
        Decision memory decision;
        (decision.target, decision.data) = _action(subject, seed, index);
        decision.description = string(abi.encodePacked("Decision ", bytes32(index)));
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(decision);
        bytes32 digest = keccak256(bytes(decision.description));
        decision.id = GOVERNOR.getProposalId(targets, values, calldatas, digest);
        bytes memory data = abi.encodeCall(IGovernor.propose, (targets, values, calldatas, decision.description));
        success = _try(key, address(GOVERNOR), data);
        if (success != (_placesTaken(numbers[key]) < PLACES)) _violate("proposed, or not, against the rule");
        if (!success) return success;
        Watch storage watched = _watches.push();
        (watched.decision, watched.subject, watched.proposer) = (decision, subject, key);
        watched.class = subject == Subject.Note ? DecisionRules.Class.Action : DecisionRules.Class.Amendment;
        watched.rules = GOVERNOR.rules(watched.class);
        watched.proposerNumber = numbers[key];
        watched.snapshot = block.timestamp + watched.rules.notice;
        watched.deadline = watched.snapshot + watched.rules.period;
        watched.lastState = IGovernor.ProposalState.Pending;
        _takenUntil[numbers[key]].push(watched.deadline);
    }

    function _placesTaken(uint256 number) private view returns (uint256 taken) {
        for (uint256 i; i < _takenUntil[number].length; ++i) {
            if (_takenUntil[number][i] >= block.timestamp) ++taken;
        }
    }

    /// @dev Notes, or parameters of which about half lie in their ranges.
    function _action(Subject subject, uint256 seed, uint256 index) private view returns (address, bytes memory) {
        Dice.Stream memory dice = Dice.from(seed);
        bool sane = Dice.below(dice, 2) == 0;
        if (subject == Subject.Note) return (address(REGISTER), abi.encodeCall(Register.note, (index)));
        if (subject == Subject.Rules) {
            DecisionRules.Rules memory rules = RandomParameters.rules(dice, sane);
            DecisionRules.Class class = DecisionRules.Class(Dice.below(dice, 5));
            if (sane) Ranges.bend(GOVERNOR, class, rules);
            return (address(GOVERNOR), abi.encodeCall(GOVERNOR.setRules, (class, rules)));
        }
        if (subject == Subject.Maturity) {
            IMembership.Maturity memory pace = RandomParameters.maturity(dice, sane);
            return (address(MEMBERSHIP), abi.encodeCall(MEMBERSHIP.setMaturity, (pace)));
        }
        uint256 delay = sane ? Dice.between(dice, 1 days, 30 days) : Dice.below(dice, type(uint64).max);
        return (address(TIMELOCK), abi.encodeCall(TIMELOCK.updateDelay, (delay)));
    }

    function _vote(address key, Watch storage watched, uint8 support, bool bySignature) private {
        Ballot storage last = _ballots[watched.decision.id][numbers[key]];
        // What was cast in person no signature replaces.
        bool may = _mayVote(key, watched) && support < 3 && (!bySignature || last.receipt == 0 || last.bySignature);
        // What turns the outcome in the last stretch moves the close, once.
        uint256 id = watched.decision.id;
        bool late = !watched.extended && block.timestamp + watched.rules.extension > watched.deadline;
        bool passed = late && may && _passes(watched);
        bool success =
            bySignature
                ? _voteSigned(key, id, support)
                : _try(key, address(GOVERNOR), abi.encodeCall(GOVERNOR.castVote, (id, support)));
        if (success != may) _violate("a ballot counted, or refused, against the rule");
        if (!success) return;
        if (last.receipt != 0) ++done[Kind.ChangeVote];
        if (last.receipt != 0 && last.key != key) ++done[Kind.VoteAfterRotation];
        (last.receipt, last.key, last.bySignature) = (uint256(support) + 1, key, bySignature);
        if (late && _passes(watched) != passed) {
            (watched.deadline, watched.extended) = (block.timestamp + watched.rules.extension, true);
            ++done[Kind.Extend];
        }
        _did(bySignature ? Kind.VoteBySig : Kind.Vote);
    }

    function _passes(Watch storage watched) private view returns (bool) {
        return Verdict.passes(watched.rules, electorateAt(watched.snapshot), tableOf(watched.decision.id));
    }

    function _mayVote(address key, Watch storage watched) private view returns (bool) {
        bool open = block.timestamp > watched.snapshot && block.timestamp <= watched.deadline;
        if (!open || watched.lastState == IGovernor.ProposalState.Canceled) return false;
        return numbers[key] != 0 && _entries[numbers[key]].votesFrom <= watched.snapshot;
    }

    function _voteSigned(address key, uint256 id, uint8 support) private returns (bool success) {
        bytes memory message = _ballotMessage(id, support, key, GOVERNOR.nonces(key));
        bytes memory signature = _sign(_privateKeys[key], "Governor", address(GOVERNOR), message);
        bytes memory data = abi.encodeCall(GOVERNOR.castVoteBySig, (id, support, key, signature));
        success = _try(address(this), address(GOVERNOR), data);
        if (success) _signed.push(Signed(id, support, key, signature));
    }

    /// @dev Nearly everyone who may votes, mostly For.
    function _fill(Watch storage watched, uint256 seed) private {
        Dice.Stream memory dice = Dice.from(seed);
        uint256 favour = 4 + Dice.below(dice, 10);
        for (uint256 i; i < KEYS; ++i) {
            if (Dice.below(dice, 10) == 0) continue;
            uint256 roll = Dice.below(dice, favour);
            uint8 support = roll == 0 ? 0 : 1;
            _vote(keys[i], watched, roll == 1 ? 2 : support, false);
        }
    }

    /// @dev Late in the vote members change their ballots until the outcome turns, if it does.
    function _turn(Watch storage watched, uint256 seed) private {
        uint256 stretch = watched.rules.extension == 0 ? 1 hours : watched.rules.extension;
        uint256 when = watched.deadline - (seed % stretch);
        if (when > block.timestamp) VM.warp(when);
        bool passed = _passes(watched);
        for (uint256 i; i < KEYS && _passes(watched) == passed; ++i) {
            _vote(keys[i], watched, passed ? 0 : 1, false);
        }
    }

    function _interfere(Watch storage watched, bool cancels) private {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _lists(watched.decision);
        bytes32 digest = keccak256(bytes(watched.decision.description));
        bytes memory data =
            cancels
                ? abi.encodeCall(GUARDIAN.cancel, (targets, values, calldatas, digest, "reason"))
                : abi.encodeCall(GUARDIAN.delay, (targets, values, calldatas, digest, "reason"));
        IGovernor.ProposalState state = GOVERNOR.state(watched.decision.id);
        bool may =
            cancels
                ? state == IGovernor.ProposalState.Succeeded || state == IGovernor.ProposalState.Queued
                : state == IGovernor.ProposalState.Queued && !watched.postponed;
        if (block.timestamp > GUARDIAN.sunset()) may = false;
        bool success = _try(GUARDIAN_KEY, address(GUARDIAN), data);
        if (success != may) _violate("the guardian's act, or its refusal, against the rule");
        if (!success) return;
        _did(cancels ? Kind.Veto : Kind.Postpone);
        if (cancels) {
            watched.lastState = IGovernor.ProposalState.Canceled;
        } else {
            (watched.eta, watched.postponed) = (watched.eta + watched.rules.delay, true);
        }
    }

    function _queue(Watch storage watched) private {
        uint256 id = watched.decision.id;
        bool may = GOVERNOR.state(id) == IGovernor.ProposalState.Succeeded;
        bool inTime = block.timestamp > watched.deadline && block.timestamp <= watched.deadline + watched.rules.grace;
        uint256 delay = TIMELOCK.getMinDelay();
        if (delay < watched.rules.delay) delay = watched.rules.delay;
        bool success = _try(keys[0], address(GOVERNOR), _queueCall(watched.decision));
        if (success != may || (success && !inTime)) _violate("queued, or not, against the rule");
        if (!success) return;
        watched.eta = block.timestamp + delay;
        watched.lastState = IGovernor.ProposalState.Queued;
        _did(Kind.Queue);
    }

    function _execute(Watch storage watched) private {
        bool may =
            watched.eta != 0 &&
                watched.executedAt == 0 &&
                watched.lastState != IGovernor.ProposalState.Canceled &&
                block.timestamp >= watched.eta &&
                block.timestamp <= watched.eta + watched.rules.grace;
        bool sane = _actionIsSane(watched);
        bytes memory data = _executeCall(watched.decision);
        REGISTER.arm(address(GOVERNOR), data);
        bool success = _try(keys[0], address(GOVERNOR), data);
        if (success != (may && sane)) _violate("executed, or not, against the rule");
        if (may && !sane) ++done[Kind.RefuseChange];
        if (!success) return;
        watched.executedAt = block.timestamp;
        watched.lastState = IGovernor.ProposalState.Executed;
        if (watched.subject != Subject.Note) ++done[Kind.ChangeRules];
        _did(Kind.Execute);
    }

    /// @dev Whether the action sets what the ranges allow.
    function _actionIsSane(Watch storage watched) private view returns (bool) {
        bytes memory data = watched.decision.data;
        bytes memory arguments = new bytes(data.length - 4);
        for (uint256 i; i < arguments.length; ++i) {
            arguments[i] = data[i + 4];
        }
        if (watched.subject == Subject.Rules) {
            uint256[] memory byGroup = electorateAt(block.timestamp - 1);
            uint256 members;
            for (uint256 i; i < GROUPS; ++i) {
                members += byGroup[i];
            }
            (DecisionRules.Class class, DecisionRules.Rules memory rules) = abi.decode(
                arguments,
                (DecisionRules.Class, DecisionRules.Rules)
            );
            return Ranges.allow(GOVERNOR, class, rules, members / 2);
        }
        if (watched.subject == Subject.Maturity) return Ranges.hold(abi.decode(arguments, (IMembership.Maturity)));
        if (watched.subject == Subject.Delay) return Ranges.hold(abi.decode(arguments, (uint256)));
        return true;
    }

    function _violate(string memory what) private {
        if (bytes(violation).length == 0) violation = what;
    }
}

/// @notice Properties 4, 7, 8, 9, 10, 12, 14 and 15 on real decisions, after every step of random histories.
contract CoalitionGovernorInvariantTest is CoalitionTest {
    using Dice for Dice.Stream;

    uint256 private constant GROUPS = 4;

    GovernorHandler private _handler;

    function setUp() public {
        _guardianKey = VM.addr(1_000);
        DecisionRules.Rules memory rules = _plainRules();
        (rules.extension, rules.concurrence, rules.concurrenceMembers) = (1 days, 1, 2);
        _found(
            IMembership.Maturity({waitingPeriod: 8 days, epochLength: 1 days, epochShareBps: 1_000, epochFloor: 25}),
            rules,
            GROUPS
        );
        _handler = new GovernorHandler(_governor, _membership, GROUPS, CODE);
        _handler.foundCoalition();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice The run did do something: even the unluckiest has an eighth of its calls succeed.
    function afterInvariant() external view {
        assertTrue(_handler.acts() * 8 >= _handler.calls(), "calls that did something");
    }

    /// @notice Properties 4, 7, 8 and 12: electorate, groups heard, class, rules, hours and quorum of a decision are
    /// those of its opening and of its proposal, whatever was decided and whoever came or went since; its close moves
    /// by a late swing only, once, to just the rules' extension after it.
    function invariant_decisionsKeepElectorateAndRules() external view {
        _requireElectoratesAndRules();
    }

    /// @notice Properties 9 and 10: every tally is a recount of the receipts by group, every receipt is the last ballot
    /// of its number, and the outcome is what the frozen rules make of that.
    function invariant_talliesAreRecountsOfReceipts() external view {
        _requireTallies();
    }

    /// @notice Properties 10, 14 and 15: nothing runs early, twice, late or re-entered, nor what the guardian
    /// cancelled; parameters stay within their ranges and classes in their order; no signed ballot counts twice;
    /// whatever must be refused is.
    function invariant_nothingRunsOutsideItsHoursOrRanges() external view {
        _requireExecutions();
    }

    /// @notice Properties 4, 7, 8, 9, 10, 12, 14 and 15: they hold after histories longer than a campaign's.
    /// hardhat-config: fuzz.runs = 4
    function testFuzz_longHistories(uint256 seed) external {
        _live(seed, 200);
        _requireElectoratesAndRules();
        _requireTallies();
        _requireExecutions();
    }

    /// @notice Properties 4, 7, 8, 9, 10, 12, 14 and 15: no empty promise, for a few histories of the same handler take
    /// every kind of step, the rare ones too.
    function test_historiesTakeEveryKindOfStep() external {
        uint256 kinds = uint256(type(GovernorHandler.Kind).max) + 1;
        uint256[] memory done = new uint256[](kinds);
        for (uint256 history; history < 8; ++history) {
            setUp();
            _live(history, 200);
            for (uint256 kind; kind < kinds; ++kind) {
                done[kind] += _handler.done(GovernorHandler.Kind(kind));
            }
        }
        for (uint256 kind; kind < kinds; ++kind) {
            assertTrue(done[kind] >= 3, "every kind of step");
        }
    }

    function _live(uint256 seed, uint256 steps) private {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 i; i < steps; ++i) {
            _step(dice);
        }
    }

    function _step(Dice.Stream memory dice) private {
        (uint256 a, uint256 b) = (dice.below(type(uint32).max), dice.below(type(uint32).max));
        uint256 part = dice.below(5);
        if (part == 0) _comeAndGo(dice.below(4), a, b);
        else if (part == 1) _ballot(dice.below(4), a, b);
        else _stage(dice.below(14), a, b);
    }

    function _comeAndGo(uint256 action, uint256 a, uint256 b) private {
        if (action == 0) _handler.resign(a);
        else if (action == 1) _handler.rotate(a, b, a >> 8);
        else _handler.join(a);
    }

    function _ballot(uint256 action, uint256 a, uint256 b) private {
        if (action == 0) _handler.voteBySig(a, b, uint8(a >> 8));
        else if (action == 1) _handler.replay(a, b);
        else _handler.vote(a, b, uint8(a >> 8));
    }

    function _stage(uint256 action, uint256 a, uint256 b) private {
        if (action <= 1) _handler.propose(a, b);
        else if (action <= 3) _handler.cancel(a, b);
        else if (action == 4) _handler.tryQueue(a);
        else if (action == 5) _handler.tryExecute(a);
        else if (action == 6) _handler.pass(uint32(a));
        else if (action == 7) _handler.interfere(a, b);
        else _handler.advance(a, b);
    }

    function _requireElectoratesAndRules() private view {
        for (uint256 i; i < _handler.watchCount(); ++i) {
            GovernorHandler.Watch memory watched = _handler.watchAt(i);
            uint256 id = watched.decision.id;
            (DecisionRules.Class class, DecisionRules.Rules memory rules) = _governor.proposalRules(id);
            assertTrue(class == watched.class, "class of a decision");
            assertTrue(keccak256(abi.encode(rules)) == keccak256(abi.encode(watched.rules)), "rules of a decision");
            assertEq(_governor.proposalSnapshot(id), watched.snapshot, "opening");
            assertEq(_governor.proposalDeadline(id), watched.deadline, "close");
            uint256 moved = watched.deadline - watched.snapshot - watched.rules.period;
            assertTrue(watched.extended ? moved <= watched.rules.extension : moved == 0, "moved by a bound");
            if (block.timestamp > watched.snapshot) _requireFrame(watched);
        }
    }

    function _requireFrame(GovernorHandler.Watch memory watched) private view {
        uint256[] memory byGroup = _handler.electorateAt(watched.snapshot);
        (uint256 members, uint256 large) = (0, 0);
        for (uint256 group; group < GROUPS; ++group) {
            members += byGroup[group];
            if (byGroup[group] >= watched.rules.concurrenceMembers) large |= 1 << group;
        }
        (uint256 electorate, uint256 heard, uint256 quorum, bool extended) = _governor.proposalFrame(
            watched.decision.id
        );
        assertEq(electorate, members, "electorate");
        assertEq(heard, large, "groups heard");
        assertEq(quorum, Verdict.quorum(watched.rules, members), "quorum");
        assertTrue(extended == watched.extended, "extended");
    }

    function _requireTallies() private view {
        for (uint256 i; i < _handler.watchCount(); ++i) {
            GovernorHandler.Watch memory watched = _handler.watchAt(i);
            _requireTally(watched.decision.id);
            IGovernor.ProposalState state = _governor.state(watched.decision.id);
            if (block.timestamp <= watched.deadline || state == IGovernor.ProposalState.Canceled) continue;
            bool passed = Verdict.passes(
                watched.rules,
                _handler.electorateAt(watched.snapshot),
                _handler.tableOf(watched.decision.id)
            );
            assertTrue((state != IGovernor.ProposalState.Defeated) == passed, "outcome");
        }
    }

    function _requireTally(uint256 id) private view {
        uint256[3] memory sums;
        uint256[3][] memory table = new uint256[3][](GROUPS);
        for (uint256 number = 1; number <= _handler.lastNumber(); ++number) {
            uint256 receipt = _governor.receiptOf(id, number);
            assertEq(receipt, _handler.ballot(id, number), "last ballot of a number");
            if (receipt != 0) ++table[_handler.entry(number).group][receipt - 1];
        }
        for (uint256 group; group < GROUPS; ++group) {
            (uint256 a, uint256 f, uint256 n) = _governor.proposalVotesByGroup(id, group);
            uint256[3] memory row = table[group];
            assertTrue(a == row[0] && f == row[1] && n == row[2], "tally of a group");
            sums = [sums[0] + a, sums[1] + f, sums[2] + n];
        }
        (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) = _governor.proposalVotes(id);
        assertTrue(againstVotes == sums[0] && forVotes == sums[1] && abstainVotes == sums[2], "tally");
    }

    function _requireExecutions() private view {
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
        Register register = _handler.REGISTER();
        assertTrue(!register.reentered(), "re-entered");
        for (uint256 i; i < _handler.watchCount(); ++i) {
            GovernorHandler.Watch memory watched = _handler.watchAt(i);
            bool note = watched.subject == GovernorHandler.Subject.Note;
            if (note) assertEq(register.runs(i), watched.executedAt == 0 ? 0 : 1, "runs of a decision");
            if (watched.executedAt == 0) continue;
            if (note) assertEq(register.ranAt(i), watched.executedAt, "moment of its run");
            assertTrue(_governor.state(watched.decision.id) == IGovernor.ProposalState.Executed, "executed for good");
            assertTrue(watched.executedAt >= watched.eta, "early");
            assertTrue(watched.executedAt <= watched.eta + watched.rules.grace, "late");
        }
        // Half of an electorate that has shrunk since may be below a floor set earlier: its limit is judged when it is
        // set, by the handler.
        for (uint256 i; i < 5; ++i) {
            DecisionRules.Class class = DecisionRules.Class(i);
            DecisionRules.Rules memory rules = _governor.rules(class);
            assertTrue(Ranges.hold(rules, class, type(uint16).max, GROUPS), "rules in force");
            assertTrue(Ranges.fit(_governor, class, rules), "classes in order");
        }
        assertTrue(Ranges.hold(_membership.maturity()), "maturity in force");
        assertTrue(Ranges.hold(_timelock.getMinDelay()), "delay in force");
    }
}
