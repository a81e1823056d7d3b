import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { id, toBeHex, Wallet } from "ethers";
import type { Story } from "./types.js";

/** What an operation costs at the most, in gas; measured figures lie well below. */
const MOST = { join: 250_000n, ballot: 150_000n, propose: 900_000n, rotate: 250_000n };

/** Who signs in a pilot. */
export class Keyring {
  readonly #wallets = new Map<string, Wallet>();
  readonly #moved = new Set<number>();

  /**
   * @param seed Of which the keys are derived, so that a run can be repeated; none for random keys, which is what a
   * public chain needs: whoever knows the seed has the keys.
   */
  constructor(
    private readonly ethers: HardhatEthers,
    private readonly seed: string | undefined,
  ) {}

  get outsider(): Wallet {
    return this.#get("outsider");
  }

  /** The key that a member holds now. */
  member(number: number): Wallet {
    return this.#moved.has(number) ? this.newKeyOf(number) : this.oldKeyOf(number);
  }

  oldKeyOf(number: number): Wallet {
    return this.#get(`member ${number}`);
  }

  newKeyOf(number: number): Wallet {
    return this.#get(`member ${number}, second key`);
  }

  /** From now on the member acts by the second key. */
  rotate(number: number): void {
    this.#moved.add(number);
  }

  #get(label: string): Wallet {
    let wallet = this.#wallets.get(label);
    if (wallet === undefined) {
      const { provider } = this.ethers;
      wallet =
        this.seed === undefined
          ? new Wallet(Wallet.createRandom().privateKey, provider)
          : new Wallet(id(`${this.seed}: ${label}`), provider);
      this.#wallets.set(label, wallet);
    }
    return wallet;
  }
}

/** Gas that each key which sends transactions of its own may need in a story. */
export function gasNeeds(story: Story, keys: Keyring): Map<Wallet, bigint> {
  const needs = new Map<Wallet, bigint>();
  const add = (wallet: Wallet, gas: bigint) => needs.set(wallet, (needs.get(wallet) ?? 0n) + gas);
  const pays = (number: number) => story.roll[number - 1]?.joins === "directly";
  const rotates = new Set(story.steps.flatMap((step) => (step.kind === "rotate" ? [step.by] : [])));
  for (const { number, joins } of story.roll) {
    if (joins === "directly") add(keys.oldKeyOf(number), MOST.join);
  }
  for (const step of story.steps) {
    if (step.kind === "propose") add(keys.oldKeyOf(step.by), MOST.propose);
    if (step.kind === "rotate") add(keys.oldKeyOf(step.by), MOST.rotate);
    // Before or after a rotation: either key may have to pay for the ballot.
    const voters =
      step.kind === "vote" ? Object.values(story.decisions[step.decision]?.ballots ?? {}).flat() : [];
    if (step.kind === "change") voters.push(step.by);
    for (const number of voters.filter(pays)) {
      add(keys.oldKeyOf(number), MOST.ballot);
      if (rotates.has(number)) add(keys.newKeyOf(number), MOST.ballot);
    }
  }
  return needs;
}

/** Gives keys ether on a chain of one's own, where it costs nothing. */
export async function endow(ethers: HardhatEthers, wallets: Iterable<Wallet>): Promise<void> {
  const balance = toBeHex(10n ** 19n);
  for (const { address } of wallets) {
    await ethers.provider.send("hardhat_setBalance", [address, balance.replace(/^0x0+/, "0x")]);
  }
}
