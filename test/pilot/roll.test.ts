import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { Keyring } from "../../scripts/lib/pilot/keys.js";
import type { Report } from "../../scripts/lib/pilot/report.js";
import type { Membership } from "../../typechain-types/index.js";
import { inFolder } from "../helpers/folder.js";
import { command, differing, play } from "../helpers/pilot.js";
import { Pause, Standing } from "../helpers/roll.js";

const DAY = 86_400;
const FLOOD = 500;
/** Members before the flood: the story's, the newcomer and the organisation. */
const BEFORE = 68;

/** A scene of the second part: what is told of it, and what is compared with the chain, with the value it must have. */
interface Scene {
  readonly sentence: string;
  readonly compared: Readonly<Record<string, unknown>>;
}

const SCENES: Readonly<Record<string, (report: Report) => Scene>> = {
  "the proposal of another admission": () => ({
    sentence: "member 4 proposed to admit to the vote by vouches, or by an attestation",
    compared: {},
  }),
  "the policy in force": ({ contracts }) => ({
    sentence: "the members decided so: whoever joins now speaks, and gets a vote once the policy is met",
    compared: { "admission policy in force": contracts.either },
  }),
  "a person and an organisation that join": () => ({
    sentence: "members 67, a person, and 68, an organisation, joined as participants",
    compared: {
      "member 67: a participant, without a vote": Standing.Unqualified,
      "member 68: a participant, without a vote": Standing.Unqualified,
      "member 68 is an organisation": true,
    },
  }),
  "a delegation": () => ({
    sentence: "member 2 delegated to member 7 of the same group",
    compared: { "votes of member 7 with the one delegated": 2 },
  }),
  "the proposal that is open while all this happens": () => ({
    sentence: "member 5 proposed to let a few more votes mature at a time",
    compared: {},
  }),
  "a recovery that should not be": () => ({
    sentence:
      "members 9 and 10, guardians of member 8, asked for a new key; the old one can say no for some days",
    compared: {},
  }),
  "a recovery of a lost key": () => ({
    sentence:
      "members 12 and 13, guardians of member 11, asked for a new key; the old one can say no for some days",
    compared: {},
  }),
  "the veto": () => ({
    sentence: "member 8 still has the key, and vetoed the recovery",
    compared: {
      "member 8 holds the number after the veto": 8,
      "member 8: number held by the key that was asked for": 0,
    },
  }),
  "the delegation overridden": () => ({
    sentence: "member 7 voted for both; member 2 voted too, and took the vote back",
    compared: {
      "ballot of the delegate, for both": "2 for, 0 against",
      "after the ballot of the member who had delegated": "1 for, 1 against",
    },
  }),
  "the flood": () => ({
    sentence: "500 keys joined in 10 transactions; all of them are participants",
    compared: {
      "members more after the flood": FLOOD,
      // 35 % of the electorate, rounded up: the story has raised the quorum of amendments.
      "quorum of the open decision after the flood": 24,
      "electorate of the open decision after the flood": 66,
      "votes that count after the flood": 66,
      "of 68 members before the flood, those whose maturity or pauses changed": 0,
      "of 500 keys of the flood, those whose vote will mature": 0,
    },
  }),
  "vouches and an attestation": (report) => ({
    sentence:
      "three members of three groups vouched for member 67, an issuer attested member 68; both wait for the vote now, behind nobody of the flood",
    compared: {
      "member 67: vote from the first boundary after the waiting period": boundaryAfter(report),
      "member 68: vote from the first boundary after the waiting period": boundaryAfter(report),
    },
  }),
  "the recovery completed": () => ({
    sentence: "the delay is over: member 11 goes on with the new key",
    compared: {
      "member 11: number held by the lost key": 0,
      "member 11: number held by the recovered key": 11,
    },
  }),
  "a ballot changed by the recovered key": () => ({
    sentence: "member 11 changed the ballot by the recovered key; the number has one",
    compared: {
      "ballots more after the recovered key changed the ballot": 0,
      "ballots against more": 1,
    },
  }),
  "the newcomers' votes": () => ({
    sentence: "the votes of members 67 and 68 matured; those of the flood did not",
    compared: {
      "member 67: votes": 1,
      "member 68: votes": 1,
      "of 500 keys of the flood, those with a vote": 0,
    },
  }),
  "the yearly confirmation": () => ({
    sentence: "a year is over: 65 members confirmed, by requests that somebody else paid for",
    compared: { "members who confirmed": 65 },
  }),
  "a dormant member": () => ({
    sentence: "member 14 did not, and was marked dormant: no quorum waits for that vote any more",
    compared: {
      "votes less while one member is dormant": 1,
      "member 14: dormant": Standing.Dormant,
    },
  }),
  "the return": () => ({
    sentence: "member 14 came back by one act, and votes again at once",
    compared: {
      "votes after the member came back": BEFORE,
      "member 14: votes again": Standing.Granted,
    },
  }),
};

/** The first boundary at which a vote can mature whose member qualified when the vouches were told of: 30 days, then the epoch. */
function boundaryAfter({ roll = [] }: Report): number {
  const told = roll.find(({ sentence }) => sentence.includes("vouched for member 67"));
  return Math.ceil(((told?.at ?? 0) + 30 * DAY) / (7 * DAY)) * 7 * DAY;
}

describe("Pilot: the roll in full", function () {
  this.timeout(60_000);

  let connection: NetworkConnection;
  let report: Report;
  let membership: Membership;
  let markdown: string;

  before(async () => {
    connection = await network.create();
    ({ report, markdown } = await play(connection, "pilot", { roll: true }));
    membership = await connection.ethers.getContractAt("Membership", report.contracts.membership);
  });

  after(() => connection.close());

  it("finds everything as it must be", () => {
    expect(differing(report)).to.deep.equal([]);
    expect(report.ok).to.equal(true);
  });

  it("tells 17 scenes, one after the other, and no other", () => {
    const sentences = Object.values(SCENES).map((scene) => scene(report).sentence);
    expect(sentences).to.have.length(17);
    expect(report.roll?.map(({ sentence }) => sentence)).to.deep.equal(sentences);
    const moments = report.roll?.map(({ at }) => at) ?? [];
    expect(moments).to.deep.equal([...moments].sort((one, other) => one - other));
  });

  for (const [name, scene] of Object.entries(SCENES)) {
    it(`plays ${name}`, () => {
      const { sentence, compared } = scene(report);
      const names = Object.keys(compared);
      const found = report.comparisons.filter(({ what }) => names.includes(what));
      expect(report.roll?.filter((told) => told.sentence === sentence)).to.have.length(1);
      expect(markdown).to.include(`: ${sentence}\n`);
      expect(found).to.deep.equal(
        Object.entries(compared).map(([what, value]) => {
          const expected = String(value);
          return { what, expected, actual: expected, ok: true };
        }),
      );
    });
  }

  it("compares nothing that no scene names", () => {
    const known = Object.values(SCENES).flatMap((scene) => Object.keys(scene(report).compared));
    const last = report.comparisons.findLastIndex(({ what }) => what.startsWith("refused – "));
    expect(report.comparisons.slice(last + 1).map(({ what }) => what)).to.deep.equal(known);
  });

  context("when the chain is asked again about the flood", () => {
    /** When votes count, by the open list after a block. */
    async function maturities(blockTag: number) {
      const page = await membership.members(1, BEFORE, { blockTag });
      return page.map(({ number, votesFrom, pauses }) => ({ number, votesFrom, pauses }));
    }

    it("finds the maturity of everybody before it as it was", async () => {
      const joined = await membership.queryFilter(membership.filters.MemberJoined());
      const [first, last] = [joined[BEFORE], joined[BEFORE + FLOOD - 1]];
      const before = await maturities(first.blockNumber - 1);
      expect(before.filter(({ votesFrom }) => votesFrom !== 0n)).to.have.length(66);
      expect(await membership.lastNumber({ blockTag: first.blockNumber - 1 })).to.equal(BEFORE);
      expect(await membership.lastNumber({ blockTag: last.blockNumber })).to.equal(BEFORE + FLOOD);
      expect(await maturities(last.blockNumber)).to.deep.equal(before);
    });

    it("finds each of its keys a participant without a vote, a year later, too", async () => {
      const keys = new Keyring(connection.ethers, report.seed);
      for (let index = 0; index < FLOOD; index++) {
        const { address } = keys.other(`flood ${index}`);
        const { key, votesFrom, pauses } = await membership.member(BEFORE + 1 + index);
        expect(key).to.equal(address);
        expect(votesFrom, address).to.equal(0);
        expect(pauses, address).to.equal(1n << Pause.Unqualified);
        expect(await membership.getVotes(address), address).to.equal(0);
      }
    });
  });

  context("when the command is given no story", () => {
    it("plays the scenes, too", async () => {
      await inFolder({}, async (reports) => {
        const { success, output } = await command({ story: "", reports });
        expect(success, output).to.equal(true);
        expect(output).to.match(/^(\d+) of \1 as the story says\./m);
        const written: Report = JSON.parse(readFileSync(join(reports, "pilot.json"), "utf8"));
        expect(written.roll?.map(({ sentence }) => sentence)).to.deep.equal(
          report.roll?.map(({ sentence }) => sentence),
        );
      });
    });
  });
});
