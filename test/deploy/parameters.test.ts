import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import AdmissionModule from "../../deploy/modules/admission.js";
import { POLICY_KEYS } from "../../scripts/lib/address-book.js";
import {
  CLASSES,
  type ClassKey,
  type ClassRules,
  findProblems,
  ParameterProblem,
  type Parameters,
  POLICIES,
  type Rule,
  readParameterFile,
  readParameters,
  requireFirstPolicy,
  SCHEMA,
  STRICTNESS,
} from "../../scripts/lib/parameters.js";
import { inFolder } from "../helpers/folder.js";

const good = () => structuredClone(readParameters("local"));

/** The parameters of `local.json5` with some of them replaced. */
function withValues(values: Readonly<Record<string, unknown>>): Record<string, Record<string, unknown>> {
  const content: Record<string, Record<string, unknown>> = good();
  for (const [name, value] of Object.entries(values)) {
    const [section = "", key = ""] = name.split(".");
    content[section] = { ...content[section], [key]: value };
  }
  return content;
}

/** What is wrong with `local.json5` once some rules of some classes of decisions are others. */
function problemsWithRules(changes: Partial<Record<ClassKey, Record<string, unknown>>>): string[] {
  const { Governor, ...rest } = good();
  const classes = Object.entries(changes).map(([key, rules]) => [
    key,
    { ...Governor[key as ClassKey], ...rules },
  ]);
  return findProblems({ ...rest, Governor: { ...Governor, ...Object.fromEntries(classes) } });
}

const problemsWith = (values: Readonly<Record<string, unknown>>) => findProblems(withValues(values));

/** What a file with this text is refused for. */
async function refusal(text: string): Promise<ParameterProblem> {
  return inFolder({ "coalition.json5": text }, (folder) => {
    try {
      readParameterFile(join(folder, "coalition.json5"));
    } catch (error) {
      if (error instanceof ParameterProblem) return error;
      throw error;
    }
    throw new Error("the file was accepted");
  });
}

describe("Parameter files", () => {
  describe("readParameterFile", () => {
    it("refuses a file that is not there, and says what to give", () => {
      expect(() => readParameterFile("no-such-coalition"))
        .to.throw(ParameterProblem)
        .with.property("message")
        .that.contains("deploy/parameters/no-such-coalition.json5: no such file")
        .and.contains("a name in deploy/parameters/");
    });

    it("refuses a text that is not JSON5, with the place", async () => {
      const { message } = await refusal("{ Timelock: { delay 60 } }");
      expect(message).to.match(/coalition\.json5: not JSON5: .*1:21/);
    });

    for (const [text, shown] of [
      ["null", "null"],
      ["[]", "[]"],
      ["60", "60"],
    ]) {
      it(`refuses ${text} in place of an object`, async () => {
        expect((await refusal(text ?? "")).message).to.contain(
          `the file holds ${shown}, allowed: an object with $global, Timelock, Membership, Admission, Elections, Governor`,
        );
      });
    }

    it("names all that is wrong at once, each with file, key, value and range", async () => {
      const { message, problems } = await refusal(`{
        $global: { shortestStage: 60 },
        Timelock: { delay: -1, deley: 60 },
        Membership: [],
        Gouvernor: {},
      }`);
      const lines = message.split("\n");
      expect(lines[0]).to.match(/coalition\.json5 has 19 problems:$/);
      expect(lines).to.have.length(20);
      for (const line of lines.slice(1)) expect(line).to.match(/^ {2}\S*coalition\.json5: .*, allowed: /);
      expect(problems).to.include.members([
        "Gouvernor is not a parameter, allowed: $global, Timelock, Membership, Admission, Elections, Governor",
        "Timelock.deley is not a parameter, allowed: delay",
        "Timelock.delay is -1, allowed: a whole number from 60 ($global.shortestStage) to 2592000 (seconds)",
        "Governor.places is missing, allowed: a whole number from 1 to 5 (decisions)",
        "Governor.guardian is missing, allowed: an address: 0x and 40 hexadecimal digits, all of them zero for nobody",
        `Governor.appeal is missing, allowed: an object with ${Object.keys(good().Governor.appeal).join(", ")}`,
      ]);
      expect(problems.some((problem) => problem.startsWith("Membership is [], allowed: an object"))).to.equal(
        true,
      );
    });

    it("refuses a key that is given twice, however it is written", async () => {
      const text = readFileSync("deploy/parameters/local.json5", "utf8");
      const twice = text.replace("delay: 60,", 'delay: 60, /* delay: 5 */ "d\\u0065lay": 61,');
      expect((await refusal(twice)).problems).to.deep.equal(["Timelock.delay is given more than once"]);
    });

    it("answers path and digest of the file's bytes with its values", () => {
      const { path, digest, parameters } = readParameterFile("dc-bas");
      const bytes = readFileSync("deploy/parameters/dc-bas.json5");
      expect(path).to.equal("deploy/parameters/dc-bas.json5");
      expect(digest).to.equal(`0x${createHash("sha256").update(bytes).digest("hex")}`);
      expect(parameters.Membership.symbol).to.equal("DCBAS");
    });
  });

  describe("findProblems", () => {
    for (const [section, rules] of Object.entries(SCHEMA)) {
      for (const [key, rule] of Object.entries(rules)) {
        const name = `${section}.${key}`;

        it(`names ${name} where it is missing or of a wrong type`, () => {
          const without = withValues({});
          delete without[section]?.[key];
          expect(findProblems(without)).to.have.length(1);
          expect(findProblems(without)[0]).to.match(
            new RegExp(`^${name.replace("$", "\\$")} is missing, allowed: `),
          );
          const wrong = {
            integer: ["600", 600.5, true, null, {}, [600], Number.NaN],
            switch: ["true", 1, null, {}, "", [true]],
            choice: ["", "Open", "combined", "toString", 0, true, null, {}, ["open"]],
            name: [7, null, {}, ""],
            names: [7, null, {}, ""],
            digest: [7, null, {}, ""],
            account: [7, null, {}, "", "0x", `0x${"1".repeat(39)}`, `0x${"g".repeat(40)}`],
            group: [7, null, [], "", [{}]],
          }[rule.kind as Rule["kind"]];
          for (const value of wrong) {
            const [problem, ...more] = problemsWith({ [name]: value });
            expect(problem, String(value)).to.contain(`${name} is `).and.to.contain("allowed: ");
            expect(more).to.deep.equal([]);
          }
        });
      }
    }

    it("names contradictions with the parameter they follow from", () => {
      expect(problemsWithRules({ amendment: { notice: 120 } })).to.deep.equal([
        "Governor.amendment.notice is 120, allowed: a whole number from 60 ($global.shortestStage) " +
          "to 119 (below Membership.waitingFloor) (seconds)",
      ]);
      expect(problemsWith({ "Membership.waitingFloor": 60 })).to.have.members(
        CLASSES.map(
          (key) =>
            `Governor.${key}.notice is 60, allowed: nothing: 60 ($global.shortestStage) is above ` +
            "59 (below Membership.waitingFloor)",
        ),
      );
      expect(problemsWith({ "Membership.waitingPeriod": 119 })[0]).to.contain(
        "from 120 (Membership.waitingFloor)",
      );
      expect(problemsWith({ "Membership.epochLength": 14 })[0]).to.contain(
        "from 15 (an eighth of Membership.waitingFloor)",
      );
      // The timelock's delay, and notice and delay of every class.
      expect(problemsWith({ "$global.shortestStage": 61 })).to.have.length(1 + 2 * CLASSES.length);
      expect(problemsWith({ "Membership.confirmationPeriod": 479 })[0]).to.contain(
        "from 480 (four times Membership.waitingFloor)",
      );
      expect(problemsWith({ "Membership.recoveryDelay": 59 })[0]).to.contain(
        "from 60 (half of Membership.waitingFloor)",
      );
      for (const key of ["Membership.claimCooldown", "Membership.challengeWindow"]) {
        expect(problemsWith({ [key]: 119 })[0], key).to.contain("from 120 (Membership.waitingFloor)");
      }
      expect(problemsWith({ "Admission.voucherGroups": 3 })[0]).to.contain(
        "from 2 to 2 (Admission.vouchers)",
      );
    });

    it("holds the groups of vouchers against the number of groups that there are", () => {
      expect(problemsWith({ "Admission.vouchers": 16, "Admission.voucherGroups": 6 })).to.deep.equal([]);
      expect(problemsWith({ "Admission.vouchers": 16, "Admission.voucherGroups": 7 })[0]).to.contain(
        "from 2 to 6 (the number of Membership.groups)",
      );
    });

    it("takes an account in capitals or not, and zero for nobody, but no address with a slip in it", () => {
      const account = "0x8ba1f109551bD432803012645Ac136ddd64DBA72";
      for (const good of [account, account.toLowerCase(), `0x${"0".repeat(40)}`])
        expect(problemsWith({ "Governor.guardian": good }), good).to.deep.equal([]);
      const slip = account.replace("bD", "BD");
      expect(problemsWith({ "Governor.guardian": slip })).to.deep.equal([
        `Governor.guardian is "${slip}", allowed: an address: 0x and 40 hexadecimal digits, all of them zero for nobody`,
      ]);
    });

    for (const key of CLASSES) {
      it(`names every rule of ${key} where it is missing, unknown or of a wrong type`, () => {
        const rules = good().Governor[key];
        for (const rule of Object.keys(rules) as (keyof ClassRules)[]) {
          const { [rule]: _, ...without } = rules;
          expect(problemsWith({ [`Governor.${key}`]: without })).to.satisfy(
            ([only, ...more]: string[]) =>
              only?.startsWith(`Governor.${key}.${rule} is missing, allowed: a whole number from `) &&
              more.length === 0,
            rule,
          );
          for (const value of ["60", 60.5, true, null, {}, [60], Number.NaN]) {
            const [problem, ...more] = problemsWithRules({ [key]: { [rule]: value } });
            expect(problem, `${rule} ${value}`).to.contain(`Governor.${key}.${rule} is `);
            expect(more, `${rule} ${value}`).to.deep.equal([]);
          }
        }
        expect(problemsWithRules({ [key]: { quorum: 5 } })).to.deep.equal([
          `Governor.${key}.quorum is not a parameter, allowed: ${Object.keys(rules).join(", ")}`,
        ]);
      });
    }

    it("asks more of amendments: approval well above half, and concurrence", () => {
      expect(problemsWithRules({ amendment: { approvalBps: 5_999, concurrence: 1 } })).to.deep.equal([
        "Governor.amendment.approvalBps is 5999, allowed: a whole number from 6000 to 8000 (basis points)",
        "Governor.amendment.concurrence is 1, allowed: a whole number from 2 to 6 " +
          "(the number of Membership.groups) (groups)",
      ]);
      expect(problemsWithRules({ appeal: { approvalBps: 5_999, concurrence: 1 } })).to.deep.equal([]);
    });

    it("holds the rules of a class against each other", () => {
      expect(problemsWithRules({ action: { extension: 120 } })).to.deep.equal([]);
      expect(problemsWithRules({ action: { extension: 121 } })).to.deep.equal([
        "Governor.action.extension is 121, allowed: up to Governor.action.period, 120 (seconds)",
      ]);
      const asked = (endorsements: number, endorsementGroups: number) =>
        problemsWithRules({ amendment: { endorsements, endorsementGroups } });
      for (const [endorsements, groups] of [
        [0, 0],
        [1, 1],
        [2, 1],
        [2, 2],
      ] as const)
        expect(asked(endorsements, groups), `${endorsements} of ${groups}`).to.deep.equal([]);
      for (const [endorsements, groups, range] of [
        [0, 1, "0 to 0"],
        [2, 0, "1 to 2"],
        [2, 3, "1 to 2"],
      ] as const)
        expect(asked(endorsements, groups), `${endorsements} of ${groups}`).to.deep.equal([
          `Governor.amendment.endorsementGroups is ${groups}, allowed: ${range} (Governor.amendment.endorsements)`,
        ]);
    });

    it("lets no class of decisions be stricter than a greater one", () => {
      for (const rule of STRICTNESS) {
        const { unit } = SCHEMA.Governor.action.rules[rule];
        const value = good().Governor.appeal[rule];
        const others = rule === "endorsements" ? { endorsementGroups: 1 } : {};
        expect(problemsWithRules({ action: { ...others, [rule]: value + 1 } }), rule).to.deep.equal([
          `Governor.action.${rule} is ${value + 1}, allowed: up to Governor.appeal.${rule}, ${value} (${unit}); ` +
            "a lesser class is never stricter than a greater one",
        ]);
        // What is no good by itself is named for that alone.
        expect(problemsWithRules({ action: { [rule]: -1 } }), rule).to.have.length(1);
      }
      const loose = { grace: 3_601, extension: 1, concurrenceMembers: 3 };
      expect(problemsWithRules({ motionAmendment: loose })).to.deep.equal([]);
    });

    it("takes both positions of a switch", () => {
      for (const value of [true, false]) {
        expect(problemsWith({ "Membership.oneVoice": value })).to.deep.equal([]);
      }
    });

    it("takes every policy that the modules deploy, and says which there are where it is none", () => {
      for (const policy of POLICIES) {
        expect(problemsWith({ "Membership.admissionPolicy": policy }), policy).to.deep.equal([]);
      }
      expect(problemsWith({ "Membership.admissionPolicy": "combined" })).to.deep.equal([
        'Membership.admissionPolicy is "combined", allowed: "open", "vouched", "attested", "either"',
      ]);
      expect(Object.values(POLICY_KEYS)).to.have.members([
        "admission",
        ...Object.keys(AdmissionModule.results),
      ]);
    });

    it("does not blame a parameter for the fault of the one it follows from", () => {
      expect(problemsWith({ "Admission.vouchers": 1 })).to.have.length(1);
      expect(problemsWith({ "Membership.waitingFloor": "long" })).to.have.length(1);
      expect(problemsWith({ "$global.shortestStage": -5 })).to.have.length(1);
    });

    it("refuses names that are too long, empty or could look like something else", () => {
      const bad = [
        "",
        "x".repeat(32),
        "Coalición",
        "DC\u200bBAS",
        "\u202eSAB-CD",
        'a"b',
        "a\\b",
        "a\nb",
        "a_b",
        "🗳",
      ];
      for (const key of ["Membership.name", "Governor.name", "Elections.name", "Membership.symbol"]) {
        for (const name of bad) expect(problemsWith({ [key]: name }), JSON.stringify(name)).to.have.length(1);
      }
      expect(problemsWith({ "Membership.name": "x".repeat(31), "Membership.symbol": "x".repeat(11) })).to.be
        .empty;
      expect(problemsWith({ "Membership.symbol": "x".repeat(12) })[0]).to.contain("allowed: 1 to 11 ASCII");
    });

    it("refuses too few, too many, unclear and repeated groups, each named by its place", () => {
      const groups = (count: number) => Array.from({ length: count }, (_, index) => `Group ${index}`);
      expect(problemsWith({ "Membership.groups": groups(1) })[0]).to.contain(
        "Membership.groups has 1 entries",
      );
      expect(problemsWith({ "Membership.groups": groups(9) })[0]).to.contain(
        "allowed: 2 to 8 different names",
      );
      expect(problemsWith({ "Membership.groups": groups(8) })).to.be.empty;
      const [twice, unclear, ...more] = problemsWith({ "Membership.groups": ["A", "B", "A", "Ä"] });
      expect(twice).to.contain('Membership.groups[2] is "A", as Membership.groups[0]');
      expect(unclear).to.contain('Membership.groups[3] is "Ä"');
      expect(more).to.deep.equal([]);
    });

    it("refuses digests of another length, of zero and of other characters", () => {
      const bad = [
        "0x",
        `0x${"0".repeat(64)}`,
        `0x${"1".repeat(63)}`,
        `0x${"1".repeat(65)}`,
        "1".repeat(64),
        `0x${"g".repeat(64)}`,
      ];
      for (const digest of bad)
        expect(problemsWith({ "Membership.codeDigest": digest }), digest).to.have.length(1);
    });

    it("refuses keys that objects have by nature", () => {
      const content = JSON.parse(
        JSON.stringify(good()).replace('"delay"', '"__proto__":{"delay":60},"Delay"'),
      );
      expect(findProblems(content).map((problem) => problem.split(",")[0])).to.deep.equal([
        "Timelock.__proto__ is not a parameter",
        "Timelock.Delay is not a parameter",
        "Timelock.delay is missing",
      ]);
    });
  });

  describe("the files that are shipped", () => {
    for (const file of readdirSync("deploy/parameters")) {
      it(`${file} is good, can be deployed, and names the Code of Conduct of this project`, () => {
        const read = readParameterFile(`deploy/parameters/${file}`);
        expect(() => requireFirstPolicy(read)).not.to.throw();
        const { parameters }: { parameters: Parameters } = read;
        const code = createHash("sha256").update(readFileSync("docs/code-of-conduct.md")).digest("hex");
        expect(parameters.Membership.codeDigest).to.equal(`0x${code}`);
      });
    }
  });
});
