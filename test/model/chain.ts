import {
  AbiCoder,
  computeAddress,
  decodeBytes32String,
  id as digestOf,
  type ErrorFragment,
  getBytes,
  Interface,
  keccak256,
  type Result,
  recoverAddress,
  SigningKey,
  TypedDataEncoder,
  toBeHex,
} from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { deployCoalition, type Parameters } from "../helpers/fixture.js";
import * as abi from "./abi.js";
import type { Action } from "./actions.js";
import { Calls, type Draft, type Place } from "./calls.js";
import type { Proposal } from "./decisions.js";
import type { DelegationPaper } from "./delegations.js";
import { announcement, type Log } from "./events.js";
import { BOOTHS, type Booth, Pen } from "./papers.js";
import type { Question, Table } from "./questions.js";
import type { Step } from "./steps.js";
import type { Signed } from "./words.js";

/** What came of a call: what it returned, `""` where that cannot be seen, or the refusal as text. */
export type Outcome = { refused: boolean; text: string };

export type Report = { outcome: Outcome; answers: string[] };

const GAS = 60_000_000;
/** Given, so that nobody looks it up before every transaction. */
const GAS_PRICE = "0x3b9aca00";

/** How many small numbers one call reads. */
const CELLS = 400;

type World = Awaited<ReturnType<typeof deployWorld>>;

async function deployWorld(connection: NetworkConnection<"generic">, parameters: Parameters) {
  const { ethers } = connection;
  const coalition = await deployCoalition(connection, parameters);
  const crowd = await ethers.deployContract("Crowd");
  const box = await ethers.deployContract("Box");
  const told = await ethers.deployContract("ToldAdmission");
  return { ...coalition, crowd, box, told };
}

/** A coalition on Hardhat's own chain, with a crowd of people who act on it, most of them many to a transaction. */
export class Chain {
  readonly #errors: Interface;
  readonly #drafts = new Map<bigint, Draft>();
  readonly #pen: Pen;
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
    domains: Readonly<Record<Booth, string>>,
  ) {
    const fragments = Object.values(world).flatMap((one) =>
      typeof one === "object" && "interface" in one
        ? one.interface.fragments.filter((fragment) => fragment.type === "error")
        : [],
    );
    this.#errors = new Interface([...new Set(fragments.map((fragment) => fragment.format("full")))]);
    this.#wallets = new Set(wallets);
    this.#pen = new Pen(domains, accounts);
    this.#calls = new Calls(at, this.#pen, (id) => this.#draftOf(id));
  }

  /** Deploys a coalition by the shipped modules, and its people. */
  static async create(
    connection: NetworkConnection<"generic">,
    parameters: Parameters,
    people: { wallets: number; accounts: number; seed: number },
  ): Promise<Chain> {
    const world = await deployWorld(connection, parameters);
    for (let left = people.wallets; left > 0; left -= 30) await world.crowd.grow(Math.min(left, 30));
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
    const domains = await Promise.all(
      BOOTHS.map(async (booth) => [booth, await domainOf(world[booth])] as const),
    );
    return new Chain(
      connection,
      world,
      at,
      wallets,
      accounts,
      Object.fromEntries(domains) as Record<Booth, string>,
    );
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
    const list = acts.map(({ step, questions }) => {
      const { target, data } = this.#calls.step(step);
      return abi.tuple([
        abi.single(step.by),
        abi.single(target),
        abi.bytes(data),
        abi.list(questions.map(question)),
      ]);
    });
    const data = this.#selector("run") + abi.tuple([abi.list(list)]).hex;
    // By an account without a key here, so that nothing is signed.
    const { hash, error } = await this.#send(this.at.box, this.at.crowd, data, now);
    if (hash === undefined) throw new Error(`the crowd's transaction failed: ${error}`);
    const logs = await this.#logs(hash);
    const log = logs.pop() as Log;
    const reports = new abi.Reader(log.data).follow(0).list((report) => {
      const outcome = report.follow(0);
      return {
        outcome: { refused: outcome.number(0) === 0, text: this.#answer(outcome) },
        answers: report.follow(1).list((answer) => this.#answer(answer)),
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
      const page = abi.list(questions.slice(first, first + size).map(question));
      const reader = new abi.Reader(await this.#read(this.#selector("ask") + abi.tuple([page]).hex));
      if (reader.number(0) !== now) throw new Error(`asked at ${reader.number(0)} instead of ${now}`);
      answers.push(...reader.follow(1).list((answer) => this.#answer(answer)));
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
      const answer = new abi.Reader(await this.#read(this.#selector("table") + call.hex));
      const found = [...getBytes(answer.follow(0).bytes())];
      rows.forEach((row, first) => {
        row.push(...found.slice(first * columns.length, (first + 1) * columns.length));
      });
    }
    return rows;
  }

  // ---- what is made up here ----

  /** Writes a decision down and names it as the governor and the timelock will. */
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
    const governor = BigInt(this.at.governor) << 96n;
    const salt = toBeHex(governor ^ BigInt(descriptionHash), 32);
    const operation = keccak256(
      coder.encode(
        ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"],
        [...content, toBeHex(0, 32), salt],
      ),
    );
    this.#drafts.set(id, draft);
    return { id, operation, actions, descriptionLength };
  }

  /** Whose key a signature shows if it is taken for one of another paper. */
  signerOf(signature: Signed<DelegationPaper>, handedIn: DelegationPaper): string {
    const digest = this.#pen.digest("delegation", handedIn);
    return recoverAddress(digest, this.#pen.sign("delegation", signature)).toLowerCase();
  }

  // ---- refusals ----

  /** A refusal's name and values, written as the model does. */
  refusalOf(data: string): string {
    const known = this.#errors.getError(data.slice(0, 10)) as ErrorFragment | null;
    if (known === null) return data;
    const values = this.#errors.decodeErrorResult(known, data) as Result;
    return `${known.name}(${known.inputs.map((input, index) => readable(input, values[index])).join(", ")})`;
  }

  #answer(answer: abi.Reader): string {
    const data = answer.follow(1).bytes();
    return answer.number(0) === 1 ? data : this.refusalOf(data);
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

function question({ target, data }: Question) {
  return abi.tuple([abi.single(target), abi.bytes(data)]);
}

async function addressOf(contract: { getAddress(): Promise<string> }): Promise<string> {
  return (await contract.getAddress()).toLowerCase();
}

async function domainOf(contract: {
  eip712Domain(): Promise<{ name: string; version: string; chainId: bigint; verifyingContract: string }>;
}): Promise<string> {
  const { name, version, chainId, verifyingContract } = await contract.eip712Domain();
  return TypedDataEncoder.hashDomain({ name, version, chainId, verifyingContract });
}

/** Names of what is out of range are ASCII, sets of states are numbers, everything else is hexadecimal. */
function readable(input: { name: string; type: string }, value: unknown): string {
  if (input.type !== "bytes32") return String(value).toLowerCase();
  if (["parameter", "rule", "what"].includes(input.name)) return decodeBytes32String(value as string);
  if (input.name === "expectedStates") return BigInt(value as string).toString();
  return String(value).toLowerCase();
}
