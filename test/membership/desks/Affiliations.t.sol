// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../../../contracts/membership/IMembership.sol";
import {Assembly} from "../../helpers/Assembly.sol";
import {Dice} from "../../helpers/Dice.sol";
import {Signing} from "../../helpers/Signing.sol";

/// @notice Affiliations over random histories: whatever persons, organisations and the members do, once everybody is
/// settled each vote is where the rule wants it, and the electorate is the sum of those who count.
/// @dev Checks come after every few steps: what is read takes the runner's memory.
contract AffiliationsTest is Assembly, Signing {
    using Dice for Dice.Stream;

    uint256 private constant PERSONS = 6;
    uint256 private constant ORGANISATIONS = 3;
    uint256 private constant MEMBERS = PERSONS + ORGANISATIONS;
    uint256 private constant OWNER = 1_000;
    uint256 private constant STEPS = 24;
    uint256 private constant KINDS = 8;

    /// @dev The record apart from the contract: by person's number, the organisation.
    mapping(uint256 number => uint256 organisation) private _claimed;
    mapping(uint256 kind => uint256) private _done;
    uint256 private _represented;
    uint256 private _apart;

    function setUp() external {
        _begin();
    }

    /// @notice Property 3: with votes paused and given back, the sum is right at every moment, and an organisation
    /// never counts together with persons whom it represents.
    function testFuzz_votesFollowAffiliations(uint256 seed) external {
        _run(seed);
    }

    /// @notice Property 3: the same over histories that are always the same, and proof that they do every kind of
    /// thing.
    function test_votesFollowAffiliationsOverManyHistories() external {
        for (uint256 seed; seed < 7; ++seed) {
            _begin();
            _run(seed);
        }
        for (uint256 kind; kind < KINDS; ++kind) {
            assertTrue(_done[kind] > 0, "every kind of step was taken");
        }
        assertTrue(_represented > 10, "votes were paused");
        assertTrue(_apart > 5, "persons and organisations both voted");
    }

    /// @dev Founds a coalition of persons and organisations whose votes are mature.
    function _begin() private {
        delete _members;
        for (uint256 number = 1; number <= PERSONS; ++number) {
            _claimed[number] = 0;
        }
        _oneVoice = true;
        _assemble(PERSONS, 2, _plainRules());
        for (uint256 number = PERSONS + 1; number <= MEMBERS; ++number) {
            _joinOrganisation(number);
        }
        VM.warp(_membership.member(MEMBERS).votesFrom);
    }

    function _run(uint256 seed) private {
        Dice.Stream memory dice = Dice.from(seed);
        for (uint256 step; step < STEPS; ++step) {
            uint256 kind = dice.below(KINDS);
            if (_act(kind, dice)) ++_done[kind];
            if (dice.below(2) == 0) VM.warp(block.timestamp + dice.between(1, 20 days));
            if (step % 8 != 7) continue;
            _settleAll();
            _check();
        }
    }

    function _act(uint256 kind, Dice.Stream memory dice) private returns (bool) {
        uint256 number = dice.between(1, PERSONS);
        uint256 organisation = dice.between(PERSONS + 1, MEMBERS);
        if (kind == 0) return _affiliate(number, organisation);
        if (kind == 1) return _affiliate(_claimant(number), 0);
        if (kind == 2) return _disown(organisation, _claimant(number));
        if (kind == 3) return _impose(number, dice.below(2) == 0 ? 0 : organisation);
        if (kind == 4) return _pause(dice.between(1, MEMBERS), true);
        if (kind == 5) return _pause(dice.between(1, MEMBERS), false);
        if (kind == 6) {
            bytes memory call = abi.encodeCall(_affiliations.setRule, (dice.below(4) != 0, 8 days));
            return _try(address(_timelock), address(_affiliations), call);
        }
        // Who leaves is gone for the rest of the history, so it is rare.
        if (dice.below(3) != 0) return false;
        return _try(_key(dice.between(1, MEMBERS)), address(_membership), abi.encodeCall(_membership.resign, ()));
    }

    function _affiliate(uint256 number, uint256 organisation) private returns (bool done) {
        bool may = block.timestamp >= _affiliations.changeableAt(number);
        done = _try(_key(number), address(_affiliations), abi.encodeCall(_affiliations.affiliate, (organisation)));
        if (!done) return false;
        assertTrue(may, "only after the cooldown");
        _claimed[number] = organisation;
    }

    function _disown(uint256 organisation, uint256 number) private returns (bool done) {
        bytes memory call = abi.encodeCall(_affiliations.disown, (number));
        done = _try(_key(organisation), address(_affiliations), call);
        if (!done) return false;
        assertEq(_claimed[number], organisation, "disowned by the organisation that was claimed");
        _claimed[number] = 0;
    }

    function _impose(uint256 number, uint256 organisation) private returns (bool done) {
        bytes memory call = abi.encodeCall(_affiliations.impose, (number, organisation));
        done = _try(address(_claims), address(_affiliations), call);
        if (done) _claimed[number] = organisation;
    }

    /// @dev As the desk for confirmations does with a member who has not confirmed.
    function _pause(uint256 number, bool paused) private returns (bool) {
        bool before = _membership.member(number).pauses & 2 != 0;
        return
            before != paused &&
            _try(
                address(_confirmations),
                address(_membership),
                abi.encodeCall(_membership.setPaused, (number, paused))
            );
    }

    function _settleAll() private {
        uint256[] memory numbers = new uint256[](PERSONS);
        for (uint256 i; i < PERSONS; ++i) {
            numbers[i] = i + 1;
            if (_membership.member(i + 1).status != IMembership.MemberStatus.Active) _claimed[i + 1] = 0;
        }
        _affiliations.settle(numbers);
    }

    function _check() private {
        (bool oneVoice, ) = _affiliations.rule();
        uint256[] memory counts = new uint256[](MEMBERS + 1);
        for (uint256 number = 1; number <= PERSONS; ++number) {
            uint256 organisation = _claimed[number];
            ++counts[organisation];
            assertEq(_affiliations.organisationOf(number), organisation, "organisation");
            bool expected = oneVoice && organisation != 0 && _canVote(organisation);
            assertTrue(_affiliations.isRepresented(number) == expected, "represented");
            IMembership.Member memory person = _membership.member(number);
            bool paused = person.pauses & 4 != 0;
            assertTrue(paused == expected, "paused as represented");
            if (paused) ++_represented;
            else if (organisation != 0) ++_apart;
        }
        for (uint256 organisation = PERSONS + 1; organisation <= MEMBERS; ++organisation) {
            assertEq(_affiliations.affiliatedCount(organisation), counts[organisation], "count");
        }
        _checkElectorate(oneVoice);
    }

    function _checkElectorate(bool oneVoice) private {
        uint48 moment = uint48(block.timestamp);
        VM.warp(moment + 1);
        uint256 sum;
        for (uint256 number = 1; number <= MEMBERS; ++number) {
            (bool counted, ) = _membership.countedAt(number, moment);
            if (!counted) continue;
            ++sum;
            if (!oneVoice || _claimed[number] == 0) continue;
            (bool both, ) = _membership.countedAt(_claimed[number], moment);
            assertTrue(!both, "an organisation and a person that it represents");
        }
        assertEq(_membership.getPastTotalSupply(moment), sum, "electorate");
    }

    /// @dev The next person with an affiliation, if there is one: ends of affiliations are tried where there may be
    /// one.
    function _claimant(uint256 number) private view returns (uint256) {
        for (uint256 i; i < PERSONS; ++i) {
            uint256 next = ((number + i) % PERSONS) + 1;
            if (_claimed[next] != 0) return next;
        }
        return number;
    }

    function _canVote(uint256 organisation) private view returns (bool) {
        IMembership.Member memory entry = _membership.member(organisation);
        return entry.status == IMembership.MemberStatus.Active && entry.pauses == 0;
    }

    function _joinOrganisation(uint256 privateKey) private {
        address owner = VM.addr(OWNER);
        address representative = VM.addr(privateKey);
        bytes32 kind = keccak256("Own(address representative,address owner,uint256 nonce,uint256 deadline)");
        uint256 nonce = _affiliations.nonces(owner);
        bytes memory consent = _sign(
            OWNER,
            "Coalition",
            address(_affiliations),
            abi.encode(kind, representative, owner, nonce, type(uint256).max)
        );
        VM.prank(representative);
        _affiliations.joinAsOrganisation(0, CODE, "", owner, type(uint256).max, consent);
    }

    /// @dev The key of a number; nobody moves in these histories.
    function _key(uint256 number) private pure returns (address) {
        return VM.addr(number);
    }
}
