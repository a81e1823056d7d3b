import { id, ZeroHash } from "ethers";
import { numberFor } from "../../scripts/lib/conduct/chain.js";
import type { CONDUCT_TERMS } from "../../scripts/lib/parameters.js";
import { dismissal, ruling, secretOf } from "../helpers/conduct.js";
import { Kind, LIST, textOf } from "../helpers/forum.js";
import {
  actAs,
  type Coalition,
  type Connection,
  Decision,
  type Person,
  Support,
} from "../helpers/governor.js";
import { office } from "../helpers/offices.js";

const DAY = 86_400;

/** The Code among the documents of the charter. */
const CODE = 2;
/** The wording of its clause. */
const RULE = id("a clause of the Code");

/** The members put a clause into the Code, at the very beginning: it takes a month. */
export async function enactCode(
  connection: Connection,
  { charter, governor, agenda }: Coalition,
  voters: readonly Person[],
): Promise<void> {
  const data = charter.interface.encodeFunctionData("insert", [CODE, 0, ZeroHash, RULE]);
  const decision = new Decision(
    connection,
    { governor },
    [{ target: charter, data }],
    "A clause of the Code",
  );
  const [proposer, ...others] = voters;
  if (proposer === undefined) throw new Error("nobody to vote");
  await decision.propose(proposer);
  for (const person of others.slice(0, 2)) await agenda.connect(person).endorse(decision.id);
  await decision.open();
  await decision.voteAll(voters, Support.For);
  await decision.close();
  await decision.queue(proposer);
  await decision.mature();
  await decision.execute(proposer);
}

/**
 * Members of a pool, threads, and a case in each phase in which somebody can do something; lets a day pass. Answers
 * their numbers.
 */
export async function holdForum(
  connection: Connection,
  {
    parameters,
    offices,
    elections,
    speakers,
    panels,
    conduct,
    forum,
    membership,
    members,
  }: Coalition & { readonly members: readonly Person[] },
  {
    asTimelock,
    mature,
    voter,
    spare,
    delegate,
  }: Record<"asTimelock" | "mature" | "voter" | "spare" | "delegate", Person>,
) {
  const { time } = connection.networkHelpers;
  const numberOf = (person: Person) => membership.numberOf(person);
  const [complainant, filer, other] = members.slice(7, 10) as [Person, Person, Person];
  const inPool = [mature, voter, spare, filer, other];
  await offices.connect(asTimelock).create(office({ seats: inPool.length }));
  const pool = await offices.lastOffice();
  const numbers = await Promise.all(inPool.map(numberOf));
  await offices.connect(await actAs(connection, elections)).seat(
    pool,
    numbers,
    numbers.map((number) => (number - 1n) % 6n),
  );
  await panels.connect(asTimelock).setPool(pool);
  for (const [index, number] of numbers.entries()) {
    await panels.connect(inPool[index] as Person).commit(numberFor(secretOf(number), 0, 0));
  }
  for (const person of [mature, spare, delegate]) await speakers.connect(person).accept(1);
  const place = async (person: Person, words: string) => {
    await forum.connect(person).post(Kind.Thread, LIST, 0, textOf(words));
    return BigInt.asUintN(32, await forum.seriesOf(LIST));
  };
  const [own, target] = [
    await place(mature, "Of the mature member"),
    await place(spare, "Of another member"),
  ];

  const setTerms = (changes: Partial<Record<(typeof CONDUCT_TERMS)[number], number>>) =>
    conduct.connect(asTimelock).setTerms({ ...parameters.Conduct, quota: 20, ...changes });
  const complaint = async (respondent: Person, words: string) => ({
    respondent: await numberOf(respondent),
    clause: 1,
    rule: RULE,
    list: 0,
    post: 0,
    evidence: id(words),
  });
  const opened = async (respondent: Person, words: string) => {
    await conduct.connect(complainant).complain(await complaint(respondent, words));
    return conduct.lastCase();
  };
  const reveal = async (caseId: bigint) => {
    const draw = Number((await conduct.caseOf(caseId)).draw);
    for (const number of numbers) await panels.reveal(draw, number, numberFor(secretOf(number), 0, draw));
  };

  const short = {
    response: DAY,
    drawing: 30 * DAY,
    deliberation: 90 * DAY,
    appeal: 90 * DAY,
    members: 365 * DAY,
  };
  await setTerms(short);
  // The panel is the mature member, the voter and the spare one: nobody else is left.
  const confidential = await complaint(delegate, "seated");
  await conduct.connect(filer).complainFor(confidential, id("salted"), [await numberOf(other), 0]);
  const seated = await conduct.lastCase();
  await reveal(seated);
  const ruled = await opened(mature, "ruled");
  await reveal(ruled);
  const drawable = await opened(mature, "drawable");
  const before = await opened(delegate, "before the members");
  const condemned = {
    ...(await complaint(mature, "to be erased")),
    ...{ list: LIST, post: await place(mature, "To be erased") },
  };
  await conduct.connect(complainant).complain(condemned);
  const erasable = await conduct.lastCase();
  await time.increase(DAY + 1);
  for (const caseId of [seated, ruled, before, erasable]) await conduct.drawPanel(caseId);
  const panel = await panels.panelOf((await conduct.caseOf(ruled)).draw);
  for (const number of panel.slice(0, 2)) {
    const judge = inPool[numbers.indexOf(number)] as Person;
    await conduct.connect(judge).rule(ruled, dismissal());
  }
  await conduct.connect(asTimelock).settle(erasable, ruling({ erase: true, suspension: 0 }));
  await setTerms({ response: 30 * DAY });
  const open = await opened(mature, "open");
  return {
    pool,
    own,
    target,
    complaint: await complaint(spare, "another matter"),
    open,
    drawable,
    seated,
    ruled,
    before,
    erasable,
  };
}
