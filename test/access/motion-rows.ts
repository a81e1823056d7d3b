import { toBeHex, ZeroHash } from "ethers";
import { Right } from "../helpers/governor.js";
import { changeOf, contentOf, NO_ACTIONS } from "../helpers/motions.js";
import { signStruct } from "../helpers/signing.js";
import { ALLOWED, DIGEST, everybody, nobody, type Row, SOON, timelockOnly } from "./cells.js";
import type { World } from "./world.js";

const DRAFT =
  "DraftMotion(address account,bytes32 text,bytes32 purpose,bytes32 actions,uint256 nonce,uint256 deadline)";
const REVISE =
  "ReviseMotion(address account,uint256 motion,uint256 revision,bytes32 text,bytes32 purpose,bytes32 actions,uint256 nonce,uint256 deadline)";
const ENDORSE =
  "EndorseMotion(address account,uint256 motion,uint256 revision,uint256 nonce,uint256 deadline)";
const MOVE =
  "MoveAmendment(address account,uint256 motion,uint256 parent,uint256 base,bytes32 text,bytes32 reason,bool substitute,bytes32 actions,uint256 nonce,uint256 deadline)";
const REBASE =
  "RebaseAmendment(address account,uint256 amendment,uint256 base,bytes32 text,bytes32 reason,bool substitute,bytes32 actions,uint256 nonce,uint256 deadline)";
const WITHDRAW =
  "WithdrawAmendment(address account,uint256 amendment,uint256 version,uint256 nonce,uint256 deadline)";
const FILE =
  "FileStatement(address account,uint256 proposalId,bytes32 digest,uint256 nonce,uint256 deadline)";
const COSIGN = "Cosign(address account,uint256 statement,uint256 nonce,uint256 deadline)";

/** `IMotionActs.ActKind`. */
const [WITHDRAWING, ENDORSING] = [1, 2];
/** A revision, or a version, where an act has it. */
const FIRST = toBeHex(1, 32);
/** The first statement that is filed. */
const STATEMENT = 1;

const CONTENT = contentOf("another text");
const [ACTIONS, CONTENTS] = [
  Object.values(NO_ACTIONS),
  [CONTENT.text, CONTENT.purpose, Object.values(NO_ACTIONS)],
];
const changed = (base: number) => {
  const { text, reason, substitute } = changeOf(base, "another text");
  return { base, text, reason, substitute, tuple: [base, text, reason, substitute, ACTIONS] };
};

/** For members with a right, now. */
const holders = (right: number, emits: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: "RollRightsRefused",
  except: { mature: ALLOWED },
  says: async ({ membership, now }, caller) => {
    const [standing, , , explanation] = await membership.standingOf(caller, right, await now());
    return { RollRightsRefused: [caller, right, standing, explanation] };
  },
  emits,
});

/** For the author of a motion, the mature member. */
const authorOnly = (motion: "draft" | "open", emits: string, args: Row["with"], note: string): Row => ({
  note: `called by the author, here the mature member; ${note}`,
  with: args,
  others: "MotionsNotAuthor",
  except: { mature: ALLOWED },
  says: async ({ docket, membership, people }, caller) => ({
    MotionsNotAuthor: [docket[motion], caller, await membership.numberOf(people.mature)],
  }),
  emits,
});

/** For who moved an amendment, or whose text it is about: the mature member. */
const ownerOnly = (
  amendment: keyof World["docket"]["amendments"],
  emits: string,
  args: Row["with"],
  note: string,
): Row => ({
  note,
  with: args,
  others: "AmendmentsNotYours",
  except: { mature: ALLOWED },
  says: async ({ docket, membership, people }, caller) => ({
    AmendmentsNotYours: [docket.amendments[amendment], caller, await membership.numberOf(people.mature)],
  }),
  emits,
});

/** Of a change of the charter, for a decision of the greatest class. */
const amendmentsOnly = (args: Row["with"]): Row => ({
  note: "allowed to a decision that is an amendment, while it is executed; tried in `test/charter/Charter.test.ts`",
  with: args,
  others: "CharterUnauthorized",
  except: { timelock: "CharterNotAnAmendment" },
});

/** Of the motions, for the amendments. */
const forAmendments = (args: Row["with"], by: string): Row => ({
  ...nobody("MotionsUnauthorized", args, `allowed to \`Amendments\` alone, by its ${by}`),
  says: async ({ amendments }, caller) => ({ MotionsUnauthorized: [caller, amendments] }),
});

/** The voter endorses the open motion, by signature. */
async function endorsing({ motions, voter, docket }: World) {
  const message = { account: voter.address, motion: docket.open, revision: 1, deadline: SOON };
  const signature = await signStruct(motions, voter, ENDORSE, message);
  return [ENDORSING, voter.address, docket.open, FIRST, SOON, signature];
}

/** The voter withdraws their amendment, by signature. */
async function withdrawing({ amendments, voter, docket }: World) {
  const amendment = docket.amendments.ofVoter;
  const message = { account: voter.address, amendment, version: 1, deadline: SOON };
  const signature = await signStruct(amendments, voter, WITHDRAW, message);
  return [WITHDRAWING, voter.address, amendment, FIRST, SOON, signature];
}

/** The mature member files a statement on the decision that they voted against. */
const filed = ({ statements, people, decisions }: World) =>
  statements.connect(people.mature).file(decisions.ripe.id, DIGEST);

/** The voter, who voted against it too, stands behind it by signature. */
async function cosigning({ statements, voter }: World) {
  const message = { account: voter.address, statement: STATEMENT, deadline: SOON };
  return [voter.address, SOON, await signStruct(statements, voter, COSIGN, message)];
}

/** For members who voted against the decision: the mature member, and the voter. */
const minorityOnly = (emits: string, args: Row["with"], note: string, scene?: Row["scene"]): Row => ({
  note,
  with: args,
  others: "MinorityStatementsNotAgainst",
  except: { mature: ALLOWED },
  scene,
  says: async ({ decisions }, caller) => ({
    MinorityStatementsNotAgainst: [decisions.ripe.id, caller, 0n],
  }),
  emits,
});

/** Who may call what of motions, amendments, charter and statements. */
export const MOTION_ROWS = {
  Charter: {
    "found(string)": amendmentsOnly(() => ["Travel Policy"]),
    "insert(uint256,uint256,bytes32,bytes32)": amendmentsOnly(() => [1, 0, ZeroHash, DIGEST]),
    "amend(uint256,uint256,bytes32,bytes32)": amendmentsOnly(() => [1, 1, ZeroHash, DIGEST]),
    "repeal(uint256,uint256,bytes32)": amendmentsOnly(() => [1, 1, ZeroHash]),
    "replace(uint256,uint256,bytes32,bytes32)": amendmentsOnly(() => [1, 1, ZeroHash, DIGEST]),
  },

  Motions: {
    "bindAmendments()": nobody("MotionsBound", () => [], "called by `Amendments` at its birth"),
    "setRules((uint32,uint32,uint32,uint32,uint8,uint8,uint32,uint8,uint8,uint32,uint8,uint8))": timelockOnly(
      "MotionRulesChanged",
      async ({ motions }) => [[...(await motions.rules())]],
      undefined,
      "MotionsUnauthorized",
    ),
    "draft((bytes32,bytes32,(address[],uint256[],bytes[])))": holders(Right.Propose, "MotionDrafted", () => [
      CONTENTS,
    ]),
    "draftBySig(address,(bytes32,bytes32,(address[],uint256[],bytes[])),uint256,bytes)": everybody(
      "MotionDrafted",
      async ({ motions, voter }) => {
        const { text, purpose } = CONTENT;
        const message = { account: voter.address, text, purpose, actions: ZeroHash, deadline: SOON };
        return [voter, CONTENTS, SOON, await signStruct(motions, voter, DRAFT, message)];
      },
      "with a draft that another member has signed",
    ),
    "revise(uint256,uint256,(bytes32,bytes32,(address[],uint256[],bytes[])))": authorOnly(
      "open",
      "MotionRevised",
      ({ docket }) => [docket.open, 1, CONTENTS],
      "of a motion that is drafted or tabled",
    ),
    "reviseBySig(address,uint256,uint256,(bytes32,bytes32,(address[],uint256[],bytes[])),uint256,bytes)":
      everybody(
        "MotionRevised",
        async ({ motions, voter, docket }) => {
          const { text, purpose } = CONTENT;
          const [motion, revision] = [docket.votersDraft, 1];
          const message = { account: voter.address, motion, revision, text, purpose, actions: ZeroHash };
          const signature = await signStruct(motions, voter, REVISE, { ...message, deadline: SOON });
          return [voter, motion, revision, CONTENTS, SOON, signature];
        },
        "with an edit that the author has signed",
      ),
    "table(uint256,uint256)": authorOnly(
      "draft",
      "MotionTabled",
      ({ docket }) => [docket.draft, 1],
      "of a draft",
    ),
    "endorse(uint256,uint256)": holders(
      Right.Propose,
      "MotionEndorsed",
      ({ docket }) => [docket.open, 1],
      "of a motion that is tabled, or closed for amendments",
    ),
    "withdraw(uint256,uint256)": authorOnly(
      "open",
      "MotionWithdrawn",
      ({ docket }) => [docket.open, 1],
      "of a motion that was not put to the vote",
    ),
    "object(uint256,bytes32)": holders(
      Right.Vote,
      "MotionObjected",
      ({ docket }) => [docket.silent, DIGEST],
      "during a motion's silence",
    ),
    "putToVote(uint256,(address[],uint256[],bytes[]))": everybody(
      "MotionPut",
      ({ docket }) => [docket.closed, ACTIONS],
      "of a motion that is closed for amendments, once none is left to be settled",
    ),
    "adopt(uint256)": everybody(
      "MotionAdopted",
      ({ docket }) => [docket.consented],
      "of a motion whose silence is over and was not broken",
    ),
    "sendBack(uint256,(address[],uint256[],bytes[]),uint256)": everybody(
      "MotionSentBack",
      ({ docket }) => [docket.overtaken, Object.values(docket.outdated), 0],
      "of a motion that changes a clause of the charter that has moved since",
    ),
    "change(uint256,bytes32,bytes32,uint256,bool)": forAmendments(
      ({ docket }) => [docket.open, DIGEST, ZeroHash, 1, true],
      "`accept`, `settle` and `adopt`",
    ),
    "ask(uint256,uint256,bytes32)": forAmendments(
      ({ docket }) => [docket.asking, 1, DIGEST],
      "`putNext` and `settle`",
    ),
    "actBySig((uint8,address,uint256,bytes32,uint256,bytes))": everybody(
      "MotionEndorsed",
      async (world) => [await endorsing(world)],
      "with an act that another member has signed",
    ),
    "actMany((uint8,address,uint256,bytes32,uint256,bytes)[])": everybody(
      "MotionEndorsed",
      async (world) => [[await endorsing(world)]],
      "with acts that other members have signed",
    ),
    "actOne((uint8,address,uint256,bytes32,uint256,bytes))": nobody(
      "MotionActsUnauthorized",
      async (world) => [await endorsing(world)],
      "allowed to the contract itself alone, by its `actMany`",
    ),
  },

  Amendments: {
    "move(uint256,uint256,(uint256,bytes32,bytes32,bool,(address[],uint256[],bytes[])))": holders(
      Right.Propose,
      "AmendmentMoved",
      ({ docket }) => [docket.open, 0, changed(1).tuple],
      "to a motion that is tabled",
    ),
    "moveBySig(address,uint256,uint256,(uint256,bytes32,bytes32,bool,(address[],uint256[],bytes[])),uint256,bytes)":
      everybody(
        "AmendmentMoved",
        async ({ amendments, voter, docket }) => {
          const { tuple, ...change } = changed(1);
          const message = { account: voter.address, motion: docket.open, parent: 0, ...change };
          const signed = { ...message, actions: ZeroHash, deadline: SOON };
          const signature = await signStruct(amendments, voter, MOVE, signed);
          return [voter, docket.open, 0, tuple, SOON, signature];
        },
        "with an amendment that another member has signed",
      ),
    "accept(uint256,uint256)": ownerOnly(
      "ofVoter",
      "AmendmentAccepted",
      ({ docket }) => [docket.amendments.ofVoter, 1],
      "called by whose text it is, here the mature member, within the window",
    ),
    "withdraw(uint256,uint256)": ownerOnly(
      "ofMature",
      "AmendmentWithdrawn",
      ({ docket }) => [docket.amendments.ofMature, 1],
      "called by the mover, here the mature member",
    ),
    "rebase(uint256,(uint256,bytes32,bytes32,bool,(address[],uint256[],bytes[])))": ownerOnly(
      "staleOfMature",
      "AmendmentWritten",
      ({ docket }) => [docket.amendments.staleOfMature, changed(2).tuple],
      "called by the mover, here the mature member, of an amendment that is stale",
    ),
    "rebaseBySig(address,uint256,(uint256,bytes32,bytes32,bool,(address[],uint256[],bytes[])),uint256,bytes)":
      everybody(
        "AmendmentWritten",
        async ({ amendments, voter, docket }) => {
          const { tuple, ...change } = changed(2);
          const amendment = docket.amendments.staleOfVoter;
          const message = { account: voter.address, amendment, ...change, actions: ZeroHash, deadline: SOON };
          return [voter, amendment, tuple, SOON, await signStruct(amendments, voter, REBASE, message)];
        },
        "with an amendment that its mover has signed",
      ),
    "object(uint256,bytes32)": holders(
      Right.Vote,
      "AmendmentObjected",
      ({ docket }) => [docket.amendments.inSilence, DIGEST],
      "during an amendment's silence",
    ),
    "putNext(uint256)": {
      ...everybody(
        "AmendmentPut",
        ({ docket }) => [docket.asking],
        "of a motion that is closed for amendments, and the next one is due",
      ),
      emittedBy: "motions",
    },
    "settle(uint256)": everybody(
      "AmendmentAdopted",
      ({ docket }) => [docket.settling],
      "once the members are done with the amendment before them",
    ),
    "adopt(uint256)": {
      note: "allowed to the decision that the amendment was put to, while it is executed; tried in `test/motions/Amendments.test.ts`",
      with: ({ docket }) => [docket.amendments.ofMature],
      others: "AmendmentsUnauthorized",
      except: { timelock: "AmendmentsOtherDecision" },
      says: async ({ docket }) => ({ AmendmentsOtherDecision: [docket.amendments.ofMature, 0n, 0n] }),
    },
    "close(uint256)": {
      ...nobody(
        "AmendmentsUnauthorized",
        ({ docket }) => [docket.closed],
        "allowed to `Motions` alone, by its `putToVote` and `sendBack`",
      ),
      says: async ({ motions }, caller) => ({ AmendmentsUnauthorized: [caller, motions] }),
    },
    "actBySig((uint8,address,uint256,bytes32,uint256,bytes))": everybody(
      "AmendmentWithdrawn",
      async (world) => [await withdrawing(world)],
      "with an act that another member has signed",
    ),
    "actMany((uint8,address,uint256,bytes32,uint256,bytes)[])": everybody(
      "AmendmentWithdrawn",
      async (world) => [[await withdrawing(world)]],
      "with acts that other members have signed",
    ),
    "actOne((uint8,address,uint256,bytes32,uint256,bytes))": nobody(
      "MotionActsUnauthorized",
      async (world) => [await withdrawing(world)],
      "allowed to the contract itself alone, by its `actMany`",
    ),
  },

  MinorityStatements: {
    "file(uint256,bytes32)": minorityOnly(
      "StatementFiled",
      ({ decisions }) => [decisions.ripe.id, DIGEST],
      "called by who voted against a decision, here the mature member, after its close",
    ),
    "fileBySig(address,uint256,bytes32,uint256,bytes)": everybody(
      "StatementFiled",
      async ({ statements, voter, decisions: { ripe } }) => {
        const message = { account: voter.address, proposalId: ripe.id, digest: DIGEST, deadline: SOON };
        return [voter, ripe.id, DIGEST, SOON, await signStruct(statements, voter, FILE, message)];
      },
      "with a statement of another member who voted against the decision",
    ),
    "cosign(uint256)": minorityOnly(
      "StatementCosigned",
      () => [STATEMENT],
      "called by who voted against the decision too, here the mature member",
      ({ statements, voter, decisions }) => statements.connect(voter).file(decisions.ripe.id, DIGEST),
    ),
    "cosignBySig(uint256,(address,uint256,bytes))": {
      ...everybody(
        "StatementCosigned",
        async (world) => [STATEMENT, await cosigning(world)],
        "with the co-signature of another member who voted against the decision",
      ),
      scene: filed,
    },
    "cosignMany(uint256,(address,uint256,bytes)[])": {
      ...everybody(
        "StatementCosigned",
        async (world) => [STATEMENT, [await cosigning(world)]],
        "with co-signatures of other members who voted against the decision",
      ),
      scene: filed,
    },
  },
} satisfies Record<string, Record<string, Row>>;
