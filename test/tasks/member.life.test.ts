import { expect } from "chai";
import { sendRequest } from "../../scripts/lib/member/acts.js";
import { DECLINE, DELEGATE, longestEnd, TAKE_DELEGATIONS } from "../../scripts/lib/member/delegate.js";
import { markDormant } from "../../scripts/lib/member/dormancy.js";
import { CONFIRM, RESIGN } from "../../scripts/lib/member/leave.js";
import { LIFE, perform, sign, signConsent } from "../../scripts/lib/member/perform.js";
import { ROTATE } from "../../scripts/lib/member/rotate.js";
import { VOUCH, WITHDRAW_VOUCH } from "../../scripts/lib/member/vouch.js";
import { date } from "../../scripts/lib/member/words.js";
import { inFolder } from "../helpers/folder.js";
import { contextOf, delegateOf, textOf, voters } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";
import { useRoll } from "../helpers/roll.js";

describe("member confirm", () => {
  const roll = useRoll();
  const account = () => ({ account: roll.person(0).address });

  it("refuses who is not on the roll, and says what became of the key", async () => {
    const confirm = async () => refusal(perform(await contextOf(roll), CONFIRM, account(), roll.person(0)));
    expect(await confirm()).to.contain("is not on the roll");
    await roll.join(roll.person(0));
    await roll.rotate(roll.person(0), roll.person(1));
    expect(await confirm())
      .to.contain("gave its member number to another key on")
      .and.to.contain(`member 1 is ${roll.person(1).address} now`);
    await roll.membership.connect(roll.person(1)).resign();
    const context = await contextOf(roll);
    expect(
      await refusal(perform(context, CONFIRM, { account: roll.person(1).address }, roll.person(1))),
    ).to.contain("is no longer on the roll, since");
  });

  it("confirms, and tells when the next is due", async () => {
    const number = await roll.join(roll.person(0));
    const outcome = await perform(await contextOf(roll), CONFIRM, account(), roll.person(0));
    const due = await roll.confirmations.dueAt(number);
    expect(textOf(outcome)).to.contain(`The next is due by ${date(due)}`);
    expect(outcome.facts).to.deep.include({ number: 1, wasDormant: false });
  });

  it("marks the overdue dormant, whom a confirmation brings back", async () => {
    const [first, second] = await voters(roll, 2);
    const early = await contextOf(roll);
    expect(await refusal(markDormant(early, [1], roll.person(5)))).to.contain(
      `is not overdue: the confirmation is due by ${date(await roll.confirmations.dueAt(1))}`,
    );
    expect(await refusal(markDormant(early, [], roll.person(5)))).to.contain("holds 0 numbers");
    await roll.goTo((await roll.confirmations.dueAt(1)) + 1n);
    await roll.confirmations.connect(second).confirm();

    const outcome = await markDormant(await contextOf(roll), [1], roll.person(5));
    expect(outcome.facts).to.deep.include({ marked: [1] });
    const context = await contextOf(roll);
    expect(await refusal(markDormant(context, [1], roll.person(5)))).to.contain("dormant already");
    const back = await perform(context, CONFIRM, { account: first.address }, first);
    expect(textOf(back)).to.contain("was dormant; that is over");
    expect(back.facts).to.deep.include({ wasDormant: true });
  });
});

describe("member resign", () => {
  const roll = useRoll();

  it("leaves, in person or by a signed request", async () => {
    for (const index of [0, 1]) await roll.join(roll.person(index));
    const context = await contextOf(roll);
    const outcome = await perform(context, RESIGN, { account: roll.person(0).address }, roll.person(0));
    expect(textOf(outcome)).to.contain("number 1 is gone for good");
    const message = { account: roll.person(1).address };
    const request = await sign(context, RESIGN, message, roll.person(1), context.now + LIFE);
    await inFolder({ "request.json": JSON.stringify(request) }, async (folder) => {
      const sent = await sendRequest(context, `${folder}/request.json`, roll.person(5));
      expect(sent.facts).to.deep.include({ number: 2 });
    });
    expect(await roll.membership.totalSupply()).to.equal(0n);
  });
});

describe("member delegate", () => {
  const roll = useRoll();
  const take = async (who: ReturnType<typeof roll.person>, limit: number) =>
    perform(await contextOf(roll), TAKE_DELEGATIONS, { account: who.address, limit }, who);

  it("refuses what the desk would, with a reason", async () => {
    const [one, two, other] = await voters(roll, 3, (index) => (index === 2 ? 1 : 0));
    await roll.join(roll.person(4));
    const context = await contextOf(roll);
    const delegate = async (to: string, ends?: number) =>
      refusal(perform(context, DELEGATE, await delegateOf(context, one, to, ends), one));
    expect(await delegate(two.address)).to.contain("Member 2 takes no delegations");
    expect(await delegate(other.address)).to.contain("within a stakeholder group");
    expect(await delegate(roll.person(4).address)).to.contain("has no vote yet; it matures on");
    expect(await delegate(roll.person(5).address)).to.contain("is not on the roll");
    expect(await delegate(two.address, context.now + 60)).to.contain("A delegation ends between");
    expect(await delegate(one.address)).to.contain("has delegated nothing");
    expect(await refusal(take(two, 101))).to.contain("No member takes more than");
  });

  it("delegates to who takes it, while there is room, and takes back", async () => {
    const [one, two, three] = await voters(roll, 3, () => 0);
    expect(textOf(await take(two, 1))).to.contain("takes delegations of up to 1 vote of the same group");
    const context = await contextOf(roll);
    const message = await delegateOf(context, one, two.address);
    expect(message.ends).to.equal(await longestEnd(context));
    const outcome = await perform(context, DELEGATE, message, one);
    const [, ends] = await roll.delegations.delegationOf(1);
    expect(textOf(outcome)).to.contain(`delegated the vote to member 2`).and.to.contain(date(ends));
    expect(outcome.facts).to.deep.include({ number: 1, delegate: 2 });

    const later = await contextOf(roll);
    const full = perform(later, DELEGATE, await delegateOf(later, three, two.address), three);
    expect(await refusal(full)).to.contain("takes delegations of up to 1 vote, and has them all");
    const again = await perform(await contextOf(roll), DELEGATE, message, one);
    expect(again.facts).to.deep.include({ delegate: 2 });

    const back = await perform(context, DELEGATE, await delegateOf(context, one, one.address, 0), one);
    expect(textOf(back)).to.contain("took the vote back");
    expect(textOf(await take(two, 0))).to.contain("takes no new delegations");
  });

  it("declines what the delegate does not want, and nothing else", async () => {
    const [one, two] = await voters(roll, 2, () => 0);
    await take(two, 1);
    const context = await contextOf(roll);
    const decline = (who: typeof one, number: number) =>
      perform(context, DECLINE, { account: who.address, number }, who);
    expect(await refusal(decline(two, 1))).to.contain("Member 1 has not delegated the vote to member 2");
    await perform(context, DELEGATE, await delegateOf(context, one, two.address), one);
    expect(await refusal(decline(one, 1))).to.contain("Member 1 has not delegated the vote to member 1");
    const outcome = await decline(two, 1);
    expect(textOf(outcome)).to.contain("Member 2 declined the vote of member 1");
    expect(outcome.facts).to.deep.include({ number: 2, declined: 1 });
    expect((await roll.delegations.delegationOf(1))[0]).to.equal(0n);
  });

  it("works by signed requests too", async () => {
    const [one, two] = await voters(roll, 2, () => 0);
    const context = await contextOf(roll);
    const limit = { account: two.address, limit: 3 };
    const requests = [await sign(context, TAKE_DELEGATIONS, limit, two, context.now + LIFE)];
    await take(two, 3);
    const message = await delegateOf(context, one, two.address);
    requests.push(await sign(context, DELEGATE, message, one, context.now + LIFE));
    for (const request of requests) {
      await inFolder({ "request.json": JSON.stringify(request) }, (folder) =>
        sendRequest(context, `${folder}/request.json`, roll.person(5)),
      );
    }
    expect((await roll.delegations.delegationOf(1))[0]).to.equal(2n);
    const later = await contextOf(roll);
    const unwanted = { account: two.address, number: 1 };
    const declining = await sign(later, DECLINE, unwanted, two, later.now + LIFE);
    await inFolder({ "request.json": JSON.stringify(declining) }, (folder) =>
      sendRequest(later, `${folder}/request.json`, roll.person(5)),
    );
    expect((await roll.delegations.delegationOf(1))[0]).to.equal(0n);
  });
});

describe("member vouch", () => {
  const roll = useRoll();

  it("vouches for participants, counts, and takes back", async () => {
    const [one, two, third, fourth] = await voters(roll, 4, (index) => index % 3);
    await roll.governing.setAdmissionPolicy(roll.vouched);
    const candidate = Number(await roll.join(roll.person(5)));
    const context = await contextOf(roll);
    const by = (who: typeof one, target = candidate) =>
      perform(context, VOUCH, { account: who.address, candidate: target }, who);
    expect(await refusal(by(one, 1))).to.contain("is no participant, so nobody need vouch");
    expect(await refusal(by(roll.person(5)))).to.contain("is a participant: the vote comes once");

    const first = await by(one);
    expect(textOf(first)).to.contain("vouches for member 5").and.to.contain(": 1 of ");
    expect(first.facts).to.deep.include({ voucher: 1, candidate, liveVouches: 1, meetsPolicy: false });
    expect(await refusal(by(one))).to.contain("vouches for member 5 already");

    const { vouchers } = parametersOf(roll);
    const rest = [two, third, fourth].slice(0, vouchers - 1);
    const outcomes = [];
    for (const voucher of rest) outcomes.push(await by(voucher));
    expect(outcomes.at(-1)?.facts).to.deep.include({ liveVouches: vouchers, meetsPolicy: true });
    expect(outcomes.at(-1)?.lines.join()).to.contain(`member qualify --number ${candidate}`);

    const back = { account: one.address, candidate };
    const outcome = await perform(context, WITHDRAW_VOUCH, back, one);
    expect(textOf(outcome)).to.contain("no longer vouches for member 5");
    expect(await refusal(perform(context, WITHDRAW_VOUCH, back, one))).to.contain(
      "does not vouch for member 5; at present for: nobody",
    );
  });

  it("says when the slots are used up, or cool down", async () => {
    const [one] = await voters(roll, 1);
    await roll.governing.setAdmissionPolicy(roll.vouched);
    const { vouchSlots } = parametersOf(roll);
    for (let index = 0; index <= vouchSlots; index++) await roll.join(roll.person(5 + index));
    const context = await contextOf(roll);
    const vouch = (candidate: number) => perform(context, VOUCH, { account: one.address, candidate }, one);
    for (let index = 0; index < vouchSlots; index++) await vouch(2 + index);
    expect(await refusal(vouch(2 + vouchSlots))).to.contain("take one back first, with --withdraw");
    const outcome = await perform(context, WITHDRAW_VOUCH, { account: one.address, candidate: 2 }, one);
    const [, freeFrom] = await roll.vouched.slotsOf(1);
    expect(textOf(outcome)).to.contain(`can be used again from ${date(freeFrom)} on`);
    expect(await refusal(vouch(2 + vouchSlots))).to.contain(`the next is free from ${date(freeFrom)} on`);
  });

  const parametersOf = ({ parameters }: typeof roll) => parameters.Admission;
});

describe("member rotate", () => {
  const roll = useRoll();

  it("moves to a new key of the network's own, or with a consent that was brought", async () => {
    const number = Number(await roll.join(roll.person(0)));
    await roll.join(roll.person(9));
    const context = await contextOf(roll);
    const move = { number, newKey: roll.person(1).address };
    expect(await refusal(perform(context, ROTATE, move, roll.person(0))))
      .to.contain(`${roll.person(1).address} must agree`)
      .and.to.contain("member rotate --consent --number 1");
    expect(
      await refusal(
        perform(context, ROTATE, { number, newKey: roll.person(9).address }, roll.person(0), roll.person(9)),
      ),
    ).to.contain("is on the roll already, as member 2");
    const outcome = await perform(context, ROTATE, move, roll.person(0), roll.person(1));
    expect(textOf(outcome)).to.contain(`Member 1 is ${roll.person(1).address} from now on`);

    const onward = { number, newKey: roll.person(2).address };
    const consent = await signConsent(context, ROTATE, onward, roll.person(2), context.now + 60);
    const forged = { ...consent, signature: await roll.person(3).signMessage("no consent") };
    expect(await refusal(perform(context, ROTATE, onward, roll.person(1), forged))).to.contain(
      "The new key's consent does not bear a signature of",
    );
    await perform(context, ROTATE, onward, roll.person(1), consent);
    expect(await roll.membership.numberOf(roll.person(2))).to.equal(1n);
  });

  it("works by a request that both keys signed", async () => {
    const number = Number(await roll.join(roll.person(0)));
    const context = await contextOf(roll);
    const move = { number, newKey: roll.person(1).address };
    const request = await sign(context, ROTATE, move, roll.person(0), context.now + LIFE, roll.person(1));
    const { consent: _, ...alone } = request;
    await inFolder(
      { "whole.json": JSON.stringify(request), "alone.json": JSON.stringify(alone) },
      async (folder) => {
        expect(await refusal(sendRequest(context, `${folder}/alone.json`, roll.person(5)))).to.contain(
          "lacks the consent of the new key",
        );
        const outcome = await sendRequest(context, `${folder}/whole.json`, roll.person(5));
        expect(outcome.facts).to.deep.include({ number, key: roll.person(1).address });
      },
    );
  });
});
