import type { Cast } from "./cast.js";
import { CLAIMS } from "./claims.js";
import { floorOf, isInForce, LONGEST, STEP } from "./delegations.js";
import { groupOf } from "./roll.js";
import type { Step } from "./steps.js";
import { ZERO } from "./words.js";

/** What happens at the desks for delegations, challenges and lost keys. */
export class DeskStory {
  constructor(private readonly cast: Cast) {}

  // ---- delegation ----

  takeDelegations(now: number): Step {
    const { random, model } = this.cast;
    const { delegations } = model;
    const account = this.cast.keyFrom(this.cast.holding(), 0.95);
    const limit = random.chance(0.05)
      ? random.pick([delegations.cap + 1, 255])
      : random.chance(0.1)
        ? 0
        : random.between(0, delegations.cap);
    const request = { account, limit, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(account, delegations, request);
    return { by, deed: { do: "takeDelegations", ...asked } };
  }

  delegate(now: number): Step {
    const { random, model, people } = this.cast;
    const { delegations } = model;
    const delegator = this.#delegator(now);
    const delegatee = this.#delegatee(delegator, now);
    const way = random.fraction();
    if (way < 0.3) return { by: delegator, deed: { do: "delegate", delegatee } };
    if (way < 0.42) {
      const account = random.pick(people.accounts);
      const nonce = delegations.nonceOf(account);
      const paper = {
        delegatee: this.#delegatee(account, now),
        nonce: random.chance(0.08) ? nonce + 1 : nonce,
        expiry: this.cast.deadline(now),
      };
      // The nonce is part of what is signed: one who lies about it signs something else, or lies to the end.
      const content = random.chance(0.06) ? { ...paper, nonce: paper.nonce + 1 } : paper;
      const signature = { by: account, nonce: content.nonce, content };
      const signer = people.signerOf(signature, paper);
      return { by: this.cast.sponsor(), deed: { do: "delegateBySig", paper, signature, signer } };
    }
    const request = { delegator, delegatee, ends: this.#end(now), deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(delegator, delegations, request);
    return { by, deed: { do: "delegateUntil", ...asked } };
  }

  decline(now: number): Step {
    const { random, model } = this.cast;
    const { delegations, roll } = model;
    const inForce = delegations.given.filter((one) => isInForce(one, now));
    const chosen = this.cast.mostly(0.9, inForce, delegations.given);
    const delegate = roll.members[(chosen?.to ?? 0) - 1];
    const account =
      delegate === undefined || random.chance(0.1)
        ? this.cast.keyFrom(this.cast.holding(), 0.9)
        : roll.keyOf(delegate);
    const number = chosen?.by ?? this.cast.number();
    const { by, ...asked } = this.cast.ask(account, delegations, {
      account,
      number,
      deadline: this.cast.deadline(now),
    });
    return { by, deed: { do: "decline", ...asked } };
  }

  #delegator(now: number): string {
    const { random, model } = this.cast;
    const voters = this.cast.voters(now);
    if (random.chance(0.08)) return this.cast.keyFrom(this.cast.holding(), 0.7);
    // Now and then somebody delegates anew, or takes the vote back.
    const bound = voters.filter(
      ({ member }) => model.delegations.delegationOf(member.number, now) !== undefined,
    );
    return bound.length > 0 && random.chance(0.3)
      ? this.cast.keyFrom(bound, 1)
      : this.cast.keyFrom(voters, 1);
  }

  #delegatee(delegator: string, now: number): string {
    const { random, model, people } = this.cast;
    const { roll, delegations } = model;
    const { number, group } = roll.standingOf(delegator, "vote", now, now);
    const kind = random.fraction();
    if (kind < 0.02) return ZERO;
    if (kind < 0.16) return delegator;
    if (kind < 0.22) return random.pick(people.keys);
    const mates = this.cast
      .holding()
      .filter(({ key, member }) => key !== delegator && groupOf(member) === group);
    const takers = mates.filter(({ member }) => delegations.limitOf(member.number) > 0);
    // Who has delegated may take delegations too, and so on.
    const current = delegations.delegationOf(number, now)?.to;
    const same = takers.filter(({ member }) => member.number === current);
    if (same.length > 0 && random.chance(0.15)) return this.cast.keyFrom(same, 1);
    return this.cast.keyFrom(takers.length > 0 ? takers.slice(0, 5) : mates, 0.97);
  }

  #end(now: number): number {
    const { random } = this.cast;
    if (random.chance(0.08))
      return random.pick([0, now, floorOf(now) + STEP - 1, floorOf(now) + (LONGEST + 1) * STEP]);
    const steps = random.chance(0.6) ? random.between(1, 2) : random.between(1, LONGEST);
    return floorOf(now) + steps * STEP + random.pick([0, 0, 1, STEP - 1]);
  }

  // ---- challenges ----

  challenge(now: number): Step {
    const { random, model } = this.cast;
    const { claims, affiliations, roll } = model;
    const account = this.cast.keyFrom(this.cast.voters(now), 0.93);
    const number = this.cast.number();
    const kind = random.between(0, CLAIMS.length - 1);
    const member = roll.members[number - 1];
    const claimed =
      member === undefined ? 0 : kind === 0 ? groupOf(member) : affiliations.organisationOf(number);
    const request = {
      account,
      number,
      kind,
      value: random.chance(0.06) ? claimed + 1 : claimed,
      reason: `0x${(random.chance(0.04) ? 0 : random.between(1, 1_000)).toString(16).padStart(64, "0")}`,
      deadline: this.cast.deadline(now),
    };
    const { by, ...asked } = this.cast.ask(account, claims, request);
    return { by, deed: { do: "challenge", ...asked } };
  }

  support(now: number): Step {
    const { random, model } = this.cast;
    const { claims } = model;
    const open = claims.challenges.filter(({ id }) => claims.stateOf(id, now) === "open");
    const id = this.cast.mostly(0.95, open, claims.challenges)?.id ?? random.between(0, 3);
    const challenge = claims.find(id);
    const known = this.cast
      .holding()
      .filter(
        ({ member: { number } }) => challenge?.supporters.includes(number) || challenge?.number === number,
      );
    const account =
      known.length > 0 && random.chance(0.12)
        ? this.cast.keyFrom(known, 1)
        : this.cast.keyFrom(this.cast.voters(now), 0.93);
    const request = { account, id, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(account, claims, request);
    return { by, deed: { do: "support", ...asked } };
  }

  // ---- lost keys ----

  nameGuardians(now: number): Step {
    const { random, model, people } = this.cast;
    const account = this.cast.keyFrom(this.cast.holding(), 0.95);
    const count = random.chance(0.15) ? 0 : random.chance(0.03) ? 11 : random.between(1, 3);
    const guardians = random.shuffled(people.keys).slice(0, count);
    if (random.chance(0.06)) guardians.push(random.pick([ZERO, account, guardians[0] ?? ZERO]));
    const threshold = random.chance(0.05)
      ? random.pick([0, guardians.length + 1])
      : random.between(Math.min(1, guardians.length), Math.min(2, guardians.length));
    const request = { account, guardians, threshold, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(account, model.recovery, request);
    return { by, deed: { do: "nameGuardians", ...asked } };
  }

  requestRecovery(now: number): Step {
    const { model, people } = this.cast;
    const { recovery } = model;
    const number = this.cast.number((member) => recovery.circleOf(member.number).guardians.length > 0);
    const guardian = this.cast.mostly(0.93, recovery.circleOf(number).guardians, people.keys);
    const newKey = this.cast.freeKey();
    const request = { guardian, number, newKey, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(guardian, recovery, request);
    const paper = { number, newKey, deadline: request.deadline };
    const consent = this.cast.consent(newKey, recovery, paper, asked);
    return { by, deed: { do: "requestRecovery", consent, ...asked } };
  }

  approveRecovery(now: number): Step {
    const { random, model, people } = this.cast;
    const { recovery } = model;
    const standing = this.#recoveries(now).filter(({ readyAt }) => readyAt === null || random.chance(0.1));
    const recoveryAsked = this.cast.mostly(0.93, standing, recovery.requests);
    const number = recoveryAsked?.number ?? this.cast.number();
    const newKey = random.chance(0.05) ? random.pick(people.keys) : (recoveryAsked?.newKey ?? ZERO);
    const { guardians } = recovery.circleOf(number);
    const fresh = guardians.filter((one) => !recoveryAsked?.approvals.includes(one));
    const guardian = this.cast.mostly(
      0.9,
      fresh.length > 0 && random.chance(0.9) ? fresh : guardians,
      people.keys,
    );
    const request = { guardian, number, newKey, deadline: this.cast.deadline(now) };
    const { by, ...asked } = this.cast.ask(guardian, recovery, request);
    return { by, deed: { do: "approveRecovery", ...asked } };
  }

  vetoRecovery(now: number): Step {
    const { random, model, people } = this.cast;
    const { recovery, roll } = model;
    const asked = this.cast.mostly(0.93, this.#recoveries(now), recovery.requests);
    const number = asked?.number ?? this.cast.number();
    const member = roll.members[number - 1];
    const account =
      member === undefined || random.chance(0.1) ? random.pick(people.keys) : roll.keyOf(member);
    const newKey = random.chance(0.08) ? random.pick(people.keys) : (asked?.newKey ?? ZERO);
    const request = { account, number, newKey, deadline: this.cast.deadline(now) };
    const { by, ...rest } = this.cast.ask(account, recovery, request);
    return { by, deed: { do: "vetoRecovery", ...rest } };
  }

  claimNumber(now: number): Step {
    const { random, model } = this.cast;
    const { recovery } = model;
    const newKey = this.cast.freeKey();
    const request = {
      number: random.chance(0.08)
        ? 0
        : this.cast.number(({ number }) => recovery.circleOf(number).guardians.length === 0),
      newKey,
      reasonDigest: `0x${random.between(1, 1_000).toString(16).padStart(64, "0")}`,
      deadline: this.cast.deadline(now),
    };
    const { by, ...asked } = this.cast.ask(newKey, recovery, request);
    return { by, deed: { do: "claimNumber", ...asked } };
  }

  completeRecovery(now: number): Step {
    const { random, model } = this.cast;
    const { recovery } = model;
    const standing = this.#recoveries(now);
    const due = standing.filter(({ readyAt }) => readyAt !== null && readyAt <= now);
    const chosen = this.cast.mostly(
      0.95,
      due.length > 0 && random.chance(0.9) ? due : standing,
      recovery.requests,
    );
    return {
      by: this.cast.sponsor(),
      deed: { do: "completeRecovery", number: chosen?.number ?? this.cast.number() },
    };
  }

  #recoveries(now: number) {
    const { recovery } = this.cast.model;
    return recovery.requests.filter((one) => recovery.requestOf(one.number, now) === one);
  }
}
