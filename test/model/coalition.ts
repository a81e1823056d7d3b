import { type Action, FUNCTIONS, type Place } from "./actions.js";
import { Affiliations } from "./affiliations.js";
import { Agenda } from "./agenda.js";
import { type ClaimRules, Claims } from "./claims.js";
import { Confirmations } from "./confirmations.js";
import { Decisions } from "./decisions.js";
import { Delegations } from "./delegations.js";
import { Guardian } from "./guardian.js";
import { MemberDesk } from "./member-desk.js";
import { KeyRecovery } from "./recovery.js";
import { type Pace, type Policy, Roll } from "./roll.js";
import { isFixed, type RuleBook } from "./rules.js";
import { Announcements, Refusal } from "./words.js";

/** How a policy answers that can be told what to answer. */
export const MOODS = [
  "admits everyone",
  "admits nobody",
  "admits who proves it",
  "refuses in words",
] as const;
export type Mood = (typeof MOODS)[number];

/** What a coalition begins with. */
export type Beginning = {
  groupCount: number;
  waitingFloor: number;
  pace: Pace;
  code: string;
  rules: RuleBook;
  places: number;
  guardian: { key: string; sunset: number };
  delay: number;
  shortestStage: number;
  cap: number;
  confirmationPeriod: number;
  oneVoice: boolean;
  affiliationCooldown: number;
  claimRules: ClaimRules;
  recoveryDelay: number;
  /** Addresses of the policy that admits everyone, and of the one that does as it is told. */
  policies: { open: string; told: string };
  /** Addresses of the contracts. */
  at: Readonly<Record<Place, string>>;
};

/** A whole coalition: the model. */
export class Coalition {
  readonly announcements = new Announcements();
  readonly roll: Roll;
  readonly requests: MemberDesk;
  readonly delegations: Delegations;
  readonly confirmations: Confirmations;
  readonly affiliations: Affiliations;
  readonly claims: Claims;
  readonly recovery: KeyRecovery;
  readonly decisions: Decisions;
  readonly agenda: Agenda;
  readonly guardian: Guardian;
  /** What the members stated, oldest first. */
  readonly resolutions: { digest: string; at: number }[] = [];
  readonly #at: Readonly<Record<Place, string>>;
  readonly policies: ReadonlyMap<string, Policy>;
  box = 0;
  /** Of the policy that does as it is told. */
  mood: Mood = "admits everyone";

  constructor(beginning: Beginning) {
    const { groupCount, waitingFloor, pace, code, policies } = beginning;
    const open: Policy = { at: policies.open, admits: () => true };
    const told: Policy = { at: policies.told, admits: (...request) => this.#asTold(...request) };
    this.policies = new Map([open, told].map((policy) => [policy.at, policy]));
    this.roll = new Roll(groupCount, waitingFloor, pace, code, open, this.announcements);
    this.requests = new MemberDesk(this.roll);
    this.delegations = new Delegations(this.roll, beginning.cap);
    this.confirmations = new Confirmations(this.roll, beginning.confirmationPeriod);
    this.affiliations = new Affiliations(this.roll, beginning.oneVoice, beginning.affiliationCooldown);
    this.claims = new Claims(this.roll, this.affiliations, beginning.claimRules);
    this.recovery = new KeyRecovery(this.roll, beginning.recoveryDelay);
    this.decisions = new Decisions(
      this.roll,
      this.delegations,
      this,
      beginning.rules,
      beginning.delay,
      beginning.shortestStage,
    );
    this.#at = beginning.at;
    this.agenda = new Agenda(this.decisions, beginning.places);
    const { key, sunset } = beginning.guardian;
    this.guardian = new Guardian(this.decisions, this.#at.guardian, key, sunset);
  }

  /** What the timelock does on the members' behalf. */
  perform(action: Action, now: number): void {
    const { roll, delegations, confirmations, affiliations, claims, recovery, decisions } = this;
    switch (action.do) {
      case "setX":
        this.box = action.value;
        break;
      case "callNobody":
        throw new Refusal("CoalitionGovernorTargetWithoutCode", action.target);
      case "end":
        roll.end(action.number, now);
        break;
      case "pardon":
        roll.pardon(action.key);
        break;
      case "suspend":
        roll.suspend(action.number, action.rights, action.until, now);
        break;
      case "restore":
        roll.restore(action.number, action.rights);
        break;
      case "setMaturity":
        roll.setMaturity(action.pace);
        break;
      case "setCodeOfConduct":
        roll.setCodeOfConduct(action.code);
        break;
      case "setAdmissionPolicy": {
        const policy = this.policies.get(action.policy);
        if (policy === undefined) throw new Refusal("MembershipNotAPolicy", action.policy);
        roll.setPolicy(policy);
        break;
      }
      case "setRules":
        decisions.setRules(action.class, action.rules, now);
        break;
      case "guard":
        if (isFixed(action.what)) throw this.#classFixed(action.what);
        decisions.classes.guarded.add(action.what);
        this.announcements.say("TargetGuarded", this.#at[action.what]);
        break;
      case "setActionClass": {
        const place = FUNCTIONS[action.of][0];
        if (isFixed(place) || !decisions.classes.guarded.has(place)) throw this.#classFixed(place);
        decisions.classes.table.set(action.of, action.class);
        break;
      }
      case "setPlaces":
        this.agenda.setPlaces(action.places);
        break;
      case "dismissGuardian":
        this.guardian.dismiss();
        break;
      case "record":
        if (/^0x0+$/.test(action.digest)) throw new Refusal("ResolutionsDigestMissing");
        this.resolutions.push({ digest: action.digest, at: now });
        this.announcements.say("ResolutionRecorded", this.resolutions.length, action.digest);
        break;
      case "updateDelay":
        decisions.requireDelay(action.delay);
        decisions.delay = action.delay;
        break;
      case "setCap":
        delegations.setCap(action.cap);
        break;
      case "setPeriod":
        confirmations.setPeriod(action.period);
        break;
      case "setRule":
        affiliations.setRule(action.oneVoice, action.cooldown);
        break;
      case "setClaimRules":
        claims.setRules(action.rules);
        break;
      case "uphold":
        claims.uphold(action.id, action.value, now);
        break;
      case "dismiss":
        claims.dismiss(action.id, now);
        break;
      case "setRecoveryDelay":
        recovery.setDelay(action.delay);
        break;
      case "decideRecovery":
        recovery.decide(action.number, action.newKey, now);
        break;
    }
  }

  /** All that actions can change. Answers how to put it back. */
  save(): () => void {
    const { roll, delegations, confirmations, affiliations, claims, recovery, decisions, box } = this;
    const { period } = confirmations;
    const { rules, delay, classes } = decisions;
    const { places } = this.agenda;
    const { key } = this.guardian;
    const stated = this.resolutions.length;
    const guarded = [...classes.guarded];
    const table = [...classes.table];
    const undo = [roll, delegations, affiliations, claims, recovery].map((part) => part.save());
    return () => {
      for (const one of undo) one();
      confirmations.period = period;
      Object.assign(decisions, { rules, delay });
      this.agenda.places = places;
      this.guardian.key = key;
      this.resolutions.length = stated;
      classes.guarded.clear();
      for (const place of guarded) classes.guarded.add(place);
      classes.table.clear();
      for (const [action, kind] of table) classes.table.set(action, kind);
      this.box = box;
    };
  }

  #classFixed(place: Place): Refusal {
    return new Refusal("CoalitionGovernorClassFixed", this.#at[place]);
  }

  #asTold(number: number, key: string, group: number, evidence: string): boolean {
    if (this.mood === "refuses in words") throw new Refusal("ToldAdmissionRefused", number, key);
    return (
      this.mood === "admits everyone" ||
      (this.mood === "admits who proves it" && evidence === evidenceOf(number, key, group))
    );
  }
}

/** What the policy wants to see that asks for proof: number, key and group, a word each. */
export function evidenceOf(number: number, key: string, group: number): string {
  return `0x${[number.toString(16), key.slice(2), group.toString(16)].map((one) => one.padStart(64, "0")).join("")}`;
}
