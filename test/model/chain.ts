import {
  AbiCoder,
  computeAddress,
  concat,
  decodeBytes32String,
  id as digestOf,
  type ErrorFragment,
  getBytes,
  Interface,
  keccak256,
  type Result,
  SigningKey,
  TypedDataEncoder,
  type TypedDataField,
  toBeHex,
} from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { deployCoalition, type Parameters } from "../helpers/fixture.js";
import * as abi from "./abi.js";
import type { Action, BallotPaper, Proposal } from "./decisions.js";
import type { Question, Table } from "./questions.js";
import type { Signed } from "./roll.js";
import type { Step } from "./steps.js";

/** What came of a call: what it returned, `""` where that cannot be seen, or the refusal as text. */
export type Outcome = { refused: boolean; text: string };

export type Report = { outcome: Outcome; answers: string[] };

type Draft = {
  targets: string[];
  values: bigint[];
  calldatas: string[];
  description: string;
};

const GAS = 16_000_000;
/** Given, so that nobody looks it up before every transaction. */
const GAS_PRICE = "0x3b9aca00";

/** How many small numbers one call reads. */
const CELLS = 1_000;

const TYPES = {
  Join: [
    { name: "account", type: "address" },
    { name: "group", type: "uint8" },
    { name: "codeDigest", type: "bytes32" },
    { name: "evidence", type: "bytes" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Rotate: [
    { name: "number", type: "uint256" },
    { name: "newKey", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
  ExtendedBallot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "reason", type: "string" },
    { name: "params", type: "bytes" },
  ],
} as const satisfies Record<string, readonly TypedDataField[]>;

const ENCODERS = Object.fromEntries(
  Object.entries(TYPES).map(([name, fields]) => [name, new TypedDataEncoder({ [name]: [...fields] })]),
) as Record<keyof typeof TYPES, TypedDataEncoder>;

type World = Awaited<ReturnType<typeof deployWorld>>;

async function deployWorld(connection: NetworkConnection<"generic">, parameters: Parameters) {
  const { ethers } = connection;
  const coalition = await deployCoalition(connection, parameters);
  const crowd = await ethers.deployContract("Crowd");
  const box = await ethers.deployContract("Box");
  return { ...coalition, crowd, box };
}

/** A coalition on Hardhat's own chain, with a crowd of people who act on it, most of them many to a transaction. */
export class Chain {
  readonly #interfaces: {
    membership: Interface;
    requests: Interface;
    governor: Interface;
    timelock: Interface;
    box: Interface;
  };
  readonly #errors: Interface;
  readonly #drafts = new Map<bigint, Draft>();
  readonly #domains: { requests: string; governor: string };

  private constructor(
    private readonly connection: NetworkConnection<"generic">,
    private readonly world: World,
    readonly at: {
      membership: string;
      requests: string;
      governor: string;
      timelock: string;
      box: string;
      crowd: string;
    },
    /** Members that are contracts. */
    readonly wallets: readonly string[],
    /** Members that are ordinary accounts, with their keys. */
    readonly accounts: ReadonlyMap<string, SigningKey>,
    domains: { requests: string; governor: string },
  ) {
    const { membership, requests, governor, timelock, box } = world;
    this.#interfaces = {
      membership: membership.interface,
      requests: requests.interface,
      governor: governor.interface,
      timelock: timelock.interface,
      box: box.interface,
    };
    const fragments = Object.values(this.#interfaces).flatMap((one) =>
      one.fragments.filter((fragment) => fragment.type === "error"),
    );
    this.#errors = new Interface([...new Set(fragments.map((fragment) => fragment.format("full")))]);
    this.#domains = domains;
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
      governor: await addressOf(world.governor),
      timelock: await addressOf(world.timelock),
      box: await addressOf(world.box),
      crowd: await addressOf(world.crowd),
    };
    for (const sender of [...accounts.keys(), at.timelock]) {
      const method = "hardhat_impersonateAccount";
      await connection.provider.request({ method, params: [sender] });
      await connection.provider.request({
        method: "hardhat_setBalance",
        params: [sender, "0xffffffffffffffffffff"],
      });
    }
    return new Chain(connection, world, at, wallets, accounts, {
      requests: await domainOf(world.requests),
      governor: await domainOf(world.governor),
    });
  }

  /** Whether a key's calls can be made together with others in one transaction. */
  isWallet(key: string): boolean {
    return this.wallets.includes(key);
  }

  // ---- calls ----

  /** Lets wallets act one after the other in one transaction, each followed by its questions. */
  async runTogether(
    acts: readonly { step: Step; questions: readonly Question[] }[],
    now: number,
  ): Promise<Report[]> {
    const list = acts.map(({ step, questions }) => {
      const { target, data } = this.#call(step);
      return abi.tuple([
        abi.single(step.by),
        abi.single(target),
        abi.bytes(data),
        abi.list(questions.map(question)),
      ]);
    });
    const data = this.#selector("run") + abi.tuple([abi.list(list)]).hex;
    const { deployer } = this.world;
    const { hash, error } = await this.#send(deployer.address, this.at.crowd, data, now);
    if (error !== undefined) throw new Error(`the crowd's transaction failed: ${error}`);
    const receipt = (await this.connection.provider.request({
      method: "eth_getTransactionReceipt",
      params: [hash],
    })) as { logs: { address: string; data: string }[] };
    const log = receipt.logs.findLast(({ address }) => address.toLowerCase() === this.at.crowd);
    return new abi.Reader((log as { data: string }).data).follow(0).list((report) => {
      const outcome = report.follow(0);
      return {
        outcome: { refused: outcome.number(0) === 0, text: this.#answer(outcome) },
        answers: report.follow(1).list((answer) => this.#answer(answer)),
      };
    });
  }

  /** Lets an ordinary account, or the timelock, act in a transaction of its own. */
  async runAlone(step: Step, now: number): Promise<Outcome> {
    const { target, data } = this.#call(step);
    const { error } = await this.#send(step.by, target, data, now);
    return error === undefined
      ? { refused: false, text: "" }
      : { refused: true, text: this.refusalOf(error) };
  }

  /** Asks many things as things stand. */
  async ask(questions: readonly Question[], now: number): Promise<string[]> {
    const answers: string[] = [];
    const size = 200;
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

  // ---- decisions ----

  /** Writes a decision down and names it as the governor and the timelock will. */
  draft(actions: readonly Action[], descriptionLength: number): Proposal {
    const calls = actions.map((action) => this.#action(action));
    const draft: Draft = {
      targets: calls.map(({ target }) => target),
      values: calls.map(() => 0n),
      calldatas: calls.map(({ data }) => data),
      description: `Decision ${this.#drafts.size} `.padEnd(descriptionLength, "."),
    };
    const descriptionHash = digestOf(draft.description);
    const content = [draft.targets, draft.values, draft.calldatas];
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

  #selector(name: "run" | "ask" | "table"): string {
    return (this.world.crowd.interface.getFunction(name) as { selector: string }).selector;
  }

  // ---- how a step is called ----

  #call({ by, deed }: Step): { target: string; data: string } {
    const { membership, governor } = this.#interfaces;
    const roll = (name: string, ...values: unknown[]) => ({
      target: this.at.membership,
      data: membership.encodeFunctionData(name, values),
    });
    const requests = (name: string, ...values: unknown[]) => ({
      target: this.at.requests,
      data: this.#interfaces.requests.encodeFunctionData(name, values),
    });
    const decisions = (name: string, ...values: unknown[]) => ({
      target: this.at.governor,
      data: governor.encodeFunctionData(name, values),
    });
    switch (deed.do) {
      case "join":
        return roll("join", deed.group, deed.code, "0x");
      case "joinBySig": {
        const { account, group, code, deadline } = deed.request;
        const { content, nonce } = deed.signature;
        const signature = this.#sign(deed.signature, "requests", "Join", {
          account: content.account,
          group: content.group,
          codeDigest: content.code,
          evidence: "0x",
          nonce,
          deadline: content.deadline,
        });
        return requests("joinBySig", account, group, code, "0x", deadline, signature);
      }
      case "resign":
        return roll("resign");
      case "rotateKey": {
        const { content, nonce } = deed.signature;
        const signature = this.#sign(deed.signature, "requests", "Rotate", { ...content, nonce });
        return requests("rotateKey", deed.newKey, deed.deadline, signature);
      }
      case "decree":
        return this.#action(deed.action);
      case "propose": {
        const { targets, values, calldatas, description } = this.#draftOf(deed.proposal.id);
        return decisions("propose", targets, values, calldatas, description);
      }
      case "queue":
      case "execute":
      case "cancel": {
        const { targets, values, calldatas, description } = this.#draftOf(deed.id);
        return decisions(deed.do, targets, values, calldatas, digestOf(description));
      }
      case "ballot": {
        const { id, support, reason, paramsLength } = deed.cast;
        if (deed.how === "plain") return decisions("castVote", id, support);
        if (deed.how === "reason") return decisions("castVoteWithReason", id, support, reason);
        const params = `0x${"ab".repeat(paramsLength)}`;
        return decisions("castVoteWithReasonAndParams", id, support, reason, params);
      }
      case "ballotBySig": {
        const { id, support, voter, reason, signed } = deed.cast;
        if (signed === undefined) throw new TypeError(`a signed ballot of ${by} without a signature`);
        const signature = this.#signBallot(signed.signature);
        if (signed.paper.form === "plain") return decisions("castVoteBySig", id, support, voter, signature);
        const { params } = signed.paper;
        return decisions("castVoteWithReasonAndParamsBySig", id, support, voter, reason, params, signature);
      }
    }
  }

  #action(action: Action): { target: string; data: string } {
    const { membership, governor, timelock, box } = this.#interfaces;
    const roll = (name: string, ...values: unknown[]) => ({
      target: this.at.membership,
      data: membership.encodeFunctionData(name, values),
    });
    switch (action.do) {
      case "setX":
        return { target: this.at.box, data: box.encodeFunctionData("setX", [action.value]) };
      case "callNobody":
        return { target: action.target, data: "0x12345678" };
      case "end":
        return roll("end", action.number);
      case "pardon":
        return roll("pardon", action.key);
      case "suspend":
        return roll("suspend", action.number, action.rights, action.until);
      case "restore":
        return roll("restore", action.number, action.rights);
      case "setMaturity":
        return roll("setMaturity", action.pace);
      case "setCodeOfConduct":
        return roll("setCodeOfConduct", action.code);
      case "setRules":
        return { target: this.at.governor, data: governor.encodeFunctionData("setRules", [action.rules]) };
      case "updateDelay":
        return {
          target: this.at.timelock,
          data: timelock.encodeFunctionData("updateDelay", [action.delay]),
        };
    }
  }

  #draftOf(id: bigint): Draft {
    const draft = this.#drafts.get(id);
    if (draft === undefined) throw new RangeError(`no decision was drafted as ${id}`);
    return draft;
  }

  #signBallot(signature: Signed<BallotPaper>): string {
    const { nonce, content } = signature;
    const { id: proposalId, support, voter } = content;
    const plain = { proposalId, support, voter, nonce };
    if (content.form === "plain") return this.#sign(signature, "governor", "Ballot", plain);
    const { reason, params } = content;
    return this.#sign(signature, "governor", "ExtendedBallot", { ...plain, reason, params });
  }

  #sign(
    { by }: { by: string },
    domain: "requests" | "governor",
    type: keyof typeof TYPES,
    message: Record<string, unknown>,
  ): string {
    const struct = ENCODERS[type].hash(message);
    const digest = keccak256(concat(["0x1901", this.#domains[domain], struct]));
    const key = this.accounts.get(by);
    return key === undefined ? concat([digest, by]) : key.sign(digest).serialized;
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
