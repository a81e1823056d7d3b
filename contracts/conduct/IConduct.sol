// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IForum} from "../forum/IForum.sol";
import {IPanels} from "./IPanels.sol";
import {ISpeakers} from "./ISpeakers.sol";

/// @title IConduct
/// @notice Was a rule of the Code of Conduct broken, who decided, with what appeal? A complaint, notice, a response, a
/// panel of three by lot, a reasoned ruling by two of them, an appeal to three others or to the members.
///
/// @dev Every stage has its last second, and what was not done by then is answered by the clock: a case that no panel
/// rules on is dismissed, an appeal of the respondent that nobody hears ends the sanctions. What a case can bring about
/// is a warning, the hiding or the erasure of a post, and a suspension of speech with an end. Nothing here reaches a
/// vote or a membership: for those a ruling can refer the matter to the members, who decide as on everything else.
///
/// The log of all cases is one series of records ({RecordSeries}), numbered from 1 by their *place*. The record that it
/// runs over is the hash of what the event says, in this order:
///
///     CaseOpened        keccak256(abi.encode(Entry.Opened, caseId, complaint, version, commitment, moment)),
///                       with the complaint as a tuple
///     CaseResponded     keccak256(abi.encode(Entry.Responded, caseId, digest, moment))
///     PanelSeated       keccak256(abi.encode(Entry.Seated, caseId, draw, panel, moment))
///     PanelistRecused   keccak256(abi.encode(Entry.Recused, caseId, number, substitute, reason, moment))
///     RulingBacked      keccak256(abi.encode(Entry.Backed, caseId, number, ruling, moment))
///     CaseRuled         keccak256(abi.encode(Entry.Ruled, caseId, instance, decision, ruling, moment)),
///                       with the ruling as a tuple
///     CaseAppealed      keccak256(abi.encode(Entry.Appealed, caseId, byRespondent, toMembers, reason, moment))
///     CaseToMembers     keccak256(abi.encode(Entry.ToMembers, caseId, until, moment))
///     EmergencyHidden   keccak256(abi.encode(Entry.Emergency, list, post, number, until, reason, moment))
interface IConduct {
    /// @notice What an entry of the log is.
    enum Entry {
        Opened,
        Responded,
        Seated,
        Recused,
        Backed,
        Ruled,
        Appealed,
        ToMembers,
        Emergency
    }

    /// @notice Where a case is. All but the last follow from the clock and from what was done in time.
    enum Phase {
        /// Of no case: one that was not opened is refused, see {ConductUnknownCase}.
        None,
        /// The respondent can respond; the pool gives its numbers for the lot.
        Response,
        /// A panel can be drawn, by anyone.
        Drawing,
        /// The panel rules.
        Deliberation,
        /// It was ruled on, and the parties can appeal.
        Appealable,
        /// It was appealed, or no panel could be drawn, and the members can decide.
        Members,
        /// Nothing happens any more. Final.
        Closed
    }

    /// @notice How a case ended, or stands.
    enum Result {
        /// Nobody ruled on it yet.
        Pending,
        /// The complaint was not upheld.
        Dismissed,
        /// The complaint was upheld.
        Upheld,
        /// Nobody ruled on it in time, or not on the respondent's appeal: it has no effect.
        Lapsed
    }

    /// @notice How long things take, in seconds. A case keeps those that it was opened with.
    struct Terms {
        /// For the response, and for the numbers of the lot. The coalition's shortest stage to 30 days.
        uint32 response;
        /// In which a panel can be drawn. The same range.
        uint32 drawing;
        /// For the panel. The shortest stage to 90 days.
        uint32 deliberation;
        /// In which a party can appeal. The shortest stage to 90 days.
        uint32 appeal;
        /// For a decision of the members. Four times the shortest stage to 365 days.
        uint32 members;
        /// For which a member of the pool can hide a post before there is a case. The shortest stage to 14 days.
        uint32 emergency;
        /// Longest suspension of speech. The shortest stage to 180 days.
        uint32 suspension;
        /// Complaints of one member in a quota's period, 1 to 20, and that period, 1 to 365 days. Emergencies of a
        /// member of the pool and complaints that they bring for others count as theirs.
        uint8 quota;
        uint32 quotaPeriod;
    }

    /// @notice What a case is about.
    struct Complaint {
        /// Member number of whom it is against.
        uint32 respondent;
        /// The clause of the Code that was broken, and its digest: it must be in force now.
        uint32 clause;
        bytes32 rule;
        /// The post that it is about; 0 and 0 if about something else.
        uint32 list;
        uint32 post;
        /// Digest (sha2-256) of the evidence.
        bytes32 evidence;
    }

    /// @notice What a panel, or the members, rule. A complaint that is not upheld has no consequence.
    struct Ruling {
        bool upheld;
        bool warn;
        /// The post is hidden for good.
        bool hide;
        /// The text of the post is to be erased, once nobody can appeal any more.
        bool erase;
        /// The members are asked to look at it: what concerns the vote or the membership is theirs.
        bool refer;
        /// Suspension of speech, in seconds; 0 for none. It runs from the first ruling that suspended.
        uint32 suspension;
        /// Digest (sha2-256) of the reasons.
        bytes32 reason;
    }

    /// @notice A case as the public sees it. Who complained is not part of it.
    struct Case {
        Complaint complaint;
        /// Version of the Code in force at the complaint.
        uint32 version;
        /// Salted commitment to who complained, for a complaint brought by a member of the pool; 0 for others.
        bytes32 commitment;
        uint48 openedAt;
        Phase phase;
        /// Last second of the phase; 0 for one that has none.
        uint48 until;
        /// 1, or 2 after an appeal.
        uint8 instance;
        /// See {IPanels}; of the instance.
        uint32 draw;
        Result result;
        /// The ruling in effect; empty if none is.
        Ruling ruling;
        /// When the first ruling was made; 0 before.
        uint48 ruledAt;
    }

    /// @notice The public figures. What lapsed is not among them, for no transaction tells.
    struct Figures {
        uint32 cases;
        uint32 upheld;
        uint32 dismissed;
        uint32 appeals;
        /// Rulings on appeal that differ from the first.
        uint32 altered;
        uint32 toMembers;
        uint32 emergencies;
    }

    event CaseOpened(
        uint256 indexed caseId,
        uint256 indexed place,
        uint256 indexed respondent,
        Complaint complaint,
        uint32 version,
        bytes32 commitment,
        uint48 moment
    );

    event CaseResponded(uint256 indexed caseId, uint256 indexed place, bytes32 digest, uint48 moment);

    event PanelSeated(uint256 indexed caseId, uint256 indexed place, uint32 draw, uint256[3] panel, uint48 moment);

    /// @param substitute Member number; 0 if nobody is left.
    event PanelistRecused(
        uint256 indexed caseId,
        uint256 indexed place,
        uint256 indexed number,
        uint256 substitute,
        bytes32 reason,
        uint48 moment
    );

    /// @notice A member of the panel is for a ruling.
    /// @param ruling `keccak256(abi.encode(ruling))`.
    event RulingBacked(
        uint256 indexed caseId,
        uint256 indexed place,
        uint256 indexed number,
        bytes32 ruling,
        uint48 moment
    );

    /// @param instance 1, or 2 on appeal; of the members' rulings the one that they ended.
    /// @param decision The governor's, of a ruling by the members; 0 for a panel's.
    event CaseRuled(
        uint256 indexed caseId,
        uint256 indexed place,
        uint256 indexed instance,
        uint256 decision,
        Ruling ruling,
        uint48 moment
    );

    event CaseAppealed(
        uint256 indexed caseId,
        uint256 indexed place,
        bool byRespondent,
        bool toMembers,
        bytes32 reason,
        uint48 moment
    );

    /// @param until Last second in which the members' ruling has effect.
    event CaseToMembers(uint256 indexed caseId, uint256 indexed place, uint48 until, uint48 moment);

    event EmergencyHidden(
        uint256 indexed list,
        uint256 indexed post,
        uint256 indexed place,
        uint256 number,
        uint48 until,
        bytes32 reason,
        uint48 moment
    );

    event TermsChanged(Terms oldTerms, Terms newTerms);

    /// @notice Only `expected` may call this.
    error ConductUnauthorized(address caller, address expected);

    /// @notice A term is out of range.
    /// @param parameter Its name, as in {Terms}, in ASCII.
    error ConductTermOutOfRange(bytes32 parameter, uint256 value, uint256 min, uint256 max);

    /// @notice There is no such case.
    error ConductUnknownCase(uint256 caseId, uint256 lastCase);

    /// @notice The case is in another phase, or there is none.
    error ConductWrongPhase(uint256 caseId, Phase phase, uint48 until);

    /// @notice The key holds no member number.
    error ConductNotOnRoll(address account);

    /// @notice There is no such member on the roll.
    error ConductNoRespondent(uint256 number);

    /// @notice Nobody complains of themselves.
    error ConductOwnCase(uint256 number);

    /// @notice The clause is not in force with this digest.
    error ConductRuleNotInForce(uint256 clause, bytes32 rule, bytes32 current);

    /// @notice The respondent did not write the post.
    error ConductNotAuthor(uint256 list, uint256 post, uint256 respondent, uint256 author);

    /// @notice A text is missing: evidence, response, reason, or a commitment.
    error ConductNoText();

    /// @notice This act of the respondent is, or was, the matter of another case.
    error ConductTried(uint256 caseId);

    /// @notice The member used up the quota until this second.
    error ConductQuotaUsed(uint256 number, uint256 quota, uint256 until);

    /// @notice The member is not in the pool that panels are drawn from.
    error ConductNotInPool(uint256 number);

    /// @notice The account is not who may do this: the respondent, a party, a member of the panel.
    error ConductNotTheirs(uint256 caseId, address account);

    /// @notice The respondent has responded.
    error ConductResponded(uint256 caseId);

    /// @notice A ruling gives no reasons, has consequences without being upheld, hides a post where the case is about
    /// none, or erases one without hiding it.
    error ConductInvalidRuling(uint256 caseId);

    /// @notice The suspension is longer than it may be.
    error ConductSuspensionTooLong(uint256 caseId, uint256 suspension, uint256 limit);

    /// @notice An appeal of the respondent makes nothing worse.
    error ConductHeavier(uint256 caseId);

    /// @notice The post was hidden in an emergency before, or is hidden now.
    error ConductHiddenBefore(uint256 list, uint256 post);

    /// @notice The ruling in effect does not say that the text is to be erased.
    error ConductNotToErase(uint256 caseId);

    /// @notice Opens a case. Any key on the roll.
    /// @dev Emits {CaseOpened}. Reverts with {ConductNotOnRoll}, {ConductNoRespondent}, {ConductOwnCase},
    /// {ConductRuleNotInForce}, {ConductNotAuthor}, {ConductNoText}, {ConductTried}, {ConductQuotaUsed}. The account is
    /// in the transaction: who needs to be protected goes to a member of the pool, see {complainFor}.
    /// @return caseId Its number, from 1.
    function complain(Complaint calldata complaint) external returns (uint256 caseId);

    /// @notice {complain} for a member who signed `FileComplaint(address account,uint256 respondent,uint256
    /// clause,bytes32 rule,uint256 list,uint256 post,bytes32 evidence,uint256 nonce,uint256 deadline)`. Anyone may call
    /// and pay.
    function complainBySig(
        address account,
        Complaint calldata complaint,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 caseId);

    /// @notice Opens a case for somebody who is not named. Members of the pool, who do not judge it then.
    /// @dev As {complain}, and reverts with {ConductNotInPool}.
    /// @param commitment `keccak256(abi.encode(number, salt))` with the complainant's number and 32 random bytes, so
    /// that it can be shown later who it was, to whom it must be, and to nobody once the salt is destroyed.
    /// @param excluded Member numbers of up to two who do not judge it; 0 for nobody. The complainant, if in the pool,
    /// must be one of them; another can be, so that it does not tell.
    function complainFor(
        Complaint calldata complaint,
        bytes32 commitment,
        uint32[2] calldata excluded
    ) external returns (uint256 caseId);

    /// @notice Responds. The respondent, in {Phase-Response}, once an instance.
    /// @dev Emits {CaseResponded}. Reverts with {ConductWrongPhase}, {ConductNotTheirs}, {ConductResponded},
    /// {ConductNoText}.
    /// @param digest Digest (sha2-256) of the response.
    function respond(uint256 caseId, bytes32 digest) external;

    /// @notice {respond} for a respondent who signed
    /// `RespondToCase(address account,uint256 caseId,bytes32 digest,uint256 nonce,uint256 deadline)`.
    function respondBySig(
        address account,
        uint256 caseId,
        bytes32 digest,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Draws the panel, or hands the case to the members if none can be drawn. Anyone, in {Phase-Drawing}.
    /// @dev Emits {PanelSeated} or {CaseToMembers}. Reverts with {ConductWrongPhase}.
    function drawPanel(uint256 caseId) external;

    /// @notice Leaves a panel; the next of the lot sits, or the members decide if nobody is left. Its member, or anyone
    /// for one who left the roll, in {Phase-Deliberation}.
    /// @dev Emits {PanelistRecused}. Reverts with {ConductWrongPhase}, {ConductNotTheirs}, {ConductNoText}.
    /// @param number Member number of who leaves.
    /// @param reason Digest (sha2-256) of the reason.
    function recuse(uint256 caseId, uint256 number, bytes32 reason) external;

    /// @notice Backs a ruling; it is made when two members of the panel back the same. Members of the panel, in
    /// {Phase-Deliberation}. A later one replaces their earlier one.
    /// @dev Emits {RulingBacked}, and {CaseRuled} with what it brings about. Reverts with {ConductWrongPhase},
    /// {ConductNotTheirs}, {ConductInvalidRuling}, {ConductSuspensionTooLong}, {ConductHeavier}.
    function rule(uint256 caseId, Ruling calldata ruling) external;

    /// @notice {rule} for a member of the panel who signed `RuleOnCase(address account,uint256 caseId,bool upheld,bool
    /// warn,bool hide,bool erase,bool refer,uint256 suspension,bytes32 reason,uint256 nonce,uint256 deadline)`.
    function ruleBySig(
        address account,
        uint256 caseId,
        Ruling calldata ruling,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Appeals, once: to three others, or to the members. A party, in {Phase-Appealable}. An appeal of the
    /// respondent has the sanctions end by themselves if nobody hears it.
    /// @dev Emits {CaseAppealed}, and {CaseToMembers} if it goes there. Reverts with {ConductWrongPhase},
    /// {ConductNotTheirs}, {ConductNoText}.
    /// @param reason Digest (sha2-256) of the grounds.
    function appeal(uint256 caseId, bool toMembers, bytes32 reason) external;

    /// @notice {appeal} for a party who signed
    /// `AppealCase(address account,uint256 caseId,bool toMembers,bytes32 reason,uint256 nonce,uint256 deadline)`.
    function appealBySig(
        address account,
        uint256 caseId,
        bool toMembers,
        bytes32 reason,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Rules on a case in {Phase-Members}. Only the timelock, by a decision of the class *appeal*.
    /// @dev Emits {CaseRuled}. Reverts with {ConductUnauthorized}, {ConductWrongPhase}, {ConductInvalidRuling},
    /// {ConductSuspensionTooLong}, {ConductHeavier}.
    function settle(uint256 caseId, Ruling calldata ruling) external;

    /// @notice Hides a post at once, until {Terms-emergency} is over or a case about it. Members of the pool, once a
    /// post.
    /// @dev Emits {EmergencyHidden}. Reverts with {ConductNotInPool}, {ConductHiddenBefore}, {ConductQuotaUsed},
    /// {ConductNoText}.
    function hideNow(uint256 list, uint256 post, bytes32 reason) external;

    /// @notice Puts the tombstone on a post whose text is to be erased, once the case is closed. Anyone.
    /// @dev Reverts with {ConductWrongPhase}, {ConductNotToErase}, {IForum-ForumPostErased}.
    function erase(uint256 caseId) external;

    /// @notice Changes how long things take, for cases that are opened later. Only the timelock.
    /// @dev Emits {TermsChanged}. Reverts with {ConductUnauthorized}, {ConductTermOutOfRange}.
    function setTerms(Terms calldata newTerms) external;

    /// @notice A case. Reverts with {ConductUnknownCase}.
    function caseOf(uint256 caseId) external view returns (Case memory);

    /// @notice How many cases were opened; they are numbered from 1.
    function lastCase() external view returns (uint256);

    /// @notice The case about a post of a member; 0 if there is none.
    function caseAbout(uint256 list, uint256 post) external view returns (uint256 caseId);

    /// @notice What a member of a case's panel backs, see {RulingBacked}; 0 if nothing.
    function backingOf(uint256 caseId, uint256 number) external view returns (bytes32);

    /// @notice Head of the log's series, see {RecordSeries}.
    function series() external view returns (uint256 head);

    function figures() external view returns (Figures memory);

    function terms() external view returns (Terms memory);

    /// @notice The forum whose posts are hidden.
    function forum() external view returns (IForum);

    /// @notice Who judges.
    function panels() external view returns (IPanels);

    /// @notice Whose speech is suspended.
    function speakers() external view returns (ISpeakers);
}
