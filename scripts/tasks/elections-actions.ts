import { isAddress } from "ethers";
import * as acts from "../lib/elections/candidacy.js";
import { count as countBallots, finish as seatWinners } from "../lib/elections/count.js";
import { lastElection, readElectionId } from "../lib/elections/election.js";
import { describeRecount, recount as recountElection } from "../lib/elections/recount.js";
import { sourceAt } from "../lib/elections/source.js";
import { electionStatus } from "../lib/elections/status.js";
import { vote as castBallot, open as openBallot } from "../lib/elections/vote.js";
import * as lib from "../lib/member/commands.js";
import { activeMember, memberOf, readAddress, readWhole } from "../lib/member/lookup.js";
import { actingAccount, chosenAccount, type Session } from "../lib/member/session.js";
import { type Common, digestOf, member } from "./member-actions.js";

type Elected = Common & { readonly election: string };
type Manner = Elected & lib.Manner;
type Consenting = Manner & { readonly statement: string };
type Naming = Manner & { readonly nominee: string };

/** Progress goes to people; a machine gets one object and nothing else. */
const progress =
  ({ json }: Common) =>
  (line: string) => {
    if (!json) console.log(line);
  };

export const status = member(async (session, options: Elected & { office: string; key: string }) => {
  const id =
    options.election === "" ? await lastElection(session, options.office) : readElectionId(options.election);
  const source = await sourceAt(session.ethers, session.contracts);
  return electionStatus(session, source, id, keyIn(session, options), session.fromBlock);
});

/** Of whom the status tells what they can do; nobody where the network has no account. */
function keyIn(session: Session, { key, account }: Common & { key: string }): string | undefined {
  if (key !== "") return readAddress("--key", key);
  return session.accounts[0] === undefined ? undefined : chosenAccount(session, account).address;
}

export const nominate = member(async (session, options: Naming) => {
  const { key } = await nomineeIn(session, options);
  return lib.carryOut(session, options, acts.NOMINATE, { ...frameOf(session, options), nominee: key });
});

export const stand = member((session, options: Consenting) =>
  lib.carryOut(session, options, acts.STAND, consentOf(session, options)),
);

export const accept = member((session, options: Consenting) =>
  lib.carryOut(session, options, acts.ACCEPT, consentOf(session, options)),
);

export const second = member(async (session, options: Naming) => {
  const { number } = await nomineeIn(session, options);
  return lib.carryOut(session, options, acts.SECOND, { ...frameOf(session, options), number });
});

export const withdraw = member(async (session, options: Manner) => {
  const frame = frameOf(session, options);
  const { number } = await memberOf(session, frame.account);
  return lib.carryOut(session, options, acts.WITHDRAW, { ...frame, number });
});

export const vote = member((session, options: Elected & { for: string; out: string }) => {
  const voter = actingAccount(session, options.account);
  return castBallot(session, readElectionId(options.election), options.for, options.out, voter);
});

export const open = member((session, options: Common & { ballot: string }) =>
  openBallot(session, options.ballot, actingAccount(session, options.account)),
);

export const count = member((session, options: Elected & { budget: string }) => {
  const budget = readWhole("--budget", options.budget, 1, 1_500);
  const payer = actingAccount(session, options.account);
  return countBallots(session, readElectionId(options.election), budget, payer, progress(options));
});

export const finish = member((session, options: Elected) =>
  seatWinners(session, readElectionId(options.election), actingAccount(session, options.account)),
);

export const recount = member(async (session, options: Elected) => {
  const say = progress(options);
  const source = await sourceAt(session.ethers, session.contracts, say);
  return describeRecount(
    await recountElection(source, readElectionId(options.election), session.fromBlock, say),
  );
});

function frameOf(session: Session, { account, election }: Manner) {
  return {
    account: actingAccount(session, account).address,
    electionId: Number(readElectionId(election)),
  };
}

const consentOf = (session: Session, options: Consenting) => ({
  ...frameOf(session, options),
  statement: digestOf(options.statement, "--statement", "the statement, or its"),
});

const nomineeIn = (session: Session, { nominee }: Naming) =>
  isAddress(nominee)
    ? memberOf(session, readAddress("--nominee", nominee))
    : activeMember(session, lib.readNumber("--nominee", nominee));
