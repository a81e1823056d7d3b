import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type ErrorFragment, Interface } from "ethers";
import { artifacts } from "hardhat";
import { CONTRACTS } from "../../scripts/lib/address-book.js";

/** Errors that come with OpenZeppelin; the rest is ours. ERC-5805's is declared by the roll. */
const FOREIGN =
  /^(AccessControl|Address|Checkpoint|ECDSA|ERC721|ERC165|FailedCall|Governor|Insufficient|Invalid|Nonces|Queue|SafeCast|String|Timelock|VotesExpired)/;

describe("docs/errors.md", () => {
  const text = readFileSync("docs/errors.md", "utf8");
  const listed = [...text.matchAll(/^\| `(\w+)\(([^)]*)\)` \|/gm)].map(
    ([, name, inputs]) => `${name}(${inputs})`,
  );
  const own = listed.filter((entry) => !FOREIGN.test(entry));

  async function compiled(): Promise<string[]> {
    const found = new Set<string>();
    for (const name of Object.values(CONTRACTS)) {
      const { abi } = await artifacts.readArtifact(name);
      new Interface(abi).forEachError((error: ErrorFragment) => {
        if (!FOREIGN.test(error.name))
          found.add(`${error.name}(${error.inputs.map((i) => i.name).join(", ")})`);
      });
    }
    return [...found];
  }

  it("lists every error of the contracts with its arguments, and none that does not exist", async () => {
    expect(own.sort()).to.deep.equal((await compiled()).sort());
  });

  it("lists each once", () => {
    expect(new Set(listed).size).to.equal(listed.length);
    expect(own.length).to.be.greaterThan(30);
  });
});
