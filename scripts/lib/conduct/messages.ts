const ACCOUNT = { name: "account", type: "address" };
const number = (name: string) => ({ name, type: "uint256" });
const word = (name: string) => ({ name, type: "bytes32" });
const flag = (name: string) => ({ name, type: "bool" });
const ENDING = [number("nonce"), number("deadline")];

/** What members sign for cases and panels, by the name of the EIP-712 type, as `ConductMessages` and `Panels` have it. */
export const CONDUCT_MESSAGES = {
  FileComplaint: [
    ACCOUNT,
    ...[
      number("respondent"),
      number("clause"),
      word("rule"),
      number("list"),
      number("post"),
      word("evidence"),
    ],
    ...ENDING,
  ],
  RespondToCase: [ACCOUNT, number("caseId"), word("digest"), ...ENDING],
  RuleOnCase: [
    ...[ACCOUNT, number("caseId")],
    ...["upheld", "warn", "hide", "erase", "refer"].map(flag),
    ...[number("suspension"), word("reason")],
    ...ENDING,
  ],
  AppealCase: [ACCOUNT, number("caseId"), flag("toMembers"), word("reason"), ...ENDING],
  CommitChain: [ACCOUNT, number("lastDraw"), word("tip"), ...ENDING],
} as const;

/** A complaint, as `IConduct.Complaint` has it. */
export interface Complaint {
  readonly respondent: number;
  readonly clause: number;
  readonly rule: string;
  readonly list: number;
  readonly post: number;
  readonly evidence: string;
}

/** A ruling, as `IConduct.Ruling` has it. */
export interface Ruling {
  readonly upheld: boolean;
  readonly warn: boolean;
  readonly hide: boolean;
  readonly erase: boolean;
  readonly refer: boolean;
  /** Seconds. */
  readonly suspension: number;
  /** Digest (sha2-256) of the reasons. */
  readonly reason: string;
}
