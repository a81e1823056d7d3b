/** The admission policies that a deployment brings, as a parameter file calls them. */
export const POLICIES = ["open", "vouched", "attested", "either"] as const;

export type Policy = (typeof POLICIES)[number];

/** The classes of decisions, as a parameter file calls them, in the order of `DecisionRules.Class`. */
export const CLASSES = ["motionAmendment", "resolution", "action", "appeal", "amendment"] as const;

export type ClassKey = (typeof CLASSES)[number];

/** The rules of a class of decisions, as `DecisionRules.Rules` has them. */
export type ClassRules = {
  notice: number;
  period: number;
  grace: number;
  delay: number;
  extension: number;
  quorumBps: number;
  quorumFloor: number;
  approvalBps: number;
  approvalFloorBps: number;
  concurrence: number;
  concurrenceMembers: number;
  endorsements: number;
  endorsementGroups: number;
};

/** The rules for motions, as `IMotions.Rules` has them. */
export const MOTION_RULES = [
  "notice",
  "window",
  "rebase",
  "lapse",
  "openByMotion",
  "openByMember",
  "silence",
  "objections",
  "objectionGroups",
  "amendmentSilence",
  "amendmentObjections",
  "amendmentObjectionGroups",
] as const;

export type MotionRules = Record<(typeof MOTION_RULES)[number], number>;

/** How long things take in a case, and how often one may complain, as `IConduct.Terms` has them. */
export const CONDUCT_TERMS = [
  "response",
  "drawing",
  "deliberation",
  "appeal",
  "members",
  "emergency",
  "suspension",
  "quota",
  "quotaPeriod",
] as const;

export type ConductTerms = Record<(typeof CONDUCT_TERMS)[number], number>;

/** Durations (seconds), shares (basis points) and names of a coalition, as in `deploy/parameters/`. */
export type Parameters = {
  $global: { shortestStage: number };
  Timelock: { delay: number };
  Membership: {
    name: string;
    symbol: string;
    groups: string[];
    codeDigest: string;
    admissionPolicy: Policy;
    waitingFloor: number;
    waitingPeriod: number;
    epochLength: number;
    epochShareBps: number;
    epochFloor: number;
    confirmationPeriod: number;
    recoveryDelay: number;
    oneVoice: boolean;
    claimCooldown: number;
    challengeWindow: number;
    challengers: number;
    delegationCap: number;
  };
  Admission: {
    name: string;
    vouchers: number;
    voucherGroups: number;
    vouchSlots: number;
    vouchCooldown: number;
  };
  Elections: {
    /** Name in the EIP-712 domains of offices, elections and ballots. */
    name: string;
  };
  Agenda: {
    /** Name in the EIP-712 domain of the agenda. */
    name: string;
    places: number;
  };
  Motions: {
    /** Name in the EIP-712 domains of motions, amendments and minority statements. */
    name: string;
    /** Titles of the governing documents that there are from birth on, without clauses yet. */
    documents: string[];
    statementWindow: number;
  } & MotionRules;
  Forum: {
    /** Name in the EIP-712 domains of forum, speakers and profiles. */
    name: string;
    /** Which of the governing documents the Code of Conduct is, from 1. */
    codeDocument: number;
    /** Names of the lists that are open from birth on. */
    lists: string[];
    /** What each of them is for: digests (sha2-256) of the texts, in the order of the lists. */
    purposes: string[];
    burst: number;
    interval: number;
  };
  Conduct: {
    /** Name in the EIP-712 domains of cases and panels. */
    name: string;
  } & ConductTerms;
  Coalition: {
    /** Where the documents of ERC-4824 are to be found. */
    uri: string;
  };
  Governor: {
    name: string;
    guardian: string;
    guardianTerm: number;
  } & Record<ClassKey, ClassRules>;
};

/** Seconds. */
const MINUTE = 60;
export const DAY = 86_400;

const LONGEST_NAME = 31;
const LONGEST_SYMBOL = 11;
const LONGEST_TITLE = 64;
/** As `PlainName` has it: names that look like nothing but themselves. */
export const PLAIN = /^[A-Za-z0-9&(),\-./]+( [A-Za-z0-9&(),\-./]+)*$/;
export const PLAIN_WORDS = "ASCII letters, digits, single spaces and & ( ) , - . /";

/** A bound: a number, or one that follows from another parameter, with the words that say how. */
export interface Bound {
  readonly value: number;
  readonly because?: string;
}

export interface IntegerRule {
  readonly kind: "integer";
  readonly unit:
    | "seconds"
    | "basis points"
    | "members"
    | "groups"
    | "votes"
    | "vouches"
    | "decisions"
    | "documents"
    | "posts"
    | "complaints"
    | "amendments";
  /** Whether 0 is allowed too, for none. */
  readonly orNone?: true;
  /** The bounds, given a reader for other parameters that answers only where they are good themselves. */
  readonly range: (other: (key: SourceKey) => number | undefined) => { min: Bound; max: Bound };
}

interface NameRule {
  readonly kind: "name";
  readonly longest: number;
}

interface NamesRule {
  readonly kind: "names";
  readonly longest: number;
  readonly fewest: number;
  readonly most: number;
}

interface DigestsRule {
  readonly kind: "digests";
  /** The parameter that says how many there are. */
  readonly asMany: SourceKey;
}

interface DigestRule {
  readonly kind: "digest";
}

interface SwitchRule {
  readonly kind: "switch";
}

interface ChoiceRule {
  readonly kind: "choice";
  readonly options: readonly string[];
}

interface UriRule {
  readonly kind: "uri";
}

interface AccountRule {
  readonly kind: "account";
}

/** Several parameters under one name. */
interface GroupRule {
  readonly kind: "group";
  readonly rules: Readonly<Record<string, IntegerRule>>;
}

export type Rule =
  | IntegerRule
  | NameRule
  | NamesRule
  | DigestsRule
  | DigestRule
  | SwitchRule
  | ChoiceRule
  | AccountRule
  | UriRule
  | GroupRule;

/** The type of rule that a parameter of a type takes: the compiler refuses a schema that forgets or misnames one. */
type RuleFor<T> = T extends number
  ? IntegerRule
  : T extends boolean
    ? SwitchRule
    : T extends string[]
      ? NamesRule | DigestsRule
      : T extends string
        ? string extends T
          ? NameRule | DigestRule | AccountRule | UriRule
          : ChoiceRule
        : T extends ClassRules
          ? GroupRule & { readonly rules: Record<keyof ClassRules, IntegerRule> }
          : never;

type Schema = { [S in keyof Parameters]: { [K in keyof Parameters[S]]: RuleFor<Parameters[S][K]> } };

/** `Section.key` of every parameter that is a number. */
export type IntegerKey = {
  [S in keyof Parameters]: {
    [K in keyof Parameters[S] & string]: Parameters[S][K] extends number ? `${S}.${K}` : never;
  }[keyof Parameters[S] & string];
}[keyof Parameters];

/** What the bounds of a number can follow from: another number, or how many there are of a kind. */
export type SourceKey = IntegerKey | "Membership.groups" | "Motions.documents" | "Forum.lists";

const between = (unit: IntegerRule["unit"], min: number, max: number): IntegerRule => ({
  kind: "integer",
  unit,
  range: () => ({ min: { value: min }, max: { value: max } }),
});

/** From the value of another parameter, or what follows from it, to a fixed maximum. */
const from = (
  source: IntegerKey,
  max: number,
  lowest: number,
  derive: (value: number) => number,
  words: string,
): IntegerRule => ({
  kind: "integer",
  unit: "seconds",
  range: (other) => {
    const value = other(source);
    const min = value === undefined ? { value: lowest } : { value: derive(value), because: words };
    return { min, max: { value: max } };
  },
});

/** From a multiple of the waiting floor, which measures the time that people need to react, to a fixed maximum. */
const floors = (times: number, max: number, words: string): IntegerRule =>
  from(
    "Membership.waitingFloor",
    max,
    Math.floor(MINUTE * times),
    (value) => Math.floor(value * times),
    words,
  );

/** A number of stakeholder groups, up to how many there are. */
const groupsFrom = (min: number): IntegerRule => ({
  kind: "integer",
  unit: "groups",
  range: (other) => ({
    min: { value: min },
    max: { value: other("Membership.groups") ?? 8, because: "the number of Membership.groups" },
  }),
});

/** From 1 to the value of another parameter, and to a fixed maximum. */
const noMoreThan = (unit: IntegerRule["unit"], source: IntegerKey, max: number): IntegerRule => ({
  kind: "integer",
  unit,
  range: (other) => {
    const value = other(source);
    const limit = value !== undefined && value < max ? { value, because: source } : { value: max };
    return { min: { value: 1 }, max: limit };
  },
});

const stage = (max: number): IntegerRule =>
  from("$global.shortestStage", max, MINUTE, (value) => value, "$global.shortestStage");

/** The notice must be shorter than any waiting period: whoever joins because of a proposal does not vote on it. */
const notice: IntegerRule = {
  kind: "integer",
  unit: "seconds",
  range: (other) => {
    const { min, max } = stage(30 * DAY).range(other);
    const floor = other("Membership.waitingFloor");
    if (floor === undefined || floor > max.value) return { min, max };
    return { min, max: { value: floor - 1, because: "below Membership.waitingFloor" } };
  },
};

/** The rules of a class; amendments have higher lower ends. */
const classRules = (approval: number, concurrence: number) => ({
  kind: "group" as const,
  rules: {
    notice,
    period: stage(90 * DAY),
    grace: stage(180 * DAY),
    delay: stage(30 * DAY),
    extension: between("seconds", 0, 14 * DAY),
    quorumBps: between("basis points", 100, 5_000),
    quorumFloor: between("members", 3, 50),
    approvalBps: between("basis points", approval, 8_000),
    approvalFloorBps: between("basis points", 0, 2_500),
    concurrence: groupsFrom(concurrence),
    concurrenceMembers: between("members", 1, 255),
    endorsements: between("members", 0, 20),
    endorsementGroups: groupsFrom(0),
  },
});

/** Every parameter and its range. The ranges are those of the contracts' constructors; a test holds them together. */
export const SCHEMA: Schema = {
  $global: { shortestStage: between("seconds", MINUTE, 7 * DAY) },
  Timelock: { delay: stage(30 * DAY) },
  Membership: {
    name: { kind: "name", longest: LONGEST_NAME },
    symbol: { kind: "name", longest: LONGEST_SYMBOL },
    groups: { kind: "names", longest: LONGEST_NAME, fewest: 2, most: 8 },
    codeDigest: { kind: "digest" },
    admissionPolicy: { kind: "choice", options: POLICIES },
    waitingFloor: between("seconds", MINUTE, 180 * DAY),
    waitingPeriod: from(
      "Membership.waitingFloor",
      365 * DAY,
      MINUTE,
      (value) => value,
      "Membership.waitingFloor",
    ),
    epochLength: from(
      "Membership.waitingFloor",
      92 * DAY,
      Math.floor(MINUTE / 8),
      (value) => Math.floor(value / 8),
      "an eighth of Membership.waitingFloor",
    ),
    epochShareBps: between("basis points", 100, 2_500),
    epochFloor: between("members", 1, 100),
    confirmationPeriod: floors(4, 1_096 * DAY, "four times Membership.waitingFloor"),
    recoveryDelay: floors(0.5, 180 * DAY, "half of Membership.waitingFloor"),
    oneVoice: { kind: "switch" },
    claimCooldown: floors(1, 730 * DAY, "Membership.waitingFloor"),
    challengeWindow: floors(1, 180 * DAY, "Membership.waitingFloor"),
    challengers: between("members", 2, 100),
    delegationCap: between("votes", 0, 100),
  },
  Admission: {
    name: { kind: "name", longest: LONGEST_NAME },
    vouchers: between("vouches", 2, 16),
    voucherGroups: {
      kind: "integer",
      unit: "groups",
      range: (other) => {
        const [vouchers, groups] = [other("Admission.vouchers") ?? 8, other("Membership.groups") ?? 8];
        const max =
          vouchers < groups
            ? { value: vouchers, because: "Admission.vouchers" }
            : { value: groups, because: "the number of Membership.groups" };
        return { min: { value: 2 }, max };
      },
    },
    vouchSlots: between("vouches", 1, 16),
    vouchCooldown: between("seconds", MINUTE, 365 * DAY),
  },
  Elections: { name: { kind: "name", longest: LONGEST_NAME } },
  Agenda: {
    name: { kind: "name", longest: LONGEST_NAME },
    places: between("decisions", 1, 5),
  },
  Motions: {
    name: { kind: "name", longest: LONGEST_NAME },
    documents: { kind: "names", longest: LONGEST_TITLE, fewest: 1, most: 16 },
    statementWindow: stage(90 * DAY),
    notice: stage(90 * DAY),
    window: stage(30 * DAY),
    rebase: stage(30 * DAY),
    lapse: {
      kind: "integer",
      unit: "seconds",
      range: (other) => {
        const parts = [other("Motions.window"), other("Motions.rebase"), other("$global.shortestStage")];
        const min = parts.every((part) => part !== undefined)
          ? {
              value: parts.reduce((sum, part) => sum + part, 0),
              because: "Motions.window, Motions.rebase and $global.shortestStage together",
            }
          : { value: 3 * MINUTE };
        return { min, max: { value: 365 * DAY } };
      },
    },
    openByMotion: between("amendments", 1, 16),
    openByMember: between("amendments", 1, 4),
    silence: { ...stage(30 * DAY), orNone: true },
    objections: between("members", 1, 5),
    objectionGroups: noMoreThan("groups", "Motions.objections", 2),
    amendmentSilence: { ...stage(30 * DAY), orNone: true },
    amendmentObjections: between("members", 1, 5),
    amendmentObjectionGroups: noMoreThan("groups", "Motions.amendmentObjections", 2),
  },
  Forum: {
    name: { kind: "name", longest: LONGEST_NAME },
    codeDocument: {
      kind: "integer",
      unit: "documents",
      range: (other) => ({
        min: { value: 1 },
        max: { value: other("Motions.documents") ?? 16, because: "the number of Motions.documents" },
      }),
    },
    lists: { kind: "names", longest: LONGEST_TITLE, fewest: 1, most: 16 },
    purposes: { kind: "digests", asMany: "Forum.lists" },
    burst: between("posts", 1, 100),
    interval: between("seconds", 1, DAY),
  },
  Conduct: {
    name: { kind: "name", longest: LONGEST_NAME },
    response: stage(30 * DAY),
    drawing: stage(30 * DAY),
    deliberation: stage(90 * DAY),
    appeal: stage(90 * DAY),
    members: from(
      "$global.shortestStage",
      365 * DAY,
      4 * MINUTE,
      (value) => 4 * value,
      "four times $global.shortestStage",
    ),
    emergency: stage(14 * DAY),
    suspension: stage(180 * DAY),
    quota: between("complaints", 1, 20),
    quotaPeriod: between("seconds", DAY, 365 * DAY),
  },
  Coalition: { uri: { kind: "uri" } },
  Governor: {
    name: { kind: "name", longest: LONGEST_NAME },
    guardian: { kind: "account" },
    guardianTerm: between("seconds", 0, 1_096 * DAY),
    resolution: classRules(5_000, 0),
    motionAmendment: classRules(5_000, 0),
    action: classRules(5_000, 0),
    appeal: classRules(5_000, 0),
    amendment: classRules(6_000, 2),
  },
};
