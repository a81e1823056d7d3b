import {
  AbiCoder,
  concat,
  decodeBytes32String,
  id as digestOf,
  ErrorFragment,
  EventFragment,
  Interface,
  keccak256,
  Result,
  toBeHex,
  toUtf8Bytes,
  ZeroHash,
} from "ethers";
import { deployCoalition, type Parameters } from "../helpers/fixture.js";
import { type Connection, Support } from "../helpers/governor.js";
import type { Actions, Deed } from "./motion-actions.js";
import type { MotionStep } from "./motion-steps.js";
import type { Content, Names } from "./motions.js";
import { ZERO } from "./words.js";

/** What came of a step: the refusal, if it was refused, and what was announced, if it was done. */
export type Outcome = { refusal?: string; announced: string[] };

/** A question to a view, and how its answer is read; as it is unless something else is given. */
export type Asked = { view: string; values: readonly number[]; read?: (answer: string) => string };

/** What a decision is made of. */
type Parts = [targets: string[], values: bigint[], calldatas: string[], description: string];

const GAS = 16_000_000;
/** Given, so that nobody looks it up before every transaction. */
const GAS_PRICE = "0x3b9aca00";
const CODER = AbiCoder.defaultAbiCoder();

/** The document whose clauses motions change, and its clauses at the beginning. */
export const DOCUMENT = 1;
export const CLAUSES: ReadonlyMap<number, string> = new Map(
  [1, 2, 3].map((clause) => [clause, digestOf(`clause ${clause}, wording 0`)]),
);

/** Names of functions where the history has another word than the contract. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  withdrawMotion: "withdraw",
  withdrawAmendment: "withdraw",
  objectToMotion: "object",
  objectToAmendment: "object",
  adoptMotion: "adopt",
  adoptAmendment: "adopt",
  acceptAmendment: "accept",
  vote: "castVote",
};

/** What is asked of the contract of amendments; everything else about motions is asked of theirs. */
const OF_AMENDMENTS: readonly string[] = [
  ...["move", "acceptAmendment", "withdrawAmendment", "rebase", "objectToAmendment", "adoptAmendment"],
  ...["putNext", "settle", "close", "amendmentOf", "docketOf", "nextOf", "lastAmendment"],
];

/** A coalition on Hardhat's own chain, as its motions are acted on and looked at. */
export class MotionChain implements Names {
  readonly #parts = new Map<string, Parts>();
  readonly #errors: Interface;
  readonly #events: Interface;
  /** What an answer says, by its bytes: from one step to the next most stay as they are. */
  readonly #read = new Map<string, string>();

  private constructor(
    private readonly connection: Connection,
    private readonly world: Awaited<ReturnType<typeof deployWorld>>,
    readonly at: Readonly<Record<Place, string>>,
  ) {
    const { motions, amendments, charter, agenda, governor, resolutions, membership } = world;
    const fragments = [motions, amendments, charter, agenda, governor, resolutions, membership].flatMap(
      (one) => one.interface.fragments.filter((fragment) => ErrorFragment.isFragment(fragment)),
    );
    this.#errors = new Interface([...new Set(fragments.map((fragment) => fragment.format("full")))]);
    const announced = [motions, amendments].flatMap((one) =>
      one.interface.fragments.filter((fragment) => EventFragment.isFragment(fragment)),
    );
    this.#events = new Interface(announced);
  }

  /** Deploys a coalition by the shipped modules. Whoever acts later needs {@link admit}. */
  static async create(connection: Connection, parameters: Parameters): Promise<MotionChain> {
    const world = await deployWorld(connection, parameters);
    const places = PLACES.map(async (place) => {
      const address = await world[place].getAddress();
      return [place, address.toLowerCase()] as const;
    });
    const at = Object.fromEntries(await Promise.all(places)) as Record<Place, string>;
    return new MotionChain(connection, world, at);
  }

  /** The names of the errors of motions and amendments that acts in person can meet. */
  get errors(): string[] {
    const { motions, amendments } = this.world;
    const own = /^(Motions|Amendments|Silences|MotionActions|RollRights)[A-Z]/;
    return [motions, amendments]
      .flatMap((one) => one.interface.fragments.filter((fragment) => ErrorFragment.isFragment(fragment)))
      .map(({ name }) => name)
      .filter((name, place, names) => own.test(name) && names.indexOf(name) === place);
  }

  /** Lets accounts send transactions without a key. */
  async admit(accounts: readonly string[]): Promise<void> {
    const { provider } = this.connection;
    for (const account of accounts) {
      await provider.request({ method: "hardhat_impersonateAccount", params: [account] });
      const balance = "0xffffffffffffffffffff";
      await provider.request({ method: "hardhat_setBalance", params: [account, balance] });
    }
  }

  /** Enacts the clauses at the beginning by a decision of these members; answers the moment after it. */
  async enactClauses(members: readonly string[], now: number, rules: Parameters["Governor"]["amendment"]) {
    const insert = (clause: number) => {
      const values = [DOCUMENT, clause - 1, CLAUSES.get(clause - 1) ?? ZeroHash, CLAUSES.get(clause)];
      return this.world.charter.interface.encodeFunctionData("insert", values as never);
    };
    const calldatas = [...CLAUSES.keys()].map(insert);
    const targets = calldatas.map(() => this.at.charter);
    const parts: Parts = [targets, targets.map(() => 0n), calldatas, "First clauses"];
    const id = this.#named(parts);
    const { governor, agenda } = this.world;
    const send = async (from: string, data: string, moment: number, to = this.at.governor) => {
      const { refusal } = await this.#send(from, to, data, moment);
      if (refusal !== undefined) throw new Error(`the first clauses were not enacted: ${refusal}`);
    };
    const [first] = members as [string];
    await send(first, governor.interface.encodeFunctionData("propose", parts), now);
    const endorsing = agenda.interface.encodeFunctionData("endorse", [id]);
    for (const member of members.slice(0, rules.endorsements))
      await send(member, endorsing, now, this.at.agenda);
    const opening = now + rules.notice + 1;
    for (const member of members)
      await send(member, governor.interface.encodeFunctionData("castVote", [id, Support.For]), opening);
    const close = opening + rules.period;
    await send(first, this.#decided("queue", id), close);
    await send(first, this.#decided("execute", id), close + rules.delay);
    return close + rules.delay;
  }

  // ---- what is done ----

  async take({ by, act }: MotionStep, now: number): Promise<Outcome> {
    const { target, data } = this.#call(act);
    const outcome = await this.#send(by, target, data, now);
    return outcome.refusal === undefined ? outcome : { ...outcome, refusal: this.refusalOf(outcome.refusal) };
  }

  /** A refusal's name and values, written as the model does. */
  refusalOf(data: string): string {
    const error = this.#errors.parseError(data);
    if (error === null) return data;
    const values = error.fragment.inputs.map(({ name, type }, place) => {
      const value = error.args[place];
      if (type === "bytes32" && ["rule", "what"].includes(name)) return decodeBytes32String(value);
      return `${value}`.toLowerCase();
    });
    return `${error.name}(${values.join(", ")})`;
  }

  // ---- what is asked ----

  /** Answers many questions as things stand, each as the values of the answer with spaces between. */
  async ask(questions: readonly Asked[], now: number): Promise<string[]> {
    const script = questions.map(({ view, values }) => {
      const [target, abi] = this.#viewed(view);
      const data = abi.encodeFunctionData(view, values).slice(2);
      return `0x${ZERO.slice(2)}${target.slice(2)}${(data.length / 2).toString(16).padStart(6, "0")}${data}`;
    });
    const { crowd } = this.world;
    const data = crowd.interface.encodeFunctionData("ask", [concat(script)]);
    const answer = (await this.connection.provider.request({
      method: "eth_call",
      params: [{ to: this.at.crowd, data, gas: toBeHex(GAS * 3) }, "latest"],
    })) as string;
    const moment = Number(answer.slice(0, 66));
    if (moment !== now) throw new Error(`asked at ${moment} instead of ${now}`);
    let place = 66;
    return questions.map(({ view, read = (text) => text }) => {
      const start = place + 8;
      const end = start + Number.parseInt(answer.slice(place + 2, start), 16) * 2;
      const [success, found] = [answer[place + 1] === "1", `0x${answer.slice(start, end)}`];
      place = end;
      return read(success ? this.#readable(view, found) : this.refusalOf(found));
    });
  }

  /** Whether each of some members endorses each of some motions: a line of digits for each motion. */
  async endorsed(motions: readonly number[], numbers: readonly number[]): Promise<string[]> {
    const { crowd, motions: contract } = this.world;
    const { selector } = contract.interface.getFunction("hasEndorsed") as { selector: string };
    const abi: Interface = crowd.interface;
    const data = abi.encodeFunctionData("table", [this.at.motions, selector, motions, numbers]);
    const request = { to: this.at.crowd, data, gas: toBeHex(GAS * 3) };
    const answer = await this.connection.provider.request({
      method: "eth_call",
      params: [request, "latest"],
    });
    const [found] = abi.decodeFunctionResult("table", answer as string);
    const digits = [...(found as string).slice(2)].filter((_, place) => place % 2 === 1).join("");
    return motions.map((_, row) => digits.slice(row * numbers.length, (row + 1) * numbers.length));
  }

  // ---- names of decisions ----

  ofMotion(motion: number, revision: number, { text, actions }: Content): string {
    const { resolutions } = this.world;
    const record = [this.at.resolutions, resolutions.interface.encodeFunctionData("record", [text])];
    const list = actions.deeds.length === 0 ? [record] : actions.deeds.map((deed) => this.#action(deed));
    return this.#put(list, `Motion ${motion}, revision ${revision}`, text);
  }

  ofAmendment(amendment: number, motion: number, text: string): string {
    const adopt = this.world.amendments.interface.encodeFunctionData("adopt", [amendment]);
    return this.#put([[this.at.amendments, adopt]], `Amendment ${amendment} to motion ${motion}`, text);
  }

  /** Actions with their digest. */
  actions(deeds: readonly Deed[], uneven = false): Actions {
    if (deeds.length === 0) return { deeds, digest: ZeroHash };
    const { targets, values, calldatas } = this.#list({ deeds, digest: "", uneven });
    const encoded = CODER.encode(["address[]", "uint256[]", "bytes[]"], [targets, values, calldatas]);
    return { deeds, digest: keccak256(encoded), uneven };
  }

  #put(list: readonly (readonly string[])[], subject: string, text: string): string {
    const [targets, calldatas] = [0, 1].map((place) => list.map((one) => one[place] as string));
    const description = `${subject}: text sha2-256 ${text} #proposer=${this.at.motions}`;
    return this.#named([targets as string[], list.map(() => 0n), calldatas as string[], description]);
  }

  #named(parts: Parts): string {
    const [targets, values, calldatas, description] = parts;
    const encoded = CODER.encode(
      ["address[]", "uint256[]", "bytes[]", "bytes32"],
      [targets, values, calldatas, digestOf(description)],
    );
    const id = BigInt(keccak256(encoded)).toString();
    this.#parts.set(id, parts);
    return id;
  }

  // ---- calls ----

  #call(act: MotionStep["act"]): { target: string; data: string } {
    const { motions, amendments, membership, governor, guardian } = this.world;
    const name = FUNCTIONS[act.do] ?? act.do;
    if (act.do === "vote") {
      const data = governor.interface.encodeFunctionData("castVote", [act.vote.id, act.choice]);
      return { target: this.at.governor, data };
    }
    if (act.do === "queue" || act.do === "execute")
      return { target: this.at.governor, data: this.#decided(act.do, act.vote.id) };
    if (act.do === "cancel") {
      const abi: Interface = guardian.interface;
      const data = abi.encodeFunctionData("cancel", [...this.#decidedParts(act.vote.id), "a reason"]);
      return { target: this.at.guardian, data };
    }
    if (["join", "resign", "suspend"].includes(act.do)) {
      const data = (membership.interface as Interface).encodeFunctionData(name, this.#values(act));
      return { target: this.at.membership, data };
    }
    const ofAmendments = OF_AMENDMENTS.includes(act.do);
    const abi: Interface = ofAmendments ? amendments.interface : motions.interface;
    const target = ofAmendments ? this.at.amendments : this.at.motions;
    return { target, data: abi.encodeFunctionData(name, this.#values(act)) };
  }

  /** The values of an act in the order in which the contract takes them: for most that in which they stand. */
  #values(act: MotionStep["act"]): unknown[] {
    switch (act.do) {
      case "join":
        return [act.group, this.world.parameters.Membership.codeDigest, "0x"];
      case "change":
        return [act.motion, digestOf("forced"), ZeroHash, 1, true];
      case "ask":
        return [act.motion, 1, digestOf("forced")];
      case "bindAmendments":
        return [];
      default: {
        const { do: _, ...values } = act;
        return Object.entries(values).map(([name, value]) => this.#value(name, value));
      }
    }
  }

  #value(name: string, value: unknown): unknown {
    if (name === "actions") return this.#list(value as Actions);
    if (name !== "content" && name !== "change") return value;
    const whole = value as { actions: Actions };
    return { ...whole, actions: this.#list(whole.actions) };
  }

  #list({ deeds, uneven }: Actions) {
    const calls = deeds.map((deed) => this.#action(deed));
    const values = calls.map(() => 0n);
    return {
      targets: calls.map(([target]) => target as string),
      values: uneven ? values.slice(1) : values,
      calldatas: calls.map(([, data]) => data as string),
    };
  }

  #action(deed: Deed): [target: string, data: string] {
    const { charter, box } = this.world;
    if (deed.do === "call nobody") return [NOBODY, "0x00000000"];
    if (deed.do === "say too much") return [this.at.box, `0x${"00".repeat(16_385)}`];
    if (deed.do === "setX") return [this.at.box, box.interface.encodeFunctionData("setX", [deed.value])];
    const { clause, base, digest } = deed;
    const data = charter.interface.encodeFunctionData("amend", [DOCUMENT, clause, base, digest]);
    return [this.at.charter, data];
  }

  #decidedParts(id: string): [string[], bigint[], string[], string] {
    const [targets, values, calldatas, description] = this.#parts.get(id) as Parts;
    return [targets, values, calldatas, keccak256(toUtf8Bytes(description))];
  }

  #decided(name: "queue" | "execute", id: string): string {
    const abi: Interface = this.world.governor.interface;
    return abi.encodeFunctionData(`${name}(address[],uint256[],bytes[],bytes32)`, this.#decidedParts(id));
  }

  #viewed(view: string): [target: string, abi: Interface] {
    const { motions, amendments, resolutions } = this.world;
    if (view === "lastNumber") return [this.at.resolutions, resolutions.interface];
    return OF_AMENDMENTS.includes(view)
      ? [this.at.amendments, amendments.interface]
      : [this.at.motions, motions.interface];
  }

  #readable(view: string, found: string): string {
    const key = view + found;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const [, abi] = this.#viewed(view);
    const text = flat(abi.decodeFunctionResult(view, found)).join(" ");
    this.#read.set(key, text);
    return text;
  }

  async #send(from: string, to: string, data: string, now: number): Promise<Outcome> {
    const { provider } = this.connection;
    await provider.request({ method: "evm_setNextBlockTimestamp", params: [now] });
    try {
      const transaction = { from, to, data, gas: toBeHex(GAS), gasPrice: GAS_PRICE };
      const hash = await provider.request({ method: "eth_sendTransaction", params: [transaction] });
      const receipt = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
      return { announced: this.#announced((receipt as { logs: Log[] }).logs) };
    } catch (error) {
      const { data: found } = error as { data?: { data?: string } | string };
      const refusal = typeof found === "string" ? found : found?.data;
      if (refusal === undefined) throw error;
      return { refusal, announced: [] };
    }
  }

  /** What motions and amendments announced; of values that are lists, nothing. */
  #announced(logs: readonly Log[]): string[] {
    return logs
      .filter(({ address }) => [this.at.motions, this.at.amendments].includes(address.toLowerCase()))
      .map((log) => {
        const { name, args } = this.#events.parseLog(log) as { name: string; args: Result };
        const values = args.filter((value) => !(value instanceof Result));
        return `${name}(${values.join(", ")})`;
      });
  }
}

type Log = { address: string; topics: string[]; data: string };

/** An address without code. */
export const NOBODY = "0x00000000000000000000000000000000000bad00";

const PLACES = [
  "motions",
  "amendments",
  "resolutions",
  "charter",
  "governor",
  "agenda",
  "guardian",
  "membership",
  "timelock",
  "box",
  "crowd",
] as const;
type Place = (typeof PLACES)[number];

async function deployWorld(connection: Connection, parameters: Parameters) {
  const { ethers } = connection;
  const coalition = await deployCoalition(connection, parameters);
  const box = await ethers.deployContract("Box");
  const crowd = await ethers.deployContract("Crowd");
  return { ...coalition, box, crowd };
}

/** The values in an answer, one after the other. */
function flat(value: unknown): string[] {
  return value instanceof Result ? value.toArray().flatMap(flat) : [`${value}`.toLowerCase()];
}
