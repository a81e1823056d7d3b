import type { Chain } from "./chain.js";
import type { Coalition } from "./coalition.js";
import { ballotOf, closesAt, opensAfter, SKIPS } from "./decisions.js";
import type { Journal } from "./journal.js";
import { pausesOf, votesFrom } from "./roll.js";
import type { Deed, Step } from "./steps.js";
import { STANDINGS } from "./words.js";

/** What a step is called in the journal. */
function nameOf(deed: Deed): string {
  if (deed.do === "decree") return `decree: ${deed.action.do}`;
  return "signature" in deed && deed.signature !== undefined && deed.do !== "delegateBySig"
    ? `${deed.do}, signed`
    : deed.do;
}

/** Notices what makes steps interesting, and writes it into the journal. */
export class Sights {
  constructor(
    private readonly journal: Journal,
    private readonly model: Coalition,
    private readonly chain: Chain,
  ) {}

  /** A step that was taken or refused. */
  count(step: Step, expected: string, announced: readonly string[]): void {
    const { deed } = step;
    const name = nameOf(deed);
    if (expected.startsWith("0x")) {
      this.journal.step(name);
      this.#countDone(step, announced);
      return;
    }
    const [, refusal, values] = /^(\w+)\((.*)\)$/.exec(expected) as unknown as [string, string, string];
    this.journal.step(name, refusal);
    const standing = Number(values.split(", ").at(-2));
    if (/(Ballot|Proposer|Desk|Endorser)Refused$/.test(refusal))
      this.journal.see(`${refusal}: ${STANDINGS[standing]}`);
    if (
      deed.do === "execute" &&
      !/^(GovernorNon|GovernorUnex|CoalitionGovernor(TooEarly|ClassTooLow)$)/.test(refusal)
    )
      this.journal.see("a decision whose action was refused, undone as a whole");
  }

  /** Looks at a step before it is taken. */
  foresee({ by, deed }: Step, now: number): void {
    const { roll, delegations } = this.model;
    switch (deed.do) {
      case "resign": {
        const member = roll.holds(deed.request.account)?.member;
        if (member === undefined) break;
        if (Math.abs(votesFrom(member) - now) <= 1)
          this.journal.see("a resignation within a second of the vote's boundary");
        const kind = pausesOf(member)[0] ?? (votesFrom(member) > now ? "before the vote" : "with the vote");
        this.journal.see(`a resignation, ${kind}`);
        break;
      }
      case "join": {
        const former = roll.lastTenure(deed.request.account);
        if (former !== undefined && former.until !== null)
          this.journal.see(`a key that asks to join again after it was ${former.ending}`);
        break;
      }
      case "decree": {
        const member = deed.action.do === "end" ? roll.members[deed.action.number - 1] : undefined;
        if (by === this.chain.at.timelock && member !== undefined && member.leftAt !== null && !member.ended)
          this.journal.see("an ending of somebody who had resigned");
        break;
      }
      case "rotateKey":
        if (roll.lastTenure(deed.newKey) !== undefined) this.journal.see("a rotation to a key with a past");
        break;
      case "changeGroup": {
        const member = roll.holds(deed.request.account)?.member;
        if (member !== undefined && pausesOf(member).length > 0)
          this.journal.see("a change of group while the vote is paused");
        else if (member !== undefined && votesFrom(member) > now)
          this.journal.see("a change of group before the vote");
        break;
      }
      case "delegate":
      case "delegateUntil": {
        const delegatee = deed.do === "delegate" ? deed.delegatee : deed.request.delegatee;
        const number = roll.numberOf(delegatee);
        if (delegations.delegationOf(number, now) !== undefined)
          this.journal.see("a delegation to somebody who delegated too");
        break;
      }
      case "ballot":
      case "ballotBySig":
        this.#foreseeBallot(deed, now);
        break;
      default:
    }
  }

  #foreseeBallot(deed: Extract<Deed, { do: "ballot" | "ballotBySig" }>, now: number): void {
    const { roll, decisions } = this.model;
    const { id, voter, sender } = deed.cast;
    const decision = decisions.all.find((one) => one.id === id);
    if (decision === undefined) return;
    const number = roll.numberOf(voter);
    const before = ballotOf(decision, number);
    const manner = sender === voter ? "in person" : "by signature";
    const open = decisions.stateOf(decision, now) === "active";
    if (before !== undefined && open)
      this.journal.see(`a ballot ${before.signed ? "by signature" : "in person"}, changed ${manner}`);
    const opening = opensAfter(decision);
    const member = roll.holds(voter)?.member;
    const late = (member?.boundary ?? 0) - opening;
    if (late === 0) this.journal.see("a ballot whose vote matured in the opening's second");
    if (late === 1) this.journal.see("a ballot whose vote matured a second too late");
    if (now === closesAt(decision)) this.journal.see("a ballot in the last second");
    if (now === opening) this.journal.see("a ballot in the opening's own second");
    if (now === opening + 1) this.journal.see("a ballot in the first second");
    if (!open || member === undefined) return;
    if (roll.standingOf(voter, "vote", opening, now).standing !== "granted") return;
    if (pausesOf(member).length > 0)
      this.journal.see("a ballot by somebody whose vote was paused since the opening");
    if (member.groups.some(({ since }) => since > opening))
      this.journal.see("a ballot by somebody who changed group since the opening");
    const entrusted = decisions.entrusted(decision);
    const own = entrusted.find(({ by }) => by === number);
    if (own !== undefined) {
      const after = ballotOf(decision, own.to) === undefined ? "before" : "after";
      if (before === undefined) this.journal.see(`a delegator's ballot ${after} the delegate's`);
      else this.journal.see(`a delegator's ballot, changed ${after} the delegate's`);
    }
    const received = entrusted.filter(({ to }) => to === number);
    if (received.length === 0) return;
    const back = received.some(({ by }) => ballotOf(decision, by) !== undefined);
    const what = before === undefined ? "a delegate's ballot" : "a delegate's ballot, changed";
    this.journal.see(back ? `${what} after a vote was taken back` : what);
    if (own !== undefined) this.journal.see("a ballot by a delegate who delegated too");
  }

  #countDone({ by, deed }: Step, announced: readonly string[]): void {
    if (!this.chain.isWallet(by) && by !== this.chain.at.timelock)
      this.journal.see("a step in an ordinary account's own transaction");
    for (const text of announced) this.journal.see(`announced: ${text.slice(0, text.indexOf("("))}`);
    if (deed.do === "execute")
      for (const { do: what } of this.model.decisions.find(deed.id).actions)
        this.journal.see(`carried out: ${what}`);
    const signature =
      deed.do === "ballotBySig"
        ? deed.cast.signed?.signature
        : "signature" in deed
          ? deed.signature
          : undefined;
    if (signature !== undefined)
      this.journal.see(
        `${deed.do} signed by ${this.chain.isWallet(signature.by) ? "a contract" : "an account"}`,
      );
    for (const text of announced)
      if (text.startsWith("BallotSkipped("))
        this.journal.see(`a ballot of a batch: ${SKIPS[Number(text.slice(0, -1).split(", ").at(-1))]}`);
    const counted = announced.filter((text) => text.startsWith("VoteCast("));
    if (deed.do === "castBallots" && counted.length > 0) {
      this.journal.see("a ballot of a batch: counted", counted.length);
      if (announced.some((text) => text.startsWith("ProposalExtended(")))
        this.journal.see("a late swing by a batch");
    }
    const weight = announced.find((text) => text.startsWith("VoteCast("))?.split(", ")[3];
    if (Number(weight ?? 0) > 1) this.journal.see("a ballot that weighs more than one");
  }

  /** What became of everything, at the end of a history. */
  review(now: number): void {
    const { roll, decisions, delegations, recovery, claims } = this.model;
    for (const decision of decisions.all) {
      const state = decisions.stateOf(decision, now);
      const { eta, admitted, extendedTo, postponed } = decision;
      this.journal.see(`a decision of class ${decision.class}`);
      if (extendedTo !== null) this.journal.see("a decision extended by a late swing");
      if (postponed) this.journal.see("a decision postponed by the guardian");
      if (state === "expired") this.journal.see(`a decision expired ${eta === null ? "un" : ""}queued`);
      else this.journal.see(`a decision ${state}`);
      if (state !== "defeated") continue;
      this.journal.see(`a decision ${admitted ? decisions.flawOf(decision) : "without endorsements"}`);
    }
    for (const { ends, until } of delegations.given)
      if (until === null && ends <= now) this.journal.see("a delegation that ended by itself");
    for (const { end } of recovery.requests) if (end !== null) this.journal.see(`a recovery ${end}`);
    for (const { id } of claims.challenges) this.journal.see(`a challenge ${claims.stateOf(id, now)}`);
    const { members, boundaries } = roll;
    this.journal.see("boundaries opened", boundaries.length);
    for (const { at, seats } of boundaries)
      if (members.filter(({ boundary }) => boundary === at).length === seats)
        this.journal.see("a boundary filled to its last seat");
    if (members.length > 128) this.journal.see("a history beyond member 128");
    if (members.length > 256) this.journal.see("a history beyond member 256");
    this.journal.see("member numbers given out", members.length);
    this.journal.see("delegations given", delegations.given.length);
    this.journal.see(
      "ballots that counted or were replaced",
      decisions.all.reduce((sum, { ballots }) => sum + ballots.length, 0),
    );
  }
}
