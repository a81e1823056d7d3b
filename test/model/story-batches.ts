import type { Cast } from "./cast.js";
import type { BallotGroup, Decision, NamedBallot, NamedPaper, Slip } from "./decisions.js";
import type { Step } from "./steps.js";

/** What a compact signature can suffer: half of the curve's order has one more, and a chain has neighbours. */
export const FLAWS = ["other parity", "upper half", "foreign chain", "noise"] as const;
export type Flaw = (typeof FLAWS)[number];

/** What the voter of a first ballot signs: the same for all who choose alike. */
export type FirstPaper = { proposalId: bigint; support: number; deadline: number };

/** Makes up ballots that are brought together, good ones and bad ones. */
export class BatchStory {
  constructor(
    private readonly cast: Cast,
    private readonly voter: (decision: Decision | undefined, now: number) => string,
    private readonly choice: (id: bigint, voter?: string) => number,
  ) {}

  castBallots(decision: Decision | undefined, id: bigint, now: number): Step {
    const { random } = this.cast;
    const count = random.chance(0.01) ? 9 : random.between(0, 2);
    const groups: BallotGroup[] = [];
    for (let left = count; left > 0; left--) groups.push(this.#group(id, groups, count < 9, now));
    const named: NamedBallot[] = [];
    for (let left = random.between(0, 4); left > 0; left--) named.push(this.#named(decision, id, named, now));
    return { by: this.cast.sponsor(), deed: { do: "castBallots", id, groups, named } };
  }

  #support(id: bigint, voter?: string): number {
    const { random } = this.cast;
    return random.chance(0.04) ? random.between(3, 255) : this.choice(id, voter);
  }

  #group(id: bigint, before: readonly BallotGroup[], filled: boolean, now: number): BallotGroup {
    const { random, people, model } = this.cast;
    const paper = { proposalId: id, support: this.#support(id), deadline: this.cast.deadline(now) };
    const slips: Slip[] = [];
    const earlier = before.flatMap((group) => group.slips);
    const holding = people.accounts.filter((key) => model.roll.numberOf(key) !== 0);
    for (let left = filled ? random.between(0, 3) : 0; left > 0; left--) {
      if (slips.length > 0 && random.chance(0.12)) slips.push(random.pick(slips));
      else if (earlier.length > 0 && random.chance(0.05)) {
        // Under another choice or deadline it shows somebody else's key.
        const { bytes } = random.pick(earlier);
        slips.push({ bytes, signer: people.signerOfSlip(bytes, paper) });
      } else slips.push(this.#slip(this.cast.mostly(0.9, holding, people.accounts), paper));
    }
    const rest = random.chance(0.08) ? "ab".repeat(random.between(1, 63)) : "";
    return { support: paper.support, deadline: paper.deadline, slips, rest };
  }

  #slip(by: string, paper: FirstPaper): Slip {
    const { random, people } = this.cast;
    const { proposalId, support, deadline } = paper;
    if (random.chance(0.8)) return people.slip(by, paper, paper);
    if (random.chance(0.5)) return people.slip(by, paper, paper, random.pick(FLAWS));
    const other = random.pick<FirstPaper>([
      { ...paper, proposalId: proposalId + 1n },
      { ...paper, support: (support + 1) % 3 },
      { ...paper, deadline: deadline + 1 },
    ]);
    return people.slip(by, other, paper);
  }

  #named(
    decision: Decision | undefined,
    id: bigint,
    before: readonly NamedBallot[],
    now: number,
  ): NamedBallot {
    const { random, people, model } = this.cast;
    const again = before.length > 0 && random.chance(0.12) ? random.pick(before).voter : undefined;
    const voter = again ?? this.voter(decision, now);
    const [support, deadline] = [this.#support(id, voter), this.cast.deadline(now)];
    // Each ballot of a voter that counts uses one up.
    const spent = before.filter((ballot) => ballot.voter === voter).length;
    const current = model.decisions.nonceOf(voter) + (random.chance(0.8) ? spent : 0);
    const nonce = random.chance(0.06) ? current + 1 : current;
    const paper: NamedPaper = { proposalId: id, support, voter, deadline };
    const signature = this.cast.sign(voter, nonce, paper);
    const flaw = random.chance(0.06) ? random.pick(["foreign chain", "upper half"] as const) : undefined;
    const bytes = people.signNamed(signature, flaw);
    return {
      ...{ voter, support, deadline, nonce, bytes },
      signature: flaw === undefined ? signature : undefined,
    };
  }
}
