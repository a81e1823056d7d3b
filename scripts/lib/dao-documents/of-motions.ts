import { Interface } from "ethers";
import { Motions__factory } from "../../../typechain-types/index.js";
import { cidOf } from "../content/digest.js";
import type { ChainLog } from "../elections/source.js";
import type { Session } from "../member/session.js";

const MOTIONS = new Interface(Motions__factory.abi);

/** As `MotionDecisions` describes a decision: what it is about, and the digest of its text. */
const DESCRIPTION = /^(.+): text sha2-256 (0x[0-9a-f]{64}) #proposer=0x[0-9a-f]{40}$/;

/**
 * What a decision is about that came from a motion, and the address of its text.
 * @returns undefined for a description that `Motions` does not write.
 */
export function subjectOf(description: string): { name: string; contentURI: string } | undefined {
  const [, name, digest] = DESCRIPTION.exec(description) ?? [];
  if (name === undefined || digest === undefined) return undefined;
  return { name, contentURI: `ipfs://${cidOf(digest)}` };
}

/**
 * Member numbers of those who wrote what was put to the vote, by decision. To the governor, `Motions` proposed all of it;
 * but no contract is a member.
 */
export async function authorsOf(
  { coalition, contracts }: Session,
  logs: readonly ChainLog[],
  blockTag: number,
): Promise<ReadonlyMap<bigint, bigint>> {
  const authors = new Map<bigint, bigint>();
  for (const { address, topics, data } of logs) {
    if (address.toLowerCase() !== contracts.motions.toLowerCase()) continue;
    const event = MOTIONS.parseLog({ topics: [...topics], data });
    if (event?.name === "MotionPut") {
      const { author } = await coalition.motions.motionOf(event.args.motion, { blockTag });
      authors.set(event.args.proposalId, author);
    } else if (event?.name === "AmendmentPut") {
      const { mover } = await coalition.amendments.amendmentOf(event.args.amendment, { blockTag });
      authors.set(event.args.proposalId, mover);
    }
  }
  return authors;
}
