import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type ContractTransactionResponse, id, type TypedDataField, type Wallet } from "ethers";
import type {
  Affiliations,
  Agenda,
  AttestedAdmission,
  CoalitionGovernor,
  Confirmations,
  Delegations,
  KeyRecovery,
  MemberDesk,
  Membership,
  VouchedAdmission,
} from "../../../../typechain-types/index.js";
import type { AddressBook } from "../../address-book.js";
import type { Clock } from "../clock.js";
import type { Comparison } from "../expectations.js";
import { endow } from "../funds.js";
import type { Keyring } from "../keys.js";
import { date } from "../words.js";

/** Longer than any act waits before it sends a request, in seconds. */
const LIFE = 86_400;

/** Members of three groups, as many as an amendment needs. */
const ENDORSERS = [1, 2, 3];

/** The contracts that the act plays with, beside their addresses. */
export interface RollContracts {
  readonly addresses: AddressBook["contracts"];
  readonly membership: Membership;
  readonly governor: CoalitionGovernor;
  readonly agenda: Agenda;
  readonly requests: MemberDesk;
  readonly confirmations: Confirmations;
  readonly recovery: KeyRecovery;
  readonly affiliations: Affiliations;
  readonly delegations: Delegations;
  readonly vouched: VouchedAdmission;
  readonly attested: AttestedAdmission;
}

/** What the act needs of the coalition whose first weeks are over. */
export interface Setting {
  readonly ethers: HardhatEthers;
  readonly clock: Clock;
  readonly keys: Keyring;
  readonly relayer: HardhatEthersSigner;
  readonly contracts: RollContracts;
  /** The text of a decision, by the name of its file in the story's folder. */
  readonly textOf: (name: string) => string;
  readonly say: (line: string) => void;
}

/** Something that happened, and when, in words. */
export interface Told {
  readonly at: number;
  readonly sentence: string;
}

/** A contract that tells the EIP-712 domain of what is signed for it, and the nonces of who signs. */
interface SignedFor {
  eip712Domain(): Promise<{ name: string; version: string; chainId: bigint; verifyingContract: string }>;
  nonces(key: string): Promise<bigint>;
}

/** A decision of the act while it is on its way. */
export interface Question {
  readonly id: bigint;
  readonly call: readonly [string[], bigint[], string[], string];
}

/** The roll in full, played on a chain whose time can be moved: tells what it does, and compares with what must be. */
export class Act {
  readonly told: Told[] = [];
  readonly comparisons: Comparison[] = [];
  readonly #recovered = new Map<number, Wallet>();

  /** @param label Stands before what it tells on the screen. */
  constructor(
    readonly setting: Setting,
    private readonly label = "roll",
  ) {}

  get contracts(): RollContracts {
    return this.setting.contracts;
  }

  now(): Promise<number> {
    return this.setting.clock.now();
  }

  /** A moment until which a request that is signed now is good. */
  async soon(): Promise<number> {
    return (await this.now()) + LIFE;
  }

  async tell(sentence: string): Promise<void> {
    const at = await this.now();
    this.told.push({ at, sentence });
    this.setting.say(`${this.label} ${String(this.told.length).padStart(2)}  ${date(at)}  ${sentence}`);
  }

  /** Holds what the chain says against what must be. */
  same(what: string, expected: unknown, actual: unknown): void {
    const [want, have] = [String(expected), String(actual)];
    this.comparisons.push({ what, expected: want, actual: have, ok: want === have });
  }

  /** A key of somebody who is no member of the story, with ether to act. */
  async stranger(label: string): Promise<Wallet> {
    const wallet = this.setting.keys.other(label);
    await endow(this.setting.ethers, [wallet]);
    return wallet;
  }

  /** The key that a member of the story holds now. */
  keyOf(number: number): Wallet {
    return this.#recovered.get(number) ?? this.setting.keys.member(number);
  }

  /** From now on a member acts by a key that was recovered. */
  recover(number: number, key: Wallet): void {
    this.#recovered.set(number, key);
  }

  async sent(sending: Promise<ContractTransactionResponse>): Promise<void> {
    await (await sending).wait();
  }

  /** Signs a typed request with the key's present nonce, bound to the contract. */
  async sign(
    contract: SignedFor,
    wallet: Wallet,
    type: string,
    fields: readonly TypedDataField[],
    message: Readonly<Record<string, unknown>>,
  ): Promise<string> {
    const { name, version, chainId, verifyingContract } = await contract.eip712Domain();
    const value = fields.some((field) => field.name === "nonce")
      ? { ...message, nonce: await contract.nonces(wallet.address) }
      : message;
    return wallet.signTypedData(
      { name, version, chainId, verifyingContract },
      { [type]: [...fields] },
      value,
    );
  }

  /** Puts a decision to the members, endorsed as any of them must be. */
  async propose(
    by: number,
    name: string,
    actions: readonly { to: string; data: string }[],
  ): Promise<Question> {
    const { agenda, governor } = this.contracts;
    const text = this.setting.textOf(name);
    const call = [
      actions.map(({ to }) => to),
      actions.map(() => 0n),
      actions.map(({ data }) => data),
      id(text),
    ] as const;
    await this.sent(governor.connect(this.keyOf(by)).propose(call[0], call[1], call[2], text));
    const proposalId = await governor.hashProposal(call[0], call[1], call[2], call[3]);
    for (const number of ENDORSERS) {
      if (await agenda.isAdmitted(proposalId)) break;
      await this.sent(agenda.connect(this.keyOf(number)).endorse(proposalId));
    }
    return { id: proposalId, call };
  }

  /** Waits until ballots on a decision are taken. */
  async open({ id: proposalId }: Question): Promise<void> {
    await this.setting.clock.reach(Number(await this.contracts.governor.proposalSnapshot(proposalId)) + 1);
  }

  async vote({ id: proposalId }: Question, number: number, support: 0 | 1 | 2): Promise<void> {
    await this.sent(this.contracts.governor.connect(this.keyOf(number)).castVote(proposalId, support));
  }

  /** Waits until a decision is closed. */
  async close({ id: proposalId }: Question): Promise<void> {
    await this.setting.clock.reach(Number(await this.contracts.governor.proposalDeadline(proposalId)) + 1);
  }

  /** Takes a decision that passed through the timelock. */
  async carryOut({ id: proposalId, call }: Question): Promise<void> {
    const governor = this.contracts.governor.connect(this.setting.relayer);
    await this.sent(governor.queue(...call));
    await this.setting.clock.reach(Number(await governor.proposalEta(proposalId)));
    await this.sent(governor.execute(...call));
  }
}

/** The contracts of a deployed coalition that the act plays with. */
export async function rollContractsAt(
  ethers: HardhatEthers,
  { contracts }: AddressBook,
): Promise<RollContracts> {
  return {
    addresses: contracts,
    membership: await ethers.getContractAt("Membership", contracts.membership),
    governor: await ethers.getContractAt("CoalitionGovernor", contracts.governor),
    agenda: await ethers.getContractAt("Agenda", contracts.agenda),
    requests: await ethers.getContractAt("MemberDesk", contracts.requests),
    confirmations: await ethers.getContractAt("Confirmations", contracts.confirmations),
    recovery: await ethers.getContractAt("KeyRecovery", contracts.recovery),
    affiliations: await ethers.getContractAt("Affiliations", contracts.affiliations),
    delegations: await ethers.getContractAt("Delegations", contracts.delegations),
    vouched: await ethers.getContractAt("VouchedAdmission", contracts.vouched),
    attested: await ethers.getContractAt("AttestedAdmission", contracts.attested),
  };
}
