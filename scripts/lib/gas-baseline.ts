import assert from "node:assert/strict";
import { ZeroAddress } from "ethers";
import type { BaselineToken } from "../../typechain-types/index.js";
import { type Chain, key } from "./gas-chain.js";
import { type Body, type Voter, voterAt } from "./gas-decisions.js";
import { baselineRelayOf } from "./gas-relay.js";
import type { Samples } from "./gas-samples.js";

const DELAY = 172_800;
const NEWCOMERS = 9;

/** OpenZeppelin's wizard defaults with a roll of `size`, and what it took to get there. */
export async function buildBaseline(chain: Chain, size: number, samples: Samples): Promise<Body> {
  const { ethers } = chain.connection;
  const [deployer] = await ethers.getSigners();
  const issuer = key("issuer");
  const token = await ethers.deployContract("BaselineToken", [issuer.address]);
  const timelock = await ethers.deployContract("TimelockController", [
    DELAY,
    [],
    [ZeroAddress],
    deployer?.address ?? ZeroAddress,
  ]);
  const governor = await ethers.deployContract("BaselineGovernor", [
    await token.getAddress(),
    await timelock.getAddress(),
  ]);
  for (const role of [await timelock.PROPOSER_ROLE(), await timelock.CANCELLER_ROLE()]) {
    await (await timelock.grantRole(role, await governor.getAddress())).wait();
  }
  const admin = await timelock.DEFAULT_ADMIN_ROLE();
  await (await timelock.renounceRole(admin, deployer?.address ?? ZeroAddress)).wait();
  samples.add("deployment", await chain.usedSoFar());
  const box = await ethers.deployContract("Box");
  const multicall = await ethers.deployContract("BaselineMulticall");
  chain.takeClock();

  const to = await token.getAddress();
  const join = async (name: string): Promise<Voter & { gas: number }> => {
    const wallet = key(name);
    const data = token.interface.encodeFunctionData("safeMint", [wallet.address]);
    const gas = await chain.send({ from: issuer.address, to, data });
    return { number: 0, wallet, gas };
  };
  const members: Voter[] = [];
  for (let number = 1; number <= size; number++) {
    members.push({ ...(await join(`member ${number}`)), number });
  }
  for (let index = 0; index < NEWCOMERS; index++) {
    const { wallet, gas } = await join(`newcomer ${index}`);
    assert.equal(await token.getVotes(wallet.address), 1n, "joining gave no vote");
    samples.add("join", gas);
  }
  await chain.wait(12);
  const last = (await ethers.provider.getBlockNumber()) - 1;
  assert.equal(await token.getPastTotalSupply(last), BigInt(size + NEWCOMERS), "somebody did not join");

  return {
    chain,
    governor,
    box,
    members,
    delay: DELAY,
    changes: false,
    extension: 0,
    ...baselineRelayOf(chain, governor, multicall),
    classify: () => {
      let ballots = 0;
      return () => (ballots++ === 0 ? "castVoteFirst" : "castVoteLater");
    },
    further: (body) => measureDelegating(body, token, samples),
  };
}

/** Each of three members delegates the vote to another, who so far has their own. */
async function measureDelegating(body: Body, token: BaselineToken, samples: Samples): Promise<void> {
  const to = await token.getAddress();
  for (const position of [1, 2, 3]) {
    const [from, delegatee] = [voterAt(body, position), voterAt(body, position + 6)].map(
      ({ wallet }) => wallet.address,
    ) as [string, string];
    const data = token.interface.encodeFunctionData("delegate", [delegatee]);
    samples.add("delegate", await body.chain.send({ from, to, data }));
    assert.equal(await token.getVotes(delegatee), 2n, "the delegation had no effect");
    assert.equal(await token.getVotes(from), 0n, "who delegated kept the vote");
  }
}
