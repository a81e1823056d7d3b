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
          `the file holds ${shown}, allowed: an object with $global, Timelock, Membership, Admission, Elections, Agenda, Motions, Forum, Conduct, Coalition, Governor`,
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
      expect(lines[0]).to.match(/coalition\.json5 has 52 problems:$/);
      expect(lines).to.have.length(53);
      for (const line of lines.slice(1)) expect(line).to.match(/^ {2}\S*coalition\.json5: .*, allowed: /);
      expect(problems).to.include.members([
        "Gouvernor is not a parameter, allowed: $global, Timelock, Membership, Admission, Elections, Agenda, Motions, Forum, Conduct, Coalition, Governor",
        "Timelock.deley is not a parameter, allowed: delay",
        "Timelock.delay is -1, allowed: a whole number from 60 ($global.shortestStage) to 2592000 (seconds)",
        "Agenda.places is missing, allowed: a whole number from 1 to 5 (decisions)",
        "Motions.lapse is missing, allowed: a whole number from 180 to 31536000 (seconds)",
        "Motions.silence is missing, allowed: 0 for none, or a whole number from 60 ($global.shortestStage) to 2592000 (seconds)",
        "Motions.documents is missing, allowed: 1 to 16 different names, each of 1 to 64 ASCII letters, digits, single spaces and & ( ) , - . /",
        "Governor.guardian is missing, allowed: an address: 0x and 40 hexadecimal digits, all of them zero for nobody",
        "Forum.purposes is missing, allowed: as many digests as Forum.lists, each of 0x and 64 hexadecimal digits (32 bytes), not all zero",
        "Conduct.members is missing, allowed: a whole number from 240 (four times $global.shortestStage) to 31536000 (seconds)",
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
            uri: [7, null, {}, "", "dao.json", "http://example.org/dao.json"],
            digests: [7, null, {}, "", ["0x12", "0x12"], [null, null], []],
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
      // The timelock's delay, notice and delay of every class, the two windows of amendments, and five of cases.
      expect(problemsWith({ "$global.shortestStage": 61 })).to.have.length(1 + 2 * CLASSES.length + 2 + 5);
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
      const names = ["Membership", "Governor", "Elections", "Agenda", "Motions"].map((one) => `${one}.name`);
      for (const key of [...names, "Membership.symbol"]) {
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

    it("refuses no documents, too many, unclear and repeated ones, each named by its place", () => {
      const titles = (count: number) => Array.from({ length: count }, (_, index) => `Title ${index}`);
      expect(problemsWith({ "Motions.documents": [] })[0]).to.contain("Motions.documents has 0 entries");
      expect(problemsWith({ "Motions.documents": titles(17) })[0]).to.contain("1 to 16 different names");
      expect(problemsWith({ "Motions.documents": titles(16) })).to.be.empty;
      const [twice, unclear, ...more] = problemsWith({ "Motions.documents": ["A", "A", "x".repeat(65)] });
      expect(twice).to.contain('Motions.documents[1] is "A", as Motions.documents[0]');
      expect(unclear).to.contain("Motions.documents[2] is ");
      expect(more).to.deep.equal([]);
    });

    it("refuses titles that leave the Code of Conduct out", () => {
      expect(problemsWith({ "Motions.documents": ["Charter"] })).to.deep.equal([
        "Forum.codeDocument is 2, allowed: a whole number from 1 to 1 (the number of Motions.documents) (documents)",
      ]);
    });

    it("asks for a purpose of each list, each a digest", () => {
      const digest = `0x${"a".repeat(64)}`; // not a secret: stands for a digest
      expect(problemsWith({ "Forum.purposes": [digest, digest] })).to.deep.equal([]);
      for (const purposes of [[digest], [digest, digest, digest], [digest, digest.slice(0, 65)]]) {
        const [problem, ...more] = problemsWith({ "Forum.purposes": purposes });
        expect(problem)
          .to.contain("Forum.purposes is ")
          .and.to.contain("allowed: 2 digests, as many as Forum.lists");
        expect(more).to.deep.equal([]);
      }
      expect(problemsWith({ "Forum.lists": ["One"] })[0]).to.contain(
        "allowed: 1 digests, as many as Forum.lists",
      );
      expect(problemsWith({ "Forum.lists": ["One", "One"] })[0]).to.contain('Forum.lists[1] is "One"');
    });

    it("takes no silence, or one within its range", () => {
      for (const key of ["Motions.silence", "Motions.amendmentSilence"]) {
        for (const silence of [0, 60, 2_592_000]) {
          expect(problemsWith({ [key]: silence }), `${key} ${silence}`).to.deep.equal([]);
        }
        for (const silence of [-1, 1, 59, 2_592_001]) {
          expect(problemsWith({ [key]: silence }), `${key} ${silence}`).to.deep.equal([
            `${key} is ${silence}, allowed: 0 for none, or a whole number from 60 ($global.shortestStage) ` +
              "to 2592000 (seconds)",
          ]);
        }
      }
      // None is an exception of silences alone.
      expect(problemsWith({ "Motions.notice": 0 })).to.have.length(1);
    });

    it("holds the rules for motions against each other", () => {
      expect(problemsWith({ "Motions.lapse": 180 })).to.deep.equal([]);
      expect(problemsWith({ "Motions.lapse": 179 })).to.deep.equal([
        "Motions.lapse is 179, allowed: a whole number from 180 " +
          "(Motions.window, Motions.rebase and $global.shortestStage together) to 31536000 (seconds)",
      ]);
      for (const [source, key] of [
        ["Motions.objections", "Motions.objectionGroups"],
        ["Motions.amendmentObjections", "Motions.amendmentObjectionGroups"],
      ] as const) {
        expect(problemsWith({ [source]: 2, [key]: 2 }), key).to.deep.equal([]);
        expect(problemsWith({ [source]: 1, [key]: 2 }), key).to.deep.equal([
          `${key} is 2, allowed: a whole number from 1 to 1 (${source}) (groups)`,
        ]);
        expect(problemsWith({ [source]: 5, [key]: 3 }), key).to.deep.equal([
          `${key} is 3, allowed: a whole number from 1 to 2 (groups)`,
        ]);
      }
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
