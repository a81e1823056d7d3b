import { type BallotFacts, explainBallot, type Voice } from "./ballot.js";
import type { Context, Outcome } from "./coalition.js";
import { type Member, memberAt } from "./lookup.js";
import { includes, type Policy, policyInForce } from "./policy.js";
import { type PendingRecovery, requestOf } from "./recover.js";
import { judge, RIGHTS, type Right, type Standing } from "./standings.js";
import { type StatementFacts, statementOf } from "./statement.js";
import { describe } from "./status-words.js";
import { type Moment, momentOf } from "./words.js";

/** Of whom the status is asked. */
export type Subject = { readonly key: string } | { readonly number: number };

/** A right of a member now. */
export interface RightFacts {
  readonly standing: Standing;
  readonly explanation: Moment | undefined;
}

/** Everything that the chain knows of a member. */
export interface MemberFacts {
  readonly number: number;
  readonly key: string;
  readonly group: { readonly index: number; readonly name: string };
  readonly kind: "person" | "organisation";
  readonly status: Member["status"];
  readonly joinedAt: Moment | undefined;
  readonly leftAt: Moment | undefined;
  readonly pauses: Member["pauses"];
  readonly votesFrom: Moment | undefined;
  /** Whether the vote counts now. */
  readonly counts: boolean;
  readonly rights: Readonly<Record<Right, RightFacts>>;
  /** What the admission policy in force wants of a participant. */
  readonly policy?: Policy;
  /** What an issuer attested of the member; only where the policy in force, or a part of it, looks at that. */
  readonly statement?: StatementFacts | null;
  readonly confirmation: {
    readonly last: Moment | undefined;
    /** Undefined while nothing is due. */
    readonly dueAt: Moment | undefined;
    readonly overdue: boolean;
  };
  readonly guardians: { readonly addresses: readonly string[]; readonly threshold: number };
  readonly recovery?: Omit<PendingRecovery, "readyAt" | "lapsesAt"> & {
    readonly readyAt: Moment | undefined;
    readonly lapsesAt: Moment | undefined;
  };
  readonly affiliation:
    | {
        readonly organisation: number;
        readonly represented: boolean;
        readonly changeableAt: Moment | undefined;
      }
    | { readonly owner: string; readonly affiliated: number };
  readonly delegation: {
    readonly given?: {
      readonly to: number;
      readonly until: Moment | undefined;
      /** Whether it is void because the delegate's vote does not count in this group now. */
      readonly void: boolean;
    };
    readonly limit: number;
    readonly received: number;
  };
  readonly vouches: {
    readonly received: readonly { readonly number: number; readonly live: boolean }[];
    readonly given: readonly number[];
    readonly slotsFree: number;
  };
}

/**
 * Tells everything about a member, and of a decision whether they can vote on it, in plain words.
 * @param own Whether the subject is who asks.
 * @param decision A proposal's id.
 */
export async function status(
  context: Context,
  subject: Subject,
  own: boolean,
  decision?: string,
): Promise<Outcome> {
  const { number, key, former } = await find(context, subject);
  const member = number === 0 ? undefined : await gather(context, await memberAt(context, number));
  const voice: Voice = own
    ? { vote: "Your vote", who: "You" }
    : { vote: `The vote of member ${number}`, who: `Member ${number}` };
  const ballot: BallotFacts | undefined =
    decision === undefined ? undefined : await explainBallot(context, key, decision, voice);
  return {
    lines: describe(key, member, former, ballot),
    facts: {
      key,
      onRoll: member !== undefined && member.status === "active" && former === undefined,
      ...(former !== undefined && { standing: former.standing, since: former.since }),
      ...(member !== undefined && { member }),
      ...(ballot !== undefined && { decision: ballot }),
    },
  };
}

/** What a key was that is no member's any more. */
export interface Former {
  readonly standing: Standing;
  readonly since: Moment | undefined;
}

async function find(
  context: Context,
  subject: Subject,
): Promise<{ number: number; key: string; former: Former | undefined }> {
  if ("number" in subject) {
    const { key } = await memberAt(context, subject.number);
    return { number: subject.number, key, former: undefined };
  }
  const { key } = subject;
  const { number, standing, explanation } = await judge(context, key, "speak", context.now);
  const gone = standing !== "granted" && standing !== "suspended";
  return { number, key, former: gone ? { standing, since: momentOf(explanation) } : undefined };
}

async function gather(context: Context, member: Member): Promise<MemberFacts> {
  const { coalition, groups, now } = context;
  const { number, key, group, organisation } = member;
  const rights = {} as Record<Right, RightFacts>;
  for (const right of RIGHTS) {
    const { standing, explanation } = await judge(context, key, right, now);
    rights[right] = { standing, explanation: momentOf(explanation) };
  }
  const [counts] = await coalition.membership.countedAt(number, now);
  const { guardians, threshold } = await coalition.recovery.guardiansOf(number);
  const pending = await requestOf(context, number);
  const policy = await policyInForce(context);
  return {
    number,
    key,
    group: { index: group, name: groups[group] ?? "" },
    kind: organisation ? "organisation" : "person",
    status: member.status,
    joinedAt: momentOf(member.joinedAt),
    leftAt: momentOf(member.leftAt),
    pauses: member.pauses,
    votesFrom: momentOf(member.votesFrom),
    counts: member.status === "active" && counts,
    rights,
    ...(member.pauses.includes("participant") && { policy }),
    ...(includes(policy, "attested") && { statement: (await statementOf(context, member)) ?? null }),
    confirmation: {
      last: momentOf(member.confirmedAt),
      dueAt: momentOf(await coalition.confirmations.dueAt(number)),
      overdue: await coalition.confirmations.isOverdue(number),
    },
    guardians: { addresses: [...guardians], threshold: Number(threshold) },
    ...(pending !== undefined && {
      recovery: { ...pending, readyAt: momentOf(pending.readyAt), lapsesAt: momentOf(pending.lapsesAt) },
    }),
    affiliation: await affiliationOf(context, member),
    delegation: await delegationOf(context, member),
    vouches: await vouchesOf(context, number),
  };
}

async function affiliationOf(
  { coalition: { affiliations } }: Context,
  { number, organisation }: Member,
): Promise<MemberFacts["affiliation"]> {
  if (organisation) {
    return {
      owner: await affiliations.ownerOf(number),
      affiliated: Number(await affiliations.affiliatedCount(number)),
    };
  }
  return {
    organisation: Number(await affiliations.organisationOf(number)),
    represented: await affiliations.isRepresented(number),
    changeableAt: momentOf(await affiliations.changeableAt(number)),
  };
}

async function delegationOf(
  { coalition: { delegations }, now }: Context,
  { number, group }: Member,
): Promise<MemberFacts["delegation"]> {
  const { delegate, ends } = await delegations.delegationOf(number);
  const present = await delegations.delegationAt(number, group, now);
  return {
    ...(delegate !== 0n && {
      given: { to: Number(delegate), until: momentOf(ends), void: present.delegate === 0n },
    }),
    limit: Number(await delegations.limitOf(number)),
    received: Number(present.received),
  };
}

async function vouchesOf(
  { coalition: { vouched } }: Context,
  number: number,
): Promise<MemberFacts["vouches"]> {
  const { free } = await vouched.slotsOf(number);
  return {
    received: (await vouched.vouchersOf(number)).map((one) => ({
      number: Number(one.number),
      live: one.live,
    })),
    given: (await vouched.vouchesOf(number)).map((one) => Number(one.number)),
    slotsFree: Number(free),
  };
}
