import { readFileSync } from "node:fs";
import { expect } from "chai";
import { id } from "ethers";
import { attest, readId, VALIDITY } from "../../scripts/lib/member/attest.js";
import { memberAt } from "../../scripts/lib/member/lookup.js";
import { joinWith, qualifyWith } from "../../scripts/lib/member/present.js";
import { qualify } from "../../scripts/lib/member/qualify.js";
import { type SignedStatement, type Statement, statementOf } from "../../scripts/lib/member/statement.js";
import { status } from "../../scripts/lib/member/status.js";
import { date } from "../../scripts/lib/member/words.js";
import { inFolder } from "../helpers/folder.js";
import type { Person } from "../helpers/governor.js";
import { contextOf, textOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";
import { type Roll, useRoll } from "../helpers/roll.js";

const [CIVIL_SOCIETY, PRIVATE_SECTOR, ACADEMIA] = [1, 2, 4];
const FIRST = id("statement 1");
const SECOND = id("statement 2");
const DAY = 86_400n;

/** What the tests of statements share: an issuer, and statements in files. */
function useStatements(roll: Roll) {
  const issuer = () => roll.person(9);
  const governing = async () =>
    roll.attested.connect(await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress()));

  const about = async (change: Partial<Statement> = {}): Promise<Statement> => ({
    account: roll.person(0).address,
    group: CIVIL_SOCIETY,
    organisation: false,
    id: FIRST,
    expires: Number((await roll.now()) + 10n * DAY),
    ...change,
  });

  return {
    issuer,
    governing,
    about,

    /** Accredits the issuer for persons of two groups, for a hundred days, unless told otherwise. */
    async accredit(change: object = {}): Promise<bigint> {
      const until = (await roll.now()) + 100n * DAY;
      const scope = { groups: 0b110, persons: true, organisations: false, until, ...change };
      await (await governing()).accredit(issuer(), scope);
      return until;
    },

    /** Has the issuer sign a statement as `member attest` does, and answers what the file holds. */
    async signed(change: Partial<Statement> = {}, by: Person = issuer()): Promise<SignedStatement> {
      return inFolder({}, async (folder) => {
        const out = `${folder}/statement.json`;
        await attest(await contextOf(roll), await about(change), by, out);
        return JSON.parse(readFileSync(out, "utf8"));
      });
    },

    /** Brings a statement for the first member, as somebody else unless told otherwise. */
    qualifying: (statement: unknown, number = 1, by: Person = roll.person(5)) =>
      inFolder({ "statement.json": JSON.stringify(statement) }, async (folder) =>
        qualifyWith(await contextOf(roll), number, { path: `${folder}/statement.json`, evidence: "0x" }, by),
      ),

    /** Joins with a statement, as the first person and of the group that it speaks of unless told otherwise. */
    joining: (statement: unknown, group = CIVIL_SOCIETY, by: Person = roll.person(0)) =>
      inFolder({ "statement.json": JSON.stringify(statement) }, async (folder) => {
        const message = { account: by.address, group, codeDigest: roll.codeDigest, evidence: "0x" };
        return joinWith(await contextOf(roll), message, `${folder}/statement.json`, by);
      }),
  };
}

describe("member attest", () => {
  const roll = useRoll();
  const { issuer, about, accredit, governing } = useStatements(roll);

  /** Attests into a file that is gone afterwards. */
  const attesting = async (change: Partial<Statement> = {}) =>
    inFolder({}, async (folder) =>
      attest(await contextOf(roll), await about(change), issuer(), `${folder}/statement.json`),
    );

  beforeEach(async () => {
    await roll.governing.setAdmissionPolicy(roll.attested);
  });

  it("writes a statement that the policy takes, and sends nothing", async () => {
    await accredit();
    await roll.join(roll.person(0), CIVIL_SOCIETY);
    const before = await roll.ethers.provider.getTransactionCount(issuer().address);
    await inFolder({}, async (folder) => {
      const out = `${folder}/statement.json`;
      const message = await about();
      const { lines, facts } = await attest(await contextOf(roll), message, issuer(), out);
      const file = JSON.parse(readFileSync(out, "utf8"));
      expect(file).to.deep.include({
        act: "attest",
        chainId: 31_337,
        contract: await roll.attested.getAddress(),
        issuer: issuer().address,
        message,
      });
      expect(facts).to.deep.include({ act: "attest", sent: false, file: out, warnings: [], statement: file });
      expect(lines.join("\n"))
        .to.contain(`${message.account} is a person of Civil Society, valid until ${date(message.expires)}`)
        .and.to.contain(`Written to ${out}`)
        .and.not.to.contain("WARNING");
      await roll.attested.present(
        message.account,
        issuer(),
        message.group,
        message.organisation,
        message.id,
        message.expires,
        file.signature,
      );
    });
    expect(await roll.attested.admits(1, roll.person(0), CIVIL_SOCIETY, "0x")).to.equal(true);
    expect(await roll.ethers.provider.getTransactionCount(issuer().address)).to.equal(before);
  });

  it("wants a new file, and a date and an id that are not used up", async () => {
    const context = await contextOf(roll);
    expect(await refusal(attest(context, await about(), issuer(), ""))).to.contain("--out <file>");
    await inFolder({ "statement.json": "{}" }, async (folder) => {
      expect(await refusal(attest(context, await about(), issuer(), `${folder}/statement.json`))).to.contain(
        "exists already",
      );
    });
    expect(await refusal(attesting({ expires: context.now }))).to.contain(
      `--expires is ${date(context.now)}, which is over`,
    );
    await (await governing()).revokeFor(issuer(), FIRST);
    expect(await refusal(attesting()))
      .to.contain(`--id is ${FIRST}`)
      .and.to.contain("revoked that");
  });

  it("reads an id, and makes one that nobody guesses where none is given", async () => {
    expect(readId(FIRST.toUpperCase().replace("0X", "0x"))).to.equal(FIRST);
    expect(readId("")).to.match(/^0x[0-9a-f]{64}$/);
    expect(readId("")).not.to.equal(readId(""));
    expect(await refusal((async () => readId("7"))())).to.contain('--id is "7", allowed: 0x and 64');
    expect(VALIDITY).to.equal(30 * 86_400);
  });

  describe("warns where the statement would admit nobody", () => {
    const warnings = async (change: Partial<Statement> = {}) => {
      const outcome = await attesting(change);
      const told = outcome.facts.warnings as string[];
      for (const one of told) expect(textOf(outcome)).to.contain(`WARNING: ${one}.`);
      return told.join("\n");
    };

    it("for want of an accreditation", async () => {
      expect(await warnings()).to.contain(`the members have not accredited ${issuer().address}`);
    });

    it("for an accreditation of other groups or kinds, or one that is over", async () => {
      const until = await accredit();
      expect(await warnings({ group: ACADEMIA })).to.contain(
        "for persons of Civil Society and Private Sector alone, not for a person of Academia",
      );
      expect(await warnings({ organisation: true })).to.contain("alone, not for an organisation of Civil");
      expect(await warnings({ expires: Number(until) + 1 })).to.contain(
        `ends on ${date(until)}, before the statement`,
      );
      await roll.goTo(until);
      expect(await warnings()).to.contain(`accreditation of ${issuer().address} ended on ${date(until)}`);
    });

    it("for a member who is of another group, and a policy that looks at none", async () => {
      await accredit();
      await roll.join(roll.person(0), PRIVATE_SECTOR);
      expect(await warnings()).to.contain("member 1 is a person of Private Sector");
      await roll.governing.setAdmissionPolicy(roll.vouched);
      expect(await warnings()).to.contain("policy in force (vouched) looks at no statement");
    });
  });
});

describe("member qualify --statement", () => {
  const roll = useRoll();
  const { issuer, accredit, governing, signed, qualifying } = useStatements(roll);
  const transactions = () => roll.ethers.provider.getTransactionCount(roll.person(5).address);
  const isParticipant = async () => (await memberAt(await contextOf(roll), 1)).pauses.includes("participant");

  /** Statements count, the issuer is accredited, and member 1 is a participant. */
  beforeEach(async () => {
    await roll.governing.setAdmissionPolicy(roll.attested);
    await accredit();
    await roll.join(roll.person(0), CIVIL_SOCIETY);
  });

  for (const policy of ["attested", "either"] as const) {
    it(`brings a participant into the queue where the ${policy} policy is in force`, async () => {
      await roll.governing.setAdmissionPolicy(roll[policy]);
      const statement = await signed();
      const outcome = await qualifying(statement);
      const votesFrom = await roll.votesFrom(1n);
      expect(textOf(outcome))
        .to.contain(`The statement of ${issuer().address} was presented for member 1`)
        .and.to.contain(`in the queue for the vote, which matures on ${date(votesFrom)}`);
      expect(outcome.facts).to.deep.include({ act: "qualify", number: 1, qualified: true });
      expect(outcome.facts.statement).to.deep.include({ issuer: issuer().address, id: FIRST, before: false });
      expect(await isParticipant()).to.equal(false);
      expect(await roll.attested.usedBy(issuer(), FIRST)).to.equal(1n);
      expect(await refusal(qualifying(statement))).to.contain("is no participant: in the queue");
    });
  }

  it("goes on where it was interrupted after the statement was presented", async () => {
    const statement = await signed();
    const { message, signature } = statement;
    await roll.attested.present(
      message.account,
      issuer(),
      message.group,
      message.organisation,
      message.id,
      message.expires,
      signature,
    );
    const before = await transactions();
    const outcome = await qualifying(statement);
    expect(textOf(outcome)).to.contain("was presented before; going on from there");
    expect(outcome.facts.statement).to.deep.include({ id: FIRST, before: true });
    expect(await transactions()).to.equal(before + 1);
    expect(await isParticipant()).to.equal(false);
  });

  it("presents, and tells what is wanting still, where more than a statement is asked for", async () => {
    const parts = [await roll.attested.getAddress(), await roll.vouched.getAddress()];
    const both = await roll.ethers.deployContract("CombinedAdmission", [parts, true]);
    await roll.governing.setAdmissionPolicy(both);
    Object.assign(roll, { either: both });
    const statement = await signed();
    const outcome = await qualifying(statement);
    expect(textOf(outcome))
      .to.contain("was presented for member 1")
      .and.to.contain("Member 1 does not meet the admission policy in force (combined) yet")
      .and.to.contain("and vouches of");
    expect(outcome.facts).to.deep.include({ qualified: false });
    expect(await refusal(qualifying(statement))).to.contain("The statement was presented before. Member 1");
    expect(await isParticipant()).to.equal(true);
  });

  describe("refuses, before anything is sent,", () => {
    let sentBefore: number;

    beforeEach(async () => {
      sentBefore = await transactions();
    });

    afterEach(async () => {
      expect(await transactions()).to.equal(sentBefore);
      expect(await isParticipant()).to.equal(true);
    });

    it("a statement that has expired", async () => {
      const statement = await signed();
      await roll.goTo(BigInt(statement.message.expires));
      expect(await refusal(qualifying(statement))).to.contain(
        `The statement was valid until ${date(statement.message.expires)}, which is over; ask ${issuer().address} for a new one`,
      );
    });

    it("a statement about another group, kind or key", async () => {
      expect(await refusal(qualifying(await signed({ group: PRIVATE_SECTOR })))).to.contain(
        "speaks of a person of Private Sector, but member 1 is a person of Civil Society",
      );
      expect(await refusal(qualifying(await signed({ organisation: true })))).to.contain(
        "speaks of an organisation of Civil Society, but member 1 is a person of Civil Society",
      );
      const other = roll.person(1).address;
      expect(await refusal(qualifying(await signed({ account: other })))).to.contain(
        `The statement is about ${other}, but member 1 is ${roll.person(0).address}`,
      );
    });

    it("a statement of an issuer who is not accredited, or no longer, or for others", async () => {
      const stranger = roll.person(8);
      expect(await refusal(qualifying(await signed({}, stranger)))).to.contain(
        `the members have not accredited ${stranger.address}, or no longer`,
      );
      const statement = await signed();
      await accredit({ groups: 0b100 });
      expect(await refusal(qualifying(statement))).to.contain(
        "for persons of Private Sector alone, not for a person of Civil Society",
      );
      const until = (await roll.now()) + DAY;
      await accredit({ until });
      await roll.goTo(until);
      expect(await refusal(qualifying(statement))).to.contain(
        `of ${issuer().address} ended on ${date(until)}`,
      );
      await (await governing()).withdrawAccreditation(issuer());
      expect(await refusal(qualifying(statement))).to.contain("The statement is worth nothing now");
    });

    it("a statement that was revoked", async () => {
      const statement = await signed();
      await roll.attested.connect(issuer()).revoke(FIRST);
      expect(await refusal(qualifying(statement))).to.contain(
        `The statement ${FIRST} of ${issuer().address} was revoked`,
      );
    });

    it("a signature that is not the issuer's for just this", async () => {
      const statement = await signed();
      for (const wrong of [
        { ...statement, signature: await roll.person(1).signMessage("no statement") },
        { ...statement, message: { ...statement.message, id: SECOND } },
      ]) {
        expect(await refusal(qualifying(wrong))).to.contain(
          `does not bear a signature of ${issuer().address} for just this`,
        );
      }
    });

    it("what is no statement, or one for another chain or coalition", async () => {
      const statement = await signed();
      const elsewhere = roll.person(7).address;
      for (const [wrong, words] of [
        [{ ...statement, act: "join" }, 'its "act" is "join", allowed: "attest"'],
        [{ ...statement, chainId: 1 }, "was signed for chain 1; this is chain 31337"],
        [{ ...statement, contract: elsewhere }, `was signed for the contract ${elsewhere}`],
        [{ ...statement, issuer: "me" }, 'issuer is "me", allowed: an address'],
        [
          { ...statement, message: { ...statement.message, organisation: "no" } },
          'message.organisation is "no", allowed: true or false',
        ],
        [[], "holds no signed statement"],
      ] as const) {
        expect(await refusal(qualifying(wrong))).to.contain(words);
      }
    });

    it("any where the policy in force looks at none", async () => {
      const statement = await signed();
      await roll.governing.setAdmissionPolicy(roll.vouched);
      expect(await refusal(qualifying(statement)))
        .to.contain("policy in force (vouched) looks at no statement, but wants vouches of")
        .and.to.contain("leave --statement out");
    });
  });

  it("refuses a statement that has served, and says whom", async () => {
    const statement = await signed();
    await qualifying(statement);
    await roll.membership.connect(roll.person(0)).resign();
    await roll.join(roll.person(0), CIVIL_SOCIETY);
    expect(await refusal(qualifying(statement, 2))).to.contain(
      `The statement ${FIRST} of ${issuer().address} is used up: it has served member number 1`,
    );
    expect(await refusal(signed()))
      .to.contain(`--id is ${FIRST}`)
      .and.to.contain("served member number 1");
  });

  it("leaves it to the member to put another in the place of one that admits", async () => {
    await roll.governing.setAdmissionPolicy(
      await roll.ethers.deployContract("CombinedAdmission", [
        [await roll.attested.getAddress(), await roll.vouched.getAddress()],
        true,
      ]),
    );
    const first = await signed();
    await qualifying(first);
    const second = await signed({ id: SECOND });
    expect(await refusal(qualifying(second)))
      .to.contain(`Member 1 has a statement that admits already (${FIRST} of ${issuer().address}`)
      .and.to.contain("only the member puts another in its place");
    await qualifying(second, 1, roll.person(0));
    expect((await statementOf(await contextOf(roll), await memberAt(await contextOf(roll), 1)))?.id).to.equal(
      SECOND,
    );
    expect(await refusal(qualifying(first))).to.contain("before, and another one since; it is used up");
  });
});

describe("member join --statement", () => {
  const roll = useRoll();
  const { issuer, accredit, signed, joining } = useStatements(roll);

  beforeEach(async () => {
    await roll.governing.setAdmissionPolicy(roll.attested);
    await accredit();
  });

  it("joins, presents the statement and enters the queue", async () => {
    const outcome = await joining(await signed());
    const votesFrom = await roll.votesFrom(1n);
    expect(votesFrom).to.be.greaterThan(0n);
    expect(textOf(outcome))
      .to.contain(`${roll.person(0).address} is member 1, Civil Society`)
      .and.to.contain(`The statement of ${issuer().address} was presented for member 1`)
      .and.to.contain(`which matures on ${date(votesFrom)}`)
      .and.not.to.contain("--statement");
    expect(outcome.facts).to.deep.include({ act: "join", number: 1 });
    expect(outcome.facts.qualification).to.deep.include({ act: "qualify", qualified: true });
  });

  it("goes on where it was interrupted, and does nothing twice", async () => {
    const statement = await signed();
    await roll.join(roll.person(0), CIVIL_SOCIETY);
    const resumed = await joining(statement);
    expect(textOf(resumed))
      .to.contain(`${roll.person(0).address} is member 1 (Civil Society) already.`)
      .and.to.contain("was presented for member 1")
      .and.to.contain("is in the queue for the vote");
    const votesFrom = await roll.votesFrom(1n);
    const again = await joining(statement);
    expect(textOf(again)).to.contain(`Nothing is left to do: the vote matures on ${date(votesFrom)}`);
    expect(again.facts).to.deep.include({ act: "join", number: 1, participant: false });
    expect(await roll.membership.lastNumber()).to.equal(1n);
    expect(await refusal(joining(statement, ACADEMIA))).to.contain(
      "on the roll already, as member 1 (Civil Society); you said Academia",
    );
  });

  it("does not join with a statement that would be refused", async () => {
    const other = roll.person(1).address;
    expect(await refusal(joining(await signed({ account: other })))).to.contain(
      `about ${other}, but the key that joins is ${roll.person(0).address}`,
    );
    expect(await refusal(joining(await signed(), ACADEMIA))).to.contain(
      "a person of Civil Society, but who joins here is a person of Academia",
    );
    await roll.governing.setAdmissionPolicy(roll.admission);
    expect(await refusal(joining(await signed()))).to.contain("(open) looks at no statement");
    expect(await roll.membership.lastNumber()).to.equal(0n);
  });

  it("tells that it joined where what follows is refused", async () => {
    const statement = await signed({ expires: Number(await roll.now()) + 1 });
    expect(await refusal(joining(statement)))
      .to.contain(`${roll.person(0).address} is member 1, Civil Society`)
      .and.to.contain(
        `What was to follow did not: The statement was valid until ${date(statement.message.expires)}`,
      );
    expect(await roll.membership.numberOf(roll.person(0))).to.equal(1n);
  });

  it("leaves the statement unused where a policy of another make admits at once", async () => {
    const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
    await policy.expectRequest(roll.person(0), CIVIL_SOCIETY, "0x");
    await roll.governing.setAdmissionPolicy(policy);
    const outcome = await joining(await signed());
    expect(textOf(outcome)).to.contain("is member 1").and.not.to.contain("presented");
    expect(await roll.attested.usedBy(issuer(), FIRST)).to.equal(0n);
  });
});

describe("member status, of statements", () => {
  const roll = useRoll();
  const { issuer, accredit, governing, signed, qualifying } = useStatements(roll);
  const told = async () => textOf(await status(await contextOf(roll), { number: 1 }, false));

  beforeEach(async () => {
    await roll.governing.setAdmissionPolicy(roll.attested);
    await accredit();
    await roll.join(roll.person(0), CIVIL_SOCIETY);
  });

  it("tells a participant how one is brought, where the policy in force looks at them", async () => {
    expect(await told()).to.match(
      /statement +none presented; .*"member qualify --number 1 --statement <file>"/,
    );
    await roll.governing.setAdmissionPolicy(roll.vouched);
    expect(await told()).not.to.match(/^ *statement/m);
  });

  it("tells of whom a statement is and until when, also where it is a part of what is asked for", async () => {
    await roll.governing.setAdmissionPolicy(roll.either);
    const { message } = await signed();
    await qualifying(await signed());
    const outcome = await status(await contextOf(roll), { number: 1 }, false);
    expect(textOf(outcome)).to.contain(
      `of ${issuer().address}, about a person of Civil Society, valid until ${date(message.expires)}\n`,
    );
    expect(outcome.facts.member).to.deep.include({
      statement: {
        issuer: issuer().address,
        id: FIRST,
        about: "a person of Civil Society",
        expires: {
          seconds: message.expires,
          iso: new Date(message.expires * 1000).toISOString().replace(".000Z", "Z"),
        },
      },
    });
  });

  it("tells why one admits no longer", async () => {
    const statement = await signed();
    await qualifying(statement);
    await (await governing()).withdrawAccreditation(issuer());
    expect(await told()).to.contain(
      `it admits no longer: the members have not accredited ${issuer().address}`,
    );
    await roll.attested.connect(issuer()).revoke(FIRST);
    expect(await told()).to.contain("it admits no longer: it was revoked");
    await roll.goTo(BigInt(statement.message.expires));
    expect(await told()).to.contain("it admits no longer: it expired");
  });
});

describe("A participant for whom nobody attests", () => {
  const roll = useRoll();

  it("does not enter the queue, and is told by what it would", async () => {
    await roll.governing.setAdmissionPolicy(roll.attested);
    await roll.join(roll.person(0), CIVIL_SOCIETY);
    expect(await refusal(qualify(await contextOf(roll), 1, "0x", roll.person(5)))).to.contain(
      "does not meet the admission policy in force (attested) yet, which wants a statement",
    );
  });
});
