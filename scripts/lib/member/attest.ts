import { existsSync } from "node:fs";
import { hexlify, isHexString, randomBytes } from "ethers";
import { Problem } from "../problem.js";
import type { Context, Outcome, Person } from "./coalition.js";
import { writeNew } from "./json-file.js";
import { memberAt } from "./lookup.js";
import { includes, policyInForce } from "./policy.js";
import { ATTEST } from "./request-file.js";
import { domainOf } from "./signing.js";
import { ATTESTATION, about, type SignedStatement, type Statement, whyNotAccredited } from "./statement.js";
import { date } from "./words.js";

/** For how long a statement is valid unless the issuer says otherwise, in seconds. */
export const VALIDITY = 30 * 86_400;

/** Reads the id that an issuer gave; a new one at random unless given, for it must say nothing about the person. */
export function readId(text: string): string {
  if (text === "") return hexlify(randomBytes(32));
  if (isHexString(text, 32)) return text.toLowerCase();
  throw new Problem(`--id is "${text}", allowed: 0x and 64 hexadecimal digits`);
}

/**
 * Signs as an issuer that a key belongs to a person, or an organisation, of a group; nothing is sent.
 * @param out The file for the statement.
 */
export async function attest(
  context: Context,
  message: Statement,
  issuer: Person,
  out: string,
): Promise<Outcome> {
  if (out === "") throw new Problem("Say where to write the statement: --out <file>");
  if (existsSync(out)) throw new Problem(`${out} exists already; name another file with --out.`);
  await requireFresh(context, message, issuer.address);
  const doubts = await doubtsOf(context, message, issuer.address);
  const domain = await domainOf(context, "attested");
  const statement: SignedStatement = {
    act: ATTEST,
    chainId: Number((await context.ethers.provider.getNetwork()).chainId),
    contract: context.contracts.attested,
    issuer: issuer.address,
    message,
    signature: await issuer.signTypedData(domain, ATTESTATION, { ...message }),
  };
  writeNew(out, statement);
  return {
    lines: [
      ...doubts.map((doubt) => `WARNING: ${doubt}.`),
      `Signed: ${message.account} is ${about(context, message)}, valid until ${date(message.expires)}. Written to ${out}.`,
      'Give it to them; anybody presents it, once, with "member join --statement" or "member qualify --statement".',
    ],
    facts: { act: ATTEST, sent: false, file: out, warnings: doubts, statement },
  };
}

/** Refuses what would be worth nothing from the start, whatever the members decide. */
async function requireFresh({ coalition, now }: Context, { id, expires }: Statement, issuer: string) {
  if (expires <= now) {
    throw new Problem(`--expires is ${date(expires)}, which is over; it must lie in the future.`);
  }
  const served = await coalition.attested.usedBy(issuer, id);
  if (served !== 0n) {
    throw new Problem(
      `--id is ${id}, but that statement of yours has served member number ${served}; each has an id of its own.`,
    );
  }
  if (await coalition.attested.isRevoked(issuer, id)) {
    throw new Problem(`--id is ${id}, but you, or the members, revoked that; each statement has its own.`);
  }
}

/** What may keep a statement from admitting anybody as things are now; it can change before it is presented. */
async function doubtsOf(context: Context, message: Statement, issuer: string): Promise<string[]> {
  const { membership, attested } = context.coalition;
  const doubts: string[] = [];
  const why = await whyNotAccredited(context, issuer, message);
  if (why !== undefined) {
    doubts.push(`as things are, the statement admits nobody: ${why}`);
  } else {
    const { until } = await attested.accreditationOf(issuer);
    if (until < message.expires) {
      doubts.push(
        `the accreditation of ${issuer} ends on ${date(until)}, before the statement, which admits nobody from then on`,
      );
    }
  }
  const policy = await policyInForce(context);
  if (!includes(policy, "attested", "unknown")) {
    doubts.push(`the admission policy in force (${policy.name}) looks at no statement`);
  }
  const number = Number(await membership.numberOf(message.account));
  if (number === 0) return doubts;
  const member = await memberAt(context, number);
  if (member.group !== message.group || member.organisation !== message.organisation) {
    doubts.push(
      `member ${number} is ${about(context, member)}; the statement cannot be presented as long as they are`,
    );
  }
  return doubts;
}
