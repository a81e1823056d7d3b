import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { parseEther, Wallet } from "ethers";
import hre, { network } from "hardhat";
import { writeAddressBook } from "../../scripts/lib/address-book.js";
import type { Ballot } from "../../scripts/lib/ballots/ballot-file.js";
import { ballotsOf, lay, openVote, type Vote } from "../helpers/ballot-tasks.js";
import type { Connection, Person } from "../helpers/governor.js";
import { nodeLike } from "../helpers/nodes.js";
import { hardhat } from "../helpers/second-node.js";
import { type Served, serve } from "../helpers/served.js";

describe("Ballots at a shell", function () {
  // Processes of their own on a machine that may be slow.
  this.timeout(240_000);

  const deployment = `ballot-${randomBytes(4).toString("hex")}`;
  const folder = join(hre.config.paths.ignition, "deployments", deployment);
  const relayer = Wallet.createRandom();
  let files: string;
  let connection: Connection;
  let vote: Vote;
  let served: Served;
  /** While set, the node takes a transaction and then says nothing any more. */
  let mute = false;

  const settings = (url: string, key: string) => ({ SEPOLIA_RPC_URL: url, DEPLOYER_KEY: key });
  const command = (...words: string[]) => {
    const where = ["--deployment", deployment, "--chain-id", "31337"];
    const args = ["--network", "sepolia", "ballot", ...words, "--decision", `${vote.decision.id}`, ...where];
    return hardhat(args, settings(served.url, relayer.privateKey));
  };

  before(async () => {
    files = mkdtempSync(join(tmpdir(), "coalition-"));
    connection = await network.create();
    vote = await openVote(connection);
    await connection.networkHelpers.setBalance(relayer.address, parseEther("10"));
    let taken = false;
    const node = nodeLike(connection.provider, async (method, _count, answer) => {
      if (mute && taken) await sleep(600_000, undefined, { ref: false });
      taken ||= mute && method === "eth_sendRawTransaction";
      return answer();
    });
    served = await serve(node);
    mkdirSync(folder, { recursive: true });
    writeAddressBook(folder, {
      deployment,
      network: "sepolia",
      chainId: 31_337,
      block: 1,
      deployer: vote.deployer.address,
      parameters: { file: "dc-bas", digest: "0x" },
      contracts: vote.contracts,
    });
  });

  after(async () => {
    await served?.stop();
    await connection?.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(files, { recursive: true, force: true });
  });

  it("signs from a paper with no node at all, and says what", async () => {
    const paper = join(files, "paper.json");
    const written = await command("paper", "--out", paper).ended;
    expect(written.code, written.output).to.equal(0);
    expect(written.output).to.contain('"Keep the number one"').and.to.contain("without a node");

    const stranger = Wallet.createRandom();
    const out = join(files, "stranger.json");
    const words = ["ballot", "sign", "--paper", paper, "--support", "against", "--out", out];
    // Nothing listens there.
    const nowhere = settings("http://127.0.0.1:1", stranger.privateKey);
    const signed = await hardhat(["--network", "sepolia", ...words], nowhere).ended;
    expect(signed.code, signed.output).to.equal(0);
    expect(signed.output).to.contain(`You signed, as ${stranger.address}, a ballot AGAINST on`);
    const ballot: Ballot = JSON.parse(readFileSync(out, "utf8"));
    expect(ballot).to.include({ voter: stranger.address, choice: "against" });

    const keyFile = join(files, "key");
    writeFileSync(keyFile, stranger.privateKey);
    const again = await hardhat(
      [...words.slice(0, -1), join(files, "two.json"), "--key-file", keyFile, "--json"],
      {},
    ).ended;
    expect(again.code, again.output).to.equal(1);
    expect(again.output).to.contain("holds a first ballot of").and.to.contain('"ok": false');
    expect(again.output).not.to.contain(stranger.privateKey.slice(2));
  });

  it("is killed after the send, and brings the batch once when it is started again", async () => {
    const inbox = join(files, "inbox");
    lay(inbox, await ballotsOf(vote.paper, vote.members.slice(0, 6) as Person[], "for"));
    mute = true;
    const first = command("relay", "--folder", inbox);
    const count = () => connection.ethers.provider.getTransactionCount(relayer.address);
    while ((await count()) === 0 && first.process.exitCode === null) await sleep(200);
    first.process.kill("SIGKILL");
    const { output } = await first.ended;
    expect(output).to.contain("Batch 1: 6 ballots");
    expect(await count(), output).to.equal(1);
    const [journal = ""] = readdirSync(inbox).filter((name) => name.endsWith(".journal"));
    expect(JSON.parse(readFileSync(join(inbox, journal), "utf8")).batches[0]).not.to.have.property("ending");
    mute = false;

    const second = await command("relay", "--folder", inbox, "--json").ended;
    expect(second.code, second.output).to.equal(0);
    const facts = JSON.parse(second.output);
    expect(facts.counted).to.have.length(6);
    expect(facts.transactions).to.have.length(1);
    expect(await count()).to.equal(1);

    const status = await command("status").ended;
    expect(status.code, status.output).to.equal(0);
    expect(status.output)
      .to.contain("If the vote closed now")
      .and.to.match(/all +6 +0 +0/);
  });
});
