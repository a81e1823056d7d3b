import assert from "node:assert/strict";
import type { BaseContract, Wallet } from "ethers";
import { FORUM_MESSAGES, kindNumber, POST_TYPES } from "./forum/messages.js";
import { digest, key } from "./gas-chain.js";
import { type Body, type Voter, voterAt } from "./gas-decisions.js";
import type { Samples } from "./gas-samples.js";
import { DAY, type Deployed } from "./gas-scene.js";

/** Who speaks: the smallest coalition has as many. */
const SPEAKERS = 10;
/** Posts that one transaction brings, at the most. */
const BATCH = 100;
const LIST = 2;
const [THREAD, REPLY, EDIT] = [kindNumber("thread"), kindNumber("reply"), kindNumber("edit")];

/**
 * Members accept the Code and speak: each for the first time and again, by themselves and in a batch of a hundred signed
 * posts; correct a post, and have one erased.
 */
export async function measureForum(body: Body, deployed: Deployed, samples: Samples): Promise<void> {
  const { chain } = body;
  const { ethers } = chain.connection;
  const speakers = await ethers.getContractAt("Speakers", await deployed.speakers.getAddress());
  const forum = await ethers.getContractAt("Forum", await deployed.forum.getAddress());
  const profiles = await ethers.getContractAt("Profiles", await deployed.profiles.getAddress());
  const act = async (
    to: BaseContract,
    { address: from }: Pick<Wallet, "address">,
    call: string,
    args: readonly unknown[],
  ): Promise<number> =>
    chain.send({ from, to: await to.getAddress(), data: to.interface.encodeFunctionData(call, args) });
  const voters = Array.from({ length: SPEAKERS }, (_, index) => voterAt(body, index + 1));
  const length = async () => Number(BigInt.asUintN(32, await forum.seriesOf(LIST)));

  for (const { wallet } of voters) samples.add("acceptCode", await act(speakers, wallet, "accept", [0]));
  const [first] = voters as [Voter];
  await act(forum, first.wallet, "post", [THREAD, LIST, 0, digest("a thread")]);
  for (const { wallet } of voters.slice(1)) {
    samples.add(
      "postFirst",
      await act(forum, wallet, "post", [REPLY, LIST, 1, digest(`by ${wallet.address}`)]),
    );
  }
  // A word of authors is begun by every eighth post; the median is of the others.
  for (const { wallet } of voters.slice(1)) {
    samples.add(
      "post",
      await act(forum, wallet, "post", [REPLY, LIST, 1, digest(`again by ${wallet.address}`)]),
    );
  }
  for (const [index, { wallet }] of voters.slice(1, 4).entries()) {
    samples.add("editPost", await act(forum, wallet, "post", [EDIT, LIST, index + 2, digest("better")]));
    samples.add("erasePost", await act(forum, wallet, "erase", [LIST, index + 2, digest("a reason")]));
    samples.add("publishProfile", await act(profiles, wallet, "publish", [digest(`profile ${index}`)]));
  }
  const before = await length();

  const { burst, interval } = await forum.pace();
  await chain.wait(Number(burst * interval));
  const [, name, version, chainId, verifyingContract] = await forum.eip712Domain();
  const domain = { name, version, chainId, verifyingContract };
  const deadline = chain.now + DAY;
  const posts = [];
  for (let index = 0; index < BATCH; index++) {
    const { wallet } = voters[index % SPEAKERS] as Voter;
    const message = {
      account: wallet.address,
      list: LIST,
      to: 1,
      digest: digest(`relayed ${index}`),
      nonce: Math.floor(index / SPEAKERS),
      deadline,
    };
    const type = POST_TYPES.reply;
    const fields = [...FORUM_MESSAGES.ReplyToPost];
    const signature = await wallet.signTypedData(domain, { [type]: fields }, message);
    posts.push({ kind: REPLY, ...message, signature });
  }
  const gas = await act(forum, key("relayer"), "postMany", [posts]);
  samples.add("postRelayed", Math.ceil(gas / BATCH));
  assert.equal(await length(), before + BATCH, "not every post was taken");
}
