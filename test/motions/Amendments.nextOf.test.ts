import { expect } from "chai";
import { network } from "hardhat";
import { readParameters } from "../helpers/fixture.js";
import { type Connection, foundCoalition, type Person } from "../helpers/governor.js";
import { changeOf, moved, tabled } from "../helpers/motions.js";

type World = Awaited<ReturnType<typeof found>>;

/** A motion by member 1 with one amendment by member 2. */
async function found(connection: Connection) {
  const coalition = await foundCoalition(connection, { count: 4, parameters: readParameters("local") });
  const [author, mover] = coalition.members as [Person, Person];
  const motion = await tabled(coalition.motions, author, "text");
  const amendment = await moved(coalition.amendments, mover, motion, changeOf(1, "amended"));
  const { time } = connection.networkHelpers;
  return { ...coalition, author, mover, motion, amendment, time };
}

describe("Amendments", () => {
  let connection: Connection;
  let world: World;

  before(async () => {
    connection = await network.create();
  });

  beforeEach(async () => {
    world = await connection.networkHelpers.loadFixture(founded);
  });

  after(async () => {
    await connection.close();
  });

  async function founded() {
    return found(connection);
  }

  const closeOf = async ({ motions, motion }: World) => (await motions.motionOf(motion)).closesAt;

  describe("nextOf", () => {
    context("given a tabled motion", () => {
      it("answers the amendment, and the close if its friendly window ends before", async () => {
        const { amendments, motion, amendment } = world;
        expect(await amendments.nextOf(motion)).to.deep.equal([amendment, await closeOf(world)]);
      });
    });

    context("given that the only amendment is stale", () => {
      beforeEach(async () => {
        const { motions, author, motion } = world;
        const content = { text: changeOf(1, "other").text, purpose: changeOf(1, "purpose").text };
        const actions = { targets: [], values: [], calldatas: [] };
        await motions.connect(author).revise(motion, 1, { ...content, actions });
      });

      it("answers nobody, and the close, until which it can be rebased", async () => {
        const { amendments, motion } = world;
        expect(await amendments.nextOf(motion)).to.deep.equal([0n, await closeOf(world)]);
      });

      it("answers nobody and nothing from the close on", async () => {
        const { amendments, motion, time } = world;
        await time.increaseTo(await closeOf(world));
        expect(await amendments.nextOf(motion)).to.deep.equal([0n, 0n]);
      });
    });

    context("given a motion that is over", () => {
      it("answers nobody and nothing once it is withdrawn", async () => {
        const { amendments, motions, author, motion } = world;
        await motions.connect(author).withdraw(motion, 1);
        expect(await amendments.nextOf(motion)).to.deep.equal([0n, 0n]);
      });

      it("answers nobody and nothing once it has lapsed", async () => {
        const { amendments, motions, motion, time } = world;
        const { lapse } = await motions.rulesOf(motion);
        await time.increaseTo((await closeOf(world)) + lapse);
        expect(await amendments.nextOf(motion)).to.deep.equal([0n, 0n]);
      });
    });
  });
});
