import { type AddressBook, CONTRACTS, type ContractKey } from "../../scripts/lib/address-book.js";
import { type Context, enter, type Outcome } from "../../scripts/lib/member/coalition.js";
import { longestEnd } from "../../scripts/lib/member/delegate.js";
import type { Roll } from "./roll.js";

/** The addresses of a coalition that a test deployed, as an address book has them. */
export async function addressesOf(roll: Pick<Roll, ContractKey>): Promise<AddressBook["contracts"]> {
  const keys = Object.keys(CONTRACTS) as ContractKey[];
  const at = async (key: ContractKey) => [key, await roll[key].getAddress()] as const;
  return Object.fromEntries(await Promise.all(keys.map(at))) as AddressBook["contracts"];
}

/** A coalition as the commands of members see it, at this moment. */
export async function contextOf(roll: Pick<Roll, ContractKey | "ethers">): Promise<Context> {
  return enter(roll.ethers, await addressesOf(roll));
}

/** What a command tells, as one text. */
export const textOf = ({ lines }: Outcome): string => lines.join("\n");

/** Members whose votes count, in a group by their index; the first unless given otherwise. */
export async function voters(roll: Roll, count: number, groupOf: (index: number) => number = () => 0) {
  let last = 0n;
  for (let index = 0; index < count; index++) last = await roll.join(roll.person(index), groupOf(index));
  await roll.goTo(await roll.votesFrom(last));
  const [one, two, three, four] = [0, 1, 2, 3].map(roll.person);
  return [one, two, three, four] as [Voter, Voter, Voter, Voter];
}

type Voter = ReturnType<Roll["person"]>;

/** A delegation by somebody, until the last moment possible unless given. */
export async function delegateOf(context: Context, from: Voter, delegatee: string, ends?: number) {
  return { delegator: from.address, delegatee, ends: ends ?? (await longestEnd(context)) };
}
