import { Desk } from "./desk.js";
import { type Member, pausesOf, type Roll } from "./roll.js";
import { DAY, Refusal, type Signed, ZERO } from "./words.js";

export type OwnPaper = { representative: string; owner: string; deadline: number };
export type OrganisationRequest = {
  representative: string;
  owner: string;
  group: number;
  codeDigest: string;
  evidence: string;
  deadline: number;
};
export type RepresentPaper = { number: number; newKey: string; deadline: number };
export type ReplaceRequest = { owner: string; number: number; newKey: string; deadline: number };
export type TakeOwnershipPaper = { number: number; newOwner: string; deadline: number };
export type PassRequest = { owner: string; number: number; newOwner: string; deadline: number };
export type AffiliateRequest = { account: string; organisation: number; deadline: number };
export type DisownRequest = { account: string; number: number; deadline: number };

/** A person's affiliation as it was chosen, or ended: the last of a member is the one that holds. */
export type Affiliation = {
  number: number;
  /** 0 for none. */
  organisation: number;
  at: number;
  by: "person" | "members" | "organisation" | "settling";
};

/** An organisation's owner since a moment. */
export type Ownership = { organisation: number; owner: string };

const BATCH = 64;

/** Organisations, and the persons who say that they belong to one. */
export class Affiliations extends Desk {
  /** Every change there ever was, oldest first. */
  readonly changes: Affiliation[] = [];
  readonly owners: Ownership[] = [];
  /** The raised challenge of a person's affiliation, which only the members decide on then; 0 for none. */
  challengeRaised: (number: number, now: number) => number = () => 0;

  constructor(
    roll: Roll,
    public oneVoice: boolean,
    public cooldown: number,
  ) {
    super(roll);
  }

  save(): () => void {
    const { oneVoice, cooldown, changes } = this;
    const length = changes.length;
    return () => {
      Object.assign(this, { oneVoice, cooldown });
      changes.length = length;
    };
  }

  // ---- what anybody can ask ----

  organisationOf(number: number): number {
    return this.changes.findLast((one) => one.number === number)?.organisation ?? 0;
  }

  ownerOf(organisation: number): string {
    return this.owners.findLast((one) => one.organisation === organisation)?.owner ?? ZERO;
  }

  affiliatedCount(organisation: number): number {
    return this.roll.members.filter(({ number }) => this.organisationOf(number) === organisation).length;
  }

  /** Whether the organisation votes instead: one voice, and its own vote is not paused. */
  isRepresented(number: number): boolean {
    const organisation = this.organisationOf(number);
    if (organisation === 0 || !this.oneVoice || this.#person(number).leftAt !== null) return false;
    const member = this.#person(organisation);
    return member.leftAt === null && pausesOf(member).length === 0;
  }

  changeableAt(number: number): number {
    const chosen = this.changes.findLast(
      (one) => one.number === number && (one.by === "person" || one.by === "members"),
    );
    return chosen === undefined ? 0 : chosen.at + this.cooldown;
  }

  changedAt(number: number): number {
    return this.changes.findLast((one) => one.number === number)?.at ?? 0;
  }

  // ---- organisations ----

  join(
    request: OrganisationRequest,
    consent: Signed<OwnPaper>,
    signature: Signed<OrganisationRequest> | undefined,
    now: number,
  ): number {
    const { representative, owner, group, codeDigest, evidence, deadline } = request;
    if (representative === owner) throw new Refusal("AffiliationsOwnRepresentative", owner);
    this.requireSigned(now, { representative, owner, deadline }, owner, consent);
    return this.act(now, request, representative, signature, () => {
      const number = this.roll.join(representative, group, codeDigest, evidence, now, true);
      this.owners.push({ organisation: number, owner });
      this.say("OrganisationJoined", number, representative, owner);
      this.useNonce(owner);
      return number;
    });
  }

  replaceRepresentative(
    { owner, number, newKey, deadline }: ReplaceRequest,
    consent: Signed<RepresentPaper>,
    spent: string | undefined,
    now: number,
  ): void {
    this.#requireOrganisation(number);
    this.#requireOwner(number, owner);
    if (newKey === owner) throw new Refusal("AffiliationsOwnRepresentative", newKey);
    this.requireSigned(now, { number, newKey, deadline }, newKey, consent, spent);
    this.say("RepresentativeReplaced", number, newKey);
    this.roll.moveKey(number, newKey, now);
    this.useNonce(newKey);
  }

  passOwnership(
    { owner, number, newOwner, deadline }: PassRequest,
    consent: Signed<TakeOwnershipPaper>,
    spent: string | undefined,
    now: number,
  ): void {
    const organisation = this.#requireOrganisation(number);
    this.#requireOwner(number, owner);
    if (newOwner === owner) throw new Refusal("AffiliationsSameOwner", number, owner);
    if (newOwner === this.roll.keyOf(organisation))
      throw new Refusal("AffiliationsOwnRepresentative", newOwner);
    this.requireSigned(now, { number, newOwner, deadline }, newOwner, consent, spent);
    this.owners.push({ organisation: number, owner: newOwner });
    this.say("OwnershipPassed", number, owner, newOwner);
    this.useNonce(newOwner);
  }

  // ---- persons ----

  affiliate(account: string, organisation: number, now: number): void {
    const number = this.requireMember(account);
    this.#requireCooledDown(number, now);
    const raised = this.challengeRaised(number, now);
    if (raised !== 0) throw new Refusal("AffiliationsUnderChallenge", number, raised);
    this.choose(number, organisation, "person", now);
  }

  /** The organisation says that somebody does not belong to it. */
  disown(account: string, number: number, now: number): void {
    const organisation = this.requireMember(account);
    if (this.organisationOf(number) !== organisation)
      throw new Refusal("AffiliationsNotAffiliated", number, this.organisationOf(number));
    const chosen = this.changes.findLast(
      (one) => one.number === number && (one.by === "person" || one.by === "members"),
    );
    if (chosen?.by === "members") this.#requireCooledDown(number, now);
    this.#write(number, 0, "organisation", now);
    if (this.#person(number).leftAt === null) this.#settle(number, now);
  }

  /** Brings votes in line with the rule and with what became of the organisations. */
  settle(numbers: readonly number[], now: number): void {
    if (numbers.length === 0 || numbers.length > BATCH)
      throw new Refusal("AffiliationsBatchSize", numbers.length, BATCH);
    for (const number of numbers) {
      if (this.organisationOf(number) === 0) continue;
      if (this.#person(number).leftAt === null) this.#settle(number, now);
      else this.#write(number, 0, "settling", now);
    }
  }

  // ---- what the members decide ----

  /** A person's affiliation as the person, or the members for them, have it from now on. */
  choose(number: number, organisation: number, by: "person" | "members", now: number): void {
    if (this.requireActive(number).organisation) throw new Refusal("AffiliationsNotPerson", number);
    if (this.organisationOf(number) === organisation)
      throw new Refusal("AffiliationsUnchanged", number, organisation);
    if (organisation !== 0) this.#requireOrganisation(organisation);
    this.#write(number, organisation, by, now);
    this.#settle(number, now);
  }

  setRule(oneVoice: boolean, cooldown: number): void {
    this.requireRange("cooldown", cooldown, this.roll.waitingFloor, 730 * DAY);
    const bit = (value: boolean) => (value ? 1 : 0);
    this.say("AffiliationRuleChanged", bit(this.oneVoice), bit(oneVoice), this.cooldown, cooldown);
    Object.assign(this, { oneVoice, cooldown });
  }

  // ---- rules that several acts share ----

  #person(number: number): Member {
    return this.roll.members[number - 1] as Member;
  }

  #write(number: number, organisation: number, by: Affiliation["by"], now: number): void {
    const old = this.organisationOf(number);
    this.changes.push({ number, organisation, at: now, by });
    this.say("AffiliationChanged", number, old, organisation);
  }

  #settle(number: number, now: number): void {
    const paused = pausesOf(this.#person(number)).includes("represented");
    const represented = this.isRepresented(number);
    if (represented && !paused) this.roll.pause(number, "represented", now);
    if (!represented && paused) this.roll.resume(number, "represented", now);
  }

  #requireOrganisation(number: number): Member {
    const member = this.requireActive(number);
    if (!member.organisation) throw new Refusal("AffiliationsNotOrganisation", number);
    return member;
  }

  #requireOwner(organisation: number, account: string): void {
    const owner = this.ownerOf(organisation);
    if (account !== owner) throw new Refusal("AffiliationsNotOwner", organisation, account, owner);
  }

  #requireCooledDown(number: number, now: number): void {
    const moment = this.changeableAt(number);
    if (now < moment) throw new Refusal("AffiliationsTooEarly", number, moment);
  }
}
