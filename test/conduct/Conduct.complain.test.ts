import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroHash } from "ethers";
import { network } from "hardhat";
import { EMPTY_SERIES, nextHead } from "../../scripts/lib/record-series.js";
import {
  bytesOf,
  COMPLAINANT,
  DAY,
  EVIDENCE,
  foundConduct,
  Phase,
  REASON,
  RESPONDENT,
  Result,
  RULES,
  ruling,
  signForConduct,
} from "../helpers/conduct.js";
import { FOR_GOOD, LIST, OTHER } from "../helpers/forum.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const SALTED = id("who complained, and a salt");
const COMPLAINT = "tuple(uint32,uint32,bytes32,uint32,uint32,bytes32)";

async function founded() {
  return foundConduct(connection);
}

describe("Conduct", function () {
  this.timeout(120_000);

  describe("complain", () => {
    it("reverts for a key that is not on the roll", async () => {
      const { conduct, complaint, stranger } = await loadFixture(founded);
      await expect(conduct.connect(stranger).complain(complaint()))
        .to.be.revertedWithCustomError(conduct, "ConductNotOnRoll")
        .withArgs(stranger);
    });

    it("reverts for a respondent who is nobody, never was, or left", async () => {
      const { conduct, membership, by, complaint, member } = await loadFixture(founded);
      await membership.connect(member(5)).resign();
      for (const respondent of [0n, 19n, 5n]) {
        await expect(by(COMPLAINANT).complain(complaint({ respondent })))
          .to.be.revertedWithCustomError(conduct, "ConductNoRespondent")
          .withArgs(respondent);
      }
    });

    it("reverts for a complaint of oneself", async () => {
      const { conduct, by, complaint } = await loadFixture(founded);
      await expect(by(RESPONDENT).complain(complaint()))
        .to.be.revertedWithCustomError(conduct, "ConductOwnCase")
        .withArgs(RESPONDENT);
    });

    it("reverts for a rule that is not in force", async () => {
      const { conduct, by, complaint } = await loadFixture(founded);
      for (const [clause, rule, current] of [
        [1n, RULES[1], RULES[0]],
        [3n, RULES[1], ZeroHash],
        [3n, ZeroHash, ZeroHash],
      ] as const) {
        await expect(by(COMPLAINANT).complain(complaint({ clause, rule })))
          .to.be.revertedWithCustomError(conduct, "ConductRuleNotInForce")
          .withArgs(clause, rule, current);
      }
    });

    it("reverts without evidence", async () => {
      const { conduct, by, complaint } = await loadFixture(founded);
      await expect(by(COMPLAINANT).complain(complaint({ evidence: ZeroHash }))).to.be.revertedWithCustomError(
        conduct,
        "ConductNoText",
      );
    });

    it("reverts for a post that the respondent did not write", async () => {
      const { conduct, by, complaint, thread } = await loadFixture(founded);
      await thread(3, "Another's post");
      for (const [list, post, author] of [
        [LIST, 2n, 3n],
        [LIST, 3n, 0n],
        [OTHER, 1n, 0n],
        [LIST, 0n, 0n],
        [0n, 1n, 0n],
      ] as const) {
        await expect(by(COMPLAINANT).complain(complaint({ list, post })))
          .to.be.revertedWithCustomError(conduct, "ConductNotAuthor")
          .withArgs(list, post, RESPONDENT, author);
      }
    });

    it("opens a case under the terms of the moment, and gives notice in public without naming who complained", async () => {
      const { conduct, panels, parameters, speakers, by, complaint, now, open } = await loadFixture(founded);
      const before = await conduct.series();
      expect(before).to.equal(EMPTY_SERIES);
      const sent = await by(COMPLAINANT).complain(complaint());
      const moment = await now();
      const stated = [RESPONDENT, 2n, RULES[1], LIST, 1n, EVIDENCE];
      await expect(sent)
        .to.emit(conduct, "CaseOpened")
        .withArgs(1n, 1n, RESPONDENT, stated, 1n, ZeroHash, moment);
      const record = keccak256(
        AbiCoder.defaultAbiCoder().encode(
          ["uint8", "uint256", COMPLAINT, "uint32", "bytes32", "uint48"],
          [0, 1n, stated, 1n, ZeroHash, moment],
        ),
      );
      expect(await conduct.series()).to.equal(nextHead(before, record));
      const { response } = parameters.Conduct;
      const until = moment + BigInt(response);
      const seen = await conduct.caseOf(1);
      expect([...seen.complaint]).to.deep.equal(stated);
      expect([seen.version, seen.openedAt, seen.phase, seen.until]).to.deep.equal([
        1n,
        moment,
        Phase.Response,
        until,
      ]);
      expect([seen.instance, seen.draw, seen.result, seen.ruledAt]).to.deep.equal([
        1n,
        1n,
        Result.Pending,
        0n,
      ]);
      expect((await panels.drawOf(1)).until).to.equal(until);
      expect([...(await conduct.figures())]).to.deep.equal([1n, 0n, 0n, 0n, 0n, 0n, 0n]);
      expect(await conduct.caseAbout(LIST, 1)).to.equal(1n);
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(0n);
      expect(await open({ list: 0n, post: 0n })).to.equal(2n);
    });

    it("is open to who is suspended, and keeps the terms when others come", async () => {
      const { conduct, speakers, judging, open, judge, parameters, now } = await loadFixture(founded);
      await speakers.connect(judge).suspend(COMPLAINANT, 9, FOR_GOOD);
      const caseId = await open();
      const { until } = await conduct.caseOf(caseId);
      await judging.setTerms({ ...parameters.Conduct, response: 86_400 });
      expect((await conduct.caseOf(caseId)).until).to.equal(until);
      const later = await open({ list: 0n, post: 0n });
      expect((await conduct.caseOf(later)).until).to.equal((await now()) + DAY);
    });

    it("reverts for a post, and for other evidence against a member, that is or was the matter of a case", async () => {
      const { conduct, by, complaint, ruled, open } = await loadFixture(founded);
      const caseId = await ruled();
      await expect(by(3n).complain(complaint({ clause: 1n, rule: RULES[0], evidence: id("other") })))
        .to.be.revertedWithCustomError(conduct, "ConductTried")
        .withArgs(caseId);
      const other = await open({ list: 0n, post: 0n });
      await expect(by(3n).complain(complaint({ list: 0n, post: 0n })))
        .to.be.revertedWithCustomError(conduct, "ConductTried")
        .withArgs(other);
      // Of another member, or with other evidence, it is another matter.
      await by(3n).complain(complaint({ list: 0n, post: 0n, respondent: 4n }));
      await by(3n).complain(complaint({ list: 0n, post: 0n, evidence: id("other") }));
    });

    it("takes what nobody ruled on as not judged", async () => {
      const { conduct, open, pass } = await loadFixture(founded);
      const first = await open();
      await pass(first);
      await pass(first);
      expect((await conduct.caseOf(first)).result).to.equal(Result.Lapsed);
      const second = await open({}, 3n);
      expect(await conduct.caseAbout(LIST, 1)).to.equal(second);
    });

    it("is limited to a quota in a period, for each member", async () => {
      const { conduct, parameters, by, complaint, goTo, now } = await loadFixture(founded);
      const { quota, quotaPeriod } = parameters.Conduct;
      const length = BigInt(quotaPeriod);
      // From the beginning of a period on.
      await goTo(((await now()) / length + 1n) * length);
      const about = (index: number) => complaint({ list: 0n, post: 0n, evidence: bytesOf(index) });
      for (let index = 1; index <= quota; index++) await by(COMPLAINANT).complain(about(index));
      const end = ((await now()) / length + 1n) * length - 1n;
      await expect(by(COMPLAINANT).complain(about(99)))
        .to.be.revertedWithCustomError(conduct, "ConductQuotaUsed")
        .withArgs(COMPLAINANT, quota, end);
      await by(3n).complain(about(50));
      await goTo(end);
      await by(COMPLAINANT).complain(about(99));
    });
  });

  describe("complainBySig", () => {
    it("opens a case for a member who signed just that", async () => {
      const { conduct, complaint, member, relayer } = await loadFixture(founded);
      const relayed = conduct.connect(relayer);
      const signed = await signForConduct(conduct, member(COMPLAINANT), "FileComplaint", complaint());
      const { account, deadline, signature } = signed;
      for (const bent of [
        complaint({ respondent: 3n }),
        complaint({ clause: 1n }),
        complaint({ rule: RULES[0] }),
        complaint({ list: OTHER }),
        complaint({ post: 2n }),
        complaint({ evidence: REASON }),
      ]) {
        await expect(relayed.complainBySig(account, bent, deadline, signature))
          .to.be.revertedWithCustomError(conduct, "SignedRequestsInvalidSignature")
          .withArgs(account);
      }
      await expect(relayed.complainBySig(account, complaint(), deadline, signature)).to.emit(
        conduct,
        "CaseOpened",
      );
      await expect(relayed.complainBySig(account, complaint(), deadline, signature))
        .to.be.revertedWithCustomError(conduct, "SignedRequestsInvalidSignature")
        .withArgs(account);
    });
  });

  describe("complainFor", () => {
    it("reverts for who is not in the pool, and without a commitment", async () => {
      const { conduct, by, complaint, stranger } = await loadFixture(founded);
      await expect(by(COMPLAINANT).complainFor(complaint(), SALTED, [0, 0]))
        .to.be.revertedWithCustomError(conduct, "ConductNotInPool")
        .withArgs(COMPLAINANT);
      await expect(conduct.connect(stranger).complainFor(complaint(), SALTED, [0, 0]))
        .to.be.revertedWithCustomError(conduct, "ConductNotOnRoll")
        .withArgs(stranger);
      await expect(by(7n).complainFor(complaint(), ZeroHash, [0, 0])).to.be.revertedWithCustomError(
        conduct,
        "ConductNoText",
      );
    });

    it("names nobody but the respondent; who brought it and who is excluded do not judge it", async () => {
      const { conduct, by, complaint, seat, now } = await loadFixture(founded);
      // Three of nine, of whom one has complained.
      const sent = await by(7n).complainFor(complaint(), SALTED, [8, 9]);
      const stated = [RESPONDENT, 2n, RULES[1], LIST, 1n, EVIDENCE];
      await expect(sent)
        .to.emit(conduct, "CaseOpened")
        .withArgs(1n, 1n, RESPONDENT, stated, 1n, SALTED, await now());
      expect((await conduct.caseOf(1)).commitment).to.equal(SALTED);
      const panel = await seat(1n);
      for (const number of [7n, 8n, 9n]) expect(panel).not.to.include(number);
    });

    it("takes of the quota of who brings it", async () => {
      const { conduct, parameters, by, complaint, goTo, now } = await loadFixture(founded);
      const length = BigInt(parameters.Conduct.quotaPeriod);
      await goTo(((await now()) / length + 1n) * length);
      for (let index = 1; index <= parameters.Conduct.quota; index++) {
        await by(7n).complainFor(complaint({ list: 0n, post: 0n, evidence: bytesOf(index) }), SALTED, [0, 0]);
      }
      await expect(by(7n).complainFor(complaint(), SALTED, [0, 0])).to.be.revertedWithCustomError(
        conduct,
        "ConductQuotaUsed",
      );
    });

    it("lets who brought it appeal", async () => {
      const { conduct, by, complaint, seat, rule } = await loadFixture(founded);
      await by(7n).complainFor(complaint(), SALTED, [0, 0]);
      await seat(1n);
      await rule(1n, ruling({ upheld: false, hide: false, suspension: 0 }));
      await expect(by(7n).appeal(1, false, REASON)).to.emit(conduct, "CaseAppealed");
    });
  });
});
