import { expect } from "chai";

/** A contract that says which interfaces it has. */
export type Erc165 = { supportsInterface: (id: string) => Promise<boolean> };

/** The id of ERC-165 itself. */
const ERC165 = "0x01ffc9a7";

/**
 * ERC-165: announces itself, the interfaces named, and not the invalid id.
 * @param subject Answers the contract when a test runs.
 * @param interfaces Ids by name, as their standards publish them.
 * @param others Ids by name of what it must not claim.
 */
export function shouldBehaveLikeErc165(
  subject: () => Erc165,
  interfaces: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
): void {
  describe("as ERC-165", () => {
    for (const [name, id] of Object.entries({ "ERC-165": ERC165, ...interfaces })) {
      it(`announces ${name}`, async () => {
        expect(await subject().supportsInterface(id)).to.equal(true);
      });
    }

    for (const [name, id] of Object.entries({ "the invalid id": "0xffffffff", ...others })) {
      it(`does not announce ${name}`, async () => {
        expect(await subject().supportsInterface(id)).to.equal(false);
      });
    }
  });
}
