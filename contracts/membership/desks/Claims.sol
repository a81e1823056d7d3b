// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IMembership} from "../IMembership.sol";
import {IAffiliations} from "./IAffiliations.sol";
import {IClaims} from "./IClaims.sol";
import {RollDesk} from "./RollDesk.sol";

/// @title Claims
/// @notice See {IClaims}.
/// @dev What is kept of a challenge is what people did: `state` is Open, Raised, Upheld or Dismissed. That one lapses
/// follows from the time and from what the member claims now, see {_stateOf}.
contract Claims is IClaims, RollDesk {
    uint256 private constant MAX_COOLDOWN = 730 days;
    uint256 private constant MAX_WINDOW = 180 days;
    uint256 private constant MAX_CHALLENGERS = 100;
    /// @dev In which the members decide on a challenge that was raised.
    uint256 private constant DECISION_TIME = 180 days;

    bytes32 private constant CHANGE_GROUP_TYPEHASH = keccak256(
        "ChangeGroup(address account,uint8 group,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant CHALLENGE_TYPEHASH = keccak256(
        "Challenge(address account,uint256 number,uint8 kind,uint256 value,bytes32 reason,"
        "uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant SUPPORT_TYPEHASH = keccak256(
        "Support(address account,uint256 id,uint256 nonce,uint256 deadline)"
    );

    Rules private _rules;
    uint256 private _lastChallenge;
    mapping(uint256 id => Challenge) private _challenges;
    mapping(uint256 id => mapping(uint256 number => bool)) private _supported;
    /// @dev The last challenge of a member's claim.
    mapping(uint256 number => mapping(Claim kind => uint256 id)) private _challengeOf;
    /// @dev The last challenge that a member opened.
    mapping(uint256 opener => uint256 id) private _challengeBy;
    /// @dev By claim: until when it is protected by a dismissal.
    mapping(uint256 number => mapping(Claim kind => mapping(uint256 value => uint256))) private _settledUntil;
    /// @dev When a member's group changed last; 0 if it never did.
    mapping(uint256 number => uint48) private _groupChangedAt;

    /// @param name_ See {SignedRequests}.
    /// @param firstRules See {IClaims-Rules} for meaning and ranges.
    constructor(string memory name_, Rules memory firstRules) RollDesk(name_) {
        _setRules(firstRules);
    }

    /// @inheritdoc IClaims
    function changeGroup(uint8 group) external {
        _changeGroup(msg.sender, group);
    }

    /// @inheritdoc IClaims
    function changeGroupBySig(address account, uint8 group, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(CHANGE_GROUP_TYPEHASH, account, group, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _changeGroup(account, group);
    }

    /// @inheritdoc IClaims
    function challenge(uint256 number, Claim kind, uint256 value, bytes32 reason) external returns (uint256) {
        return _challenge(msg.sender, number, kind, value, reason);
    }

    /// @inheritdoc IClaims
    function challengeBySig(
        address account,
        uint256 number,
        Claim kind,
        uint256 value,
        bytes32 reason,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256) {
        bytes32 structHash = _hashChallenge(account, number, kind, value, reason, deadline);
        _requireSignature(account, structHash, deadline, signature);
        return _challenge(account, number, kind, value, reason);
    }

    /// @inheritdoc IClaims
    function support(uint256 id) external {
        _support(msg.sender, id);
    }

    /// @inheritdoc IClaims
    function supportBySig(address account, uint256 id, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(SUPPORT_TYPEHASH, account, id, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _support(account, id);
    }

    /// @inheritdoc IClaims
    function uphold(uint256 id, uint256 value) external onlyTimelock {
        Challenge storage entry = _requireState(id, State.Raised);
        (uint256 number, Claim kind) = (entry.number, entry.kind);
        if (value == entry.value) revert ClaimsUnchanged(number, kind, value);
        entry.state = State.Upheld;
        emit ChallengeUpheld(id, value);
        if (kind == Claim.Affiliation) {
            _affiliations().impose(number, value);
        } else {
            uint256 count = roll().membersByGroup().length;
            if (value >= count) revert IMembership.MembershipUnknownGroup(value, count);
            _moveGroup(number, uint8(value));
        }
    }

    /// @inheritdoc IClaims
    function dismiss(uint256 id) external onlyTimelock {
        Challenge storage entry = _requireState(id, State.Raised);
        entry.state = State.Dismissed;
        uint256 moment = block.timestamp + entry.cooldown;
        _settledUntil[entry.number][entry.kind][entry.value] = moment;
        emit ChallengeDismissed(id, moment);
    }

    /// @inheritdoc IClaims
    function setRules(Rules calldata newRules) external onlyTimelock {
        _setRules(newRules);
        _requireParameters();
    }

    /// @inheritdoc IClaims
    function challengeOf(uint256 id) external view returns (Challenge memory entry) {
        entry = _challenges[id];
        entry.state = _stateOf(id);
    }

    /// @inheritdoc IClaims
    function openChallenge(uint256 number, Claim kind) public view returns (uint256) {
        return _ifPending(_challengeOf[number][kind]);
    }

    /// @inheritdoc IClaims
    function challengeBy(uint256 opener) public view returns (uint256) {
        return _ifPending(_challengeBy[opener]);
    }

    /// @inheritdoc IClaims
    function hasSupported(uint256 id, uint256 number) external view returns (bool) {
        return _supported[id][number];
    }

    /// @inheritdoc IClaims
    function lastChallenge() external view returns (uint256) {
        return _lastChallenge;
    }

    /// @inheritdoc IClaims
    function challengeableAt(uint256 number, Claim kind, uint256 value) public view returns (uint256) {
        return _settledUntil[number][kind][value];
    }

    /// @inheritdoc IClaims
    function groupChangeableAt(uint256 number) public view returns (uint256) {
        return Math.max(roll().member(number).joinedAt, _groupChangedAt[number]) + _rules.cooldown;
    }

    /// @inheritdoc IClaims
    function rules() external view returns (Rules memory) {
        return _rules;
    }

    /// @inheritdoc RollDesk
    function _requireParameters() internal view override {
        Rules memory current = _rules;
        _requireRange("cooldown", current.cooldown, _floor(), MAX_COOLDOWN);
        _requireRange("window", current.window, _floor(), MAX_WINDOW);
        _requireRange("challengers", current.challengers, 2, MAX_CHALLENGERS);
    }

    function _changeGroup(address account, uint8 group) private {
        uint256 number = _requireMember(account);
        if (group == roll().member(number).group) revert ClaimsUnchanged(number, Claim.Group, group);
        uint256 moment = groupChangeableAt(number);
        if (block.timestamp < moment) revert ClaimsTooEarly(number, moment);
        uint256 id = _challengeOf[number][Claim.Group];
        if (_stateOf(id) == State.Raised) revert ClaimsUnderChallenge(number, id);
        _moveGroup(number, group);
    }

    function _moveGroup(uint256 number, uint8 group) private {
        _groupChangedAt[number] = uint48(block.timestamp);
        _operations().moveGroup(number, group);
    }

    function _challenge(
        address account,
        uint256 number,
        Claim kind,
        uint256 value,
        bytes32 reason
    ) private returns (uint256 id) {
        (uint256 opener, ) = _requireVoter(account);
        _requireChallengeable(opener, number, kind, value);
        if (reason == 0) revert ClaimsReasonMissing();
        Rules memory current = _rules;
        id = ++_lastChallenge;
        // Numbers, and the values that are claimed, are 32 bits at the most: the roll gives them out.
        _challenges[id] = Challenge({
            number: uint32(number),
            kind: kind,
            state: State.Open,
            value: uint32(value),
            opener: uint32(opener),
            openedAt: uint48(block.timestamp),
            windowEnd: uint48(block.timestamp + current.window),
            raisedAt: 0,
            cooldown: current.cooldown,
            challengers: current.challengers,
            supporters: 1,
            reason: reason
        });
        _supported[id][opener] = true;
        _challengeOf[number][kind] = id;
        _challengeBy[opener] = id;
        emit ChallengeOpened(id, number, opener, kind, value, reason);
    }

    /// @dev Uses up the challenger's nonce.
    function _hashChallenge(
        address account,
        uint256 number,
        Claim kind,
        uint256 value,
        bytes32 reason,
        uint256 deadline
    ) private returns (bytes32) {
        uint256 nonce = _useNonce(account);
        return keccak256(abi.encode(CHALLENGE_TYPEHASH, account, number, kind, value, reason, nonce, deadline));
    }

    function _support(address account, uint256 id) private {
        Challenge storage entry = _requireState(id, State.Open);
        (uint256 supporter, ) = _requireVoter(account);
        if (supporter == entry.number) revert ClaimsOwnClaim(supporter);
        if (_supported[id][supporter]) revert ClaimsAlreadySupported(id, supporter);
        (bool counted, ) = roll().countedAt(supporter, entry.openedAt);
        if (!counted) revert ClaimsSupporterTooNew(id, supporter, entry.openedAt);
        _supported[id][supporter] = true;
        uint16 supporters = ++entry.supporters;
        emit ChallengeSupported(id, supporter, supporters);
        if (supporters == entry.challengers) {
            entry.state = State.Raised;
            entry.raisedAt = uint48(block.timestamp);
            emit ChallengeRaised(id);
        }
    }

    function _setRules(Rules memory newRules) private {
        emit ClaimRulesChanged(_rules, newRules);
        _rules = newRules;
    }

    /// @dev Reverts unless a member may open a challenge of this claim now.
    function _requireChallengeable(uint256 opener, uint256 number, Claim kind, uint256 value) private view {
        if (opener == number) revert ClaimsOwnClaim(number);
        IMembership.Member memory member = _requireActive(number);
        if (kind == Claim.Affiliation && member.organisation) revert ClaimsNotPerson(number);
        uint256 claimed = _claimed(member, kind);
        if (value != claimed) revert ClaimsOtherClaim(number, kind, value, claimed);
        uint256 moment = challengeableAt(number, kind, value);
        if (block.timestamp < moment) revert ClaimsSettled(number, kind, value, moment);
        uint256 pending = openChallenge(number, kind);
        if (pending != 0) revert ClaimsAlreadyChallenged(number, kind, pending);
        pending = challengeBy(opener);
        if (pending != 0) revert ClaimsAlreadyChallenging(opener, pending);
    }

    function _requireState(uint256 id, State needed) private view returns (Challenge storage entry) {
        State current = _stateOf(id);
        if (current != needed) revert ClaimsUnexpectedState(id, current, needed);
        entry = _challenges[id];
    }

    /// @dev Final states are final: what makes a challenge lapse is never undone.
    function _stateOf(uint256 id) private view returns (State) {
        Challenge storage entry = _challenges[id];
        State state = entry.state;
        if (state != State.Open && state != State.Raised) return state;
        uint256 end = state == State.Open ? entry.windowEnd : entry.raisedAt + DECISION_TIME;
        return block.timestamp >= end || !_stands(entry) ? State.Lapsed : state;
    }

    /// @dev Whether the challenged member still makes the claim. One that was changed and changed back is another.
    function _stands(Challenge storage entry) private view returns (bool) {
        (uint256 number, Claim kind) = (entry.number, entry.kind);
        IMembership.Member memory member = roll().member(number);
        if (member.status != IMembership.MemberStatus.Active || _claimed(member, kind) != entry.value) return false;
        uint256 changedAt = kind == Claim.Group ? _groupChangedAt[number] : _affiliations().changedAt(number);
        return changedAt <= entry.openedAt;
    }

    function _ifPending(uint256 id) private view returns (uint256) {
        State state = _stateOf(id);
        return state == State.Open || state == State.Raised ? id : 0;
    }

    /// @dev What a member claims now, see {IClaims-Claim}.
    function _claimed(IMembership.Member memory member, Claim kind) private view returns (uint256) {
        return kind == Claim.Group ? member.group : _affiliations().organisationOf(member.number);
    }

    function _affiliations() private view returns (IAffiliations) {
        return IAffiliations(_operations().desks().affiliations);
    }
}
