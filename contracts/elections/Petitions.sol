// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {SignedRequests} from "../libraries/SignedRequests.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IOffices} from "./IOffices.sol";

/// @title Petitions
/// @notice Extension of {Offices}: petitions for the recall of a holder, by members whose vote counted when they were
/// opened.
abstract contract Petitions is IOffices, SignedRequests {
    using BitMaps for BitMaps.BitMap;

    /// @dev A petition is about one term: another one of the same member has another beginning.
    struct Case {
        Petition petition;
        uint48 since;
        BitMaps.BitMap supporters;
    }

    uint256 private constant BASIS_POINTS = 10_000;
    uint256 private constant MIN_SUPPORTERS = 3;

    bytes32 private constant SUPPORT_TYPEHASH = keccak256(
        "SupportPetition(address account,uint256 petition,uint256 nonce,uint256 deadline)"
    );

    IMembership internal immutable ROLL;
    address internal immutable TIMELOCK;

    uint256 private _lastPetition;
    mapping(uint256 petition => Case) private _cases;
    /// @dev The last petition about a holder.
    mapping(uint256 office => mapping(uint256 number => uint256 petition)) private _lastAbout;

    constructor(IMembership roll) {
        (ROLL, TIMELOCK) = (roll, roll.timelock());
    }

    /// @inheritdoc IOffices
    function petition(uint256 office, uint256 number, bytes32 reason) external returns (uint256 id) {
        if (reason == 0) revert OfficesOutOfRange("reason", 0, 1, type(uint256).max);
        (uint48 since, uint48 until) = _termOf(office, number);
        uint256 last = _lastAbout[office][number];
        if (last != 0 && _cases[last].since == since && block.timestamp <= _cases[last].petition.until) {
            revert OfficesPetitionOpen(last);
        }
        Office memory definition = officeOf(office);
        id = ++_lastPetition;
        _lastAbout[office][number] = id;
        Case storage one = _cases[id];
        one.since = since;
        one.petition = Petition({
            office: office,
            number: number,
            openedAt: uint48(block.timestamp),
            until: uint48(Math.min(block.timestamp + definition.recallWindow, until - 1)),
            supporters: 0,
            needed: uint32(_needed(definition.recallBps)),
            reason: reason
        });
        (uint256 by, ) = _supporter(msg.sender, uint48(block.timestamp));
        emit PetitionOpened(id, office, number, by, one.petition.needed, reason);
        _support(id, msg.sender);
    }

    /// @inheritdoc IOffices
    function support(uint256 id) external {
        _support(id, msg.sender);
    }

    /// @inheritdoc IOffices
    function supportBySig(address account, uint256 id, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(SUPPORT_TYPEHASH, account, id, _useNonce(account), deadline));
        _requireSignature(account, structHash, deadline, signature);
        _support(id, account);
    }

    /// @inheritdoc IOffices
    function recall(uint256 id) external {
        if (msg.sender != TIMELOCK) revert OfficesUnauthorized(msg.sender, TIMELOCK);
        Petition memory one = petitionOf(id);
        if (one.supporters < one.needed) revert OfficesPetitionShort(id, one.supporters, one.needed);
        if (!_isTerm(one.office, one.number, _cases[id].since)) revert OfficesPetitionOver(id);
        _vacate(one.office, one.number, Departure.Recalled);
    }

    /// @inheritdoc IOffices
    function petitionOf(uint256 id) public view returns (Petition memory) {
        if (id == 0 || id > _lastPetition) revert OfficesUnknownPetition(id);
        return _cases[id].petition;
    }

    /// @inheritdoc IOffices
    function lastPetition() external view returns (uint256) {
        return _lastPetition;
    }

    /// @inheritdoc IOffices
    function officeOf(uint256 office) public view virtual returns (Office memory);

    /// @dev The present term of a holder; reverts for who holds no seat.
    function _termOf(uint256 office, uint256 number) internal view virtual returns (uint48 since, uint48 until);

    /// @dev Whether a member holds a seat in the term that began at a moment.
    function _isTerm(uint256 office, uint256 number, uint48 since) internal view virtual returns (bool);

    /// @dev Takes a seat away; reverts for who holds none.
    function _vacate(uint256 office, uint256 number, Departure why) internal virtual;

    function _support(uint256 id, address account) private {
        Petition memory one = petitionOf(id);
        if (block.timestamp > one.until || !_isTerm(one.office, one.number, _cases[id].since)) {
            revert OfficesPetitionOver(id);
        }
        (uint256 number, ) = _supporter(account, one.openedAt);
        BitMaps.BitMap storage supporters = _cases[id].supporters;
        if (supporters.get(number)) revert OfficesSupported(id, number);
        supporters.set(number);
        uint32 count = one.supporters + 1;
        _cases[id].petition.supporters = count;
        emit PetitionSupported(id, number, count);
    }

    /// @dev The member number of an account that may vote now and whose vote counted at a moment.
    function _supporter(address account, uint48 moment) private view returns (uint256, uint256) {
        (IMembership.Standing standing, uint256 number, uint8 group, uint48 explanation) = ROLL.standingOf(
            account,
            IMembership.Right.Vote,
            moment
        );
        if (standing != IMembership.Standing.Granted) {
            revert OfficesSupporterRefused(account, standing, explanation);
        }
        return (number, group);
    }

    /// @dev A share of the electorate of a second ago, rounded up.
    function _needed(uint256 shareBps) private view returns (uint256) {
        uint256 electorate = ROLL.getPastTotalSupply(block.timestamp - 1);
        return Math.max(MIN_SUPPORTERS, Math.mulDiv(electorate, shareBps, BASIS_POINTS, Math.Rounding.Ceil));
    }
}
