import { endow } from "../funds.js";
import { Act, type Setting } from "./act.js";
import { decideAdmission, flood, join, lookAtNewcomers, qualify } from "./admission.js";
import { yearly } from "./dormancy.js";
import { complete, request, veto } from "./recovery.js";

const [AGAINST, FOR] = [0, 1] as const;

/** Member 2 delegates to member 7; both are of the same group. */
const DELEGATOR = 2;
const DELEGATE = 7;
const GROUP = 1;
/** Members whose keys are asked for, and their guardians. */
const VETOES = 8;
const LOST = 11;
/** Who does not confirm in time. */
const SILENT = 14;

/**
 * Plays what members do beside voting, on a coalition whose first weeks are over and on a chain whose time can be moved:
 * a vouched newcomer, an attested organisation, a flood, a delegation that is overridden, a recovery that is vetoed and one
 * that is completed, a dormant member who returns.
 * @param members How many joined in the story.
 */
export async function playRoll(setting: Setting, members: number): Promise<Act> {
  const act = new Act(setting);
  const { membership, delegations, governor, addresses } = act.contracts;
  const everyone = Array.from({ length: members }, (_, index) => act.keyOf(index + 1));
  await endow(setting.ethers, everyone);
  const issuer = await decideAdmission(act);
  const newcomers = await join(act);

  await act.sent(delegations.connect(act.keyOf(DELEGATE)).takeDelegations(5));
  await act.sent(membership.connect(act.keyOf(DELEGATOR)).delegate(act.keyOf(DELEGATE).address));
  await act.tell(`member ${DELEGATOR} delegated to member ${DELEGATE} of the same group`);
  act.same(
    `votes of member ${DELEGATE} with the one delegated`,
    2,
    await membership.getVotes(act.keyOf(DELEGATE).address),
  );

  const { waitingPeriod, epochLength, epochShareBps } = await membership.maturity();
  const pace = { waitingPeriod, epochLength, epochShareBps, epochFloor: 30 };
  const data = membership.interface.encodeFunctionData("setMaturity", [pace]);
  const question = await act.propose(5, "pace.md", [{ to: addresses.membership, data }]);
  await act.tell("member 5 proposed to let a few more votes mature at a time");
  const vetoed = await request(act, VETOES, [9, 10]);
  const recovered = await request(act, LOST, [12, 13]);
  await veto(act, VETOES, vetoed);

  await act.open(question);
  const votes = async () => {
    const { againstVotes, forVotes } = await governor.proposalVotesByGroup(question.id, GROUP);
    return `${forVotes} for, ${againstVotes} against`;
  };
  await act.vote(question, DELEGATE, FOR);
  act.same("ballot of the delegate, for both", "2 for, 0 against", await votes());
  await act.vote(question, DELEGATOR, AGAINST);
  act.same("after the ballot of the member who had delegated", "1 for, 1 against", await votes());
  await act.tell(`member ${DELEGATE} voted for both; member ${DELEGATOR} voted too, and took the vote back`);

  await act.vote(question, LOST, FOR);
  await flood(act, question);
  await qualify(act, issuer, newcomers);
  await complete(act, LOST, recovered);
  const before = await governor.proposalVotes(question.id);
  await act.vote(question, LOST, AGAINST);
  const after = await governor.proposalVotes(question.id);
  act.same("ballots more after the recovered key changed the ballot", 0, sum(after) - sum(before));
  act.same("ballots against more", 1, after.againstVotes - before.againstVotes);
  await act.tell(`member ${LOST} changed the ballot by the recovered key; the number has one`);

  await lookAtNewcomers(act, newcomers);
  await yearly(act, SILENT, members);
  return act;
}

function sum({
  againstVotes,
  forVotes,
  abstainVotes,
}: Record<"againstVotes" | "forVotes" | "abstainVotes", bigint>) {
  return againstVotes + forVotes + abstainVotes;
}
