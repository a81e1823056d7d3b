/** What anybody can see of motions and amendments, and what the model says of it. */
import { AMENDMENT_STATES, type Amendment } from "./amendments.js";
import type { Asked } from "./motion-chain.js";
import type { MotionModel } from "./motion-steps.js";
import { last, type Motion, STAGES } from "./motions.js";

export type Expected = Asked & { expected: string };

/** Members, a bit each, as the contracts write groups. */
const bitsOf = (groups: readonly number[]) => groups.reduce((bits, group) => bits | (1 << group), 0);

/** The questions about some motions, all of their amendments, and what there is in all. */
export function questionsAbout(model: MotionModel, motions: readonly Motion[], now: number): Expected[] {
  const counts = [
    { view: "lastMotion", values: [], expected: `${model.motions.all.length}` },
    { view: "lastAmendment", values: [], expected: `${model.amendments.all.length}` },
    { view: "lastNumber", values: [], expected: `${model.motions.resolutions}` },
  ];
  const about = motions.flatMap((motion) => [
    ...[motionOf(model, motion, now), rulesOf(model, motion), docketOf(model, motion, now)],
    nextOf(model, motion, now),
    ...motion.amendments.map((amendment) => amendmentOf(model, amendment, now)),
  ]);
  return [...counts, ...about];
}

function motionOf({ motions }: MotionModel, motion: Motion, now: number): Expected {
  const { number, author, revisions, endorsers, theirs, silence, vote, resolution } = motion;
  const { text, purpose, actions } = last(revisions);
  const expected = [
    ...[author, STAGES.indexOf(motions.stageOf(motion, now)), revisions.length],
    ...[text, purpose, actions.digest, motions.closesAt(motion)],
    ...[endorsers.length, bitsOf(endorsers.map(({ group }) => group)), theirs],
    ...[silence?.until ?? 0, silence?.objectors.length ?? 0, vote?.id ?? 0, resolution],
  ];
  return { view: "motionOf", values: [number], expected: expected.join(" ") };
}

function rulesOf({ motions }: MotionModel, motion: Motion): Expected {
  const rules = motions.rulesOf(motion);
  return { view: "rulesOf", values: [motion.number], expected: Object.values(rules).join(" ") };
}

/** What is open stands in no order, and may have lapsed. */
function docketOf({ amendments }: MotionModel, motion: Motion, now: number): Expected {
  const { number, question, quietSince, rebaseUntil } = motion;
  const named = ({ number: one }: Amendment) => `${one}`;
  const lapsed = motion.amendments.filter((one) => amendments.stateOf(one, now) === "lapsed").map(named);
  const sorted = (open: readonly string[]) => [...open].sort((a, b) => Number(a) - Number(b));
  const read = (answer: string) => {
    const [asked, quiet, until, ...open] = answer.split(" ");
    return [asked, quiet, until, ...sorted(open.filter((one) => !lapsed.includes(one)))].join(" ").trim();
  };
  const open = amendments.unsettled(motion, now).map(named);
  const expected = [question?.number ?? 0, quietSince, rebaseUntil, ...sorted(open)].join(" ");
  return { view: "docketOf", values: [number], expected, read };
}

function nextOf({ amendments }: MotionModel, motion: Motion, now: number): Expected {
  const { amendment, from } = amendments.nextOf(motion, now);
  return { view: "nextOf", values: [motion.number], expected: `${amendment?.number ?? 0} ${from}` };
}

function amendmentOf({ amendments }: MotionModel, amendment: Amendment, now: number): Expected {
  const { number, motion, parent, mover, base, versions, substitute, silence, vote } = amendment;
  const { text, actions } = last(versions);
  const expected = [
    ...[motion.number, parent?.number ?? 0, mover, base, versions.length],
    ...[AMENDMENT_STATES.indexOf(amendments.stateOf(amendment, now)), substitute, text, actions.digest],
    ...[amendments.friendlyUntil(amendment), silence?.until ?? 0, silence?.objectors.length ?? 0],
    vote?.id ?? 0,
  ];
  return { view: "amendmentOf", values: [number], expected: expected.join(" ") };
}
