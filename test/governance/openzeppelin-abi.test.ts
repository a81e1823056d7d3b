import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect } from "chai";
import { Contract, type InterfaceAbi, id } from "ethers";
import { network } from "hardhat";
import { plainParameters, readParameters } from "../helpers/fixture.js";
import { foundCoalition, State, Support } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** The interface as OpenZeppelin publishes it: all that a client of theirs knows. */
const artifact = createRequire(import.meta.url).resolve(
  "@openzeppelin/contracts/build/contracts/IGovernor.json",
);
const { abi } = JSON.parse(await readFile(artifact, "utf8")) as { abi: InterfaceAbi };

/**
 * A coalition whose actions need no endorsement, unless others are given, and a client that knows nothing of it but an
 * address.
 */
async function founded(parameters = plainParameters()) {
  const { governor, agenda, members, outsiders } = await foundCoalition(connection, {
    count: 14,
    parameters,
  });
  const box = await ethers.deployContract("Box");
  const client = new Contract(await governor.getAddress(), abi, ethers.provider);
  const data = box.interface.encodeFunctionData("setX", [42]);
  const description = "Keep the number forty-two";
  const actions = [[await box.getAddress()], [0n], [data]] as const;
  const parts = [...actions, id(description)] as const;
  return { client, agenda, members, outsiders, box, description, actions, parts };
}

const plain = () => founded();

type Setting = Awaited<ReturnType<typeof founded>>;

/** Sends one of the client's functions in somebody's name. */
const as = ({ client }: Setting, person: Setting["members"][number]) => client.connect(person) as Contract;

/** The number of a decision as the client learns it from the event of its proposal. */
async function propose(setting: Setting): Promise<bigint> {
  const { client, members, actions, description } = setting;
  const sent = await as(setting, members[0]).propose(...actions, description);
  const { logs } = await sent.wait();
  const created = logs
    .map((log: Parameters<typeof client.interface.parseLog>[0]) => client.interface.parseLog(log))
    .find((event: { name: string } | null) => event?.name === "ProposalCreated");
  return created.args.proposalId;
}

describe("A client that knows OpenZeppelin's IGovernor alone", () => {
  it("proposes, casts with reasons, queues and executes", async () => {
    const setting = await loadFixture(plain);
    const { client, members, outsiders, box, parts } = setting;
    const proposalId = await propose(setting);
    expect(await client.hashProposal(...parts)).to.equal(proposalId);
    expect(await client.getProposalId(...parts)).to.equal(proposalId);
    expect(await client.proposalProposer(proposalId)).to.equal(members[0]);
    expect(await client.state(proposalId)).to.equal(State.Pending);

    const [opening, close] = [
      await client.proposalSnapshot(proposalId),
      await client.proposalDeadline(proposalId),
    ];
    expect(close - opening).to.equal(await client.votingPeriod());
    await time.increaseTo(opening + 1n);
    expect(await client.state(proposalId)).to.equal(State.Active);
    for (const [index, member] of members.entries()) {
      const support = index < 10 ? Support.For : index < 12 ? Support.Against : Support.Abstain;
      const reason = `Reason of member ${index + 1}`;
      expect(await client.getVotes(member, opening)).to.equal(1n);
      expect(await client.hasVoted(proposalId, member)).to.equal(false);
      await expect(as(setting, member).castVoteWithReason(proposalId, support, reason))
        .to.emit(client, "VoteCast")
        .withArgs(member, proposalId, support, 1n, reason);
      expect(await client.hasVoted(proposalId, member)).to.equal(true);
    }

    await time.increaseTo(close + 1n);
    expect(await client.state(proposalId)).to.equal(State.Succeeded);
    expect(await client.proposalNeedsQueuing(proposalId)).to.equal(true);
    const queued = as(setting, outsiders[0]).queue(...parts);
    await expect(queued).to.emit(client, "ProposalQueued");
    const eta = await client.proposalEta(proposalId);
    expect(await client.state(proposalId)).to.equal(State.Queued);
    await time.increaseTo(eta);
    await expect(as(setting, outsiders[0]).execute(...parts))
      .to.emit(client, "ProposalExecuted")
      .withArgs(proposalId);
    expect(await client.state(proposalId)).to.equal(State.Executed);
    expect(await box.x()).to.equal(42n);
  });

  it("needs others to endorse where the rules ask for it, and goes the rest of the way alone", async () => {
    const setting = await founded(readParameters("dc-bas"));
    const { client, members, agenda, box, parts } = setting;
    const proposalId = await propose(setting);
    for (const member of members.slice(1, 3)) await agenda.connect(member).endorse(proposalId);
    await time.increaseTo((await client.proposalSnapshot(proposalId)) + 1n);
    for (const member of members) {
      await as(setting, member).castVoteWithReason(proposalId, Support.For, "It is time");
    }
    await time.increaseTo((await client.proposalDeadline(proposalId)) + 1n);
    await as(setting, members[0]).queue(...parts);
    await time.increaseTo(await client.proposalEta(proposalId));
    await as(setting, members[0]).execute(...parts);
    expect(await box.x()).to.equal(42n);
  });

  it("sees a decision that nobody endorsed defeated at its opening", async () => {
    const setting = await founded(readParameters("dc-bas"));
    const { client } = setting;
    const proposalId = await propose(setting);
    expect(await client.state(proposalId)).to.equal(State.Pending);
    await time.increaseTo((await client.proposalSnapshot(proposalId)) + 1n);
    expect(await client.state(proposalId)).to.equal(State.Defeated);
  });

  it("is told what it needs to show a vote", async () => {
    const setting = await loadFixture(plain);
    const { client, members } = setting;
    const proposalId = await propose(setting);
    const opening = await client.proposalSnapshot(proposalId);
    const mode = new URLSearchParams(await client.COUNTING_MODE());
    expect(mode.get("support")).to.equal("bravo");
    expect(mode.get("quorum")).to.equal("for,abstain");
    expect(await client.CLOCK_MODE()).to.equal("mode=timestamp");
    expect(await client.clock()).to.equal(await time.latest());
    expect(opening - BigInt(await time.latest())).to.equal(await client.votingDelay());
    expect(await client.proposalThreshold()).to.equal(1n);
    expect(await client.version()).to.equal("1");
    await time.increaseTo(opening + 1n);
    expect(await client.quorum(opening)).to.equal(7n);
    expect(await client.getVotesWithParams(members[0], opening, "0x")).to.equal(1n);
  });

  it("withdraws what it proposed before it opens", async () => {
    const setting = await loadFixture(plain);
    const { client, members, parts } = setting;
    const proposalId = await propose(setting);
    await expect(as(setting, members[0]).cancel(...parts))
      .to.emit(client, "ProposalCanceled")
      .withArgs(proposalId);
    expect(await client.state(proposalId)).to.equal(State.Canceled);
  });

  it("reads the refusals of IGovernor", async () => {
    const setting = await loadFixture(plain);
    const { client, members } = setting;
    const proposalId = await propose(setting);
    await expect(as(setting, members[0]).castVoteWithReason(proposalId, Support.For, "Too early"))
      .to.be.revertedWithCustomError(client, "GovernorUnexpectedProposalState")
      .withArgs(proposalId, State.Pending, `0x${(1n << State.Active).toString(16).padStart(64, "0")}`);
  });
});
