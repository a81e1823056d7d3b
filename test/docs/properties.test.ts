import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const TEST = /((?:^ {4}\/\/\/.*\n)+) {4}function ((?:test|invariant)\w*)\(/gm;
const CITATION = /Propert(?:y|ies) ([^:]*):/;

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

  it("has the fifteen numbered properties, in order", () => {
    const numbers = [...text.matchAll(/^### (\d+)\. /gm)].map(([, number]) => Number(number));
    expect(numbers).to.deep.equal(Array.from({ length: 15 }, (_, i) => i + 1));
  });
});
