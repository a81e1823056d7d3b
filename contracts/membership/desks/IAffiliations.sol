// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRollDesk} from "./IRollDesk.sol";

/// @title IAffiliations
/// @notice Organisations on the roll, and the persons who say that they belong to one.
///
/// An organisation is a member like any other, with one vote. Two accounts stand for it: its *representative* holds
/// the member number, speaks and votes; its *owner* does neither, but replaces the representative when that person
/// changes. Either may be a contract. No act of this desk makes them one account, for then nobody could replace a
/// representative who is gone.
///
/// A person discloses with which organisation they are affiliated. What that means for the person's vote is the
/// coalition's rule: either both vote, or the organisation alone does, *one voice*, and the person's vote is paused
/// for as long.
///
/// @dev A vote is paused, and given back, in the very act that makes an affiliation or ends it. What changes without
/// an act of the person (the rule, an organisation that leaves, whose vote is paused, or resumed) is brought up to
/// date by {settle}, which anyone may call.
///
/// @dev Warning: until somebody settles them, persons vote as they did before such a change. Whoever wants a decision
/// to open on an electorate that follows the rule to the last vote settles during the decision's notice;
/// {isRepresented} says for whom there is something to settle.
interface IAffiliations is IRollDesk {
    /// @notice An organisation joined the roll.
    event OrganisationJoined(uint256 indexed organisation, address indexed representative, address indexed owner);

    /// @notice The owner of an organisation gave it another representative; the roll says that the key moved.
    event RepresentativeReplaced(uint256 indexed organisation, address indexed newKey);

    /// @notice An organisation has another owner.
    event OwnershipPassed(uint256 indexed organisation, address indexed oldOwner, address indexed newOwner);

    /// @notice A person's affiliation changed. 0 stands for none.
    event AffiliationChanged(uint256 indexed number, uint256 indexed oldOrganisation, uint256 indexed newOrganisation);

    /// @notice The members changed what an affiliation means, or how often it can change.
    event AffiliationRuleChanged(bool oldOneVoice, bool newOneVoice, uint32 oldCooldown, uint32 newCooldown);

    /// @notice Only the desk for claims of the same roll may call this.
    error AffiliationsUnauthorized(address caller, address claims);

    /// @notice An organisation's owner and its representative are two accounts.
    error AffiliationsOwnRepresentative(address account);

    /// @notice The account owns the organisation already.
    error AffiliationsSameOwner(uint256 organisation, address owner);

    /// @notice Only the owner of the organisation may do this, or sign for it.
    error AffiliationsNotOwner(uint256 organisation, address account, address owner);

    /// @notice The member is a person, not an organisation.
    error AffiliationsNotOrganisation(uint256 number);

    /// @notice The member is an organisation; organisations are not affiliated with others.
    error AffiliationsNotPerson(uint256 number);

    /// @notice The person's affiliation is this one already.
    error AffiliationsUnchanged(uint256 number, uint256 organisation);

    /// @notice The person is not affiliated with the member that the caller holds.
    /// @param organisation With which they are; 0 for none.
    error AffiliationsNotAffiliated(uint256 number, uint256 organisation);

    /// @notice The affiliation can be changed again from this moment on.
    error AffiliationsTooEarly(uint256 number, uint256 changeableAt);

    /// @notice The person's affiliation is before the members, who decide on it.
    /// @param id The challenge that was raised, see {IClaims}.
    error AffiliationsUnderChallenge(uint256 number, uint256 id);

    /// @notice {settle} takes 1 to `limit` numbers.
    error AffiliationsBatchSize(uint256 size, uint256 limit);

    /// @notice Joins the roll as an organisation. Called by its representative, who joins.
    /// @dev The owner consents by the EIP-712 message `Own(address representative,address owner,uint256 nonce,uint256
    /// deadline)` with its own `nonces(owner)`; a contract answers by ERC-1271. Emits {OrganisationJoined}, and emits
    /// and reverts like {IMembership-join}; reverts too with {AffiliationsOwnRepresentative},
    /// {SignedRequests-SignedRequestsExpired} and {SignedRequests-SignedRequestsInvalidSignature}.
    /// @param owner The account that can replace the representative; not the representative's own.
    /// @param deadline Last second at which the owner's consent is valid.
    /// @return organisation The member number.
    function joinAsOrganisation(
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        address owner,
        uint256 deadline,
        bytes calldata ownerSignature
    ) external returns (uint256 organisation);

    /// @notice {joinAsOrganisation} for a representative who signed `JoinAsOrganisation(address representative,address
    /// owner,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function joinAsOrganisationBySig(
        address representative,
        uint8 group,
        bytes32 codeDigest,
        bytes calldata evidence,
        address owner,
        uint256 deadline,
        bytes calldata representativeSignature,
        bytes calldata ownerSignature
    ) external returns (uint256 organisation);

    /// @notice Gives an organisation another representative. Only its owner. Number, group, vote and suspensions stay,
    /// the key alone changes; a representative who moved to another key meanwhile cannot escape it.
    /// @dev The new key consents by the EIP-712 message `Represent(uint256 number,address newKey,uint256 nonce,uint256
    /// deadline)` with its own nonce. Emits {RepresentativeReplaced}; the roll emits `Transfer` and
    /// {IMembership-KeyRotated}. Reverts with {RollDeskUnknownNumber}, {AffiliationsNotOrganisation},
    /// {AffiliationsNotOwner}, {AffiliationsOwnRepresentative}, {IMembership-MembershipAlreadyMember},
    /// {IMembership-MembershipKeyBarred} and like {joinAsOrganisation} for what was signed.
    function replaceRepresentative(
        uint256 organisation,
        address newKey,
        uint256 deadline,
        bytes calldata newKeySignature
    ) external;

    /// @notice {replaceRepresentative} for an owner who signed `ReplaceRepresentative(address owner,uint256
    /// number,address newKey,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function replaceRepresentativeBySig(
        address owner,
        uint256 organisation,
        address newKey,
        uint256 deadline,
        bytes calldata ownerSignature,
        bytes calldata newKeySignature
    ) external;

    /// @notice Passes an organisation on to another owner. Only its owner.
    /// @dev The new owner consents by the EIP-712 message `TakeOwnership(uint256 number,address newOwner,uint256
    /// nonce,uint256 deadline)` with its own nonce. Emits {OwnershipPassed}. Reverts with {RollDeskUnknownNumber},
    /// {AffiliationsNotOrganisation}, {AffiliationsNotOwner}, {AffiliationsSameOwner}, {AffiliationsOwnRepresentative}
    /// and like {joinAsOrganisation} for what was signed.
    function passOwnership(
        uint256 organisation,
        address newOwner,
        uint256 deadline,
        bytes calldata newOwnerSignature
    ) external;

    /// @notice {passOwnership} for an owner who signed `PassOwnership(address owner,uint256 number,address
    /// newOwner,uint256 nonce,uint256 deadline)`. Anyone may call and pay.
    function passOwnershipBySig(
        address owner,
        uint256 organisation,
        address newOwner,
        uint256 deadline,
        bytes calldata ownerSignature,
        bytes calldata newOwnerSignature
    ) external;

    /// @notice Discloses with which organisation the caller is affiliated, or that there is none (any more). Any
    /// person on the roll may call, for themselves, unless a challenge of the affiliation was raised: then the members
    /// decide. Where one voice is the rule, the caller's vote is paused, or resumed, at once, for decisions opened
    /// later.
    /// @dev A participant who is represented cannot be qualified until that ends. Emits {AffiliationChanged}; the roll
    /// emits {IMembership-VotePaused} or {IMembership-VoteResumed}. Reverts with {RollDeskNotMember},
    /// {AffiliationsNotPerson}, {AffiliationsUnchanged}, {AffiliationsTooEarly}, {AffiliationsUnderChallenge},
    /// {RollDeskUnknownNumber}, {AffiliationsNotOrganisation}.
    /// @param organisation A member number of an organisation on the roll; 0 for none.
    function affiliate(uint256 organisation) external;

    /// @notice {affiliate} for a person who signed `Affiliate(address account,uint256 organisation,uint256
    /// nonce,uint256 deadline)`. Anyone may call and pay.
    function affiliateBySig(address account, uint256 organisation, uint256 deadline, bytes calldata signature) external;

    /// @notice Ends the affiliation of a person with the organisation that the caller represents. What the members
    /// decided can be disowned only once the person could change it too.
    /// @dev It leaves the person's cooldown as it is. A challenge of the affiliation falls with it, a raised one too:
    /// what the person claims then is another claim. Emits {AffiliationChanged}. Reverts with {RollDeskNotMember},
    /// {AffiliationsNotAffiliated}, {AffiliationsTooEarly}.
    function disown(uint256 number) external;

    /// @notice {disown} for a representative who signed `Disown(address account,uint256 number,uint256 nonce,uint256
    /// deadline)`. Anyone may call and pay.
    function disownBySig(address account, uint256 number, uint256 deadline, bytes calldata signature) external;

    /// @notice Brings the votes of persons in line with the rule and with what became of their organisations, and
    /// drops the affiliation of whoever left the roll. Anyone may call, for anyone, and again: what is in line stays
    /// as it is.
    /// @dev The roll emits {IMembership-VotePaused} or {IMembership-VoteResumed}; for who left, emits
    /// {AffiliationChanged}. Reverts with {AffiliationsBatchSize}.
    /// @param numbers 1 to 64 member numbers; those without an affiliation are passed over.
    function settle(uint256[] calldata numbers) external;

    /// @notice Writes down an affiliation, or the end of one, as the members decided on a challenge. Only the desk for
    /// claims of the same roll. The cooldown does not stand in the way, and starts anew.
    /// @dev Emits {AffiliationChanged}. Reverts with {AffiliationsUnauthorized}, {AffiliationsNotPerson},
    /// {AffiliationsUnchanged}, {RollDeskUnknownNumber}, {AffiliationsNotOrganisation}.
    function impose(uint256 number, uint256 organisation) external;

    /// @notice Changes what an affiliation means, and how often it can change. Only the timelock. Votes follow by
    /// {settle}.
    /// @dev Emits {AffiliationRuleChanged}. Reverts with {RollDeskUnauthorized}, {RollDeskParameterOutOfRange}.
    /// @param oneVoice Whether the vote of a person is paused while their organisation can vote; else both vote.
    /// @param cooldown Seconds between a person's changes of affiliation: the roll's `waitingFloor` to 730 days.
    function setRule(bool oneVoice, uint32 cooldown) external;

    /// @notice The organisation with which a person is affiliated; 0 for none. It may have left the roll.
    function organisationOf(uint256 number) external view returns (uint256);

    /// @notice The owner of an organisation, or its last one if it left; zero for a number that never was an
    /// organisation.
    function ownerOf(uint256 organisation) external view returns (address);

    /// @notice How many persons are affiliated with an organisation, those included who left the roll and were not
    /// settled.
    function affiliatedCount(uint256 organisation) external view returns (uint256);

    /// @notice The rule in force, see {setRule}.
    function rule() external view returns (bool oneVoice, uint32 cooldown);

    /// @notice Whether a person is represented: one voice is the rule, and their organisation is on the roll and its
    /// vote is not paused. A vote that still waits for its boundary is not paused, a participant's is. The person's
    /// own vote is paused accordingly by the next {settle} at the latest.
    function isRepresented(uint256 number) external view returns (bool);

    /// @notice From when on a person can change their affiliation, unless it is under a raised challenge, in seconds
    /// since 1970; 0 for who never had one.
    function changeableAt(uint256 number) external view returns (uint256);

    /// @notice When a person's affiliation changed last, by whose act ever, in seconds since 1970; 0 if it never did.
    function changedAt(uint256 number) external view returns (uint48);
}
