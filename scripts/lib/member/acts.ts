import { getAddress } from "ethers";
import { ENDORSE } from "../ballots/endorse.js";
import { CONDUCT_ACTS } from "../conduct/acts.js";
import { ACCEPT, NOMINATE, SECOND, STAND, WITHDRAW } from "../elections/candidacy.js";
import { FORUM_ACTS } from "../forum/acts.js";
import { MOTION_ACTS } from "../motions/acts.js";
import { AMENDMENT_ACTS } from "../motions/amendment-acts.js";
import { STATEMENT_ACTS } from "../statements/acts.js";
import type { Act } from "./act.js";
import type { Context, Outcome, Person } from "./coalition.js";
import { DECLINE, DELEGATE, TAKE_DELEGATIONS } from "./delegate.js";
import { NAME_GUARDIANS } from "./guardians.js";
import { JOIN } from "./join.js";
import { requireMeantFor } from "./json-file.js";
import { CONFIRM, RESIGN } from "./leave.js";
import { relay } from "./perform.js";
import { APPROVE_RECOVERY, CLAIM_NUMBER, REQUEST_RECOVERY, VETO_RECOVERY } from "./recover.js";
import { readRequest } from "./request-file.js";
import { ROTATE } from "./rotate.js";
import { VOUCH, WITHDRAW_VOUCH } from "./vouch.js";

/** Everything that a member can have signed and sent by somebody else. */
export const ACTS = [
  JOIN,
  RESIGN,
  CONFIRM,
  VOUCH,
  WITHDRAW_VOUCH,
  ENDORSE,
  DELEGATE,
  TAKE_DELEGATIONS,
  DECLINE,
  ROTATE,
  NAME_GUARDIANS,
  REQUEST_RECOVERY,
  APPROVE_RECOVERY,
  VETO_RECOVERY,
  CLAIM_NUMBER,
  NOMINATE,
  STAND,
  ACCEPT,
  SECOND,
  WITHDRAW,
  ...MOTION_ACTS,
  ...AMENDMENT_ACTS,
  ...STATEMENT_ACTS,
  ...FORUM_ACTS,
  ...CONDUCT_ACTS,
] as readonly Act[];

/**
 * Sends the signed request of a file, and pays for it.
 * @param path Of the file.
 */
export async function sendRequest(context: Context, path: string, payer: Person): Promise<Outcome> {
  const { act, request } = readRequest(path, ACTS);
  const { chainId } = await context.ethers.provider.getNetwork();
  requireMeantFor(path, request, chainId, getAddress(context.contracts[act.desk]));
  return relay(context, act, request, payer);
}
