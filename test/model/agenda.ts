import { closesAt, type Decision, type Decisions, STATES } from "./decisions.js";
import { Desk } from "./desk.js";
import { Refusal, STANDINGS } from "./words.js";

export type EndorseRequest = { account: string; proposalId: bigint; deadline: number };

const MOST_PLACES = 5;

/** What opens for the vote: what enough members endorsed, and few decisions of one member at a time. */
export class Agenda extends Desk {
  /** By member number: until when each of its places is taken. */
  readonly #taken = new Map<number, number[]>();

  constructor(
    private readonly decisions: Decisions,
    public places: number,
  ) {
    super(decisions.roll);
    decisions.admit = (decision, now) => this.#admit(decision, now);
  }

  placesOf(number: number): readonly number[] {
    return this.#taken.get(number) ?? Array<number>(MOST_PLACES).fill(0);
  }

  endorse(account: string, id: bigint, now: number): void {
    const decision = this.decisions.find(id);
    if (decision.admitted) throw new Refusal("AgendaAdmitted", id);
    const state = this.decisions.stateOf(decision, now);
    if (state !== "pending") throw new Refusal("AgendaNotPending", id, STATES.indexOf(state));
    const { standing, number, group, explanation } = this.roll.standingOf(account, "propose", now, now);
    if (standing !== "granted")
      throw new Refusal("AgendaEndorserRefused", account, STANDINGS.indexOf(standing), explanation);
    const { endorsers, rules } = decision;
    if (endorsers.some((one) => one.number === number))
      throw new Refusal("AgendaAlreadyEndorsed", id, number);
    const all = [...endorsers, { number, group }];
    const groups = new Set(all.map((one) => one.group)).size;
    this.say("ProposalEndorsed", id, number, all.length);
    if (all.length >= rules.endorsements && groups >= rules.endorsementGroups) this.#admit(decision, now);
    decision.endorsers = all;
  }

  setPlaces(places: number): void {
    if (places < 1 || places > MOST_PLACES)
      throw new Refusal("AgendaPlacesOutOfRange", places, 1, MOST_PLACES);
    this.say("PlacesChanged", this.places, places);
    this.places = places;
  }

  /** A decision takes a place of its proposer until it was to close. */
  #admit(decision: Decision, now: number): void {
    const { id, proposer } = decision;
    const number = this.roll.numberOf(proposer);
    if (number === 0) throw new Refusal("AgendaProposerGone", id, proposer);
    const taken = [...this.placesOf(number)];
    const used = taken.filter((until) => until >= now).sort((a, b) => b - a);
    // Who has more than a member may have now waits until enough of them have closed.
    const last = used[this.places - 1];
    if (last !== undefined) throw new Refusal("AgendaFull", number, this.places, last + 1);
    const place = taken.findLastIndex((until) => until < now);
    const until = closesAt(decision);
    taken[place] = until;
    this.#taken.set(number, taken);
    decision.admitted = true;
    this.say("ProposalAdmitted", id, number, until);
  }
}
