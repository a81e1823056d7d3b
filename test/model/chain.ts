import {
  AbiCoder,
  computeAddress,
  concat,
  decodeBytes32String,
  id as digestOf,
  ErrorFragment,
  getBytes,
  type Interface,
  keccak256,
  recoverAddress,
  Signature,
  SigningKey,
  TypedDataEncoder,
  toBeHex,
} from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { deployCoalition, type Parameters } from "../helpers/fixture.js";
import * as abi from "./abi.js";
import type { Action, Place } from "./actions.js";
import { Calls, type Draft } from "./calls.js";
import type { NamedPaper, Proposal, Slip } from "./decisions.js";
import type { DelegationPaper } from "./delegations.js";
import { announcement, type Log } from "./events.js";
import { BOOTHS, type Booth, Pen } from "./papers.js";
import type { Question, Table } from "./questions.js";
import type { Step } from "./steps.js";
import type { FirstPaper, Flaw } from "./story-batches.js";
import { type Signed, ZERO } from "./words.js";

/** What came of a call: what it returned, `""` where that cannot be seen, or the refusal as text. */
export type Outcome = { refused: boolean; text: string };

export type Report = { outcome: Outcome; answers: string[] };

/** How many points secp256k1 has. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const GAS = 60_000_000;
/** Given, so that nobody looks it up before every transaction. */
const GAS_PRICE = "0x3b9aca00";

/** How many small numbers one call reads. */
const CELLS = 400;

type World = Awaited<ReturnType<typeof deployWorld>>;

async function deployWorld(
  connection: NetworkConnection<"generic">,
  parameters: Parameters,
  wallets: number,
) {
  const { ethers } = connection;
  const crowd = await ethers.deployContract("Crowd");
  for (let left = wallets; left > 0; left -= 30) await crowd.grow(Math.min(left, 30));
  const [guardian] = await crowd.addresses();
  if (guardian === undefined) throw new RangeError("a crowd of nobody has no guardian");
  const Governor = { ...parameters.Governor, guardian };
  const coalition = await deployCoalition(connection, { ...parameters, Governor });
  const box = await ethers.deployContract("Box");
  const told = await ethers.deployContract("ToldAdmission");
  return { ...coalition, crowd, box, told };
}

/** A coalition on Hardhat's own chain, with a crowd of people who act on it, most of them many to a transaction. */
export class Chain {
  readonly #drafts = new Map<bigint, Draft>();
  readonly #pen: Pen;
  /** Signs as for another chain. */
  readonly #foreign: Pen;
  readonly #calls: Calls;
  readonly #wallets: ReadonlySet<string>;

  private constructor(
    private readonly connection: NetworkConnection<"generic">,
    private readonly world: World,
    readonly at: Readonly<Record<Place | "admission" | "crowd", string>>,
    /** Members that are contracts. */
    readonly wallets: readonly string[],
    /** Members that are ordinary accounts, with their keys. */
    readonly accounts: ReadonlyMap<string, SigningKey>,
    pens: readonly [own: Pen, foreign: Pen],
    /** Until when the guardian acts; the first of the wallets. */
    readonly sunset: number,
  ) {
    for (const one of Object.values(world))
      if (typeof one === "object" && "interface" in one) learnErrors(one.interface);
    this.#wallets = new Set(wallets);
    [this.#pen, this.#foreign] = pens;
    this.#calls = new Calls(at, this.#pen, (id) => this.#draftOf(id));
  }

  /** Deploys a coalition by the shipped modules, and its people. */
  static async create(
    connection: NetworkConnection<"generic">,
    parameters: Parameters,
    people: { wallets: number; accounts: number; seed: number },
  ): Promise<Chain> {
    const world = await deployWorld(connection, parameters, people.wallets);
    const wallets = (await world.crowd.addresses()).map((address) => address.toLowerCase());
    const keys = Array.from(
      { length: people.accounts },
      (_, index) => new SigningKey(digestOf(`coalition account ${people.seed} ${index}`)),
    );
    const accounts = new Map(keys.map((key) => [computeAddress(key).toLowerCase(), key]));
    const at = {
      membership: await addressOf(world.membership),
      requests: await addressOf(world.requests),
      delegations: await addressOf(world.delegations),
      confirmations: await addressOf(world.confirmations),
      affiliations: await addressOf(world.affiliations),
      claims: await addressOf(world.claims),
      recovery: await addressOf(world.recovery),
      governor: await addressOf(world.governor),
      agenda: await addressOf(world.agenda),
      guardian: await addressOf(world.guardian),
      resolutions: await addressOf(world.resolutions),
      timelock: await addressOf(world.timelock),
      admission: await addressOf(world.admission),
      told: await addressOf(world.told),
      box: await addressOf(world.box),
      crowd: await addressOf(world.crowd),
    };
    for (const sender of [...accounts.keys(), at.timelock, at.box]) {
      const method = "hardhat_impersonateAccount";
      await connection.provider.request({ method, params: [sender] });
      await connection.provider.request({
        method: "hardhat_setBalance",
        params: [sender, "0xffffffffffffffffffff"],
      });
    }
    const domainsOf = async (chainsAway: bigint) => {
      const domains = BOOTHS.map(async (booth) => [booth, await domainOf(world[booth], chainsAway)] as const);
      return Object.fromEntries(await Promise.all(domains)) as Record<Booth, string>;
    };
    const pens = [await domainsOf(0n), await domainsOf(1n)].map((domains) => new Pen(domains, accounts));
    const sunset = Number(await world.guardian.sunset());
    return new Chain(connection, world, at, wallets, accounts, pens as [Pen, Pen], sunset);
  }

  /** Whether a key's calls can be made together with others in one transaction. */
  isWallet(key: string): boolean {
    return this.#wallets.has(key);
  }

  // ---- calls ----

  /** Lets wallets act one after the other in one transaction, each followed by its questions. */
  async runTogether(
    acts: readonly { step: Step; questions: readonly Question[] }[],
    now: number,
  ): Promise<{ reports: Report[]; announced: string[] }> {
    const script = acts.map(
      ({ step, questions }) => entry(step.by, this.#calls.step(step)) + questions.map(asked).join(""),
    );
    const data = this.#selector("run") + abi.tuple([abi.bytes(`0x${script.join("")}`)]).hex;
    // By an account without a key here, so that nothing is signed.
    const { hash, error } = await this.#send(this.at.box, this.at.crowd, data, now);
    if (hash === undefined) throw new Error(`the crowd's transaction failed: ${error}`);
    const logs = await this.#logs(hash);
    const log = logs.pop() as Log;
    const report = new ReportReader(log.data, 2);
    const reports = acts.map(({ questions }) => {
      const { success, data } = report.next();
      return {
        outcome: { refused: !success, text: success ? data : this.refusalOf(data) },
        answers: questions.map(() => this.#answer(report)),
      };
    });
    return { reports, announced: this.#announced(logs) };
  }

  /** Lets an ordinary account, or the timelock, act in a transaction of its own. */
  async runAlone(step: Step, now: number): Promise<{ outcome: Outcome; announced: string[] }> {
    const { target, data } = this.#calls.step(step);
    const { hash, error } = await this.#send(step.by, target, data, now);
    if (hash === undefined)
      return { outcome: { refused: true, text: this.refusalOf(error as string) }, announced: [] };
    return { outcome: { refused: false, text: "" }, announced: this.#announced(await this.#logs(hash)) };
  }

  /** Asks many things as things stand. */
  async ask(questions: readonly Question[], now: number): Promise<string[]> {
    const answers: string[] = [];
    const size = 100;
    for (let first = 0; first < questions.length; first += size) {
      const page = questions.slice(first, first + size);
      const script = abi.bytes(`0x${page.map(asked).join("")}`);
      const found = await this.#read(this.#selector("ask") + abi.tuple([script]).hex);
      const moment = Number(found.slice(0, 66));
      if (moment !== now) throw new Error(`asked at ${moment} instead of ${now}`);
      const report = new ReportReader(found, 66);
      answers.push(...page.map(() => this.#answer(report)));
    }
    return answers;
  }

  /** Reads small numbers that depend on two values, for every pair: a line of them for each first value. */
  async table({ target, selector, firsts, seconds }: Omit<Table, "expected">): Promise<number[][]> {
    const rows: number[][] = firsts.map(() => []);
    if (firsts.length === 0) return rows;
    const size = Math.max(1, Math.floor(CELLS / firsts.length));
    for (let place = 0; place < seconds.length; place += size) {
      const columns = seconds.slice(place, place + size);
      const call = abi.tuple([
        abi.single(target),
        { dynamic: false, hex: selector.slice(2).padEnd(64, "0") },
        abi.list(firsts.map(abi.single)),
        abi.list(columns.map(abi.single)),
      ]);
      const answer = await this.#read(this.#selector("table") + call.hex);
      // Behind the place and the length of the list.
      const found = [...getBytes(`0x${answer.slice(130)}`)];
      rows.forEach((row, first) => {
        row.push(...found.slice(first * columns.length, (first + 1) * columns.length));
      });
    }
    return rows;
  }

  // ---- what is made up here ----

  /** Writes a decision down and names it as the governor will. */
  draft(actions: readonly Action[], descriptionLength: number): Proposal {
    const calls = actions.map((action) => this.#calls.action(action));
    const draft: Draft = {
      targets: calls.map(({ target }) => target),
      calldatas: calls.map(({ data }) => data),
      description: `Decision ${this.#drafts.size} `.padEnd(descriptionLength, "."),
    };
    const descriptionHash = digestOf(draft.description);
    const content = [draft.targets, draft.targets.map(() => 0n), draft.calldatas];
    const coder = AbiCoder.defaultAbiCoder();
    const id = BigInt(
      keccak256(
        coder.encode(["address[]", "uint256[]", "bytes[]", "bytes32"], [...content, descriptionHash]),
      ),
    );
    this.#drafts.set(id, draft);
    return { id, actions, descriptionLength };
  }

  /** Whose key a signature shows if it is taken for one of another paper. */
  signerOf(signature: Signed<DelegationPaper>, handedIn: DelegationPaper): string {
    const digest = this.#pen.digest("delegation", handedIn);
    return recoverAddress(digest, this.#pen.sign("delegation", signature)).toLowerCase();
  }

  /** A compact signature of a first ballot, and whose key it shows where it is handed in. */
  slip(by: string, paper: FirstPaper, handedIn: FirstPaper, flaw?: Flaw): Slip {
    const pen = flaw === "foreign chain" ? this.#foreign : this.#pen;
    const key = this.accounts.get(by) as SigningKey;
    const { r, s, yParity, compactSerialized } = key.sign(pen.digest("firstBallot", paper));
    if (flaw === undefined && paper === handedIn) return { bytes: compactSerialized, signer: by };
    const parity = flaw === "other parity" ? 1 - yParity : yParity;
    // The other signature of the same message has no place in 255 bits; this is the nearest that has.
    const half = flaw === "upper half" ? ORDER / 2n + 1n : flaw === "noise" ? BigInt(s) ^ 1n : BigInt(s);
    const bytes = concat([r, toBeHex((BigInt(parity) << 255n) | half, 32)]);
    return { bytes, signer: this.signerOfSlip(bytes, handedIn) };
  }

  /** Whose key a compact signature shows; zero if it is none. */
  signerOfSlip(bytes: string, handedIn: FirstPaper): string {
    const last = BigInt(`0x${bytes.slice(66)}`);
    const s = last & ((1n << 255n) - 1n);
    if (s > ORDER / 2n) return ZERO;
    const signature = { r: bytes.slice(0, 66), s: toBeHex(s, 32), yParity: Number(last >> 255n) as 0 | 1 };
    try {
      return recoverAddress(this.#pen.digest("firstBallot", handedIn), signature).toLowerCase();
    } catch {
      return ZERO;
    }
  }

  /** A signature of a ballot that names its voter. */
  signNamed(signature: Signed<NamedPaper>, flaw?: "foreign chain" | "upper half"): string {
    const pen = flaw === "foreign chain" ? this.#foreign : this.#pen;
    const bytes = pen.sign("namedBallot", signature);
    if (flaw !== "upper half") return bytes;
    // A contract's loses its end; an account's becomes the other one of the same message.
    if (!this.accounts.has(signature.by)) return bytes.slice(0, -2);
    const { r, s, v } = Signature.from(bytes);
    return concat([r, toBeHex(ORDER - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27, 1)]);
  }

  // ---- refusals ----

  /** A refusal's name and values, written as the model does. */
  refusalOf(data: string): string {
    const known = ERRORS.get(data.slice(0, 10));
    if (known === undefined) return data;
    // Values of an error have no length of their own.
    const texts = known.inputs.map((input, place) =>
      readable(input, data.slice(10 + place * 64, 74 + place * 64)),
    );
    return `${known.name}(${texts.join(", ")})`;
  }

  #answer(report: ReportReader): string {
    const { success, data } = report.next();
    return success ? data : this.refusalOf(data);
  }

  #announced(logs: readonly Log[]): string[] {
    return logs
      .map((log) => announcement(log, (reason) => this.refusalOf(reason)))
      .filter((one) => one !== undefined);
  }

  #selector(name: "run" | "ask" | "table"): string {
    return (this.world.crowd.interface.getFunction(name) as { selector: string }).selector;
  }

  #draftOf(id: bigint): Draft {
    const draft = this.#drafts.get(id);
    if (draft === undefined) throw new RangeError(`no decision was drafted as ${id}`);
    return draft;
  }

  async #send(
    from: string,
    to: string,
    data: string,
    now: number,
  ): Promise<{ hash?: string; error?: string }> {
    const { provider } = this.connection;
    await provider.request({ method: "evm_setNextBlockTimestamp", params: [now] });
    try {
      const transaction = { from, to, data, gas: toBeHex(GAS), gasPrice: GAS_PRICE };
      const hash = await provider.request({ method: "eth_sendTransaction", params: [transaction] });
      return { hash: hash as string };
    } catch (error) {
      const { data } = error as { data?: { data?: string } | string };
      const revert = typeof data === "string" ? data : data?.data;
      if (revert === undefined) throw error;
      return { error: revert };
    }
  }

  async #logs(hash: string): Promise<Log[]> {
    const receipt = await this.connection.provider.request({
      method: "eth_getTransactionReceipt",
      params: [hash],
    });
    return (receipt as { logs: Log[] }).logs;
  }

  async #read(data: string): Promise<string> {
    return (await this.connection.provider.request({
      method: "eth_call",
      params: [{ to: this.at.crowd, data, gas: toBeHex(GAS) }, "latest"],
    })) as string;
  }
}

/** A call as a crowd's script has it. */
function entry(wallet: string, { target, data }: { target: string; data: string }): string {
  const length = (data.length / 2 - 1).toString(16).padStart(6, "0");
  return wallet.slice(2) + target.slice(2) + length + data.slice(2);
}

function asked(question: Question): string {
  return entry(ZERO, question);
}

/** Reads a crowd's report, answer by answer. */
class ReportReader {
  constructor(
    private readonly hex: string,
    private place: number,
  ) {}

  next(): { success: boolean; data: string } {
    const start = this.place + 8;
    const end = start + Number.parseInt(this.hex.slice(this.place + 2, start), 16) * 2;
    const success = this.hex[this.place + 1] === "1";
    this.place = end;
    return { success, data: `0x${this.hex.slice(start, end)}` };
  }
}

async function addressOf(contract: { getAddress(): Promise<string> }): Promise<string> {
  return (await contract.getAddress()).toLowerCase();
}

async function domainOf(
  contract: {
    eip712Domain(): Promise<{ name: string; version: string; chainId: bigint; verifyingContract: string }>;
  },
  chainsAway: bigint,
): Promise<string> {
  const { name, version, chainId, verifyingContract } = await contract.eip712Domain();
  return TypedDataEncoder.hashDomain({ name, version, chainId: chainId + chainsAway, verifyingContract });
}

/** By selector: the errors of all contracts. */
const ERRORS = new Map<string, ErrorFragment>();
const LEARNT = new Set<string>();

/** Takes down the errors of a contract, once. */
function learnErrors({ fragments }: Interface): void {
  for (const fragment of fragments) {
    if (!ErrorFragment.isFragment(fragment) || LEARNT.has(fragment.format())) continue;
    LEARNT.add(fragment.format());
    ERRORS.set(fragment.selector, fragment);
  }
}

/** Names of what is out of range are ASCII, addresses and digests hexadecimal, everything else is a number. */
function readable({ name, type }: { name: string; type: string }, word: string): string {
  if (type === "address") return `0x${word.slice(24)}`;
  if (type !== "bytes32") return BigInt(`0x${word}`).toString();
  if (["parameter", "rule", "what"].includes(name)) return decodeBytes32String(`0x${word}`);
  return name === "expectedStates" ? BigInt(`0x${word}`).toString() : `0x${word}`;
}
