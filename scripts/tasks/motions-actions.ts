import { newText } from "../lib/content/new-text.js";
import { ContentStore, storePath } from "../lib/content/store.js";
import type { Outcome } from "../lib/member/coalition.js";
import * as lib from "../lib/member/commands.js";
import { relayMany } from "../lib/member/relay-many.js";
import { actingAccount, type Session } from "../lib/member/session.js";
import * as acts from "../lib/motions/acts.js";
import * as amendmentActs from "../lib/motions/amendment-acts.js";
import { amendmentAt, motionAt, readId } from "../lib/motions/motion.js";
import { next as doNext, sendBack as sendMotionBack } from "../lib/motions/next.js";
import * as reading from "../lib/motions/show.js";
import { listMotions, motionStatus } from "../lib/motions/status.js";
import * as writing from "../lib/motions/write.js";
import { Problem } from "../lib/problem.js";
import { type Common, member } from "./member-actions.js";
import { given } from "./options.js";

/** What every command with texts takes. */
export interface Stored extends Common {
  readonly store: string;
}

type Moved = Stored & { readonly motion: string };
type Manner = Stored & lib.Manner;
type Amended = Manner & { readonly amendment: string };

/** Runs a command in a session with the store of texts. */
export const withStore = <O extends Stored>(
  work: (session: Session, store: ContentStore, options: O) => Promise<Outcome>,
) =>
  member<O>((session, options, hre) =>
    work(session, new ContentStore(storePath(hre.config.paths.root, given(options.store))), options),
  );

/** Whether differences can be shown in colours: false where the output is no terminal, and where NO_COLOR is set. */
export const hasColours = (): boolean => process.stdout.isTTY && process.stdout.hasColors();

/** Progress goes to people; a machine gets one object and nothing else. */
export const progress =
  ({ json }: Common) =>
  (line: string) => {
    if (!json) console.log(line);
  };

const motionIn = ({ motion }: { readonly motion: string }) => readId("The motion", motion);
const amendmentIn = ({ amendment }: { readonly amendment: string }) => readId("The amendment", amendment);

/** Either a motion or an amendment. */
function subjectIn({ motion, amendment }: { readonly motion: string; readonly amendment: string }) {
  if ((motion === "") === (amendment === "")) {
    throw new Problem("Say which: the number of a motion, or --amendment <number>, and not both.");
  }
  return motion === ""
    ? ({ kind: "amendment", id: readId("--amendment", amendment) } as const)
    : ({ kind: "motion", id: readId("The motion", motion) } as const);
}

const accountIn = (session: Session, { account }: Common) => actingAccount(session, account).address;

export const draft = withStore(
  (session, store, options: Manner & { file: string; purpose: string; actions: string }) =>
    writing.draft({ session, store, manner: options }, options.file, options.purpose, options.actions),
);

export const revise = withStore(
  (session, store, options: Manner & Moved & { file: string; purpose: string; actions: string }) =>
    writing.revise({ session, store, manner: options }, motionIn(options), options),
);

/** An act about a motion as it is now. */
const onMotion = (act: typeof acts.TABLE) =>
  member(async (session, options: Manner & Moved) => {
    const { id: motion, revision } = await motionAt(session, motionIn(options));
    const message = { account: accountIn(session, options), motion, revision };
    return lib.carryOut(session, options, act, message);
  });

export const table = onMotion(acts.TABLE);
export const endorse = onMotion(acts.ENDORSE_MOTION);

export const withdraw = member(async (session, options: Amended & Moved) => {
  const { kind, id } = subjectIn(options);
  const account = accountIn(session, options);
  if (kind === "motion") {
    const { revision } = await motionAt(session, id);
    return lib.carryOut(session, options, acts.WITHDRAW_MOTION, { account, motion: id, revision });
  }
  const { version } = await amendmentAt(session, id);
  return lib.carryOut(session, options, amendmentActs.WITHDRAW_AMENDMENT, {
    account,
    amendment: id,
    version,
  });
});

export const status = member((session, options: Common & { motion: string }) =>
  options.motion === "" ? listMotions(session) : motionStatus(session, motionIn(options), progress(options)),
);

type Amending = Manner & { file: string; reason: string; actions: string; substitute: boolean };

export const amend = withStore((session, store, options: Amending & Moved & { to: string }) => {
  const parent = options.to === "" ? 0 : readId("--to", options.to);
  return writing.amend({ session, store, manner: options }, motionIn(options), parent, options);
});

export const rebase = withStore((session, store, options: Amending & Amended) =>
  writing.rebase({ session, store, manner: options }, amendmentIn(options), options),
);

export const accept = member(async (session, options: Amended) => {
  const { id: amendment, version } = await amendmentAt(session, amendmentIn(options));
  const message = { account: accountIn(session, options), amendment, version };
  return lib.carryOut(session, options, amendmentActs.ACCEPT_AMENDMENT, message);
});

export const object = withStore(async (session, store, options: Amended & Moved & { reason: string }) => {
  const { kind, id } = subjectIn(options);
  if (options.reason === "") throw new Problem("Say why: --reason <file in Markdown>");
  const reason = newText(options.reason);
  const frame = { account: accountIn(session, options), reason: reason.digest };
  const desk = { session, store, manner: options };
  return kind === "motion"
    ? writing.carryOutWith(desk, acts.OBJECT, { ...frame, motion: id }, [reason])
    : writing.carryOutWith(desk, amendmentActs.OBJECT_TO_AMENDMENT, { ...frame, amendment: id }, [reason]);
});

export const next = member((session, options: Common & { motion: string }) =>
  doNext(session, motionIn(options), actingAccount(session, options.account)),
);

export const sendBack = member((session, options: Common & { motion: string }) =>
  sendMotionBack(session, motionIn(options), actingAccount(session, options.account)),
);

type Compared = Moved & { amendment: string; before: string; after: string; revision: string };

export const diff = withStore(async (session, store, options: Compared) => {
  const { kind, id } = subjectIn(options);
  const reader = { session, store, colour: hasColours() };
  if (kind === "amendment") {
    const version = options.revision === "" ? undefined : readId("--revision", options.revision);
    return reading.diffAmendment(reader, id, version);
  }
  const { revision } = await motionAt(session, id);
  const after = options.after === "" ? revision : readId("The later revision", options.after);
  if (options.before === "" && revision === 1) {
    throw new Problem(`Motion ${id} has one revision only; there is nothing to compare it with.`);
  }
  const before = options.before === "" ? revision - 1 : readId("The earlier revision", options.before);
  return reading.diffRevisions(reader, id, before, after);
});

export const show = withStore((session, store, options: Moved & { amendment: string; revision: string }) => {
  const { kind, id } = subjectIn(options);
  const number = options.revision === "" ? undefined : readId("--revision", options.revision);
  const reader = { session, store, colour: false };
  return kind === "motion"
    ? reading.showMotion(reader, id, number)
    : reading.showAmendment(reader, id, number);
});

export const relay = member((session, options: Common & { files: readonly string[] }) =>
  relayMany(session, options.files, actingAccount(session, options.account), progress(options)),
);
