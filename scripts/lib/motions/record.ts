import { sourceAt } from "../elections/source.js";
import type { Session } from "../member/session.js";
import type { ActionList } from "./actions.js";
import { Chronicle, lastOf, type Writing } from "./chronicle.js";

/** What motions and amendments said, from the chain's events; refuses events that are not whole. */
export async function recordOf(session: Session, say?: (line: string) => void): Promise<Chronicle> {
  return Chronicle.read(await sourceAt(session.ethers, session.contracts, say), session.fromBlock);
}

/** The actions of a revision or a version, as a file holds them: values in wei as decimal digits. */
export const actionsIn = ({ list }: Pick<Writing, "list">): ActionList => ({
  targets: [...list.targets],
  values: list.values.map(String),
  calldatas: [...list.calldatas],
});

/** The last revision of a motion. */
export const presentOf = (record: Chronicle, motion: number) =>
  lastOf(record.motionOf(BigInt(motion)).revisions);

/** The last version of an amendment. */
export const presentOfAmendment = (record: Chronicle, amendment: number) =>
  lastOf(record.amendmentOf(BigInt(amendment)).versions);
