import type { Coalition, Connection, Person } from "../helpers/governor.js";
import { type ActionList, changeOf, contentOf, digestOf, listOf, moved } from "../helpers/motions.js";

const DAY = 86_400;
/** The longest that a stage can last, and a window or a silence. */
const [LONG, LONG_WINDOW] = [90 * DAY, 30 * DAY];

type Rules = Parameters<Coalition["motions"]["setRules"]>[0];

/** The digest that no clause of the charter has: what is written against it has moved. */
const NEVER = digestOf("a beginning that is none");

/**
 * Drafts a motion for each stage in which somebody can do something, with amendments where those are what something is
 * done to, and lets two days pass until each is in it. Answers their numbers.
 * @returns Of motions, by what they wait for; of amendments, by whose act they wait for.
 */
export async function holdMotions(
  { networkHelpers: { time } }: Connection,
  { parameters, charter, motions, amendments }: Coalition,
  { asTimelock, mature, voter, spare }: Record<"asTimelock" | "mature" | "voter" | "spare", Person>,
) {
  const setRules = (changes: Partial<Rules>) =>
    motions.connect(asTimelock).setRules({ ...parameters.Motions, ...changes });
  const drafted = async (author: Person, text: string, actions?: ActionList) => {
    await motions.connect(author).draft(contentOf(text, actions));
    return motions.lastMotion();
  };
  const tabled = async (author: Person, text: string, actions?: ActionList) => {
    const motion = await drafted(author, text, actions);
    await motions.connect(author).table(motion, 1);
    return motion;
  };

  const draft = await drafted(mature, "draft");
  const votersDraft = await drafted(voter, "draft of the voter");

  await setRules({ notice: LONG, window: LONG_WINDOW, rebase: LONG_WINDOW, lapse: 365 * DAY });
  const open = await tabled(mature, "open");
  const ofVoter = await moved(amendments, voter, open, changeOf(1, "open, by the voter"));
  const ofMature = await moved(amendments, mature, open, changeOf(1, "open, by the mature member"));
  const edited = await tabled(spare, "edited");
  const staleOfVoter = await moved(amendments, voter, edited, changeOf(1, "edited, by the voter"));
  const staleOfMature = await moved(amendments, mature, edited, changeOf(1, "edited, by the mature member"));
  await motions.connect(spare).revise(edited, 1, contentOf("edited since"));

  const short = { notice: DAY, window: DAY, rebase: DAY };
  await setRules(short);
  const closed = await tabled(spare, "closed");
  const insert = charter.interface.encodeFunctionData("insert", [1, 0, NEVER, digestOf("clause")]);
  const outdated = listOf([{ target: charter, data: insert }]);
  const overtaken = await tabled(spare, "overtaken", outdated);
  const asking = await tabled(spare, "asking");
  await moved(amendments, mature, asking, changeOf(1, "asking, amended"));
  await setRules({ ...short, silence: DAY });
  const consented = await tabled(spare, "consented");
  await setRules({ ...short, silence: LONG_WINDOW });
  const silent = await tabled(spare, "silent");
  await setRules({ ...short, amendmentSilence: DAY });
  const settling = await tabled(spare, "settling");
  await moved(amendments, mature, settling, changeOf(1, "settling, amended"));
  await setRules({ ...short, amendmentSilence: LONG_WINDOW });
  const objected = await tabled(spare, "objected");
  const inSilence = await moved(amendments, mature, objected, changeOf(1, "objected, amended"));
  await setRules({});

  await time.increase(DAY);
  for (const motion of [consented, silent]) await motions.putToVote(motion, listOf([]));
  for (const motion of [settling, objected]) await amendments.putNext(motion);
  await time.increase(DAY);
  return {
    draft,
    votersDraft,
    open,
    edited,
    closed,
    overtaken,
    asking,
    consented,
    silent,
    settling,
    /** What the overtaken one does, against a clause that is another. */
    outdated,
    amendments: { ofVoter, ofMature, staleOfVoter, staleOfMature, inSilence },
  };
}
