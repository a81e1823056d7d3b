import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { network } from "hardhat";
import { signerFrom } from "../../scripts/lib/ballots/keys.js";
import { describePaper, paperOf, readPaper, writePaper } from "../../scripts/lib/ballots/paper.js";
import { signBallot } from "../../scripts/lib/ballots/sign.js";
import { enter } from "../../scripts/lib/member/coalition.js";
import { date } from "../../scripts/lib/member/words.js";
import { ballotOf, lay, openVote, type Vote, WISH } from "../helpers/ballot-tasks.js";
import { plainParameters } from "../helpers/fixture.js";
import { inFolder } from "../helpers/folder.js";
import { type Connection, Decision, foundCoalition, type Person, Support } from "../helpers/governor.js";
import { addressesOf, textOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";

describe("ballot paper and ballot sign", () => {
  let connection: Connection;
  let vote: Vote;
  const vote24 = () => openVote(connection);
  const member = (index: number) => vote.members[index] as Person;
  /** While the vote is open. */
  const now = () => vote.paper.opensAt.seconds + 60;
  const groupOf = (support: number, deadline: number, signature: string) => [
    { support, deadline, signatures: signature },
  ];

  before(async () => {
    connection = await network.create();
  });
  beforeEach(async () => {
    vote = await connection.networkHelpers.loadFixture(vote24);
  });
  after(() => connection.close());

  describe("the paper", () => {
    it("holds all that is signed, and what a person wants to read before", async () => {
      await inFolder({}, async (folder) => {
        const out = join(folder, "paper.json");
        const context = await vote.context();
        const written = await writePaper(context, `${vote.decision.id}`, out);
        const paper = readPaper(out);
        expect(paper).to.deep.equal(written);
        expect(paper).to.deep.include({
          decision: `${vote.decision.id}`,
          title: "Keep the number one",
          class: "action",
          governor: await vote.governor.getAddress(),
          chainId: 31_337,
        });
        expect(paper.domain).to.include({ chainId: 31_337, verifyingContract: paper.governor });
        const closes = Number(await vote.decision.deadline());
        expect([paper.closesAt.seconds, paper.closesAtTheLatest.seconds]).to.deep.equal([closes, closes]);
        expect(describePaper(paper).join("\n"))
          .to.contain('"Keep the number one"')
          .and.to.contain(date(closes));
        expect(await refusal(writePaper(context, `${vote.decision.id}`, out))).to.contain("exists already");
        expect(await refusal(writePaper(context, "7", out))).to.contain("No decision has the id 7");
        expect(await refusal(writePaper(context, "seven", out))).to.contain('--decision is "seven"');
      });
    });

    it("is refused when somebody put another text, action, governor or chain on it", async () => {
      const { paper } = vote;
      const other = { ...paper.proposal, description: "Thank the host" };
      const bad: readonly [object, string][] = [
        [{ ...paper, proposal: other }, "somebody altered it"],
        [{ ...paper, proposal: { ...paper.proposal, targets: [member(3).address] } }, "somebody altered it"],
        [{ ...paper, governor: member(3).address }, "another chain or governor"],
        [{ ...paper, chainId: 1 }, "another chain or governor"],
        [{ ...paper, kind: "ballot" }, "is no ballot paper"],
        [{ ...paper, decision: "seven" }, 'decision is "seven"'],
      ];
      await inFolder({}, async (folder) => {
        for (const [content, told] of bad) {
          lay(folder, { "paper.json": content });
          expect(await refusal((async () => readPaper(join(folder, "paper.json")))())).to.contain(told);
        }
      });
    });

    it("shows no title but that of the text whose digest is signed, and no control characters", async () => {
      const decision = new Decision(
        connection,
        vote,
        [{ target: member(5).address }],
        "\n# Thank\u001b[2J the host\u202e\nand more",
      );
      await decision.propose(member(0));
      const context = await vote.context();
      await inFolder({}, async (folder) => {
        const out = join(folder, "paper.json");
        const paper = await writePaper(context, `${decision.id}`, out);
        expect(paper.title).to.equal("Thank[2J the host");
        lay(folder, { "paper.json": { ...paper, title: "Something harmless" } });
        expect(readPaper(out).title).to.equal("Thank[2J the host");
      });
    });
  });

  it("signs a first ballot that the governor counts, and says in words what was signed", async () => {
    await inFolder({}, async (folder) => {
      const out = join(folder, "one.json");
      const outcome = await signBallot(vote.paper, { ...WISH, out }, member(1), now());
      expect(textOf(outcome))
        .to.contain(`You signed, as ${member(1).address}, a ballot FOR on`)
        .and.to.contain('"Keep the number one"')
        .and.to.contain(`Valid until ${date(vote.paper.closesAt.seconds)}`)
        .and.to.contain("Nothing was sent");
      const ballot = JSON.parse(readFileSync(out, "utf8"));
      expect(ballot).to.deep.include({ choice: "for", voter: member(1).address, kind: "ballot" });
      expect(ballot).not.to.have.property("nonce");
      expect(ballot.signature).to.have.length(2 + 128);
      const groups = groupOf(Support.For, ballot.deadline, ballot.signature);
      await vote.governor.connect(vote.outsiders[0] as Person).castBallots(vote.decision.id, groups, []);
      expect(await vote.governor.receiptOf(vote.decision.id, 2)).to.equal(2n);
    });
  });

  it("replaces a signed ballot with --change and the nonce that was told", async () => {
    const first = await ballotOf(vote.paper, member(1), "for");
    await vote.governor.castBallots(vote.decision.id, groupOf(1, first.deadline, first.signature), []);
    const change = await ballotOf(vote.paper, member(1), "abstain", { change: true, nonce: "0" });
    expect(change).to.include({ nonce: 0, choice: "abstain" });
    await vote.governor.castBallots(vote.decision.id, [], [{ ...change, support: 2, nonce: 0 }]);
    expect(await vote.governor.receiptOf(vote.decision.id, 2)).to.equal(3n);
    expect(await refusal(ballotOf(vote.paper, member(1), "for", { change: true }))).to.contain(
      'finds it with "ballot status --voter"',
    );
    expect(await refusal(ballotOf(vote.paper, member(1), "for", { nonce: "1" }))).to.contain("give --change");
  });

  it("signs for a wallet that is a contract", async () => {
    const wallet = await connection.ethers.deployContract("ContractWallet", [member(1).address]);
    const voter = await wallet.getAddress();
    const ballot = await ballotOf(vote.paper, member(1), "for", { voter, nonce: "0" });
    expect(ballot).to.include({ voter, nonce: 0 });
    expect(await refusal(ballotOf(vote.paper, member(1), "for", { voter: "me", nonce: "0" }))).to.contain(
      '--voter is "me"',
    );
  });

  it("refuses a second first ballot for the same decision beside the first, but not another's", async () => {
    await inFolder({ "note.json": "{", "list.json": "[]" }, async (folder) => {
      const sign = (index: number, name: string, wish: Partial<typeof WISH> = {}) =>
        signBallot(vote.paper, { ...WISH, ...wish, out: join(folder, name) }, member(index), now());
      await sign(1, "one.json");
      expect(await refusal(sign(1, "again.json", { support: "against" })))
        .to.contain("one.json holds a first ballot of")
        .and.to.contain("(For)")
        .and.to.contain("give --change");
      expect(await refusal(sign(2, "one.json"))).to.contain("exists already");
      await sign(2, "two.json");
      await sign(1, "change.json", { change: true, nonce: "0", support: "against" });
      expect(readFileSync(join(folder, "change.json"), "utf8")).to.contain('"against"');
    });
  });

  it("refuses choices, deadlines and papers that make no ballot", async () => {
    const attempt = (wish: Partial<typeof WISH>, moment = now()) =>
      inFolder({}, (folder) =>
        refusal(signBallot(vote.paper, { ...WISH, out: join(folder, "b.json"), ...wish }, member(1), moment)),
      );
    const { opensAt, closesAt } = vote.paper;
    expect(await attempt({ support: "yes" })).to.contain(
      '--support is "yes", allowed: for, against, abstain',
    );
    expect(await attempt({ deadline: `${opensAt.seconds}` })).to.contain(
      "must be brought while the vote is open",
    );
    expect(await attempt({ deadline: "1h" }, opensAt.seconds - 7_200)).to.contain(date(opensAt.seconds));
    expect(await attempt({}, closesAt.seconds + 1)).to.contain(
      `The vote closed on ${date(closesAt.seconds)}`,
    );
    expect(await attempt({ out: "" })).to.contain("--out <file>");
    expect(await refusal((async () => readPaper(""))())).to.contain("--paper <file>");
  });

  it("is valid through a late swing's extension unless told otherwise", async () => {
    const parameters = plainParameters({ extension: 3_600 });
    const other = await network.create();
    try {
      const coalition = await foundCoalition(other, { count: 4, parameters });
      const [proposer] = coalition.members as [Person];
      const decision = new Decision(other, coalition, [{ target: proposer.address }], "Thank the host");
      await decision.propose(proposer);
      const paper = await paperOf(await enter(other.ethers, await addressesOf(coalition)), `${decision.id}`);
      expect(paper.closesAtTheLatest.seconds - paper.closesAt.seconds).to.equal(3_600);
      expect(describePaper(paper).join("\n")).to.contain(
        `; if a late ballot turns the outcome, ${date(paper.closesAtTheLatest.seconds)}`,
      );
      expect(await ballotOf(paper, proposer, "for")).to.include({
        deadline: paper.closesAtTheLatest.seconds,
      });
      const chosen = paper.opensAt.seconds + 60;
      expect(await ballotOf(paper, proposer, "for", { deadline: `${chosen}` })).to.include({
        deadline: chosen,
      });
    } finally {
      await other.close();
    }
  });

  describe("the key", () => {
    it("comes from a file, and is never shown", async () => {
      const wallet = Wallet.createRandom();
      await inFolder({}, async (folder) => {
        const keyFile = join(folder, "key");
        writeFileSync(keyFile, `${wallet.privateKey}\n`);
        const signer = await signerFrom({ keyFile, network: undefined }, 1n);
        expect(signer.address).to.equal(wallet.address);
        writeFileSync(keyFile, wallet.privateKey.slice(0, -1));
        const told = await refusal(signerFrom({ keyFile, network: undefined }, 1n));
        expect(told).to.contain("is no key").and.not.to.contain(wallet.privateKey.slice(2, 20));
        writeFileSync(keyFile, `0x${"f".repeat(64)}`);
        expect(await refusal(signerFrom({ keyFile, network: undefined }, 1n))).to.contain(
          "no key of this curve",
        );
        const missing = { keyFile: join(folder, "none"), network: undefined };
        expect(await refusal(signerFrom(missing, 1n))).to.contain("is missing");
      });
    });

    it("is asked for where there is none, and is no published one on a public chain", async () => {
      expect(await refusal(signerFrom({ keyFile: "", network: undefined }, 1n))).to.contain(
        "--key-file <file>",
      );
      // not a secret: the mnemonic of Hardhat and Anvil, published by both
      const published = Wallet.fromPhrase("test test test test test test test test test test test junk");
      await inFolder({ key: published.privateKey }, async (folder) => {
        const source = { keyFile: join(folder, "key"), network: undefined };
        expect(await refusal(signerFrom(source, 11_155_111n))).to.contain("anybody can use it");
        expect((await signerFrom(source, 31_337n)).address).to.equal(published.address);
      });
    });
  });
});
