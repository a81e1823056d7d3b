import assert from "node:assert/strict";
import type { Wallet } from "ethers";
import { digest, key } from "./gas-chain.js";
import {
  AGAINST,
  assertVotes,
  type Body,
  castVote,
  FOR,
  open,
  propose,
  type Voter,
  voterAt,
} from "./gas-decisions.js";
import { Samples } from "./gas-samples.js";
import { CROWD, DAY, type Deployed, inTurn, type Scene, setScene, TIMES } from "./gas-scene.js";
import { JOIN, signRequest } from "./gas-signing.js";

const ATTESTATION = "Attestation(address account,uint8 group,bool organisation,bytes32 id,uint48 expires)";
const CONFIRM = "Confirm(address account,uint256 nonce,uint256 deadline)";
const OWN = "Own(address representative,address owner,uint256 nonce,uint256 deadline)";
const RECOVER = "Recover(uint256 number,address newKey,uint256 nonce,uint256 deadline)";

// What the parameters make members wait, and a day more.
const [COOLDOWN, CONFIRMATION_PERIOD] = [91 * DAY, 366 * DAY];
const [UNQUALIFIED, DORMANT] = [1n, 2n];

/**
 * What people do on the roll besides joining alone, leaving and deciding, each act shown to have had its effect. Fifty
 * join in one transaction and then do all of it, so that the same people act at every size.
 */
export async function measureRoll(body: Body, deployed: Deployed, samples: Samples): Promise<void> {
  const scene = await setScene(body.chain, deployed, samples);
  await joinTogether(scene);
  await admit(scene);
  await delegate(scene, body);
  await recover(scene);
  await claim(scene);
  await confirm(scene);
}

/** The crowd enters by signed requests in one transaction, and waits for its votes. */
async function joinTogether({
  act,
  chain,
  codeDigest,
  crowd,
  groupOf,
  membership,
  samples,
  ...scene
}: Scene) {
  const batch = [];
  const deadline = chain.now + DAY;
  for (const { number, wallet } of crowd) {
    const request = {
      account: wallet.address,
      group: groupOf(number),
      codeDigest,
      evidence: "0x",
      deadline,
    };
    batch.push({ ...request, signature: await signRequest(scene.requests, wallet, JOIN, request) });
  }
  const gas = await act(scene.requests, key("relayer"), "joinMany", [batch]);
  samples.add("joinMany", Math.ceil(gas / CROWD));
  let matureAt = 0;
  for (const { number, wallet } of crowd) {
    const { key: holder, group, pauses, votesFrom } = await membership.member(number);
    assert.deepEqual(
      [holder, group, pauses],
      [wallet.address, BigInt(groupOf(number)), 0n],
      `request ${number} had no effect`,
    );
    matureAt = Math.max(matureAt, Number(votesFrom));
  }
  await chain.wait(matureAt - chain.now + 12);
}

/** The members ask for vouches: newcomers are participants until they have them, or a statement of an issuer. */
async function admit({ act, attested, chain, membership, samples, timelock, vouched, ...scene }: Scene) {
  await act(membership, timelock, "setAdmissionPolicy", [await vouched.getAddress()]);
  const participants: Voter[] = [];
  for (let index = 0; index < 2 * TIMES; index++) {
    const wallet = key(`participant ${index}`);
    const group = index % scene.groups;
    samples.add("joinParticipant", await act(membership, wallet, "join", [group, scene.codeDigest, "0x"]));
    const number = Number(await membership.numberOf(wallet.address));
    assert.equal((await membership.member(number)).pauses, UNQUALIFIED, "the policy was not asked");
    participants.push({ number, wallet });
  }

  const [vouchedFor, attestedFor] = [participants.slice(0, TIMES), participants.slice(TIMES)];
  for (const [index, { number }] of vouchedFor.entries()) {
    // Each of another group, and none of them has vouched before.
    const [first, second, third] = [3, 4, 5].map((group) => scene.someone(group, index).wallet);
    samples.add("vouchFirst", await act(vouched, first as Wallet, "vouch", [number]));
    await act(vouched, second as Wallet, "vouch", [number]);
    samples.add("vouchLast", await act(vouched, third as Wallet, "vouch", [number]));
    assert.equal((await vouched.vouchersOf(number)).filter(({ live }) => live).length, 3, "no vouch");
  }
  for (const { number } of vouchedFor) {
    samples.add("qualify", await act(membership, key("relayer"), "qualify", [number, "0x"]));
    const { pauses, votesFrom } = await membership.member(number);
    assert.equal(pauses, 0n, "who had all vouches stayed a participant");
    assert(votesFrom > BigInt(chain.now), "the vote does not wait");
  }

  const issuer = key("issuer of statements");
  const expires = chain.now + CONFIRMATION_PERIOD;
  const scope = { groups: 255, persons: true, organisations: false, until: expires };
  await act(attested, timelock, "accredit", [issuer.address, scope]);
  for (const { number, wallet } of attestedFor) {
    const { group } = await membership.member(number);
    const statement = {
      account: wallet.address,
      group,
      organisation: false,
      id: digest(`${number}`),
      expires,
    };
    const signature = await signRequest(attested, issuer, ATTESTATION, statement);
    const { account, organisation, id } = statement;
    const args = [account, issuer.address, group, organisation, id, expires, signature];
    samples.add("present", await act(attested, wallet, "present", args));
    assert.equal(await attested.usedBy(issuer.address, id), BigInt(number), "the statement was not used");
    assert(await attested.admits(number, account, group, "0x"), "the statement admits nobody");
  }
}

/**
 * Two of a group delegate to a third, who votes; then one of the two casts a ballot of their own. A fourth takes
 * delegations too and gets none.
 */
async function delegate({ act, delegations, membership, samples, someone }: Scene, body: Body) {
  // All of one tally word.
  const groups = [0, 1, 2];
  const cap = await delegations.cap();
  for (const group of groups) {
    const [delegatee, first, second] = [0, 1, 2].map((index) => someone(group, index)) as [
      Voter,
      Voter,
      Voter,
    ];
    for (const { number, wallet } of [delegatee, someone(group, 4)]) {
      samples.add("takeDelegations", await act(delegations, wallet, "takeDelegations", [cap]));
      assert.equal(await delegations.limitOf(number), cap, "the delegate takes no delegations");
    }
    for (const { number, wallet } of [first, second]) {
      const operation = number === first.number ? "delegateFirst" : "delegate";
      samples.add(operation, await act(membership, wallet, "delegate", [delegatee.wallet.address]));
      assert.equal((await delegations.delegationOf(number)).delegate, BigInt(delegatee.number));
      assert.equal(await membership.getVotes(wallet.address), 0n, "who delegated kept the vote");
    }
    assert.equal(await membership.getVotes(delegatee.wallet.address), 3n, "the delegations had no effect");
  }

  const decision = await propose(body, voterAt(body, 1), 45, new Samples());
  await open(body, [decision]);
  // Opens both words, so that the ballots below are later ones.
  await castVote(body, decision, someone(0, 3), FOR);
  for (const group of groups) {
    samples.add("castVoteDelegate", await castVote(body, decision, someone(group, 0), FOR));
    samples.add("castVoteDelegateAlone", await castVote(body, decision, someone(group, 4), FOR));
  }
  await assertVotes(body, decision, 0, 1 + 4 * groups.length);
  for (const group of groups) {
    samples.add("castVoteOwnAfterDelegate", await castVote(body, decision, someone(group, 1), AGAINST));
  }
  await assertVotes(body, decision, groups.length, 1 + 3 * groups.length);
}

/** Members who lost their key name two of three guardians' word for enough, and get the number back by it. */
async function recover({ act, chain, crowd, membership, recovery, samples, someone }: Scene): Promise<void> {
  const guardians = [0, 1, 2].map((index) => someone(4, index).wallet);
  const [asking, agreeing] = guardians as [Wallet, Wallet];
  const addresses = guardians.map(({ address }) => address);
  const losers = inTurn((index) => someone(3, index + 3));
  const newKeys = inTurn((index) => key(`recovered ${index}`));
  for (const { number, wallet } of losers) {
    samples.add("nameGuardians", await act(recovery, wallet, "nameGuardians", [addresses, 2]));
    assert.deepEqual([...(await recovery.guardiansOf(number)).guardians], addresses, "nobody was named");
  }
  for (const [index, { number }] of losers.entries()) {
    const newKey = newKeys[index] as Wallet;
    const consent = { number, newKey: newKey.address, deadline: chain.now + DAY };
    const signature = await signRequest(recovery, newKey, RECOVER, consent);
    const args = [number, newKey.address, consent.deadline, signature];
    samples.add("recoveryRequested", await act(recovery, asking, "request", args));
    assert.equal((await recovery.requestOf(number)).approvals, 1n, "nothing was requested");
    samples.add("recoveryApproved", await act(recovery, agreeing, "approve", [number, newKey.address]));
    assert((await recovery.requestOf(number)).readyAt > BigInt(chain.now), "the delay did not begin");
  }
  await chain.wait(Number(await recovery.delay()) + 12);
  for (const [index, { number }] of losers.entries()) {
    const wallet = newKeys[index] as Wallet;
    samples.add("recoveryCompleted", await act(recovery, key("relayer"), "complete", [number]));
    assert.equal(await membership.numberOf(wallet.address), BigInt(number), "the number was not recovered");
    crowd[number - (crowd[0] as Voter).number] = { number, wallet };
  }
}

/** Members change group, and disclose that they belong to an organisation. */
async function claim({
  act,
  affiliations,
  chain,
  claims,
  membership,
  samples,
  ...scene
}: Scene): Promise<void> {
  const [representative, owner] = [key("representative"), key("owner of an organisation")];
  const deadline = chain.now + DAY;
  const consent = { representative: representative.address, owner: owner.address, deadline };
  const signature = await signRequest(affiliations, owner, OWN, consent);
  const args = [0, scene.codeDigest, "0x", owner.address, deadline, signature];
  await act(affiliations, representative, "joinAsOrganisation", args);
  const organisation = await membership.numberOf(representative.address);
  await chain.wait(COOLDOWN);
  for (const { number, wallet } of inTurn((index) => scene.someone(5, index + 3))) {
    samples.add("changeGroup", await act(claims, wallet, "changeGroup", [0]));
    assert.equal((await membership.member(number)).group, 0n, "the group is the old one");
  }
  for (const { number, wallet } of inTurn((index) => scene.someone(4, index + 3))) {
    samples.add("affiliate", await act(affiliations, wallet, "affiliate", [organisation]));
    assert.equal(await affiliations.organisationOf(number), organisation, "nobody is affiliated");
  }
}

/** Members confirm, alone and together; a period later all are marked dormant, and some come back. */
async function confirm({
  act,
  chain,
  confirmations,
  crowd,
  membership,
  samples,
  someone,
}: Scene): Promise<void> {
  const assertConfirmed = async ({ number }: Voter): Promise<void> => {
    assert.equal((await membership.member(number)).confirmedAt, BigInt(chain.now), "nothing was confirmed");
  };
  const some = inTurn((index) => someone(1, index + 3));
  for (const voter of some) {
    samples.add("confirm", await act(confirmations, voter.wallet, "confirm"));
    await assertConfirmed(voter);
  }

  const batch = [];
  const deadline = chain.now + DAY;
  for (const { wallet } of crowd) {
    const request = { account: wallet.address, deadline };
    batch.push({ ...request, signature: await signRequest(confirmations, wallet, CONFIRM, request) });
  }
  const confirming = await act(confirmations, key("relayer"), "confirmMany", [batch]);
  samples.add("confirmMany", Math.ceil(confirming / CROWD));
  for (const voter of crowd) await assertConfirmed(voter);

  await chain.wait(CONFIRMATION_PERIOD);
  const before = await membership.getPastTotalSupply(chain.now - 1);
  const numbers = crowd.map(({ number }) => number);
  samples.add(
    "markDormant",
    Math.ceil((await act(confirmations, key("relayer"), "markDormant", [numbers])) / CROWD),
  );
  for (const number of numbers) {
    assert.equal((await membership.member(number)).pauses, DORMANT, `${number} is not dormant`);
  }
  await chain.wait(12);
  const marked = await membership.getPastTotalSupply(chain.now - 1);
  assert.equal(before - marked, BigInt(CROWD), "the electorate is not smaller by who is dormant");
  for (const voter of some) {
    samples.add("confirmReturn", await act(confirmations, voter.wallet, "confirm"));
    await assertConfirmed(voter);
    assert.equal((await membership.member(voter.number)).pauses, 0n, "the member stayed dormant");
  }
  await chain.wait(12);
  const returned = await membership.getPastTotalSupply(chain.now - 1);
  assert.equal(returned - marked, BigInt(TIMES), "the votes did not come back");
}
