import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { ACCEPT, NOMINATE, SECOND, STAND, WITHDRAW } from "../../scripts/lib/elections/candidacy.js";
import { count, finish } from "../../scripts/lib/elections/count.js";
import { lastElection } from "../../scripts/lib/elections/election.js";
import { sourceAt } from "../../scripts/lib/elections/source.js";
import { electionStatus } from "../../scripts/lib/elections/status.js";
import { open, vote } from "../../scripts/lib/elections/vote.js";
import type { Act, Message } from "../../scripts/lib/member/act.js";
import { sendRequest } from "../../scripts/lib/member/acts.js";
import { LIFE, perform, sign } from "../../scripts/lib/member/perform.js";
import { date } from "../../scripts/lib/member/words.js";
import {
  announce,
  castAll,
  conclude,
  foundWithOffice,
  memberOf,
  toPhase,
  type Wish,
  type WithOffice,
} from "../helpers/election-tasks.js";
import { inFolder } from "../helpers/folder.js";
import { type Connection, foundCoalition } from "../helpers/governor.js";
import { contextOf, textOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";

const STATEMENT = id("statement");

describe("election", function () {
  this.timeout(120_000);

  let connection: Connection;
  let coalition: WithOffice;

  before(async () => {
    connection = await network.create();
  });

  after(() => connection.close());

  /** Tests of the surrounding context begin with a coalition and an election that was announced. */
  function given(wish: Wish, candidates: readonly number[], phase = 0) {
    async function scene() {
      const founded = await foundWithOffice(connection, wish);
      await announce(founded, candidates);
      if (phase > 0) await toPhase(founded, phase);
      return founded;
    }
    beforeEach(async () => {
      coalition = await connection.networkHelpers.loadFixture(scene);
    });
  }

  const now = () => contextOf(coalition);
  const by = (number: number) => memberOf(coalition, number);
  const about = (number: number) => ({ account: by(number).address, electionId: 1 });

  /** What the command tells a member, as one text. */
  async function told(number?: number) {
    const context = await now();
    const source = await sourceAt(context.ethers, context.contracts);
    const key = number === undefined ? undefined : by(number).address;
    return electionStatus(context, source, 1n, key, 0);
  }

  const text = async (number?: number) => textOf(await told(number));

  describe("which election", () => {
    given({}, []);

    it("is the last one to the only office", async () => {
      expect(await lastElection(await now(), "")).to.equal(1n);
      expect(await lastElection(await now(), "1")).to.equal(1n);
      expect(await refusal(lastElection(await now(), "2"))).to.contain("a whole number from 1 to 1");
    });

    it("is refused where it was never announced", async () => {
      const context = await now();
      const source = await sourceAt(context.ethers, context.contracts);
      expect(await refusal(electionStatus(context, source, 7n, undefined, 0))).to.equal(
        "No election has the number 7.",
      );
      expect(
        await refusal(perform(context, STAND, { ...about(2), electionId: 7, statement: STATEMENT }, by(2))),
      ).to.equal("No election has the number 7.");
    });

    it("is refused where there is no office", async () => {
      const bare = { ...(await foundCoalition(connection, { count: 1 })), ethers: connection.ethers };
      expect(await refusal(lastElection(await contextOf(bare), ""))).to.contain(
        "The coalition has no office yet",
      );
    });
  });

  describe("nominate, stand, accept, second and withdraw", () => {
    given({ secondsNeeded: 1 }, []);

    it("takes a member from nomination to the ballot", async () => {
      const nominee = by(2).address;
      const nominated = await perform(await now(), NOMINATE, { ...about(1), nominee }, by(1));
      expect(textOf(nominated))
        .to.contain("is nominated, and must accept")
        .and.to.contain("has not accepted yet");
      const accepted = await perform(await now(), ACCEPT, { ...about(2), statement: STATEMENT }, by(2));
      expect(textOf(accepted)).to.contain("accepts the nomination").and.to.contain("It has 0 seconds of 1");
      const seconded = await perform(await now(), SECOND, { ...about(3), number: 2 }, by(3));
      expect(textOf(seconded)).to.contain("Member 2 is a candidate: option 1 on the ballot.");
      expect(seconded.facts).to.deep.include({ election: 1, number: 2, option: 1, by: 3 });
      const gone = await perform(await now(), WITHDRAW, { ...about(2), number: 2 }, by(2));
      expect(textOf(gone)).to.contain("withdrew from election 1, for good");
      expect((await coalition.elections.nominationOf(1, 2)).withdrawn).to.equal(true);
      expect(await text()).to.contain("withdrew");
    });

    it("takes the same from signed requests that somebody else sends", async () => {
      const payer = coalition.outsiders[0] ?? by(9);
      const relayed = async <M extends Message>(act: Act<M>, message: M, signer: number) => {
        const context = await now();
        const request = await sign(context, act, message, by(signer), context.now + LIFE);
        return inFolder({ "request.json": JSON.stringify(request) }, (folder) =>
          sendRequest(context, `${folder}/request.json`, payer),
        );
      };
      const nominee = by(3).address;
      await relayed(NOMINATE, { ...about(1), nominee }, 1);
      await relayed(ACCEPT, { ...about(3), statement: STATEMENT }, 3);
      await relayed(STAND, { ...about(4), statement: STATEMENT }, 4);
      const seconded = await relayed(SECOND, { ...about(5), number: 4 }, 5);
      expect(seconded.facts).to.deep.include({ number: 4, option: 1, by: 5 });
      await relayed(WITHDRAW, { ...about(4), number: 4 }, 4);
      expect((await coalition.elections.nominationOf(1, 3)).accepted).to.equal(true);
      expect((await coalition.elections.nominationOf(1, 4)).withdrawn).to.equal(true);
    });

    it("says in words what the contract refuses", async () => {
      const stand = async (number: number) =>
        perform(await now(), STAND, { ...about(number), statement: STATEMENT }, by(number));
      const second = async (number: number, whom: number) =>
        refusal(perform(await now(), SECOND, { ...about(number), number: whom }, by(number)));
      expect(await second(3, 2)).to.equal(
        "Member 2 is not nominated in election 1, or withdrew, or was struck off.",
      );
      for (const number of [2, 4, 5]) await stand(number);
      expect(await refusal(stand(2))).to.contain("Member 2 is nominated already");
      expect(await second(2, 2)).to.contain("Nobody seconds themselves");
      await perform(await now(), SECOND, { ...about(3), number: 2 }, by(3));
      expect(await second(3, 2)).to.equal("Member 3 has seconded member 2 already.");
      await perform(await now(), SECOND, { ...about(3), number: 4 }, by(3));
      expect(await second(3, 5)).to.equal("Member 3 has seconded as many as one may in an election, 2.");
      expect(await second(3, 99)).to.contain("No member has number 99");
      const again = perform(await now(), ACCEPT, { ...about(2), statement: STATEMENT }, by(2));
      expect(await refusal(again)).to.equal("Member 2 has accepted already.");
      const none = perform(await now(), STAND, { ...about(6), statement: `0x${"0".repeat(64)}` }, by(6));
      expect(await refusal(none)).to.contain("A statement has a digest");
      const [outsider] = coalition.outsiders;
      if (outsider === undefined) throw new Error("nobody is outside");
      const message = { account: outsider.address, electionId: 1, statement: STATEMENT };
      expect(await refusal(perform(await now(), STAND, message, outsider))).to.contain(
        "is not on the roll; in an election only those stand, or second, who could when it was announced.",
      );
      await toPhase(coalition, 1);
      expect(await refusal(stand(7))).to.equal(
        "That is done in the phase of nomination; election 1 is in the phase of acceptance: nominees accept and are seconded.",
      );
      await toPhase(coalition, 4);
      const late = perform(await now(), WITHDRAW, { ...about(2), number: 2 }, by(2));
      expect(await refusal(late)).to.contain("phases nomination, acceptance, objection, voting");
    });
  });

  describe("vote", () => {
    context("given approvals", () => {
      given({ seats: 2 }, [1, 2, 3], 3);

      it("takes numbers, keys and ron, and changes until the close", async () => {
        const key = by(2).address;
        const first = await vote(await now(), 1n, `1, ${key}`, "", by(5));
        expect(textOf(first))
          .to.contain("Member 5 voted in election 1: member 1 and member 2.")
          .and.to.contain(`until ${date((await coalition.elections.endsOf(1))[3])}`);
        expect(await coalition.approval.ballotOf(1, 5)).to.equal(0b110n);
        const second = await vote(await now(), 1n, "RON,3", "", by(5));
        expect(second.facts).to.deep.include({ election: 1, number: 5, options: [0, 3], ballot: "9" });
        expect(await coalition.approval.ballotOf(1, 5)).to.equal(0b1001n);
        expect(await text(5)).to.contain("You voted: re-open nominations and member 3.");
      });

      it("refuses what is no choice, and says what is", async () => {
        const choose = async (choices: string, out = "", number = 5) =>
          refusal(vote(await now(), 1n, choices, out, by(number)));
        expect(await choose("")).to.contain("Say for whom");
        expect(await choose("9")).to.equal(
          '--for names "9", allowed: candidates by number or key, or ron to re-open nominations: 1, 2, 3, ron',
        );
        expect(await choose("Alice")).to.contain('--for names "Alice"');
        expect(await choose(by(9).address)).to.contain("allowed: candidates");
        expect(await choose("1,1")).to.contain("names 1 twice");
        expect(await choose("1,2,3")).to.equal(
          "--for names 3 candidates; a ballot names as many as there are seats at the most, 2.",
        );
        expect(await choose("1", "salt.json")).to.contain("ballots of this election are open");
        await coalition.elections.connect(by(3)).withdraw(1);
        expect(await choose("3")).to.contain(
          "Member 3 withdrew and cannot be elected; still there: 1, 2, ron",
        );
        const [outsider] = coalition.outsiders;
        if (outsider === undefined) throw new Error("nobody is outside");
        expect(await refusal(vote(await now(), 1n, "1", "", outsider))).to.contain("is not on the roll");
        await toPhase(coalition, 4);
        expect(await choose("1")).to.contain("Ballots of election 1 are taken from");
      });
    });

    context("given ranked ballots", () => {
      given({ method: "ranked", seats: 2 }, [1, 2, 3], 3);

      it("keeps the order of preference", async () => {
        const outcome = await vote(await now(), 1n, "3,1,ron,2", "", by(5));
        expect(textOf(outcome)).to.contain("1. member 3, 2. member 1, 3. re-open nominations, 4. member 2");
        expect(await coalition.ranked.ballotOf(1, 5)).to.equal(0x3124n);
        expect(await text(5)).to.contain("You voted: 1. member 3, 2. member 1");
      });
    });

    context("given sealed ballots", () => {
      given({ secret: true, seats: 1 }, [1, 2], 3);

      it("seals with a salt that only the file has, for its owner alone", async () => {
        await inFolder({}, async (folder) => {
          const out = join(folder, "salt.json");
          expect(await refusal(vote(await now(), 1n, "2", "", by(5)))).to.contain("name a file");
          const outcome = await vote(await now(), 1n, "2", out, by(5));
          const file = JSON.parse(readFileSync(out, "utf8"));
          expect(statSync(out).mode & 0o777).to.equal(0o600);
          expect(file).to.deep.include({ election: 1, chainId: 31_337, number: 5, ballot: "4" });
          const seal = await coalition.approval.sealOf(1, 5, file.ballot, file.salt);
          expect(await coalition.approval.sealedBallotOf(1, 5)).to.equal(seal);
          const shown = JSON.stringify(outcome);
          expect(shown).not.to.contain(file.salt.slice(2));
          expect(shown).not.to.contain("member 2");
          expect(textOf(outcome)).to.contain(`"election open --ballot ${out}"`);
          expect(await refusal(vote(await now(), 1n, "1", out, by(5)))).to.contain("exists already");
          const other = await vote(await now(), 1n, "2", join(folder, "other.json"), by(6));
          expect(other.facts).to.include({ number: 6 });
          const { salt } = JSON.parse(readFileSync(join(folder, "other.json"), "utf8"));
          expect(salt).not.to.equal(file.salt);
          expect(await text(5)).to.contain("You cast a sealed ballot");
        });
      });

      it("writes no salt of a ballot that is refused", async () => {
        await inFolder({}, async (folder) => {
          const out = join(folder, "salt.json");
          await toPhase(coalition, 4);
          expect(await refusal(vote(await now(), 1n, "1", out, by(5)))).to.contain("are taken from");
          expect(existsSync(out)).to.equal(false);
        });
      });

      it("opens after the close, by whoever has the file", async () => {
        await inFolder({}, async (folder) => {
          const out = join(folder, "salt.json");
          await vote(await now(), 1n, "2", out, by(5));
          const { salt } = JSON.parse(readFileSync(out, "utf8"));
          expect(await refusal(open(await now(), out, by(9)))).to.contain(
            "Sealed ballots of election 1 are opened from",
          );
          await toPhase(coalition, 4);
          expect(await text(5)).to.contain("Your ballot is sealed: open it now");
          const outcome = await open(await now(), out, by(9));
          expect(textOf(outcome)).to.contain("The ballot of member 5 in election 1 is open, and counts.");
          expect(JSON.stringify(outcome)).not.to.contain(salt.slice(2));
          expect(await coalition.approval.ballotOf(1, 5)).to.equal(0b100n);
          expect(await text(5)).to.contain("Your ballot is open, and counts.");
          expect(await text(6)).to.contain("You did not vote.");
          expect(await refusal(open(await now(), out, by(9)))).to.contain("or it was opened already");
        });
      });

      it("refuses a file that is none, another's, and one with another ballot in it", async () => {
        await inFolder({}, async (folder) => {
          const out = join(folder, "salt.json");
          expect(await refusal(open(await now(), "", by(9)))).to.contain("Say which ballot to open");
          expect(await refusal(open(await now(), out, by(9)))).to.contain("is missing");
          await vote(await now(), 1n, "2", out, by(5));
          const file = JSON.parse(readFileSync(out, "utf8"));
          const withChange = async (change: object) => {
            writeFileSync(out, JSON.stringify({ ...file, ...change }));
            return refusal(open(await now(), out, by(9)));
          };
          await toPhase(coalition, 4);
          expect(await withChange({ chainId: 1 })).to.contain("was signed for chain 1");
          expect(await withChange({ contract: by(1).address })).to.contain("for the contract");
          expect(await withChange({ ballot: 4 })).to.contain("allowed: a whole number, as text");
          expect(await withChange({ salt: "0x12" })).to.contain("salt is");
          expect(await withChange({ ballot: "2" })).to.contain("it is not what was sealed");
        });
      });

      it("keeps the salt out of what a node complains of", async () => {
        await inFolder({}, async (folder) => {
          const out = join(folder, "salt.json");
          await vote(await now(), 1n, "2", out, by(5));
          const { salt } = JSON.parse(readFileSync(out, "utf8"));
          await toPhase(coalition, 4);
          const broken = Object.create(by(9), {
            estimateGas: {
              value: async (call: { data: string }) => Promise.reject(new Error(`lost ${call.data}`)),
            },
          });
          const complaint = await refusal(open(await now(), out, broken));
          expect(complaint).to.contain("lost 0x").and.not.to.contain(salt.slice(2));
        });
      });
    });
  });

  describe("status, count and finish", () => {
    context("given approvals", () => {
      given({ seats: 1 }, [1, 2, 3]);

      it("tells the phase, its end, the candidates, and what one can do", async () => {
        const ends = (await coalition.elections.endsOf(1)).map(Number);
        const nomination = await text(5);
        expect(nomination)
          .to.contain("Election 1 to office 1: 1 seat, open ballots, by approval.")
          .and.to.contain(
            `Phase: nomination, in which members are nominated and seconded; until ${date(ends[0] ?? 0)}.`,
          )
          .and.to.contain("You can stand")
          .and.to.match(/^3 +Private Sector +stands$/m);
        expect(await text(2)).to.contain("Member 2 is a candidate: option 2 on the ballot.");
        await toPhase(coalition, 1);
        expect(await text(5)).to.contain("no new names any more");
        await toPhase(coalition, 2);
        expect(await text(5)).to.contain("Members can object to candidates");
        await toPhase(coalition, 3);
        expect(await text(5)).to.contain('You can vote: "election vote --election 1 --for …".');
        await toPhase(coalition, 4);
        expect(await text(5)).to.contain("The vote is over");
        const { facts } = await told(5);
        expect(facts).to.deep.include({
          election: 1,
          office: 1,
          phase: "reveal",
          method: "approval",
          secret: false,
        });
        expect(facts).to.have.nested.property("phaseEndsAt.seconds", ends[4]);
      });

      it("tells who could not vote when it was announced, and why", async () => {
        const [outsider] = coalition.outsiders;
        const context = await now();
        const source = await sourceAt(context.ethers, context.contracts);
        const { lines } = await electionStatus(context, source, 1n, outsider?.address, 0);
        expect(lines.at(-1)).to.contain(
          "is not on the roll; those take part who could vote when the election was announced, on",
        );
        expect(await text()).not.to.contain("You can");
      });

      it("tells who was elected, and why", async () => {
        await toPhase(coalition, 3);
        await castAll(coalition, { 4: [1], 5: [2], 6: [2], 7: [0, 2], 8: [0], 9: [1] }, 3);
        await toPhase(coalition, 4);
        const early = await refusal(count(await now(), 1n, 1_000, by(9), () => {}));
        expect(early).to.contain("The ballots of election 1 are counted from");
        await toPhase(coalition, 5);
        const tooEarly = await refusal(finish(await now(), 1n, by(9)));
        expect(tooEarly).to.contain("That is done in the phase of finishing");
        expect(await text(5))
          .to.contain("Counted: 6 ballots. In the order of the count: member 2.")
          .and.to.contain("Anybody can recount");
        const found = await count(await now(), 1n, 1_000, by(9), () => {});
        expect(found.facts).to.deep.include({ ballots: 6, order: [2], transactions: 0 });
        await toPhase(coalition, 6);
        expect(await text(5)).to.contain("Anybody can have the winners seated");
        const over = await finish(await now(), 1n, by(9));
        expect(textOf(over)).to.contain("Seated in office 1: member 2.");
        expect(over.facts).to.deep.include({ winners: [2], office: 1 });
        const final = await text(5);
        expect(final)
          .to.contain("Phase: finished.")
          .and.to.contain("Elected: member 2, by 6 ballots.")
          .and.to.contain('Ahead of "re-open nominations" (2 approvals): member 2 3 approvals.')
          .and.to.contain("Not ahead of it, so not elected: member 1 2 approvals, member 3 0 approvals.");
        expect(await refusal(finish(await now(), 1n, by(9)))).to.contain("phase of finished: it is over");
      });

      it("tells who was passed over", async () => {
        await toPhase(coalition, 3);
        await castAll(coalition, { 4: [1], 5: [1], 6: [2] }, 3);
        await coalition.elections.connect(by(1)).withdraw(1);
        await conclude(coalition);
        expect(await text())
          .to.contain("Elected: member 2")
          .and.to.contain("Passed over: member 1, who withdrew");
      });

      it("tells where seats stayed vacant", async () => {
        await toPhase(coalition, 3);
        await castAll(coalition, { 4: [0], 5: [0], 6: [1] }, 3);
        await toPhase(coalition, 6);
        const over = await finish(await now(), 1n, by(9));
        expect(textOf(over))
          .to.contain("Seated in office 1: nobody.")
          .and.to.contain("1 seat stayed vacant.");
        expect(await text())
          .to.contain("Elected: nobody, by 3 ballots")
          .and.to.contain("(2 approvals): nobody.");
      });
    });

    context("given ranked ballots", () => {
      given({ method: "ranked", seats: 1 }, [1, 2, 3], 3);

      it("counts over as many transactions as it takes, and tells the stages", async () => {
        await castAll(coalition, { 4: [1], 5: [1], 6: [2], 7: [2], 8: [3, 2] }, 3);
        await toPhase(coalition, 6);
        expect(await refusal(finish(await now(), 1n, by(9)))).to.contain(
          "is not counted yet; anybody counts it",
        );
        expect(await text(5)).to.contain('Anybody can count: "election count --election 1".');
        expect(await refusal(count(await now(), 1n, 2_001, by(9), () => {}))).to.contain(
          "A transaction reads 1 to 1500 words",
        );
        const said: string[] = [];
        const found = await count(await now(), 1n, 1, by(9), (line) => said.push(line));
        expect(found.facts).to.deep.include({ ballots: 5, order: [2, 1, 3] });
        expect(said.length).to.be.greaterThan(1);
        expect(said.at(-1)).to.match(/^Transaction \d+: \d stages? complete, 1 elected so far\.$/);
        await finish(await now(), 1n, by(9));
        expect(await text())
          .to.contain("Elected: member 2")
          .and.to.contain("Stage 1, first preferences: member 1 2.00000, member 2 2.00000, member 3 1.00000.")
          .and.to.contain(
            "member 3 is out, and those ballots move on: member 1 2.00000, member 2 3.00000; elected: member 2.",
          );
      });
    });
  });
});
