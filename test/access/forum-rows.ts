import { numberFor } from "../../scripts/lib/conduct/chain.js";
import { dismissal, ruling, secretOf, signForConduct } from "../helpers/conduct.js";
import { Kind, LIST, signForForum, signPost, textOf } from "../helpers/forum.js";
import { Right } from "../helpers/governor.js";
import { ALLOWED, DIGEST, everybody, MEMBERS, nobody, type Row, SOON, timelockOnly } from "./cells.js";
import type { World } from "./world.js";

const RULING = Object.values(ruling({ hide: false, suspension: 0n, warn: true }));
const TERMS = [
  "response",
  "drawing",
  "deliberation",
  "appeal",
  "members",
  "emergency",
  "suspension",
] as const;

/** Of forum, speakers or panels, for the contract that decides cases. */
const casesOnly = (error: string, args: Row["with"]): Row => ({
  ...nobody(error, args, "allowed to `Conduct` alone; tried in `test/conduct`"),
  says: async ({ conduct }, caller) => ({ [error]: [caller, await conduct.getAddress()] }),
});

/** Bound at birth, for good. */
const bound = (error: string): Row => ({
  ...nobody(error, () => []),
  says: async ({ conduct }) => ({ [error]: [await conduct.getAddress()] }),
});

/** For the timelock; the error names it. */
const governed = (error: string, emits: string | undefined, args: Row["with"], note?: string): Row => ({
  ...timelockOnly(emits ?? "", args, note, error),
  emits,
  says: async ({ timelock }, caller) => ({ [error]: [caller, await timelock.getAddress()] }),
});

/** For whoever is on the roll. */
const onRoll = (error: string, emits: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: error,
  except: MEMBERS(ALLOWED),
  says: async (_, caller) => ({ [error]: [caller] }),
  emits,
});

/** For members of the pool: the mature member. */
const poolOnly = (emits: string, args: Row["with"]): Row => ({
  note: "called by a member of the pool, here the mature member",
  with: args,
  others: "ConductNotOnRoll",
  except: { ...MEMBERS("ConductNotInPool"), mature: ALLOWED },
  says: async ({ membership }, caller) => ({
    ConductNotOnRoll: [caller],
    ConductNotInPool: [await membership.numberOf(caller)],
  }),
  emits,
});

/** For one of the parties or of the panel: the mature member. */
const theirs = (
  which: "open" | "ruled" | "seated",
  emits: string,
  args: Row["with"],
  note: string,
  stranger = "ConductNotTheirs",
): Row => ({
  note: `called by ${note}, here the mature member`,
  with: args,
  others: stranger,
  except: { ...MEMBERS("ConductNotTheirs"), mature: ALLOWED },
  says: async ({ talks }, caller) => ({
    ConductNotTheirs: [talks[which], caller],
    ConductNotOnRoll: [caller],
  }),
  emits,
});

const tupleOf = (complaint: World["talks"]["complaint"]) => Object.values(complaint);

/** A post that the mature member signed. */
async function signedPost({ forum, people }: World) {
  const signed = await signPost(forum, people.mature, "thread");
  return [
    ...[
      signed.kind,
      signed.account,
      signed.list,
      signed.to,
      signed.digest,
      signed.deadline,
      signed.signature,
    ],
  ];
}

/** A signed request of the mature member: account, what it says, deadline, signature. */
async function forForum(
  contract: World["forum"] | World["speakers"] | World["profiles"],
  { people }: World,
  type: string,
  content: Readonly<Record<string, unknown>>,
) {
  const { account, deadline, signature } = await signForForum(contract, people.mature, type, content);
  return [account, ...Object.values(content), deadline, signature];
}

async function forConduct(
  contract: World["conduct"] | World["panels"],
  { people }: World,
  type: Parameters<typeof signForConduct>[2],
  content: object,
  values: readonly unknown[],
) {
  const { account, deadline, signature } = await signForConduct(contract, people.mature, type, content);
  return [account, ...values, deadline, signature];
}

/** Who may call what of forum and cases. */
export const FORUM_ROWS = {
  Speakers: {
    "bind()": bound("SpeakersBound"),
    "accept(uint256)": onRoll("SpeakersNotOnRoll", "CodeAccepted", () => [1]),
    "acceptBySig(address,uint256,uint256,bytes)": everybody("CodeAccepted", (world) =>
      forForum(world.speakers, world, "AcceptCode", { version: 1n }),
    ),
    "suspend(uint256,uint32,uint48)": casesOnly("SpeakersUnauthorized", () => [1, 1, SOON]),
  },
  Forum: {
    "bind()": bound("ForumBound"),
    "open(string,bytes32)": governed("ForumUnauthorized", "ListOpened", () => ["Third", DIGEST]),
    "change(uint256,bytes32,bool)": governed("ForumUnauthorized", "ListChanged", () => [LIST, DIGEST, false]),
    "setPace((uint16,uint32))": governed("ForumUnauthorized", "PaceChanged", () => [[1, 1]]),
    "post(uint8,uint256,uint256,bytes32)": {
      note: "by members who accepted the Code, as all callers on the roll have here",
      with: () => [Kind.Thread, LIST, 0, textOf("A text")],
      others: "RollRightsRefused",
      except: { ...MEMBERS(ALLOWED), suspended: "RollRightsRefused" },
      refusedBy: "speakers",
      says: async ({ membership, now }, caller) => {
        const [standing, , , explanation] = await membership.standingOf(caller, Right.Speak, await now());
        return { RollRightsRefused: [caller, BigInt(Right.Speak), standing, explanation] };
      },
      emits: "Posted",
    },
    "postBySig((uint8,address,uint256,uint256,bytes32,uint256,bytes))": everybody(
      "Posted",
      async (world) => [await signedPost(world)],
      "signed by the mature member",
    ),
    "postMany((uint8,address,uint256,uint256,bytes32,uint256,bytes)[])": everybody(
      "Posted",
      async (world) => [[await signedPost(world)]],
      "signed by the mature member",
    ),
    "postOne((uint8,address,uint256,uint256,bytes32,uint256,bytes))": {
      ...nobody(
        "ForumUnauthorized",
        async (world) => [await signedPost(world)],
        "allowed to the forum itself",
      ),
      says: async ({ forum }, caller) => ({ ForumUnauthorized: [caller, await forum.getAddress()] }),
    },
    "erase(uint256,uint256,bytes32)": {
      note: "called by the author, here the mature member",
      with: ({ talks }) => [LIST, talks.own, DIGEST],
      others: "ForumNotAuthor",
      except: { mature: ALLOWED },
      says: async ({ talks, membership, people }, caller) => ({
        ForumNotAuthor: [LIST, talks.own, caller, await membership.numberOf(people.mature)],
      }),
      emits: "PostErased",
    },
    "eraseBySig(address,uint256,uint256,bytes32,uint256,bytes)": everybody(
      "PostErased",
      (world) =>
        forForum(world.forum, world, "ErasePost", { list: LIST, place: world.talks.own, reason: DIGEST }),
      "signed by the author",
    ),
    "eraseByDecision(uint256,uint256,bytes32)": governed("ForumUnauthorized", "PostErased", ({ talks }) => [
      LIST,
      talks.own,
      DIGEST,
    ]),
    "eraseByCase(uint256,uint256,uint32,bytes32)": casesOnly("ForumUnauthorized", () => [LIST, 1, 1, DIGEST]),
    "hide(uint256,uint256,uint32,uint48,bytes32)": casesOnly("ForumUnauthorized", () => [
      ...[LIST, 1, 1, SOON, DIGEST],
    ]),
    "show(uint256,uint256,uint32,bytes32)": casesOnly("ForumUnauthorized", () => [LIST, 1, 1, DIGEST]),
  },
  Profiles: {
    "publish(bytes32)": onRoll("ProfilesNotOnRoll", "ProfileChanged", () => [DIGEST]),
    "publishBySig(address,bytes32,uint256,bytes)": everybody("ProfileChanged", (world) =>
      forForum(world.profiles, world, "PublishProfile", { commitment: DIGEST }),
    ),
  },
  Panels: {
    "bind()": bound("PanelsBound"),
    "setPool(uint256)": governed("PanelsUnauthorized", "PoolChanged", ({ talks }) => [talks.pool]),
    "commit(bytes32)": onRoll("PanelsNotOnRoll", "ChainCommitted", () => [DIGEST]),
    "commitBySig(address,bytes32,uint256,bytes)": everybody("ChainCommitted", async (world) =>
      forConduct(
        world.panels,
        world,
        "CommitChain",
        { lastDraw: await world.panels.lastDraw(), tip: DIGEST },
        [DIGEST],
      ),
    ),
    "reveal(uint256,uint256,bytes32)": everybody(
      "NumberRevealed",
      async ({ conduct, talks, settled }) => {
        const draw = (await conduct.caseOf(talks.open)).draw;
        return [draw, settled, numberFor(secretOf(settled), 0, Number(draw))];
      },
      "of a member of the pool",
    ),
    "open(uint48)": casesOnly("PanelsUnauthorized", () => [SOON]),
    "draw(uint256,uint256,uint256[])": casesOnly("PanelsUnauthorized", () => [1, 0, []]),
    "replace(uint256,uint256)": casesOnly("PanelsUnauthorized", () => [1, 1]),
  },
  Conduct: {
    "complain((uint32,uint32,bytes32,uint32,uint32,bytes32))": onRoll(
      "ConductNotOnRoll",
      "CaseOpened",
      ({ talks }) => [tupleOf(talks.complaint)],
      "of another member",
    ),
    "complainBySig(address,(uint32,uint32,bytes32,uint32,uint32,bytes32),uint256,bytes)": everybody(
      "CaseOpened",
      (world) =>
        forConduct(world.conduct, world, "FileComplaint", world.talks.complaint, [
          tupleOf(world.talks.complaint),
        ]),
    ),
    "complainFor((uint32,uint32,bytes32,uint32,uint32,bytes32),bytes32,uint32[2])": poolOnly(
      "CaseOpened",
      ({ talks }) => [tupleOf(talks.complaint), DIGEST, [0, 0]],
    ),
    "respond(uint256,bytes32)": theirs(
      "open",
      "CaseResponded",
      ({ talks }) => [talks.open, DIGEST],
      "the respondent",
    ),
    "respondBySig(address,uint256,bytes32,uint256,bytes)": everybody("CaseResponded", (world) => {
      const content = { caseId: world.talks.open, digest: DIGEST };
      return forConduct(world.conduct, world, "RespondToCase", content, Object.values(content));
    }),
    "drawPanel(uint256)": everybody(
      "CaseToMembers",
      ({ talks }) => [talks.drawable],
      "where nobody gave a number: the members decide",
    ),
    "recuse(uint256,uint256,bytes32)": theirs(
      "seated",
      "PanelistRecused",
      async ({ talks, membership, people }) => [
        talks.seated,
        await membership.numberOf(people.mature),
        DIGEST,
      ],
      "a member of the panel",
    ),
    "rule(uint256,(bool,bool,bool,bool,bool,uint32,bytes32))": theirs(
      "seated",
      "RulingBacked",
      ({ talks }) => [talks.seated, RULING],
      "a member of the panel",
    ),
    "ruleBySig(address,uint256,(bool,bool,bool,bool,bool,uint32,bytes32),uint256,bytes)": everybody(
      "RulingBacked",
      (world) =>
        forConduct(world.conduct, world, "RuleOnCase", { caseId: world.talks.seated, ...dismissal() }, [
          world.talks.seated,
          Object.values(dismissal()),
        ]),
    ),
    "appeal(uint256,bool,bytes32)": theirs(
      "ruled",
      "CaseAppealed",
      ({ talks }) => [talks.ruled, true, DIGEST],
      "a party",
      "ConductNotOnRoll",
    ),
    "appealBySig(address,uint256,bool,bytes32,uint256,bytes)": everybody("CaseAppealed", (world) => {
      const content = { caseId: world.talks.ruled, toMembers: false, reason: DIGEST };
      return forConduct(world.conduct, world, "AppealCase", content, Object.values(content));
    }),
    "settle(uint256,(bool,bool,bool,bool,bool,uint32,bytes32))": governed(
      "ConductUnauthorized",
      "CaseRuled",
      ({ talks }) => [talks.before, RULING],
      "in a case that is before the members",
    ),
    "hideNow(uint256,uint256,bytes32)": poolOnly("EmergencyHidden", ({ talks }) => [
      LIST,
      talks.target,
      DIGEST,
    ]),
    "erase(uint256)": {
      ...everybody("PostErased", ({ talks }) => [talks.erasable], "in a case whose last ruling says so"),
      emittedBy: "forum",
    },
    "setTerms((uint32,uint32,uint32,uint32,uint32,uint32,uint32,uint8,uint32))": governed(
      "ConductUnauthorized",
      "TermsChanged",
      ({ parameters: { Conduct } }) => [
        [...TERMS.map((term) => Conduct[term]), Conduct.quota + 1, Conduct.quotaPeriod],
      ],
    ),
  },
} satisfies Record<string, Record<string, Row>>;
