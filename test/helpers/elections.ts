import {
  type BytesLike,
  type ContractTransactionResponse,
  id,
  type Signer,
  type TypedDataDomain,
  toBeHex,
  zeroPadValue,
} from "ethers";
import type { ICandidacies, IElections } from "../../typechain-types/contracts/elections/Elections.js";
import type { IOffices } from "../../typechain-types/contracts/elections/Offices.js";
import { FAR } from "./attacks.js";
import {
  actAs,
  type Coalition,
  type Connection,
  foundCoalition,
  join,
  maskOf,
  type Person,
  rotateKey,
  Standing,
} from "./governor.js";
import { domainOf } from "./requests.js";
import { structOf } from "./signing.js";

/** `ICandidacies.Phase`, by name. */
export const Phase = {
  None: 0n,
  Nomination: 1n,
  Acceptance: 2n,
  Objection: 3n,
  Voting: 4n,
  Reveal: 5n,
  Certification: 6n,
  Finishing: 7n,
  Finished: 8n,
} as const;

/** `IOffices.Vacancy`, by name. */
export const Vacancy = { RunnerUp: 0, ByElection: 1 } as const;

export const DAY = 86_400n;

/** After which an election that nobody finished no longer keeps its office from another. */
export const LAPSE = 90n * DAY;

/** Digests of a statement and of a reason: what these say concerns no contract. */
export const STATEMENT = id("What I stand for");
export const REASON = id("Why not");

/** An office with one seat and no balance, but for what a test changes. */
export const officeWith = (changes: Partial<IOffices.OfficeStruct> = {}): IOffices.OfficeStruct => ({
  description: id("What the office is for"),
  seats: 1,
  term: 365n * DAY,
  termLimit: 0,
  maxPerGroup: 0,
  maxPerOrganisation: 0,
  vacancy: Vacancy.RunnerUp,
  recallBps: 1_000,
  recallWindow: 30n * DAY,
  ...changes,
});

type RuleChanges = Partial<IElections.RulesStruct>;

/** Rules of election by approval, no two phases of the same length, but for what a test changes. */
export const rulesWith = ({ approval }: Pick<Coalition, "approval">, changes: RuleChanges = {}) => ({
  method: approval,
  secret: false,
  calendar: true,
  seconds_: 2,
  secondGroups: 2,
  secondsByMember: 7,
  minBallots: 3,
  nomination: 7n * DAY,
  acceptance: 3n * DAY,
  objection: 2n * DAY,
  voting: 5n * DAY,
  reveal: 1n * DAY,
  certification: 4n * DAY,
  ...changes,
});

/** A coalition with offices to fill. */
export type Scene = Awaited<ReturnType<typeof foundCoalition>> & {
  connection: Connection;
  /** The timelock, which acts as decisions would have it act. */
  power: Signer;
};

type Founding = NonNullable<Parameters<typeof foundCoalition>[1]>;

/**
 * A coalition with mature members, the n-th of which holds the number n + 1, and with one office, number 1, that has
 * rules of election. Wrap it in a named fixture.
 */
export async function foundOffice(
  connection: Connection,
  {
    office = {},
    rules = {},
    ...founding
  }: Founding & { office?: Partial<IOffices.OfficeStruct>; rules?: RuleChanges } = {},
): Promise<Scene> {
  const coalition = await foundCoalition(connection, { count: 14, ...founding });
  const scene = { ...coalition, connection, power: await actAs(connection, coalition.timelock) };
  await createOffice(scene, office, rules);
  return scene;
}

/** Creates an office and gives it rules of election; answers its number. */
export async function createOffice(
  scene: Scene,
  office: Partial<IOffices.OfficeStruct> = {},
  rules: RuleChanges = {},
): Promise<bigint> {
  const { offices, elections, power } = scene;
  await offices.connect(power).create(officeWith(office));
  const number = await offices.lastOffice();
  await elections.connect(power).setRules(number, rulesWith(scene, rules));
  return number;
}

/** A member by index, from 0. */
export function memberOf({ members }: Pick<Scene, "members">, index: number): Person {
  const person = members[index];
  if (person === undefined) throw new Error(`there are ${members.length} members`);
  return person;
}

/** The elections, as a member calls them. */
export const desk = (scene: Pick<Scene, "elections" | "members">, index: number) =>
  scene.elections.connect(memberOf(scene, index));

/** The nomination of a member as a plain object. */
export async function nominationOf(
  { elections }: Pick<Scene, "elections">,
  electionId: bigint,
  number: bigint,
) {
  const nomination = await elections.nominationOf(electionId, number);
  const { nominated, accepted, withdrawn, struck, option } = nomination;
  const { seconds_, groups, group, organisation, key } = nomination;
  return { nominated, accepted, withdrawn, struck, option, seconds_, groups, group, organisation, key };
}

/** The timelock announces an election; answers its number. */
export async function announce({ elections, power }: Scene, office = 1n): Promise<bigint> {
  await elections.connect(power).announce(office);
  return elections.lastElectionOf(office);
}

/** The first second of a phase after nomination. */
export async function startOf({ elections }: Pick<Scene, "elections">, electionId: bigint, phase: bigint) {
  const start = (await elections.endsOf(electionId))[Number(phase - Phase.Acceptance)];
  if (start === undefined) throw new Error(`phase ${phase} does not start by itself`);
  return start;
}

/** Lets time pass to the first second of a phase, unless it has begun. */
export async function advanceTo(scene: Scene, electionId: bigint, phase: bigint): Promise<void> {
  const { time } = scene.connection.networkHelpers;
  const start = await startOf(scene, electionId, phase);
  if (BigInt(await time.latest()) < start) await time.increaseTo(start);
}

/** Sends in a block of a given moment. */
export async function at<T>(
  { connection }: Pick<Scene, "connection">,
  moment: bigint,
  send: () => Promise<T>,
) {
  await connection.networkHelpers.time.setNextBlockTimestamp(moment);
  return send();
}

/**
 * Members second a nominee, as many as it needs and of two groups, unless told who. The last ones begin, each time
 * others, so that nobody runs out of them.
 */
export async function secondAll(
  { elections, members }: Scene,
  electionId: bigint,
  number: bigint,
  by?: readonly number[],
): Promise<void> {
  const count = members.length;
  const first = (Number(number) * 2) % count;
  const others = Array.from(members, (_, index) => (first + index) % count).filter(
    (index) => BigInt(index + 1) !== number,
  );
  for (const index of by ?? others.slice(0, 2)) {
    await elections.connect(members[index]).second(electionId, number);
  }
}

/** Members stand and are seconded: in their order they become the options 1, 2 and so on. */
export async function admit(scene: Scene, electionId: bigint, ...indexes: number[]): Promise<void> {
  for (const index of indexes) {
    await scene.elections.connect(memberOf(scene, index)).stand(electionId, STATEMENT);
    await secondAll(scene, electionId, BigInt(index + 1));
  }
}

/** An approval ballot: a bit for each option that it names, 0 for "re-open nominations". */
export const approvalOf = (...options: number[]): bigint =>
  options.reduce((ballot, option) => ballot | (1n << BigInt(option)), 0n);

/** Members cast the approval ballots that are listed, the first member the first, while the vote is open. */
export async function voteAll(
  scene: Scene,
  electionId: bigint,
  ballots: readonly (readonly number[])[],
): Promise<void> {
  await advanceTo(scene, electionId, Phase.Voting);
  for (const [index, options] of ballots.entries()) {
    await scene.approval.connect(memberOf(scene, index)).castBallot(electionId, approvalOf(...options));
  }
}

/** To the phase in which winners are seated, and seats them. */
export async function finish(scene: Scene, electionId: bigint): Promise<ContractTransactionResponse> {
  await advanceTo(scene, electionId, Phase.Finishing);
  return scene.elections.finish(electionId);
}

/** A whole election: announced, candidates admitted, ballots cast, winners seated; answers its number. */
export async function holdElection(
  scene: Scene,
  candidates: readonly number[],
  ballots: readonly (readonly number[])[],
  office = 1n,
): Promise<bigint> {
  const electionId = await announce(scene, office);
  await admit(scene, electionId, ...candidates);
  await voteAll(scene, electionId, ballots);
  await finish(scene, electionId);
  return electionId;
}

/** Member numbers of those who hold an office now, by seat. */
export async function holdersOf({ offices, connection }: Scene, office = 1n): Promise<bigint[]> {
  const now = BigInt(await connection.networkHelpers.time.latest());
  const seats = await offices.seatsOf(office);
  return seats
    .filter((seat) => seat.number !== 0n && !seat.vacated && now < seat.until)
    .map((seat) => seat.number);
}

export type Refusal = { who: Person; standing: bigint; explanation: bigint };

/**
 * An election whose nomination lasts so long that one matured meanwhile, with all those who have no part in it: the
 * rights named are suspended for the last member.
 */
export async function foundRefusals(connection: Connection, ...rights: number[]) {
  const { time } = connection.networkHelpers;
  const now = async () => BigInt(await time.latest());
  const scene = await foundOffice(connection, { rules: { nomination: 60n * DAY } });
  const [stranger, latecomer, newKey] = scene.outsiders;
  await join(scene, latecomer);
  const electionId = await announce(scene);
  const { votesFrom } = await scene.membership.member(15n);
  await time.increaseTo(votesFrom + 1n);
  const [gone, moved, suspended] = [11, 12, 13].map((index) => memberOf(scene, index)) as [
    Person,
    Person,
    Person,
  ];
  await scene.membership.connect(gone).resign();
  const left = await now();
  await rotateKey(scene, moved, newKey);
  const rotated = await now();
  const until = rotated + 90n * DAY;
  await scene.membership.connect(scene.power).suspend(14n, maskOf(...rights), until);
  const refusals: Refusal[] = [
    { who: stranger, standing: Standing.NotMember, explanation: 0n },
    { who: latecomer, standing: Standing.Immature, explanation: votesFrom },
    { who: gone, standing: Standing.Ended, explanation: left },
    { who: moved, standing: Standing.Rotated, explanation: rotated },
    { who: suspended, standing: Standing.Suspended, explanation: until },
  ];
  return { ...scene, electionId, refusals, newKey, latecomer };
}

/** What can be signed for, as `ICandidacies.ActKind` numbers it, and the EIP-712 message. */
const ACTS = {
  Nominate: { kind: 0, subject: "address nominee" },
  Stand: { kind: 1, subject: "bytes32 statement" },
  Accept: { kind: 2, subject: "bytes32 statement" },
  Second: { kind: 3, subject: "uint256 number" },
  Withdraw: { kind: 4, subject: "uint256 number" },
} as const;

export type ActKind = keyof typeof ACTS;

/** A signed act as {@link signAct} makes it. */
export type SignedAct = ICandidacies.ActStruct & { account: string };

/**
 * Signs an act as a wallet would, with the present nonce of the account unless told otherwise.
 * @param subject The nominee's key, the digest of the statement, or a member number.
 * @param account In whose name, where a contract signs by another key.
 */
export async function signAct(
  { elections }: Pick<Scene, "elections">,
  signer: Signer,
  kind: ActKind,
  { electionId, subject }: { electionId: bigint; subject: string | bigint },
  {
    account,
    nonce,
    deadline = FAR,
    domain = {},
  }: { account?: string; nonce?: bigint; deadline?: bigint; domain?: TypedDataDomain } = {},
): Promise<SignedAct> {
  const signs = account ?? (await signer.getAddress());
  const field = ACTS[kind].subject;
  const struct = `${kind}(address account,uint256 electionId,${field},uint256 nonce,uint256 deadline)`;
  const { name, fields } = structOf(struct);
  const message = {
    account: signs,
    electionId,
    [field.split(" ")[1] ?? ""]: subject,
    nonce: nonce ?? (await elections.nonces(signs)),
    deadline,
  };
  const signature = await signer.signTypedData(
    { ...(await domainOf(elections)), ...domain },
    { [name]: fields },
    message,
  );
  const word: BytesLike = zeroPadValue(typeof subject === "bigint" ? toBeHex(subject) : subject, 32);
  return { kind: ACTS[kind].kind, account: signs, electionId, subject: word, deadline, signature };
}
