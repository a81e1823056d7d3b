import { joinOrganisation } from "./acts.js";
import { plainParameters } from "./fixture.js";
import {
  type Coalition,
  type Connection,
  Decision,
  foundCoalition,
  type Person,
  Support,
} from "./governor.js";

/** What a member waits between changes of group, and of affiliation, in seconds: DC-BAS's rule. */
export const COOLDOWN = 90n * 86_400n;

/** `IClaims.Claim`, by name. */
export const Claim = { Group: 0n, Affiliation: 1n } as const;

/** `IClaims.State`, by name. */
export const ChallengeState = {
  None: 0n,
  Open: 1n,
  Raised: 2n,
  Upheld: 3n,
  Dismissed: 4n,
  Lapsed: 5n,
} as const;

// not a secret: stands for the digest of a text
export const REASON = `0x${"ab".repeat(32)}`;

/** Coalitions whose members may change what they claim, as fixtures on a chain. */
export function claimScenes(connection: Connection) {
  const { time } = connection.networkHelpers;

  /** What every scene needs: members whose cooldown is over, and decisions. */
  async function prepare(coalition: Awaited<ReturnType<typeof foundCoalition>>) {
    const { governor, affiliations, members, outsiders } = coalition;
    await time.increase(COOLDOWN);
    let count = 0;
    const propose = async () => {
      const decision = new Decision(
        connection,
        coalition,
        [{ target: outsiders[3] as Person }],
        `No. ${++count}`,
      );
      await decision.propose(members[0] as Person);
      return { decision, snapshot: await decision.snapshot() };
    };
    /** Which of some keys can cast a ballot on an open decision. */
    const ballots = async (decision: Decision, keys: readonly Person[]) => {
      const able: Person[] = [];
      for (const key of keys) {
        const cast = governor.connect(key).castVote.staticCall(decision.id, Support.For);
        if (await cast.then(() => true).catch(() => false)) able.push(key);
      }
      return able;
    };
    return {
      ...coalition,
      propose,
      ballots,
      asAffiliations: (person: Person) => affiliations.connect(person),
    };
  }

  /** 12 members, two of each group. */
  async function settled() {
    return prepare(await foundCoalition(connection, { count: 12 }));
  }

  /** One voice: 8 persons, and two organisations whose votes are mature. */
  async function oneVoice() {
    const parameters = plainParameters();
    parameters.Membership.oneVoice = true;
    const coalition = await foundCoalition(connection, { count: 8, parameters });
    const [acmeKey, zorgKey, owner] = coalition.outsiders as [Person, Person, Person];
    const acme = await joinOrganisation(coalition, acmeKey, owner, 2);
    const zorg = await joinOrganisation(coalition, zorgKey, owner, 3);
    await time.increaseTo((await coalition.membership.member(zorg)).votesFrom);
    const scene = await prepare(coalition);
    return { ...scene, acmeKey, zorgKey, owner, acme, zorg, keys: [...coalition.members, acmeKey, zorgKey] };
  }

  return { settled, oneVoice };
}

/** The group that a member claims now. */
export async function groupOf(
  { membership }: Pick<Coalition, "membership">,
  member: Person,
): Promise<bigint> {
  return (await membership.member(await membership.numberOf(member))).group;
}
