import assert from "node:assert/strict";
import { concat, type TypedDataDomain, TypedDataEncoder } from "ethers";
import type { BaselineGovernor, BaselineMulticall, CoalitionGovernor } from "../../typechain-types/index.js";
import { FIRST_BALLOT, NAMED_BALLOT } from "./ballots/ballot-file.js";
import { type Chain, key } from "./gas-chain.js";
import {
  assertVotes,
  type Body,
  carryOut,
  castVote,
  type Decision,
  FOR,
  open,
  propose,
  type Voter,
  voterAt,
} from "./gas-decisions.js";
import { Samples } from "./gas-samples.js";

/** Ballots that one transaction brings. */
const BATCH = 100;

/** From this number of members on there are as many as a batch in a word of receipts that others have used. */
const ENOUGH = 300;

const BALLOT = { Ballot: NAMED_BALLOT.NamedBallot.filter(({ name }) => name !== "deadline") };

/** Ballots of one choice. */
interface Group {
  readonly support: number;
  readonly deadline: number;
  readonly signatures: string;
}

/** A ballot that names its voter. */
interface Named {
  readonly voter: string;
  readonly support: number;
  readonly deadline: number;
  readonly nonce: bigint;
  readonly signature: string;
}

/** How our members' ballots are brought. */
export function relayOf(chain: Chain, governor: CoalitionGovernor): Pick<Body, "relay" | "relayNamed"> {
  const week = 604_800;
  const send = async (proposalId: bigint, groups: Group[], named: Named[]): Promise<number> =>
    chain.send({
      from: key("relayer").address,
      to: await governor.getAddress(),
      data: governor.interface.encodeFunctionData("castBallots", [proposalId, groups, named]),
    });
  return {
    relay: async ({ proposalId }, voters) => {
      const deadline = chain.now + week;
      const ballot = { proposalId, support: FOR, deadline };
      const digest = TypedDataEncoder.hash(await domainOf(governor), FIRST_BALLOT, ballot);
      const signatures = concat(voters.map(({ wallet }) => wallet.signingKey.sign(digest).compactSerialized));
      return send(proposalId, [{ support: FOR, deadline, signatures }], []);
    },
    relayNamed: async ({ proposalId }, { wallet }) => {
      const nonce = await governor.nonces(wallet.address);
      const ballot = { voter: wallet.address, support: FOR, deadline: chain.now + week, nonce };
      const message = { proposalId, ...ballot };
      const signature = await wallet.signTypedData(await domainOf(governor), NAMED_BALLOT, message);
      return send(proposalId, [], [{ ...ballot, signature }]);
    },
  };
}

/** The baseline has no batches: what is nearest to one is a contract that passes signed ballots on. */
export function baselineRelayOf(
  chain: Chain,
  governor: BaselineGovernor,
  multicall: BaselineMulticall,
): Pick<Body, "relay"> {
  return {
    relay: async ({ proposalId }, voters) => {
      const domain = await domainOf(governor);
      const calls: string[] = [];
      for (const { wallet } of voters) {
        const nonce = await governor.nonces(wallet.address);
        assert.equal(nonce, 0n, "the nonce is not new");
        const ballot = { proposalId, support: FOR, voter: wallet.address, nonce };
        const signature = await wallet.signTypedData(domain, BALLOT, ballot);
        calls.push(
          governor.interface.encodeFunctionData("castVoteBySig", [
            proposalId,
            FOR,
            wallet.address,
            signature,
          ]),
        );
      }
      return chain.send({
        from: key("relayer").address,
        to: await multicall.getAddress(),
        data: multicall.interface.encodeFunctionData("multicall", [await governor.getAddress(), calls]),
      });
    },
  };
}

/** One decision for ballots that find every word in use. */
export async function measureRelays(body: Body, samples: Samples): Promise<void> {
  const enough = body.members.length >= ENOUGH;
  // The first members of a word of receipts; the groups of the two openers are in different tally words.
  const first = enough ? 129 : 1;
  const at = (offset: number): Voter => voterAt(body, first + offset);
  const decision = await propose(body, voterAt(body, 2), 46, new Samples());
  await open(body, [decision]);
  for (const opener of [at(0), at(3)]) await castVote(body, decision, opener, FOR);
  let ballots = 2;
  if (body.relayNamed !== undefined) {
    // The first ballot by signature finds a word of its own empty.
    for (const offset of [1, 2, 4, 5]) {
      const gas = await body.relay(decision, [at(offset)]);
      if (offset > 1) samples.add("relayedAlone", gas);
    }
    for (const offset of [6, 7, 8]) {
      samples.add("relayedNamed", await body.relayNamed(decision, at(offset)));
    }
    ballots += 7;
  }
  if (enough) {
    const batch = Array.from({ length: BATCH }, (_, index) => at(9 + index));
    samples.add("relayedBallot", Math.ceil((await body.relay(decision, batch)) / BATCH));
    ballots += BATCH;
  }
  await assertVotes(body, decision, 0, ballots);
}

/** One decision on which every member's ballot is relayed, in the order of their numbers. */
export async function measureRelayedDecision(body: Body, samples: Samples): Promise<void> {
  const decision: Decision = await propose(body, voterAt(body, 3), 47, new Samples());
  await open(body, [decision]);
  let voting = 0;
  for (let start = 0; start < body.members.length; start += BATCH) {
    const batch = body.members.slice(start, start + BATCH);
    const gas = await body.relay(decision, batch);
    if (start === 0 && batch.length === BATCH) {
      samples.add("relayedFirst", Math.ceil(gas / BATCH));
    }
    voting += gas;
  }
  await assertVotes(body, decision, 0, body.members.length);
  const { queueing, executing } = await carryOut(body, decision);
  samples.add("wholeDecisionRelayed", decision.bringing + voting + queueing + executing);
}

export async function domainOf(governor: Pick<BaselineGovernor, "eip712Domain">): Promise<TypedDataDomain> {
  const [, name, version, chainId, verifyingContract] = await governor.eip712Domain();
  return { name, version, chainId, verifyingContract };
}
