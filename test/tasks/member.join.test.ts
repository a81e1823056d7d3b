import { expect } from "chai";
import { id } from "ethers";
import { requireCodeInForce } from "../../scripts/lib/member/code.js";
import { groupOf, JOIN } from "../../scripts/lib/member/join.js";
import { perform } from "../../scripts/lib/member/perform.js";
import { admits, policyInForce, readEvidence } from "../../scripts/lib/member/policy.js";
import { qualify } from "../../scripts/lib/member/qualify.js";
import { date } from "../../scripts/lib/member/words.js";
import { inFolder } from "../helpers/folder.js";
import { contextOf, textOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";
import { useRoll } from "../helpers/roll.js";

describe("member join", () => {
  const roll = useRoll();
  const joining = (index: number, group = 1) => ({
    account: roll.person(index).address,
    group,
    codeDigest: roll.codeDigest,
    evidence: "0x",
  });

  describe("the Code of Conduct", () => {
    it("is refused where the text is not the one in force", async () => {
      const context = await contextOf(roll);
      await inFolder({ "code.md": "Be kind.\n" }, async (folder) => {
        expect(await refusal(requireCodeInForce(context, `${folder}/code.md`)))
          .to.contain("is not the Code of Conduct in force")
          .and.to.contain(roll.codeDigest);
        expect(await refusal(requireCodeInForce(context, `${folder}/none.md`))).to.contain("is missing");
      });
    });

    it("is found to be in force by its bytes", async () => {
      const code = await requireCodeInForce(await contextOf(roll), "docs/code-of-conduct.md");
      expect(code).to.deep.equal({ digest: roll.codeDigest, version: 1 });
    });
  });

  describe("the options", () => {
    it("name a group by index or name, in any case, and no other", async () => {
      const context = await contextOf(roll);
      const [, second = ""] = context.groups;
      expect([groupOf(context, "1"), groupOf(context, ` ${second.toUpperCase()}`)]).to.deep.equal([1, 1]);
      for (const text of ["", "9", "-1", "Nobody"]) {
        expect(await refusal((async () => groupOf(context, text))()), text).to.contain(`${second} (1)`);
      }
    });

    it("take evidence in whole bytes, for a policy of another make", async () => {
      const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
      await roll.governing.setAdmissionPolicy(policy);
      const context = await contextOf(roll);
      expect(await readEvidence(context, "")).to.equal("0x");
      expect(await readEvidence(context, "0x01")).to.equal("0x01");
      expect(await refusal(readEvidence(context, "0x1"))).to.contain('--evidence is "0x1"');
    });

    for (const [policy, words] of [
      ["admission", "(open) looks at no evidence, but wants nothing: leave --evidence out."],
      ["vouched", "(vouched) looks at no evidence, but wants vouches of"],
      ["attested", "an issuer's statement is brought with --statement."],
      ["either", "(combined) looks at no evidence"],
    ] as const) {
      it(`refuse evidence where the ${policy} policy is in force, which would not look at it`, async () => {
        await roll.governing.setAdmissionPolicy(roll[policy]);
        const context = await contextOf(roll);
        expect(await refusal(readEvidence(context, "0x01"))).to.contain(words);
        expect(await readEvidence(context, "0x")).to.equal("0x");
      });
    }

    it("take evidence for a combination with a part of another make", async () => {
      const foreign = await (await roll.ethers.deployContract("AdmissionPolicyMock")).getAddress();
      const parts = [await roll.vouched.getAddress(), foreign];
      const either = await roll.ethers.deployContract("CombinedAdmission", [parts, false]);
      await roll.governing.setAdmissionPolicy(either);
      Object.assign(roll, { either });
      expect(await readEvidence(await contextOf(roll), "0x01")).to.equal("0x01");
    });
  });

  context("when the contract would refuse", () => {
    it("says so before anything is sent", async () => {
      await roll.join(roll.person(0));
      const context = await contextOf(roll);
      expect(await refusal(perform(context, JOIN, joining(0), roll.person(0)))).to.contain(
        "is on the roll already, as member 1",
      );
      expect(await refusal(perform(context, JOIN, joining(1, 7), roll.person(1)))).to.contain("--group is");
      const other = { ...joining(1), codeDigest: id("another") };
      expect(await refusal(perform(context, JOIN, other, roll.person(1)))).to.contain(
        "Join with the text in force",
      );
      expect(await refusal(perform(context, JOIN, joining(1), roll.person(2)))).to.contain(
        `Only ${roll.person(1).address} can do that`,
      );
      expect(await roll.membership.lastNumber()).to.equal(1n);
    });

    it("tells what only the contract knows in the same plain words", async () => {
      const number = await roll.join(roll.person(0));
      await roll.governing.end(number);
      const context = await contextOf(roll);
      expect(await refusal(perform(context, JOIN, joining(0), roll.person(0)))).to.contain(
        "have not pardoned it, so it cannot come back",
      );
    });
  });

  context("under open admission", () => {
    it("tells the number, and from when the vote counts", async () => {
      const outcome = await perform(await contextOf(roll), JOIN, joining(0), roll.person(0));
      const votesFrom = await roll.votesFrom(1n);
      expect(textOf(outcome))
        .to.contain("is member 1")
        .and.to.contain(`matures on ${date(votesFrom)}`);
      expect(outcome.facts).to.deep.include({ act: "join", number: 1, participant: false });
      expect(outcome.facts.votesFrom).to.deep.include({ seconds: Number(votesFrom) });
      expect(await roll.membership.numberOf(roll.person(0))).to.equal(1n);
    });
  });

  for (const [policy, name, wants] of [
    ["vouched", "vouched", "vouches of"],
    ["attested", "attested", "an issuer whom the members accredited"],
    ["either", "combined", ", or a statement"],
  ] as const) {
    context(`under ${name} admission`, () => {
      it("tells that the member is a participant, and what is wanted", async () => {
        await roll.governing.setAdmissionPolicy(roll[policy]);
        const outcome = await perform(await contextOf(roll), JOIN, joining(0), roll.person(0));
        expect(textOf(outcome)).to.contain("As a participant").and.to.contain(`(${name}) wants`);
        expect(textOf(outcome)).to.contain(wants);
        expect(textOf(outcome).includes("--number 1 --statement <file>")).to.equal(policy !== "vouched");
        expect(outcome.facts).to.deep.include({ number: 1, participant: true });
      });
    });
  }

  context("under a policy of another make", () => {
    it("names its address", async () => {
      const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
      await roll.governing.setAdmissionPolicy(policy);
      expect((await policyInForce(await contextOf(roll))).wants).to.contain(await policy.getAddress());
    });
  });
});

describe("member qualify", () => {
  const roll = useRoll();

  it("refuses who is no participant, or does not meet the policy yet", async () => {
    const voter = Number(await roll.join(roll.person(0)));
    await roll.governing.setAdmissionPolicy(roll.vouched);
    const participant = Number(await roll.join(roll.person(1)));
    const context = await contextOf(roll);
    expect(await refusal(qualify(context, voter, "0x", roll.person(2)))).to.contain("is no participant");
    expect(await refusal(qualify(context, participant, "0x", roll.person(2)))).to.contain(
      "does not meet the admission policy in force (vouched) yet, which wants vouches of",
    );
    expect(await refusal(qualify(context, 9, "0x", roll.person(2)))).to.contain(
      "No member has number 9; numbers go from 1 to 2",
    );
  });

  it("enters a participant in the queue, by anybody", async () => {
    await roll.governing.setAdmissionPolicy(roll.vouched);
    const number = await roll.join(roll.person(0));
    await roll.governing.setAdmissionPolicy(roll.admission);
    const outcome = await qualify(await contextOf(roll), Number(number), "0x", roll.person(5));
    const votesFrom = await roll.votesFrom(number);
    expect(textOf(outcome)).to.contain(`matures on ${date(votesFrom)}`);
    expect(outcome.facts).to.deep.include({ act: "qualify", number: 1 });
  });

  describe("where the roll does not answer", () => {
    /** A coalition whose roll fails in a way of its own when somebody is to qualify. */
    async function failing(thrown: Error) {
      const context = await contextOf(roll);
      const membership = {
        interface: context.coalition.membership.interface,
        connect: () => ({ qualify: { staticCall: () => Promise.reject(thrown) } }),
      };
      return { ...context, coalition: { ...context.coalition, membership } } as unknown as typeof context;
    }

    it("takes no failure of the node for a no of the policy", async () => {
      const lost = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:8545"), { code: "ECONNREFUSED" });
      const caught = await admits(await failing(lost), 1).catch((error: unknown) => error);
      expect(caught).to.equal(lost);
    });

    it("takes no other refusal of the roll for a no of the policy", async () => {
      const full = roll.membership.interface.encodeErrorResult("ElectorateLedgerFull", [7, 7]);
      const thrown = Object.assign(new Error("reverted"), { data: full });
      const caught = await admits(await failing(thrown), 1).catch((error: unknown) => error);
      expect(caught).to.equal(thrown);
    });

    it("hears a no in words of another make's own, and one without words", async () => {
      await roll.governing.setAdmissionPolicy(roll.vouched);
      await roll.join(roll.person(0));
      const eloquent = await roll.ethers.deployContract("AdmissionPolicyMock");
      await eloquent.speakUp();
      for (const policy of [eloquent, await roll.ethers.deployContract("NonsensePolicy")]) {
        await roll.governing.setAdmissionPolicy(policy);
        expect(await admits(await contextOf(roll), 1)).to.equal(false);
      }
      expect(await refusal(qualify(await contextOf(roll), 1, "0x", roll.person(2)))).to.contain(
        "(unknown) yet, which wants whatever the policy at",
      );
    });
  });
});
