import type { Interface } from "ethers";
import type {
  Charter,
  Conduct,
  Forum,
  Offices,
  Panels,
  Profiles,
  Speakers,
} from "../../../../typechain-types/index.js";
import { CONDUCT_MESSAGES, type Complaint, type Ruling } from "../../conduct/messages.js";
import { FORUM_MESSAGES, kindNumber, POST_TYPES, type PostKind } from "../../forum/messages.js";
import { Problem } from "../../problem.js";
import { groupOf, relay } from "../assembly/batch.js";
import type { Attempted } from "../attempts.js";
import type { StoryDecision } from "../elections/data.js";
import { tryRefused } from "../motions/refusals.js";
import type { Texts } from "../motions/texts.js";
import type { Act } from "../roll/act.js";

/** The contracts of forum and cases, beside those that every act has. */
export interface ForumContracts {
  readonly charter: Charter;
  readonly offices: Offices;
  readonly speakers: Speakers;
  readonly forum: Forum;
  readonly profiles: Profiles;
  readonly panels: Panels;
  readonly conduct: Conduct;
}

/** What somebody posts. */
export interface Post {
  readonly by: number;
  readonly kind: PostKind;
  readonly list: number;
  /** Place of the post that it answers or edits; 0 for a thread. */
  readonly to: number;
  readonly digest: string;
}

const MESSAGES = { ...FORUM_MESSAGES, ...CONDUCT_MESSAGES };

const FOR = 1;

/** What members do in the forum and about cases: each act signed by a member, and brought and paid for by the relayer. */
export class ForumDesk {
  /** What was tried and must be refused. */
  readonly refused: Attempted[] = [];

  constructor(
    readonly act: Act,
    readonly contracts: ForumContracts,
    readonly texts: Texts,
  ) {}

  /** Takes a decision from the proposal to its execution. */
  async decide(
    decision: StoryDecision,
    actions: readonly { readonly to: string; readonly data: string }[],
  ): Promise<void> {
    const { act } = this;
    const question = await act.propose(decision.by, decision.text.replace(/^decisions\//, ""), actions);
    await act.open(question);
    await relay(act, question, [await groupOf(act, question, FOR, decision.for)]);
    await act.close(question);
    await act.carryOut(question);
  }

  /** A member accepts the version of the Code that is in force. */
  async accept(by: number): Promise<void> {
    const speakers = this.contracts.speakers.connect(this.act.setting.relayer);
    const [, version] = await speakers.codeOfConduct();
    const { account, deadline, signature } = await this.sign(speakers, by, "AcceptCode", { version });
    await this.act.sent(speakers.acceptBySig(account, version, deadline, signature));
  }

  /**
   * A post, signed.
   * @param ahead How many of the author's posts come before it in the same batch.
   */
  async signed({ by, kind, list, to, digest }: Post, ahead = 0) {
    const { forum } = this.contracts;
    const wallet = this.act.keyOf(by);
    const message = { list, to, digest, nonce: (await forum.nonces(wallet.address)) + BigInt(ahead) };
    const rest = await this.sign(forum, by, POST_TYPES[kind] as keyof typeof MESSAGES, message);
    return { kind: kindNumber(kind), list, to, digest, ...rest };
  }

  /** Brings one post; answers its place. */
  async post(post: Post): Promise<number> {
    const forum = this.contracts.forum.connect(this.act.setting.relayer);
    await this.act.sent(forum.postBySig(await this.signed(post)));
    return this.lengthOf(post.list);
  }

  /** How many records a list has. */
  async lengthOf(list: number): Promise<number> {
    return Number(BigInt.asUintN(32, await this.contracts.forum.seriesOf(list)));
  }

  async erase(by: number, list: number, place: number, reason: string): Promise<void> {
    const forum = this.contracts.forum.connect(this.act.setting.relayer);
    const { account, deadline, signature } = await this.sign(forum, by, "ErasePost", { list, place, reason });
    await this.act.sent(forum.eraseBySig(account, list, place, reason, deadline, signature));
  }

  async complain(by: number, complaint: Complaint): Promise<bigint> {
    const conduct = this.contracts.conduct.connect(this.act.setting.relayer);
    const { account, deadline, signature } = await this.sign(conduct, by, "FileComplaint", { ...complaint });
    await this.act.sent(conduct.complainBySig(account, complaint, deadline, signature));
    return conduct.lastCase();
  }

  async respond(by: number, caseId: bigint, digest: string): Promise<void> {
    const conduct = this.contracts.conduct.connect(this.act.setting.relayer);
    const { account, deadline, signature } = await this.sign(conduct, by, "RespondToCase", {
      caseId,
      digest,
    });
    await this.act.sent(conduct.respondBySig(account, caseId, digest, deadline, signature));
  }

  async rule(by: number, caseId: bigint, ruling: Ruling): Promise<void> {
    const conduct = this.contracts.conduct.connect(this.act.setting.relayer);
    const { account, deadline, signature } = await this.sign(conduct, by, "RuleOnCase", {
      caseId,
      ...ruling,
    });
    await this.act.sent(conduct.ruleBySig(account, caseId, ruling, deadline, signature));
  }

  /** An appeal to another panel. */
  async appeal(by: number, caseId: bigint, reason: string): Promise<void> {
    const conduct = this.contracts.conduct.connect(this.act.setting.relayer);
    const message = { caseId, toMembers: false, reason };
    const { account, deadline, signature } = await this.sign(conduct, by, "AppealCase", message);
    await this.act.sent(conduct.appealBySig(account, caseId, false, reason, deadline, signature));
  }

  async commit(by: number, tip: string): Promise<void> {
    const panels = this.contracts.panels.connect(this.act.setting.relayer);
    const lastDraw = await panels.lastDraw();
    const { account, deadline, signature } = await this.sign(panels, by, "CommitChain", { lastDraw, tip });
    await this.act.sent(panels.commitBySig(account, tip, deadline, signature));
  }

  /** A member tries what must be refused. */
  async attempt(
    by: number,
    what: string,
    { to, data }: { readonly to: string; readonly data: string },
    refused: string,
  ): Promise<void> {
    const { forum, speakers, conduct, panels } = this.contracts;
    const faces: Interface[] = [forum, speakers, conduct, panels].map((one) => one.interface);
    const trial = { who: `member ${by}`, from: this.act.keyOf(by).address, what, to, data, refused };
    this.refused.push(await tryRefused(this.act, faces, trial));
  }

  /** The number of a list, by its name. */
  async listOf(name: string): Promise<number> {
    const { forum } = this.contracts;
    const last = Number(await forum.lastList());
    const names: string[] = [];
    for (let list = 1; list <= last; list++) names.push((await forum.listOf(list)).name);
    const index = names.indexOf(name);
    if (index < 0) throw new Problem(`The forum has no list "${name}", allowed: ${names.join(", ")}`);
    return index + 1;
  }

  async sign(
    contract: Forum | Speakers | Conduct | Panels,
    by: number,
    type: keyof typeof MESSAGES,
    message: Readonly<Record<string, unknown>>,
  ) {
    const wallet = this.act.keyOf(by);
    const deadline = await this.act.soon();
    const nonce = message.nonce ?? (await contract.nonces(wallet.address));
    const { name, version, chainId, verifyingContract } = await contract.eip712Domain();
    const signature = await wallet.signTypedData(
      { name, version, chainId, verifyingContract },
      { [type]: [...MESSAGES[type]] },
      { ...message, account: wallet.address, nonce, deadline },
    );
    return { account: wallet.address, deadline, signature };
  }
}
