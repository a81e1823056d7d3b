import { getAddress } from "ethers";
import { Problem } from "../problem.js";
import type { Context } from "./coalition.js";
import {
  fail,
  type Given,
  readAddress,
  readHex,
  readNumber,
  readObject,
  requireMeantFor,
} from "./json-file.js";
import { kindOf, type Member } from "./lookup.js";
import { includes, type Policy } from "./policy.js";
import { ATTEST } from "./request-file.js";
import { isSigned } from "./signing.js";
import { date, listed, type Moment, momentOf } from "./words.js";

/** What an issuer signs, as the policy for attested admission has it. */
export const ATTESTATION = {
  Attestation: [
    { name: "account", type: "address" },
    { name: "group", type: "uint8" },
    { name: "organisation", type: "bool" },
    { name: "id", type: "bytes32" },
    { name: "expires", type: "uint48" },
  ],
};

/** What an issuer attests: that a key belongs to a person, or an organisation, of a stakeholder group. */
export interface Statement {
  readonly account: string;
  readonly group: number;
  readonly organisation: boolean;
  /** The issuer's own, another one for each statement. */
  readonly id: string;
  /** First second at which it is no longer valid, in seconds since 1970. */
  readonly expires: number;
}

/** A statement that an issuer signed and anybody can present, as its file has it. */
export interface SignedStatement {
  readonly act: typeof ATTEST;
  readonly chainId: number;
  /** The policy that it was signed for. */
  readonly contract: string;
  readonly issuer: string;
  readonly message: Statement;
  readonly signature: string;
}

/** For whom a statement is to be presented; the number is 0 before they joined. */
export type Candidate = Pick<Member, "number" | "key" | "group" | "organisation">;

/** Reads a statement, and refuses what is none, or was signed for another coalition. */
export async function readStatement(context: Context, path: string): Promise<SignedStatement> {
  const file = readObject(path, "statement");
  if (file.act !== ATTEST) {
    throw new Problem(
      `${path} is no statement of an issuer: its "act" is ${JSON.stringify(file.act) ?? "missing"}, allowed: "${ATTEST}"`,
    );
  }
  const message = (file.message ?? {}) as Given;
  const { organisation } = message;
  const statement: SignedStatement = {
    act: ATTEST,
    chainId: readNumber(path, "chainId", file.chainId),
    contract: readAddress(path, "contract", file.contract),
    issuer: readAddress(path, "issuer", file.issuer),
    message: {
      account: readAddress(path, "message.account", message.account),
      group: readNumber(path, "message.group", message.group),
      organisation:
        typeof organisation === "boolean"
          ? organisation
          : fail(path, "message.organisation", organisation, "true or false"),
      id: readHex(path, "message.id", message.id, 32),
      expires: readNumber(path, "message.expires", message.expires),
    },
    signature: readHex(path, "signature", file.signature),
  };
  const { chainId } = await context.ethers.provider.getNetwork();
  requireMeantFor(path, statement, chainId, getAddress(context.contracts.attested));
  return statement;
}

/** Refuses to use a statement up where the policy in force looks at none. */
export function requireHeard(policy: Policy): void {
  if (includes(policy, "attested", "unknown")) return;
  throw new Problem(
    `The admission policy in force (${policy.name}) looks at no statement, but wants ${policy.wants}: leave --statement out.`,
  );
}

/** Refuses a statement about another key than the member's. */
export function requireAbout({ message: { account } }: SignedStatement, { number, key }: Candidate): void {
  if (account === key) return;
  const held = number === 0 ? `the key that joins is ${key}` : `member ${number} is ${key}`;
  throw new Problem(`The statement is about ${account}, but ${held}. Ask the issuer for one about that key.`);
}

/**
 * Finds what the policy would refuse a statement for.
 * @returns whether it was presented for this member before, so that there is nothing left to present.
 */
export async function requirePresentable(
  context: Context,
  statement: SignedStatement,
  candidate: Candidate,
): Promise<boolean> {
  const { issuer, message, signature } = statement;
  const { attested } = context.coalition;
  requireAbout(statement, candidate);
  if (message.expires <= context.now) {
    throw new Problem(
      `The statement was valid until ${date(message.expires)}, which is over; ask ${issuer} for a new one.`,
    );
  }
  const { number, group, organisation } = candidate;
  if (message.group !== group || message.organisation !== organisation) {
    const who = number === 0 ? "who joins here is" : `member ${number} is`;
    throw new Problem(
      `The statement speaks of ${about(context, message)}, but ${who} ${about(context, candidate)}. Ask the issuer for one that says so.`,
    );
  }
  const why = await whyNotAccredited(context, issuer, message);
  if (why !== undefined) throw new Problem(`The statement is worth nothing now: ${why}.`);
  if (await attested.isRevoked(issuer, message.id)) {
    throw new Problem(`The statement ${message.id} of ${issuer} was revoked; ask for a new one.`);
  }
  const served = Number(await attested.usedBy(issuer, message.id));
  if (served !== 0) {
    const standing = await attested.statementOf(served);
    if (served === number && standing.issuer === issuer && standing.id === message.id) return true;
    throw new Problem(
      served === number
        ? `Member ${number} presented the statement ${message.id} of ${issuer} before, and another one since; it is used up.`
        : `The statement ${message.id} of ${issuer} is used up: it has served member number ${served}. Ask for one of your own.`,
    );
  }
  const sealed = { desk: "attested", types: ATTESTATION, message: { ...message }, signature } as const;
  if (!(await isSigned(context, sealed, issuer))) {
    throw new Problem(
      `The statement does not bear a signature of ${issuer} for just this, on this chain and contract; have it signed anew.`,
    );
  }
  return false;
}

/** A kind of member of a group: "a person of Academia". */
export function about(
  { groups }: Pick<Context, "groups">,
  { group, organisation }: Pick<Statement, "group" | "organisation">,
): string {
  return `${kindOf(organisation)} of ${groups[group] ?? `group ${group}`}`;
}

/** Why an issuer may not attest a kind of member of a group now, without a full stop; undefined if it may. */
export async function whyNotAccredited(
  context: Context,
  issuer: string,
  subject: Pick<Statement, "group" | "organisation">,
): Promise<string | undefined> {
  const scope = await context.coalition.attested.accreditationOf(issuer);
  if (scope.groups === 0n) return `the members have not accredited ${issuer}, or no longer`;
  if (scope.until <= context.now) return `the accreditation of ${issuer} ended on ${date(scope.until)}`;
  const named = context.groups.filter((_, index) => (scope.groups >> BigInt(index)) & 1n);
  const kinds = [...(scope.persons ? ["persons"] : []), ...(scope.organisations ? ["organisations"] : [])];
  const isOfKind = subject.organisation ? scope.organisations : scope.persons;
  if (isOfKind && (scope.groups >> BigInt(subject.group)) & 1n) return undefined;
  return `the members accredited ${issuer} for ${listed(kinds)} of ${listed(named)} alone, not for ${about(context, subject)}`;
}

/** The statement that a member presented last, as it stands now. */
export interface StatementFacts {
  readonly issuer: string;
  readonly id: string;
  readonly about: string;
  readonly expires: Moment | undefined;
  /** Why it does not admit the member; undefined if it does. */
  readonly void?: string;
}

/** The statement that a member presented last; undefined if none. */
export async function statementOf(
  context: Context,
  { number, group }: Member,
): Promise<StatementFacts | undefined> {
  const { attested } = context.coalition;
  const { issuer, id, expires, group: stated, organisation } = await attested.statementOf(number);
  if (expires === 0n) return undefined;
  const subject = { group: Number(stated), organisation };
  const why = async () => {
    if (expires <= context.now) return "it expired";
    if (subject.group !== group) return "the member is of another group now";
    if (await attested.isRevoked(issuer, id)) return "it was revoked";
    return whyNotAccredited(context, issuer, subject);
  };
  const reason = await why();
  return {
    issuer,
    id,
    about: about(context, subject),
    expires: momentOf(expires),
    ...(reason !== undefined && { void: reason }),
  };
}
