import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const DOCUMENT = "docs/attacks.md";

/** The catalogue of attacks ends at 137; what follows are attacks on what only this roll can do. */
const LAST = 147;

type Trial = { readonly number: number; readonly title: string };

/** Every test that names the attack it tries, wherever it stands. */
function trials(): Trial[] {
  return readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => join("test", path).replaceAll("\\", "/"))
    .flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/\bit\(\s*"attack (\d+): ([^"]+)"/g)].map(
        ([, number, title]) => ({ number: Number(number), title: `\`${path}\`: ${title}` }),
      ),
    );
}

/** The rows of the document: an attack's number, and what is said of it, line by line. */
function rows(): Map<number, string[]> {
  const text = readFileSync(DOCUMENT, "utf8");
  return new Map(
    [...text.matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, number, said = ""]) => [
      Number(number),
      said.split("<br>"),
    ]),
  );
}

const isTest = (line: string) => line.startsWith("`test/");

describe(DOCUMENT, () => {
  it("has one row for each attack of the catalogue, in order", () => {
    expect([...rows().keys()]).to.deep.equal(Array.from({ length: LAST }, (_, index) => index + 1));
  });

  it("names every test that tries an attack, by file and title, and none that does not exist", () => {
    const order = (all: readonly Trial[]) => all.map(({ number, title }) => `${number} ${title}`).sort();
    const named = [...rows()].flatMap(([number, lines]) =>
      lines.filter(isTest).map((title) => ({ number, title })),
    );
    expect(order(named)).to.deep.equal(order(trials()));
  });

  it("says of every attack that is not tried here when it will be, or why it cannot arise", () => {
    const known = /^(Step [56]: |Cannot arise: |Elsewhere: )\S/;
    for (const [number, lines] of rows()) {
      const others = lines.filter((line) => !isTest(line));
      expect(lines.length, `attack ${number}`).to.be.greaterThan(0);
      for (const line of others) expect(line, `attack ${number}`).to.match(known);
    }
  });
});
