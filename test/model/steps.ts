import { type Action, FUNCTIONS, type Place } from "./actions.js";
import type {
  AffiliateRequest,
  DisownRequest,
  OrganisationRequest,
  OwnPaper,
  PassRequest,
  ReplaceRequest,
  RepresentPaper,
  TakeOwnershipPaper,
} from "./affiliations.js";
import type { EndorseRequest } from "./agenda.js";
import type { ChallengeRequest, GroupRequest, SupportRequest } from "./claims.js";
import type { Coalition, Mood } from "./coalition.js";
import type { ConfirmRequest } from "./confirmations.js";
import type { BallotCast, BallotGroup, NamedBallot, Proposal } from "./decisions.js";
import type { DeclineRequest, DelegateRequest, DelegationPaper, TakeRequest } from "./delegations.js";
import type { JoinRequest, ResignRequest, RotateRequest } from "./member-desk.js";
import type { ClaimPaper, GuardianPaper, NamePaper, RecoverPaper, VetoPaper } from "./recovery.js";
import { Refusal, type Signed } from "./words.js";

/** Done in person by whom the request names or, with a signature of theirs, by anybody. */
type Asked<T> = { request: T; signature?: Signed<T> };

/** What a step does, without who does it. */
export type Deed =
  | ({ do: "join" } & Asked<JoinRequest>)
  | { do: "joinMany"; requests: { request: JoinRequest; signature: Signed<JoinRequest> }[] }
  | ({ do: "resign" } & Asked<ResignRequest>)
  | {
      do: "rotateKey";
      account: string;
      newKey: string;
      deadline: number;
      consent: Signed<RotateRequest>;
      signature?: Signed<RotateRequest>;
    }
  | { do: "qualify"; number: number; evidence: string }
  | { do: "tell"; mood: Mood }
  | ({ do: "takeDelegations" } & Asked<TakeRequest>)
  | ({ do: "decline" } & Asked<DeclineRequest>)
  | ({ do: "delegateUntil" } & Asked<DelegateRequest>)
  | { do: "delegate"; delegatee: string }
  | { do: "delegateBySig"; paper: DelegationPaper; signature: Signed<DelegationPaper>; signer: string }
  | ({ do: "confirm" } & Asked<ConfirmRequest>)
  | { do: "confirmMany"; requests: { request: ConfirmRequest; signature: Signed<ConfirmRequest> }[] }
  | { do: "markDormant"; numbers: number[] }
  | ({ do: "joinAsOrganisation"; consent: Signed<OwnPaper> } & Asked<OrganisationRequest>)
  | ({ do: "replaceRepresentative"; consent: Signed<RepresentPaper> } & Asked<ReplaceRequest>)
  | ({ do: "passOwnership"; consent: Signed<TakeOwnershipPaper> } & Asked<PassRequest>)
  | ({ do: "affiliate" } & Asked<AffiliateRequest>)
  | ({ do: "disown" } & Asked<DisownRequest>)
  | { do: "settle"; numbers: number[] }
  | ({ do: "changeGroup" } & Asked<GroupRequest>)
  | ({ do: "challenge" } & Asked<ChallengeRequest>)
  | ({ do: "support" } & Asked<SupportRequest>)
  | ({ do: "nameGuardians" } & Asked<NamePaper>)
  | ({ do: "requestRecovery"; consent: Signed<RecoverPaper> } & Asked<GuardianPaper>)
  | ({ do: "approveRecovery" } & Asked<GuardianPaper>)
  | ({ do: "vetoRecovery" } & Asked<VetoPaper>)
  | ({ do: "claimNumber" } & Asked<ClaimPaper>)
  | { do: "completeRecovery"; number: number }
  | { do: "decree"; action: Action }
  | { do: "propose"; proposal: Proposal }
  | ({ do: "endorse" } & Asked<EndorseRequest>)
  | { do: "queue"; id: bigint }
  | { do: "execute"; id: bigint }
  | { do: "cancel"; id: bigint }
  | { do: "guardianCancel" | "guardianDelay"; id: bigint; reason: string }
  | { do: "ballot"; how: "plain" | "reason" | "params"; cast: BallotCast }
  | { do: "ballotBySig"; how: "plain" | "extended"; cast: BallotCast }
  | { do: "castBallots"; id: bigint; groups: readonly BallotGroup[]; named: readonly NamedBallot[] };

/** One call by one key. */
export type Step = { by: string; deed: Deed };

/**
 * Lets the model take a step. Answers what the call returns, if anything; throws a {@link Refusal}, and changes
 * nothing, if it is refused.
 */
export function take(step: Step, coalition: Coalition, timelock: string, now: number): bigint | undefined {
  const answer = perform(step, coalition, timelock, now);
  return typeof answer === "number" || typeof answer === "bigint" ? BigInt(answer) : undefined;
}

function perform({ by, deed }: Step, coalition: Coalition, timelock: string, now: number): unknown {
  const { roll, requests, delegations, confirmations, affiliations, claims, recovery, decisions } = coalition;
  const { agenda, guardian } = coalition;
  switch (deed.do) {
    case "join":
      return requests.join(deed.request, deed.signature, now);
    case "joinMany":
      return requests.joinMany(deed.requests, now);
    case "resign": {
      const { account } = deed.request;
      return requests.act(now, deed.request, account, deed.signature, () => roll.resign(account, now));
    }
    case "rotateKey":
      return requests.rotateKey(deed.account, deed, deed.consent, deed.signature, now);
    case "qualify":
      return roll.qualify(deed.number, deed.evidence, now);
    case "tell":
      coalition.mood = deed.mood;
      return;
    case "takeDelegations": {
      const { account, limit } = deed.request;
      return delegations.act(now, deed.request, account, deed.signature, () =>
        delegations.takeDelegations(account, limit),
      );
    }
    case "decline": {
      const { account, number } = deed.request;
      return delegations.act(now, deed.request, account, deed.signature, () =>
        delegations.decline(account, number, now),
      );
    }
    case "delegateUntil": {
      const { delegator, delegatee, ends } = deed.request;
      return delegations.act(now, deed.request, delegator, deed.signature, () =>
        delegations.delegate(delegator, delegatee, ends, now),
      );
    }
    case "delegate":
      return delegations.delegate(by, deed.delegatee, delegations.longestEnd(now), now);
    case "delegateBySig":
      return delegations.delegateBySigner(deed.signer, deed.paper, now);
    case "confirm": {
      const { account } = deed.request;
      return confirmations.act(now, deed.request, account, deed.signature, () =>
        confirmations.confirm(account, now),
      );
    }
    case "confirmMany":
      return confirmations.confirmMany(deed.requests, now);
    case "markDormant":
      return confirmations.markDormant(deed.numbers, now);
    case "joinAsOrganisation":
      return affiliations.join(deed.request, deed.consent, deed.signature, now);
    case "replaceRepresentative": {
      const { request, consent, signature } = deed;
      return affiliations.act(now, request, request.owner, signature, (spent) =>
        affiliations.replaceRepresentative(request, consent, spent, now),
      );
    }
    case "passOwnership": {
      const { request, consent, signature } = deed;
      return affiliations.act(now, request, request.owner, signature, (spent) =>
        affiliations.passOwnership(request, consent, spent, now),
      );
    }
    case "affiliate": {
      const { account, organisation } = deed.request;
      return affiliations.act(now, deed.request, account, deed.signature, () =>
        affiliations.affiliate(account, organisation, now),
      );
    }
    case "disown": {
      const { account, number } = deed.request;
      return affiliations.act(now, deed.request, account, deed.signature, () =>
        affiliations.disown(account, number, now),
      );
    }
    case "settle":
      return affiliations.settle(deed.numbers, now);
    case "changeGroup": {
      const { account, group } = deed.request;
      return claims.act(now, deed.request, account, deed.signature, () =>
        claims.changeGroup(account, group, now),
      );
    }
    case "challenge":
      return claims.act(now, deed.request, deed.request.account, deed.signature, () =>
        claims.challenge(deed.request, now),
      );
    case "support": {
      const { account, id } = deed.request;
      return claims.act(now, deed.request, account, deed.signature, () => claims.support(account, id, now));
    }
    case "nameGuardians": {
      const { account, guardians, threshold } = deed.request;
      return recovery.act(now, deed.request, account, deed.signature, () =>
        recovery.nameGuardians(account, guardians, threshold, now),
      );
    }
    case "requestRecovery": {
      const { request, consent, signature } = deed;
      return recovery.act(now, request, request.guardian, signature, (spent) =>
        recovery.request(request, consent, spent, now),
      );
    }
    case "approveRecovery": {
      const { guardian, number, newKey } = deed.request;
      return recovery.act(now, deed.request, guardian, deed.signature, () =>
        recovery.approve(guardian, number, newKey, now),
      );
    }
    case "vetoRecovery": {
      const { account, number, newKey } = deed.request;
      // In person it ends whatever request there is.
      const named = deed.signature === undefined ? undefined : newKey;
      return recovery.act(now, deed.request, account, deed.signature, () =>
        recovery.veto(account, number, named, now),
      );
    }
    case "claimNumber": {
      const { number, newKey, reasonDigest } = deed.request;
      return recovery.act(now, deed.request, newKey, deed.signature, () =>
        recovery.claim(number, newKey, reasonDigest, now),
      );
    }
    case "completeRecovery":
      return recovery.complete(deed.number, now);
    case "decree":
      if (by !== timelock) refuseDecree(deed.action, by, coalition, timelock);
      return coalition.perform(deed.action, now);
    case "propose":
      return decisions.propose(by, deed.proposal, now);
    case "endorse": {
      const { account, proposalId } = deed.request;
      return agenda.act(now, deed.request, account, deed.signature, () =>
        agenda.endorse(account, proposalId, now),
      );
    }
    case "queue":
      decisions.queue(deed.id, now);
      return deed.id;
    case "execute":
      decisions.execute(deed.id, now);
      return deed.id;
    case "cancel":
      decisions.cancel(by, deed.id, now);
      return deed.id;
    case "guardianCancel":
      return guardian.cancel(by, deed.id, deed.reason, now);
    case "guardianDelay":
      return guardian.delay(by, deed.id, deed.reason, now);
    case "ballot":
    case "ballotBySig":
      return decisions.castBallot(deed.cast, now);
    case "castBallots":
      return decisions.castBallots(deed.id, deed.groups, deed.named, now);
  }
}

/** How contracts refuse what belongs to the members together; desks have a refusal in common. */
const UNAUTHORIZED: Readonly<Partial<Record<Place, string>>> = {
  membership: "MembershipUnauthorized",
  agenda: "AgendaUnauthorized",
  guardian: "GuardianUnauthorized",
  resolutions: "ResolutionsUnauthorized",
};

/** What belongs to the members together is refused to everyone alone. */
function refuseDecree(action: Action, by: string, { decisions }: Coalition, timelock: string): never {
  const [place] = action.do === "callNobody" ? (["box"] as const) : FUNCTIONS[action.do];
  if (place === "governor") throw new Refusal("GovernorOnlyExecutor", by);
  if (action.do === "updateDelay") {
    decisions.requireDelay(action.delay);
    throw new Refusal("TimelockUnauthorizedCaller", by);
  }
  throw new Refusal(UNAUTHORIZED[place] ?? "RollDeskUnauthorized", by, timelock);
}

/** A step as a line to read. */
export function describeStep({ by, deed }: Step): string {
  return `${by} ${JSON.stringify(deed, (_, value) =>
    typeof value === "bigint" ? `${value}n` : typeof value === "string" ? shortened(value) : value,
  )}`;
}

function shortened(text: string): string {
  return text.length <= 66 ? text : `${text.slice(0, 20)}… (${text.length})`;
}
