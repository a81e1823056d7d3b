import { MaxUint256 } from "ethers";
import type { Person } from "../helpers/governor.js";
import { signStruct } from "../helpers/signing.js";
import {
  ALLOWED,
  DIGEST,
  deskRule,
  everybody,
  MEMBERS,
  nobody,
  onTheRoll,
  type Row,
  votersOnly,
} from "./cells.js";
import { bind } from "./desk-rows.js";
import type { World } from "./world.js";

const OWN = "Own(address representative,address owner,uint256 nonce,uint256 deadline)";
const JOIN =
  "JoinAsOrganisation(address representative,address owner,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)";
const REPLACE =
  "ReplaceRepresentative(address owner,uint256 number,address newKey,uint256 nonce,uint256 deadline)";
const REPRESENT = "Represent(uint256 number,address newKey,uint256 nonce,uint256 deadline)";
const PASS = "PassOwnership(address owner,uint256 number,address newOwner,uint256 nonce,uint256 deadline)";
const TAKE = "TakeOwnership(uint256 number,address newOwner,uint256 nonce,uint256 deadline)";
const AFFILIATE = "Affiliate(address account,uint256 organisation,uint256 nonce,uint256 deadline)";
const DISOWN = "Disown(address account,uint256 number,uint256 nonce,uint256 deadline)";
const CHANGE_GROUP = "ChangeGroup(address account,uint8 group,uint256 nonce,uint256 deadline)";
const CHALLENGE =
  "Challenge(address account,uint256 number,uint8 kind,uint256 value,bytes32 reason,uint256 nonce,uint256 deadline)";
const SUPPORT = "Support(address account,uint256 id,uint256 nonce,uint256 deadline)";

const DEADLINE = MaxUint256;
const GROUP_CLAIM = 0;
/** As long as a member's first change of group has to wait, and longer than a vote matures. */
const COOLDOWN = 91 * 86_400;

/** The last member who joined: the organisation, where the scene has one. */
const organisation = ({ membership }: World) => membership.lastNumber();

/** What an owner signs for a representative's organisation. */
async function owned({ affiliations }: World, representative: Person, owner: Person) {
  const message = { representative: representative.address, owner: owner.address, deadline: DEADLINE };
  return signStruct(affiliations, owner, OWN, message);
}

/** The request of a representative, and of an owner: the arguments of `joinAsOrganisationBySig`. */
async function founding(world: World, representative: Person, owner: Person) {
  const { affiliations, digest } = world;
  const terms = { group: 0, codeDigest: digest, evidence: "0x" };
  const parties = { representative: representative.address, owner: owner.address };
  const signature = await signStruct(affiliations, representative, JOIN, {
    ...parties,
    ...terms,
    deadline: DEADLINE,
  });
  const consent = await owned(world, representative, owner);
  return [representative.address, 0, digest, "0x", owner.address, DEADLINE, signature, consent] as const;
}

/** An organisation that the scene needs, represented by a key of its own. */
async function organise(world: World, owner: Person) {
  const { affiliations, voter, representative } = world;
  await affiliations
    .connect(voter)
    .joinAsOrganisationBySig(...(await founding(world, representative, owner)));
}

/** The applicant's consent to be an organisation's representative or owner. */
async function consent(world: World, type: string, role: "newKey" | "newOwner") {
  const { affiliations, applicant } = world;
  const message = { number: await organisation(world), [role]: applicant.address, deadline: DEADLINE };
  return signStruct(affiliations, applicant, type, message);
}

/** An owner's act and the applicant's consent: the arguments of the signed form. */
async function byOwner(world: World, type: string, consented: string, role: "newKey" | "newOwner") {
  const { affiliations, applicant, people } = world;
  const [owner, number] = [people.mature.address, await organisation(world)];
  const message = { owner, number, [role]: applicant.address, deadline: DEADLINE };
  const signature = await signStruct(affiliations, people.mature, type, message);
  return [
    owner,
    number,
    applicant.address,
    DEADLINE,
    signature,
    await consent(world, consented, role),
  ] as const;
}

/** For the owner of the organisation, which the mature member is. */
const ownersOnly = (emits: string, type: string, role: "newKey" | "newOwner"): Row => ({
  note: "called by the owner of the organisation, here the mature member; with the consent of the new key or owner",
  scene: (world) => organise(world, world.people.mature),
  with: async (world) => [
    await organisation(world),
    world.applicant,
    DEADLINE,
    await consent(world, type, role),
  ],
  others: "AffiliationsNotOwner",
  except: { mature: ALLOWED },
  says: async (world, caller) => ({
    AffiliationsNotOwner: [await organisation(world), caller, world.people.mature],
  }),
  emits,
});

/** The voter is affiliated with the organisation. */
async function affiliated(world: World) {
  await organise(world, world.people.mature);
  await world.affiliations.connect(world.voter).affiliate(await organisation(world));
}

/** What the target claims, as somebody challenges it. */
async function claimOf({ membership, target }: World) {
  return [target, GROUP_CLAIM, (await membership.member(target)).group, DIGEST] as const;
}

/** A challenge that the delegate opened, the first one. */
async function challenged(world: World) {
  await world.claims.connect(world.delegate).challenge(...(await claimOf(world)));
}

/** The same with all the members that it takes. */
async function raised(world: World) {
  await challenged(world);
  const { challengers } = await world.claims.rules();
  const others = world.members.slice(7, 6 + Number(challengers));
  for (const member of others) await world.claims.connect(member).support(1);
}

/** Who may call what of the desks for affiliations and for claims. */
export const CLAIM_ROWS = {
  Affiliations: {
    "joinAsOrganisation(uint8,bytes32,bytes,address,uint256,bytes)": {
      note: "with the consent of the owner",
      with: async (world, caller) => {
        const { digest, applicant } = world;
        return [0, digest, "0x", applicant, DEADLINE, await owned(world, caller, applicant)];
      },
      others: ALLOWED,
      except: { ...MEMBERS("MembershipAlreadyMember"), ended: "MembershipKeyBarred" },
      refusedBy: "membership",
      emits: "OrganisationJoined",
    },
    "joinAsOrganisationBySig(address,uint8,bytes32,bytes,address,uint256,bytes,bytes)": everybody(
      "OrganisationJoined",
      (world) => founding(world, world.representative, world.voter),
      "with requests that representative and owner have signed",
    ),
    "replaceRepresentative(uint256,address,uint256,bytes)": ownersOnly(
      "RepresentativeReplaced",
      REPRESENT,
      "newKey",
    ),
    "replaceRepresentativeBySig(address,uint256,address,uint256,bytes,bytes)": {
      ...everybody(
        "RepresentativeReplaced",
        (world) => byOwner(world, REPLACE, REPRESENT, "newKey"),
        "with messages that the owner and the new key have signed",
      ),
      scene: (world) => organise(world, world.people.mature),
    },
    "passOwnership(uint256,address,uint256,bytes)": ownersOnly("OwnershipPassed", TAKE, "newOwner"),
    "passOwnershipBySig(address,uint256,address,uint256,bytes,bytes)": {
      ...everybody(
        "OwnershipPassed",
        (world) => byOwner(world, PASS, TAKE, "newOwner"),
        "with messages that both owners have signed",
      ),
      scene: (world) => organise(world, world.people.mature),
    },
    "affiliate(uint256)": {
      ...onTheRoll("AffiliationChanged", async (world) => [await organisation(world)]),
      scene: (world) => organise(world, world.voter),
    },
    "affiliateBySig(address,uint256,uint256,bytes)": {
      ...everybody(
        "AffiliationChanged",
        async (world) => {
          const [account, number] = [world.voter.address, await organisation(world)];
          const message = { account, organisation: number, deadline: DEADLINE };
          const signature = await signStruct(world.affiliations, world.voter, AFFILIATE, message);
          return [account, number, DEADLINE, signature];
        },
        "with a message that a person on the roll has signed",
      ),
      scene: (world) => organise(world, world.voter),
    },
    "disown(uint256)": {
      note: "called by the representative of the organisation, of a person who is affiliated with it; here, of one who is with another",
      scene: affiliated,
      with: async ({ membership, voter }) => [await membership.numberOf(voter)],
      others: "RollDeskNotMember",
      except: MEMBERS("AffiliationsNotAffiliated"),
      says: async (world) => ({
        AffiliationsNotAffiliated: [await world.membership.numberOf(world.voter), await organisation(world)],
      }),
    },
    "disownBySig(address,uint256,uint256,bytes)": {
      ...everybody(
        "AffiliationChanged",
        async ({ membership, affiliations, voter, representative }) => {
          const [account, number] = [representative.address, await membership.numberOf(voter)];
          const message = { account, number, deadline: DEADLINE };
          const signature = await signStruct(affiliations, representative, DISOWN, message);
          return [account, number, DEADLINE, signature];
        },
        "with a message that the representative of the organisation has signed",
      ),
      scene: affiliated,
    },
    "settle(uint256[])": {
      ...everybody(
        "AffiliationChanged",
        ({ settled }) => [[settled]],
        "of persons whose affiliation does not stand any more",
      ),
      scene: async (world) => {
        await affiliated(world);
        await world.membership.connect(world.voter).resign();
      },
    },
    "impose(uint256,uint256)": nobody(
      "AffiliationsUnauthorized",
      ({ target }) => [target, 0],
      "called by the desk for claims, when the members decide on a challenge",
    ),
    "setRule(bool,uint32)": deskRule("AffiliationRuleChanged", () => [true, COOLDOWN]),
    "bind(uint32)": bind,
  },

  Claims: {
    "changeGroup(uint8)": {
      ...onTheRoll("GroupChanged", () => [4], "once the cooldown is over"),
      scene: ({ pass }) => pass(COOLDOWN),
      emittedBy: "membership",
    },
    "changeGroupBySig(address,uint8,uint256,bytes)": {
      ...everybody(
        "GroupChanged",
        async ({ claims, voter }) => {
          const message = { account: voter.address, group: 4, deadline: DEADLINE };
          return [voter, 4, DEADLINE, await signStruct(claims, voter, CHANGE_GROUP, message)];
        },
        "with a message that a member has signed",
      ),
      scene: ({ pass }) => pass(COOLDOWN),
      emittedBy: "membership",
    },
    "challenge(uint256,uint8,uint256,bytes32)": votersOnly("ChallengeOpened", claimOf),
    "challengeBySig(address,uint256,uint8,uint256,bytes32,uint256,bytes)": everybody(
      "ChallengeOpened",
      async (world) => {
        const [number, kind, value, reason] = await claimOf(world);
        const account = world.voter.address;
        const message = { account, number, kind, value, reason, deadline: DEADLINE };
        const signature = await signStruct(world.claims, world.voter, CHALLENGE, message);
        return [account, number, kind, value, reason, DEADLINE, signature];
      },
      "with a message that a member whose vote is mature has signed",
    ),
    "support(uint256)": { ...votersOnly("ChallengeSupported", () => [1]), scene: challenged },
    "supportBySig(address,uint256,uint256,bytes)": {
      ...everybody(
        "ChallengeSupported",
        async ({ claims, voter }) => {
          const message = { account: voter.address, id: 1, deadline: DEADLINE };
          return [voter, 1, DEADLINE, await signStruct(claims, voter, SUPPORT, message)];
        },
        "with a message that a member whose vote is mature has signed",
      ),
      scene: challenged,
    },
    "uphold(uint256,uint256)": {
      ...deskRule("ChallengeUpheld", () => [1, 0], "of a challenge with enough support"),
      scene: raised,
    },
    "dismiss(uint256)": {
      ...deskRule("ChallengeDismissed", () => [1], "of a challenge with enough support"),
      scene: raised,
    },
    "setRules((uint32,uint32,uint16))": deskRule("ClaimRulesChanged", () => [[COOLDOWN, COOLDOWN, 3]]),
    "bind(uint32)": bind,
  },
} satisfies Record<string, Record<string, Row>>;
