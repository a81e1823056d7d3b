/** What the gas table measures, and the bars that the project keeps. */

export interface Bar {
  /** Most gas, of the whole transaction. */
  readonly gas?: number;
  /** Largest share of what the baseline needs for the operation it is held against. */
  readonly ratio?: number;
  /** These two hold from this number of members on; without it, at every number that was measured. */
  readonly from?: number;
  /** How much more it may cost at the largest number of members than at the smallest: 0.02 is two per cent. */
  readonly growth?: number;
  /** Of a bar that is known to be missed: by how much, and why. It stays in the table as missed. */
  readonly missed?: Missed;
}

/** What a bar's operation costs where it misses the bar; it may get worse by no more than {@link DRIFT_LIMIT}. */
export interface Missed {
  readonly gas: number;
  /** Where the bar has one. */
  readonly ratio?: number;
  readonly why: string;
}

export interface Operation {
  readonly title: string;
  /** The baseline's operation that ours is held against; none where the baseline has nothing of the kind. */
  readonly against?: OperationId;
  readonly bar?: Bar;
  /** Adds up over the voters: that it grows with them says nothing. */
  readonly sum?: boolean;
}

export type OperationId =
  | "castVoteLater"
  | "castVoteFirstOfWord"
  | "castVoteFirst"
  | "castVoteFirstOfTally"
  | "castVoteChanged"
  | "castVoteWithReason"
  | "castVoteBySigNewNonce"
  | "castVoteBySigUsedNonce"
  | "castVoteDelegate"
  | "castVoteDelegateAlone"
  | "castVoteOwnAfterDelegate"
  | "castVoteLastStretch"
  | "relayedBallot"
  | "relayedFirst"
  | "relayedAlone"
  | "relayedNamed"
  | "join"
  | "joinFirstOfEpoch"
  | "joinBySig"
  | "joinMany"
  | "joinParticipant"
  | "vouchFirst"
  | "vouchLast"
  | "present"
  | "qualify"
  | "resignMature"
  | "resignPending"
  | "rotateKey"
  | "nameGuardians"
  | "recoveryRequested"
  | "recoveryApproved"
  | "recoveryCompleted"
  | "takeDelegations"
  | "delegateFirst"
  | "delegate"
  | "changeGroup"
  | "affiliate"
  | "confirm"
  | "confirmMany"
  | "markDormant"
  | "confirmReturn"
  | "propose"
  | "proposeAmendment"
  | "endorse"
  | "endorseLast"
  | "queue"
  | "execute"
  | "queueAndExecute"
  | "queueAndExecuteWithdrawn"
  | "wholeDecision"
  | "wholeDecisionRelayed"
  | "announceElection"
  | "stand"
  | "nominateAndAccept"
  | "secondNominee"
  | "secondLast"
  | "electionBallotLater"
  | "electionBallotFirstOfWord"
  | "electionBallotFirst"
  | "relayedElectionBallot"
  | "sealedBallot"
  | "openBallot"
  | "rankedBallotLater"
  | "rankedBallotFirstOfWord"
  | "rankedCount"
  | "finishElection"
  | "finishTied"
  | "finishFirst"
  | "draftMotion"
  | "tableMotion"
  | "endorseMotionFirst"
  | "endorseMotion"
  | "endorseMotionRelayed"
  | "moveAmendment"
  | "acceptAmendment"
  | "putAmendment"
  | "adoptAmendment"
  | "settleAmendment"
  | "putMotion"
  | "putCharterMotion"
  | "enactClauses"
  | "fileStatementFirst"
  | "fileStatement"
  | "cosignStatement"
  | "acceptCode"
  | "postFirst"
  | "post"
  | "postRelayed"
  | "editPost"
  | "erasePost"
  | "publishProfile"
  | "deployment";

/** The numbers of members that the table shows. */
export const SIZES = [10, 300, 10_000] as const;

/** Whole coalitions are built with this many members; docs/scale.md shows all of them. */
export const CURVE = [10, 100, 300, 1_000, 3_000, 10_000] as const;

/** How far a figure may move, either way, from the committed one. */
export const DRIFT_LIMIT = 0.02;

// What 10,000 members may cost more than 10, in every barred operation.
const growth = 0.02;

/** In the order of the table. */
export const OPERATIONS: Readonly<Record<OperationId, Operation>> = {
  castVoteLater: {
    title: "castVote, later voter",
    against: "castVoteLater",
    bar: { gas: 42_000, ratio: 0.63, growth },
  },
  castVoteFirstOfWord: {
    title: "castVote, first voter of a 128-member word",
    against: "castVoteFirst",
    bar: { gas: 60_000, ratio: 0.72, growth },
  },
  castVoteFirst: { title: "castVote, first ballot of a decision", against: "castVoteFirst" },
  castVoteFirstOfTally: { title: "castVote, first ballot of a tally word", against: "castVoteLater" },
  castVoteChanged: { title: "castVote, changed ballot" },
  castVoteWithReason: { title: "castVoteWithReason, later voter", against: "castVoteWithReason" },
  castVoteBySigNewNonce: { title: "castVoteBySig, later, new nonce", against: "castVoteBySigNewNonce" },
  castVoteBySigUsedNonce: { title: "castVoteBySig, later, used nonce", against: "castVoteBySigUsedNonce" },
  castVoteDelegate: { title: "castVote, delegate with two votes received" },
  castVoteDelegateAlone: { title: "castVote, delegate without votes received" },
  castVoteOwnAfterDelegate: { title: "castVote, own ballot after the delegate's" },
  castVoteLastStretch: { title: "castVote, in the last stretch before the close" },
  relayedBallot: {
    title: "castBallots, per ballot of 100, words in use",
    against: "relayedBallot",
    bar: { gas: 10_500, ratio: 0.2, growth },
  },
  relayedFirst: { title: "castBallots, per ballot of 100, first on a decision", against: "relayedBallot" },
  relayedAlone: { title: "castBallots, one ballot alone", against: "castVoteBySigNewNonce" },
  relayedNamed: { title: "castBallots, one named ballot alone", against: "castVoteBySigNewNonce" },
  join: { title: "join", against: "join", bar: { gas: 90_000, ratio: 0.49, growth } },
  joinFirstOfEpoch: { title: "join, first of an epoch", against: "join" },
  joinBySig: { title: "joinBySig" },
  joinMany: { title: "joinMany, per request of 50" },
  joinParticipant: { title: "join, as a participant" },
  vouchFirst: { title: "vouch, first for a participant" },
  vouchLast: { title: "vouch, third and last needed" },
  present: { title: "present, a statement of an issuer" },
  qualify: { title: "qualify, by vouches" },
  resignMature: { title: "resign, vote mature" },
  resignPending: { title: "resign, vote pending" },
  rotateKey: { title: "rotateKey" },
  nameGuardians: { title: "nameGuardians, three" },
  recoveryRequested: { title: "recovery requested" },
  recoveryApproved: { title: "recovery approved, last needed" },
  recoveryCompleted: { title: "recovery completed" },
  takeDelegations: { title: "takeDelegations" },
  delegateFirst: { title: "delegate, first to a delegate", against: "delegate" },
  delegate: { title: "delegate, later to a delegate", against: "delegate" },
  changeGroup: { title: "changeGroup" },
  affiliate: { title: "affiliate" },
  confirm: { title: "confirm" },
  confirmMany: { title: "confirmMany, per confirmation of 50" },
  markDormant: { title: "markDormant, per member of 50" },
  confirmReturn: { title: "confirm, return of a dormant member" },
  propose: {
    title: "propose",
    against: "propose",
    bar: {
      gas: 95_000,
      ratio: 1.25,
      growth,
      missed: {
        gas: 96_827,
        ratio: 1.2737,
        why: "a look into the table of classes, 2,100 and what it takes to get there, that no baseline has",
      },
    },
  },
  proposeAmendment: { title: "propose, an amendment", against: "propose" },
  endorse: { title: "endorse" },
  endorseLast: { title: "endorse, last needed" },
  queue: { title: "queue", against: "queue" },
  execute: { title: "execute", against: "execute" },
  queueAndExecute: {
    title: "queue + execute",
    against: "queueAndExecute",
    bar: { gas: 250_000, ratio: 1, from: 300, growth },
  },
  // Here the cost follows the number of epochs the roll has seen, by its logarithm: no bar on growth, see docs/gas.md.
  queueAndExecuteWithdrawn: {
    title: "queue + execute, pending votes withdrawn",
    against: "queueAndExecute",
    bar: { gas: 250_000, ratio: 1, from: 300 },
  },
  wholeDecision: {
    title: "whole decision, every member votes",
    against: "wholeDecision",
    bar: { ratio: 0.65, from: 300 },
    sum: true,
  },
  wholeDecisionRelayed: {
    title: "whole decision, every ballot relayed by 100",
    against: "wholeDecision",
    bar: { ratio: 0.2, from: 300 },
    sum: true,
  },
  // Their bars were set by what peers pay: OpenZeppelin has no elections, see docs/gas.md.
  announceElection: { title: "announce, an election" },
  stand: { title: "stand, nominated and accepting", bar: { gas: 75_000, growth } },
  nominateAndAccept: { title: "nominate + accept, two people" },
  secondNominee: { title: "second" },
  secondLast: { title: "second, last needed" },
  electionBallotLater: {
    title: "election ballot, 3 of 10, later voter",
    bar: { gas: 48_000, growth },
  },
  electionBallotFirstOfWord: { title: "election ballot, 3 of 10, first of a word" },
  electionBallotFirst: { title: "election ballot, 3 of 10, first of an election" },
  relayedElectionBallot: { title: "election ballot, 3 of 10, per ballot of 100 relayed" },
  sealedBallot: { title: "sealed ballot" },
  openBallot: { title: "opening of a sealed ballot, 3 of 10" },
  rankedBallotLater: { title: "ranked ballot, 3 of 10, later voter" },
  rankedBallotFirstOfWord: { title: "ranked ballot, 3 of 10, first of a word" },
  rankedCount: { title: "ranked count, per 100 words of ballots" },
  finishElection: {
    title: "finish, 10 candidates and 3 seats",
    bar: {
      gas: 120_000,
      growth,
      missed: {
        gas: 156_866,
        why: "all candidates are put in order from the tallies, and each winner is asked for the right to stand, in this one transaction",
      },
    },
  },
  finishTied: { title: "finish, seven of the candidates tied" },
  finishFirst: { title: "finish, of a new office" },
  draftMotion: { title: "draft, a motion without actions" },
  tableMotion: { title: "table" },
  endorseMotionFirst: { title: "endorse, a motion, first of a word" },
  endorseMotion: { title: "endorse, a motion, later" },
  endorseMotionRelayed: { title: "endorse, a motion, per endorsement of 3 relayed" },
  moveAmendment: { title: "move, an amendment" },
  acceptAmendment: { title: "accept, an amendment" },
  putAmendment: { title: "putNext, an amendment before the members" },
  adoptAmendment: { title: "execute, an amendment adopted" },
  settleAmendment: { title: "settle, an amendment rejected" },
  putMotion: { title: "putToVote, a motion without actions" },
  putCharterMotion: { title: "putToVote, a motion of two clauses" },
  enactClauses: { title: "execute, two clauses inserted" },
  fileStatementFirst: { title: "file, first statement on a decision" },
  fileStatement: { title: "file, a minority statement" },
  cosignStatement: { title: "cosign" },
  acceptCode: { title: "accept, the Code of Conduct" },
  postFirst: { title: "post, a member's first" },
  post: { title: "post, later" },
  postRelayed: { title: "postMany, per post of 100" },
  editPost: { title: "post, an edit" },
  erasePost: { title: "erase, a post" },
  publishProfile: { title: "publish, a profile" },
  deployment: { title: "whole DAO deployed", against: "deployment" },
};
