import { expect } from "chai";
import { encodeBytes32String, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { classNumber } from "../../scripts/lib/action-classes.js";
import {
  CLASSES,
  type ClassKey,
  type ClassRules,
  findProblems,
  type IntegerKey,
  type Parameters,
  type Rule,
  readParameters,
  SCHEMA,
  type SourceKey,
  STRICTNESS,
} from "../../scripts/lib/parameters.js";
import { deployDesks, rollParameters } from "../helpers/fixture.js";

const DAY = 86_400;

/** The same rules for every class, so that each has as much room as the others. */
const ROOMY_RULES: ClassRules = {
  notice: 10 * DAY,
  period: 20 * DAY,
  grace: 10 * DAY,
  delay: 10 * DAY,
  extension: DAY,
  quorumBps: 2_000,
  quorumFloor: 10,
  approvalBps: 7_000,
  approvalFloorBps: 1_000,
  concurrence: 2,
  concurrenceMembers: 3,
  endorsements: 10,
  endorsementGroups: 2,
};

/** Values with room around each of them, so that only the one that is varied can be refused. */
const ROOMY: Parameters = {
  $global: { shortestStage: 60 },
  Timelock: { delay: 10 * DAY },
  Membership: {
    ...readParameters("local").Membership,
    waitingFloor: 100 * DAY,
    waitingPeriod: 365 * DAY,
    epochLength: 92 * DAY,
    confirmationPeriod: 800 * DAY,
    recoveryDelay: 100 * DAY,
    claimCooldown: 300 * DAY,
    challengeWindow: 180 * DAY,
  },
  Admission: { ...readParameters("local").Admission, vouchers: 12, voucherGroups: 2 },
  Elections: readParameters("local").Elections,
  Agenda: readParameters("local").Agenda,
  Motions: {
    ...readParameters("local").Motions,
    statementWindow: 20 * DAY,
    notice: 20 * DAY,
    window: 10 * DAY,
    rebase: 15 * DAY,
    lapse: 200 * DAY,
    openByMember: 2,
    silence: 10 * DAY,
    objections: 3,
    objectionGroups: 1,
    amendmentSilence: 10 * DAY,
    amendmentObjections: 3,
    amendmentObjectionGroups: 1,
  },
  Forum: { ...readParameters("local").Forum, codeDocument: 1 },
  Conduct: {
    ...readParameters("local").Conduct,
    response: 10 * DAY,
    drawing: 10 * DAY,
    deliberation: 20 * DAY,
    appeal: 20 * DAY,
    members: 100 * DAY,
    emergency: 10 * DAY,
    suspension: 50 * DAY,
  },
  Coalition: readParameters("local").Coalition,
  Governor: {
    ...readParameters("local").Governor,
    ...(Object.fromEntries(CLASSES.map((key) => [key, { ...ROOMY_RULES }])) as Record<ClassKey, ClassRules>),
  },
};

/** As {@link ROOMY}, with a shortest stage, a waiting floor, vouchers and objections that decide others' bounds. */
const TIGHT: Parameters = {
  ...ROOMY,
  $global: { shortestStage: 7 * DAY },
  Membership: { ...ROOMY.Membership, waitingFloor: 20 * DAY + 7 },
  Admission: { ...ROOMY.Admission, vouchers: 5 },
  Motions: { ...ROOMY.Motions, objections: 1, amendmentObjections: 1 },
};

type Section = keyof Parameters;

/** The desks that keep parameters of the section Membership, and their own words for them. */
const DESKS_WORDS: Readonly<Record<string, { contract: string; word: string }>> = {
  confirmationPeriod: { contract: "Confirmations", word: "period" },
  recoveryDelay: { contract: "KeyRecovery", word: "delay" },
  // Two desks have it; the roll binds this one first.
  claimCooldown: { contract: "Affiliations", word: "cooldown" },
  challengeWindow: { contract: "Claims", word: "window" },
  challengers: { contract: "Claims", word: "challengers" },
  delegationCap: { contract: "Delegations", word: "cap" },
};

const INTEGERS = (Object.keys(SCHEMA) as Section[]).flatMap((section) =>
  Object.entries<Rule>(SCHEMA[section]).flatMap(([key, rule]) =>
    rule.kind === "integer" ? [{ section, key, rule, name: `${section}.${key}` as IntegerKey }] : [],
  ),
);

const numberIn = (parameters: Parameters, name: SourceKey): number => {
  const [section, key] = name.split(".") as [Section, string];
  const value = (parameters[section] as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(value) ? value.length : (value as number);
};

function withValue(parameters: Parameters, name: string, value: unknown): Parameters {
  const [section, key] = name.split(".") as [Section, string];
  return { ...parameters, [section]: { ...parameters[section], [key]: value } };
}

/** Every rule of every class of decisions. */
const RULES = CLASSES.flatMap((key) =>
  (Object.keys(ROOMY_RULES) as (keyof ClassRules)[]).map((rule) => ({
    key,
    rule,
    name: `Governor.${key}.${rule}`,
  })),
);

/** The bounds of a rule, given the others of {@link ROOMY_RULES}. */
function boundsOf(key: ClassKey, rule: keyof ClassRules, base: Parameters): { min: number; max: number } {
  const { min, max } = SCHEMA.Governor[key].rules[rule].range((other) => numberIn(base, other));
  // Who asks for endorsements asks for them from somewhere.
  return { min: rule === "endorsementGroups" ? 1 : min.value, max: max.value };
}

function withRule(base: Parameters, key: ClassKey, rule: keyof ClassRules, value: number): Parameters {
  const rules = { ...base.Governor[key], [rule]: value };
  return { ...base, Governor: { ...base.Governor, [key]: rules } };
}

/** Parameters with one rule of one class, and no class stricter than a greater one, nor a rule at odds with another. */
function inOrder(base: Parameters, key: ClassKey, rule: keyof ClassRules, value: number): Parameters {
  const Governor = structuredClone(base.Governor);
  for (const other of CLASSES) {
    const rules = Governor[other];
    if (other === key) rules[rule] = value;
    else rules[rule] = (classNumber(other) < classNumber(key) ? Math.min : Math.max)(rules[rule], value);
    rules.extension = Math.min(rules.extension, rules.period);
    rules.endorsementGroups = Math.min(rules.endorsementGroups, rules.endorsements);
  }
  return { ...base, Governor };
}

/** The words of the policy for the parameters of the section Admission. */
const POLICYS_WORDS: Readonly<Record<string, string>> = {
  voucherGroups: "groups",
  vouchSlots: "slots",
  vouchCooldown: "cooldown",
};

describe("Parameter files and contracts", () => {
  /** Deploys the contract that a section is for, with all others by parameters that are known to be good. */
  async function prepare() {
    const { ethers } = await network.create();
    const [deployer] = await ethers.getSigners();
    const card = await ethers.deployContract("MemberCard");
    const admission = await ethers.deployContract("OpenAdmission");
    const timelock = ({ Timelock, $global }: Parameters) =>
      ethers.deployContract("CoalitionTimelock", [Timelock.delay, $global.shortestStage, deployer.address]);
    const membership = async ({ Membership }: Parameters, owner: string) => {
      const desks = await deployDesks({ ethers }, Membership);
      const roll = rollParameters(Membership, { card, admissionPolicy: admission, desks });
      return ethers.deployContract("Membership", [owner, roll]);
    };
    const vouched = ({ Admission }: Parameters, roll: string) => {
      const { name, vouchers, voucherGroups: groups, vouchSlots: slots, vouchCooldown: cooldown } = Admission;
      return ethers.deployContract("VouchedAdmission", [name, roll, { vouchers, groups, slots, cooldown }]);
    };
    const bounds = await ethers.deployContract("DecisionBounds");
    // Each serves one governor for good, and is free again where its birth was refused.
    const freeBodies = async () => ({
      agenda: await ethers.deployContract("Agenda", ["Agenda", 1]),
      guardian: await ethers.deployContract("Guardian", [ZeroAddress, 0]),
    });
    let bodies = await freeBodies();
    const governor = async ({ Governor }: Parameters, roll: string, owner: string) => {
      const contract = await ethers.deployContract("CoalitionGovernor", [
        {
          name: Governor.name,
          ...{ membership: roll, timelock: owner, bounds, ...bodies },
          rules: CLASSES.map((key) => Governor[key]) as never,
          guarded: [],
          table: [],
        },
      ]);
      bodies = await freeBodies();
      return contract;
    };
    const offices = ({ Elections, $global }: Parameters, roll: string) =>
      ethers.deployContract("Offices", [Elections.name, roll, $global.shortestStage]);
    const agenda = ({ Agenda: { name, places } }: Parameters) =>
      ethers.deployContract("Agenda", [name, places]);
    const charter = ({ Motions: { documents } }: Parameters, owner: string, asked: string) =>
      ethers.deployContract("Charter", [asked, owner, documents]);
    const statements = ({ Motions, $global }: Parameters, roll: string, asked: string) =>
      ethers.deployContract("MinorityStatements", [
        Motions.name,
        asked,
        roll,
        Motions.statementWindow,
        $global.shortestStage,
      ]);
    /** With an agenda of their own: they bind it for good. */
    const motions = async (parameters: Parameters, roll: string, owner: string) => {
      const { Motions, $global } = parameters;
      const asked = await (await agenda(parameters)).getAddress();
      const resolutions = await ethers.deployContract("Resolutions", [owner, asked]);
      return ethers.deployContract("Motions", [
        Motions.name,
        ...[roll, asked, await charter(ROOMY, owner, asked), resolutions],
        $global.shortestStage,
        Motions,
      ]);
    };
    const speakers = async ({ Forum }: Parameters, roll: string, owner: string, asked: string) =>
      ethers.deployContract("Speakers", [
        Forum.name,
        roll,
        await charter(ROOMY, owner, asked),
        Forum.codeDocument,
      ]);
    const forum = async ({ Forum }: Parameters, roll: string, owner: string, asked: string) => {
      const { name, burst, interval, lists, purposes } = Forum;
      const speaking = await speakers(ROOMY, roll, owner, asked);
      return ethers.deployContract("Forum", [name, speaking, asked, { burst, interval }, lists, purposes]);
    };
    /** With speakers, forum and panels of their own: it binds them for good. */
    const conduct = async (parameters: Parameters, roll: string, owner: string, asked: string) => {
      const { Conduct, $global } = parameters;
      const judged = await forum(ROOMY, roll, owner, asked);
      const seats = await offices(ROOMY, roll);
      return ethers.deployContract("Conduct", [
        Conduct.name,
        await judged.speakers(),
        await ethers.deployContract("Panels", [Conduct.name, roll, seats]),
        judged,
        $global.shortestStage,
        Conduct,
      ]);
    };
    const root = ({ Coalition }: Parameters, roll: string, owner: string) =>
      ethers.deployContract("Coalition", [
        owner,
        Coalition.uri,
        [{ name: encodeBytes32String("membership"), account: roll }],
      ]);
    const guardian = ({ Governor }: Parameters) =>
      ethers.deployContract("Guardian", [Governor.guardian, Governor.guardianTerm]);
    /** Of good parameters: what the varied contract is built upon. */
    const build = async (base: Parameters) => {
      const owner = await (await timelock(base)).getAddress();
      const roll = await (await membership(base, owner)).getAddress();
      const asked = await (await agenda(base)).getAddress();
      return async (section: Section, parameters: Parameters, key?: string) => {
        if (section === "Agenda") return agenda(parameters);
        if (key === "documents") return charter(parameters, owner, asked);
        if (key === "statementWindow") return statements(parameters, roll, asked);
        if (section === "Motions") return motions(parameters, roll, owner);
        if (key === "codeDocument") return speakers(parameters, roll, owner, asked);
        if (section === "Forum") return forum(parameters, roll, owner, asked);
        if (section === "Conduct") return conduct(parameters, roll, owner, asked);
        if (section === "Coalition") return root(parameters, roll, owner);
        if (key === "guardianTerm") return guardian(parameters);
        if (section === "Membership") return membership(parameters, owner);
        if (section === "Admission") return vouched(parameters, roll);
        if (section === "Elections") return offices(parameters, roll);
        if (section === "Governor") return governor(parameters, roll, owner);
        return timelock(parameters);
      };
    };
    return { ethers, build };
  }

  /** The error by which a contract refuses a number, and the name that it has for it, if it gives one. */
  const refusalOf = (
    section: Section,
    key = "",
  ): { contract: string; error: string; word?: string; withoutMin?: boolean } => {
    if (key === "documents") return { contract: "Charter", error: "CharterTitlesOutOfRange" };
    if (key === "statementWindow")
      return { contract: "MinorityStatements", error: "MinorityStatementsWindowOutOfRange" };
    if (key === "guardianTerm")
      return { contract: "Guardian", error: "GuardianTermOutOfRange", withoutMin: true };
    if (key === "codeDocument")
      return { contract: "Speakers", error: "SpeakersUnknownCode", withoutMin: true };
    switch (section) {
      case "Coalition":
        return { contract: "Coalition", error: "CoalitionInvalidURI" };
      case "Forum":
        return { contract: "Forum", error: "ForumPaceOutOfRange", word: key };
      case "Conduct":
        return { contract: "Conduct", error: "ConductTermOutOfRange", word: key };
      case "Membership":
        return key in DESKS_WORDS
          ? { ...DESKS_WORDS[key], error: "RollDeskParameterOutOfRange" }
          : { contract: "Membership", error: "MembershipParameterOutOfRange", word: key };
      case "Admission":
        return {
          contract: "VouchedAdmission",
          error: "VouchedAdmissionRuleOutOfRange",
          word: POLICYS_WORDS[key] ?? key,
        };
      case "Agenda":
        return { contract: "Agenda", error: "AgendaPlacesOutOfRange" };
      case "Motions":
        return { contract: "Motions", error: "MotionsRuleOutOfRange", word: key };
      case "Elections":
        return { contract: "Offices", error: "OfficesOutOfRange" };
      case "Governor":
        return { contract: "CoalitionGovernor", error: "DecisionRulesOutOfRange", word: key };
      default:
        return { contract: "CoalitionTimelock", error: "CoalitionTimelockDelayOutOfRange" };
    }
  };

  let setup: Awaited<ReturnType<typeof prepare>>;
  const builders = new Map<Parameters, Awaited<ReturnType<(typeof setup)["build"]>>>();
  before(async () => {
    setup = await prepare();
    for (const base of [ROOMY, TIGHT]) builders.set(base, await setup.build(base));
  });

  /** Deploys the contract of a section upon others by good parameters. */
  const deploy = (base: Parameters, section: Section, parameters: Parameters, key?: string) => {
    const builder = builders.get(base);
    if (builder === undefined) throw new Error("nothing was prepared for these parameters");
    return builder(section, parameters, key);
  };

  for (const [title, base] of [
    ["given fixed bounds", ROOMY],
    ["given bounds that follow from other parameters", TIGHT],
  ] as const) {
    context(title, () => {
      for (const { section, key, rule, name } of INTEGERS) {
        const { min, max } = rule.range((other) => numberIn(base, other));
        const blames = (value: number) =>
          findProblems(withValue(base, name, value)).some((problem) => problem.startsWith(`${name} `));

        it(`take ${name} from ${min.value} to ${max.value}, both of them`, async () => {
          for (const value of [min.value, max.value]) {
            expect(blames(value), `${value} by the schema`).to.equal(false);
            const contract = await deploy(base, section, withValue(base, name, value), key);
            expect(await contract.getDeployedCode(), `${value} by the contract`).to.be.a("string");
          }
        });

        it(`refuse ${name} just below and just above, both of them`, async () => {
          const { contract, error, word, withoutMin } = refusalOf(section, key);
          const factory = await setup.ethers.getContractFactory(contract);
          const named = word === undefined ? [] : [encodeBytes32String(word)];
          for (const value of [min.value - 1, max.value + 1]) {
            expect(blames(value), `${value} by the schema`).to.equal(true);
            // Below zero there is nothing that could be sent.
            if (value < 0) continue;
            const range = withoutMin ? [max.value] : [min.value, max.value];
            await expect(deploy(base, section, withValue(base, name, value), key), `${value} by the contract`)
              .to.be.revertedWithCustomError(factory, error)
              .withArgs(...named, value, ...range);
          }
        });
      }

      for (const { key, rule, name } of RULES) {
        const { min, max } = boundsOf(key, rule, base);
        const usual = base === ROOMY ? undefined : boundsOf(key, rule, ROOMY);
        // With the same bounds there is nothing new to be seen.
        if (usual !== undefined && usual.min === min && usual.max === max) continue;

        it(`take ${name} from ${min} to ${max}, both of them`, async () => {
          for (const value of [min, max]) {
            const parameters = inOrder(base, key, rule, value);
            expect(findProblems(parameters), `${value} by the schema`).to.deep.equal([]);
            const contract = await deploy(base, "Governor", parameters);
            expect(await contract.getDeployedCode(), `${value} by the contract`).to.be.a("string");
          }
        });

        it(`refuse ${name} just below and just above, both of them`, async () => {
          const factory = await setup.ethers.getContractFactory("DecisionBounds");
          for (const value of [min - 1, max + 1]) {
            const parameters = withRule(base, key, rule, value);
            const blamed = findProblems(parameters).some((problem) =>
              problem.startsWith(`${name} is ${value}`),
            );
            expect(blamed, `${value} by the schema`).to.equal(true);
            // What does not fit its type cannot be sent.
            if (value < 0 || (rule === "concurrenceMembers" && value > 255)) continue;
            await expect(deploy(base, "Governor", parameters), `${value} by the contract`)
              .to.be.revertedWithCustomError(factory, "DecisionRulesOutOfRange")
              .withArgs(encodeBytes32String(rule), value, min, max);
          }
        });
      }
    });
  }

  context("given no silence, where motions and amendments go straight to the vote", () => {
    for (const key of ["silence", "amendmentSilence"] as const) {
      it(`take 0 as Motions.${key}, and refuse 1, both of them`, async () => {
        for (const base of [ROOMY, TIGHT]) {
          const none = withValue(base, `Motions.${key}`, 0);
          expect(findProblems(none)).to.deep.equal([]);
          expect(await (await deploy(base, "Motions", none, key)).getDeployedCode()).to.be.a("string");
          const one = withValue(base, `Motions.${key}`, 1);
          expect(findProblems(one)).to.have.length(1);
          const factory = await setup.ethers.getContractFactory("Motions");
          await expect(deploy(base, "Motions", one, key))
            .to.be.revertedWithCustomError(factory, "MotionsRuleOutOfRange")
            .withArgs(encodeBytes32String(key), 1, base.$global.shortestStage, 30 * DAY);
        }
      });
    }
  });

  context("given rules that follow from others of the same class", () => {
    const cases: readonly [Partial<ClassRules>, keyof ClassRules, number, number, number][] = [
      [{ period: 5 * DAY, extension: 5 * DAY + 1 }, "extension", 5 * DAY + 1, 0, 5 * DAY],
      [{ endorsements: 0, endorsementGroups: 1 }, "endorsementGroups", 1, 0, 0],
      [{ endorsements: 2, endorsementGroups: 3 }, "endorsementGroups", 3, 1, 2],
      [{ endorsements: 2, endorsementGroups: 0 }, "endorsementGroups", 0, 1, 2],
    ];
    for (const [changes, rule, value, min, max] of cases) {
      it(`refuse ${JSON.stringify(changes)}, both of them`, async () => {
        // All alike, for the order of classes not to matter.
        const Governor = { ...ROOMY.Governor };
        for (const key of CLASSES) Governor[key] = { ...ROOMY_RULES, ...changes };
        const parameters = { ...ROOMY, Governor };
        expect(findProblems(parameters).map((problem) => problem.split(",")[0])).to.have.members(
          CLASSES.map((key) => `Governor.${key}.${rule} is ${value}`),
        );
        const factory = await setup.ethers.getContractFactory("DecisionBounds");
        await expect(deploy(ROOMY, "Governor", parameters))
          .to.be.revertedWithCustomError(factory, "DecisionRulesOutOfRange")
          .withArgs(encodeBytes32String(rule), value, min, max);
      });
    }
  });

  context("given a class of decisions that is stricter than a greater one", () => {
    for (const [index, lesser] of CLASSES.slice(0, -1).entries()) {
      const greater = CLASSES[index + 1] as ClassKey;
      for (const rule of STRICTNESS) {
        it(`refuse a ${rule} of ${lesser} above that of ${greater}, both of them`, async () => {
          const parameters = structuredClone(ROOMY);
          for (const key of CLASSES.slice(0, index + 1)) parameters.Governor[key][rule] += 1;
          expect(findProblems(parameters)).to.have.length(1);
          expect(findProblems(parameters)[0]).to.contain(`Governor.${lesser}.${rule} is `);
          const factory = await setup.ethers.getContractFactory("DecisionBounds");
          await expect(deploy(ROOMY, "Governor", parameters))
            .to.be.revertedWithCustomError(factory, "DecisionBoundsUnordered")
            // The contract names the least of those that are too strict.
            .withArgs(0, classNumber(greater), encodeBytes32String(rule));
        });
      }
    }

    it("take one that is so in what is no measure of strictness, both of them", async () => {
      const parameters = structuredClone(ROOMY);
      const { Governor } = parameters;
      for (const [index, key] of CLASSES.entries()) {
        Governor[key].grace -= index;
        Governor[key].extension -= index;
        Governor[key].concurrenceMembers = 5 - index;
        Governor[key].endorsementGroups = 5 - index;
      }
      expect(findProblems(parameters)).to.deep.equal([]);
      expect(await (await deploy(ROOMY, "Governor", parameters)).getDeployedCode()).to.be.a("string");
    });
  });

  context("given names, groups and digests", () => {
    const groups = (count: number) => Array.from({ length: count }, (_, index) => `Group ${index}`);
    const cases: readonly [string, unknown, boolean, string?][] = [
      ["Membership.name", "x".repeat(31), true],
      ["Membership.name", "x".repeat(32), false, "StringTooLong"],
      ["Membership.name", "", false, "PlainNameInvalid"],
      ["Membership.name", "Az09 &(),-./", true],
      ...[..."\u0000\t\u001f!\"#$%'*+:;<=>?@[\\]^_`{|}~\u007fé"].map(
        (character) =>
          ["Membership.name", `a${character}`, false, "PlainNameInvalid"] as [
            string,
            unknown,
            boolean,
            string,
          ],
      ),
      ["Membership.symbol", "x".repeat(11), true],
      ["Membership.symbol", "x".repeat(12), false, "PlainNameInvalid"],
      ["Membership.groups", groups(2), true],
      ["Membership.groups", groups(8), true],
      ["Membership.groups", groups(1), false, "MembershipParameterOutOfRange"],
      ["Membership.groups", groups(9), false, "MembershipParameterOutOfRange"],
      ["Membership.groups", ["A", "A"], false, "MembershipDuplicateGroup"],
      ["Membership.groups", ["A", "x".repeat(31)], true],
      ["Membership.groups", ["A", "x".repeat(32)], false, "PlainNameInvalid"],
      ["Membership.codeDigest", `0x${"0".repeat(63)}1`, true],
      ["Membership.codeDigest", `0x${"0".repeat(64)}`, false, "MembershipParameterOutOfRange"],
      ["Admission.name", "x".repeat(31), true],
      ["Admission.name", "x".repeat(32), false, "StringTooLong"],
      ["Elections.name", "x".repeat(31), true],
      ["Elections.name", "x".repeat(32), false, "StringTooLong"],
      ["Agenda.name", "x".repeat(31), true],
      ["Agenda.name", "x".repeat(32), false, "StringTooLong"],
      ["Motions.name", "x".repeat(31), true],
      ["Motions.name", "x".repeat(32), false, "StringTooLong"],
      ["Motions.documents", groups(1), true],
      ["Motions.documents", groups(16), true],
      ["Motions.documents", [], false, "CharterTitlesOutOfRange"],
      ["Motions.documents", groups(17), false, "CharterTitlesOutOfRange"],
      ["Motions.documents", ["x".repeat(64)], true],
      ["Motions.documents", ["x".repeat(65)], false, "PlainNameInvalid"],
      ["Motions.documents", ["Charter\u200b"], false, "PlainNameInvalid"],
      ["Forum.name", "x".repeat(31), true],
      ["Forum.name", "x".repeat(32), false, "StringTooLong"],
      ["Forum.lists", ["x".repeat(64), "Other"], true],
      ["Forum.lists", ["x".repeat(65), "Other"], false, "PlainNameInvalid"],
      ["Forum.purposes", [`0x${"1".repeat(64)}`, `0x${"2".repeat(64)}`], true],
      ["Forum.purposes", [`0x${"1".repeat(64)}`, `0x${"0".repeat(64)}`], false, "ForumNoText"],
      ["Forum.purposes", [`0x${"1".repeat(64)}`], false, "ForumListsOutOfRange"],
      ["Forum.purposes", Array(3).fill(`0x${"1".repeat(64)}`), false, "ForumListsOutOfRange"],
      ["Conduct.name", "x".repeat(31), true],
      ["Conduct.name", "x".repeat(32), false, "StringTooLong"],
      ["Coalition.uri", "https://a.io", true],
      ["Coalition.uri", `ipfs://${"x".repeat(249)}`, true],
      ["Coalition.uri", `ipfs://${"x".repeat(250)}`, false, "CoalitionInvalidURI"],
      ["Coalition.uri", "https://a.i", false, "CoalitionInvalidURI"],
      ["Coalition.uri", "http://example.org/dao.json", false, "CoalitionInvalidURI"],
      ["Coalition.uri", "javascript:alert(1)//", false, "CoalitionInvalidURI"],
      ...[...' "\\\u007f\u00e9\n'].map(
        (character) =>
          ["Coalition.uri", `https://example.org/${character}`, false, "CoalitionInvalidURI"] as [
            string,
            unknown,
            boolean,
            string,
          ],
      ),
      ["Governor.name", "x".repeat(31), true],
      ["Governor.name", "x".repeat(32), false, "StringTooLong"],
    ];

    for (const [name, value, good, error] of cases) {
      it(`${good ? "take" : "refuse"} ${JSON.stringify(value)} as ${name}, both of them`, async () => {
        const parameters = withValue(ROOMY, name, value);
        const [section, key] = name.split(".") as [Section, string];
        expect(findProblems(parameters)).to.have.length(good ? 0 : 1);
        if (error === undefined) {
          expect(await (await deploy(ROOMY, section, parameters, key)).getDeployedCode()).to.be.a("string");
        } else {
          // A name that does not fit a signing domain is refused by the roll's desks, which are deployed before it.
          const byDesk = section === "Membership" && error === "StringTooLong";
          const contract = byDesk ? "MemberDesk" : refusalOf(section, key).contract;
          const factory = await setup.ethers.getContractFactory(contract);
          await expect(deploy(ROOMY, section, parameters, key)).to.be.revertedWithCustomError(factory, error);
        }
      });
    }
  });
});
