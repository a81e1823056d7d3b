import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import hre, { network } from "hardhat";
import { type AddressBook, CONTRACTS, writeAddressBook } from "../../scripts/lib/address-book.js";
import type { Connection } from "../helpers/governor.js";
import { addressesOf } from "../helpers/member.js";
import { foundWithMotions, type WithMotions, Workshop } from "../helpers/motion-tasks.js";
import { nodeLike } from "../helpers/nodes.js";
import { hardhat } from "../helpers/second-node.js";
import { type Served, serve } from "../helpers/served.js";

const BASE = "https://example.org/dc-bas";

describe("The root at a shell", function () {
  // Processes of their own on a machine that may be slow.
  this.timeout(480_000);

  const deployment = `root-${randomBytes(4).toString("hex")}`;
  const folder = join(hre.config.paths.ignition, "deployments", deployment);
  const elsewhere = join(hre.config.paths.ignition, "deployments", `${deployment}-elsewhere`);
  const workshop = new Workshop();
  let connection: Connection;
  let coalition: WithMotions;
  let served: Served;

  /** A command that reads, on the configured public network, whose address now is this process or another one. */
  const run = async (words: readonly string[], { name = deployment, url = served.url } = {}) =>
    hardhat(["--network", "sepolia", ...words, "--deployment", name, "--chain-id", "31337"], {
      SEPOLIA_RPC_URL: url,
      // The network wants a key, also of somebody who only reads: one that nobody else has.
      DEPLOYER_KEY: Wallet.createRandom().privateKey,
    }).ended;

  const jsonIn = (output: string) => JSON.parse(output.slice(0, output.lastIndexOf("}") + 1));

  before(async () => {
    connection = await network.create();
    coalition = await foundWithMotions(connection, { count: 3 });
    served = await serve(nodeLike(connection.provider, async (_method, _count, answer) => answer()));
    const book: AddressBook = {
      deployment,
      network: "sepolia",
      chainId: 31_337,
      block: 1,
      deployer: coalition.deployer.address,
      parameters: { file: "dc-bas", digest: "0x" },
      contracts: await addressesOf(coalition),
    };
    for (const at of [folder, elsewhere]) mkdirSync(at, { recursive: true });
    writeAddressBook(folder, book);
    writeAddressBook(elsewhere, { ...book, chainId: 5 });
  });

  after(async () => {
    await served?.stop();
    await connection?.close();
    for (const at of [folder, elsewhere]) rmSync(at, { recursive: true, force: true });
    workshop.close();
  });

  it("shows every contract and where the documents are, for people and for machines", async () => {
    const { root, governor, parameters } = coalition;
    const shown = await run(["coalition", "show"]);
    expect(shown.code, shown.output).to.equal(0);
    expect(shown.output)
      .to.match(new RegExp(`governor +${await governor.getAddress()}`))
      .and.to.contain(`Documents (ERC-4824): ${parameters.Coalition.uri}`);
    const { output } = await run(["coalition", "show", "--json"]);
    const facts = jsonIn(output);
    expect(facts.root).to.equal(await root.getAddress());
    expect(facts.organs).to.have.length(Object.keys(CONTRACTS).length - 1);
  });

  it("writes the documents, and the same bytes when nothing happened since", async () => {
    const [one, other] = [workshop.at("one"), workshop.at("other")];
    for (const out of [one, other]) {
      const { code, output } = await run(["coalition", "documents", BASE, "--out", out]);
      expect(code, output).to.equal(0);
      expect(output).to.contain("6 documents written.");
    }
    const names = readdirSync(one).sort();
    expect(names).to.deep.equal([
      ...["activities.json", "contracts.json", "dao.json", "governance.md", "members.json"],
      "proposals.json",
    ]);
    expect(readdirSync(other).sort()).to.deep.equal(names);
    for (const name of names) {
      expect(readFileSync(join(other, name), "utf8"), name).to.equal(readFileSync(join(one, name), "utf8"));
    }
    expect(JSON.parse(readFileSync(join(one, "dao.json"), "utf8")).membersURI).to.equal(
      `${BASE}/members.json`,
    );
  });

  it("refuses a deployment on another chain, and a node that does not answer, and writes nothing", async () => {
    const out = workshop.at("none");
    const documents = ["coalition", "documents", BASE, "--out", out];
    const other = await run(documents, { name: `${deployment}-elsewhere` });
    expect(other.code).to.equal(1);
    expect(other.output).to.contain("is on chain 5, but sepolia is chain 31337");
    // Nobody listens on the port that is reserved for that.
    const dead = await run(documents, { url: "http://127.0.0.1:1" });
    expect(dead.code).to.equal(1);
    expect(dead.output).to.match(/sepolia|127\.0\.0\.1/);
    expect(dead.output).not.to.contain("    at ");
    expect(readdirSync(workshop.folder)).not.to.include("none");
  });
});
