import { createHash } from "node:crypto";
import { Interface, keccak256, toBeHex } from "ethers";
import { Conduct__factory, Forum__factory } from "../../../typechain-types/index.js";
import { type AddressBook, CONTRACTS, type ContractKey } from "../address-book.js";
import { EMPTY_SERIES, nextHead } from "../record-series.js";
import type { Chain } from "./chain.js";
import type { Texts } from "./export.js";
import type { ArchivedLog } from "./logs.js";
import { recordOf, seriesPlaces } from "./series.js";

const FORUM = new Interface(Forum__factory.abi);
const CONDUCT = new Interface(Conduct__factory.abi);

/** The first block of a simulated coalition, and the moment of it. */
const [FIRST_BLOCK, FIRST_MOMENT] = [1_000, 1_800_000_000];
const LISTS = 2;
const CHAIN_ID = 424_242;

/** What a simulated coalition has said. */
export interface Simulation {
  /** Posts in all. */
  readonly posts: number;
  /** Posts in a block, as a relayed batch brings them. */
  readonly inBlock: number;
}

/**
 * A chain with a forum in which somebody spoke, computed as it is asked and kept nowhere: to try and to measure archives
 * of any size. Every hundredth post is hidden in an emergency, one in two hundred erased.
 */
export class SimulatedChain implements Chain {
  readonly book: Pick<AddressBook, "contracts" | "block">;
  readonly #heads = new Map<string, bigint>();
  readonly #last: number;

  constructor(readonly simulation: Simulation) {
    const keys = Object.keys(CONTRACTS) as ContractKey[];
    const contracts = Object.fromEntries(
      keys.map((key, index) => [key, toBeHex(BigInt(index + 1) << 80n, 20)]),
    ) as AddressBook["contracts"];
    this.book = { contracts, block: FIRST_BLOCK };
    this.#last = FIRST_BLOCK + Math.ceil(simulation.posts / simulation.inBlock);
    const places = seriesPlaces(contracts);
    for (let list = 0; list <= LISTS; list++) this.#heads.set(`forum/${list}`, EMPTY_SERIES);
    this.#heads.set("conduct/log", EMPTY_SERIES);
    for (let block = FIRST_BLOCK; block <= this.#last; block++) {
      for (const log of this.#logsOf(block)) {
        const record = recordOf(log, places);
        if (record === undefined) continue;
        const name = `${record.contract}/${record.series}`;
        this.#heads.set(name, nextHead(this.#heads.get(name) ?? EMPTY_SERIES, record.record));
      }
    }
  }

  async chainId(): Promise<number> {
    return CHAIN_ID;
  }

  async height(): Promise<number> {
    return this.#last;
  }

  async hashOf(block: number): Promise<string> {
    return keccak256(toBeHex(block, 32));
  }

  async logs(from: number, to: number): Promise<readonly ArchivedLog[]> {
    const found: ArchivedLog[] = [];
    for (let block = from; block <= to; block++) found.push(...this.#logsOf(block));
    return found;
  }

  async codeOf(address: string): Promise<string> {
    return keccak256(address);
  }

  async headOf(series: string): Promise<bigint> {
    return this.#heads.get(series) ?? EMPTY_SERIES;
  }

  async lists(): Promise<number> {
    return LISTS;
  }

  /** The texts of the posts, computed as they are asked for. */
  texts(): Texts {
    const numbers = new Map(
      Array.from({ length: this.simulation.posts }, (_, index) => [digestOf(index), index]),
    );
    return {
      list: async () => [...numbers.keys()].sort(),
      get: async (digest) => textOf(numbers.get(digest) ?? -1),
    };
  }

  #logsOf(block: number): ArchivedLog[] {
    const { posts, inBlock } = this.simulation;
    const moment = FIRST_MOMENT + block;
    const { forum, conduct } = this.book.contracts;
    const found: ArchivedLog[] = [];
    const push = (address: string, { topics, data }: { topics: string[]; data: string }) => {
      const transaction = keccak256(toBeHex(BigInt(block) * 100_000n + BigInt(found.length), 32));
      found.push({ block, index: found.length, address, topics, data, transaction });
    };
    const tell = (face: Interface, address: string, event: string, values: unknown[]) =>
      push(address, face.encodeEventLog(event, values) as { topics: string[]; data: string });
    if (block === FIRST_BLOCK) {
      for (let list = 1; list <= LISTS; list++) {
        tell(FORUM, forum, "ListOpened", [list, list, `List ${list}`, digestOf(list), moment]);
      }
      return found;
    }
    const start = (block - FIRST_BLOCK - 1) * inBlock;
    for (let index = start; index < Math.min(posts, start + inBlock); index++) {
      const list = 1 + (index % LISTS);
      const place = this.#placeOf(index);
      const [kind, to] = place === 1 ? [0, 0] : [1, 1];
      tell(FORUM, forum, "Posted", [list, 1 + (index % 97), place, kind, to, digestOf(index), moment]);
      if (index % 100 === 99) {
        const until = moment + 3_600;
        const emergency = 1 + Math.floor(index / 100);
        tell(FORUM, forum, "PostHidden", [list, place, place + 1, 0, until, digestOf(0), moment]);
        tell(CONDUCT, conduct, "EmergencyHidden", [list, place, emergency, 7, until, digestOf(0), moment]);
      }
      if (index % 200 === 198) {
        tell(FORUM, forum, "PostErased", [list, place, place + 1, 0, 0, digestOf(1), moment]);
      }
    }
    return found;
  }

  /** The place of a post: posts of its list before it, and what was recorded between them. */
  #placeOf(index: number): number {
    const list = index % LISTS;
    // Hidden are posts of odd, erased those of even numbers: of the second list, and of the first.
    const others = list === 1 ? Math.floor(index / 100) : Math.floor((index + 1) / 200);
    return Math.floor(index / LISTS) + 1 + others;
  }
}

const texts = new Map<number, string>();

function textOf(index: number): Uint8Array {
  return Buffer.from(
    `# Post ${index}\n\n${"What somebody has to say about the matter, in a sentence or two. ".repeat(1 + (index % 7))}\n`,
  );
}

/** The digest of a post's text; computed once. */
function digestOf(index: number): string {
  const known = texts.get(index);
  if (known !== undefined) return known;
  const digest = `0x${createHash("sha256").update(textOf(index)).digest("hex")}`;
  texts.set(index, digest);
  return digest;
}
