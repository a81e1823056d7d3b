import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parseEther, Wallet } from "ethers";
import hre, { network } from "hardhat";
import { type AddressBook, writeAddressBook } from "../../scripts/lib/address-book.js";
import { type ConductScene, foundConduct } from "../helpers/conduct.js";
import { LIST } from "../helpers/forum.js";
import { type Connection, join as joins, type Person } from "../helpers/governor.js";
import { addressesOf } from "../helpers/member.js";
import { Workshop } from "../helpers/motion-tasks.js";
import { nodeLike } from "../helpers/nodes.js";
import { hardhat } from "../helpers/second-node.js";
import { type Served, serve } from "../helpers/served.js";

describe("Forum and cases at a shell", function () {
  // Processes of their own on a machine that may be slow.
  this.timeout(480_000);

  const deployment = `forum-${randomBytes(4).toString("hex")}`;
  const folder = join(hre.config.paths.ignition, "deployments", deployment);
  const workshop = new Workshop();
  const key = Wallet.createRandom();
  let connection: Connection;
  let scene: ConductScene;
  let served: Served;

  /** A command of a member whose key the configured network has. */
  const run = async (...words: readonly string[]) =>
    hardhat(
      [
        ...["--network", "sepolia", ...words, "--store", workshop.store.path],
        ...["--deployment", deployment, "--chain-id", "31337"],
      ],
      { SEPOLIA_RPC_URL: served.url, DEPLOYER_KEY: key.privateKey },
    ).ended;

  async function succeeds(...words: readonly string[]): Promise<string> {
    const { code, output } = await run(...words);
    expect(code, output).to.equal(0);
    return output;
  }

  const jsonIn = (output: string) =>
    JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));

  before(async () => {
    connection = await network.create();
    scene = await foundConduct(connection);
    await connection.networkHelpers.setBalance(key.address, parseEther("10"));
    await joins(scene, key.connect(connection.ethers.provider) as unknown as Person);
    served = await serve(nodeLike(connection.provider, async (_method, _count, answer) => answer()));
    const book: AddressBook = {
      ...{ deployment, network: "sepolia", chainId: 31_337, block: 1, deployer: scene.deployer.address },
      parameters: { file: "dc-bas", digest: "0x" },
      contracts: await addressesOf(scene),
    };
    mkdirSync(folder, { recursive: true });
    writeAddressBook(folder, book);
  });

  after(async () => {
    await served?.stop();
    await connection?.close();
    rmSync(folder, { recursive: true, force: true });
    workshop.close();
  });

  it("accepts the Code and posts, in the order that it takes", async () => {
    const post = workshop.file("post.md", "# May I ask?\n");
    const early = await run("forum", "post", `${LIST}`, post);
    expect(early.code).to.equal(1);
    expect(early.output).to.contain(
      'has not accepted version 1 of the Code of Conduct, which is in force; "forum accept"',
    );
    expect(await succeeds("forum", "accept", "1")).to.contain("accepted version 1");
    expect(await succeeds("forum", "post", `${LIST}`, post)).to.contain("at place 2.");
    const { lists } = jsonIn(await succeeds("forum", "lists", "--json"));
    expect(lists[Number(LIST) - 1].records).to.equal(2);
  });

  it("complains, and tells of the case and of all of them", async () => {
    const evidence = workshop.file("evidence.md", "It was uncivil.\n");
    const wrong = await run("conduct", "complain", "1", "2", evidence, "--list", `${LIST}`);
    expect(wrong.code).to.equal(1);
    expect(wrong.output).to.contain('--post is "", allowed: a whole number from 1');
    const opened = await succeeds(
      "conduct",
      "complain",
      "1",
      "2",
      evidence,
      "--list",
      `${LIST}`,
      "--post",
      "1",
    );
    expect(opened).to.contain("Case 1 is open");
    expect(await succeeds("conduct", "show", "1")).to.contain("\n  It was uncivil.");
    const { figures, cases } = jsonIn(await succeeds("conduct", "log", "--json"));
    expect(figures.cases).to.equal(1);
    expect(cases[0].phase).to.equal("response");
    const answer = await run("conduct", "respond", "1", evidence);
    expect(answer.code).to.equal(1);
    expect(answer.output).to.contain("has no part in case 1 that could do this");
  });

  it("commits to numbers that a file keeps", async () => {
    const chain = workshop.at("chain.json");
    expect(await succeeds("conduct", "commit", "--chain", chain)).to.contain("from 2 on.");
    expect(statSync(chain).mode & 0o777).to.equal(0o600);
  });
});
