import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parseEther, Wallet } from "ethers";
import hre, { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { writeAddressBook } from "../../scripts/lib/address-book.js";
import { date } from "../../scripts/lib/member/words.js";
import { deployCoalition } from "../helpers/fixture.js";
import { Decision, type Person } from "../helpers/governor.js";
import { addressesOf } from "../helpers/member.js";
import { hardhat } from "../helpers/second-node.js";
import { type Served, serve } from "../helpers/served.js";

describe("A member at a shell", function () {
  // Processes of their own on a machine that may be slow.
  this.timeout(240_000);

  const deployment = `member-${randomBytes(4).toString("hex")}`;
  const folder = join(hre.config.paths.ignition, "deployments", deployment);
  const [member, other] = [Wallet.createRandom(), Wallet.createRandom()];
  let files: string;
  let served: Served;
  let connection: NetworkConnection<"generic">;
  let coalition: Awaited<ReturnType<typeof deployCoalition>>;

  /** A command of a key's owner, on the configured public network, whose address now is this process. */
  async function run(key: { privateKey: string }, ...words: string[]) {
    const where = ["--deployment", deployment, "--chain-id", "31337"];
    const settings = { SEPOLIA_RPC_URL: served.url, DEPLOYER_KEY: key.privateKey };
    return hardhat(["--network", "sepolia", "member", ...words, ...where], settings).ended;
  }

  before(async () => {
    files = mkdtempSync(join(tmpdir(), "coalition-"));
    connection = await network.create();
    coalition = await deployCoalition(connection);
    const { networkHelpers } = connection;
    for (const { address } of [member, other]) await networkHelpers.setBalance(address, parseEther("10"));
    served = await serve(connection.provider);
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
    rmSync(files, { recursive: true, force: true });
  });

  it("joins, and learns from when the vote counts", async () => {
    const { code, output } = await run(member, "join", "--group", "Civil Society");
    expect(code, output).to.equal(0);
    const { votesFrom } = await coalition.membership.member(1);
    expect(output).to.contain("is the Code of Conduct in force, version 1");
    expect(output).to.contain(`${member.address} is member 1, Civil Society`);
    expect(output).to.contain(`The vote matures on ${date(votesFrom)}`);
  });

  it("is refused what the roll refuses, as JSON where that is asked for, and not by a stack", async () => {
    const { code, output } = await run(member, "join", "--group", "Academia", "--json");
    expect(code, output).to.equal(1);
    const problem = `${member.address} is on the roll already, as member 1; one key is one member.`;
    expect(JSON.parse(output.slice(0, output.lastIndexOf("}") + 1))).to.deep.equal({ ok: false, problem });
    const unsure = await run(member, "resign");
    expect(unsure.code).to.equal(1);
    expect(unsure.output).to.contain("would be gone for good").and.not.to.contain("    at ");
    expect(unsure.output).not.to.contain(member.privateKey.slice(2));
  });

  it("signs, and lets somebody else send and pay", async () => {
    const out = join(files, "confirm.json");
    const signed = await run(member, "confirm", "--sign-only", "--out", out, "--deadline", "2d");
    expect(signed.code, signed.output).to.equal(0);
    expect(signed.output).to.contain("Signed: confirm, valid until").and.to.contain(`Written to ${out}`);
    expect(JSON.parse(readFileSync(out, "utf8"))).to.have.property("act", "confirm");

    const sent = await run(other, "send", "--request", out);
    expect(sent.code, sent.output).to.equal(0);
    expect(sent.output).to.contain("Member 1 confirmed the membership");
    const again = await run(other, "send", "--request", out);
    expect(again.code).to.equal(1);
    expect(again.output).to.contain("The request was used already");
  });

  it("is told everything about the member, and why they can vote on a decision, as one JSON object", async () => {
    const { networkHelpers } = connection;
    await networkHelpers.time.increaseTo((await coalition.membership.member(1)).votesFrom);
    const proposer = await connection.ethers.getImpersonatedSigner(member.address);
    const decision = new Decision(connection, coalition, [{ target: other.address }], "Thank everybody");
    await decision.propose(proposer as Person);
    await decision.open();

    const { code, output } = await run(member, "status", "--decision", `${decision.id}`, "--json");
    expect(code, output).to.equal(0);
    const facts = JSON.parse(output);
    expect(facts).to.have.nested.property("member.number", 1);
    expect(facts.decision).to.deep.include({ state: "active", canVote: true, ballot: "none" });
    expect(facts.decision.sentences.join(" "))
      .to.contain("Your vote matured on")
      .and.to.contain("so it counts");

    const stranger = await run(other, "status", "--decision", `${decision.id}`);
    expect(stranger.code, stranger.output).to.equal(0);
    expect(stranger.output).to.contain("is not on the roll. Anyone may join");
    expect(stranger.output).to.contain("This key is not on the roll, so it has no vote.");
  });

  it("attests as an issuer, and a newcomer joins with the statement and waits for the vote", async () => {
    const newcomer = Wallet.createRandom();
    const { ethers, networkHelpers } = connection;
    const timelock = await ethers.getImpersonatedSigner(await coalition.timelock.getAddress());
    for (const { address } of [newcomer, timelock]) {
      await networkHelpers.setBalance(address, parseEther("10"));
    }
    await coalition.membership.connect(timelock).setAdmissionPolicy(coalition.attested);
    const out = join(files, "statement.json");
    const about = ["--key", newcomer.address, "--group", "Academia", "--expires", "60d", "--out", out];
    const attested = await run(other, "attest", ...about);
    expect(attested.code, attested.output).to.equal(0);
    expect(attested.output)
      .to.contain(`WARNING: as things are, the statement admits nobody: the members have not accredited`)
      .and.to.contain(`${newcomer.address} is a person of Academia, valid until`);

    const joining = ["join", "--group", "Academia", "--statement", out];
    const apart = await run(newcomer, ...joining, "--sign-only");
    expect(apart.code).to.equal(1);
    expect(apart.output).to.contain("--statement is for joining in person");
    const early = await run(newcomer, ...joining);
    expect(early.code, early.output).to.equal(1);
    expect(early.output).to.contain(`the members have not accredited ${other.address}`);
    const until = (await networkHelpers.time.latest()) + 90 * 86_400;
    const scope = { groups: 0b10000, persons: true, organisations: false, until };
    await coalition.attested.connect(timelock).accredit(other.address, scope);

    const { code, output } = await run(newcomer, ...joining, "--json");
    expect(code, output).to.equal(0);
    const { votesFrom } = await coalition.membership.member(2);
    const facts = JSON.parse(output);
    expect(facts).to.deep.include({ ok: true, number: 2 });
    expect(facts).to.have.nested.property("qualification.votesFrom.seconds", Number(votesFrom));
    const again = await run(newcomer, "qualify", "--number", "2", "--statement", out, "--evidence", "0x01");
    expect(again.code).to.equal(1);
    expect(again.output).to.contain("(attested) looks at no evidence");
  });
});
