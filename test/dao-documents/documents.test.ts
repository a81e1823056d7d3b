import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { CONTRACTS } from "../../scripts/lib/address-book.js";
import { cidOf, digestOf } from "../../scripts/lib/content/digest.js";
import { type Documents, makeDocuments } from "../../scripts/lib/dao-documents/make.js";
import { writeDocuments } from "../../scripts/lib/dao-documents/write.js";
import { foundMotion } from "../helpers/amendments.js";
import { inFolder } from "../helpers/folder.js";
import { type Connection, Decision, Support } from "../helpers/governor.js";
import { foundWithMotions, memberNumbered, sessionOf, type WithMotions } from "../helpers/motion-tasks.js";
import { NO_ACTIONS, tabled } from "../helpers/motions.js";
import { refusal } from "../helpers/refusal.js";

const BASE = "https://example.org/dc-bas";
const CAIP_10 = /^eip155:\d+:0x[0-9a-fA-F]{40}$/;

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string" && value !== "";
const uri: Check = (value) => typeof value === "string" && /^(?:https|ipfs):\/\/\S+$/.test(value);
const caip10: Check = (value) => typeof value === "string" && CAIP_10.test(value);
const is =
  (wanted: unknown): Check =>
  (value) =>
    value === wanted;
const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const listOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);

/** Whether an object has these fields, all of them good; more are allowed, as JSON-LD has it. */
const shaped =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const FRAME = { "@context": is("https://www.daostar.org/schemas"), type: is("DAO"), name: text };
const ACCOUNT = { type: is("EthereumAddress"), id: caip10 };
const PROPOSAL_ID = matching(/^eip155:\d+:0x[0-9a-fA-F]{40}\?proposalId=\d+$/);
const ADDRESS = matching(/^0x[0-9a-fA-F]{40}$/);

/** The JSON-LD schemas of ERC-4824, field by field. */
const SCHEMAS: Readonly<Record<Exclude<keyof Documents, "governance.md">, Check>> = {
  "dao.json": shaped({
    ...{ ...FRAME, description: text, membersURI: uri, proposalsURI: uri, activityLogURI: uri },
    ...{ governanceURI: uri, contractsURI: uri },
  }),
  "members.json": shaped({ ...FRAME, members: listOf(shaped(ACCOUNT)) }),
  "proposals.json": shaped({
    ...FRAME,
    proposals: listOf(
      shaped({
        ...{ type: is("proposal"), id: PROPOSAL_ID, name: text, contentURI: uri, status: text },
        calls: listOf(
          shaped({
            ...{ type: is("CallDataEVM"), operation: is("call"), from: ADDRESS, to: ADDRESS },
            ...{ value: matching(/^\d+$/), data: matching(/^0x[0-9a-f]*$/) },
          }),
        ),
      }),
    ),
  }),
  "activities.json": shaped({
    ...FRAME,
    activities: listOf(
      shaped({
        ...{ id: text, type: is("activity"), member: shaped(ACCOUNT) },
        proposal: shaped({ type: is("proposal"), id: PROPOSAL_ID }),
      }),
    ),
  }),
  "contracts.json": shaped({
    ...FRAME,
    contracts: listOf(shaped({ ...ACCOUNT, name: text, description: text })),
  }),
};

describe("Documents of ERC-4824", function () {
  this.timeout(120_000);

  let connection: Connection;
  let coalition: WithMotions;
  let documents: Documents;
  let decision: Decision;

  before(async () => {
    connection = await network.create();
    coalition = await foundWithMotions(connection);
    const { membership, resolutions, members } = coalition;
    const data = resolutions.interface.encodeFunctionData("record", [`0x${"ab".repeat(32)}`]);
    decision = new Decision(
      connection,
      coalition,
      [{ target: resolutions, data }],
      "# A statement | of ours\n\nText.",
    );
    await decision.start(memberNumbered(coalition, 1));
    for (const person of members.slice(0, 4)) await decision.vote(person, Support.For);
    await membership.connect(memberNumbered(coalition, 10)).resign();
    documents = await makeDocuments(await sessionOf(coalition), BASE);
  });

  after(() => connection.close());

  for (const [name, check] of Object.entries(SCHEMAS)) {
    it(`gives ${name} the shape that the standard has`, () => {
      expect(check(documents[name as keyof typeof SCHEMAS])).to.equal(true);
    });
  }

  it("would notice a document of another shape", () => {
    expect(
      SCHEMAS["members.json"]({
        ...documents["members.json"],
        members: [{ type: "EthereumAddress", id: "0x12" }],
      }),
    ).to.equal(false);
    const { contractsURI: _, ...rest } = documents["dao.json"];
    expect(SCHEMAS["dao.json"](rest)).to.equal(false);
  });

  it("names who is on the roll, and nobody else", () => {
    const { members, origin } = documents["members.json"];
    expect(members.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(members[0]?.id).to.equal(`eip155:31337:${memberNumbered(coalition, 1).address}`);
    expect(members[1]?.group).to.equal("Civil Society");
    expect(origin.chain).to.equal("eip155:31337");
    expect(origin.blockHash).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("tells every decision, with its calls and its state, and who did what on it", async () => {
    const [proposal, ...more] = documents["proposals.json"].proposals;
    expect(more).to.deep.equal([]);
    expect(proposal?.name).to.equal("A statement \\| of ours");
    expect(proposal?.status).to.equal("active");
    expect(proposal?.id).to.equal(
      `eip155:31337:${await coalition.governor.getAddress()}?proposalId=${decision.id}`,
    );
    expect(proposal?.calls.map(({ to, from }) => [to, from])).to.deep.equal([
      [await coalition.resolutions.getAddress(), await coalition.timelock.getAddress()],
    ]);
    const { activities } = documents["activities.json"];
    expect(activities.map(({ member }) => member.id)).to.deep.equal(
      [1, 1, 2, 3, 4].map((number) => `eip155:31337:${memberNumbered(coalition, number).address}`),
    );
    expect(new Set(activities.map(({ id }) => id)).size).to.equal(5);
  });

  it("tells of a motion who wrote it, and where its text is", async () => {
    const { motions, membership } = coalition;
    const author = memberNumbered(coalition, 2);
    const snapshot = await connection.networkHelpers.takeSnapshot();
    try {
      const motion = await tabled(motions, author, "Adopt it.\n");
      const { closesAt } = await motions.motionOf(motion);
      await connection.networkHelpers.time.increaseTo(closesAt);
      await motions.connect(memberNumbered(coalition, 3)).putToVote(motion, NO_ACTIONS);
      await membership.connect(author).resign();
      const made = await makeDocuments(await sessionOf(coalition), BASE);
      for (const [name, check] of Object.entries(SCHEMAS))
        expect(check(made[name as keyof typeof SCHEMAS]), name).to.equal(true);
      const { name, contentURI, id, content } = made["proposals.json"].proposals.at(-1) ?? {};
      expect(name).to.equal("Motion 1, revision 1");
      expect(contentURI).to.equal(`ipfs://${cidOf(digestOf(Buffer.from("Adopt it.\n")))}`);
      expect(content).to.equal(undefined);
      const activity = made["activities.json"].activities.at(-1);
      expect(activity?.proposal.id).to.equal(id);
      expect(activity?.member.id).to.equal(`eip155:31337:${author.address}`);
    } finally {
      await snapshot.restore();
    }
  });

  it("tells of an amendment who moved it", async () => {
    const other = await network.create();
    try {
      const scene = await foundMotion(other);
      const amendment = await scene.move(scene.ben, "Twice.");
      await scene.close();
      await scene.putNext();
      const { text } = await scene.amendments.amendmentOf(amendment);
      const made = await makeDocuments(
        await sessionOf({ ...scene, connection: other, ethers: other.ethers }),
        BASE,
      );
      expect(
        made["proposals.json"].proposals.map(({ name, contentURI }) => [name, contentURI]),
      ).to.deep.equal([[`Amendment ${amendment} to motion ${scene.motion}`, `ipfs://${cidOf(text)}`]]);
      expect(made["activities.json"].activities.map(({ member }) => member.id)).to.deep.equal([
        `eip155:31337:${scene.ben.address}`,
      ]);
    } finally {
      await other.close();
    }
  });

  it("holds the text of a decision that has no other place", () => {
    const [proposal] = documents["proposals.json"].proposals;
    expect(proposal?.content).to.equal("# A statement | of ours\n\nText.");
    expect(proposal?.contentURI).to.equal(`${BASE}/proposals.json#${decision.id}`);
  });

  it("refuses what was read of a block that is no longer the chain's", async () => {
    const session = await sessionOf(coalition);
    const { provider } = session.ethers;
    let asked = 0;
    const forked = new Proxy(provider, {
      get: (target, key) => {
        if (key !== "getBlock") {
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === "function" ? value.bind(target) : value;
        }
        return async (block: number | string) => {
          const found = await target.getBlock(block);
          return asked++ === 0 ? found : { ...found, hash: `0x${"00".repeat(32)}` };
        };
      },
    });
    const ethers = new Proxy(session.ethers, {
      get: (target, key) => (key === "provider" ? forked : Reflect.get(target, key, target)),
    });
    expect(await refusal(makeDocuments({ ...session, ethers }, BASE))).to.match(
      /^Block \d+ of chain 31337 was replaced meanwhile; try again\.$/,
    );
  });

  it("names every contract, the root among them", async () => {
    const { contracts } = documents["contracts.json"];
    expect(contracts.map(({ name }) => name).sort()).to.deep.equal(Object.values(CONTRACTS).sort());
    expect(contracts.at(-1)?.id).to.equal(`eip155:31337:${await coalition.root.getAddress()}`);
  });

  it("says in a page how the coalition decides", () => {
    expect(documents["governance.md"])
      .to.contain("# How DC-BAS decides")
      .and.to.contain("| amendment | 30 % | more than 66.67 % | 3 |")
      .and.to.contain("- Code of Conduct, version 0");
  });

  it("gives the same documents at the same block, and writes them whole", async () => {
    expect(await makeDocuments(await sessionOf(coalition), BASE)).to.deep.equal(documents);
    await inFolder({}, async (folder) => {
      const out = join(folder, "documents");
      const { facts } = writeDocuments(out, documents);
      expect((facts.files as unknown[]).length).to.equal(6);
      expect(JSON.parse(readFileSync(join(out, "members.json"), "utf8"))).to.deep.equal(
        documents["members.json"],
      );
    });
  });

  it("refuses an address under which nothing can be found", async () => {
    const session = await sessionOf(coalition);
    for (const base of [
      "",
      "example.org",
      "http://example.org",
      "https://example.org/",
      "javascript:alert(1)",
    ]) {
      expect(await refusal(makeDocuments(session, base))).to.contain(
        `The address is "${base}", allowed: https:// or ipfs://`,
      );
    }
  });
});
