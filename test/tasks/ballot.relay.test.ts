import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { type Ballot, CHOICES } from "../../scripts/lib/ballots/ballot-file.js";
import type { Good } from "../../scripts/lib/ballots/check.js";
import { arrange, fitting, formOf } from "../../scripts/lib/ballots/pack.js";
import { type Relaying, relay } from "../../scripts/lib/ballots/relay.js";
import type { Sending } from "../../scripts/lib/ballots/relay-journal.js";
import type { Node } from "../../scripts/lib/network.js";
import {
  ballotOf,
  ballotsOf,
  lay,
  openVote,
  relayingOn,
  toldBy,
  type Vote,
} from "../helpers/ballot-tasks.js";
import { inFolder } from "../helpers/folder.js";
import { type Connection, Decision, type Person, Support } from "../helpers/governor.js";
import { textOf } from "../helpers/member.js";
import { nodeLike } from "../helpers/nodes.js";
import { refusal } from "../helpers/refusal.js";

/** How many moments of a run it is killed at, one after the other. */
const MOMENTS = 16;

describe("ballot relay", function () {
  this.timeout(120_000);

  let connection: Connection;
  let vote: Vote;
  const vote24 = () => openVote(connection);
  const member = (index: number) => vote.members[index] as Person;
  const payer = () => (vote.outsiders[0] as Person).address;
  const sent = () => connection.ethers.provider.getTransactionCount(payer());
  const receipt = (number: number) => vote.governor.receiptOf(vote.decision.id, number);

  before(async () => {
    connection = await network.create();
  });
  beforeEach(async () => {
    vote = await connection.networkHelpers.loadFixture(vote24);
  });
  after(() => connection.close());

  /** Runs the relayer over a folder, on a node that may do what nodes do. */
  async function run(folder: string, changes: Partial<Relaying> = {}, node: Node = connection.provider) {
    const { relaying, said, close } = await relayingOn(vote, folder, payer(), node);
    try {
      const outcome = await relay({ ...relaying, ...changes });
      return { ...toldBy(outcome), text: textOf(outcome), said: said.join("\n") };
    } finally {
      await close();
    }
  }

  const journalOf = (folder: string): Sending[] => {
    const [name = ""] = readdirSync(folder).filter((one) => one.endsWith(".journal"));
    return JSON.parse(readFileSync(join(folder, name), "utf8")).batches;
  };

  /** A node that dies for good at a moment, before or after it did what it was asked: to whoever asks it, a kill. */
  function mortal(diesAt: (method: string, count: number, calls: number) => boolean, after = false) {
    let dead = false;
    const node: Node & { readonly calls: readonly string[] } = nodeLike(
      connection.provider,
      async (method, count, answer) => {
        if (dead) throw new Error("killed");
        dead = diesAt(method, count, node.calls.length);
        if (dead && !after) throw new Error("killed");
        const result = await answer();
        if (dead) throw new Error("killed");
        return result;
      },
    );
    return node;
  }

  it("brings what is good, says why of the rest, and tells it in a table and to a machine", async () => {
    await inFolder({}, async (folder) => {
      const good: Record<string, Ballot> = {
        ...(await ballotsOf(vote.paper, vote.members.slice(0, 5), "for")),
        ...(await ballotsOf(vote.paper, vote.members.slice(5, 8), "against", 5)),
        "change.json": await ballotOf(vote.paper, member(0), "abstain", { change: true, nonce: "0" }),
      };
      const forged = { ...(good["ballot-0001.json"] as Ballot), voter: member(9).address };
      lay(folder, { ...good, "forged.json": forged, "broken.json": "{", "paper.json": vote.paper });
      const { text, said, counted, skipped, waiting, transactions } = await run(folder);
      expect(counted).to.have.length(9);
      expect(skipped.map(({ file, reason }) => `${file} ${reason}`)).to.deep.equal([
        "broken.json unreadable",
        "forged.json forged",
      ]);
      expect(waiting).to.deep.equal([]);
      expect(transactions).to.have.length(1);
      expect(text)
        .to.match(/counted +9\n/)
        .and.to.match(/skipped: forged +1\n/)
        .and.to.match(/waiting +0\n/)
        .and.to.contain("forged.json: is not signed by")
        .and.to.contain("9 ballots counted in 1 transaction");
      expect(said)
        .to.contain("9 ballots to bring; 2 set aside; 0 counted before.")
        .and.to.contain("Batch 1: 9 ballots, 0 left")
        .and.to.contain("9 of 9 counted");
      expect(await vote.governor.proposalVotes(vote.decision.id)).to.deep.equal([3n, 4n, 1n]);
    });
  });

  it("sends nothing twice when it is run again, and takes what came since", async () => {
    await inFolder({}, async (folder) => {
      lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 4), "for"));
      const first = await run(folder);
      const before = await sent();
      const again = await run(folder);
      expect(await sent()).to.equal(before);
      expect(again.counted).to.deep.equal(first.counted);
      expect(again.skipped).to.deep.equal([]);
      const copy = readFileSync(join(folder, "ballot-0000.json"), "utf8");
      lay(folder, {
        "copy.json": copy,
        ...(await ballotsOf(vote.paper, vote.members.slice(4, 6), "abstain", 4)),
      });
      const third = await run(folder);
      expect(third.counted).to.have.length(6);
      expect(third.skipped.map(({ file, reason }) => [file, reason])).to.deep.equal([
        ["copy.json", "duplicate"],
      ]);
      expect(await sent()).to.equal(before + 1);
    });
  });

  describe("packing", () => {
    const good = (number: number, ballot: Partial<Ballot> = {}): Good => ({
      file: `${number}.json`,
      id: `${number}`,
      number,
      ballot: {
        kind: "ballot",
        decision: "1",
        governor: "0x",
        chainId: 1,
        voter: "0x",
        choice: "for",
        deadline: 1_000,
        signature: `0x${"12".repeat(64)}`,
        ...ballot,
      },
    });

    it("puts choices and deadlines together, members in order, and named ballots last", () => {
      const all = [
        good(9, { nonce: 0 }),
        good(7),
        good(3),
        good(8, { choice: "against" }),
        good(1, { deadline: 2_000 }),
        good(2, { nonce: 4, choice: "against" }),
      ];
      const arranged = arrange(all);
      expect(arranged.map(({ number }) => number)).to.deep.equal([8, 3, 7, 1, 2, 9]);
      const { groups, named, places } = formOf(arranged);
      expect(groups.map(({ support, deadline }) => [support, deadline])).to.deep.equal([
        [0, 1_000],
        [1, 1_000],
        [1, 2_000],
      ]);
      expect(named.map(({ nonce }) => nonce)).to.deep.equal([4, 0]);
      expect(places.map(({ number, group, index }) => [number, group, index])).to.deep.equal([
        [8, 0, 0],
        [3, 1, 0],
        [7, 1, 1],
        [1, 2, 0],
        [2, 3, 0],
        [9, 3, 1],
      ]);
    });

    it("keeps within the governor's limits of groups, ballots and named ones, and within the gas", () => {
      const many = (count: number, of: (index: number) => Partial<Ballot>) =>
        Array.from({ length: count }, (_, index) => good(index + 1, of(index)));
      expect(
        fitting(
          many(12, (index) => ({ deadline: index })),
          1e9,
        ),
      ).to.equal(8);
      expect(
        fitting(
          many(1_200, () => ({})),
          1e9,
        ),
      ).to.equal(1_000);
      expect(
        fitting(
          many(80, () => ({ nonce: 0 })),
          1e9,
        ),
      ).to.equal(64);
      expect(
        fitting(
          many(1_200, () => ({})),
          15e6,
        ),
      ).to.be.within(300, 600);
      expect(
        fitting(
          many(3, () => ({})),
          1e9,
        ),
      ).to.equal(3);
    });

    it("splits what does not fit the gas limit, and loses none of it", async () => {
      await inFolder({}, async (folder) => {
        for (const [index, choice] of CHOICES.entries()) {
          const part = vote.members.slice(index * 8, index * 8 + 8);
          lay(folder, await ballotsOf(vote.paper, part, choice, index * 8));
        }
        const { counted, transactions, said } = await run(folder, { gasLimit: 500_000 });
        expect(counted).to.have.length(24);
        expect(transactions.length).to.be.greaterThan(1);
        for (const { gas, ballots, counted: done } of transactions) {
          expect(gas).to.be.lessThan(500_000);
          expect(done).to.equal(ballots);
        }
        for (const batch of journalOf(folder)) expect(batch.gasLimit).to.be.at.most(500_000);
        expect(said).to.match(/Batch 1: \d+ ballots, \d+ left for later ones\./);
        expect(await vote.governor.proposalVotes(vote.decision.id)).to.deep.equal([8n, 8n, 8n]);
      });
    });

    it("refuses a gas limit that is no limit, or too little for one ballot", async () => {
      await inFolder({}, async (folder) => {
        expect(await refusal(run(folder, { gasLimit: 21_000 }))).to.contain("allowed: 500000 to");
        const named = await ballotOf(vote.paper, member(0), "for", { change: true, nonce: "0" });
        lay(folder, { "named.json": named });
        expect(await refusal(run(folder, { gasLimit: 500_000 }))).to.contain(
          "too little for a single ballot",
        );
        expect((await run(folder, { gasLimit: 1_000_000 })).counted).to.have.length(1);
      });
    });
  });

  it("brings a member's changes of mind one after the other", async () => {
    await inFolder({}, async (folder) => {
      lay(folder, {
        "a.json": await ballotOf(vote.paper, member(0), "for"),
        "b.json": await ballotOf(vote.paper, member(0), "against", { change: true, nonce: "0" }),
        "c.json": await ballotOf(vote.paper, member(0), "abstain", { change: true, nonce: "1" }),
      });
      const { counted, transactions } = await run(folder);
      expect(counted.map(({ file }) => file)).to.deep.equal(["a.json", "b.json", "c.json"]);
      expect(transactions).to.have.length(2);
      expect(await receipt(1)).to.equal(3n);
    });
  });

  it("goes on when a member votes in person while the batch is on its way, and says so", async () => {
    await inFolder({}, async (folder) => {
      lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 4), "for"));
      const node = nodeLike(connection.provider, async (method, count, answer) => {
        if (method === "eth_sendTransaction" && count === 1)
          await vote.decision.vote(member(2), Support.Against);
        return answer();
      });
      const { counted, skipped } = await run(folder, {}, node);
      expect(counted.map(({ number }) => number)).to.deep.equal([1, 2, 4]);
      expect(skipped).to.have.length(1);
      expect(skipped[0]).to.include({ file: "ballot-0002.json", reason: "passed over" });
      expect(skipped[0]?.sentence).to.contain("there is a ballot of the member already");
      expect((await run(folder)).skipped[0]).to.include({ reason: "already voted" });
      expect(await receipt(3)).to.equal(1n);
    });
  });

  it("lets ballots wait until the vote opens, and says after the close that they came too late", async () => {
    const decision = new Decision(connection, vote, [{ target: member(3).address }], "Thank the host");
    await decision.propose(member(0));
    const { paperOf } = await import("../../scripts/lib/ballots/paper.js");
    const paper = await paperOf(await vote.context(), `${decision.id}`);
    await inFolder({}, async (folder) => {
      lay(folder, await ballotsOf(paper, vote.members.slice(0, 2), "for"));
      const of = { decision: `${decision.id}` };
      const early = await run(folder, of);
      expect(early.counted).to.have.length(0);
      expect(early.waiting.map(({ reason }) => reason)).to.deep.equal(["not open yet", "not open yet"]);
      expect(early.text).to.contain("the vote opens on");
      await decision.open();
      expect((await run(folder, of)).counted).to.have.length(2);
      lay(folder, await ballotsOf(paper, vote.members.slice(2, 3), "for", 2));
      const deadline = `${paper.closesAt.seconds + 86_400}`;
      const change = { change: true, nonce: "0", deadline };
      lay(folder, {
        "change.json": await ballotOf(paper, member(0), "against", change),
        "first.json": await ballotOf(paper, member(4), "against", { deadline }),
      });
      await decision.close();
      const late = await run(folder, of);
      expect(late.counted).to.have.length(2);
      expect(late.skipped.map(({ reason }) => reason)).to.deep.equal(["expired", "closed", "closed"]);
      expect(late.text).to.contain("the decision is defeated, and its vote closed on");
      expect(await refusal(run(folder, { decision: "7" }))).to.contain("No decision has the id 7");
    });
  });

  describe("killed", () => {
    /** Kills a run at a moment, then runs again; every ballot must be counted, and no batch sent twice. */
    async function survive(
      node: Node,
      between: (folder: string) => Promise<void> = async () => {},
      batches = 1,
    ): Promise<Awaited<ReturnType<typeof run>>> {
      return inFolder({}, async (folder) => {
        lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 6), "for"));
        const before = await sent();
        let death = "";
        await run(folder, {}, node).catch((error: Error) => {
          death = error.message;
        });
        expect(death).to.contain("killed");
        await between(folder);
        const second = await run(folder);
        expect(second.counted.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5, 6]);
        expect(await sent()).to.equal(before + batches);
        expect(journalOf(folder).every(({ ending }) => ending !== undefined)).to.equal(true);
        return second;
      });
    }

    it("between journal and send, it sends the batch once", async () => {
      const { said } = await survive(mortal((method) => method === "eth_sendTransaction"));
      expect(said)
        .to.contain("Batch 1 of an earlier run was about to be sent")
        .and.to.contain("is on no chain and in no queue; sending it");
    });

    it("after the send, before the node's answer, it finds the batch by its transaction's number", async () => {
      const { said } = await survive(
        mortal((method) => method === "eth_sendTransaction", true),
        async (folder) => {
          const [batch] = journalOf(folder);
          expect(batch).to.not.have.property("hash");
        },
      );
      expect(said).to.contain("6 of 6 counted").and.not.to.contain("sending it");
    });

    it("before the receipt, it finds the batch by its hash", async () => {
      let wasSent = false;
      const { said } = await survive(
        mortal((method) => {
          wasSent ||= method === "eth_sendTransaction";
          return wasSent && method === "eth_getTransactionReceipt";
        }),
        async (folder) => {
          expect(journalOf(folder)[0]?.hash).to.match(/^0x[0-9a-f]{64}$/);
        },
      );
      expect(said).to.contain("6 of 6 counted").and.not.to.contain("sending it");
    });

    it("while the batch waits for a block, it waits on", async () => {
      const { provider } = connection;
      await provider.request({ method: "evm_setAutomine", params: [false] });
      let wasSent = false;
      const node = mortal((method) => {
        wasSent ||= method === "eth_sendTransaction";
        return wasSent && method === "eth_getTransactionReceipt";
      });
      let timer: NodeJS.Timeout | undefined;
      try {
        await survive(node, async () => {
          timer = setTimeout(() => {
            void provider.request({ method: "evm_mine" });
          }, 300);
        });
      } finally {
        clearTimeout(timer);
        await provider.request({ method: "evm_setAutomine", params: [true] });
      }
    });

    it("with a batch that the node forgot, it sends it anew under the same number", async () => {
      const { provider } = connection;
      await provider.request({ method: "evm_setAutomine", params: [false] });
      let wasSent = false;
      const node = mortal((method) => {
        wasSent ||= method === "eth_sendTransaction";
        return wasSent && method === "eth_getTransactionReceipt";
      });
      try {
        const { said } = await survive(node, async (folder) => {
          const hash = journalOf(folder)[0]?.hash;
          await provider.request({ method: "hardhat_dropTransaction", params: [hash] });
          await provider.request({ method: "evm_setAutomine", params: [true] });
        });
        expect(said).to.contain("is on no chain and in no queue; sending it");
      } finally {
        await provider.request({ method: "evm_setAutomine", params: [true] });
      }
    });

    it("with its transaction's number gone to another one, it looks at the ballots anew", async () => {
      const node = mortal((method) => method === "eth_sendTransaction");
      const other = async () => {
        const signer = await connection.ethers.getSigner(payer());
        await signer.sendTransaction({ to: member(0).address, value: 1n });
      };
      const { said } = await survive(node, other, 2);
      expect(said).to.contain("was never sent: its transaction's number went to");
    });

    it("and the vote changed since, it packs anew what is left", async () => {
      await inFolder({}, async (folder) => {
        lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 3), "for"));
        const node = mortal((method) => method === "eth_sendTransaction");
        await run(folder, {}, node).catch(() => {});
        await vote.decision.vote(member(1), Support.Against);
        const { counted, skipped, said } = await run(folder);
        expect(said).to.contain("Batch 1 was not sent; its ballots are looked at anew.");
        expect(counted.map(({ number }) => number)).to.deep.equal([1, 3]);
        expect(skipped.map(({ reason }) => reason)).to.deep.equal(["already voted"]);
      });
    });

    it("and started from another account, it asks for the one that may have sent", async () => {
      await inFolder({}, async (folder) => {
        lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 3), "for"));
        await run(
          folder,
          {},
          mortal((method) => method === "eth_sendTransaction"),
        ).catch(() => {});
        const other = vote.outsiders[1] as Person;
        expect(await refusal(run(folder, { payer: other as Relaying["payer"] }))).to.contain(
          `was prepared by ${payer()}`,
        );
      });
    });

    for (const after of [false, true]) {
      it(`at any question to the node, ${after ? "answered" : "not answered"}, it counts every ballot once`, async () => {
        const start = await connection.networkHelpers.takeSnapshot();
        const files = {
          ...(await ballotsOf(vote.paper, vote.members.slice(0, 5), "for")),
          "x.json": await ballotOf(vote.paper, member(0), "against", { change: true, nonce: "0" }),
          "y.json": await ballotOf(vote.paper, member(0), "for", { change: true, nonce: "1" }),
        };
        const before = await sent();
        /** How many questions a whole run asks; killed at a moment, another follows. */
        const attempt = (moment: number) =>
          inFolder({}, async (folder) => {
            lay(folder, files);
            const node = mortal((_, __, calls) => calls === moment, after);
            let death = "";
            await run(folder, {}, node).catch((error: Error) => {
              death = error.message;
            });
            expect(death, `killed at ${moment}`).to.match(moment > 0 ? /killed/ : /^$/);
            const { counted, skipped } = await run(folder);
            expect(counted, `killed at ${moment}`).to.have.length(7);
            expect(skipped).to.deep.equal([]);
            expect(await sent(), `killed at ${moment}`).to.equal(before + 2);
            await start.restore();
            return node.calls.length;
          });
        const total = await attempt(0);
        expect(total).to.be.greaterThan(50);
        for (let part = 1; part <= MOMENTS; part++) await attempt(Math.floor((part * total) / (MOMENTS + 1)));
      });
    }
  });

  describe("on a node that fails", () => {
    const lost = () => new Error("connect ECONNREFUSED 127.0.0.1:8545");

    it("asks again, says so, and goes on where it was", async () => {
      await inFolder({}, async (folder) => {
        lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 3), "for"));
        const node = nodeLike(connection.provider, async (_method, _count, answer) => {
          if (node.calls.length % 40 === 0) throw lost();
          return answer();
        });
        const { counted, said } = await run(folder, {}, node);
        expect(counted).to.have.length(3);
        expect(said).to.contain("The node does not answer; asked again in 1 s (1 of 3).");
      });
    });

    for (const [words, after] of [
      ["before it took the batch", false],
      ["after it took the batch", true],
    ] as const) {
      it(`is lost ${words}: the batch is sent once`, async () => {
        await inFolder({}, async (folder) => {
          lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 3), "for"));
          const before = await sent();
          const node = nodeLike(connection.provider, async (method, count, answer) => {
            if (method !== "eth_sendTransaction" || count > 1) return answer();
            if (after) await answer();
            throw lost();
          });
          const { counted, said } = await run(folder, {}, node);
          expect(counted).to.have.length(3);
          expect(await sent()).to.equal(before + 1);
          expect(said).to.contain("The node was lost while the batch was on its way");
        });
      });
    }

    it("gives up in the end with what to do, and loses nothing", async () => {
      await inFolder({}, async (folder) => {
        lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 3), "for"));
        let wasSent = false;
        const node = nodeLike(connection.provider, async (method, _count, answer) => {
          if (wasSent) throw lost();
          wasSent = method === "eth_sendTransaction";
          return answer();
        });
        expect(await refusal(run(folder, {}, node)))
          .to.contain("does not answer, asked 3 times. Nothing is lost")
          .and.to.contain("Give the command again");
        expect((await run(folder)).counted).to.have.length(3);
      });
    });

    it("tells what a node refuses, and holds the batch for not sent", async () => {
      await inFolder({}, async (folder) => {
        lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 3), "for"));
        const node = nodeLike(connection.provider, async (method, _count, answer) => {
          if (method === "eth_sendTransaction") throw new Error("insufficient funds for transfer");
          return answer();
        });
        let told = "";
        await run(folder, {}, node).catch((error: Error) => {
          told = error.message;
        });
        expect(told).to.contain("insufficient funds");
        expect(journalOf(folder)[0]?.ending).to.deep.equal({ how: "abandoned" });
        expect((await run(folder)).counted).to.have.length(3);
      });
    });
  });

  describe("the journal", () => {
    it("is kept by one process at a time, and the lock of a dead one does not matter", async () => {
      await inFolder({}, async (folder) => {
        lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 2), "for"));
        await run(folder);
        const [journal = ""] = readdirSync(folder).filter((name) => name.endsWith(".journal"));
        const lock = join(folder, `${journal}.lock`);
        expect(existsSync(lock)).to.equal(false);
        writeFileSync(lock, `${process.ppid}`);
        expect(await refusal(run(folder))).to.contain(`Process ${process.ppid} brings the ballots`);
        writeFileSync(lock, "4194304");
        expect((await run(folder)).counted).to.have.length(2);
      });
    });

    it("is needed whole; half a draft of it beside it does no harm", async () => {
      await inFolder({}, async (folder) => {
        lay(folder, await ballotsOf(vote.paper, vote.members.slice(0, 2), "for"));
        await run(folder);
        const [name = ""] = readdirSync(folder).filter((one) => one.endsWith(".journal"));
        const path = join(folder, name);
        writeFileSync(`${path}.part`, '{ "journal"');
        expect((await run(folder)).counted).to.have.length(2);
        const text = readFileSync(path, "utf8");
        writeFileSync(path, text.slice(0, 100));
        expect(await refusal(run(folder))).to.contain("cannot be read; restore it");
        writeFileSync(path, text.replace(/"governor": "0x..../, '"governor": "0x0000'));
        expect(await refusal(run(folder))).to.contain("is the journal of something else");
        // Without it nothing is brought twice either: the chain knows what it counted.
        rmSync(path);
        const before = await sent();
        expect((await run(folder)).skipped.map(({ reason }) => reason)).to.deep.equal([
          "already voted",
          "already voted",
        ]);
        expect(await sent()).to.equal(before);
      });
    });
  });
});
