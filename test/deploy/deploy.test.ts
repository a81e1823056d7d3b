import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { artifacts, network } from "hardhat";
import { CONTRACTS, readAddressBook } from "../../scripts/lib/address-book.js";
import { deployCoalition } from "../../scripts/lib/deploy.js";
import { checkDeployment } from "../../scripts/lib/deploy-check.js";
import type { Node } from "../../scripts/lib/network.js";
import { type Policy, readParameterFile } from "../../scripts/lib/parameters.js";
import { nodeLike } from "../helpers/nodes.js";
import { randomness } from "../helpers/random.js";
import { refusal } from "../helpers/refusal.js";

/** Every contract, three roles, one renunciation. */
const TRANSACTIONS = Object.keys(CONTRACTS).length + 4;

const random = randomness();

/** Everything that was sent on a chain, so that sent again it has the same hashes. */
async function sentTo({ provider }: Awaited<ReturnType<typeof network.create>>["ethers"]) {
  const last = await provider.getBlockNumber();
  const numbers = Array.from({ length: last }, (_, index) => `0x${(index + 1).toString(16)}`);
  const blocks = await Promise.all(numbers.map((at) => provider.send("eth_getBlockByNumber", [at, true])));
  return blocks
    .flatMap(({ transactions }) => transactions)
    .map(({ from, to, input, value, gas, nonce, maxFeePerGas, maxPriorityFeePerGas }) => ({
      ...{ from, data: input, value, gas, nonce, maxFeePerGas, maxPriorityFeePerGas },
      ...(to !== null && { to }),
    }));
}

describe("Deployment of a coalition", () => {
  const parameterFile = readParameterFile("local");
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "coalition-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A chain of its own with a deployment that keeps its journal in the test's folder. */
  async function onNewChain() {
    const connection = await network.create();
    const { provider, networkName, networkConfig, ethers } = connection;
    const lines: string[] = [];
    const deploy = (changes: Partial<Parameters<typeof deployCoalition>[0]> & { node?: Node } = {}) =>
      deployCoalition({
        parameterFile,
        artifacts,
        connection: { networkName, networkConfig, provider: changes.node ?? provider },
        folder,
        keep: true,
        settleMs: 0,
        report: (line) => lines.push(line),
        ...changes,
      });
    const [deployer] = await ethers.getSigners();
    const sent = () => ethers.provider.getTransactionCount(deployer);
    return { provider, ethers, deployer, deploy, lines, sent };
  }

  type Chain = Awaited<ReturnType<typeof onNewChain>>;

  async function expectWhole(chain: Chain, deployed: Awaited<ReturnType<typeof deployCoalition>>) {
    const { book, network: known } = deployed;
    const report = await checkDeployment({
      book,
      parameterFile,
      network: known,
      node: chain.provider,
      artifacts,
    });
    expect(report.findings.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(await chain.sent(), "transactions in all").to.equal(TRANSACTIONS);
  }

  context("when nothing goes wrong", () => {
    it("shows every step, writes the address book, and passes the check", async () => {
      const chain = await onNewChain();
      const deployed = await chain.deploy();
      await expectWhole(chain, deployed);
      expect(deployed.book).to.deep.include({
        deployment: "chain-31337-local",
        network: "default",
        chainId: 31337,
        block: 1,
        deployer: chain.deployer.address.toLowerCase(),
        parameters: { file: "deploy/parameters/local.json5", digest: parameterFile.digest },
      });
      expect(deployed.path).to.equal(join(folder, "chain-31337-local", "coalition.json"));
      expect(readAddressBook(folder, "chain-31337-local")).to.deep.equal(deployed.book);
      expect(readAddressBook("", deployed.path ?? "")).to.deep.equal(deployed.book);
      expect(chain.lines.filter((line) => line.startsWith("  sent "))).to.have.length(TRANSACTIONS);
      expect(chain.lines.at(-1)).to.match(/(\d+) of \1 {2}Coalition#renounce_admin$/);
    });

    it("keeps the build info of every contract, as the compiler had it", async () => {
      const chain = await onNewChain();
      const { path = "" } = await chain.deploy();
      const within = (name: string) => join(dirname(path), name);
      const kept = readdirSync(within("artifacts")).filter((name) => !name.endsWith(".dbg.json"));
      const ids = kept.map(
        (name) => JSON.parse(readFileSync(within(`artifacts/${name}`), "utf8")).buildInfoId,
      );
      expect(ids).to.have.length(Object.keys(CONTRACTS).length);
      const files = [...new Set(ids)].map((id) => `${id}.json`);
      expect(readdirSync(within("build-info"))).to.have.members(files);
      for (const file of files) {
        const original = await artifacts.getBuildInfoPath(file.slice(0, -".json".length));
        expect(JSON.parse(readFileSync(within(`build-info/${file}`), "utf8"))).to.deep.equal(
          JSON.parse(readFileSync(original ?? "", "utf8")),
        );
      }
    });

    it("sends nothing more when it is run again", async () => {
      const chain = await onNewChain();
      const first = await chain.deploy();
      const again = await chain.deploy();
      expect(again.book).to.deep.equal(first.book);
      await expectWhole(chain, again);
    });

    it("writes nothing where the chain ends with the process", async () => {
      const chain = await onNewChain();
      const deployed = await chain.deploy({ keep: false });
      expect(deployed.path).to.equal(undefined);
      expect(readdirSync(folder)).to.deep.equal([]);
      await expectWhole(chain, deployed);
    });

    it("keeps deployments of different names apart", async () => {
      const chain = await onNewChain();
      const first = await chain.deploy({ id: "one" });
      const second = await chain.deploy({ id: "two" });
      expect(first.book.contracts.timelock).not.to.equal(second.book.contracts.timelock);
      expect(readAddressBook(folder, "two").block).to.be.greaterThan(first.book.block);
    });
  });

  context("when it is killed", () => {
    /** Dies at the n-th transaction: before it is sent, or after, when nobody could take note of it any more. */
    const dyingNode = (node: Node, transaction: number, isSent: boolean) => {
      let dead = false;
      return nodeLike(node, async (method, count, answer) => {
        if (dead) throw new Error("killed");
        if (method !== "eth_sendTransaction" || count !== transaction) return answer();
        dead = true;
        if (isSent) await answer();
        throw new Error("killed");
      });
    };

    for (let transaction = 1; transaction <= TRANSACTIONS; transaction++) {
      for (const isSent of [false, true]) {
        it(`goes on from transaction ${transaction}, killed ${isSent ? "after" : "before"} it was sent`, async () => {
          const chain = await onNewChain();
          let died = "";
          await chain
            .deploy({ node: dyingNode(chain.provider, transaction, isSent) })
            .catch((error: Error) => {
              died = error.message;
            });
          expect(died).to.contain("killed");
          expect(existsSync(join(folder, "chain-31337-local", "coalition.json"))).to.equal(false);
          await expectWhole(chain, await chain.deploy());
          expect(chain.lines).to.satisfy((lines: string[]) =>
            lines.some((line) => line.startsWith("Resuming ")),
          );
        });
      }
    }

    it(`goes on from whatever line of its journal was the last, one of each kind (${random.seed})`, async function () {
      this.timeout(600_000);
      const first = await onNewChain();
      const deployed = await first.deploy();
      const deployment = dirname(deployed.path ?? "");
      const journal = readFileSync(join(deployment, "journal.jsonl"), "utf8").split("\n").slice(1);
      const kinds = new Map<string, number[]>();
      for (const [place, line] of journal.entries()) {
        const { type } = JSON.parse(line);
        kinds.set(type, [...(kinds.get(type) ?? []), place]);
      }
      const sent = await sentTo(first.ethers);
      for (const [kind, places] of kinds) {
        const last = places[Number(random.below(BigInt(places.length)))] ?? 0;
        const told = journal.slice(0, last + 1);
        const chain = await onNewChain();
        const before = told.filter((line) => JSON.parse(line).type === "TRANSACTION_SEND").length;
        for (const transaction of sent.slice(0, before)) {
          await chain.provider.request({ method: "eth_sendTransaction", params: [transaction] });
        }
        rmSync(deployed.path ?? "", { force: true });
        rmSync(join(deployment, "deployed_addresses.json"));
        writeFileSync(join(deployment, "journal.jsonl"), told.map((line) => `\n${line}`).join(""));
        const where = `killed after ${kind}, line ${last + 1}`;
        const resumed = await chain.deploy().catch((error: Error) => {
          throw new Error(`${where}: ${error.message}`);
        });
        await expectWhole(chain, resumed);
      }
    });

    it("goes on from a line that was torn", async () => {
      const chain = await onNewChain();
      await chain.deploy({ node: dyingNode(chain.provider, 5, true) }).catch(() => {});
      const deployment = join(folder, "chain-31337-local");
      appendFileSync(join(deployment, "journal.jsonl"), '\n{"futureId":"Governor#Coal');
      writeFileSync(join(deployment, "deployed_addresses.json"), '{"Membership#Memb');
      await expectWhole(chain, await chain.deploy());
      const addresses = JSON.parse(readFileSync(join(deployment, "deployed_addresses.json"), "utf8"));
      expect(Object.keys(addresses)).to.have.length(Object.keys(CONTRACTS).length);
    });

    it("does not guess where a line in the middle cannot be read", async () => {
      const chain = await onNewChain();
      await chain.deploy();
      const journal = join(folder, "chain-31337-local", "journal.jsonl");
      writeFileSync(journal, readFileSync(journal, "utf8").replace('"futureId"', '"futureId'));
      expect(await refusal(chain.deploy())).to.match(/journal\.jsonl: line \d+ cannot be read/);
    });
  });

  context("when something is wrong before anything is sent", () => {
    it("leaves no trace where the network does not answer", async () => {
      const chain = await onNewChain();
      const node: Node = {
        request: async () => {
          throw new Error("connect ECONNREFUSED");
        },
      };
      const patience = { attempts: 2, waitMs: 1, timeoutMs: 50 };
      expect(await refusal(chain.deploy({ node, patience }))).to.contain("does not answer, asked 2 times");
      expect(readdirSync(folder)).to.deep.equal([]);
    });

    it("leaves no trace on a chain that is not meant", async () => {
      const chain = await onNewChain();
      expect(await refusal(chain.deploy({ chainId: 1n }))).to.contain("is chain 31337, expected chain 1");
      expect(readdirSync(folder)).to.deep.equal([]);
      expect(await chain.sent()).to.equal(0);
    });

    it("refuses a deployer without ether, and says about how much is needed", async () => {
      const chain = await onNewChain();
      await chain.provider.request({ method: "hardhat_setBalance", params: [chain.deployer.address, "0x0"] });
      expect(await refusal(chain.deploy())).to.match(
        /has 0\.0 ether on chain 31337; .* costs about 0\.\d+ ether/,
      );
      expect(readdirSync(folder)).to.deep.equal([]);
    });

    const reasons: Readonly<Record<Exclude<Policy, "open">, string>> = {
      vouched: "only members with a vote vouch, and nobody has one yet",
      attested: "only a decision accredits an issuer, and nobody has a vote yet",
      either:
        "only members with a vote vouch, only a decision accredits an issuer, and nobody has a vote yet",
    };

    for (const [admissionPolicy, why] of Object.entries(reasons) as [Policy, string][]) {
      it(`refuses "${admissionPolicy}" as the first policy, says why, and leaves no trace`, async () => {
        const chain = await onNewChain();
        const parameters = structuredClone(parameterFile.parameters);
        parameters.Membership.admissionPolicy = admissionPolicy;
        expect(await refusal(chain.deploy({ parameterFile: { ...parameterFile, parameters } }))).to.equal(
          `deploy/parameters/local.json5 has 1 problem:\n  deploy/parameters/local.json5: ` +
            `Membership.admissionPolicy is "${admissionPolicy}", allowed for a new coalition: "open"; ${why}. ` +
            "Deploy with the open policy, and name another once a decision has put it in force, for deploy:check",
        );
        expect(readdirSync(folder)).to.deep.equal([]);
        expect(await chain.sent()).to.equal(0);
      });
    }

    it("refuses a name that could lead elsewhere", async () => {
      const chain = await onNewChain();
      for (const id of ["../elsewhere", "", "1st", "a b", "a/b"]) {
        expect(await refusal(chain.deploy({ id })), id).to.contain("is no name for a deployment");
      }
      expect(readdirSync(folder)).to.deep.equal([]);
    });
  });

  context("when it does not fit what was begun", () => {
    it("refuses other parameters than those it began with", async () => {
      const chain = await onNewChain();
      await chain.deploy();
      const parameters = structuredClone(parameterFile.parameters);
      parameters.Timelock.delay += 1;
      const message = await refusal(chain.deploy({ parameterFile: { ...parameterFile, parameters } }));
      expect(message).to.contain("changed since").and.to.contain("--deployment");
      expect(await chain.sent()).to.equal(TRANSACTIONS);
    });

    it("notices a chain that was started anew, and forgets the old one when told to", async () => {
      await (await onNewChain()).deploy();
      const chain = await onNewChain();
      expect(await refusal(chain.deploy()))
        .to.contain("was the chain started anew?")
        .and.to.contain("--reset");
      expect(await chain.sent()).to.equal(0);
      await expectWhole(chain, await chain.deploy({ reset: true }));
    });
  });

  describe("readAddressBook", () => {
    it("refuses a deployment that was not made, or not to its end", async () => {
      expect(await refusal((async () => readAddressBook(folder, "chain-1-dc-bas"))())).to.contain(
        "is missing",
      );
      expect(await refusal((async () => readAddressBook(folder, "../x"))())).to.contain(
        "no name for a deployment",
      );
    });

    it("refuses what is no address book, and says why", async () => {
      const path = join(folder, "book.json");
      const told = () => refusal((async () => readAddressBook(folder, path))());
      writeFileSync(path, "{");
      expect(await told()).to.contain("is not JSON");
      writeFileSync(path, "null");
      expect(await told()).to.contain("it holds no object");
      writeFileSync(path, JSON.stringify({ chainId: -1, contracts: { timelock: "0x12" } }));
      expect(await told())
        .to.contain("chainId is no whole number; block is no whole number")
        .and.to.contain("contracts.timelock is no address");
    });
  });
});
