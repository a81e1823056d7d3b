import type { BallotFacts } from "./ballot.js";
import { whyNot } from "./standings.js";
import type { Former, MemberFacts } from "./status.js";
import { counted, date, listed, type Moment } from "./words.js";

const WIDTH = 14;

/** A member's status for a person, a line for each thing. */
export function describe(
  key: string,
  member: MemberFacts | undefined,
  former: Former | undefined,
  ballot: BallotFacts | undefined,
): string[] {
  const lines: string[] = [];
  if (member === undefined) {
    lines.push(`${key} is not on the roll. Anyone may join: member join --group <name>`);
  } else if (former !== undefined && member.key !== key) {
    lines.push(`${key} ${whyNot(former.standing, former.since?.seconds ?? 0)}.`);
    lines.push(`Member ${member.number} is ${member.key} now: member status --number ${member.number}`);
  } else {
    lines.push(...describeMember(member));
  }
  if (ballot !== undefined) lines.push("", ...ballot.sentences);
  return lines;
}

function describeMember(member: MemberFacts): string[] {
  const { number, kind, group, key, joinedAt, status, leftAt } = member;
  const row = (name: string, text: string) => `  ${name.padEnd(WIDTH)}${text}`;
  const head = [
    `Member ${number}, ${kind === "person" ? "a person" : "an organisation"}, ${group.name}`,
    row("key", key),
    row("joined", at(joinedAt)),
  ];
  if (status !== "active") {
    const how = status === "ended" ? "ended by a decision of the members" : "resigned";
    return [...head, row("left", `${at(leftAt)}: ${how}; the number is not used again`)];
  }
  return [
    ...head,
    row("vote", vote(member)),
    ...statement(member).map((text) => row("statement", text)),
    ...rights(member).map(([name, text]) => row(name, text)),
    row("confirmation", confirmation(member)),
    row("guardians", guardians(member)),
    ...(member.recovery === undefined ? [] : [row("RECOVERY", recovery(member.recovery))]),
    row("affiliation", affiliation(member)),
    ...delegation(member).map((text) => row("delegation", text)),
    ...vouches(member).map((text) => row("vouches", text)),
  ];
}

function vote({ counts, votesFrom, pauses, policy, rights }: MemberFacts): string {
  if (counts) return `counts since ${at(votesFrom)}`;
  if (pauses.length === 0) return `matures on ${at(votesFrom)}, and counts in decisions opened from then on`;
  const why = pauses.map((pause) => {
    if (pause === "participant") {
      return `a participant; for the vote, the admission policy in force (${policy?.name}) wants ${policy?.wants}`;
    }
    return pause === "dormant"
      ? 'dormant, for want of a confirmation; "member confirm" brings the vote back'
      : "an organisation votes instead";
  });
  const suspended = rights.vote.standing === "suspended" ? "; and suspended" : "";
  return `does not count: ${why.join("; and ")}${suspended}`;
}

function statement({ number, pauses, statement: facts }: MemberFacts): string[] {
  if (facts === undefined) return [];
  if (facts === null) {
    // Of whom the policy has admitted it asks no more.
    return pauses.includes("participant")
      ? [`none presented; one is brought with "member qualify --number ${number} --statement <file>"`]
      : [];
  }
  const { issuer, about, expires, void: why } = facts;
  const now = why === undefined ? "" : `; it admits no longer: ${why}`;
  return [`of ${issuer}, about ${about}, valid until ${at(expires)}${now}`];
}

function rights({ rights: all }: MemberFacts): [string, string][] {
  const granted = Object.entries(all).filter(([, { standing }]) => standing === "granted");
  const refused = Object.entries(all).filter(([, { standing }]) => standing !== "granted");
  const rows: [string, string][] = [["may", listed(granted.map(([name]) => name)) || "nothing for now"]];
  const reasons = new Map<string, string[]>();
  for (const [name, { standing, explanation }] of refused) {
    const why = whyNot(standing, explanation?.seconds ?? 0);
    reasons.set(why, [...(reasons.get(why) ?? []), name]);
  }
  for (const [why, names] of reasons) rows.push(["may not", `${listed(names)}: ${why}`]);
  return rows;
}

function confirmation({ confirmation: { last, dueAt, overdue } }: MemberFacts): string {
  if (dueAt === undefined) return `last on ${at(last)}; none is due for now`;
  return overdue
    ? `OVERDUE since ${at(dueAt)}: anybody can mark the member dormant; "member confirm" prevents it`
    : `last on ${at(last)}; the next is due by ${at(dueAt)}`;
}

function guardians({ guardians: { addresses, threshold } }: MemberFacts): string {
  return addresses.length === 0
    ? "none named; a lost key could be replaced by a decision of the members alone"
    : `${threshold} of ${addresses.length} must agree: ${addresses.join(", ")}`;
}

function recovery({ newKey, readyAt, lapsesAt }: NonNullable<MemberFacts["recovery"]>): string {
  const when =
    readyAt === undefined
      ? `lacks approvals, lapses on ${at(lapsesAt)}`
      : `can be completed from ${at(readyAt)} on`;
  return `a request to move to ${newKey} ${when}; the present key ends it with "member recover --veto"`;
}

function affiliation({ affiliation: facts }: MemberFacts): string {
  if ("owner" in facts) {
    return `owned by ${facts.owner}; ${counted(facts.affiliated, "member")} affiliated`;
  }
  const { organisation, represented } = facts;
  if (organisation === 0) return "none disclosed";
  return `with organisation ${organisation}${represented ? ", which votes instead" : ""}`;
}

function delegation({ delegation: { given, limit, received } }: MemberFacts): string[] {
  const from =
    given === undefined
      ? "not delegated"
      : `to member ${given.to} until ${at(given.until)}${given.void ? ", void for now: the delegate's vote does not count in this group" : ""}`;
  const to =
    limit === 0 && received === 0
      ? "takes none of others"
      : `takes up to ${counted(limit, "vote")} of others, has ${received}`;
  return [from, to];
}

function vouches({ vouches: { received, given } }: MemberFacts): string[] {
  const from = received.map(({ number, live }) => (live ? `${number}` : `${number} (not live)`));
  return [
    ...(from.length === 0 ? [] : [`from member ${listed(from)}`]),
    ...(given.length === 0 ? [] : [`for member ${listed(given.map(String))}`]),
  ];
}

const at = (moment: Moment | undefined) => (moment === undefined ? "–" : date(moment.seconds));
