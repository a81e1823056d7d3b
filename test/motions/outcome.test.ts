import { expect } from "chai";
import { network } from "hardhat";
import type { ChainLog } from "../../scripts/lib/elections/source.js";
import { type OutcomeLogs, outcomeDifferences, recomputeOutcome } from "../../scripts/lib/motions/outcome.js";
import { Support } from "../helpers/governor.js";
import { refusal } from "../helpers/refusal.js";
import {
  foundStatements,
  foundVoted,
  memberAt,
  outcomeOf,
  type Statements,
  speaker,
  TEXT,
  WINDOW,
} from "../helpers/statements.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400;

/** Two statements, three co-signatures, and the window over; a later decision has a statement of its own. */
async function complete() {
  const scene = await foundVoted(connection);
  const { decision, statements } = scene;
  await speaker(scene, 6).file(decision.id, TEXT);
  await speaker(scene, 7).cosign(1n);
  await speaker(scene, 8).file(decision.id, TEXT);
  await speaker(scene, 6).cosign(2n);
  await statements.connect(scene.newKey).cosign(1n);
  await time.increaseTo((await decision.deadline()) + WINDOW + 1n);
  const second = scene.decisionOf("Second");
  await second.start(memberAt(scene, 1));
  for (let index = 0; index < 9; index++) await second.vote(memberAt(scene, index), Support.Against);
  await second.close();
  await speaker(scene, 0).file(second.id, TEXT);
  await time.increaseTo((await second.deadline()) + WINDOW + 1n);
  return { ...scene, second };
}

/** A decision that a late swing extended. */
async function extended() {
  const scene = await foundStatements(connection, { changes: { extension: 2 * DAY } });
  const { decision, members } = scene;
  await decision.start(memberAt(scene, 0));
  await decision.voteAll(members.slice(0, 3), Support.Against);
  await time.increaseTo((await decision.deadline()) - 100n);
  const close = await decision.deadline();
  await decision.voteAll(members.slice(3, 15), Support.For);
  expect(await decision.deadline()).to.be.greaterThan(close);
  await decision.close();
  await speaker(scene, 1).file(decision.id, TEXT);
  await time.increaseTo((await decision.deadline()) + WINDOW + 1n);
  return scene;
}

async function logsOf({ statements, governor, membership }: Statements): Promise<OutcomeLogs> {
  const of = async (contract: { getAddress(): Promise<string> }) =>
    ethers.provider.getLogs({ address: await contract.getAddress(), fromBlock: 0 });
  return { statements: await of(statements), governor: await of(governor), roll: await of(membership) };
}

/** What differs between the chain and a recount of its logs, some of them altered. */
async function differences(
  scene: Statements,
  alter: (logs: OutcomeLogs) => OutcomeLogs = (logs) => logs,
  proposalId = scene.decision.id,
) {
  const chain = await outcomeOf(scene.statements, proposalId);
  const { chainId } = await ethers.provider.getNetwork();
  const place = { chainId, contract: await scene.statements.getAddress() };
  const { kind, passed } = chain;
  const judgement = { kind, passed, window: await scene.statements.window() };
  const recount = recomputeOutcome(place, proposalId, alter(await logsOf(scene)), judgement);
  return outcomeDifferences(recount, chain);
}

const named = (found: Awaited<ReturnType<typeof differences>>) => found.map(({ what }) => what);

/** A change to the statements' logs: the first five are about the first decision, the sixth about the second. */
const statementsAs =
  (change: (logs: readonly ChainLog[]) => readonly ChainLog[]) =>
  (logs: OutcomeLogs): OutcomeLogs => ({ ...logs, statements: change(logs.statements) });

const SERIES = ["series of statements and co-signatures", "record of the outcome"];
const COUNTED = ["number of statements", ...SERIES];

describe("recomputeOutcome", function () {
  this.timeout(120_000);

  context("given all events", () => {
    it("comes to what the chain says, with ballots changed, delegated, taken back and under new keys", async () => {
      const scene = await loadFixture(complete);
      const outcome = await outcomeOf(scene.statements, scene.decision.id);
      expect([outcome.againstVotes, outcome.forVotes, outcome.abstainVotes]).to.deep.equal([9n, 11n, 1n]);
      expect(outcome.statements).to.equal(2n);
      expect(await differences(scene)).to.deep.equal([]);
    });

    it("comes to what the chain says of a vote that was lost", async () => {
      const scene = await loadFixture(complete);
      expect((await outcomeOf(scene.statements, scene.second.id)).passed).to.equal(false);
      expect(await differences(scene, undefined, scene.second.id)).to.deep.equal([]);
    });

    it("comes to what the chain says of a vote that was extended", async () => {
      expect(await differences(await loadFixture(extended))).to.deep.equal([]);
    });
  });

  context("given events that are not those of the chain", () => {
    it("notices a statement that is missing, wherever it was", async () => {
      const scene = await loadFixture(complete);
      for (const place of [0, 2]) {
        const found = await differences(
          scene,
          statementsAs((logs) => logs.toSpliced(place, 1)),
        );
        expect(named(found)).to.deep.equal(COUNTED);
        expect(found[0]).to.deep.equal({ what: COUNTED[0], recount: "1", chain: "2" });
      }
    });

    it("notices a co-signature that is missing, the last one too", async () => {
      const scene = await loadFixture(complete);
      for (const place of [1, 3, 4]) {
        const found = await differences(
          scene,
          statementsAs((logs) => logs.toSpliced(place, 1)),
        );
        expect(named(found)).to.deep.equal(SERIES);
      }
    });

    it("notices one that was repeated, and two in another order", async () => {
      const scene = await loadFixture(complete);
      const repeated = statementsAs((logs) => logs.toSpliced(1, 0, ...logs.slice(1, 2)));
      expect(named(await differences(scene, repeated))).to.deep.equal(SERIES);
      const exchanged = statementsAs((logs) => [...logs.slice(1, 2), ...logs.slice(0, 1), ...logs.slice(2)]);
      expect(named(await differences(scene, exchanged))).to.deep.equal(SERIES);
    });

    it("notices another text, and another signer", async () => {
      const scene = await loadFixture(complete);
      const change = (place: number, alter: (log: ChainLog) => ChainLog) =>
        statementsAs((logs) => logs.map((log, index) => (index === place ? alter(plain(log)) : log)));
      const text = change(0, (log) => ({ ...log, data: log.data.replace(TEXT.slice(2), "11".repeat(32)) }));
      expect(named(await differences(scene, text))).to.deep.equal(SERIES);
      const signer = change(1, (log) => ({
        ...log,
        topics: [...log.topics.slice(0, 3), ethers.toBeHex(10n, 32)],
      }));
      expect(named(await differences(scene, signer))).to.deep.equal(SERIES);
    });

    it("notices a ballot that is missing", async () => {
      const scene = await loadFixture(complete);
      const voter = scene.members[0]?.address;
      const { interface: face } = scene.governor;
      const isOfVoter = (log: ChainLog) => {
        const event = face.parseLog(log);
        return event?.name === "VoteCast" && event.args.voter === voter;
      };
      const found = await differences(scene, (logs) => ({
        ...logs,
        governor: logs.governor.filter((log) => !isOfVoter(log)),
      }));
      expect(found[0]).to.deep.equal({ what: "votes For", recount: "10", chain: "11" });
      expect(named(found)).to.deep.equal(["votes For", "record of the outcome"]);
    });
  });

  context("given events that cannot be of a decision", () => {
    it("refuses a decision that they do not tell of", async () => {
      const scene = await loadFixture(complete);
      const unheard = differences(scene, (logs) => ({ ...logs, governor: [] }));
      expect(await refusal(unheard)).to.equal(`The events do not tell of a decision ${scene.decision.id}.`);
    });

    it("refuses a ballot of who never joined", async () => {
      const scene = await loadFixture(complete);
      const stranger = differences(scene, (logs) => ({ ...logs, roll: [] }));
      expect(await refusal(stranger)).to.equal(
        `${scene.members[0]?.address} voted and never joined the roll.`,
      );
    });
  });
});

/** A log without what its provider hangs on it, so that it can be altered. */
function plain({ address, topics, data, blockNumber, index, transactionHash }: ChainLog): ChainLog {
  return { address, topics, data, blockNumber, index, transactionHash };
}
