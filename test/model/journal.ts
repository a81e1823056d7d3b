import { table } from "../../scripts/checks/table.js";

/** What a run must have met, and how often at the least, for its agreement to mean something. */
const MINIMUMS: Readonly<Record<string, number>> = {};

/** Counts what a randomised run met. */
export class Journal {
  readonly #deeds = new Map<string, { done: number; refused: number }>();
  readonly #refusals = new Map<string, number>();
  readonly #sights = new Map<string, number>();
  #answers = 0;

  get total(): number {
    return [...this.#deeds.values()].reduce((sum, { done, refused }) => sum + done + refused, 0);
  }

  /** A step was taken or refused. */
  step(deed: string, refusal?: string): void {
    const counts = this.#deeds.get(deed) ?? { done: 0, refused: 0 };
    if (refusal === undefined) counts.done++;
    else {
      counts.refused++;
      this.#refusals.set(refusal, (this.#refusals.get(refusal) ?? 0) + 1);
    }
    this.#deeds.set(deed, counts);
  }

  /** Something worth meeting was met. */
  see(sight: string, times = 1): void {
    this.#sights.set(sight, (this.#sights.get(sight) ?? 0) + times);
  }

  /** Answers of the contracts were compared with the model's. */
  compared(answers: number): void {
    this.#answers += answers;
  }

  /** What was met too seldom. */
  missing(): string[] {
    const met = (name: string) => this.#refusals.get(name) ?? this.#sights.get(name) ?? 0;
    return Object.entries(MINIMUMS)
      .filter(([name, minimum]) => met(name) < minimum)
      .map(([name, minimum]) => `${name}: ${met(name)} of ${minimum}`);
  }

  /** Everything counted, to be read. */
  table(): string {
    const sorted = <T>(counts: ReadonlyMap<string, T>) =>
      [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = [
      ...table(
        ["step", "done", "refused"],
        sorted(this.#deeds).map(([name, { done, refused }]) => [name, `${done}`, `${refused}`]),
      ),
      "",
      ...table(
        ["refusal", "times"],
        sorted(this.#refusals).map(([name, times]) => [name, `${times}`]),
      ),
      "",
      ...table(
        ["met", "times"],
        sorted(this.#sights).map(([name, times]) => [name, `${times}`]),
      ),
      "",
      `${this.total} steps, ${this.#answers} answers compared`,
    ];
    return `${lines.map((line) => `      ${line}`.trimEnd()).join("\n")}\n`;
  }
}
