import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { formatEther, toQuantity, type Wallet } from "ethers";
import { Problem } from "../problem.js";
import type { Keyring } from "./keys.js";
import { receiptOf } from "./transactions.js";
import type { Story } from "./types.js";
import { counted } from "./words.js";

/** The gas limits that operations may need; what they use lies well below. */
const MOST = {
  join: 300_000n,
  joinBySig: 350_000n,
  rotate: 150_000n,
  propose: 600_000n,
  endorse: 250_000n,
  endorseBySig: 300_000n,
  ballot: 250_000n,
  ballotBySig: 250_000n,
  queueAndExecute: 1_000_000n,
};

/** For a rise of the gas price while the story goes on, and for what a second layer charges on top. */
const MARGIN_PERCENT = 150n;

/** Ether on a chain where it costs nothing: 10. */
const PLENTY = 10n ** 19n;

/** Gas that a story needs: of each key that sends transactions of its own, and of whoever pays for requests. */
export interface GasNeeds {
  readonly members: ReadonlyMap<Wallet, bigint>;
  readonly relayer: bigint;
}

export function gasNeeds({ roll, steps, decisions }: Story, keys: Keyring): GasNeeds {
  const members = new Map<Wallet, bigint>();
  const rotating = new Set(steps.flatMap((step) => (step.kind === "rotate" ? [step.by] : [])));
  let relayer = 0n;
  const add = (wallet: Wallet, gas: bigint) => members.set(wallet, (members.get(wallet) ?? 0n) + gas);
  const ballot = (number: number) => {
    if (roll[number - 1].joins === "request") relayer += MOST.ballotBySig;
    else {
      add(keys.oldKeyOf(number), MOST.ballot);
      if (rotating.has(number)) add(keys.newKeyOf(number), MOST.ballot);
    }
  };
  const endorsement = (number: number) => {
    if (roll[number - 1].joins === "request") relayer += MOST.endorseBySig;
    else {
      add(keys.oldKeyOf(number), MOST.endorse);
      if (rotating.has(number)) add(keys.newKeyOf(number), MOST.endorse);
    }
  };
  for (const { number, joins } of roll) {
    if (joins === "directly") add(keys.oldKeyOf(number), MOST.join);
    else relayer += MOST.joinBySig;
  }
  for (const step of steps) {
    if (step.kind === "propose") {
      add(keys.oldKeyOf(step.by), MOST.propose);
      if (rotating.has(step.by)) add(keys.newKeyOf(step.by), MOST.propose);
    }
    if (step.kind === "endorse") step.by.forEach(endorsement);
    if (step.kind === "rotate") add(keys.oldKeyOf(step.by), MOST.rotate);
    if (step.kind === "queue") relayer += MOST.queueAndExecute;
    if (step.kind === "change") ballot(step.by);
    if (step.kind === "vote") Object.values(decisions[step.decision].ballots).flat().forEach(ballot);
  }
  return { members, relayer };
}

/** Gives keys ether on a chain of one's own, where it costs nothing. */
export async function endow({ provider }: HardhatEthers, wallets: Iterable<Wallet>): Promise<void> {
  for (const { address } of wallets) await provider.send("hardhat_setBalance", [address, toQuantity(PLENTY)]);
}

/** What members' keys get from the deployer on a chain where ether costs something. */
export interface Funding {
  readonly shares: ReadonlyMap<Wallet, bigint>;
  /** In words, to be said before anything is sent. */
  readonly words: string;
}

/**
 * Works out what the deployer has to pay, at the present price of gas. Sends nothing.
 * @throws {Problem} when the deployer has less.
 */
export async function planFunding(
  { provider }: HardhatEthers,
  deployer: HardhatEthersSigner,
  needs: GasNeeds,
): Promise<Funding> {
  const { maxFeePerGas, gasPrice } = await provider.getFeeData();
  const price = ((maxFeePerGas ?? gasPrice ?? 1n) * MARGIN_PERCENT) / 100n;
  const shares = new Map([...needs.members].map(([wallet, gas]) => [wallet, gas * price]));
  const amounts = [...shares.values()];
  const given = amounts.reduce((sum, amount) => sum + amount, 0n);
  const own = needs.relayer * price;
  const balance = await provider.getBalance(deployer.address);
  const most = amounts.reduce((one, other) => (one > other ? one : other), 0n);
  const words =
    `The deployer ${deployer.address} sends ${counted(shares.size, "key")} ${formatEther(given)} ether in all, ` +
    `${formatEther(most)} at the most to one, and keeps ${formatEther(own)} for the requests it pays for; the deployment comes on top. ` +
    "The keys are thrown away at the end, and what is left on them with them.";
  if (balance < given + own) {
    throw new Problem(`${words}\nIt has ${formatEther(balance)} ether: too little. Nothing was sent.`);
  }
  return { shares, words };
}

export async function fund(
  ethers: HardhatEthers,
  deployer: HardhatEthersSigner,
  { shares }: Funding,
): Promise<void> {
  const hashes: string[] = [];
  for (const [wallet, value] of shares) {
    hashes.push((await deployer.sendTransaction({ to: wallet.address, value })).hash);
  }
  for (const hash of hashes) await receiptOf(ethers, hash);
}
