import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { HDNodeWallet, id, JsonRpcProvider, Mnemonic, NonceManager, Wallet } from "ethers";
import { type AddressBook, CONTRACTS, readAddressBook } from "../../scripts/lib/address-book.js";
import { readParameters } from "../../scripts/lib/parameters.js";
import { CoalitionGovernor__factory, Membership__factory } from "../../typechain-types/index.js";
import { hardhat, type SecondNode, startSecondNode } from "../helpers/second-node.js";

const CHAIN_ID = 424_242;
const DEPLOYMENTS = "deploy/deployments";
/** Every contract, three roles, one renunciation. */
const TRANSACTIONS = Object.keys(CONTRACTS).length + 4;
/** `IGovernor.ProposalState.Executed` */
const EXECUTED = 7n;

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

describe("A coalition on a second node", function () {
  // Processes of their own on a machine that may be slow.
  this.timeout(240_000);

  const deployment = `second-node-${randomBytes(4).toString("hex")}`;
  const folder = join(DEPLOYMENTS, deployment);
  const deployer = Wallet.createRandom();
  const settings = { DEPLOYER_KEY: deployer.privateKey };
  const common = ["--parameters", "local", "--deployment", deployment, "--chain-id", `${CHAIN_ID}`];
  let reports: string;
  let node: SecondNode;
  let provider: JsonRpcProvider;

  /** A task on the configured public network, whose address now is the second node's. */
  const task = (name: string, options: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    hardhat(["--network", "sepolia", name, ...options], { ...settings, SEPOLIA_RPC_URL: node.url, ...more });
  const deploy = () => task("deploy-coalition", [...common, "--confirmations", "1"]);
  const check = () => task("deploy-check", [...common, "--json", join(reports, "check.json")]);
  const sent = () => provider.getTransactionCount(deployer.address);
  const fund = (address: string) => provider.send("anvil_setBalance", [address, "0x56bc75e2d63100000"]);

  before(async () => {
    reports = mkdtempSync(join(tmpdir(), "coalition-"));
    node = await startSecondNode(CHAIN_ID);
    provider = new JsonRpcProvider(node.url, CHAIN_ID, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: 100,
    });
  });

  after(async () => {
    provider?.destroy();
    await node?.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(reports, { recursive: true, force: true });
  });

  it("leaves no trace where the network does not answer, and tells no secret", async () => {
    const before = existsSync(DEPLOYMENTS) ? readdirSync(DEPLOYMENTS) : [];
    const secret = randomBytes(16).toString("hex");
    const url = `http://127.0.0.1:${await closedPort()}/v3/${secret}`;
    const { code, output } = await task("deploy-coalition", common, { SEPOLIA_RPC_URL: url }).ended;
    expect(code, output).to.equal(1);
    expect(output).to.match(
      /The network "sepolia" \(http:\/\/127\.0\.0\.1:\d+\) does not answer, asked 4 times/,
    );
    expect(output).not.to.contain(secret).and.not.to.contain(deployer.privateKey.slice(2));
    expect(existsSync(DEPLOYMENTS) ? readdirSync(DEPLOYMENTS) : []).to.deep.equal(before);
  });

  it("refuses to deploy from a key that everybody has", async () => {
    // not a secret: the mnemonic of Hardhat and Anvil, published by both
    const phrase = `${"test ".repeat(11)}junk`;
    const { privateKey, address } = HDNodeWallet.fromMnemonic(
      Mnemonic.fromPhrase(phrase),
      "m/44'/60'/0'/0/0",
    );
    const { code, output } = await task("deploy-coalition", common, { DEPLOYER_KEY: privateKey }).ended;
    expect(code, output).to.equal(1);
    expect(output.toLowerCase()).to.contain(`the key of ${address.toLowerCase()} is published`);
    expect(await provider.getTransactionCount(address)).to.equal(0);
    expect(existsSync(folder)).to.equal(false);
  });

  it("is deployed, although the deployment is killed half way", async () => {
    await fund(deployer.address);
    const killed = deploy();
    let ended = false;
    killed.ended.then(() => {
      ended = true;
    });
    while (!ended && (await sent()) < 3) await sleep(20);
    killed.process.kill("SIGKILL");
    const { code, output } = await killed.ended;
    expect(code, output).to.equal(undefined);
    expect(await sent()).to.be.within(3, TRANSACTIONS - 1);
    expect(existsSync(join(folder, "coalition.json"))).to.equal(false);

    const resumed = await deploy().ended;
    expect(resumed.code, resumed.output).to.equal(0);
    expect(resumed.output).to.contain("Resuming deploy/parameters/local.json5 on sepolia (chain 424242)");
    expect(resumed.output).to.match(/check: (\d+) of \1 as deploy\/parameters\/local\.json5 has it/);
    // Nothing was sent twice: the killed process and the one that went on share one count.
    expect(await sent()).to.equal(TRANSACTIONS);
  });

  it("passes the check", async () => {
    const { code, output } = await check().ended;
    expect(code, output).to.equal(0);
    expect(output).not.to.contain("DIFFERENT");
    const report = JSON.parse(readFileSync(join(reports, "check.json"), "utf8"));
    expect(report).to.include({ ok: true, chainId: CHAIN_ID, deployment });
  });

  it("takes a decision and carries it out", async () => {
    const book: AddressBook = readAddressBook(DEPLOYMENTS, deployment);
    const { Membership, Governor, Timelock } = readParameters("local");
    const members = Array.from(
      { length: 5 },
      () => new NonceManager(Wallet.createRandom().connect(provider)),
    );
    const roll = Membership__factory.connect(book.contracts.membership, provider);
    const governor = CoalitionGovernor__factory.connect(book.contracts.governor, provider);
    const pass = async (seconds: number) => {
      await provider.send("evm_increaseTime", [seconds]);
      await provider.send("evm_mine", []);
    };
    await provider.send("evm_setAutomine", [true]);

    for (const [index, member] of members.entries()) {
      await fund(await member.getAddress());
      const group = index % Membership.groups.length;
      await (await roll.connect(member).join(group, Membership.codeDigest, "0x")).wait();
    }
    await pass(Membership.waitingPeriod + Membership.epochLength + 1);

    const digest = id("a second Code of Conduct");
    const description = "Put a second Code of Conduct in force";
    const targets = [book.contracts.membership];
    const values = [0n];
    const calls = [roll.interface.encodeFunctionData("setCodeOfConduct", [digest])];
    const [proposer] = members as [NonceManager];
    const as = governor.connect(proposer);
    await (await as.propose(targets, values, calls, description)).wait();
    const proposal = await governor.getProposalId(targets, values, calls, id(description));
    await pass(Governor.amendment.notice + 1);
    for (const [index, member] of members.entries()) {
      await (await governor.connect(member).castVote(proposal, index === 0 ? 0 : 1)).wait();
    }
    await pass(Governor.amendment.period + 1);
    await (await as.queue(targets, values, calls, id(description))).wait();
    await pass(Math.max(Timelock.delay, Governor.amendment.delay) + 1);
    await (await as.execute(targets, values, calls, id(description))).wait();

    expect(await governor.state(proposal)).to.equal(EXECUTED);
    expect(await governor.proposalVotes(proposal)).to.deep.equal([1n, 4n, 0n]);
    expect(await roll.codeOfConduct()).to.deep.equal([digest, 2n]);
  });

  it("no longer is as the file has it, and the check says where", async () => {
    const { code, output } = await check().ended;
    expect(code, output).to.equal(1);
    expect(output).to.contain(
      `DIFFERENT  membership codeDigest is ${id("a second Code of Conduct")}, expected`,
    );
    expect(JSON.parse(readFileSync(join(reports, "check.json"), "utf8"))).to.include({ ok: false });
  });
});
