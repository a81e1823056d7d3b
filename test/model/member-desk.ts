import { Desk } from "./desk.js";
import { Refusal, type Signed } from "./words.js";

export type JoinRequest = {
  account: string;
  group: number;
  codeDigest: string;
  evidence: string;
  deadline: number;
};
export type ResignRequest = { account: string; deadline: number };
export type RotateRequest = { number: number; newKey: string; deadline: number };

const BATCH = 100;

/** Requests of the roll by signature: joining, resigning, changing keys. */
export class MemberDesk extends Desk {
  join(request: JoinRequest, signature: Signed<JoinRequest> | undefined, now: number): number {
    const { account, group, codeDigest, evidence } = request;
    return this.act(now, request, account, signature, () =>
      this.roll.join(account, group, codeDigest, evidence, now),
    );
  }

  /** Joins for many; whom it cannot join is passed over. Answers how many joined. */
  joinMany(
    requests: readonly { request: JoinRequest; signature: Signed<JoinRequest> }[],
    now: number,
  ): number {
    if (requests.length === 0 || requests.length > BATCH)
      throw new Refusal("MemberDeskBatchSize", requests.length, BATCH);
    let joined = 0;
    requests.forEach(({ request, signature }, place) => {
      const refusal = Refusal.of(() => this.join(request, signature, now));
      if (refusal === undefined) joined++;
      else this.say("JoinSkipped", place, request.account, refusal.message);
    });
    return joined;
  }

  /** Moves a member to another key, which consents; the old one may have signed the same. */
  rotateKey(
    key: string,
    { newKey, deadline }: { newKey: string; deadline: number },
    consent: Signed<RotateRequest>,
    signature: Signed<RotateRequest> | undefined,
    now: number,
  ): void {
    const request = { number: this.requireMember(key), newKey, deadline };
    this.act(now, request, key, signature, (spent) => {
      this.requireSigned(now, request, newKey, consent, spent);
      this.roll.moveKey(request.number, newKey, now);
      this.useNonce(newKey);
    });
  }
}
