import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import hre, { network } from "hardhat";
import { writeAddressBook } from "../../scripts/lib/address-book.js";
import { announce, foundWithOffice, memberOf, toPhase, type WithOffice } from "../helpers/election-tasks.js";
import type { Connection } from "../helpers/governor.js";
import { addressesOf } from "../helpers/member.js";
import { nodeLike } from "../helpers/nodes.js";
import { hardhat } from "../helpers/second-node.js";
import { type Served, serve } from "../helpers/served.js";

/** Members whose keys are wallets of the test; those before them are Hardhat's own accounts. */
const [VOTER, OTHER] = [16, 17];

describe("Elections at a shell", function () {
  // Processes of their own on a machine that may be slow.
  this.timeout(240_000);

  const deployment = `election-${randomBytes(4).toString("hex")}`;
  const folder = join(hre.config.paths.ignition, "deployments", deployment);
  let files: string;
  let connection: Connection;
  let coalition: WithOffice;
  let served: Served;
  /** While set, the node gives out other ballots than were opened. */
  let lying = false;

  /** A command of a member, on the configured public network, whose address now is this process. */
  async function run(number: number, ...words: string[]) {
    const key = memberOf(coalition, number);
    if (!(key instanceof Wallet)) throw new Error("the key is not the test's own");
    const where = ["--deployment", deployment, "--chain-id", "31337"];
    const settings = { SEPOLIA_RPC_URL: served.url, DEPLOYER_KEY: key.privateKey };
    return hardhat(["--network", "sepolia", ...words, ...where], settings).ended;
  }

  const jsonIn = (output: string) => JSON.parse(output.slice(0, output.lastIndexOf("}") + 1));

  before(async () => {
    files = mkdtempSync(join(tmpdir(), "coalition-"));
    connection = await network.create();
    coalition = await foundWithOffice(connection, { secret: true, seats: 1, minBallots: 1 }, OTHER);
    const opened = coalition.approval.interface.getEvent("BallotOpened").topicHash;
    const node = nodeLike(connection.provider, async (method, _count, answer) => {
      const found = await answer();
      if (!lying || method !== "eth_getLogs") return found;
      return (found as { topics: string[]; data: string }[]).map((log) =>
        log.topics[0] === opened ? { ...log, data: `0x${"1".padStart(64, "0")}` } : log,
      );
    });
    served = await serve(node);
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
    await announce(coalition, []);
  });

  after(async () => {
    await served?.stop();
    await connection?.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(files, { recursive: true, force: true });
  });

  it("stands, by a request that somebody else sends", async () => {
    const [text, out] = [join(files, "statement.md"), join(files, "stand.json")];
    writeFileSync(text, "I will listen.\n");
    const frame = ["election", "stand", "--election", "1"];
    const without = await run(VOTER, ...frame);
    expect(without.code).to.equal(1);
    expect(without.output).to.contain("allowed: a file with the statement, or its digest");
    const signed = await run(VOTER, ...frame, "--statement", text, "--sign-only", "--out", out);
    expect(signed.code, signed.output).to.equal(0);
    const sent = await run(OTHER, "member", "send", "--request", out);
    expect(sent.code, sent.output).to.equal(0);
    expect(sent.output).to.contain(`Member ${VOTER} is a candidate: option 1 on the ballot.`);
    const nominated = await run(VOTER, "election", "nominate", "--election", "1", "--nominee", `${OTHER}`);
    expect(nominated.code, nominated.output).to.equal(0);
    const accepted = await run(OTHER, "election", "accept", "--election", "1", "--statement", text);
    expect(accepted.output).to.contain("option 2 on the ballot");
    const status = await run(VOTER, "election", "status", "--json");
    expect(jsonIn(status.output)).to.deep.include({
      ok: true,
      election: 1,
      phase: "nomination",
      secret: true,
    });
    const second = await run(
      VOTER,
      "election",
      "second",
      "--election",
      "1",
      "--nominee",
      `${VOTER}`,
      "--json",
    );
    expect(second.code).to.equal(1);
    expect(jsonIn(second.output)).to.deep.equal({
      ok: false,
      problem: `Nobody seconds themselves; member ${VOTER} needs others.`,
    });
  });

  it("votes under a seal, and opens it; the salt is never shown", async () => {
    await toPhase(coalition, 3);
    const out = join(files, "salt.json");
    const cast = await run(VOTER, "election", "vote", "--election", "1", "--for", `${OTHER}`, "--out", out);
    expect(cast.code, cast.output).to.equal(0);
    const { salt } = JSON.parse(readFileSync(out, "utf8"));
    const withdrawn = await run(VOTER, "election", "withdraw", "--election", "1");
    expect(withdrawn.output).to.contain("No ballot is spoilt");
    await toPhase(coalition, 4);
    const opened = await run(OTHER, "election", "open", "--ballot", out, "--json");
    expect(opened.code, opened.output).to.equal(0);
    expect(jsonIn(opened.output)).to.deep.include({ ok: true, number: VOTER, ballot: "4" });
    for (const { output } of [cast, opened]) expect(output).not.to.contain(salt.slice(2));
  });

  it("counts, finishes and recounts; a recount that differs fails", async () => {
    await toPhase(coalition, 6);
    const counted = await run(OTHER, "election", "count", "--election", "1");
    expect(counted.code, counted.output).to.equal(0);
    const finished = await run(OTHER, "election", "finish", "--election", "1");
    expect(finished.code, finished.output).to.equal(0);
    expect(finished.output).to.contain(`Seated in office 1: member ${OTHER}.`);
    const same = await run(OTHER, "election", "recount", "--election", "1");
    expect(same.code, same.output).to.equal(0);
    expect(same.output).to.contain("same: the chain says so in everything.");
    lying = true;
    const differs = await run(OTHER, "election", "recount", "--election", "1", "--json");
    lying = false;
    expect(differs.code, differs.output).to.equal(1);
    const facts = jsonIn(differs.output);
    expect(facts).to.deep.include({ ok: false, same: false });
    expect(facts.differences[0]).to.deep.equal({
      what: 'approvals of "re-open nominations"',
      recount: "1",
      chain: "0",
    });
  });
});
