import {
  type Addressable,
  type ContractTransactionResponse,
  concat,
  keccak256,
  type Signer,
  type TypedDataDomain,
  toUtf8Bytes,
  Wallet,
} from "ethers";
import type { CoalitionGovernor, MemberDesk } from "../../typechain-types/index.js";
import { signFirstBallot, signNamedBallot } from "./ballots.js";
import { type ClassRules, plainParameters } from "./fixture.js";
import type { Action, Coalition, Connection, Decision, Person, Rules } from "./governor.js";
import { changeRules, DecisionClass, domainOf } from "./governor.js";
import { signRotate as signConsent, signJoin as signJoinRequest } from "./requests.js";

/** The most gas that a transaction may ask for on Ethereum since EIP-7825. */
export const TRANSACTION_GAS_LIMIT = 16_777_216n;

/** The choices as `receiptOf` answers them. */
export const Receipt = { None: 0n, Against: 1n, For: 2n, Abstain: 3n } as const;

/** A moment that no test reaches. */
export const FAR = 2n ** 40n;

/** A request to join group 0, signed by whoever joins. Any part of it can be bent. */
export async function signJoin(
  { membership, requests }: Pick<Coalition, "membership" | "requests">,
  signer: Person,
  {
    account = signer.address,
    nonce,
    domain = {},
  }: { account?: string; nonce?: bigint; domain?: object } = {},
): Promise<string> {
  const { digest } = await membership.codeOfConduct();
  return signJoinRequest(
    signer,
    { ...(await domainOf(requests)), ...domain },
    {
      account,
      group: 0,
      codeDigest: digest,
      evidence: "0x",
      nonce: nonce ?? (await requests.nonces(account)),
      deadline: FAR,
    },
  );
}

/** The consent of a new key to take over a member number. */
export async function signRotate(
  requests: MemberDesk,
  number: bigint,
  newKey: Person,
  { nonce, domain = {} }: { nonce?: bigint; domain?: object } = {},
): Promise<string> {
  return signConsent(
    newKey,
    { ...(await domainOf(requests)), ...domain },
    {
      number,
      newKey: newKey.address,
      nonce: nonce ?? (await requests.nonces(newKey.address)),
      deadline: FAR,
    },
  );
}

/** Moves a member to a new key, with its consent. */
export async function rotate(
  { membership, requests }: Coalition,
  oldKey: Person,
  newKey: Person,
): Promise<void> {
  const signature = await signRotate(requests, await membership.numberOf(oldKey.address), newKey);
  await requests.connect(oldKey).rotateKey(newKey.address, FAR, signature);
}

/** Fresh keys with ether: the cheapest thing an attacker has. */
export async function freshKeys({ ethers, networkHelpers }: Connection, count: number): Promise<Person[]> {
  const keys = Array.from({ length: count }, (_, index) =>
    keyOf(`fresh key ${index}`).connect(ethers.provider),
  );
  for (const key of keys) await networkHelpers.setBalance(key.address, ethers.parseEther("10"));
  return keys;
}

/** The roll as the timelock calls it. What a decision of the members would do, without its weeks. */
export async function asTimelock(
  { networkHelpers, ethers }: Connection,
  { timelock, membership }: Coalition,
) {
  const address = await timelock.getAddress();
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, ethers.parseEther("10"));
  return membership.connect(await ethers.getSigner(address));
}

/** When the vote of a key matures that joins at a moment and finds a seat at the first boundary it may have. */
export function maturityOf({ parameters }: Pick<Coalition, "parameters">, joinedAt: bigint): bigint {
  const { waitingPeriod, epochLength } = parameters.Membership;
  const length = BigInt(epochLength);
  return ((joinedAt + BigInt(waitingPeriod) + length - 1n) / length) * length;
}

/** Everything an attack could have bent, to be compared before and after. */
export async function stateOf(
  { membership, governor, timelock, agenda, guardian, resolutions, charter, motions, parameters }: Coalition,
  ...decisions: readonly Decision[]
) {
  const maturity = await membership.maturity();
  const rules = await Promise.all(Object.values(DecisionClass).map((of) => governor.rules(of)));
  return {
    lastNumber: await membership.lastNumber(),
    living: await membership.totalSupply(),
    byGroup: [...(await membership.membersByGroup())],
    code: [...(await membership.codeOfConduct())],
    policy: await membership.admissionPolicy(),
    maturity: [...maturity],
    rules: rules.map((one) => [...one]),
    places: await agenda.places(),
    guardian: await guardian.key(),
    resolutions: await resolutions.lastNumber(),
    documents: await charter.lastDocument(),
    motions: [...(await motions.rules())],
    delay: await timelock.getMinDelay(),
    timelocks: [await membership.timelock(), await governor.timelock()],
    treasury: await timelock.runner?.provider?.getBalance(timelock),
    groups: parameters.Membership.groups.length,
    decisions: await Promise.all(
      decisions.map(async (decision) => ({
        state: await decision.state(),
        votes: [...(await governor.proposalVotes(decision.id))],
      })),
    ),
  };
}

/**
 * The actions that change the same rules of several classes, one after the other: a lesser class may never be stricter than
 * a greater one, so what is lowered is lowered from below, and what is raised from above.
 */
export async function changeRulesOf(
  governor: CoalitionGovernor,
  changes: Partial<Rules>,
  classes: readonly number[],
): Promise<Action[]> {
  return Promise.all(classes.map((of) => changeRules(governor, changes, of)));
}

/** Actions and what is less, from below; and actions and what is more but for amendments, from above. */
export const UP_TO_ACTIONS = [
  DecisionClass.MotionAmendment,
  DecisionClass.Resolution,
  DecisionClass.Action,
] as const;
export const DOWN_TO_ACTIONS = [DecisionClass.Appeal, DecisionClass.Action] as const;

/** {@link plainParameters} with a guardian. */
export function guardedParameters(guardian: string, term: number, changes: Partial<ClassRules> = {}) {
  const parameters = plainParameters(changes);
  Object.assign(parameters.Governor, { guardian, guardianTerm: term });
  return parameters;
}

/** Signs a first ballot for a batch: 64 bytes. */
export function signFirst(
  governor: CoalitionGovernor,
  signer: Signer,
  { proposalId, support, deadline = FAR }: { proposalId: bigint; support: number; deadline?: bigint },
  foreign: TypedDataDomain = {},
): Promise<string> {
  return signFirstBallot(governor, signer, { proposalId, support, deadline }, foreign);
}

/** Signs a ballot that names its voter, with the voter's present nonce unless another is given: as batches take it. */
export async function signNamed(
  governor: CoalitionGovernor,
  signer: Person,
  ballot: { proposalId: bigint; support: number; deadline?: bigint; voter?: string; nonce?: bigint },
  foreign: TypedDataDomain = {},
) {
  const { proposalId, support, deadline = FAR, voter = signer.address } = ballot;
  const nonce = ballot.nonce ?? (await governor.nonces(voter));
  const signature = await signNamedBallot(
    governor,
    signer,
    { proposalId, support, voter, nonce, deadline },
    foreign,
  );
  return { voter, support, deadline, nonce, signature };
}

/** A group of first ballots. */
export const groupOf = (support: number, signatures: readonly string[], deadline = FAR) => ({
  support,
  deadline,
  signatures: concat(signatures),
});

/** What a batch passed over: who, in which group, at which place, and why. */
export async function skipsOf(governor: CoalitionGovernor, sent: Promise<ContractTransactionResponse>) {
  const receipt = await (await sent).wait();
  return (receipt?.logs ?? [])
    .map((log) => governor.interface.parseLog(log))
    .filter((event) => event?.name === "BallotSkipped")
    .map((event) => {
      const [, voter, group, index, reason] = event?.args ?? [];
      return [voter, group, index, reason] as [string, bigint, bigint, bigint];
    });
}

/** The gas that a transaction used. */
export async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("the transaction was not mined");
  return receipt.gasUsed;
}

/** Deploys bare runtime code. */
export async function deployRaw({ ethers }: Connection, runtime: string): Promise<string> {
  const [sender] = await ethers.getSigners();
  const sent = await sender.sendTransaction({ data: creationOf(runtime) });
  const receipt = await sent.wait();
  if (!receipt?.contractAddress) throw new Error("nothing was deployed");
  return receipt.contractAddress;
}

/**
 * Runtime code of a target that counts its calls in its first slot when called with data, and destroys itself, its ether
 * going to the caller, when called without.
 */
export const VANISHING = "0x3660065733ff5b5f546001015f5500";

/** The address as it stands for an argument. */
export const addressOf = async (account: string | Addressable): Promise<string> =>
  typeof account === "string" ? account : account.getAddress();

function keyOf(seed: string): Wallet {
  return new Wallet(keccak256(toUtf8Bytes(seed)));
}

// Creation code that answers with what follows it: PUSH2 length, DUP1, PUSH1 11, PUSH0, CODECOPY, PUSH0, RETURN.
function creationOf(runtime: string): string {
  const length = (runtime.length - 2) / 2;
  return `0x61${length.toString(16).padStart(4, "0")}80600a5f395ff3${runtime.slice(2)}`;
}
