import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Interface } from "ethers";
import { artifacts } from "hardhat";

const TEST = /((?:^ {4}\/\/\/.*\n)+) {4}function ((?:test|invariant)\w*)\(/gm;
const CITATION = /Propert(?:y|ies) ([^:]*):/;

/** The roll and its desks, by the name that the helper which calls everything gives them. */
const HOLDERS: Readonly<Record<string, string>> = {
  MEMBERSHIP: "Membership",
  REQUESTS: "MemberDesk",
  CONFIRMATIONS: "Confirmations",
  RECOVERY: "KeyRecovery",
  AFFILIATIONS: "Affiliations",
  CLAIMS: "Claims",
  DELEGATIONS: "Delegations",
};

const ROLL_AND_DESKS = Object.values(HOLDERS);

/** Every test of a Solidity file with the properties that its comment cites, as "<number> <file> <test>". */
function cited(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(TEST)].flatMap(([, comment = "", name = ""]) => {
    const numbers = CITATION.exec(comment.replace(/\s*\n\s*\/\/\/ /g, " "))?.[1]?.match(/\d+/g) ?? ["none"];
    return numbers.map((number) => `${number} ${file} ${name}`);
  });
}

/** What the document lists, in the same form. */
function listed(text: string): string[] {
  return text.split(/^### /m).flatMap((section) => {
    const number = /^\d+/.exec(section)?.[0];
    return [...section.matchAll(/^- `(test\/[\w./-]+\.t\.sol)`:\n((?: {2}- `\w+`\n)+)/gm)].flatMap(
      ([, file, names = ""]) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name]) => `${number} ${file} ${name}`),
    );
  });
}

describe("docs/properties.md", () => {
  const text = readFileSync("docs/properties.md", "utf8");
  const files = readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".t.sol"))
    .map((path) => join("test", path).replaceAll("\\", "/"));

  it("lists every Solidity test under the properties that its comment cites, and no other", () => {
    expect(listed(text).sort()).to.deep.equal(files.flatMap(cited).sort());
  });

  it("leaves no test of a Solidity file out", () => {
    const functions = files.flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/function ((?:test|invariant)\w*)\(/g),
    ]);
    const named = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(TEST)]);
    expect(named.length).to.equal(functions.length).and.to.be.greaterThan(40);
  });

  it("has the thirty numbered properties, in order", () => {
    const numbers = [...text.matchAll(/^### (\d+)\. /gm)].map(([, number]) => Number(number));
    expect(numbers).to.deep.equal(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  it("has every function of roll and desks that changes something tried for property 6", async () => {
    const tried = readFileSync("test/helpers/AnybodysCalls.sol", "utf8");
    const doors = await Promise.all(
      ROLL_AND_DESKS.map(async (contract) => {
        const { abi } = await artifacts.readArtifact(contract);
        const names: string[] = [];
        new Interface(abi).forEachFunction(({ name, constant }) => constant || names.push(name));
        return names.map((name) => `${contract}.${name}`);
      }),
    );
    const callsOf = new Set(
      [...tried.matchAll(/abi\.encode(?:Call\(\s*(\w+)\.|WithSignature\(\s*")(\w+)/g)].map(
        ([, holder = "MEMBERSHIP", name]) => `${HOLDERS[holder] ?? holder}.${name}`,
      ),
    );
    expect(doors.flat().filter((door) => !callsOf.has(door))).to.deep.equal([]);
    expect(doors.flat().length).to.be.greaterThan(70);
  });
});
