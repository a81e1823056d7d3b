import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { isHeld, withLock } from "../../scripts/setup/lock.mjs";
import { inFolder } from "../helpers/folder.js";

describe("Lock of the installation", () => {
  it("lets one in at a time", () =>
    inFolder({}, async (folder) => {
      const lock = join(folder, "a", "lock");
      let [inside, most] = [0, 0];
      const work = async () => {
        most = Math.max(most, ++inside);
        await sleep(20);
        inside--;
      };
      await Promise.all(Array.from({ length: 4 }, () => withLock(lock, work)));
      expect(most).to.equal(1);
      expect(existsSync(lock)).to.equal(false);
    }));

  it("opens again after a failure", () =>
    inFolder({}, async (folder) => {
      const lock = join(folder, "lock");
      const failing = withLock(lock, async () => {
        throw new Error("no network");
      });
      expect(await failing.catch((error: Error) => error.message)).to.equal("no network");
      expect(await withLock(lock, async () => "in")).to.equal("in");
    }));

  it("is taken over, by one only, when nobody keeps it alive", () =>
    inFolder({}, async (folder) => {
      const lock = join(folder, "lock");
      writeFileSync(lock, "1\n");
      const longAgo = new Date(Date.now() - 60_000);
      utimesSync(lock, longAgo, longAgo);
      expect(isHeld(lock)).to.equal(false);
      let entered = 0;
      await Promise.all([1, 2, 3].map(() => withLock(lock, async () => expect(++entered).to.be.at.most(3))));
      expect(entered).to.equal(3);
    }));

  it("is waited for while its holder lives", () =>
    inFolder({}, async (folder) => {
      const lock = join(folder, "lock");
      const order: string[] = [];
      const first = withLock(lock, async () => {
        await sleep(50);
        order.push("first");
      });
      const second = withLock(lock, async () => order.push("second"), { onWait: () => order.push("wait") });
      await Promise.all([first, second]);
      expect(order).to.deep.equal(["wait", "first", "second"]);
    }));
});
