import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { network } from "hardhat";
import {
  findProblems,
  type IntegerKey,
  type Parameters,
  readParameters,
  SCHEMA,
  type SourceKey,
} from "../../scripts/lib/parameters.js";

import { deployDesks, rollParameters } from "../helpers/fixture.js";

const DAY = 86_400;

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
  Governor: { ...readParameters("local").Governor, notice: 10 * DAY, period: 10 * DAY, grace: 10 * DAY },
};

/** As {@link ROOMY}, with a shortest stage, a waiting floor and vouchers that decide other parameters' bounds. */
const TIGHT: Parameters = {
  ...ROOMY,
  $global: { shortestStage: 7 * DAY },
  Membership: { ...ROOMY.Membership, waitingFloor: 20 * DAY + 7 },
  Admission: { ...ROOMY.Admission, vouchers: 5 },
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
  Object.entries(SCHEMA[section]).flatMap(([key, rule]) =>
    rule.kind === "integer" ? [{ section, key, rule, name: `${section}.${key}` as IntegerKey }] : [],
  ),
);

const numberIn = (parameters: Parameters, name: SourceKey): number => {
  if (name === "Membership.groups") return parameters.Membership.groups.length;
  const [section, key] = name.split(".") as [Section, string];
  return (parameters[section] as Readonly<Record<string, unknown>>)[key] as number;
};

function withValue(parameters: Parameters, name: string, value: unknown): Parameters {
  const [section, key] = name.split(".") as [Section, string];
  return { ...parameters, [section]: { ...parameters[section], [key]: value } };
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
    const governor = ({ Governor }: Parameters, roll: string, owner: string) => {
      const { name, ...rules } = Governor;
      return ethers.deployContract("CoalitionGovernor", [name, roll, owner, rules]);
    };
    /** Of good parameters: what the varied contract is built upon. */
    const build = async (base: Parameters) => {
      const owner = await (await timelock(base)).getAddress();
      const roll = await (await membership(base, owner)).getAddress();
      return async (section: Section, parameters: Parameters) => {
        if (section === "Membership") return membership(parameters, owner);
        if (section === "Admission") return vouched(parameters, roll);
        if (section === "Governor") return governor(parameters, roll, owner);
        return timelock(parameters);
      };
    };
    return { ethers, build };
  }

  /** The error by which a contract refuses a number, and the name that it has for it, if it gives one. */
  const refusalOf = (section: Section, key = ""): { contract: string; error: string; word?: string } => {
    switch (section) {
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
  const deploy = (base: Parameters, section: Section, parameters: Parameters) => {
    const builder = builders.get(base);
    if (builder === undefined) throw new Error("nothing was prepared for these parameters");
    return builder(section, parameters);
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
            const contract = await deploy(base, section, withValue(base, name, value));
            expect(await contract.getDeployedCode(), `${value} by the contract`).to.be.a("string");
          }
        });

        it(`refuse ${name} just below and just above, both of them`, async () => {
          const { contract, error, word } = refusalOf(section, key);
          const factory = await setup.ethers.getContractFactory(contract);
          const named = word === undefined ? [] : [encodeBytes32String(word)];
          for (const value of [min.value - 1, max.value + 1]) {
            expect(blames(value), `${value} by the schema`).to.equal(true);
            // Below zero there is nothing that could be sent.
            if (value < 0) continue;
            await expect(deploy(base, section, withValue(base, name, value)), `${value} by the contract`)
              .to.be.revertedWithCustomError(factory, error)
              .withArgs(...named, value, min.value, max.value);
          }
        });
      }
    });
  }

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
      ["Governor.name", "x".repeat(31), true],
      ["Governor.name", "x".repeat(32), false, "StringTooLong"],
    ];

    for (const [name, value, good, error] of cases) {
      it(`${good ? "take" : "refuse"} ${JSON.stringify(value)} as ${name}, both of them`, async () => {
        const parameters = withValue(ROOMY, name, value);
        const section = name.split(".")[0] as Section;
        expect(findProblems(parameters)).to.have.length(good ? 0 : 1);
        if (error === undefined) {
          expect(await (await deploy(ROOMY, section, parameters)).getDeployedCode()).to.be.a("string");
        } else {
          // A name that does not fit a signing domain is refused by the roll's desks, which are deployed before it.
          const byDesk = section === "Membership" && error === "StringTooLong";
          const contract = byDesk ? "MemberDesk" : refusalOf(section).contract;
          const factory = await setup.ethers.getContractFactory(contract);
          await expect(deploy(ROOMY, section, parameters)).to.be.revertedWithCustomError(factory, error);
        }
      });
    }
  });
});
