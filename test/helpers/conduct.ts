import { type BigNumberish, hexlify, id, type Signer, type TypedDataDomain, ZeroHash } from "ethers";
import { numberFor } from "../../scripts/lib/conduct/chain.js";
import { CONDUCT_MESSAGES } from "../../scripts/lib/conduct/messages.js";
import type { IConduct } from "../../typechain-types/contracts/conduct/Conduct.js";
import { FAR } from "./attacks.js";
import type { Parameters } from "./fixture.js";
import { foundForum, LIST } from "./forum.js";
import { actAs, type Connection, Decision, type Person } from "./governor.js";
import { office } from "./offices.js";
import { type Announcing, domainOf } from "./requests.js";

/** `IConduct.Phase`, by name. */
export const Phase = {
  None: 0n,
  Response: 1n,
  Drawing: 2n,
  Deliberation: 3n,
  Appealable: 4n,
  Members: 5n,
  Closed: 6n,
} as const;

/** `IConduct.Result`, by name. */
export const Result = { Pending: 0n, Dismissed: 1n, Upheld: 2n, Lapsed: 3n } as const;

/** The Code among the charter's documents, and its clauses in {@link foundConduct}. */
export const CODE = 2n;
export const RULES = [id("Be civil"), id("Address issues, not persons")] as const;

export const EVIDENCE = id("the evidence");
export const REASON = id("the reasons");

export const DAY = 86_400n;

/** The office that panels are drawn from, and who is in it: nine members of six groups. */
export const POOL = 1n;
export const IN_POOL = [7n, 8n, 9n, 10n, 11n, 12n, 13n, 14n, 15n] as const;

/** Who is complained of, and who complains, unless a test says otherwise. */
export const RESPONDENT = 1n;
export const COMPLAINANT = 2n;

/** A suspension in seconds that is shorter than any coalition's bound here. */
export const SUSPENSION = 30n * DAY;

/** What a panel rules unless a test says otherwise: the post is hidden, and the member does not post for a while. */
export const ruling = (changes: Partial<IConduct.RulingStruct> = {}): IConduct.RulingStruct => ({
  upheld: true,
  warn: false,
  hide: true,
  erase: false,
  refer: false,
  suspension: SUSPENSION,
  reason: REASON,
  ...changes,
});

/** A ruling that does not uphold the complaint. */
export const dismissal = (): IConduct.RulingStruct => ruling({ upheld: false, hide: false, suspension: 0n });

/** The secret of a member's chain. */
export const secretOf = (number: bigint) => id(`the secret of member ${number}`);

/** What a plan changes of the scene. */
export type ConductPlan = {
  readonly change?: (parameters: Parameters) => void;
  /** Members of the pool; those of {@link IN_POOL} unless given. */
  readonly pool?: readonly bigint[];
};

/**
 * A coalition of 18 mature members, the n-th of the group (n - 1) % 6, with two clauses of the Code that all accepted, a
 * pool whose members have committed to their chains, and a post of {@link RESPONDENT} at place 1. Wrap it in a named
 * fixture.
 */
export async function foundConduct(
  connection: Connection,
  { change = () => {}, pool = IN_POOL }: ConductPlan = {},
) {
  const scene = await foundForum(connection, {
    count: 18,
    change: (parameters) => {
      parameters.Forum.burst = 100;
      change(parameters);
    },
  });
  const { charter, governor, offices, elections, speakers, panels, conduct, forum, members, member, power } =
    scene;
  const insert = (preceding: number, base: string, digest: string) => ({
    target: charter,
    data: charter.interface.encodeFunctionData("insert", [CODE, preceding, base, digest]),
  });
  const actions = [insert(0, ZeroHash, RULES[0]), insert(1, RULES[0], RULES[1])];
  await new Decision(connection, { governor }, actions, "The Code").pass(members);
  for (const person of members) await speakers.connect(person).accept(1);
  await offices.connect(power).create(office({ seats: 16n, term: 2_000n * DAY }));
  const seating = offices.connect(await actAs(connection, elections));
  await seating.seat(
    POOL,
    [...pool],
    pool.map((number) => (number - 1n) % 6n),
  );
  await panels.connect(power).setPool(POOL);
  for (const number of pool) await panels.connect(member(number)).commit(numberFor(secretOf(number), 0, 0));
  await scene.thread(Number(RESPONDENT), "An uncivil post");
  const terms = scene.parameters.Conduct;

  const complaint = (changes: Partial<IConduct.ComplaintStruct> = {}): IConduct.ComplaintStruct => ({
    respondent: RESPONDENT,
    clause: 2n,
    rule: RULES[1],
    list: LIST,
    post: 1n,
    evidence: EVIDENCE,
    ...changes,
  });
  const by = (number: bigint) => conduct.connect(member(number));
  const open = async (changes: Partial<IConduct.ComplaintStruct> = {}, complainant: bigint = COMPLAINANT) => {
    await by(complainant).complain(complaint(changes));
    return conduct.lastCase();
  };
  /** Members of the pool give their numbers for the draw of a case. */
  const reveal = async (caseId: bigint, numbers: readonly bigint[] = pool) => {
    const { draw } = await conduct.caseOf(caseId);
    for (const number of numbers) {
      await panels.reveal(draw, number, numberFor(secretOf(number), 0, Number(draw)));
    }
  };
  /** To the first second after a phase. */
  const pass = async (caseId: bigint) => scene.goTo((await conduct.caseOf(caseId)).until + 1n);
  /** The panel of a case, drawn after everybody in the pool gave a number. */
  const seat = async (caseId: bigint, numbers: readonly bigint[] = pool) => {
    await reveal(caseId, numbers);
    await pass(caseId);
    await conduct.drawPanel(caseId);
    return panelOf(caseId);
  };
  const panelOf = async (caseId: bigint) => [...(await panels.panelOf((await conduct.caseOf(caseId)).draw))];
  /** Two of the panel are for a ruling. */
  const rule = async (caseId: bigint, what: IConduct.RulingStruct = ruling()) => {
    for (const number of (await panelOf(caseId)).slice(0, 2)) await by(number).rule(caseId, what);
  };
  return {
    ...scene,
    terms,
    pool,
    complaint,
    /** The cases as a member calls them. */
    by,
    /** The forum as a member calls it. */
    posting: (number: bigint) => forum.connect(member(number)),
    judging: conduct.connect(power),
    open,
    reveal,
    pass,
    seat,
    panelOf,
    rule,
    /** A case that is ruled on. */
    ruled: async (what?: IConduct.RulingStruct) => {
      const caseId = await open();
      await seat(caseId);
      await rule(caseId, what);
      return caseId;
    },
  };
}

export type ConductScene = Awaited<ReturnType<typeof foundConduct>>;

type Changes = {
  /** In whose name, where another key signs. */
  account?: string;
  nonce?: BigNumberish;
  deadline?: bigint;
  domain?: TypedDataDomain;
};

/** What is signed for cases or panels, with the present nonce of the account unless told otherwise. */
export async function signForConduct(
  contract: Announcing & { nonces(key: string): Promise<bigint> },
  signer: Person | Signer,
  type: keyof typeof CONDUCT_MESSAGES,
  content: object,
  { account, nonce, deadline = FAR, domain = {} }: Changes = {},
) {
  const signs = account ?? (await signer.getAddress());
  const message = { account: signs, ...content, nonce: nonce ?? (await contract.nonces(signs)), deadline };
  const whole = { ...(await domainOf(contract)), ...domain };
  const signature = await signer.signTypedData(whole, { [type]: [...CONDUCT_MESSAGES[type]] }, message);
  return { account: signs, deadline, signature };
}

/** Bytes that a test needs and that nobody chose. */
export const bytesOf = (value: number) => hexlify(new Uint8Array(32).fill(value));
