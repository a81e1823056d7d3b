import { expect } from "chai";
import { agree, judge } from "../../scripts/lib/pilot/decision-figures.js";

const count = (against: number, inFavour: number, abstain = 0) => ({ against, for: inFavour, abstain });

/** Six groups, of which those with a bit in this mask are heard: all but the last. */
const HEARD = 0b011111;

const COUNTS = [count(0, 5), count(1, 2), count(3, 3), count(4, 1), count(0, 0, 4), count(0, 9)];

const TWO_THIRDS = 6_667n;

describe("The pilot's own reckoning of an outcome", () => {
  describe("agree", () => {
    it("counts the groups that are heard and have more For than Against", () => {
      expect(agree(COUNTS, HEARD, 3)).to.deep.equal({ heard: 5, agreeing: 2, needed: 3 });
    });

    it("asks for all groups where fewer are heard than the rules ask for", () => {
      expect(agree(COUNTS, 0b11, 3)).to.deep.equal({ heard: 2, agreeing: 2, needed: 2 });
      expect(agree(COUNTS, 0, 3)).to.deep.equal({ heard: 0, agreeing: 0, needed: 0 });
    });
  });

  describe("judge", () => {
    const groups = { agreeing: 3, needed: 3 };

    it("lets one test fail after the other, in the governor's order", () => {
      expect(judge(count(0, 19, 0), 20, 10, TWO_THIRDS, groups)).to.equal("no quorum");
      expect(judge(count(10, 20), 20, 10, TWO_THIRDS, groups)).to.equal("rejected");
      expect(judge(count(0, 9, 11), 20, 10, TWO_THIRDS, groups)).to.equal("too little approval");
      expect(judge(count(10, 21), 20, 10, TWO_THIRDS, { agreeing: 2, needed: 3 })).to.equal("no concurrence");
      expect(judge(count(10, 21), 20, 10, TWO_THIRDS, groups)).to.equal("passed");
    });

    it("asks no group where the rules ask none", () => {
      expect(judge(count(10, 21), 20, 10, TWO_THIRDS, { agreeing: 0, needed: 0 })).to.equal("passed");
    });
  });
});
