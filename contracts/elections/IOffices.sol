// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../membership/IMembership.sol";

/// @title IOffices
/// @notice The offices of a coalition: what each is for, who holds it, since when and until when. A term ends by
/// itself; who holds an office and who no longer does follows from the clock.
///
/// @dev Other organs ask {holds} and nothing more. Seats are given by {IElections} alone. What takes one away: the end
/// of the term, the holder's resignation, the holder's leaving the roll, and a recall: a petition by a share of the
/// electorate and then a decision of the members.
interface IOffices {
    /// @notice What becomes of a seat that is vacant before its term is over.
    enum Vacancy {
        /// The next runner-up of the last election takes it, if there is one.
        RunnerUp,
        /// It is filled by an election.
        ByElection
    }

    /// @notice An office. Changes affect later terms.
    struct Office {
        /// Digest (sha2-256) of its description; not zero.
        bytes32 description;
        /// 1 to 16.
        uint8 seats;
        /// Seconds: the coalition's shortest stage to 2,192 days.
        uint32 term;
        /// Terms that one member can hold it in a row; 0 for any number.
        uint8 termLimit;
        /// Holders of one stakeholder group, and of one organisation; 0 for any number.
        uint8 maxPerGroup;
        uint8 maxPerOrganisation;
        Vacancy vacancy;
        /// Share of the electorate that must support a petition for a recall, 500 to 5,000 basis points, rounded up,
        /// three members at the least; and for how many seconds a petition is open, from the coalition's shortest stage
        /// to 180 days.
        uint16 recallBps;
        uint32 recallWindow;
    }

    /// @notice A seat, in its present or last term. Moments in seconds since 1970.
    struct Seat {
        /// Member number of the holder; 0 if the seat was never filled.
        uint256 number;
        uint256 group;
        uint48 since;
        /// First second after the term.
        uint48 until;
        /// Terms of the holder in a row, this one included; where terms are not limited, those that are still known.
        uint256 terms;
        /// Whether the holder left the seat before the end of the term.
        bool vacated;
    }

    /// @notice A petition for a recall. It lasts to the end of the term that it is about.
    struct Petition {
        uint256 office;
        uint256 number;
        uint48 openedAt;
        /// Last second in which members support it.
        uint48 until;
        uint32 supporters;
        /// Supporters that it needs.
        uint32 needed;
        bytes32 reason;
    }

    /// @notice Why a seat became vacant before the end of its term.
    enum Departure {
        Resigned,
        Recalled,
        /// The holder is not on the roll any more.
        LeftRoll
    }

    event OfficeCreated(uint256 indexed office, Office definition);

    event OfficeChanged(uint256 indexed office, Office oldDefinition, Office newDefinition);

    /// @notice A member took a seat.
    /// @param seat Index of the seat.
    /// @param terms Terms in a row, see {Seat}.
    event SeatTaken(
        uint256 indexed office,
        uint256 indexed number,
        uint256 seat,
        uint48 since,
        uint48 until,
        uint256 terms
    );

    /// @notice A seat became vacant before the end of its term.
    event SeatVacated(uint256 indexed office, uint256 indexed number, uint256 seat, Departure why);

    /// @notice A member opened a petition.
    /// @param needed Supporters that it needs.
    event PetitionOpened(
        uint256 indexed petition,
        uint256 indexed office,
        uint256 indexed number,
        uint256 by,
        uint256 needed,
        bytes32 reason
    );

    event PetitionSupported(uint256 indexed petition, uint256 indexed by, uint256 supporters);

    /// @notice The contract that gives seats, for good.
    event ElectionsBound(address indexed elections);

    /// @notice There is no such office.
    error OfficesUnknown(uint256 office);

    /// @notice Only the timelock, or only the elections of the coalition, may call this.
    error OfficesUnauthorized(address caller, address expected);

    /// @notice The offices serve their elections already.
    error OfficesBound(address elections);

    /// @notice A parameter is out of its range.
    /// @param parameter Its name, as in {Office}, in ASCII.
    error OfficesOutOfRange(bytes32 parameter, uint256 value, uint256 min, uint256 max);

    /// @notice A seat with this index or a higher one is held; seats can be taken away once they are free.
    error OfficesSeatHeld(uint256 office, uint256 seat, uint48 until);

    /// @notice The member holds no seat of the office now.
    error OfficesNotHolder(uint256 office, uint256 number);

    /// @notice The member is on the roll: the seat is not vacant.
    error OfficesOnRoll(uint256 office, uint256 number);

    /// @notice As many seats as there are winners are not free.
    error OfficesNoFreeSeat(uint256 office);

    /// @notice There is no such petition.
    error OfficesUnknownPetition(uint256 petition);

    /// @notice The petition closed, or the term that it was about is over.
    error OfficesPetitionOver(uint256 petition);

    /// @notice The member has supported this petition.
    error OfficesSupported(uint256 petition, uint256 number);

    /// @notice The petition has fewer supporters than it needs.
    error OfficesPetitionShort(uint256 petition, uint256 supporters, uint256 needed);

    /// @notice The account may not support a petition, and why.
    error OfficesSupporterRefused(address account, IMembership.Standing standing, uint48 explanation);

    /// @notice A petition against this holder's term is open already.
    error OfficesPetitionOpen(uint256 petition);

    /// @notice Binds the offices to the elections that call it, once.
    function bind() external;

    /// @notice Creates an office. Only the timelock.
    /// @dev Emits {OfficeCreated}. Reverts with {OfficesUnauthorized}, {OfficesOutOfRange}.
    /// @return office Its number, from 1.
    function create(Office calldata definition) external returns (uint256 office);

    /// @notice Changes an office, for terms that begin later. Only the timelock.
    /// @dev Emits {OfficeChanged}. Reverts with {OfficesUnauthorized}, {OfficesUnknown}, {OfficesOutOfRange},
    /// {OfficesSeatHeld}.
    function change(uint256 office, Office calldata definition) external;

    /// @notice Gives free seats to winners, in their order: first those whose term runs longest. Only {IElections}.
    /// @dev A seat vacated before its time is held for the rest of its term, any other for a whole one. Emits
    /// {SeatTaken}. Reverts with {OfficesUnauthorized}, {OfficesUnknown}, {OfficesNoFreeSeat}.
    /// @param numbers Member numbers, and their groups beside them.
    function seat(uint256 office, uint256[] calldata numbers, uint256[] calldata groups) external;

    /// @notice Gives a seat that was vacated before its time to somebody for the rest of its term. Only {IElections}.
    /// @dev Emits {SeatTaken}. Reverts with {OfficesUnauthorized}, {OfficesUnknown}, {OfficesNoFreeSeat}.
    function seatForRest(uint256 office, uint256 number, uint256 group) external;

    /// @notice Leaves a seat. Its holder.
    /// @dev Emits {SeatVacated}. Reverts with {OfficesNotHolder}.
    function resign(uint256 office) external;

    /// @notice {resign} for a holder who signed `ResignOffice(address account,uint256 office,uint256 nonce,uint256
    /// deadline)`. Anyone may call and pay.
    function resignBySig(address account, uint256 office, uint256 deadline, bytes calldata signature) external;

    /// @notice Declares the seat of a member vacant who is not on the roll any more. Anyone may call.
    /// @dev Emits {SeatVacated}. Reverts with {OfficesNotHolder}, {OfficesOnRoll}.
    function vacate(uint256 office, uint256 number) external;

    /// @notice Opens a petition for the recall of a holder, and supports it. Any member who may vote.
    /// @dev Emits {PetitionOpened}, {PetitionSupported}. Reverts with {OfficesNotHolder}, {OfficesSupporterRefused},
    /// {OfficesPetitionOpen}, {OfficesOutOfRange} for a reason of zero.
    /// @param reason Digest (sha2-256) of the reason.
    /// @return petition Its number, from 1.
    function petition(uint256 office, uint256 number, bytes32 reason) external returns (uint256 petition);

    /// @notice Supports a petition. Members whose vote counted when it was opened.
    /// @dev Emits {PetitionSupported}. Reverts with {OfficesUnknownPetition}, {OfficesPetitionOver},
    /// {OfficesSupporterRefused}, {OfficesSupported}.
    function support(uint256 petition) external;

    /// @notice {support} for a member who signed `SupportPetition(address account,uint256 petition,uint256
    /// nonce,uint256 deadline)`. Anyone may call and pay.
    function supportBySig(address account, uint256 petition, uint256 deadline, bytes calldata signature) external;

    /// @notice Recalls the holder whom a petition is about, if it has the support that it needs. Only the timelock: the
    /// members have voted on it.
    /// @dev Emits {SeatVacated}. Reverts with {OfficesUnauthorized}, {OfficesUnknownPetition}, {OfficesPetitionShort},
    /// {OfficesPetitionOver}.
    function recall(uint256 petition) external;

    /// @notice Whether an account holds an office now. Never reverts.
    function holds(uint256 office, address account) external view returns (bool);

    /// @notice Whether the limit of terms lets a member stand for an office. Reverts with {OfficesUnknown}.
    function mayServe(uint256 office, uint256 number) external view returns (bool);

    /// @notice Seats that are free at a moment, as far as is known now.
    /// @return free How many.
    /// @return vacated How many of them were vacated before the end of a term that runs on at that moment.
    function freeSeats(uint256 office, uint48 moment) external view returns (uint256 free, uint256 vacated);

    /// @notice The seats of an office, in their present or last terms.
    function seatsOf(uint256 office) external view returns (Seat[] memory);

    /// @notice {seatsOf} in few words: how many seats there are, and {SeatWord} of each, two to a word.
    function rosterOf(uint256 office) external view returns (uint256 seats, uint256[] memory words);

    /// @notice An office. Reverts with {OfficesUnknown}.
    function officeOf(uint256 office) external view returns (Office memory);

    /// @notice How many offices were created; they are numbered from 1.
    function lastOffice() external view returns (uint256);

    /// @notice A petition. Reverts with {OfficesUnknownPetition}.
    function petitionOf(uint256 petition) external view returns (Petition memory);

    /// @notice How many petitions were opened; they are numbered from 1.
    function lastPetition() external view returns (uint256);

    /// @notice The contract that gives seats.
    function elections() external view returns (address);
}
