import assert from "node:assert/strict";
import { type BaseContract, id, type Wallet, ZeroHash } from "ethers";
import { digest, key } from "./gas-chain.js";
import { AGAINST, type Body, type Voter, voterAt } from "./gas-decisions.js";
import type { Samples } from "./gas-samples.js";
import { DAY, type Deployed, inTurn } from "./gas-scene.js";
import { signRequest } from "./gas-signing.js";

/** Ballots that one transaction brings. */
const BATCH = 100;

const ENDORSE =
  "EndorseMotion(address account,uint256 motion,uint256 revision,uint256 nonce,uint256 deadline)";
const [ENDORSE_KIND, ADOPTED, TABLED, DECIDED] = [2, 4n, 1n, 5n];

/** `MotionActions.List`. */
interface Actions {
  readonly targets: readonly string[];
  readonly values: readonly bigint[];
  readonly calldatas: readonly string[];
}

const NONE: Actions = { targets: [], values: [], calldatas: [] };

/** A decision that a motion or an amendment was put to. */
interface Put {
  readonly proposalId: bigint;
  readonly parts: readonly [readonly string[], readonly bigint[], readonly string[], string];
}

type Floor = Awaited<ReturnType<typeof takeFloor>>;

/**
 * Three motions from draft to vote, each act shown to have had its effect: drafted, tabled, amended by an amendment that
 * is accepted, endorsed, amended by one that comes before the members, put to the vote. The first amendment before the
 * members is adopted by relayed ballots of all of them, the others find no votes; so does a motion that enacts a clause
 * of the charter. Who voted against the first motion files statements.
 */
export async function measureMotions(body: Body, deployed: Deployed, samples: Samples): Promise<void> {
  const floor = await takeFloor(body, deployed, samples);
  const texts = inTurn((index) => index + 1);
  for (const author of texts) await draftAndTable(floor, voterAt(body, author), NONE);
  await amendAsFriends(floor, texts);
  for (const motion of texts) await endorseAll(floor, BigInt(motion));
  await relayEndorsements(floor, 1n, [7, 8, 9]);
  for (const motion of texts)
    await move(floor, voterAt(body, 5), BigInt(motion), `second change of ${motion}`);
  await settleAll(floor, texts);
  const motions = await putAll(floor, texts);
  await stateDissent(floor, motions[0] as Put);
  await enactClause(floor);
}

async function takeFloor(body: Body, deployed: Deployed, samples: Samples) {
  const { chain } = body;
  const { ethers } = chain.connection;
  const at = (name: keyof Deployed): Promise<string> => deployed[name].getAddress();
  const motions = await ethers.getContractAt("Motions", await at("motions"));
  return {
    body,
    chain,
    samples,
    motions,
    amendments: await ethers.getContractAt("Amendments", await at("amendments")),
    charter: await ethers.getContractAt("Charter", await at("charter")),
    statements: await ethers.getContractAt("MinorityStatements", await at("statements")),
    resolutions: await ethers.getContractAt("Resolutions", await at("resolutions")),
    rules: await motions.rules(),
    /** Sends a call and answers what it used. */
    act: async (
      to: BaseContract,
      { address: from }: Pick<Wallet, "address">,
      call: string,
      args: readonly unknown[],
    ): Promise<number> =>
      chain.send({ from, to: await to.getAddress(), data: to.interface.encodeFunctionData(call, args) }),
  };
}

async function draftAndTable(floor: Floor, { wallet }: Voter, actions: Actions): Promise<bigint> {
  const { act, motions, samples } = floor;
  const content = { text: digest(`text of ${wallet.address}`), purpose: digest("purpose"), actions };
  const plain = actions.targets.length === 0;
  const drafting = await act(motions, wallet, "draft", [content]);
  const motion = await motions.lastMotion();
  const tabling = await act(motions, wallet, "table", [motion, 1]);
  assert.equal((await motions.motionOf(motion)).stage, TABLED, "the motion is not tabled");
  if (plain) samples.add("draftMotion", drafting);
  if (plain) samples.add("tableMotion", tabling);
  return motion;
}

async function move(floor: Floor, { wallet }: Voter, motion: bigint, text: string): Promise<bigint> {
  const { act, amendments, motions, samples } = floor;
  const { revision } = await motions.motionOf(motion);
  const change = {
    base: revision,
    text: digest(text),
    reason: digest("reason"),
    substitute: false,
    actions: NONE,
  };
  samples.add("moveAmendment", await act(amendments, wallet, "move", [motion, 0, change]));
  const amendment = await amendments.lastAmendment();
  assert.equal((await amendments.amendmentOf(amendment)).motion, motion, "nothing was moved");
  return amendment;
}

async function amendAsFriends(floor: Floor, texts: readonly number[]): Promise<void> {
  const { act, amendments, body, motions, samples } = floor;
  for (const motion of texts) {
    const amendment = await move(floor, voterAt(body, 4), BigInt(motion), `first change of ${motion}`);
    const author = voterAt(body, motion).wallet;
    samples.add("acceptAmendment", await act(amendments, author, "accept", [amendment, 1]));
    assert.equal(
      (await motions.motionOf(motion)).text,
      digest(`first change of ${motion}`),
      "nothing changed",
    );
  }
}

/** By members of three groups, as many as the greatest class needs. */
async function endorseAll({ act, body, motions, samples }: Floor, motion: bigint): Promise<void> {
  const { revision, endorsements } = await motions.motionOf(motion);
  for (const number of [4, 5, 6]) {
    const gas = await act(motions, voterAt(body, number).wallet, "endorse", [motion, revision]);
    samples.add(number === 4 ? "endorseMotionFirst" : "endorseMotion", gas);
  }
  assert.equal((await motions.motionOf(motion)).endorsements, endorsements + 3n, "nothing was endorsed");
}

/** What each of some signed endorsements adds to one transaction. */
async function relayEndorsements(floor: Floor, motion: bigint, numbers: readonly number[]): Promise<void> {
  const { act, body, chain, motions, samples } = floor;
  const { revision, endorsements } = await motions.motionOf(motion);
  const deadline = chain.now + DAY;
  const acts: unknown[] = [];
  for (const { wallet } of numbers.map((number) => voterAt(body, number))) {
    const message = { account: wallet.address, motion, revision, deadline };
    const signature = await signRequest(motions, wallet, ENDORSE, message);
    const value = `0x${revision.toString(16).padStart(64, "0")}`;
    acts.push({ kind: ENDORSE_KIND, account: wallet.address, subject: motion, value, deadline, signature });
  }
  const gas = await act(motions, key("relayer"), "actMany", [acts]);
  samples.add("endorseMotionRelayed", Math.ceil(gas / acts.length));
  const { endorsements: now } = await motions.motionOf(motion);
  assert.equal(now, endorsements + BigInt(acts.length), "not every endorsement counted");
}

/** Puts each motion's amendment before the members: they adopt the first. */
async function settleAll(floor: Floor, texts: readonly number[]): Promise<void> {
  const { act, amendments, body, chain, motions, rules, samples } = floor;
  await chain.wait(Number(rules.notice) + Number(rules.window));
  const asked: (Put & { readonly amendment: bigint })[] = [];
  for (const motion of texts) {
    samples.add("putAmendment", await act(amendments, key("relayer"), "putNext", [motion]));
    const { question: amendment } = await amendments.docketOf(motion);
    const { proposalId, text } = await amendments.amendmentOf(amendment);
    const data = amendments.interface.encodeFunctionData("adopt", [amendment]);
    const subject = `Amendment ${amendment} to motion ${motion}`;
    const parts = await partsOf(floor, [await amendments.getAddress()], [data], subject, text);
    asked.push({ amendment, proposalId, parts });
  }
  const [first, ...others] = asked as [(typeof asked)[0], ...typeof asked];
  samples.add("adoptAmendment", await carry(floor, first));
  assert.equal((await amendments.amendmentOf(first.amendment)).state, ADOPTED, "nothing was adopted");
  for (const [index] of others.entries()) {
    samples.add("settleAmendment", await act(amendments, key("relayer"), "settle", [texts[index + 1]]));
  }
  assert.equal((await motions.motionOf(1)).theirs, true, "the members did not amend the motion");
  assert(body.members.length > 0);
}

async function putAll(floor: Floor, texts: readonly number[]): Promise<Put[]> {
  const { act, motions, resolutions, samples } = floor;
  const puts: Put[] = [];
  for (const motion of texts) {
    samples.add("putMotion", await act(motions, key("relayer"), "putToVote", [motion, NONE]));
    const { proposalId, revision, text } = await motions.motionOf(motion);
    const data = resolutions.interface.encodeFunctionData("record", [text]);
    const subject = `Motion ${motion}, revision ${revision}`;
    puts.push({
      proposalId,
      parts: await partsOf(floor, [await resolutions.getAddress()], [data], subject, text),
    });
  }
  return puts;
}

/** Three members vote against, nobody for it; each files a statement, and stands behind another's. */
async function stateDissent(floor: Floor, { proposalId }: Put): Promise<void> {
  const { act, body, statements, samples } = floor;
  await opening(floor, proposalId);
  const against = [7, 8, 9].map((number) => voterAt(body, number).wallet);
  for (const wallet of against) await act(body.governor, wallet, "castVote", [proposalId, AGAINST]);
  await closing(floor, proposalId);
  for (const [index, wallet] of against.entries()) {
    const gas = await act(statements, wallet, "file", [proposalId, digest(`statement of ${wallet.address}`)]);
    samples.add(index === 0 ? "fileStatementFirst" : "fileStatement", gas);
  }
  for (const [index, wallet] of against.entries()) {
    const another = ((index + 1) % against.length) + 1;
    samples.add("cosignStatement", await act(statements, wallet, "cosign", [another]));
    const { signers } = await statements.statementOf(another);
    assert.equal(signers, 2n, "nobody stands behind the statement");
  }
}

/** A motion that puts two clauses into a document; the class of its decision is the greatest. */
async function enactClause(floor: Floor): Promise<void> {
  const { act, body, chain, charter, motions, rules, samples } = floor;
  const to = await charter.getAddress();
  const [one, two] = [digest("clause 1"), digest("clause 2")];
  const calldatas = [
    charter.interface.encodeFunctionData("insert", [1, 0, ZeroHash, one]),
    charter.interface.encodeFunctionData("insert", [1, 1, one, two]),
  ];
  const actions = { targets: [to, to], values: [0n, 0n], calldatas };
  const motion = await draftAndTable(floor, voterAt(body, 10), actions);
  for (const number of [1, 2, 3, 4, 5, 6]) {
    await act(motions, voterAt(body, number).wallet, "endorse", [motion, 1]);
  }
  await chain.wait(Number(rules.notice));
  samples.add("putCharterMotion", await act(motions, key("relayer"), "putToVote", [motion, actions]));
  const { proposalId, text } = await motions.motionOf(motion);
  const parts = await partsOf(floor, actions.targets, calldatas, `Motion ${motion}, revision 1`, text);
  samples.add("enactClauses", await carry(floor, { proposalId, parts }));
  assert.deepEqual([...(await charter.versionOf(1, 1)).digests], [one, two], "the clauses were not enacted");
  assert.equal((await motions.motionOf(motion)).stage, DECIDED, "the motion is not decided");
}

/** What the governor takes to queue and execute; its name is that which the contract gives it. */
async function partsOf(
  { motions }: Floor,
  targets: readonly string[],
  calldatas: readonly string[],
  subject: string,
  text: string,
): Promise<Put["parts"]> {
  const proposer = (await motions.getAddress()).toLowerCase();
  const description = `${subject}: text sha2-256 ${text} #proposer=${proposer}`;
  return [targets, targets.map(() => 0n), calldatas, id(description)];
}

/** Every member's ballot For, relayed; queued and executed. Answers what the execution used. */
async function carry(floor: Floor, { proposalId, parts }: Put): Promise<number> {
  const { act, body, chain } = floor;
  const { governor, members } = body;
  await opening(floor, proposalId);
  const decision = { proposalId, value: 0, bringing: 0, actions: [[], [], [], ""] as never };
  for (let start = 0; start < members.length; start += BATCH) {
    await body.relay(decision, members.slice(start, start + BATCH));
  }
  await closing(floor, proposalId);
  await act(governor, key("relayer"), "queue", parts);
  await chain.wait(Number(await governor.proposalEta(proposalId)) - chain.now);
  return act(governor, key("relayer"), "execute", parts);
}

async function opening({ body, chain }: Floor, proposalId: bigint): Promise<void> {
  await chain.wait(Number(await body.governor.proposalSnapshot(proposalId)) + 1 - chain.now);
}

async function closing({ body, chain }: Floor, proposalId: bigint): Promise<void> {
  await chain.wait(Number(await body.governor.proposalDeadline(proposalId)) + 1 - chain.now);
}
