import { expect } from "chai";
import { id, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { numberFor } from "../../scripts/lib/conduct/chain.js";
import type { Panels } from "../../typechain-types/index.js";
import { DAY, foundConduct, IN_POOL, POOL, secretOf, signForConduct } from "../helpers/conduct.js";
import { actAs, type Person, rotateKey } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const UNTIL = 10n * DAY;

/** The pool of nine; panels are called in the name of the contract that decides cases. */
async function founded() {
  const scene = await foundConduct(connection);
  const judging = scene.panels.connect(await actAs(connection, scene.conduct));
  /** Opens a draw that takes numbers for ten days. */
  const open = async () => {
    await judging.open((await scene.now()) + UNTIL);
    return scene.panels.lastDraw();
  };
  const give = (draw: bigint, number: bigint) =>
    scene.panels.reveal(draw, number, numberFor(secretOf(number), 0, Number(draw)));
  return { ...scene, judging, opening: open, give };
}

async function opened() {
  const scene = await founded();
  return { ...scene, draw: await scene.opening() };
}

/** A draw that is ready, for which everybody gave a number. */
async function ready() {
  const scene = await opened();
  for (const number of IN_POOL) await scene.give(scene.draw, number);
  await scene.goTo((await scene.now()) + UNTIL);
  return scene;
}

async function drawn() {
  const scene = await ready();
  await scene.judging.draw(scene.draw, 0, []);
  return { ...scene, panel: [...(await scene.panels.panelOf(scene.draw))] };
}

describe("Panels", function () {
  this.timeout(120_000);

  describe("bind", () => {
    it("reverts once it is bound", async () => {
      const { panels, conduct, power } = await loadFixture(founded);
      await expect(panels.connect(power).bind())
        .to.be.revertedWithCustomError(panels, "PanelsBound")
        .withArgs(conduct);
    });

    it("binds to whoever calls first, and has no pool before a decision names it", async () => {
      const { membership, offices, stranger } = await loadFixture(founded);
      const fresh = await ethers.deployContract("Panels", ["C", membership, offices]);
      expect(await fresh.conduct()).to.equal(ZeroAddress);
      expect(await fresh.offices()).to.equal(offices);
      expect(await fresh.pool()).to.equal(0n);
      expect(await fresh.isInPool(7)).to.equal(false);
      await expect(fresh.connect(stranger).bind()).to.emit(fresh, "ConductBound").withArgs(stranger);
      await fresh.connect(stranger).open(1);
      // Nobody can be drawn: the members decide.
      expect(await fresh.connect(stranger).draw.staticCall(1, 0, [])).to.equal(false);
    });
  });

  describe("setPool", () => {
    it("reverts for everybody but the timelock, and for an office that there is not", async () => {
      const { panels, timelock, member, power } = await loadFixture(founded);
      await expect(panels.connect(member(1)).setPool(POOL))
        .to.be.revertedWithCustomError(panels, "PanelsUnauthorized")
        .withArgs(member(1), timelock);
      for (const office of [0n, 2n]) {
        await expect(panels.connect(power).setPool(office))
          .to.be.revertedWithCustomError(panels, "PanelsUnknownOffice")
          .withArgs(office, 1n);
      }
    });

    it("makes an office the pool", async () => {
      const { panels, power } = await loadFixture(founded);
      await expect(panels.connect(power).setPool(POOL)).to.emit(panels, "PoolChanged").withArgs(POOL, POOL);
      expect(await panels.pool()).to.equal(POOL);
      for (const number of [7n, 15n]) expect(await panels.isInPool(number)).to.equal(true);
      for (const number of [0n, 6n, 16n]) expect(await panels.isInPool(number)).to.equal(false);
    });
  });

  describe("commit", () => {
    it("reverts for a key that is not on the roll, and for nothing", async () => {
      const { panels, stranger, member } = await loadFixture(founded);
      await expect(panels.connect(stranger).commit(id("tip")))
        .to.be.revertedWithCustomError(panels, "PanelsNotOnRoll")
        .withArgs(stranger);
      await expect(panels.connect(member(7)).commit(ZeroHash)).to.be.revertedWithCustomError(
        panels,
        "PanelsNoCommitment",
      );
    });

    it("counts for draws that are opened later, and no others", async () => {
      const { panels, member, opening } = await loadFixture(founded);
      const draw = await opening();
      const secret = id("a new secret");
      const tip = numberFor(secret, Number(draw), Number(draw));
      await expect(panels.connect(member(7)).commit(tip))
        .to.emit(panels, "ChainCommitted")
        .withArgs(7n, draw, tip);
      expect([...(await panels.chainOf(7))]).to.deep.equal([draw, tip]);
      await expect(panels.reveal(draw, 7, numberFor(secret, Number(draw), Number(draw))))
        .to.be.revertedWithCustomError(panels, "PanelsNoNumberDue")
        .withArgs(draw, 7n, draw, 256n);
      const next = await opening();
      await panels.reveal(next, 7, numberFor(secret, Number(draw), Number(next)));
      expect((await panels.drawOf(next)).reveals).to.equal(1n);
    });
  });

  describe("commitBySig", () => {
    it("commits for a member who signed, once, and not after another draw", async () => {
      const { panels, member, relayer, opening } = await loadFixture(founded);
      const relayed = panels.connect(relayer);
      const tip = id("tip");
      const sign = () => signForConduct(panels, member(7), "CommitChain", { lastDraw: 0n, tip });
      const { account, deadline, signature } = await sign();
      await expect(relayed.commitBySig(account, tip, deadline, signature))
        .to.emit(panels, "ChainCommitted")
        .withArgs(7n, 0n, tip);
      const again = await sign();
      await opening();
      for (const one of [signature, again.signature]) {
        await expect(relayed.commitBySig(account, tip, deadline, one))
          .to.be.revertedWithCustomError(panels, "SignedRequestsInvalidSignature")
          .withArgs(account);
      }
    });
  });

  describe("reveal", () => {
    it("reverts for a draw that was not opened, and after its last second", async () => {
      const { panels, draw, give, goTo, at } = await loadFixture(opened);
      const { until } = await panels.drawOf(draw);
      await expect(give(draw + 1n, 7n))
        .to.be.revertedWithCustomError(panels, "PanelsDrawClosed")
        .withArgs(draw + 1n, 0n);
      await goTo(until - 1n);
      await at(until, () => give(draw, 7n));
      await expect(at(until + 1n, () => give(draw, 8n)))
        .to.be.revertedWithCustomError(panels, "PanelsDrawClosed")
        .withArgs(draw, until);
    });

    it("reverts for who is not in the pool, or not any more", async () => {
      const { panels, offices, draw, give, member } = await loadFixture(opened);
      await expect(give(draw, 6n)).to.be.revertedWithCustomError(panels, "PanelsNotInPool").withArgs(6n);
      await offices.connect(member(7)).resign(POOL);
      await expect(give(draw, 7n)).to.be.revertedWithCustomError(panels, "PanelsNotInPool").withArgs(7n);
    });

    it("reverts without a commitment, a second time, and for another's or another draw's number", async () => {
      const scene = await loadFixture(opened);
      const { panels, judging, offices, elections, draw, give } = scene;
      const seating = offices.connect(await actAs(connection, elections));
      await seating.seat(POOL, [16], [3]);
      await expect(give(draw, 16n))
        .to.be.revertedWithCustomError(panels, "PanelsNoNumberDue")
        .withArgs(draw, 16n, 0n, 256n);
      for (const value of [
        numberFor(secretOf(8n), 0, Number(draw)),
        numberFor(secretOf(7n), 0, Number(draw) + 1),
        numberFor(secretOf(7n), 0, 0),
      ]) {
        await expect(panels.reveal(draw, 7, value))
          .to.be.revertedWithCustomError(panels, "PanelsWrongNumber")
          .withArgs(draw, 7n, value);
      }
      await give(draw, 7n);
      await expect(give(draw, 7n))
        .to.be.revertedWithCustomError(panels, "PanelsNoNumberDue")
        .withArgs(draw, 7n, draw, 256n);
      expect(await judging.lastDraw()).to.equal(draw);
    });

    it("mixes the numbers in whatever order they come", async () => {
      const scene = await loadFixture(opened);
      const { panels, draw, opening, give, stranger } = scene;
      const number = numberFor(secretOf(7n), 0, Number(draw));
      const share = keccak256(
        ethers.AbiCoder.defaultAbiCoder().encode(["uint256", "uint256", "bytes32"], [draw, 7n, number]),
      );
      await expect(panels.connect(stranger).reveal(draw, 7, number))
        .to.emit(panels, "NumberRevealed")
        .withArgs(draw, 7n, number, share);
      expect([...(await panels.chainOf(7))]).to.deep.equal([draw, number]);
      await give(draw, 9n);
      const { seed, reveals } = await panels.drawOf(draw);
      expect(reveals).to.equal(2n);
      await networkHelpers.loadFixture(opened);
      await give(draw, 9n);
      await give(draw, 7n);
      expect((await panels.drawOf(draw)).seed).to.equal(seed);
      expect(await opening()).to.equal(draw + 1n);
    });

    it("follows a chain over 256 draws, and no further", async () => {
      const { panels, judging, now } = await loadFixture(founded);
      const until = (await now()) + 100n * DAY;
      for (let draw = 0; draw < 257; draw++) await judging.open(until);
      await expect(panels.reveal(257, 7, numberFor(secretOf(7n), 0, 257)))
        .to.be.revertedWithCustomError(panels, "PanelsNoNumberDue")
        .withArgs(257n, 7n, 0n, 256n);
      await panels.reveal(256, 7, numberFor(secretOf(7n), 0, 256));
      await panels.reveal(257, 7, numberFor(secretOf(7n), 0, 257));
    });
  });

  for (const [name, call] of [
    ["open", (panels: Panels) => panels.open(1)],
    ["draw", (panels: Panels) => panels.draw(1, 0, [])],
    ["replace", (panels: Panels) => panels.replace(1, 7)],
  ] as const) {
    describe(name, () => {
      it("reverts for everybody but the contract that decides cases", async () => {
        const { panels, conduct, member, power } = await loadFixture(opened);
        for (const caller of [member(7), power]) {
          await expect(call(panels.connect(caller)))
            .to.be.revertedWithCustomError(panels, "PanelsUnauthorized")
            .withArgs(caller, conduct);
        }
      });
    });
  }

  describe("open", () => {
    it("numbers draws from 1", async () => {
      const { panels, judging } = await loadFixture(founded);
      await expect(judging.open(77)).to.emit(panels, "DrawOpened").withArgs(1n, 77n);
      expect([...(await panels.drawOf(1))]).to.deep.equal([77n, 0n, false, ZeroHash]);
    });
  });

  describe("draw", () => {
    it("reverts while numbers are taken, and a second time", async () => {
      const { panels, judging, draw, give, at } = await loadFixture(opened);
      await give(draw, 7n);
      await give(draw, 8n);
      const { until } = await panels.drawOf(draw);
      await expect(at(until, () => judging.draw(draw, 0, [])))
        .to.be.revertedWithCustomError(panels, "PanelsDrawClosed")
        .withArgs(draw, until);
      await at(until + 1n, () => judging.draw(draw, 0, []));
      await expect(judging.draw(draw, 0, []))
        .to.be.revertedWithCustomError(panels, "PanelsDrawClosed")
        .withArgs(draw, until);
    });

    it("draws nobody with fewer than two numbers", async () => {
      const { panels, judging, draw, give, goTo } = await loadFixture(opened);
      await give(draw, 7n);
      await goTo((await panels.drawOf(draw)).until + 1n);
      expect(await judging.draw.staticCall(draw, 0, [])).to.equal(false);
      await expect(judging.draw(draw, 0, []))
        .to.emit(panels, "PanelNotDrawn")
        .withArgs(draw, 1n, 9n);
      expect([...(await panels.panelOf(draw))]).to.deep.equal([0n, 0n, 0n]);
      expect((await panels.drawOf(draw)).drawn).to.equal(true);
    });

    it("draws nobody where fewer than three can be drawn", async () => {
      const { panels, judging, draw } = await loadFixture(ready);
      const excluded = [7n, 8n, 9n, 10n, 11n, 12n, 13n];
      await expect(judging.draw(draw, 0, excluded))
        .to.emit(panels, "PanelNotDrawn")
        .withArgs(draw, 9n, 2n);
    });

    it("draws three of three groups out of those who are in the pool, on the roll and not excluded", async () => {
      const { panels, membership, offices, judging, draw, member } = await loadFixture(ready);
      await offices.connect(member(7)).resign(POOL);
      await membership.connect(member(8)).resign();
      const sent = await judging.draw(draw, 0, [0n, 9n, 10n]);
      const panel = [...(await panels.panelOf(draw))];
      await expect(sent)
        .to.emit(panels, "PanelDrawn")
        .withArgs(draw, panel, (order: bigint[]) => {
          expect([...order].sort()).to.deep.equal([11n, 12n, 13n, 14n, 15n]);
          return true;
        });
      expect(new Set(panel.map((number) => (number - 1n) % 6n)).size).to.equal(3);
      for (const number of panel) {
        expect([11n, 12n, 13n, 14n, 15n]).to.include(number);
        expect(await panels.sits(draw, number)).to.equal(true);
      }
      expect(await panels.sits(draw, 7n)).to.equal(false);
    });

    it("excludes whoever sat on the panel before, replaced or not", async () => {
      const { panels, judging, draw, panel, opening, give, goTo, now } = await loadFixture(drawn);
      await judging.replace(draw, panel[0] as bigint);
      const sat = [...panel, (await panels.panelOf(draw))[0]];
      for (const number of sat) expect(await panels.hasSat(draw, number)).to.equal(true);
      const next = await opening();
      for (const number of IN_POOL) await give(next, number);
      await goTo((await now()) + UNTIL);
      await judging.draw(next, draw, []);
      const others = await panels.panelOf(next);
      for (const number of others) expect(sat).not.to.include(number);
    });

    it("draws others with other numbers", async () => {
      const { panels, judging, opening, give, goTo, now } = await loadFixture(founded);
      const panelsDrawn = new Set<string>();
      for (let round = 0; round < 8; round++) {
        const draw = await opening();
        for (const number of IN_POOL) await give(draw, number);
        await goTo((await now()) + UNTIL);
        await judging.draw(draw, 0, []);
        panelsDrawn.add((await panels.panelOf(draw)).join());
      }
      expect(panelsDrawn.size).to.be.greaterThan(4);
    });
  });

  describe("replace", () => {
    it("reverts for who does not sit", async () => {
      const { panels, judging, draw, panel } = await loadFixture(drawn);
      const other = IN_POOL.find((number) => !panel.includes(number)) ?? 0n;
      for (const number of [other, 0n]) {
        await expect(judging.replace(draw, number))
          .to.be.revertedWithCustomError(panels, "PanelsNotOnPanel")
          .withArgs(draw, number);
      }
    });

    it("seats the next of the lot, until nobody is left", async () => {
      const { panels, judging, draw } = await loadFixture(drawn);
      for (let left = 6; left > 0; left--) {
        const [leaves, ...stay] = await panels.panelOf(draw);
        const substitute = await judging.replace.staticCall(draw, leaves);
        await expect(judging.replace(draw, leaves))
          .to.emit(panels, "PanelistReplaced")
          .withArgs(draw, leaves, substitute);
        expect([...(await panels.panelOf(draw))]).to.deep.equal([substitute, ...stay]);
        expect(substitute).not.to.equal(0n);
      }
      const [leaves] = await panels.panelOf(draw);
      await judging.replace(draw, leaves);
      expect((await panels.panelOf(draw))[0]).to.equal(0n);
    });
  });

  it("goes by member numbers: a new key changes nothing", async () => {
    const scene = await loadFixture(opened);
    const { panels, member, relayer, draw, give } = scene;
    await rotateKey(scene, member(7), relayer as Person);
    await give(draw, 7n);
    expect((await panels.drawOf(draw)).reveals).to.equal(1n);
    expect(await panels.isInPool(7n)).to.equal(true);
  });
});
