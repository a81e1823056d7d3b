import { expect } from "chai";
import { MaxUint256, Signature, toBeHex } from "ethers";
import { network } from "hardhat";
import type { Ballot, Choice } from "../../scripts/lib/ballots/ballot-file.js";
import { checkBallots } from "../../scripts/lib/ballots/check.js";
import { collect } from "../../scripts/lib/ballots/collect.js";
import type { Paper } from "../../scripts/lib/ballots/paper.js";
import type { Wish } from "../../scripts/lib/ballots/sign.js";
import { date } from "../../scripts/lib/member/words.js";
import { ballotOf, lay, openVote, type Vote } from "../helpers/ballot-tasks.js";
import { inFolder } from "../helpers/folder.js";
import {
  actAs,
  type Connection,
  join,
  maskOf,
  type Person,
  Right,
  rotateKey,
  Support,
} from "../helpers/governor.js";
import { refusal } from "../helpers/refusal.js";

/** Order of secp256k1: `s` and what is left of it to this sign the same. Not a secret: a constant. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("The check of ballots before they are brought", () => {
  let connection: Connection;
  let vote: Vote;
  const vote24 = () => openVote(connection);
  const member = (index: number) => vote.members[index] as Person;
  const outsider = () => vote.outsiders[0] as Person;
  const sign = (index: number, support: Choice = "for", wish: Partial<Wish> = {}) =>
    ballotOf(vote.paper, member(index), support, wish);

  /** What is found of files, by file name; "good" with the member number for what would be counted. */
  async function verdicts(files: Readonly<Record<string, unknown>>): Promise<Record<string, string>> {
    return inFolder({}, async (folder) => {
      lay(folder, files);
      const { ballots, unreadable } = collect(folder);
      const checked = await checkBallots(await vote.context(), vote.decision.id, ballots);
      return Object.fromEntries([
        ...checked.good.map(({ file, number }) => [file, `good: ${number}`]),
        ...[...unreadable, ...checked.passed, ...checked.waiting].map(({ file, reason, sentence }) => [
          file,
          `${reason}: ${sentence}`,
        ]),
      ]);
    });
  }
  const verdict = async (content: unknown) => (await verdicts({ "b.json": content }))["b.json"];

  /** That the governor passes a ballot over too: the check is no stricter than the chain. */
  async function counts(ballot: Ballot): Promise<bigint> {
    const { signature, deadline, voter, nonce } = ballot;
    const support =
      Support[ballot.choice === "for" ? "For" : ballot.choice === "against" ? "Against" : "Abstain"];
    const groups = nonce === undefined ? [{ support, deadline, signatures: signature }] : [];
    const named = nonce === undefined ? [] : [{ voter, support, deadline, nonce, signature }];
    return vote.governor.castBallots.staticCall(vote.decision.id, groups, named);
  }

  before(async () => {
    connection = await network.create();
  });
  beforeEach(async () => {
    vote = await connection.networkHelpers.loadFixture(vote24);
  });
  after(() => connection.close());

  it("finds good ballots good, first ones and those that name their voter", async () => {
    const files = {
      "a.json": await sign(1),
      "b.json": await sign(2, "against"),
      "c.json": await sign(4, "abstain", { change: true, nonce: "0" }),
      "paper.json": vote.paper,
      "notes.txt": "no ballot",
    };
    expect(await verdicts(files)).to.deep.equal({
      "a.json": "good: 2",
      "b.json": "good: 3",
      "c.json": "good: 5",
    });
  });

  it("takes a contract wallet's word, and its no, or its silence, for a forgery", async () => {
    const owner = member(3);
    const wallet = await connection.ethers.deployContract("ContractWallet", [owner.address]);
    const voter = await wallet.getAddress();
    const ballot = await sign(3, "for", { voter, nonce: "0" });
    expect(await verdict(ballot)).to.equal(`not on the roll: ${voter} is not on the roll`);
    const signTypedData = owner.signTypedData.bind(owner);
    const asWallet = { address: voter, getAddress: async () => voter, signTypedData };
    await rotateKey(vote, owner, asWallet as Person);
    expect(await verdict(ballot)).to.equal("good: 4");
    expect(await counts(ballot)).to.equal(1n);
    expect(await verdict(await sign(4, "for", { voter, nonce: "0" }))).to.contain("forged: is not signed by");
    for (const manner of [1, 2]) {
      await wallet.getFunction("behave")(manner);
      expect(await verdict(ballot), `manner ${manner}`).to.contain(`forged: is not signed by ${voter}`);
      expect(await counts(ballot)).to.equal(0n);
    }
  });

  it("finds files that hold no ballot, or half of one", async () => {
    const good = await sign(1);
    const { signature: _, ...unsigned } = good;
    const found = await verdicts({
      "a.json": "{",
      "b.json": "[]",
      "c.json": { kind: "letter" },
      "d.json": unsigned,
      "e.json": { ...good, choice: "maybe" },
      "f.json": { ...good, deadline: "soon" },
      "g.json": { ...good, voter: "me" },
      "h.json": { ...good, deadline: 2 ** 48 },
      "i.json": { ...good, decision: "x" },
    });
    expect(Object.values(found)).to.have.length(9);
    for (const told of Object.values(found)) expect(told).to.match(/^unreadable: /);
    expect(found["c.json"]).to.contain('its "kind" is "letter"');
    expect(found["e.json"]).to.contain('choice is "maybe", allowed: against, for, abstain');
  });

  it("finds ballots for another chain, governor or decision", async () => {
    const good = await sign(1);
    expect(await verdict({ ...good, chainId: 1 })).to.equal(
      "other chain: is for chain 1; this is chain 31337",
    );
    expect(await verdict({ ...good, governor: member(5).address })).to.contain("other governor: is for");
    expect(await verdict({ ...good, decision: "7" })).to.equal("other decision: is for decision 7");
    // Relabelled, what was signed elsewhere is no signature here.
    const domain = { ...vote.paper.domain, chainId: 1 };
    const foreign = await ballotOf({ ...vote.paper, domain } as Paper, member(1), "for");
    expect(await verdict(foreign)).to.contain("forged");
    expect(await counts(foreign)).to.equal(0n);
  });

  it("finds forged, altered, malleated and cut signatures", async () => {
    const good = await sign(1);
    const named = await sign(1, "for", { change: true, nonce: "0" });
    const { r, s, yParity } = Signature.from(good.signature);
    const high = ORDER - BigInt(s);
    const twin = `${r}${toBeHex(high | (BigInt(1 - yParity) << 255n), 32).slice(2)}`;
    for (const bad of [
      { ...good, voter: member(2).address },
      { ...good, choice: "against" as const },
      { ...good, deadline: good.deadline - 1 },
      { ...good, signature: `0x${"00".repeat(64)}` },
      { ...good, signature: twin },
      { ...named, choice: "against" as const },
      { ...named, voter: member(2).address },
      { ...named, signature: good.signature },
      { ...named, signature: "0x" },
    ]) {
      expect(await verdict(bad), JSON.stringify(bad)).to.match(/^forged: is not signed by/);
      if (bad.voter === good.voter) expect(await counts(bad)).to.equal(0n);
    }
    expect(await verdict({ ...good, signature: good.signature.slice(0, -2) })).to.equal(
      "wrong length: has a signature of 63 bytes; a first ballot's has 64",
    );
  });

  it("finds a ballot whose deadline is over", async () => {
    const deadline = vote.paper.opensAt.seconds + 600;
    const ballot = await sign(1, "for", { deadline: `${deadline}` });
    expect(await verdict(ballot)).to.equal("good: 2");
    await connection.networkHelpers.time.increaseTo(deadline + 1);
    expect(await verdict(ballot)).to.equal(`expired: was valid until ${date(deadline)}`);
    expect(await counts(ballot)).to.equal(0n);
  });

  it("finds who is not on the roll, who was not when the vote opened, and who may not vote now", async () => {
    const stranger = await ballotOf(vote.paper, outsider(), "for");
    expect(await verdict(stranger)).to.contain("not on the roll");
    await join(vote, outsider());
    expect(await verdict(stranger)).to.match(
      /^no vote on this decision: member 25 has no vote yet; it matures on/,
    );

    const timelock = await actAs(connection, vote.timelock);
    const until = (await connection.networkHelpers.time.latest()) + 86_400;
    await vote.membership.connect(timelock).suspend(2, maskOf(Right.Vote), until);
    expect(await verdict(await sign(1))).to.equal(
      `no vote on this decision: member 2 is suspended from this until ${date(until)}`,
    );
    await vote.membership.connect(member(2)).resign();
    expect(await verdict(await sign(2))).to.contain("is no longer on the roll");
    await rotateKey(vote, member(3), vote.outsiders[1] as Person);
    expect(await verdict(await sign(3))).to.contain("gave its member number to another key");
    for (const index of [1, 2, 3]) expect(await counts(await sign(index))).to.equal(0n);
    expect(await verdict(await ballotOf(vote.paper, vote.outsiders[1] as Person, "for"))).to.equal("good: 4");
  });

  it("finds who has voted: by an earlier signature, and in person", async () => {
    const first = await sign(1);
    const groups = [{ support: 1, deadline: first.deadline, signatures: first.signature }];
    await vote.governor.castBallots(vote.decision.id, groups, []);
    expect(await verdict(first)).to.equal(
      "already voted: member 2 has a ballot already (For); a first ballot replaces none",
    );
    expect(await verdict(await sign(1, "against", { change: true, nonce: "0" }))).to.equal("good: 2");

    await vote.decision.vote(member(2), Support.Against);
    const change = await sign(2, "for", { change: true, nonce: "0" });
    expect(await verdict(change)).to.equal(
      "voted in person: member 3 voted in person, which no signed ballot replaces",
    );
    expect(await counts(change)).to.equal(0n);
    expect(await verdict(await sign(2))).to.contain("already voted");
  });

  it("finds a wrong nonce, and lets a ballot wait for the one that was signed before it", async () => {
    const [zero, one] = [
      await sign(1, "for", { change: true, nonce: "0" }),
      await sign(1, "abstain", { change: true, nonce: "1" }),
    ];
    expect(await verdict(one)).to.equal("wrong nonce: has nonce 1 and is out of turn: next is 0");
    const both = await verdicts({ "0.json": zero, "1.json": one });
    expect(both["0.json"]).to.equal("good: 2");
    expect(both["1.json"]).to.contain("out of turn: waits for the ballot of the same member");
    await vote.governor.castBallots(vote.decision.id, [], [{ ...zero, support: 1, nonce: 0 }]);
    expect(await verdict(zero)).to.equal(
      "wrong nonce: has nonce 0 and was used, or another one since: next is 1",
    );
    expect(await verdict(one)).to.equal("good: 2");
  });

  it("brings a ballot that lies there twice once, and none of two that contradict each other", async () => {
    const soon = `${vote.paper.opensAt.seconds + 600}`;
    const found = await verdicts({
      "a.json": await sign(1, "for", { deadline: soon }),
      "b.json": await sign(1),
      "c.json": await sign(1),
      "d.json": await sign(2, "for"),
      "e.json": await sign(2, "against"),
      "f.json": await sign(3, "for"),
    });
    expect(found).to.deep.include({ "b.json": "good: 2", "f.json": "good: 4" });
    expect(found["a.json"]).to.equal("duplicate: is the same ballot as b.json");
    expect(found["c.json"]).to.equal("duplicate: is the same ballot as b.json");
    expect(found["d.json"]).to.match(
      /^contradictory: says For, but e\.json, .* says Against; neither is brought/,
    );
    expect(found["e.json"]).to.match(/^contradictory: says Against, but d\.json/);
  });

  it("lets nobody spoil a member's ballot by a forged one beside it", async () => {
    const good = await sign(1);
    const forged = { ...good, choice: "against", deadline: Number(MaxUint256 >> 210n) };
    const found = await verdicts({ "a.json": forged, "b.json": good });
    expect(found["a.json"]).to.contain("forged");
    expect(found["b.json"]).to.equal("good: 2");
  });

  it("wants a folder", async () => {
    expect(await refusal((async () => collect(""))())).to.contain("--folder <dir>");
    expect(await refusal((async () => collect("/no/such/folder"))())).to.contain("is no folder");
  });
});
