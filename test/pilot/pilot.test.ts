import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import hre, { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { readInterfaces } from "../../scripts/lib/pilot/calls.js";
import { coalitionAt } from "../../scripts/lib/pilot/coalition.js";
import { compare } from "../../scripts/lib/pilot/expectations.js";
import { gasNeeds, planFunding } from "../../scripts/lib/pilot/funds.js";
import { Keyring } from "../../scripts/lib/pilot/keys.js";
import { decode, explain } from "../../scripts/lib/pilot/refusals.js";
import { CONTRACTS } from "../../scripts/lib/pilot/types.js";
import { readScript } from "../../scripts/pilot.js";
import { inFolder } from "../helpers/folder.js";
import { command, differing, type Played, play, replace, withPilot } from "../helpers/pilot.js";
import { refusal } from "../helpers/refusal.js";

describe("Pilot", function () {
  this.timeout(60_000);

  let connection: NetworkConnection;
  let played: Played;

  before(async () => {
    connection = await network.create();
    played = await play(connection);
  });

  after(() => connection.close());

  context("when it is played on the embedded chain", () => {
    it("finds everything as the story says", () => {
      expect(differing(played.report)).to.deep.equal([]);
      expect(played.report.ok).to.equal(true);
      expect(played.report.comparisons.length).to.be.greaterThan(60);
    });

    it("tells of every step as it is done", () => {
      const { steps } = readScript("pilot", "dc-bas").story;
      const told = played.lines.filter((line) => /^ *\d+\/\d+ {2}/.test(line));
      expect(told).to.have.length(steps.length);
    });

    it("shows who was refused in words that need no manual", () => {
      const sentences = played.report.refused.map(({ sentence }) => sentence);
      expect(sentences).to.have.length(10);
      for (const sentence of sentences) expect(sentence).to.not.match(/refuses with|undefined/);
      expect(sentences.join(" ")).to.include("its electorate is fixed since");
    });

    it("writes the same as JSON and as Markdown", () => {
      expect(JSON.parse(played.json)).to.deep.equal(JSON.parse(JSON.stringify(played.report)));
      for (const { title, count } of played.report.figures.decisions) {
        expect(played.markdown).to.include(`## ${title}`);
        expect(played.markdown).to.include(`| ${count.value.for} | ${count.value.against} |`);
      }
      for (const { source } of [played.report.figures.gas, played.report.figures.roll.total]) {
        expect(played.markdown).to.include(`| [${source}] |`);
      }
    });

    it("says of every figure where to read it, and there it is", async () => {
      const { figures, contracts } = played.report;
      const interfaces = await readInterfaces(hre.artifacts);
      const ask = async (number: number): Promise<string> => {
        const source = figures.sources.find((one) => one.number === number);
        const name = CONTRACTS.find((candidate) => candidate === source?.contract);
        if (source === undefined || name === undefined) throw new Error(`source ${number} is no call`);
        expect(source.address).to.equal(contracts[name]);
        const to = interfaces[name];
        const data = to.encodeFunctionData(source.function ?? "", source.arguments);
        const request = { to: source.address, data, blockTag: source.block };
        const bytes = await connection.ethers.provider.call(request);
        return String(to.decodeFunctionResult(source.function ?? "", bytes));
      };
      expect(await ask(figures.roll.total.source)).to.equal(String(figures.roll.total.value));
      expect(await ask(figures.roll.byGroup.source)).to.equal(
        figures.roll.byGroup.value.map(({ members }) => members).join(","),
      );
      for (const decision of figures.decisions) {
        const { admitted, electorate, quorum, opened, closed, count } = decision;
        for (const { value, source } of [admitted, opened, closed]) {
          expect(await ask(source)).to.equal(String(value));
        }
        const [votes, , needed] = (await ask(quorum.source)).split(",");
        expect([votes, needed]).to.deep.equal([String(electorate.value), String(quorum.value)]);
        const { against, for: inFavour, abstain } = count.value;
        expect(await ask(count.source)).to.equal([against, inFavour, abstain].join(","));
        for (const { before, after } of decision.effects) {
          for (const { value, source } of [before, after]) expect(await ask(source)).to.include(value);
        }
      }
    });

    it("can be tried again where it was refused, with the same result", async () => {
      const { contracts, refused } = played.report;
      const coalition = await coalitionAt(connection, { contracts });
      for (const { from, to, data, block, code } of refused) {
        const again = await connection.ethers.provider
          .call({ from, to, data, blockTag: block })
          .catch((error: unknown) => explain(decode(error, coalition), {}).code);
        expect(again).to.equal(code);
      }
    });

    it("gives no key more gas to pay for than it may need, and none less", async () => {
      const { story } = readScript("pilot", "dc-bas");
      const needs = gasNeeds(story, new Keyring(connection.ethers, played.report.seed));
      const used = new Map<string, bigint>();
      for (let number = 1; number <= played.report.figures.block; number++) {
        const block = await connection.ethers.provider.getBlock(number, true);
        for (const { from, gasLimit } of block?.prefetchedTransactions ?? []) {
          used.set(from, (used.get(from) ?? 0n) + gasLimit);
        }
      }
      for (const [{ address }, gas] of needs.members) {
        expect(Number(used.get(address)), address).to.be.within(Number(gas) / 10, Number(gas));
      }
      const [relayer] = await connection.ethers.getSigners();
      const others = [...used.keys()].filter(
        (key) => ![...needs.members.keys()].some((one) => one.address === key),
      );
      expect(others).to.deep.equal([relayer.address]);
    });

    it("can be played again on the same chain, from another seed", async () => {
      const again = await play(connection, "pilot", { seed: "another" });
      expect(differing(again.report)).to.deep.equal([]);
      expect(again.report.contracts.governor).to.not.equal(played.report.contracts.governor);
      expect(again.report.figures.rotations.value[0].newKey).to.not.equal(
        played.report.figures.rotations.value[0].newKey,
      );
    });
  });

  context("given a story that says something else", () => {
    it("names just what differs, for any figure", () => {
      const { story } = readScript("pilot", "dc-bas");
      const { decisions, roll } = story.expected;
      const wrong = {
        ...story,
        expected: {
          ...story.expected,
          roll: { ...roll, byGroup: { ...roll.byGroup, Academia: roll.byGroup.Academia + 1 } },
          maturity: [...story.expected.maturity].reverse(),
          decisions: { ...decisions, training: { ...decisions.training, outcome: "passed" as const } },
        },
      };
      const found = compare(wrong, played.report.figures, played.report.refused);
      expect(found.filter(({ ok }) => !ok)).to.deep.equal([
        { what: "members of Academia", expected: "10", actual: "9", ok: false },
        {
          what: "votes maturing, boundary by boundary",
          expected: "4, 12, 25, 25",
          actual: "25, 25, 12, 4",
          ok: false,
        },
        { what: "training: outcome", expected: "passed", actual: "no quorum", ok: false },
      ]);
    });

    it("says so of an attempt that is not refused", async () => {
      const welcome = replace(
        '{ attempt: "join", as: "member 5", refused: "MembershipAlreadyMember" }',
        '{ attempt: "join", as: "outsider", refused: "MembershipAlreadyMember" }',
      );
      const { report } = await withPilot([["story.json5", welcome]], (folder) => play(connection, folder));
      const [difference, ...others] = report.comparisons.filter(({ ok }) => !ok);
      expect(difference).to.include({ expected: "MembershipAlreadyMember", actual: "not refused" });
      expect(others).to.deep.equal([]);
    });

    it("stops at a step that the contracts refuse, with the reason", async () => {
      const early = replace('{ at: "due of dao-pilot", execute: "dao-pilot" }', '{ execute: "dao-pilot" }');
      const message = await withPilot([["story.json5", early]], (folder) =>
        refusal(play(connection, folder)),
      );
      expect(message).to.match(/story\.json5: steps\[24\] \(execute\) was refused: The decision waits/);
    });

    it("fails the command, and marks the difference in the files", async () => {
      const tamper = replace('state: "Executed"', 'state: "Queued"');
      await withPilot([["story.json5", tamper]], async (folder) => {
        const reports = join(folder, "reports");
        const { success, output } = await command({ story: folder, reports });
        expect(success).to.equal(false);
        expect(output).to.match(/dao-pilot: state +Queued +Executed +DIFFERS/);
        expect(readFileSync(join(reports, "pilot.md"), "utf8")).to.match(
          /state \| Queued \| Executed \| DIFFERS/,
        );
        const written = JSON.parse(readFileSync(join(reports, "pilot.json"), "utf8"));
        expect(written).to.include({ ok: false });
        // What members do beside voting is played with the project's own story only.
        expect(written).to.not.have.property("roll");
      });
    });
  });

  context("given data that are not good", () => {
    it("fails the command with nothing but the reason, before any network is asked", async () => {
      const few = (text: string) => text.replaceAll(/^ +\{ number: \d\d,.*\n/gm, "");
      await withPilot([["roll.json5", few]], async (folder) => {
        const reports = join(folder, "reports");
        const { success, output } = await command({ story: folder, reports });
        expect(success).to.equal(false);
        expect(output.trim()).to.match(/^\S*roll\.json5: members has 9 entries; allowed: 60 or more$/);
        expect(existsSync(reports)).to.equal(false);
      });
    });
  });

  context("given a network that does not answer", () => {
    it("says so and writes nothing", async () => {
      const silent = await network.create({ network: "localhost", override: { url: "http://127.0.0.1:1" } });
      await inFolder({}, async (folder) => {
        const [reports, deployments] = [join(folder, "reports"), join(folder, "deployments")];
        const patience = { attempts: 2, waitMs: 1, timeoutMs: 1_000 };
        const message = await refusal(play(silent, "pilot", { reports, deployments, patience }));
        expect(message).to.match(/The network "localhost" \(http:\/\/127\.0\.0\.1:1\) does not answer/);
        expect(existsSync(reports) || existsSync(deployments)).to.equal(false);
      });
      await silent.close();
    });
  });

  context("given a chain whose time is not moved", () => {
    it("says how long the story would take and sends nothing", async () => {
      const before = await connection.ethers.provider.getBlockNumber();
      const message = await refusal(play(connection, "pilot", { realTime: true }));
      expect(message).to.match(/the story would take 70 days, and 1 hour is the most/);
      expect(await connection.ethers.provider.getBlockNumber()).to.equal(before);
    });
  });

  context("given a chain where ether costs something", () => {
    it("says what the deployer sends, and refuses one who has too little", async () => {
      const { ethers } = connection;
      const [rich, poor] = await ethers.getSigners();
      const keys = new Keyring(ethers, undefined);
      const needs = gasNeeds(readScript("pilot", "dc-bas").story, keys);
      expect((await planFunding(ethers, rich, needs)).words).to.match(
        /^The deployer 0x\w{40} sends 45 keys [\d.]+ ether in all, [\d.]+ at the most to one/,
      );
      await ethers.provider.send("hardhat_setBalance", [poor.address, "0x1"]);
      expect(await refusal(planFunding(ethers, poor, needs))).to.match(/too little\. Nothing was sent\.$/);
    });

    it("makes keys that nobody can derive", () => {
      const [one, other] = [0, 1].map(() => new Keyring(connection.ethers, undefined).member(1).privateKey);
      expect(one).to.not.equal(other);
    });
  });

  context("given a local node of its own", () => {
    it("plays there as well, and what it found stays", async () => {
      const server = await network.createServer("default", "127.0.0.1");
      const { address, port } = await server.listen();
      const url = `http://${address}:${port}`;
      const node = await network.create({ network: "localhost", override: { url } });
      const { report, lines } = await play(node);
      expect(differing(report)).to.deep.equal([]);
      expect(lines.join("\n")).to.include(`on localhost (${url}, chain 31337)`);
      const membership = await node.ethers.getContractAt("Membership", report.contracts.membership);
      expect(await membership.totalSupply()).to.equal(BigInt(report.figures.roll.total.value));
      await node.close();
      await server.close();
    });
  });
});
