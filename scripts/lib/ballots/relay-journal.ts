import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../journal.js";
import { Problem } from "../problem.js";
import type { Choice } from "./ballot-file.js";
import type { Place } from "./pack.js";

/** A ballot of a batch, as much as it takes to know it again. */
export interface Carried extends Place {
  readonly id: string;
  readonly file: string;
  readonly voter: string;
  readonly number: number;
  readonly choice: Choice;
}

/** How a batch ended. */
export type Ending =
  | {
      readonly how: "mined";
      readonly hash: string;
      readonly block: number;
      readonly gas: number;
      /** Ids of the ballots that were counted. */
      readonly counted: readonly string[];
      /** Ids of those that the governor passed over, with its reason. */
      readonly skipped: Readonly<Record<string, string>>;
    }
  /** In a block, but undone by the governor as a whole. */
  | { readonly how: "reverted"; readonly hash: string; readonly block: number; readonly gas: number }
  /** Never in a block, and never to be: the number of its transaction is free, or was used for something else. */
  | { readonly how: "abandoned" };

/** A batch from before it is sent to its end. */
export interface Sending {
  readonly sender: string;
  /** The number of the transaction among those of its sender: of all with the same, one at most comes to be. */
  readonly nonce: number;
  readonly data: string;
  readonly gasLimit: number;
  readonly ballots: readonly Carried[];
  /** Once the node told it. */
  readonly hash?: string;
  readonly ending?: Ending;
}

interface Content {
  readonly journal: "relayed ballots";
  readonly chainId: number;
  readonly governor: string;
  readonly decision: string;
  readonly batches: readonly Sending[];
}

/**
 * What whoever brings ballots has sent, on disk: written before anything is sent and after each thing that is learned,
 * whole or not at all, so that whoever comes after a kill knows what may have been sent.
 */
export class RelayJournal {
  readonly #path: string;
  #content: Content;

  private constructor(path: string, content: Content) {
    this.#path = path;
    this.#content = content;
  }

  /** Opens the journal of a decision in a folder of ballots, or begins it. */
  static open(folder: string, of: Pick<Content, "chainId" | "governor" | "decision">): RelayJournal {
    const path = join(folder, `relay-${of.chainId}-${of.decision.slice(0, 16)}.journal`);
    const { chainId, governor, decision } = of;
    const empty: Content = { journal: "relayed ballots", chainId, governor, decision, batches: [] };
    if (!existsSync(path)) return new RelayJournal(path, empty);
    let content: Content;
    try {
      content = JSON.parse(readFileSync(path, "utf8"));
    } catch {
      throw new Problem(`${path} cannot be read; restore it, for it says what was sent.`);
    }
    const same =
      content.journal === empty.journal &&
      content.chainId === chainId &&
      content.governor === governor &&
      content.decision === decision;
    if (!same) throw new Problem(`${path} is the journal of something else; take another folder.`);
    return new RelayJournal(path, content);
  }

  get path(): string {
    return this.#path;
  }

  get batches(): readonly Sending[] {
    return this.#content.batches;
  }

  /** Enters a batch that is about to be sent; answers its place. */
  add(batch: Sending): number {
    this.#write([...this.batches, batch]);
    return this.batches.length - 1;
  }

  /** Adds what was learned of a batch. */
  note(place: number, learned: Pick<Sending, "hash" | "ending">): Sending {
    const known = this.batches[place];
    if (known === undefined) throw new Error(`the journal holds no batch ${place}`);
    const batch = { ...known, ...learned };
    this.#write(this.batches.map((other, index) => (index === place ? batch : other)));
    return batch;
  }

  /**
   * Keeps a second process away, as long as the first lives: each would take the other's batches for its own.
   * @returns what ends that.
   */
  lock(): () => void {
    const path = `${this.#path}.lock`;
    if (existsSync(path)) {
      const holder = Number(readFileSync(path, "utf8"));
      if (holder !== process.pid && isAlive(holder)) {
        throw new Problem(
          `Process ${holder} brings the ballots of this folder just now; wait until it ends.`,
        );
      }
    }
    writeWhole(path, `${process.pid}`);
    return () => rmSync(path, { force: true });
  }

  #write(batches: readonly Sending[]): void {
    this.#content = { ...this.#content, batches };
    writeWhole(this.#path, `${JSON.stringify(this.#content, undefined, 1)}\n`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === "EPERM";
  }
}
