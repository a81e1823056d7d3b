import { concat, sha256, toUtf8Bytes } from "ethers";
import type { Resolutions } from "../../../../typechain-types/index.js";
import { endow } from "../funds.js";
import { Act, type Question, type Setting } from "../roll/act.js";
import { STATES } from "../types.js";
import { domainOf, groupOf, numbers, relay, signBallot } from "./batch.js";

const [AGAINST, FOR, ABSTAIN] = [0, 1, 2] as const;
const GROUPS = 6;
const MEMBERS = 240;
const BATCH = 50;
const DAY = 86_400;

const JOIN = [
  { name: "account", type: "address" },
  { name: "group", type: "uint8" },
  { name: "codeDigest", type: "bytes32" },
  { name: "evidence", type: "bytes" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

/**
 * Plays how 240 members decide, forty in each group, on a coalition of their own and a chain whose time can be moved: an
 * amendment that has a majority and fails on concurrence, one that passes, a relayed vote with bad ballots among the
 * good ones, and a late swing.
 */
export async function playAssembly(setting: Setting, resolutions: Resolutions): Promise<Act> {
  const act = new Act(setting, "vote");
  await gather(act);
  await failOnConcurrence(act);
  await agree(act);
  await state(act, resolutions);
  await swing(act, resolutions);
  return act;
}

/** Everyone joins by a signed request, and waits for the vote. */
async function gather(act: Act): Promise<void> {
  const { membership, requests } = act.contracts;
  const { digest } = await membership.codeOfConduct();
  const deadline = await act.soon();
  for (let first = 1; first <= MEMBERS; first += BATCH) {
    const batch = [];
    for (const number of numbers(first, Math.min(first + BATCH - 1, MEMBERS))) {
      const key = act.keyOf(number);
      const request = {
        account: key.address,
        group: (number - 1) % GROUPS,
        codeDigest: digest,
        evidence: "0x",
        deadline,
      };
      batch.push({ ...request, signature: await act.sign(requests, key, "Join", JOIN, request) });
    }
    await act.sent(requests.connect(act.setting.relayer).joinMany(batch));
  }
  await endow(
    act.setting.ethers,
    numbers(1, MEMBERS).map((number) => act.keyOf(number)),
  );
  const { votesFrom } = await membership.member(MEMBERS);
  await act.setting.clock.reach(Number(votesFrom) + 1);
  await act.tell(
    `${MEMBERS} members joined a coalition of their own, 40 in each group; all votes are mature`,
  );
  act.same("votes of the assembly", MEMBERS, await membership.getPastTotalSupply((await act.now()) - 1));
}

/** Two groups want it, four do not: more than two thirds of the ballots, and not enough groups. */
async function failOnConcurrence(act: Act): Promise<void> {
  const { membership } = act.contracts;
  const question = await proposeWait(act, 4, "shorter-wait.md", 20 * DAY);
  await voteByGroup(act, question, [40, 40, 5, 5, 5, 5], [0, 0, 8, 8, 8, 8]);
  await act.close(question);
  act.same("the amendment of two groups: ballots", "32 against, 100 for", await votesOn(act, question));
  act.same("the amendment of two groups: groups that agree", 2, await agreeing(act, question));
  act.same("the amendment of two groups: state", "Defeated", await stateOf(act, question));
  act.same("waiting period after it", 30 * DAY, (await membership.maturity()).waitingPeriod);
  await act.tell(
    "an amendment had 100 For to 32 Against, three quarters, and failed: two of six groups agreed, and it takes three",
  );
}

/** The same with a third group: it is carried out. */
async function agree(act: Act): Promise<void> {
  const { governor, membership } = act.contracts;
  const question = await proposeWait(act, 5, "shorter-wait-2.md", 25 * DAY);
  await voteByGroup(act, question, [40, 40, 15, 5, 5, 5], [0, 0, 8, 8, 8, 8]);
  await act.close(question);
  act.same("the amendment of three groups: ballots", "32 against, 110 for", await votesOn(act, question));
  act.same("the amendment of three groups: groups that agree", 3, await agreeing(act, question));
  await act.carryOut(question);
  const [published] = await governor.queryFilter(governor.filters.ProposalPassed(question.id));
  act.same(
    "the amendment of three groups: For by group, as published",
    "40,40,15,5,5,5",
    published?.args.forVotes,
  );
  act.same("the amendment of three groups: state", "Executed", await stateOf(act, question));
  act.same("waiting period after that", 25 * DAY, (await membership.maturity()).waitingPeriod);
  await act.tell(
    "the amendment that a third group agreed to passed, waited for seven days and was carried out",
  );
}

/** One transaction brings the ballots of 236 members, and eight that are none; four members still vote themselves. */
async function state(act: Act, resolutions: Resolutions): Promise<void> {
  const { governor } = act.contracts;
  const { question, digest } = await proposeStatement(act, resolutions, 6, "statement.md");
  const { id: proposalId } = question;
  const good = [
    await groupOf(act, question, AGAINST, numbers(151, 200)),
    await groupOf(act, question, FOR, numbers(1, 150)),
    await groupOf(act, question, ABSTAIN, numbers(201, 236)),
  ] as const;
  const domain = await domainOf(governor);
  const deadline = good[1].deadline;
  const ballot = { proposalId, support: FOR, deadline };
  const outsider = act.setting.keys.other("somebody who is no member");
  const bad = [
    // A member's second; an outsider's; one of another decision; one of another chain; bytes that are no signature; and half
    // of one.
    signBallot(act.keyOf(1), domain, ballot),
    signBallot(outsider, domain, ballot),
    signBallot(act.keyOf(237), domain, { ...ballot, proposalId: proposalId + 1n }),
    signBallot(act.keyOf(238), { ...domain, chainId: 1 }, ballot),
    `0x${"ff".repeat(64)}`,
    `0x${"11".repeat(32)}`,
  ];
  const over = { ...ballot, deadline: (await act.now()) - 1 };
  const unknown = { ...ballot, support: 3 };
  const { counted, skipped } = await relay(act, question, [
    good[0],
    { ...good[1], signatures: concat([good[1].signatures, ...bad]) },
    good[2],
    { support: FOR, deadline: over.deadline, signatures: signBallot(act.keyOf(239), domain, over) },
    { support: 3, deadline, signatures: signBallot(act.keyOf(240), domain, unknown) },
  ]);
  act.same("relayed ballots that counted", 236, counted);
  act.same(
    "relayed ballots that were passed over, and why",
    "AlreadyCast, NotEntitled, NotEntitled, NotEntitled, InvalidSignature, WrongLength, Expired, SupportOutOfRange",
    skipped.join(", "),
  );
  act.same("the relayed vote: ballots", "50 against, 150 for", await votesOn(act, question));
  for (const number of numbers(237, 240)) await act.vote(question, number, FOR);
  await act.tell(
    "one transaction brought 236 ballots and eight bad ones, each passed over with its reason; four members whose ballots were bad voted themselves",
  );
  await act.close(question);
  act.same("the relayed vote: ballots at the close", "50 against, 154 for", await votesOn(act, question));
  await act.carryOut(question);
  const [recorded] = await resolutions.resolution(await resolutions.lastNumber());
  act.same("digest of the recorded statement", digest, recorded);
  await act.tell("the statement is recorded on chain");
}

/** An hour before the close the outcome turns, and the close moves by a day; then it turns back, and moves no more. */
async function swing(act: Act, resolutions: Resolutions): Promise<void> {
  const { governor } = act.contracts;
  const { question } = await proposeStatement(act, resolutions, 7, "statement-2.md");
  await relay(act, question, [
    await groupOf(act, question, AGAINST, numbers(1, 20)),
    await groupOf(act, question, FOR, numbers(21, 80)),
  ]);
  const closeOf = async () => Number(await governor.proposalDeadline(question.id));
  const announced = await closeOf();
  await act.setting.clock.reach(announced - 3_600);
  await relay(act, question, [await groupOf(act, question, AGAINST, numbers(81, 140))]);
  const swung = await act.now();
  const moved = await closeOf();
  act.same("close after the late swing", swung + DAY, moved);
  act.same("the late swing: extended", true, (await governor.proposalFrame(question.id)).extended);
  await act.tell(
    "an hour before the close 60 ballots turned a decision: the close moved to a day after them",
  );
  await act.setting.clock.reach(announced + 3_600);
  act.same("the late swing: state after the announced close", "Active", await stateOf(act, question));
  await relay(act, question, [await groupOf(act, question, FOR, numbers(141, 180))]);
  act.same("close after the outcome turned back", moved, await closeOf());
  await act.close(question);
  act.same("the late swing: ballots", "80 against, 100 for", await votesOn(act, question));
  act.same("the late swing: state", "Succeeded", await stateOf(act, question));
  await act.tell("in that day others turned it back; the close stayed, and the decision passed");
}

async function proposeWait(act: Act, by: number, text: string, waitingPeriod: number): Promise<Question> {
  const { membership, addresses } = act.contracts;
  const { epochLength, epochShareBps, epochFloor } = await membership.maturity();
  const pace = { waitingPeriod, epochLength, epochShareBps, epochFloor };
  const data = membership.interface.encodeFunctionData("setMaturity", [pace]);
  const question = await act.propose(by, text, [{ to: addresses.membership, data }]);
  await act.open(question);
  return question;
}

async function proposeStatement(act: Act, resolutions: Resolutions, by: number, text: string) {
  const digest = sha256(toUtf8Bytes(act.setting.textOf(text)));
  const data = resolutions.interface.encodeFunctionData("record", [digest]);
  const question = await act.propose(by, text, [{ to: await resolutions.getAddress(), data }]);
  await act.open(question);
  return { question, digest };
}

/** So many members of each group vote For, and so many of the others Against. */
async function voteByGroup(
  act: Act,
  question: Question,
  inFavour: readonly number[],
  against: readonly number[],
): Promise<void> {
  const member = (group: number, index: number): number => 1 + group + GROUPS * index;
  const of = (group: number, from: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => member(group, from + index));
  await relay(act, question, [
    await groupOf(
      act,
      question,
      AGAINST,
      against.flatMap((count, group) => of(group, inFavour[group] ?? 0, count)),
    ),
    await groupOf(
      act,
      question,
      FOR,
      inFavour.flatMap((count, group) => of(group, 0, count)),
    ),
  ]);
}

async function votesOn(act: Act, { id: proposalId }: Question): Promise<string> {
  const { againstVotes, forVotes } = await act.contracts.governor.proposalVotes(proposalId);
  return `${againstVotes} against, ${forVotes} for`;
}

/** Groups, of those that are large enough to be heard, in which For exceeds Against. */
async function agreeing(act: Act, { id: proposalId }: Question): Promise<number> {
  const { governor } = act.contracts;
  const { heard } = await governor.proposalFrame(proposalId);
  let count = 0;
  for (let group = 0; group < GROUPS; group++) {
    const { againstVotes, forVotes } = await governor.proposalVotesByGroup(proposalId, group);
    if ((heard >> BigInt(group)) % 2n === 1n && forVotes > againstVotes) count++;
  }
  return count;
}

async function stateOf(act: Act, { id: proposalId }: Question): Promise<string> {
  return STATES[Number(await act.contracts.governor.state(proposalId))] ?? "unknown";
}
