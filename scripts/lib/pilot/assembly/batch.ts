import { concat, type TypedDataDomain, TypedDataEncoder, type Wallet } from "ethers";
import type { CoalitionGovernor } from "../../../../typechain-types/index.js";
import { FIRST_BALLOT } from "../../ballots/ballot-file.js";
import type { Act, Question } from "../roll/act.js";

/** `ICoalitionGovernor.Skip`. */
export const SKIPS = [
  "InvalidSignature",
  "Expired",
  "WrongNonce",
  "NotEntitled",
  "AlreadyCast",
  "CastInPerson",
  "SupportOutOfRange",
  "WrongLength",
] as const;

type Group = { readonly support: number; readonly deadline: number; readonly signatures: string };

/** The domain of the governor's signed messages. */
export async function domainOf(governor: CoalitionGovernor): Promise<TypedDataDomain> {
  const { name, version, chainId, verifyingContract } = await governor.eip712Domain();
  return { name, version, chainId, verifyingContract };
}

/** A ballot as its voter signs it: 64 bytes. */
export function signBallot(
  wallet: Wallet,
  domain: TypedDataDomain,
  ballot: { readonly proposalId: bigint; readonly support: number; readonly deadline: number },
): string {
  return wallet.signingKey.sign(TypedDataEncoder.hash(domain, FIRST_BALLOT, ballot)).compactSerialized;
}

/** Ballots of one choice, signed by members. */
export async function groupOf(
  act: Act,
  { id: proposalId }: Question,
  support: number,
  numbers: readonly number[],
): Promise<Group> {
  const domain = await domainOf(act.contracts.governor);
  const deadline = await act.soon();
  const signatures = numbers.map((number) =>
    signBallot(act.keyOf(number), domain, { proposalId, support, deadline }),
  );
  return { support, deadline, signatures: concat(signatures) };
}

/** One relayer brings ballots of members in one transaction. Answers how many counted, and why the others did not. */
export async function relay(
  act: Act,
  { id: proposalId }: Question,
  groups: readonly Group[],
): Promise<{ readonly counted: number; readonly skipped: readonly string[] }> {
  const { governor } = act.contracts;
  const sent = await governor.connect(act.setting.relayer).castBallots(proposalId, [...groups], []);
  const receipt = await sent.wait();
  const events = (receipt?.logs ?? []).map((log) => governor.interface.parseLog(log));
  return {
    counted: events.filter((event) => event?.name === "VoteCast").length,
    skipped: events.flatMap((event) =>
      event?.name === "BallotSkipped" ? [SKIPS[Number(event.args.reason)] ?? "unknown"] : [],
    ),
  };
}

/** Numbers from one to another. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
