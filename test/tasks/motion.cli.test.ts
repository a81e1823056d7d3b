import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import hre, { network } from "hardhat";
import { writeAddressBook } from "../../scripts/lib/address-book.js";
import { cidOf, digestOf } from "../../scripts/lib/content/digest.js";
import type { Connection } from "../helpers/governor.js";
import { addressesOf } from "../helpers/member.js";
import { foundWithMotions, memberNumbered, type WithMotions, Workshop } from "../helpers/motion-tasks.js";
import { nodeLike } from "../helpers/nodes.js";
import { hardhat } from "../helpers/second-node.js";
import { type Served, serve } from "../helpers/served.js";

/** Members whose keys are wallets of the test; those before them are Hardhat's own accounts. */
const [AUTHOR, OTHER] = [16, 17];
const TEXT = "# Training\n\nThe coalition trains two people a year.\n";
const AMENDED = "# Training\n\nThe coalition trains twelve people a year.\n";

describe("Motions at a shell", function () {
  // Processes of their own on a machine that may be slow.
  this.timeout(480_000);

  const deployment = `motion-${randomBytes(4).toString("hex")}`;
  const folder = join(hre.config.paths.ignition, "deployments", deployment);
  const workshop = new Workshop();
  let connection: Connection;
  let coalition: WithMotions;
  let served: Served;

  /** A command of a member, on the configured public network, whose address now is this process. */
  async function run(number: number, ...words: string[]) {
    const key = memberNumbered(coalition, number);
    if (!(key instanceof Wallet)) throw new Error("the key is not the test's own");
    const where = ["--deployment", deployment, "--chain-id", "31337", "--store", workshop.store.path];
    const settings = { SEPOLIA_RPC_URL: served.url, DEPLOYER_KEY: key.privateKey };
    return hardhat(["--network", "sepolia", ...words, ...where], settings).ended;
  }

  async function done(number: number, ...words: string[]): Promise<string> {
    const { code, output } = await run(number, ...words);
    expect(code, output).to.equal(0);
    return output;
  }

  const jsonIn = (output: string) => JSON.parse(output.slice(0, output.lastIndexOf("}") + 1));

  before(async () => {
    connection = await network.create();
    coalition = await foundWithMotions(connection, { count: OTHER });
    served = await serve(nodeLike(connection.provider, async (_method, _count, answer) => answer()));
    mkdirSync(folder, { recursive: true });
    writeAddressBook(folder, {
      deployment,
      network: "sepolia",
      chainId: 31_337,
      block: 1,
      deployer: coalition.deployer.address,
      parameters: { file: "dc-bas", digest: "0x" },
      contracts: await addressesOf(coalition),
    });
  });

  after(async () => {
    await served?.stop();
    await connection?.close();
    rmSync(folder, { recursive: true, force: true });
    workshop.close();
  });

  it("drafts, tables and amends, and brings what another signed", async () => {
    const [text, purpose] = [workshop.file("text.md", TEXT), workshop.file("purpose.md", "Goal 2.\n")];
    const without = await run(AUTHOR, "motion", "draft", text);
    expect(without.code).to.equal(1);
    expect(without.output).to.contain("--purpose <file in Markdown>");
    const drafted = await done(AUTHOR, "motion", "draft", text, "--purpose", purpose);
    expect(drafted)
      .to.contain(`CID     ${cidOf(digestOf(Buffer.from(TEXT)))}`)
      .and.to.contain("drafted motion 1");
    const out = workshop.at("table.json");
    await done(AUTHOR, "motion", "table", "1", "--sign-only", "--out", out);
    expect(await done(OTHER, "motion", "relay", out)).to.contain("1 request of 1 done");
    const [file, reason] = [
      workshop.file("amended.md", AMENDED),
      workshop.file("reason.md", "Two are few.\n"),
    ];
    const moved = await done(OTHER, "motion", "amend", "1", file, "--reason", reason);
    expect(moved).to.contain("moved amendment 1 to motion 1");
    expect(await done(OTHER, "motion", "endorse", "1")).to.contain("endorses motion 1");
  });

  it("reads motions and amendments, for people and for machines", async () => {
    const { motion, amendments, next } = jsonIn(await done(OTHER, "motion", "status", "1", "--json"));
    expect(motion).to.deep.include({ id: 1, stage: "tabled", class: "resolution", endorsements: 1 });
    expect(amendments[0]).to.deep.include({ id: 1, state: "open", mover: OTHER });
    expect(next.sentence).to.contain("open for endorsements and amendments");
    const diff = await done(OTHER, "motion", "diff", "--amendment", "1");
    expect(diff).to.contain("[~] The coalition trains [-two-][+twelve+] people a year.");
    expect(await done(AUTHOR, "motion", "accept", "1")).to.contain("has revision 2 now");
    expect(await done(AUTHOR, "motion", "show", "1")).to.contain("# Motion 1, revision 2");
    expect(await done(AUTHOR, "motion", "next", "1")).to.contain("Nothing is due on motion 1 now.");
    const both = await run(AUTHOR, "motion", "show", "1", "--amendment", "1");
    expect(both.output).to.contain("the number of a motion, or --amendment <number>, and not both");
    const failed = await run(AUTHOR, "motion", "send-back", "1", "--json");
    expect(failed.code).to.equal(1);
    expect(jsonIn(failed.output).problem).to.contain("changes a clause that has moved");
  });

  it("writes changes of the charter, reads it, and refuses statements on what nobody decided", async () => {
    const out = workshop.at("actions.json5");
    const clause = workshop.file("clause.md", "There are no fees.\n");
    const change = ["charter", "change", "insert", "Charter", "--clause", "0"];
    const written = await done(AUTHOR, ...change, "--text", clause, "--out", out);
    expect(written).to.contain("puts a clause into document 1, at the beginning");
    const [{ target, call }] = JSON.parse(readFileSync(out, "utf8"));
    expect([target, call]).to.deep.equal(["charter", "insert(uint256,uint256,bytes32,bytes32)"]);
    const revised = await done(AUTHOR, "motion", "revise", "1", "--actions", out);
    expect(revised).to.contain('by a decision of the class "amendment"').and.to.contain("has revision 3 now");
    expect(await done(AUTHOR, "charter", "show", "charter", "--at", "0")).to.contain("It has no clauses.");
    const none = await run(AUTHOR, "statement", "outcome", "7");
    expect(none.output).to.contain("No decision has the id 7.");
    const unknown = await run(AUTHOR, "statement", "cosign", "1");
    expect(unknown.output).to.contain("No statement was filed yet.");
  });
});
