import { isHexString } from "ethers";
import { Problem } from "../problem.js";
import type { Context } from "./coalition.js";
import { decode, isRevert } from "./revert.js";
import { counted, listed } from "./words.js";

/** An admission policy of the coalition, and what it wants to see. */
export interface Policy {
  readonly name: "open" | "vouched" | "attested" | "combined" | "unknown";
  readonly address: string;
  /** In words, as an answer to: what does a participant need for the vote? */
  readonly wants: string;
  readonly parts?: readonly Policy[];
}

/** The policy in force. */
export async function policyInForce(context: Context): Promise<Policy> {
  return policyAt(context, await context.coalition.membership.admissionPolicy());
}

/** A policy by its address, named after the contract of the address book that it is. */
export async function policyAt(context: Context, address: string): Promise<Policy> {
  const { coalition, contracts } = context;
  const is = (key: "admission" | "vouched" | "attested" | "either") =>
    contracts[key].toLowerCase() === address.toLowerCase();
  if (is("admission")) return { name: "open", address, wants: "nothing" };
  if (is("vouched")) {
    const { vouchers, groups } = await coalition.vouched.rules();
    const wants = `vouches of ${counted(vouchers, "member")} whose votes count, from ${groups} stakeholder groups at the least`;
    return { name: "vouched", address, wants };
  }
  if (is("attested")) {
    const wants = "a statement, for the member's group and kind, of an issuer whom the members accredited";
    return { name: "attested", address, wants };
  }
  if (is("either")) {
    const all = await coalition.either.requiresAll();
    const parts: Policy[] = [];
    for (const part of await coalition.either.policies()) parts.push(await policyAt(context, part));
    const each = parts.map(({ wants }) => wants);
    const wants = all ? listed(each) : each.join(", or ");
    return { name: "combined", address, wants, parts };
  }
  return { name: "unknown", address, wants: `whatever the policy at ${address} asks for` };
}

/** Whether a policy, or a part of it, is one of those names. */
export function includes({ name, parts = [] }: Policy, ...names: readonly Policy["name"][]): boolean {
  return names.includes(name) || parts.some((part) => includes(part, ...names));
}

/** That a member does not meet a policy, as a sentence. */
export function unmet(who: string, { name, wants }: Policy): string {
  return `${who} does not meet the admission policy in force (${name}) yet, which wants ${wants}.`;
}

/**
 * Reads the evidence that a person gave for the policy in force; refuses any where that would not look at it, for
 * whoever brings it believes that it helps.
 */
export async function readEvidence(context: Context, text: string): Promise<string> {
  if (text === "") return "0x";
  if (!isHexString(text, true)) {
    throw new Problem(`--evidence is "${text}", allowed: 0x and hexadecimal digits, two a byte`);
  }
  const policy = await policyInForce(context);
  if (text === "0x" || includes(policy, "unknown")) return text;
  const instead = includes(policy, "attested") ? "; an issuer's statement is brought with --statement" : "";
  throw new Problem(
    `The admission policy in force (${policy.name}) looks at no evidence, but wants ${policy.wants}: leave --evidence out${instead}.`,
  );
}

/** By what the roll tells that the policy says no, or that the policy is not what the vote waits for. */
const NO = ["MembershipAdmissionRefused", "MembershipNotQualifiable"];

/**
 * Whether the policy in force would let a participant into the queue for the vote now.
 * @throws what the chain refused for another reason, or the node's own failure: neither is the policy's no.
 */
export async function admits(
  { coalition, ethers }: Context,
  number: number,
  evidence = "0x",
): Promise<boolean> {
  try {
    await coalition.membership.connect(ethers.provider).qualify.staticCall(number, evidence);
    return true;
  } catch (error) {
    const refusal = decode(error, coalition);
    // A policy of another make may say no in words that nobody here knows, or in none.
    if (refusal === undefined ? isRevert(error) : NO.includes(refusal.name)) return false;
    throw error;
  }
}
