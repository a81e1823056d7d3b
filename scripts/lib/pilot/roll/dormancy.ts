import type { Act } from "./act.js";

const CONFIRM = [
  { name: "account", type: "address" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

const BATCH = 40;
const VOTE = 2;
const DORMANT = 7n;
const GRANTED = 0n;

/** A year later everyone but one confirms; that one leaves the electorate, and comes back. */
export async function yearly(act: Act, silent: number, members: number): Promise<void> {
  const { membership, confirmations } = act.contracts;
  const due = await confirmations.dueAt(silent);
  await act.setting.clock.reach(Number(due) - 86_400);
  const began = await act.now();
  const deadline = await act.soon();
  const requests = [];
  for (let number = 1; number <= members; number++) {
    if (number === silent) continue;
    const key = act.keyOf(number);
    const signature = await act.sign(confirmations, key, "Confirm", CONFIRM, {
      account: key.address,
      deadline,
    });
    requests.push({ account: key.address, deadline, signature });
  }
  for (let first = 0; first < requests.length; first += BATCH) {
    await act.sent(
      confirmations.connect(act.setting.relayer).confirmMany(requests.slice(first, first + BATCH)),
    );
  }
  // A batch passes over a bad confirmation without reverting.
  const entries = await Promise.all(
    Array.from({ length: members }, (_, index) => membership.member(index + 1)),
  );
  const confirmed = entries.filter(({ confirmedAt }) => confirmedAt >= began);
  act.same("members who confirmed", requests.length, confirmed.length);
  await act.tell(
    `a year is over: ${requests.length} members confirmed, by requests that somebody else paid for`,
  );

  const votes = () => act.now().then((moment) => membership.getPastTotalSupply(moment - 1));
  const standing = async () =>
    (await membership.standingOf(act.keyOf(silent).address, VOTE, await act.now()))[0];
  await act.setting.clock.reach(Number(due) + 1);
  const before = await votes();
  await act.sent(confirmations.connect(act.setting.relayer).markDormant([silent]));
  await act.setting.clock.reach((await act.now()) + 1);
  act.same("votes less while one member is dormant", 1, before - (await votes()));
  act.same(`member ${silent}: dormant`, DORMANT, await standing());
  await act.tell(`member ${silent} did not, and was marked dormant: no quorum waits for that vote any more`);

  await act.sent(confirmations.connect(act.keyOf(silent)).confirm());
  await act.setting.clock.reach((await act.now()) + 1);
  act.same("votes after the member came back", before, await votes());
  act.same(`member ${silent}: votes again`, GRANTED, await standing());
  await act.tell(`member ${silent} came back by one act, and votes again at once`);
}
