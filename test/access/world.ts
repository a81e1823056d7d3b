import { type Addressable, keccak256, toUtf8Bytes, Wallet, ZeroHash } from "ethers";
import { plainParameters } from "../helpers/fixture.js";
import {
  type Action,
  actAs,
  type Connection,
  Decision,
  foundCoalition,
  join,
  maskOf,
  type Person,
  Right,
  Support,
} from "../helpers/governor.js";
import { type Caller, DIGEST } from "./cells.js";
import { holdElections } from "./election-world.js";
import { enactCode, holdForum } from "./forum-world.js";
import { holdMotions } from "./motion-world.js";

const DAY = 86_400n;
const YEAR = 365n * DAY;

type Call = [target: string | Addressable, value: bigint, data: string, predecessor: string, salt: string];

/** The same operation in the form that the timelock's batch functions take. */
const asBatch = ([target, value, data, predecessor, salt]: Call) =>
  [[target], [value], [data], predecessor, salt] as const;

/**
 * DC-BAS's parameters, as other tests have them, but that an amendment needs endorsements; and with a guardian.
 * @param guardian Its key.
 */
function parametersWith(guardian: string) {
  const parameters = plainParameters();
  const { Governor } = parameters;
  Object.assign(Governor, { guardian, guardianTerm: Number(YEAR) });
  Object.assign(Governor.amendment, { endorsements: 2, endorsementGroups: 2 });
  return parameters;
}

/**
 * A coalition of DC-BAS's parameters with one of every kind of caller, and a decision, an operation, an election and a
 * motion in every state that some function needs.
 */
export async function buildWorld(connection: Connection) {
  const { networkHelpers, ethers } = connection;
  const { time } = networkHelpers;
  // Who will be the mature member, the first that is seated, has the guardian's key too.
  const [, first] = await ethers.getSigners();
  const parameters = parametersWith(first.address);
  const setting = await foundCoalition(connection, { count: 14, parameters });
  const { membership, delegations, governor, timelock, members, outsiders, deployer } = setting;
  const box = await ethers.deployContract("Box");
  const put = (value: number): Action[] => [
    { target: box, data: box.interface.encodeFunctionData("setX", [value]) },
  ];
  // The delegate is of the same group as the mature member.
  const [mature, voter, suspended, resigned, ended, spare, delegate] = members;
  const asTimelock: Person = await actAs(connection, timelock);
  const asGovernor: Person = await actAs(connection, governor);
  const numberOf = (person: Person) => membership.numberOf(person);

  await enactCode(connection, setting, members);
  const now = async () => BigInt(await time.latest());
  await membership.connect(resigned).resign();
  await membership.connect(asTimelock).end(await numberOf(ended));
  await delegations.connect(delegate).takeDelegations(10);
  const everyRight = maskOf(Right.Speak, Right.Propose, Right.Vote, Right.Stand);
  await membership.connect(asTimelock).suspend(await numberOf(suspended), everyRight, (await now()) + YEAR);

  const contests = await holdElections(connection, setting, { asTimelock, mature, voter, spare });

  const decision = (value: number, description: string) =>
    new Decision(connection, setting, put(value), description);
  const decisions = {
    ripe: decision(1, "Ripe for execution"),
    succeeded: decision(2, "Succeeded"),
    open: decision(3, "Open"),
    pending: decision(4, "Not open yet"),
    fresh: decision(5, "Not proposed yet"),
    /** An amendment, one endorsement short of the agenda. */
    hopeful: new Decision(
      connection,
      setting,
      [{ target: membership, data: membership.interface.encodeFunctionData("setCodeOfConduct", [DIGEST]) }],
      "Not endorsed yet",
    ),
  };
  const { ripe, succeeded, open, pending, hopeful } = decisions;
  const [quorum, ...rest] = [members.slice(5), succeeded, ripe] as const;
  for (const each of rest) await each.propose(mature);
  await ripe.open();
  for (const each of rest) await each.voteAll(quorum, Support.For);
  // Who can say so in a statement afterwards.
  await ripe.voteAll([mature, voter], Support.Against);
  await time.increase(8n * DAY);
  await open.propose(mature);
  await ripe.close();
  await ripe.queue(mature);

  const delay = await timelock.getMinDelay();
  const callOf = (salt: string): Call => [
    box,
    0n,
    box.interface.encodeFunctionData("setX", [7]),
    ZeroHash,
    keccak256(toUtf8Bytes(salt)),
  ];
  const [ready, inBatch, fresh] = [callOf("ready"), callOf("ready in a batch"), callOf("fresh")];
  await timelock.connect(asGovernor).schedule(...ready, delay);
  await timelock
    .connect(asGovernor)
    .scheduleBatch([inBatch[0]], [0n], [inBatch[2]], inBatch[3], inBatch[4], delay);
  await time.increase(delay);
  const talks = await holdForum(connection, setting, { asTimelock, mature, voter, spare, delegate });
  const docket = await holdMotions(connection, setting, { asTimelock, mature, voter, spare });
  await join(setting, outsiders[1]);
  await membership.connect(asTimelock).setAdmissionPolicy(await ethers.deployContract("AdmissionPolicyMock"));
  await join(setting, outsiders[2]);
  await membership.connect(asTimelock).setAdmissionPolicy(setting.admission);
  for (const person of [outsiders[1], outsiders[2]]) await setting.speakers.connect(person).accept(1);
  await pending.propose(mature);
  await hopeful.propose(mature);
  // Of another group than the mature member and the voter, who endorse it where that is tried.
  await setting.agenda.connect(spare).endorse(hopeful.id);

  const people: Record<Caller, Person> = {
    outsider: outsiders[0],
    participant: outsiders[2],
    immature: outsiders[1],
    mature,
    suspended,
    resigned,
    ended,
    deployer,
    governor: asGovernor,
    timelock: asTimelock,
  };
  return {
    ...setting,
    connection,
    box,
    people,
    decisions,
    /** The elections, and the offices that they fill: an election has the number of its office. */
    contests,
    /** The motions, and the amendments to them. */
    docket,
    /** The forum, and the cases about it. */
    talks,
    voter,
    /** A member of the group of the mature one who takes delegations. */
    delegate,
    /** A key of nobody, that signs. */
    applicant: new Wallet(keccak256(toUtf8Bytes("applicant")), ethers.provider) as Person,
    /** A key of nobody, that represents an organisation where there is one. */
    representative: new Wallet(keccak256(toUtf8Bytes("representative")), ethers.provider) as Person,
    /** The number of a member of whom things are decided. */
    target: await numberOf(spare),
    digest: (await membership.codeOfConduct()).digest,
    now,
    /** Lets seconds pass. */
    pass: (seconds: number) => time.increase(seconds),
    /** The voter's number, which stays known when the voter has left. */
    settled: await numberOf(voter),
    operation: {
      delay,
      id: await timelock.hashOperation(...ready),
      ready,
      readyBatch: asBatch(inBatch),
      fresh,
      freshBatch: asBatch(fresh),
    },
    roles: {
      DEFAULT_ADMIN_ROLE: await timelock.DEFAULT_ADMIN_ROLE(),
      PROPOSER_ROLE: await timelock.PROPOSER_ROLE(),
      EXECUTOR_ROLE: await timelock.EXECUTOR_ROLE(),
      CANCELLER_ROLE: await timelock.CANCELLER_ROLE(),
    },
  };
}

export type World = Awaited<ReturnType<typeof buildWorld>>;
