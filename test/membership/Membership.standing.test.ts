import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { mask, Right, Standing, useRoll } from "../helpers/roll.js";

const DAY = 86_400n;
const GROUP = 3;

/** The rights that come with the mature vote. */
const LATER_RIGHTS = [Right.Propose, Right.Vote, Right.Stand];
const RIGHTS = [Right.Speak, ...LATER_RIGHTS];

describe("Membership", () => {
  const roll = useRoll();

  async function expectStanding(
    key: string,
    right: bigint,
    timepoint: bigint,
    expected: [standing: bigint, number: bigint, group: number, explanation: bigint],
  ) {
    const answer = await roll.membership.standingOf(key, right, timepoint);
    expect([...answer]).to.deep.equal(expected.map(BigInt));
  }

  describe("standingOf", () => {
    context("given a key that never was a member", () => {
      it("answers that it is none, at any moment", async () => {
        await roll.join(roll.person(1));
        for (const key of [roll.person(0).address, ZeroAddress]) {
          for (const timepoint of [0n, await roll.now(), 2n ** 48n - 1n]) {
            for (const right of RIGHTS) {
              await expectStanding(key, right, timepoint, [Standing.NotMember, 0n, 0, 0n]);
            }
          }
        }
      });
    });

    context("given a member whose vote is not mature", () => {
      it("grants the right to speak from the first second", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        const { joinedAt } = await roll.membership.member(number);
        expect(await roll.now()).to.equal(joinedAt);
        const key = roll.person(0).address;
        await expectStanding(key, Right.Speak, joinedAt, [Standing.Granted, number, GROUP, 0n]);
      });

      it("answers for the others when they will come", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        const votesFrom = await roll.votesFrom(number);
        const key = roll.person(0).address;
        for (const right of LATER_RIGHTS) {
          await expectStanding(key, right, await roll.now(), [Standing.Immature, number, GROUP, votesFrom]);
          await expectStanding(key, right, votesFrom - 1n, [Standing.Immature, number, GROUP, votesFrom]);
          await expectStanding(key, right, votesFrom, [Standing.Granted, number, GROUP, 0n]);
        }
      });
    });

    context("given a member whose vote is mature", () => {
      it("judges maturity at the moment asked for, to the second", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        const votesFrom = await roll.votesFrom(number);
        await roll.goTo(votesFrom + 10n * DAY);
        const key = roll.person(0).address;
        for (const right of LATER_RIGHTS) {
          await expectStanding(key, right, votesFrom - 1n, [Standing.Immature, number, GROUP, votesFrom]);
          await expectStanding(key, right, votesFrom, [Standing.Granted, number, GROUP, 0n]);
          await expectStanding(key, right, votesFrom + 1n, [Standing.Granted, number, GROUP, 0n]);
        }
        await expectStanding(key, Right.Speak, 0n, [Standing.Granted, number, GROUP, 0n]);
      });
    });

    context("given a suspended right", () => {
      it("answers until when, and leaves the other rights alone", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        const votesFrom = await roll.votesFrom(number);
        await roll.goTo(votesFrom);
        const until = votesFrom + 10n * DAY;
        await roll.governing.suspend(number, mask(Right.Vote), until);
        const key = roll.person(0).address;
        await expectStanding(key, Right.Vote, votesFrom, [Standing.Suspended, number, GROUP, until]);
        for (const right of [Right.Propose, Right.Stand]) {
          await expectStanding(key, right, votesFrom, [Standing.Granted, number, GROUP, 0n]);
        }
      });

      it("judges it now, whatever moment is asked for", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        const votesFrom = await roll.votesFrom(number);
        await roll.goTo(votesFrom);
        const until = votesFrom + 10n * DAY;
        await roll.governing.suspend(number, mask(Right.Vote), until);
        const key = roll.person(0).address;
        for (const timepoint of [0n, votesFrom, until, until + DAY]) {
          await expectStanding(key, Right.Vote, timepoint, [Standing.Suspended, number, GROUP, until]);
        }
        await roll.goTo(until);
        await expectStanding(key, Right.Vote, until - 1n, [Standing.Granted, number, GROUP, 0n]);
      });

      it("names the suspension before the want of maturity, and that afterwards", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        const votesFrom = await roll.votesFrom(number);
        const until = (await roll.now()) + DAY;
        await roll.governing.suspend(number, mask(Right.Vote), until);
        const key = roll.person(0).address;
        await expectStanding(key, Right.Vote, until, [Standing.Suspended, number, GROUP, until]);
        await roll.goTo(until);
        await expectStanding(key, Right.Vote, until, [Standing.Immature, number, GROUP, votesFrom]);
      });

      it("grants it again once it is restored", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        await roll.governing.suspend(number, mask(Right.Speak), (await roll.now()) + DAY);
        await roll.governing.restore(number, mask(Right.Speak));
        await expectStanding(roll.person(0).address, Right.Speak, 0n, [Standing.Granted, number, GROUP, 0n]);
      });
    });

    for (const way of ["resigned", "ended"] as const) {
      context(`given a key whose membership was ${way}`, () => {
        it("answers since when, even for moments before", async () => {
          const number = await roll.join(roll.person(0), GROUP);
          const votesFrom = await roll.votesFrom(number);
          await roll.goTo(votesFrom + DAY);
          await (way === "ended"
            ? roll.governing.end(number)
            : roll.membership.connect(roll.person(0)).resign());
          const since = await roll.now();
          const key = roll.person(0).address;
          for (const right of RIGHTS) {
            for (const timepoint of [votesFrom, since - 1n, since, since + 1n]) {
              await expectStanding(key, right, timepoint, [Standing.Ended, number, GROUP, since]);
            }
          }
        });
      });
    }

    context("given a member who was suspended and then left", () => {
      it("answers that the membership is over", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        await roll.governing.suspend(number, 15, (await roll.now()) + DAY);
        await roll.membership.connect(roll.person(0)).resign();
        const since = await roll.now();
        const expected: [bigint, bigint, number, bigint] = [Standing.Ended, number, GROUP, since];
        await expectStanding(roll.person(0).address, Right.Speak, since, expected);
      });
    });

    context("given a member who joined again", () => {
      it("answers by the new number alone", async () => {
        await roll.join(roll.person(0), GROUP);
        await roll.goTo(await roll.votesFrom(1n));
        await roll.membership.connect(roll.person(0)).resign();
        const number = await roll.join(roll.person(0), 1);
        const [votesFrom, joinedAt, key] = [
          await roll.votesFrom(number),
          await roll.now(),
          roll.person(0).address,
        ];
        await expectStanding(key, Right.Vote, joinedAt, [Standing.Immature, number, 1, votesFrom]);
        await expectStanding(key, Right.Speak, joinedAt, [Standing.Granted, number, 1, 0n]);
      });
    });

    context("given a rotated key", () => {
      it("answers for the old key that the member moved on, and since when", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        await roll.goTo(await roll.votesFrom(number));
        await roll.rotate(roll.person(0), roll.person(1));
        const since = await roll.now();
        for (const right of RIGHTS) {
          await expectStanding(roll.person(0).address, right, since, [
            Standing.Rotated,
            number,
            GROUP,
            since,
          ]);
        }
      });

      it("answers for the new key as for the old one before", async () => {
        const number = await roll.join(roll.person(0), GROUP);
        const votesFrom = await roll.votesFrom(number);
        await roll.goTo(votesFrom + DAY);
        await roll.rotate(roll.person(0), roll.person(1));
        const key = roll.person(1).address;
        for (const right of LATER_RIGHTS) {
          // A decision opened before the rotation is still the member's to vote on: the number is what counts.
          await expectStanding(key, right, votesFrom, [Standing.Granted, number, GROUP, 0n]);
        }
      });
    });
  });
});
