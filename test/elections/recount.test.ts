import { expect } from "chai";
import { AbiCoder, type Filter, id, keccak256, type Log, toBeHex } from "ethers";
import { network } from "hardhat";
import { describeRecount, recount } from "../../scripts/lib/elections/recount.js";
import { type ChainLog, type Source, sourceAt } from "../../scripts/lib/elections/source.js";
import { Problem } from "../../scripts/lib/problem.js";
import { joinOrganisation } from "../helpers/acts.js";
import {
  announce,
  ballotOf,
  castAll,
  conclude,
  DAY,
  foundWithOffice,
  memberOf,
  toPhase,
  type WithOffice,
} from "../helpers/election-tasks.js";
import { actAs, type Connection } from "../helpers/governor.js";
import { addressesOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";

const FIRST_BLOCK = 0;

describe("recount", function () {
  this.timeout(120_000);

  let connection: Connection;

  before(async () => {
    connection = await network.create();
  });

  after(() => connection.close());

  /** The chain's own events, with those of ballots passed through `alter`. */
  async function source(
    coalition: WithOffice,
    alter: (log: ChainLog) => readonly ChainLog[] = (log) => [log],
  ): Promise<Source> {
    const real = await sourceAt(connection.ethers, await addressesOf(coalition));
    const cast = coalition.approval.interface.getEvent("ElectionBallotCast").topicHash;
    return {
      ...real,
      logs: async (...filter) =>
        (await real.logs(...filter)).flatMap((log) => (log.topics[0] === cast ? alter(log) : [log])),
    };
  }

  const voterIn = ({ topics }: ChainLog) => Number(topics[2]);

  /** Another ballot in the place of a member's. */
  const exchanged = (number: number, ballot: bigint) => (log: ChainLog) => [
    voterIn(log) === number ? { ...log, data: toBeHex(ballot, 32) } : log,
  ];

  /** As if the member had never voted. */
  const missing = (number: number) => (log: ChainLog) => (voterIn(log) === number ? [] : [log]);

  const copyOf = ({ address, topics, data, blockNumber, index }: ChainLog) => ({
    ...{ address, topics, data, blockNumber, index },
  });

  const load = (fixture: () => Promise<WithOffice>) => connection.networkHelpers.loadFixture(fixture);

  // Members 1 and 7 are of the same group, of which the office holds one.
  async function byApproval() {
    const coalition = await foundWithOffice(connection, { seats: 2, maxPerGroup: 1 });
    await announce(coalition, [1, 7, 2, 3]);
    await toPhase(coalition, 3);
    await castAll(
      coalition,
      { 1: [1, 2], 2: [1, 2], 3: [1, 3], 4: [1, 2], 5: [0, 4], 6: [2], 8: [3], 9: [1, 4], 10: [0], 11: [1] },
      4,
    );
    await castAll(coalition, { 10: [2, 3] }, 4);
    await coalition.elections.connect(memberOf(coalition, 3)).withdraw(1);
    return coalition;
  }

  async function byRanking() {
    const coalition = await foundWithOffice(connection, { method: "ranked", seats: 2 });
    await announce(coalition, [1, 2, 3, 4]);
    await toPhase(coalition, 3);
    const ballots = {
      1: [1, 2, 3],
      2: [1, 2],
      3: [1, 3],
      4: [1, 2, 0],
      5: [1],
      6: [2, 4],
      7: [3, 4, 0],
      8: [3],
      9: [4, 2],
      10: [0, 4],
      11: [4, 3, 2, 1],
    };
    await castAll(coalition, ballots, 4);
    return coalition;
  }

  const counted = (found: () => Promise<WithOffice>, name: string) => {
    const fixture = async () => {
      const coalition = await found();
      await conclude(coalition);
      return coalition;
    };
    Object.defineProperty(fixture, "name", { value: name });
    return fixture;
  };
  const approvalCounted = counted(byApproval, "approvalCounted");
  const rankedCounted = counted(byRanking, "rankedCounted");

  context("when there is nothing to recount", () => {
    it("refuses an election that there is not", async () => {
      const coalition = await load(byApproval);
      expect(await refusal(recount(await source(coalition), 9n, FIRST_BLOCK))).to.equal(
        "There is no election 9; they are numbered 1 to 1 by now.",
      );
    });

    it("refuses one that is not counted", async () => {
      for (const election of [byApproval, byRanking]) {
        const coalition = await load(election);
        expect(await refusal(recount(await source(coalition), 1n, FIRST_BLOCK))).to.contain(
          "Election 1 is not counted yet",
        );
      }
    });

    it("refuses one that lapsed", async () => {
      const coalition = await load(byApproval);
      await toPhase(coalition, 6);
      await connection.networkHelpers.time.increase(90 * DAY);
      await coalition.elections.connect(memberOf(coalition, 1)).announce(1);
      expect(await refusal(recount(await source(coalition), 1n, FIRST_BLOCK))).to.contain(
        "Election 1 lapsed",
      );
    });
  });

  context("given approvals", () => {
    it("says the same, once counted and once finished, and who was passed over and why", async () => {
      const coalition = await load(byApproval);
      await toPhase(coalition, 5);
      const early = await recount(await source(coalition), 1n, FIRST_BLOCK);
      expect(early.differences).to.deep.equal([]);
      expect(early.winners).to.equal(undefined);
      await conclude(coalition);
      const found = await recount(await source(coalition), 1n, FIRST_BLOCK);
      expect(found.differences).to.deep.equal([]);
      // Member 7 comes second, and is of the same group as the first.
      expect(found.winners).to.deep.equal([1, 2]);
      expect(found.passedOver).to.deep.include({ number: 7, why: "the office holds no more of one group" });
      const text = describeRecount(found).lines.join("\n");
      expect(text).to.contain("10 ballots count").and.to.contain("same: the chain says so in everything.");
    });

    it("differs where one ballot was changed", async () => {
      const coalition = await load(approvalCounted);
      const changed = exchanged(6, ballotOf(coalition, [4], 4));
      const { same, differences } = await recount(await source(coalition, changed), 1n, FIRST_BLOCK);
      expect(same).to.equal(false);
      expect(differences.slice(0, 2)).to.deep.equal([
        { what: "approvals of member 7", recount: "4", chain: "5" },
        { what: "approvals of member 3", recount: "3", chain: "2" },
      ]);
      expect(differences.map(({ what }) => what)).to.include("digest of the record");
    });

    it("differs where one ballot is missing", async () => {
      const coalition = await load(approvalCounted);
      const found = await recount(await source(coalition, missing(8)), 1n, FIRST_BLOCK);
      expect(found.differences.slice(0, 2)).to.deep.equal([
        { what: "approvals of member 2", recount: "2", chain: "3" },
        { what: "ballots that count", recount: "9", chain: "10" },
      ]);
      const { lines, facts } = describeRecount(found);
      expect(facts).to.deep.include({ ok: false, same: false });
      expect(lines.join("\n")).to.contain("- approvals of member 2: recounted 2; the chain says 3");
    });

    it("names a ballot that nobody could cast", async () => {
      const coalition = await load(approvalCounted);
      const real = await source(coalition, exchanged(6, 0b1110n));
      const { differences } = await recount(real, 1n, FIRST_BLOCK);
      expect(differences[0]).to.deep.equal({
        what: "ballot of member 6",
        recount: "names 3 candidates for 2 seats",
        chain: "cast as 14",
      });
      const without = { ...real, countedAt: async () => ({ counted: false, group: 0 }) };
      const [first] = (await recount(without, 1n, FIRST_BLOCK)).differences;
      expect(first?.recount).to.equal("of nobody who could vote when it was announced");
    });

    it("decides a tie by the lot that members drew", async () => {
      const coalition = await foundWithOffice(connection, { seats: 1 });
      const { elections } = coalition;
      await announce(coalition, [1, 2]);
      const hash = (types: string[], values: unknown[]) =>
        keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
      for (const number of [3, 4]) {
        const commitment = hash(["uint256", "uint256", "uint256"], [1, number, 1_000 + number]);
        await elections.connect(memberOf(coalition, number)).commitLot(1, commitment);
      }
      await toPhase(coalition, 3);
      await castAll(coalition, { 3: [1], 4: [1], 5: [2], 6: [2] }, 2);
      await toPhase(coalition, 4);
      for (const number of [3, 4]) await elections.revealLot(1, number, 1_000 + number);
      await conclude(coalition);
      const found = await recount(await source(coalition), 1n, FIRST_BLOCK);
      expect(found.differences).to.deep.equal([]);
      expect(found.record.seed).to.equal(await elections.lotSeed(1));
      expect(found.order).to.have.length(2);
    });

    it("says the same where nobody voted, and where too few did", async () => {
      const nobody = await foundWithOffice(connection, { minBallots: 3 });
      await announce(nobody, [1]);
      await conclude(nobody);
      const none = await recount(await source(nobody), 1n, FIRST_BLOCK);
      expect(none.differences).to.deep.equal([]);
      const few = await foundWithOffice(connection, { minBallots: 3 });
      await announce(few, [1]);
      await toPhase(few, 3);
      await castAll(few, { 2: [1], 3: [1] }, 1);
      await conclude(few);
      const found = await recount(await source(few), 1n, FIRST_BLOCK);
      expect(found.differences).to.deep.equal([]);
      expect(found.winners).to.deep.equal([]);
      expect(found.order).to.deep.equal([1]);
    });
  });

  context("given sealed ballots", () => {
    async function sealed() {
      const coalition = await foundWithOffice(connection, { secret: true, seats: 1 });
      await announce(coalition, [1, 2]);
      await toPhase(coalition, 3);
      const voters = [3, 4, 5, 6, 7];
      const ballot = (number: number) => (number === 3 ? 0b100n : 0b10n);
      const { approval } = coalition;
      for (const number of voters) {
        const seal = await approval.sealOf(1, number, ballot(number), id(`salt ${number}`));
        await approval.connect(memberOf(coalition, number)).castBallot(1, seal);
      }
      await toPhase(coalition, 4);
      for (const number of voters.slice(0, 4))
        await approval.open(1, number, ballot(number), id(`salt ${number}`));
      await conclude(coalition);
      return coalition;
    }

    it("says the same, and how many stayed sealed", async () => {
      const coalition = await load(sealed);
      const found = await recount(await source(coalition), 1n, FIRST_BLOCK);
      expect(found.differences).to.deep.equal([]);
      expect(found.record.sealed).to.deep.equal({ cast: 5, opened: 4 });
      expect(found.winners).to.deep.equal([1]);
      expect(describeRecount(found).lines[0]).to.contain("1 of 5 sealed ones were never opened");
    });

    it("differs where a ballot was opened that nobody sealed", async () => {
      const coalition = await load(sealed);
      const { differences } = await recount(await source(coalition, missing(4)), 1n, FIRST_BLOCK);
      expect(differences).to.deep.equal([
        { what: "ballot of member 4", recount: "never sealed", chain: "opened" },
      ]);
    });
  });

  context("given ranked ballots", () => {
    it("says the same, stage by stage", async () => {
      const coalition = await load(rankedCounted);
      const found = await recount(await source(coalition), 1n, FIRST_BLOCK);
      expect(found.differences).to.deep.equal([]);
      expect(found.stages).to.be.greaterThan(2);
      const [, order, record] = await coalition.ranked.outcome(1);
      expect(found.order).to.deep.equal(order.map(Number));
      expect(found.digest).to.equal(record);
      expect(found.winners).to.have.length(2);
    });

    it("differs in the first stage where a first preference was changed", async () => {
      const coalition = await load(rankedCounted);
      const changed = exchanged(8, ballotOf(coalition, [4], 4));
      const { differences } = await recount(await source(coalition, changed), 1n, FIRST_BLOCK);
      expect(differences.slice(0, 2)).to.deep.equal([
        { what: "stage 1, what member 3 holds", recount: "1.00000", chain: "2.00000" },
        { what: "stage 1, what member 4 holds", recount: "3.00000", chain: "2.00000" },
      ]);
    });

    it("differs in the second where a later preference was changed", async () => {
      const coalition = await load(rankedCounted);
      const changed = exchanged(3, ballotOf(coalition, [1, 2], 4));
      const { differences } = await recount(await source(coalition, changed), 1n, FIRST_BLOCK);
      expect(differences[0]?.what).to.match(/^stage 2, what member 2 holds$/);
      expect(differences.map(({ what }) => what).filter((what) => what.startsWith("stage 1"))).to.deep.equal(
        [],
      );
      expect(differences.map(({ what }) => what)).to.include("digest of the record");
    });

    it("differs where one ballot is missing", async () => {
      const coalition = await load(rankedCounted);
      const { differences } = await recount(await source(coalition, missing(5)), 1n, FIRST_BLOCK);
      expect(differences[0]).to.deep.include({ what: "stage 1, what member 1 holds", recount: "4.00000" });
      expect(differences).to.deep.include({ what: "ballots that count", recount: "10", chain: "11" });
    });

    it("names a ballot that is no order of options", async () => {
      const coalition = await load(rankedCounted);
      const twice = await recount(await source(coalition, exchanged(5, 0x22n)), 1n, FIRST_BLOCK);
      expect(twice.differences[0]).to.deep.include({
        what: "ballot of member 5",
        recount: "is no order of options",
      });
      const strange = await recount(await source(coalition, exchanged(5, 0x9n)), 1n, FIRST_BLOCK);
      expect(strange.differences[0]?.recount).to.equal("names option 8, which there was not");
    });
  });

  context("given a seat that became vacant", () => {
    it("says the same of the runner-up, and differs if somebody else took it", async () => {
      const coalition = await foundWithOffice(connection, { seats: 1 });
      await announce(coalition, [1, 2, 3]);
      await toPhase(coalition, 3);
      await castAll(coalition, { 4: [1], 5: [1], 6: [1], 8: [2], 9: [2], 10: [3] }, 3);
      await conclude(coalition);
      await coalition.offices.connect(memberOf(coalition, 1)).resign(1);
      await coalition.elections.fillVacancy(1);
      const real = await source(coalition);
      const found = await recount(real, 1n, FIRST_BLOCK);
      expect(found.differences).to.deep.equal([]);
      const filled = coalition.elections.interface.getEvent("VacancyFilled").topicHash;
      const other: Source = {
        ...real,
        logs: async (...filter) =>
          (await real.logs(...filter)).map((log) =>
            log.topics[0] === filled ? { ...log, topics: [...log.topics.slice(0, 3), toBeHex(3, 32)] } : log,
          ),
      };
      const { differences } = await recount(other, 1n, FIRST_BLOCK);
      expect(differences[0]).to.deep.include({ recount: "member 2", chain: "member 3" });
    });

    it("is not confused by two elections that one transaction finished", async () => {
      const coalition = await foundWithOffice(connection, { seats: 1 });
      const timelock = await actAs(connection, coalition.timelock);
      const { elections, offices, office, rules } = coalition;
      await offices.connect(timelock).create(office);
      await elections.connect(timelock).setRules(2, rules);
      await announce(coalition, [1, 2]);
      await elections.connect(memberOf(coalition, 1)).announce(2);
      for (const number of [3, 4])
        await elections.connect(memberOf(coalition, number)).stand(2, id("statement"));
      await toPhase(coalition, 3, 2n);
      for (const electionId of [1n, 2n])
        await castAll(coalition, { 5: [1], 6: [1], 8: [1], 9: [2] }, 2, electionId);
      await toPhase(coalition, 6, 2n);
      // Two transactions in one block, told as one.
      await connection.provider.request({ method: "evm_setAutomine", params: [false] });
      await Promise.all([elections.finish(1), elections.finish(2)]);
      await connection.provider.request({ method: "evm_setAutomine", params: [true] });
      await connection.networkHelpers.mine();
      const real = await source(coalition);
      const together: Source = {
        ...real,
        logs: async (...filter) =>
          (await real.logs(...filter)).map((log) => ({
            ...copyOf(log),
            transactionHash: `${log.blockNumber}`,
          })),
      };
      for (const [electionId, winner] of [
        [1n, 1],
        [2n, 3],
      ] as const) {
        const found = await recount(together, electionId, FIRST_BLOCK);
        expect(found.differences).to.deep.equal([]);
        expect(found.winners).to.deep.equal([winner]);
      }
    });

    it("passes over a runner-up who left the roll", async () => {
      const coalition = await foundWithOffice(connection, { seats: 1 });
      await announce(coalition, [1, 2, 3]);
      await toPhase(coalition, 3);
      await castAll(coalition, { 4: [1], 5: [1], 6: [1], 8: [2], 9: [2], 10: [3] }, 3);
      await coalition.membership.connect(memberOf(coalition, 1)).resign();
      await conclude(coalition);
      const found = await recount(await source(coalition), 1n, FIRST_BLOCK);
      expect(found.differences).to.deep.equal([]);
      expect(found.winners).to.deep.equal([2]);
      expect(found.passedOver).to.deep.equal([{ number: 1, why: "had lost the right to stand" }]);
    });
  });

  context("given a balance with those who stay in office", () => {
    /** A second election, by either method, while the member who won the first one's other seat sits. */
    async function secondElection(method: "approval" | "ranked") {
      const coalition = await foundWithOffice(connection, {
        method,
        seats: 2,
        maxPerGroup: 1,
        byElection: true,
      });
      await announce(coalition, [1, 2]);
      await toPhase(coalition, 3);
      await castAll(coalition, { 4: [1, 2], 5: [1, 2], 6: [1], 9: [2] }, 2);
      await conclude(coalition);
      await coalition.offices.connect(memberOf(coalition, 2)).resign(1);
      // Member 7 is of the group of member 1, who stays.
      await announce(coalition, [7, 3], 2n);
      await toPhase(coalition, 3, 2n);
      await castAll(coalition, { 4: [1], 5: [1], 6: [1], 9: [2] }, 2, 2n);
      await conclude(coalition, 2n);
      return coalition;
    }

    for (const method of ["approval", "ranked"] as const) {
      it(`knows of which groups they are: ${method}`, async () => {
        const coalition = await secondElection(method);
        const found = await recount(await source(coalition), 2n, FIRST_BLOCK);
        expect(found.differences).to.deep.equal([]);
        expect(found.record.sittingGroups).to.deep.equal([0]);
        expect(found.record.seats).to.equal(1);
        expect(found.winners).to.deep.equal([3]);
      });
    }

    it("goes by the office as it was announced, but for seats that the members did away with", async () => {
      for (const [changes, winners] of [
        [{ maxPerGroup: 0 }, [1, 2]],
        [{ seats: 1 }, [1]],
      ] as const) {
        const coalition = await load(byApproval);
        const timelock = await actAs(connection, coalition.timelock);
        await coalition.offices.connect(timelock).change(1, { ...coalition.office, ...changes });
        await conclude(coalition);
        const found = await recount(await source(coalition), 1n, FIRST_BLOCK);
        expect(found.differences).to.deep.equal([]);
        expect(found.winners).to.deep.equal(winners);
      }
    });

    it("knows of which organisations the candidates were", async () => {
      const coalition = await foundWithOffice(connection, { seats: 2, maxPerOrganisation: 1 });
      const { affiliations, elections } = coalition;
      const [owner, representative] = coalition.outsiders;
      if (owner === undefined || representative === undefined) throw new Error("nobody is outside");
      await joinOrganisation(coalition, representative, owner, 2);
      const organisation = await coalition.membership.numberOf(representative);
      const timelock = await actAs(connection, coalition.timelock);
      await affiliations.connect(timelock).setRule(false, 14 * DAY);
      for (const number of [1, 2])
        await affiliations.connect(memberOf(coalition, number)).affiliate(organisation);
      await connection.networkHelpers.time.increase(14 * DAY);
      await announce(coalition, [1, 2, 3]);
      // What counts is what was so on acceptance.
      await affiliations.connect(memberOf(coalition, 2)).affiliate(0);
      await toPhase(coalition, 3);
      await castAll(coalition, { 4: [1, 2], 5: [1, 2], 6: [1, 2], 8: [3], 9: [1] }, 3);
      await conclude(coalition);
      expect((await elections.nominationOf(1, 2)).organisation).to.equal(organisation);
      const found = await recount(await source(coalition), 1n, FIRST_BLOCK);
      expect(found.differences).to.deep.equal([]);
      expect(found.record.candidates.map((one) => one.organisation)).to.deep.equal([
        Number(organisation),
        Number(organisation),
        0,
      ]);
      expect(found.winners).to.deep.equal([1, 3]);
      expect(found.passedOver).to.deep.equal([
        { number: 2, why: "the office holds no more of one organisation" },
      ]);
    });
  });

  context("when a node answers for few blocks at a time", () => {
    /** Recounts from a node that gives out logs in its own way. */
    async function recountFrom(
      getLogs: (filter: Filter) => Promise<Log[]>,
      say: (line: string) => void = () => {},
    ) {
      const coalition = await load(approvalCounted);
      await connection.networkHelpers.mine(300);
      const { ethers } = connection;
      const own = ethers.provider.getLogs;
      Object.assign(ethers.provider, { getLogs });
      try {
        const from = await sourceAt(ethers, await addressesOf(coalition), say);
        return await recount(from, 1n, FIRST_BLOCK);
      } finally {
        Object.assign(ethers.provider, { getLogs: own });
      }
    }

    it("asks for fewer, and tells how far it is", async () => {
      const own = connection.ethers.provider.getLogs.bind(connection.ethers.provider);
      const said: string[] = [];
      let refused = 0;
      const found = await recountFrom(
        async (filter) => {
          if (Number(filter.toBlock) - Number(filter.fromBlock) < 200) return own(filter);
          refused++;
          throw new Error("query exceeds the range");
        },
        (line) => said.push(line),
      );
      expect(refused).to.be.greaterThan(0);
      expect(found.differences).to.deep.equal([]);
      expect(found.record.papers).to.have.length(10);
      expect(said[0]).to.match(/^Read to block \d+ of \d+: \d+ events\.$/);
    });

    it("gives up where fewer do not help", async () => {
      const none = async () => Promise.reject(new Problem("no logs here"));
      expect(await refusal(recountFrom(none))).to.equal("no logs here");
    });
  });

  it("tells the progress of a long reading", async () => {
    const coalition = await load(approvalCounted);
    const said: string[] = [];
    await recount(await source(coalition), 1n, FIRST_BLOCK, (line) => said.push(line));
    expect(said).to.deep.equal(["Read 11 events of its ballots.", "Counting 10 ballots."]);
  });
});
