import { expect } from "chai";

/** A contract with a clock. */
export type Erc6372 = { clock: () => Promise<bigint>; CLOCK_MODE: () => Promise<string> };

export type Erc6372Situation = {
  subject: Erc6372;
  /** The chain's time. */
  now: () => Promise<bigint>;
  /** Lets time pass until a moment. */
  goTo: (moment: bigint) => Promise<void>;
};

/** ERC-6372 with a clock that counts seconds since 1970. */
export function shouldKeepTimeLikeErc6372(situation: () => Erc6372Situation): void {
  describe("as ERC-6372", () => {
    it("says that it counts seconds", async () => {
      expect(await situation().subject.CLOCK_MODE()).to.equal("mode=timestamp");
    });

    it("goes with the chain's time", async () => {
      const { subject, now, goTo } = situation();
      expect(await subject.clock()).to.equal(await now());
      const later = (await now()) + 12_345n;
      await goTo(later);
      expect(await subject.clock()).to.equal(later);
    });
  });
}
