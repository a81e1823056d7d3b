import { expect } from "chai";
import { network } from "hardhat";
import { table } from "../../scripts/checks/table.js";
import type { Connection } from "../helpers/governor.js";
import { BEGINNING, DEEDS, Met, MotionHistory, SIGHTS, STATES_AND_STAGES, Stage } from "./motion-history.js";

const HISTORIES = 12;
const SCENES = 250;

/** How many histories are told side by side: while the chain of one works, the model of another does. */
const LANES = 2;

/** Any whole number. History 1 of `SEED=n` is history 2 of `SEED=n-1`, and so on. */
const SEED = Number(process.env.SEED ?? 20261152);

async function openLane(): Promise<{ connection: Connection; stage: Stage }> {
  const connection = await network.create({
    network: "default",
    override: {
      allowBlocksWithSameTimestamp: true,
      blockGasLimit: 60_000_000,
      transactionGasCap: false,
      initialBaseFeePerGas: 0,
      initialDate: new Date((BEGINNING - 3_600) * 1_000),
    },
  });
  return { connection, stage: await Stage.build(connection) };
}

describe(`the contracts against the model of motions and amendments (SEED=${SEED})`, () => {
  const met = new Met();
  const told: Promise<void>[] = [];
  let lanes: Awaited<ReturnType<typeof openLane>>[] = [];

  before(async function () {
    this.timeout(300_000);
    lanes = await Promise.all(Array.from({ length: LANES }, openLane));
    for (let place = 0; place < HISTORIES; place++) {
      const turn = told[place - LANES] ?? Promise.resolve();
      const { stage } = lanes[place % LANES] as { stage: Stage };
      // A history that fails is reported where it is waited for; the next one in its lane goes on.
      told[place] = turn.catch(() => {}).then(() => new MotionHistory(stage, SEED + place, met).take(SCENES));
      told[place]?.catch(() => {});
    }
  });

  after(async () => {
    await Promise.all(lanes.map(({ connection }) => connection.close()));
  });

  for (let place = 0; place < HISTORIES; place++) {
    it(`agree through history ${place + 1}, of ${SCENES} scenes`, async function () {
      this.timeout(300_000);
      await told[place];
    });
  }

  it("went through every act, every stage, every state and every refusal", () => {
    const rows = [...met.counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = [...table(["met", "times"], rows), "", `${met.compared} answers compared`];
    process.stdout.write(`${lines.map((line) => `      ${line}`.trimEnd()).join("\n")}\n`);
    const { stage } = lanes[0] as { stage: Stage };
    // What is rare may be missing from one seed or another; the set one is known to meet it.
    const rare = process.env.SEED === undefined ? [...SIGHTS, ...stage.chain.errors] : [];
    const wanted = [...STATES_AND_STAGES, ...DEEDS, ...rare];
    expect(wanted.filter((sight) => met.of(sight) === 0)).to.deep.equal([]);
    expect(met.compared).to.be.at.least(20 * HISTORIES * SCENES);
  });
});
