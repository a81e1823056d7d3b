import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { sendRequest } from "../../scripts/lib/member/acts.js";
import { NAME_GUARDIANS } from "../../scripts/lib/member/guardians.js";
import { LIFE, perform, sign } from "../../scripts/lib/member/perform.js";
import * as recovery from "../../scripts/lib/member/recover.js";
import { date } from "../../scripts/lib/member/words.js";
import { inFolder } from "../helpers/folder.js";
import { contextOf, textOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";
import { useRoll } from "../helpers/roll.js";

describe("member recover", () => {
  const roll = useRoll();
  const [OWNER, ONE, TWO, NEW, STRANGER] = [0, 1, 2, 3, 4] as const;
  const address = (index: number) => roll.person(index).address;

  const name = async (guardians: readonly number[], threshold: number) =>
    perform(
      await contextOf(roll),
      NAME_GUARDIANS,
      { account: address(OWNER), guardians: guardians.map(address), threshold },
      roll.person(OWNER),
    );
  const request = async (guardian: number) =>
    perform(
      await contextOf(roll),
      recovery.REQUEST_RECOVERY,
      { guardian: address(guardian), number: 1, newKey: address(NEW) },
      roll.person(guardian),
      roll.person(NEW),
    );
  const approve = async (guardian: number, newKey = NEW as number) =>
    perform(
      await contextOf(roll),
      recovery.APPROVE_RECOVERY,
      { guardian: address(guardian), number: 1, newKey: address(newKey) },
      roll.person(guardian),
    );
  const veto = async (who: number) =>
    perform(
      await contextOf(roll),
      recovery.VETO_RECOVERY,
      { account: address(who), number: 1, newKey: address(NEW) },
      roll.person(who),
    );
  const claim = async () =>
    perform(
      await contextOf(roll),
      recovery.CLAIM_NUMBER,
      { number: 1, newKey: address(NEW), reasonDigest: id("lost in the sea") },
      roll.person(NEW),
    );

  beforeEach(async () => {
    await roll.join(roll.person(OWNER));
  });

  it("refuses guardians that would be none, and thresholds that cannot be met", async () => {
    expect(await refusal(name([OWNER], 1))).to.contain("cannot be a guardian");
    expect(await refusal(name([ONE, ONE], 1))).to.contain("and each once");
    expect(await refusal(name([ONE, TWO], 3))).to.contain("of 2 guardians, 1 to 2 can be required");
    const many = Array.from({ length: 11 }, (_, index) => index + 1);
    expect(await refusal(name(many, 1))).to.contain("up to 10 guardians; you named 11");
    const context = await contextOf(roll);
    const zero = { account: address(OWNER), guardians: [ZeroAddress], threshold: 1 };
    expect(await refusal(perform(context, NAME_GUARDIANS, zero, roll.person(OWNER)))).to.contain(ZeroAddress);
  });

  it("by guardians: named, asked, approved, waited for, completed", async () => {
    expect(await refusal(request(ONE))).to.contain("has named no guardians; the members' way is open");
    expect(textOf(await name([ONE, TWO], 2))).to.contain(
      `recovered by 2 of: ${address(ONE)}, ${address(TWO)}`,
    );
    expect(await refusal(request(STRANGER))).to.contain("is no guardian of member 1; those are");
    expect(await refusal(approve(TWO))).to.contain("No recovery of member 1 is under way");
    expect(await refusal(claim())).to.contain("has named guardians, so recovery is theirs");

    expect(textOf(await request(ONE))).to.contain("Approved by 1 of 2 guardians");
    const complete = async () => recovery.completeRecovery(await contextOf(roll), 1, roll.person(STRANGER));
    expect(await refusal(complete())).to.contain("lacks approvals still");
    expect(await refusal(approve(TWO, STRANGER))).to.contain(
      "Ask the member, by another way, which is theirs",
    );
    expect(await refusal(approve(ONE))).to.contain("has approved already");
    const outcome = await approve(TWO);
    const { readyAt } = await roll.recovery.requestOf(1);
    expect(textOf(outcome)).to.contain(`anybody completes it from ${date(readyAt)} on`);
    expect(await refusal(request(TWO))).to.contain("has all it needs already");
    expect(await refusal(complete())).to.contain(`can be completed from ${date(readyAt)} on`);

    await roll.goTo(readyAt);
    expect((await complete()).facts).to.deep.include({ number: 1, key: address(NEW) });
    expect(await roll.membership.numberOf(roll.person(NEW))).to.equal(1n);
  });

  it("ends with a word of the old key, and of nobody else", async () => {
    await name([ONE], 1);
    await request(ONE);
    await roll.join(roll.person(STRANGER));
    expect(await refusal(veto(STRANGER))).to.contain("only the key of member 1 can say no for it");
    expect((await veto(OWNER)).facts).to.deep.include({ number: 1, vetoed: true });
    expect(await refusal(veto(OWNER))).to.contain("No recovery of member 1 is under way");
    expect(textOf(await name([], 0))).to.contain("has no guardians any more");
  });

  it("by the members: claimed in public, with the action that a decision takes", async () => {
    const outcome = await claim();
    expect(textOf(outcome)).to.contain(id("lost in the sea"));
    const data = roll.recovery.interface.encodeFunctionData("decide", [1, address(NEW)]);
    expect(outcome.facts.action).to.deep.equal({ target: await roll.recovery.getAddress(), data });
    const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
    await timelock.sendTransaction({ to: roll.recovery, data });
    const { origin } = await recovery.requireRequest(await contextOf(roll), 1);
    expect(origin).to.equal("members");
  });

  it("works by signed requests, also where the guardian is the new key", async () => {
    const context = await contextOf(roll);
    const until = context.now + LIFE;
    const guardians = { account: address(OWNER), guardians: [address(ONE), address(NEW)], threshold: 2 };
    const send = (request: unknown) =>
      inFolder({ "request.json": JSON.stringify(request) }, async (folder) =>
        sendRequest(await contextOf(roll), `${folder}/request.json`, roll.person(STRANGER)),
      );
    await send(await sign(context, NAME_GUARDIANS, guardians, roll.person(OWNER), until));
    const move = { number: 1, newKey: address(NEW) };
    const asked = { guardian: address(NEW), ...move };
    await send(
      await sign(context, recovery.REQUEST_RECOVERY, asked, roll.person(NEW), until, roll.person(NEW)),
    );
    const approved = { guardian: address(ONE), ...move };
    await send(await sign(context, recovery.APPROVE_RECOVERY, approved, roll.person(ONE), until));
    const no = { account: address(OWNER), ...move };
    const last = await sign(context, recovery.VETO_RECOVERY, no, roll.person(OWNER), until);
    expect((await send(last)).facts).to.deep.include({ vetoed: true });
    await name([], 0);
    const claimed = { ...move, reasonDigest: id("lost") };
    const outcome = await send(await sign(context, recovery.CLAIM_NUMBER, claimed, roll.person(NEW), until));
    expect(outcome.facts).to.deep.include({ number: 1 });
  });
});
