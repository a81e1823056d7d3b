import { newText } from "../lib/content/new-text.js";
import { readDecision } from "../lib/member/ballot.js";
import * as lib from "../lib/member/commands.js";
import { actingAccount } from "../lib/member/session.js";
import { readId } from "../lib/motions/motion.js";
import { carryOutWith } from "../lib/motions/write.js";
import { COSIGN, FILE_STATEMENT } from "../lib/statements/acts.js";
import { outcomeOf } from "../lib/statements/outcome.js";
import { member } from "./member-actions.js";
import { relay, type Stored, withStore } from "./motions-actions.js";

type Decided = Stored & { readonly decision: string };

export const file = withStore((session, store, options: Decided & lib.Manner & { file: string }) => {
  const text = newText(options.file);
  const account = actingAccount(session, options.account).address;
  const message = { account, proposalId: `${readDecision(options.decision)}`, digest: text.digest };
  return carryOutWith({ session, store, manner: options }, FILE_STATEMENT, message, [text]);
});

export const cosign = member((session, options: Stored & lib.Manner & { statement: string }) => {
  const account = actingAccount(session, options.account).address;
  const statement = readId("The statement", options.statement);
  return lib.carryOut(session, options, COSIGN, { account, statement });
});

export const outcome = withStore((session, store, options: Decided) =>
  outcomeOf(session, store, options.decision),
);

export { relay };
