import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { id, Wallet } from "ethers";

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

  /** A key of somebody else, by a name of its own. */
  other(label: string): Wallet {
    return this.#get(`other ${label}`);
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
