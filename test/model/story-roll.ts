import type { Cast } from "./cast.js";
import { isNear } from "./cast.js";
import { evidenceOf, MOODS } from "./coalition.js";
import type { JoinRequest } from "./member-desk.js";
import { groupOf, pausesOf, votesFrom } from "./roll.js";
import type { Step } from "./steps.js";
import { DAY } from "./words.js";

/** What happens to the roll itself: joining, leaving, moving to other keys, organisations and who belongs to them. */
export class RollStory {
  codes = 0;

  constructor(private readonly cast: Cast) {}

  // ---- joining and leaving ----

  join(now: number): Step {
    const { random, model } = this.cast;
    if (random.chance(0.08)) {
      const requests = Array.from({ length: random.chance(0.05) ? 0 : random.between(1, 4) }, () => {
        const request = this.#joinRequest(now);
        const nonce = model.requests.nonceOf(request.account);
        return { request, signature: this.cast.sign(request.account, nonce, request) };
      });
      return { by: this.cast.sponsor(), deed: { do: "joinMany", requests } };
    }
    if (random.chance(0.12)) return this.#organisation(now);
    const request = this.#joinRequest(now);
    const { by, ...asked } = this.cast.ask(request.account, model.requests, request);
    return { by, deed: { do: "join", ...asked } };
  }

  resign(now: number): Step {
    const { random, model } = this.cast;
    const holding = this.cast.holding();
    const maturing = holding.filter(({ member }) => isNear(votesFrom(member), now));
    const account =
      maturing.length > 0 && random.chance(0.5)
        ? this.cast.keyFrom(maturing, 1)
        : // Whoever joined last is often still waiting for the vote.
          random.chance(0.4)
          ? this.cast.keyFrom(holding.slice(-8), 0.95)
          : this.cast.keyFrom(holding, 0.9);
    const { by, ...asked } = this.cast.ask(account, model.requests, {
      account,
      deadline: this.cast.deadline(now),
    });
    return { by, deed: { do: "resign", ...asked } };
  }

  rotate(now: number): Step {
    const { model } = this.cast;
    const account = this.cast.keyFrom(this.cast.holding(), 0.92);
    const newKey = this.cast.freeKey();
    const deadline = this.cast.deadline(now);
    const paper = { number: model.roll.numberOf(account), newKey, deadline };
    const { by, ...asked } = this.cast.ask(account, model.requests, paper);
    const consent = this.cast.consent(newKey, model.requests, paper, asked);
    const { signature } = asked;
    return {
      by,
      deed: { do: "rotateKey", account, newKey, deadline, consent, ...(signature && { signature }) },
    };
  }

  qualify(): Step {
    const { random, model } = this.cast;
    const number = this.cast.number((member) => pausesOf(member).includes("unqualified"), 0.85);
    const member = model.roll.members[number - 1];
    const evidence =
      member === undefined || random.chance(0.15)
        ? "0x"
        : evidenceOf(number, model.roll.keyOf(member), groupOf(member));
    return { by: this.cast.sponsor(), deed: { do: "qualify", number, evidence } };
  }

  /** Somebody tells the policy that does as it is told what to answer. */
  tell(): Step {
    const { random } = this.cast;
    const mood = random.weighted([
      [3, MOODS[0]],
      [3, MOODS[1]],
      [5, MOODS[2]],
      [1.5, MOODS[3]],
    ]);
    return { by: this.cast.sponsor(), deed: { do: "tell", mood } };
  }

  #joinRequest(now: number): JoinRequest {
    const { random, model } = this.cast;
    const { roll } = model;
    const account = this.cast.freeKey();
    const group = this.cast.group();
    return {
      account,
      group,
      codeDigest: random.chance(0.03) ? this.digest(random.between(0, this.codes)) : roll.code,
      evidence: random.chance(0.5) ? "0x" : evidenceOf(roll.members.length + 1, account, group),
      deadline: this.cast.deadline(now),
    };
  }

  digest(version: number): string {
    return `0x${(0xc0de + version).toString(16).padStart(64, "0")}`;
  }

  // ---- organisations ----

  #organisation(now: number): Step {
    const { random, model, people } = this.cast;
    const { account: representative, ...rest } = this.#joinRequest(now);
    const owner = random.chance(0.05) ? representative : random.pick(people.keys);
    const request = { representative, owner, ...rest };
    const { by, ...asked } = this.cast.ask(representative, model.affiliations, request);
    const { deadline } = request;
    const consent = this.cast.consent(owner, model.affiliations, { representative, owner, deadline }, {});
    return { by, deed: { do: "joinAsOrganisation", consent, ...asked } };
  }

  replaceRepresentative(now: number): Step {
    const { random, model } = this.cast;
    const number = this.#organisationNumber();
    const owner = this.#ownerOf(number);
    const newKey = random.chance(0.05) ? owner : this.cast.freeKey();
    const request = { owner, number, newKey, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(owner, model.affiliations, request);
    const paper = { number, newKey, deadline: request.deadline };
    const consent = this.cast.consent(newKey, model.affiliations, paper, asked);
    return { by, deed: { do: "replaceRepresentative", consent, ...asked } };
  }

  passOwnership(now: number): Step {
    const { random, model, people } = this.cast;
    const { roll } = model;
    const number = this.#organisationNumber();
    const owner = this.#ownerOf(number);
    const member = roll.members[number - 1];
    const newOwner =
      member !== undefined && random.chance(0.1)
        ? random.pick([owner, roll.keyOf(member)])
        : random.pick(people.keys);
    const request = { owner, number, newOwner, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(owner, model.affiliations, request);
    const paper = { number, newOwner, deadline: request.deadline };
    const consent = this.cast.consent(newOwner, model.affiliations, paper, asked);
    return { by, deed: { do: "passOwnership", consent, ...asked } };
  }

  affiliate(now: number): Step {
    const { random, model } = this.cast;
    const { affiliations } = model;
    const persons = this.cast
      .holding()
      .filter(
        ({ member: { organisation, number } }) => !organisation && now >= affiliations.changeableAt(number),
      );
    const account = this.cast.keyFrom(persons, 0.85);
    const current = affiliations.organisationOf(model.roll.numberOf(account));
    const organisation =
      current !== 0 && random.chance(0.5) ? random.pick([0, 0, 0, current]) : this.#organisationNumber(0.9);
    const request = { account, organisation, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(account, affiliations, request);
    return { by, deed: { do: "affiliate", ...asked } };
  }

  disown(now: number): Step {
    const { model } = this.cast;
    const { roll, affiliations } = model;
    const affiliated = roll.members.filter(({ number }) => affiliations.organisationOf(number) !== 0);
    const person = this.cast.mostly(0.9, affiliated, roll.members);
    const number = person?.number ?? 0;
    const organisation = roll.members[affiliations.organisationOf(number) - 1];
    const account =
      organisation === undefined || this.cast.random.chance(0.1)
        ? this.cast.keyFrom(this.cast.holding(), 0.95)
        : roll.keyOf(organisation);
    const request = { account, number, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(account, affiliations, request);
    return { by, deed: { do: "disown", ...asked } };
  }

  settle(): Step {
    const { random, model } = this.cast;
    const { roll, affiliations } = model;
    const unsettled = roll.members.filter(
      (member) =>
        affiliations.organisationOf(member.number) !== 0 &&
        (member.leftAt !== null ||
          affiliations.isRepresented(member.number) !== pausesOf(member).includes("represented")),
    );
    const numbers = Array.from({ length: random.chance(0.03) ? 0 : random.between(1, 5) }, () =>
      this.cast.mostly(
        0.8,
        unsettled.map(({ number }) => number),
        roll.members.map(({ number }) => number),
      ),
    );
    if (random.chance(0.02)) numbers.push(...Array<number>(65).fill(1));
    return { by: this.cast.sponsor(), deed: { do: "settle", numbers: numbers.map((number) => number ?? 1) } };
  }

  // ---- groups ----

  changeGroup(now: number): Step {
    const { model } = this.cast;
    const able = this.cast.holding().filter(({ member }) => now >= model.claims.groupChangeableAt(member));
    const account = this.cast.keyFrom(able, 0.85);
    const request = { account, group: this.cast.group(), deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(account, model.claims, request);
    return { by, deed: { do: "changeGroup", ...asked } };
  }

  // ---- confirmation ----

  confirm(now: number): Step {
    const { random, model } = this.cast;
    const { confirmations } = model;
    const dormant = this.cast.holding().filter(({ member }) => pausesOf(member).includes("dormant"));
    const account = () =>
      dormant.length > 0 && random.chance(0.8)
        ? this.cast.keyFrom(dormant, 1)
        : this.cast.keyFrom(this.cast.holding(), 0.9);
    if (random.chance(0.1)) {
      const requests = Array.from({ length: random.chance(0.05) ? 0 : random.between(1, 4) }, () => {
        const request = { account: account(), deadline: this.cast.deadline(now) };
        return {
          request,
          signature: this.cast.sign(request.account, confirmations.nonceOf(request.account), request),
        };
      });
      return { by: this.cast.sponsor(), deed: { do: "confirmMany", requests } };
    }
    const request = { account: account(), deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(request.account, confirmations, request);
    return { by, deed: { do: "confirm", ...asked } };
  }

  markDormant(now: number): Step {
    const { random, model } = this.cast;
    const overdue = model.roll.members.filter(({ number }) => model.confirmations.isOverdue(number, now));
    const numbers = Array.from({ length: random.chance(0.03) ? 0 : random.between(1, 4) }, () =>
      overdue.length > 0 && random.chance(0.85) ? random.pick(overdue).number : this.cast.number(),
    );
    return { by: this.cast.sponsor(), deed: { do: "markDormant", numbers } };
  }

  /** Until when rights are suspended, mostly for a while. */
  suspensionEnd(now: number, ahead: number): number {
    const { random } = this.cast;
    return random.chance(0.08)
      ? random.pick([0, now, now + 365 * DAY, now + 366 * DAY])
      : now + ahead + random.between(30, 600);
  }

  #organisationNumber(probability = 0.92): number {
    return this.cast.number(({ organisation }) => organisation, probability);
  }

  #ownerOf(number: number): string {
    const { random, model, people } = this.cast;
    const owner = model.affiliations.ownerOf(number);
    return people.keys.includes(owner) && random.chance(0.93) ? owner : random.pick(people.keys);
  }
}
