import type { Wallet } from "ethers";
import type { Act } from "./act.js";

const RECOVER = [
  { name: "number", type: "uint256" },
  { name: "newKey", type: "address" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

/** Two guardians ask for a member's number; with the second the delay starts. Answers the key they ask it for. */
export async function request(
  act: Act,
  number: number,
  guardians: readonly [number, number],
): Promise<Wallet> {
  const { recovery } = act.contracts;
  const keys = guardians.map((guardian) => act.keyOf(guardian));
  const addresses = keys.map(({ address }) => address);
  await act.sent(recovery.connect(act.keyOf(number)).nameGuardians(addresses, 2));
  const newKey = await act.stranger(`recovered key of member ${number}`);
  const deadline = await act.soon();
  const consent = { number, newKey: newKey.address, deadline };
  const signature = await act.sign(recovery, newKey, "Recover", RECOVER, consent);
  await act.sent(recovery.connect(keys[0]).request(number, newKey.address, deadline, signature));
  await act.sent(recovery.connect(keys[1]).approve(number, newKey.address));
  await act.tell(
    `members ${guardians.join(" and ")}, guardians of member ${number}, asked for a new key; the old one can say no for some days`,
  );
  return newKey;
}

/** The member is there after all, and says no. */
export async function veto(act: Act, number: number, newKey: Wallet): Promise<void> {
  const { recovery, membership } = act.contracts;
  await act.sent(recovery.connect(act.keyOf(number)).veto(number));
  await act.tell(`member ${number} still has the key, and vetoed the recovery`);
  act.same(
    `member ${number} holds the number after the veto`,
    number,
    await membership.numberOf(act.keyOf(number).address),
  );
  act.same(
    `member ${number}: number held by the key that was asked for`,
    0,
    await membership.numberOf(newKey.address),
  );
}

/** Nobody said no: anyone completes it. */
export async function complete(act: Act, number: number, newKey: Wallet): Promise<void> {
  const { recovery, membership } = act.contracts;
  const oldKey = act.keyOf(number);
  await act.setting.clock.reach(Number((await recovery.requestOf(number)).readyAt));
  await act.sent(recovery.connect(act.setting.relayer).complete(number));
  act.recover(number, newKey);
  await act.tell(`the delay is over: member ${number} goes on with the new key`);
  act.same(`member ${number}: number held by the lost key`, 0, await membership.numberOf(oldKey.address));
  act.same(
    `member ${number}: number held by the recovered key`,
    number,
    await membership.numberOf(newKey.address),
  );
}
