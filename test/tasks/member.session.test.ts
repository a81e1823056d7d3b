import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type ErrorDescription, Interface, id, type ParamType } from "ethers";
import { network } from "hardhat";
import { type AddressBook, onlyDeploymentOn, writeAddressBook } from "../../scripts/lib/address-book.js";
import { type Context, enter, interfacesOf } from "../../scripts/lib/member/coalition.js";
import { carryOut, consentGiven, consentTo, oneOf, readList } from "../../scripts/lib/member/commands.js";
import { JOIN } from "../../scripts/lib/member/join.js";
import { readAddress, readWhole } from "../../scripts/lib/member/lookup.js";
import { inPlainWords, sentenceOf } from "../../scripts/lib/member/refusals.js";
import { ROTATE } from "../../scripts/lib/member/rotate.js";
import { actingAccount, chosenAccount, openSession, type Session } from "../../scripts/lib/member/session.js";
import { STANDINGS, whyNot } from "../../scripts/lib/member/standings.js";
import { date, listed, momentOf, readMoment } from "../../scripts/lib/member/words.js";
import { inFolder } from "../helpers/folder.js";
import { addressesOf, contextOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";
import { useRoll } from "../helpers/roll.js";

/** Errors of the roll and the desks that no command of a member meets, and why. */
const NOT_A_MEMBERS = new Map<string, string>([
  ...because("only a decision of the members can cause it", [
    "AgendaBound",
    "AgendaPlacesOutOfRange",
    "AgendaUnauthorized",
    "AttestedAdmissionEmptyScope",
    "AttestedAdmissionUnauthorized",
    "CoalitionInvalidURI",
    "CoalitionUnauthorized",
    "ConductTermOutOfRange",
    "ConductUnauthorized",
    "ForumListsOutOfRange",
    "ForumNameTaken",
    "ForumNothingNew",
    "ForumPaceOutOfRange",
    "MembershipDuplicateGroup",
    "MembershipInvalidRights",
    "MembershipNotAContract",
    "MembershipNotAPolicy",
    "MembershipNotBarred",
    "MembershipParameterOutOfRange",
    "MembershipUnauthorized",
    "PanelsUnknownOffice",
    "PlainNameInvalid",
    "RollDeskUnauthorized",
  ]),
  ...because("only a deployment can cause it", [
    "CombinedAdmissionNotAPolicy",
    "CombinedAdmissionSize",
    "CombinedAdmissionTwice",
    "CoalitionInvalidOrgan",
    "CoalitionOrgansOutOfRange",
    "ForumBound",
    "InvalidShortString",
    "PanelsBound",
    "RollDeskBound",
    "SpeakersBound",
    "SpeakersUnknownCode",
    "StringTooLong",
    "VouchedAdmissionRuleOutOfRange",
  ]),
  ...because("contracts alone call what refuses so", [
    "AffiliationsUnauthorized",
    "CoalitionGovernorProposerRefused",
    "ConfirmationsUnauthorized",
    "DelegationsUnauthorized",
    "CoalitionUnknownOrgan",
    "ForumNotHidden",
    "ForumUnauthorized",
    "MemberDeskUnauthorized",
    "PanelsUnauthorized",
    "RollOperationsUnauthorized",
    "SpeakersUnauthorized",
  ]),
  ...because("no command sends batches, or one that the desk would find too long", [
    "ConfirmationsBatchSize",
    "ConfirmationsGasTooLow",
    "ForumBatchSize",
    "ForumGasTooLow",
    "MemberDeskBatchSize",
    "MemberDeskGasTooLow",
  ]),
  ...because("no command transfers, approves or delegates by the roll's own calls, or looks ahead", [
    "ERC5805FutureLookup",
    "ERC721IncorrectOwner",
    "ERC721InsufficientApproval",
    "ERC721InvalidApprover",
    "ERC721InvalidOperator",
    "ERC721InvalidOwner",
    "ERC721InvalidReceiver",
    "ERC721InvalidSender",
    "ERC721NonexistentToken",
    "MembershipApprovalDisabled",
    "MembershipNotTransferable",
    "VotesExpiredSignature",
  ]),
  ...because("the contracts rule it out; a library that they use declares it", [
    "CheckpointUnorderedInsertion",
    "ECDSAInvalidSignature",
    "ECDSAInvalidSignatureLength",
    "ECDSAInvalidSignatureS",
    "StringsInsufficientHexLength",
  ]),
  ...because("organisations and affiliations have no command yet", [
    "AffiliationsBatchSize",
    "AffiliationsNotAffiliated",
    "AffiliationsNotOrganisation",
    "AffiliationsNotOwner",
    "AffiliationsNotPerson",
    "AffiliationsOwnRepresentative",
    "AffiliationsSameOwner",
    "AffiliationsTooEarly",
    "AffiliationsUnchanged",
  ]),
  ...because("changes of group and challenges have no command yet", [
    "ClaimsAlreadyChallenged",
    "ClaimsAlreadyChallenging",
    "ClaimsAlreadySupported",
    "ClaimsNotPerson",
    "ClaimsOtherClaim",
    "ClaimsOwnClaim",
    "ClaimsReasonMissing",
    "ClaimsSettled",
    "ClaimsSupporterTooNew",
    "ClaimsTooEarly",
    "ClaimsUnchanged",
    "ClaimsUnderChallenge",
    "ClaimsUnexpectedState",
  ]),
  ...because("only the timelock, the elections or the contract itself is refused so", [
    "BallotBoxPrepared",
    "BallotMethodUnauthorized",
    "CandidaciesUnauthorized",
    "ElectionsNotAMethod",
    "ElectionsRuleOutOfRange",
    "ElectionsUnauthorized",
    "OfficesBound",
    "OfficesNoFreeSeat",
    "OfficesOutOfRange",
    "OfficesSeatHeld",
    "OfficesUnauthorized",
  ]),
  ...because("elections are announced, and vacancies filled, by no command yet", [
    "ElectionsNoCalendar",
    "ElectionsNoRules",
    "ElectionsNoRunnerUp",
    "ElectionsNothingToFill",
    "ElectionsRunnerUpWaits",
    "ElectionsUnderWay",
    "OfficesUnknown",
  ]),
  ...because("resignations and petitions have no command yet", [
    "OfficesNotHolder",
    "OfficesOnRoll",
    "OfficesPetitionOpen",
    "OfficesPetitionOver",
    "OfficesPetitionShort",
    "OfficesSupported",
    "OfficesSupporterRefused",
    "OfficesUnknownPetition",
  ]),
  ...because("acts and ballots are brought in batches by no command yet", [
    "BallotBoxBatchSize",
    "BallotBoxGasTooLow",
    "CandidaciesBatchSize",
    "CandidaciesGasTooLow",
  ]),
  ...because("only the timelock, the motions or the contract itself is refused so", [
    "AmendmentsOtherDecision",
    "AmendmentsUnauthorized",
    "CharterNotAnAmendment",
    "CharterUnauthorized",
    "CoalitionGovernorProposerRefused",
    "MotionActsUnauthorized",
    "MotionsBound",
    "MotionsRuleOutOfRange",
    "MotionsUnauthorized",
  ]),
  ...because("`motion relay` sends batches of the right size, and of acts that the contract knows", [
    "MinorityStatementsBatchSize",
    "MinorityStatementsGasTooLow",
    "MotionActsBatchSize",
    "MotionActsGasTooLow",
    "MotionActsUnknownKind",
  ]),
  ...because("the charter's tasks ask for no pages, and a deployment alone chooses titles and windows", [
    "CharterPageOutOfRange",
    "CharterTitlesOutOfRange",
    "MinorityStatementsWindowOutOfRange",
  ]),
  ...because("objections and the lot have no command yet", ["CandidaciesNotArbiter", "CandidaciesWrongLot"]),
]);

function because(reason: string, names: readonly string[]): [string, string][] {
  return names.map((name) => [name, reason]);
}

const told = (work: () => unknown) => refusal((async () => work())());

describe("Words of the members' commands", () => {
  it("write moments for people and for machines", () => {
    expect(date(1_804_068_000)).to.equal("3 March 2027 10:00 UTC");
    expect(date(1_804_068_007n)).to.equal("3 March 2027 10:00:07 UTC");
    expect(momentOf(1_804_068_000n)).to.deep.equal({ seconds: 1_804_068_000, iso: "2027-03-03T10:00:00Z" });
    expect(momentOf(0)).to.equal(undefined);
    expect(momentOf(2n ** 256n - 1n)?.iso).to.equal("9999-12-31T23:59:59Z");
    expect([listed([]), listed(["a"]), listed(["a", "b", "c"])]).to.deep.equal(["", "a", "a, b and c"]);
  });

  it("read moments as people write them", () => {
    const now = 1_804_068_000;
    for (const [text, moment] of [
      ["2027-03-03", now - 36_000],
      ["2027-03-03T10:00", now],
      ["2027-03-03 10:00:07Z", now + 7],
      ["2027-03-03T12:00+02:00", now],
      ["7d", now + 604_800],
      ["12h", now + 43_200],
      ["30m", now + 1_800],
      [`${now}`, now],
    ] as const) {
      expect(readMoment("--until", text, now), text).to.equal(moment);
    }
  });

  for (const text of ["", "tomorrow", "2027-13-01", "0d", "7w", "10", "2027-03-03T25:00"]) {
    it(`refuse "${text}" as a moment`, async () => {
      expect(await told(() => readMoment("--until", text, 0))).to.contain(`--until is "${text}", allowed: `);
    });
  }

  it("read numbers, addresses, lists and choices, and say what is allowed", async () => {
    expect(readWhole("--accept", "0", 0, 5)).to.equal(0);
    for (const text of ["", "6", "-1", "1.5", "x"]) {
      expect(await told(() => readWhole("--accept", text, 0, 5)), text).to.contain(
        `--accept is "${text}", allowed: a whole number from 0 to 5`,
      );
    }
    expect(await told(() => readAddress("--key", "0x12"))).to.contain('--key is "0x12", allowed: an address');
    expect(readList("1, 2,3")).to.deep.equal(["1", "2", "3"]);
    const options = { to: "", takeBack: false, accept: "" };
    expect(oneOf({ ...options, takeBack: true }, ["to", "takeBack", "accept"])).to.equal("takeBack");
    expect(await told(() => oneOf(options, ["to", "takeBack"]))).to.contain("one of --to, --take-back");
    expect(await told(() => oneOf({ ...options, to: "7", takeBack: true }, ["to", "takeBack"]))).to.contain(
      "Only one",
    );
  });
});

describe("Refusals of the contracts in plain words", () => {
  const roll = useRoll();

  it("are sentences for every standing", () => {
    for (const standing of STANDINGS) expect(whyNot(standing, 1)).to.match(/^(?:is|has|gave) /);
  });

  /** A value that an error could carry. */
  const sampleOf = ({ type }: ParamType): unknown => {
    if (type === "address") return roll.person(0).address;
    if (type === "bool") return true;
    if (type === "string") return "x";
    if (type === "bytes32") return id("x");
    if (/^uint\d+$/.test(type)) return 1n;
    throw new Error(`no error has carried a ${type} before: say here what it looks like`);
  };

  /** What the coalition's contracts can refuse with, each error once; the governor's own apart. */
  async function errorsOf({ coalition }: Context): Promise<Map<string, ErrorDescription>> {
    const { governor: _, ...desks } = coalition;
    const errors = new Map<string, ErrorDescription>();
    for (const face of interfacesOf(desks)) {
      face.forEachError((fragment) => {
        const parsed = face.parseError(face.encodeErrorResult(fragment, fragment.inputs.map(sampleOf)));
        if (parsed === null) throw new Error(`${fragment.name} cannot be read`);
        errors.set(fragment.name, parsed);
      });
    }
    return errors;
  }

  it("are sentences for every error that a member can cause", async () => {
    const context = await contextOf(roll);
    for (const [name, error] of await errorsOf(context)) {
      const sentence = await sentenceOf(error, context);
      expect(sentence, name).to.match(/\.$/).and.not.to.contain("undefined");
      if (NOT_A_MEMBERS.has(name)) continue;
      expect(sentence, `${name} wants a sentence, or a reason why no command meets it`).not.to.match(
        /^The contract refuses with/,
      );
    }
  });

  it("show an error that no command meets with its values, and none is excused without need", async () => {
    const context = await contextOf(roll);
    const errors = await errorsOf(context);
    for (const [name, reason] of NOT_A_MEMBERS) {
      const error = errors.get(name);
      if (error === undefined) throw new Error(`${name} (${reason}) is no error any more`);
      expect(await sentenceOf(error, context), name).to.equal(
        `The contract refuses with ${name}(${error.args.join(", ")}).`,
      );
    }
  });

  it("name the values that explain them", async () => {
    const context = await contextOf(roll);
    const { recovery, delegations, membership, attested } = context.coalition;
    const key = roll.person(0).address;
    const said = (face: Interface, name: string, ...values: unknown[]) => {
      const parsed = face.parseError(face.encodeErrorResult(name, values));
      if (parsed === null) throw new Error(`${name} cannot be read`);
      return sentenceOf(parsed, context);
    };
    expect(await said(recovery.interface, "KeyRecoveryGuarded", 7, 3)).to.contain(
      'Member 7 has named guardians (3), so recovery is theirs: one of them gives "member recover --request 7"',
    );
    expect(await said(recovery.interface, "KeyRecoveryNoClaim", 7, key))
      .to.contain(`${key} does not claim member number 7`)
      .and.to.contain("member recover --claim 7");
    expect(await said(delegations.interface, "DelegationsZeroDelegate")).to.contain("is no delegate");
    expect(await said(membership.interface, "ElectorateLedgerFull", 1n, 2n)).to.contain(
      "1 member of at most 2",
    );
    expect(await said(membership.interface, "ElectorateLedgerQueueTooLong", 8n, 9n))
      .to.contain("8 seconds after 1970")
      .and.to.contain("the last possible is 9");
    expect(await said(attested.interface, "AttestedAdmissionUsed", key, id("x"), 7)).to.contain(
      `The statement ${id("x")} of ${key} is used up: it has served member number 7`,
    );
    expect(await said(attested.interface, "AttestedAdmissionOtherMember", 7, 1, true)).to.contain(
      "member 7 is an organisation of Civil Society",
    );
    expect(await said(attested.interface, "AttestedAdmissionExpired", 1_804_068_000, 1_804_068_007))
      .to.contain("valid until 3 March 2027 10:00 UTC")
      .and.to.contain("it is 3 March 2027 10:00:07 UTC");
  });

  it("name the member whom the admission policy refused, the policy, and what it wants", async () => {
    await roll.governing.setAdmissionPolicy(roll.vouched);
    await roll.join(roll.person(0));
    const context = await contextOf(roll);
    const work = () => context.coalition.membership.connect(roll.ethers.provider).qualify.staticCall(1, "0x");
    expect(await refusal(inPlainWords(context, work)))
      .to.contain(`Member 1 (${roll.person(0).address}) does not meet the admission policy`)
      .and.to.contain("in force (vouched) yet, which wants vouches of");
  });

  it("leave what no contract of the coalition said as it is", async () => {
    const context = await contextOf(roll);
    const foreign = new Interface(["error Foreign(uint256 value)"]).encodeErrorResult("Foreign", [1]);
    const thrown = Object.assign(new Error("reverted"), { data: foreign });
    const work = inPlainWords(context, async () => {
      throw thrown;
    });
    expect(await work.catch((error: unknown) => error)).to.equal(thrown);
  });
});

describe("Session of the members' commands", () => {
  const roll = useRoll();

  /** What a session is, over the chain of the test. */
  async function sessionOf(isLocal = true): Promise<Session> {
    const known = { name: "test", address: "", chainId: 31_337n, isLocal, isEphemeral: true };
    const accounts = await roll.ethers.getSigners();
    return { ...(await contextOf(roll)), network: known, accounts, fromBlock: 0 };
  }

  async function bookOf(): Promise<AddressBook> {
    return {
      deployment: "mine",
      network: "test",
      chainId: 31_337,
      block: 1,
      deployer: roll.person(0).address,
      parameters: { file: "dc-bas", digest: "0x" },
      contracts: await addressesOf(roll),
    };
  }

  it("needs a chain that outlives the command", async () => {
    expect(await refusal(openSession(await network.create(), { deployments: "" }))).to.contain(
      "say on which network, with --network",
    );
  });

  it("refuses a chain that holds no such contract", async () => {
    const contracts = { ...(await addressesOf(roll)), membership: roll.person(0).address };
    expect(await refusal(enter(roll.ethers, contracts))).to.contain("was it started anew?");
  });

  it("finds the one coalition of a chain, and asks where there are none or several", async () => {
    const book = await bookOf();
    await inFolder({}, async (folder) => {
      const write = (name: string, chainId: number) => {
        mkdirSync(join(folder, name));
        writeAddressBook(join(folder, name), { ...book, deployment: name, chainId });
      };
      expect(await told(() => onlyDeploymentOn(join(folder, "none"), 1n))).to.contain(
        "No coalition is known on chain 1",
      );
      write("elsewhere", 5);
      write("first", 31_337);
      expect(onlyDeploymentOn(folder, 31_337n)).to.equal("first");
      write("second", 31_337);
      expect(await told(() => onlyDeploymentOn(folder, 31_337n))).to.contain("(first, second): choose one");
    });
  });

  it("acts as the network's first account, or the one that was chosen", async () => {
    const session = await sessionOf();
    const [first, second] = session.accounts;
    expect(actingAccount(session, "")).to.equal(first);
    expect(actingAccount(session, "1")).to.equal(second);
    expect(actingAccount(session, second?.address.toLowerCase() ?? "")).to.equal(second);
    expect(await told(() => actingAccount(session, "99"))).to.contain('--account is "99", allowed: ');
    expect(await told(() => actingAccount(session, "me"))).to.contain('--account is "me"');
    expect(await told(() => chosenAccount({ ...session, accounts: [] }, ""))).to.contain("set DEPLOYER_KEY");
  });

  it("refuses to act with a key that everybody has on a public chain, and lets it look", async () => {
    const session = await sessionOf(false);
    expect(await told(() => actingAccount(session, ""))).to.contain("is published with development tools");
    expect(chosenAccount(session, "")).to.equal(session.accounts[0]);
  });

  describe("carrying out", () => {
    const manner = { account: "1", signOnly: false, out: "", deadline: "" };
    const joining = () => ({
      account: roll.person(0).address,
      group: 0,
      codeDigest: roll.codeDigest,
      evidence: "0x",
    });

    it("sends, or signs into a file for somebody else, until a date", async () => {
      const session = await sessionOf();
      expect(await refusal(carryOut(session, { ...manner, out: "x.json" }, JOIN, joining()))).to.contain(
        "give --sign-only with it",
      );
      await inFolder({}, async (folder) => {
        const out = join(folder, "join.json");
        const signing = { ...manner, signOnly: true, out, deadline: "2d" };
        const { facts } = await carryOut(session, signing, JOIN, joining());
        expect(facts).to.deep.include({ act: "join", sent: false, file: out });
        expect(facts.request).to.have.property("deadline", session.now + 172_800);
      });
      expect((await carryOut(session, manner, JOIN, joining())).facts).to.deep.include({ number: 1 });
    });

    it("takes a consent from the accounts, from a file, or as a bare signature with its deadline", async () => {
      await roll.join(roll.person(0));
      const session = await sessionOf();
      const move = { number: 1, newKey: roll.person(1).address };
      const given = (signature: string, deadline = "") =>
        consentGiven(session, { signature, deadline }, ROTATE, move.newKey);
      expect(await given("")).to.equal(session.accounts[2]);
      await inFolder({}, async (folder) => {
        const out = join(folder, "consent.json");
        const consenting = { ...manner, account: "2", out };
        expect(await refusal(consentTo(session, manner, ROTATE, move))).to.contain(
          "The new key itself consents",
        );
        const { facts, lines } = await consentTo(session, consenting, ROTATE, move);
        expect(lines.join()).to.contain("they bring it with --signature");
        const request = facts.request as { signature: string; deadline: number };
        const expected = { nonce: 0, deadline: request.deadline, signature: request.signature };
        expect(await given(out)).to.deep.equal(expected);
        expect(await given(request.signature, `${request.deadline}`)).to.deep.equal(expected);
        expect(await refusal(given(request.signature))).to.contain(
          "exactly as it was signed, with --deadline",
        );
      });
      await inFolder({ "join.json": '{ "act": "join" }' }, async (folder) => {
        expect(await refusal(given(join(folder, "join.json")))).to.contain(
          'is no consent to rotate: its "act" is "join"',
        );
      });
    });
  });
});
