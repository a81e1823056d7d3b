import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join as joinPath, relative } from "node:path";
import { isHexString } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Result } from "hardhat/types/utils";
import { command } from "../lib/command.js";
import { sendRequest } from "../lib/member/acts.js";
import { attest as attestKey, readId, VALIDITY } from "../lib/member/attest.js";
import type { Outcome } from "../lib/member/coalition.js";
import { requireCodeInForce } from "../lib/member/code.js";
import * as lib from "../lib/member/commands.js";
import { DECLINE, DELEGATE, longestEnd, TAKE_DELEGATIONS } from "../lib/member/delegate.js";
import { markDormant } from "../lib/member/dormancy.js";
import { NAME_GUARDIANS } from "../lib/member/guardians.js";
import { groupOf, JOIN } from "../lib/member/join.js";
import { CONFIRM, RESIGN } from "../lib/member/leave.js";
import { memberAt, memberOf, readAddress, readWhole } from "../lib/member/lookup.js";
import { readEvidence } from "../lib/member/policy.js";
import { joinWith, qualifyWith } from "../lib/member/present.js";
import { qualify as enterQueue } from "../lib/member/qualify.js";
import * as recovery from "../lib/member/recover.js";
import { ROTATE } from "../lib/member/rotate.js";
import { actingAccount, chosenAccount, openSession, type Session } from "../lib/member/session.js";
import { status as tellStatus } from "../lib/member/status.js";
import { VOUCH, WITHDRAW_VOUCH } from "../lib/member/vouch.js";
import { readMoment } from "../lib/member/words.js";
import { withoutSecrets } from "../lib/network.js";
import { Problem } from "../lib/problem.js";
import { chainIdOf, given } from "./options.js";

/** What every command takes. */
export interface Common {
  readonly parameters: string;
  readonly deployment: string;
  readonly chainId: string;
  readonly account: string;
  readonly json: boolean;
}
type Manner = Common & lib.Manner;
type ConsentManner = Common & lib.ConsentManner & { readonly newKey: string };

/** Runs a command in a session of its own and shows its outcome. */
export const member = <O extends Common>(
  work: (session: Session, options: O, hre: HardhatRuntimeEnvironment) => Promise<Outcome>,
) => shown<O>((options, hre) => inSession(options, hre, (session) => work(session, options, hre)));

/** Runs a command and shows its outcome: for a person, or for a machine. */
export const shown =
  <O extends { readonly json: boolean }>(
    work: (options: O, hre: HardhatRuntimeEnvironment) => Promise<Outcome>,
  ) =>
  (options: O, hre: HardhatRuntimeEnvironment): Promise<Result<void, void>> =>
    command(async () => {
      try {
        const { lines, facts } = await work(options, hre);
        console.log(options.json ? JSON.stringify({ ok: true, ...facts }, undefined, 2) : lines.join("\n"));
        // What was found can be the failure: a recount that differs.
        return facts.ok !== false;
      } catch (error) {
        const problem = withoutSecrets(error instanceof Error ? error.message : String(error));
        if (options.json) console.log(JSON.stringify({ ok: false, problem }, undefined, 2));
        throw error;
      }
    });

async function inSession<T>(
  options: Common,
  hre: HardhatRuntimeEnvironment,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const chainId = chainIdOf(options.chainId);
  const connection = await hre.network.create();
  try {
    const session = await openSession(connection, {
      deployments: joinPath(hre.config.paths.ignition, "deployments"),
      deployment: given(options.deployment),
      parameters: given(options.parameters),
      chainId,
    });
    return await work(session);
  } finally {
    await connection.close();
  }
}

export const join = member(
  async (
    session,
    options: Manner & { group: string; code: string; evidence: string; statement: string },
    hre,
  ) => {
    const group = groupOf(session, options.group);
    const evidence = await readEvidence(session, options.evidence);
    const own = relative(process.cwd(), joinPath(hre.config.paths.root, "docs", "code-of-conduct.md"));
    const path = given(options.code) ?? own;
    const { digest: codeDigest, version } = await requireCodeInForce(session, path);
    const account = actingAccount(session, options.account);
    const message = { account: account.address, group, codeDigest, evidence };
    if (options.statement !== "" && (options.signOnly || options.out !== "")) {
      throw new Problem(
        "--statement is for joining in person; after a request was sent, bring it with `member qualify --statement`.",
      );
    }
    const { lines, facts } =
      options.statement === ""
        ? await lib.carryOut(session, options, JOIN, message)
        : await joinWith(session, message, options.statement, account);
    const accepted = `${path} is the Code of Conduct in force, version ${version}, sha2-256 ${codeDigest}.`;
    const isRequest = options.signOnly && options.out === "";
    return {
      lines: isRequest ? lines : [accepted, ...lines],
      facts: { ...facts, codeOfConduct: { version, digest: codeDigest } },
    };
  },
);

export const status = member(
  async (session, options: Common & { key: string; number: string; decision: string }) => {
    if (options.key !== "" && options.number !== "") throw new Problem("Either --key or --number, not both.");
    const decision = given(options.decision);
    const own =
      session.accounts[0] === undefined ? undefined : chosenAccount(session, options.account).address;
    if (options.number !== "") {
      const number = lib.readNumber("--number", options.number);
      const { key } = await memberAt(session, number);
      return tellStatus(session, { number }, key === own, decision);
    }
    const key =
      options.key === ""
        ? chosenAccount(session, options.account).address
        : readAddress("--key", options.key);
    return tellStatus(session, { key }, key === own, decision);
  },
);

export const qualify = member(
  async (session, options: Common & { number: string; evidence: string; statement: string }) => {
    const number = lib.readNumber("--number", options.number);
    const evidence = await readEvidence(session, options.evidence);
    const account = actingAccount(session, options.account);
    return options.statement === ""
      ? enterQueue(session, number, evidence, account)
      : qualifyWith(session, number, { path: options.statement, evidence }, account);
  },
);

type AttestOptions = Common & {
  readonly key: string;
  readonly group: string;
  readonly organisation: boolean;
  readonly expires: string;
  readonly id: string;
  readonly out: string;
};

export const attest = member((session, options: AttestOptions) => {
  const { key, group, organisation, expires, id, out } = options;
  const message = {
    account: readAddress("--key", key),
    group: groupOf(session, group),
    organisation,
    id: readId(id),
    expires: expires === "" ? session.now + VALIDITY : readMoment("--expires", expires, session.now),
  };
  return attestKey(session, message, actingAccount(session, options.account), out);
});

export const vouch = member((session, options: Manner & { number: string; withdraw: boolean }) => {
  const account = actingAccount(session, options.account).address;
  const candidate = lib.readNumber("--number", options.number);
  return lib.carryOut(session, options, options.withdraw ? WITHDRAW_VOUCH : VOUCH, { account, candidate });
});

export const delegate = member(
  async (
    session,
    options: Manner & { to: string; until: string; takeBack: boolean; accept: string; decline: string },
  ) => {
    const what = lib.oneOf(options, ["to", "takeBack", "accept", "decline"]);
    const account = actingAccount(session, options.account).address;
    if (what === "decline") {
      const number = lib.readNumber("--decline", options.decline);
      return lib.carryOut(session, options, DECLINE, { account, number });
    }
    if (what === "accept") {
      const limit = readWhole("--accept", options.accept, 0, 255);
      return lib.carryOut(session, options, TAKE_DELEGATIONS, { account, limit });
    }
    if (what === "takeBack") {
      const back = { delegator: account, delegatee: account, ends: 0 };
      return lib.carryOut(session, options, DELEGATE, back);
    }
    const delegatee = options.to.startsWith("0x")
      ? readAddress("--to", options.to)
      : (await memberAt(session, lib.readNumber("--to", options.to))).key;
    if (delegatee === account) {
      throw new Problem("That is yourself; to take the vote back, give --take-back.");
    }
    const ends =
      options.until === "" ? await longestEnd(session) : readMoment("--until", options.until, session.now);
    return lib.carryOut(session, options, DELEGATE, { delegator: account, delegatee, ends });
  },
);

export const rotate = member(async (session, options: ConsentManner & { number: string }) => {
  const own = actingAccount(session, options.account).address;
  if (options.consent) {
    const number = lib.readNumber("--number", options.number);
    const newKey = options.newKey === "" ? own : readAddress("--new-key", options.newKey);
    return lib.consentTo(session, options, ROTATE, { number, newKey });
  }
  const newKey = readAddress("--new-key", options.newKey);
  const { number } = await memberOf(session, own);
  const consent = await lib.consentGiven(session, options, ROTATE, newKey);
  return lib.carryOut(session, options, ROTATE, { number, newKey }, consent);
});

type RecoverOptions = ConsentManner & {
  readonly nameGuardians: string;
  readonly threshold: string;
  readonly request: string;
  readonly approve: string;
  readonly veto: boolean;
  readonly complete: string;
  readonly claim: string;
  readonly reason: string;
};

export const recover = member(async (session, options: RecoverOptions) => {
  const what = lib.oneOf(options, ["nameGuardians", "request", "approve", "veto", "complete", "claim"]);
  const account = actingAccount(session, options.account);
  const own = account.address;
  switch (what) {
    case "nameGuardians": {
      const guardians =
        options.nameGuardians === "none"
          ? []
          : lib.readList(options.nameGuardians).map((one) => readAddress("--name-guardians", one));
      const threshold = guardians.length === 0 ? 0 : readWhole("--threshold", options.threshold, 1, 255);
      return lib.carryOut(session, options, NAME_GUARDIANS, { account: own, guardians, threshold });
    }
    case "request": {
      const number = lib.readNumber("--request", options.request);
      const newKey =
        options.consent && options.newKey === "" ? own : readAddress("--new-key", options.newKey);
      const message = { guardian: own, number, newKey };
      if (options.consent) return lib.consentTo(session, options, recovery.REQUEST_RECOVERY, message);
      const consent = await lib.consentGiven(session, options, recovery.REQUEST_RECOVERY, newKey);
      return lib.carryOut(session, options, recovery.REQUEST_RECOVERY, message, consent);
    }
    case "approve": {
      const number = lib.readNumber("--approve", options.approve);
      const newKey = readAddress("--new-key", options.newKey);
      return lib.carryOut(session, options, recovery.APPROVE_RECOVERY, { guardian: own, number, newKey });
    }
    case "veto": {
      const { number } = await memberOf(session, own);
      const { newKey } = await recovery.requireRequest(session, number);
      return lib.carryOut(session, options, recovery.VETO_RECOVERY, { account: own, number, newKey });
    }
    case "complete":
      return recovery.completeRecovery(session, lib.readNumber("--complete", options.complete), account);
    case "claim": {
      const number = lib.readNumber("--claim", options.claim);
      const message = { number, newKey: own, reasonDigest: digestOf(options.reason) };
      return lib.carryOut(session, options, recovery.CLAIM_NUMBER, message);
    }
  }
});

export const confirm = member((session, options: Manner & { markDormant: string }) => {
  const account = actingAccount(session, options.account);
  if (options.markDormant === "") {
    return lib.carryOut(session, options, CONFIRM, { account: account.address });
  }
  const numbers = lib.readList(options.markDormant).map((text) => lib.readNumber("--mark-dormant", text));
  return markDormant(session, numbers, account);
});

export const resign = member(async (session, options: Manner & { yes: boolean }) => {
  const account = actingAccount(session, options.account).address;
  const { number } = await memberOf(session, account);
  if (!options.yes) {
    throw new Problem(
      `Member number ${number} would be gone for good, and with it its vote. If you mean it, give --yes.`,
    );
  }
  return lib.carryOut(session, options, RESIGN, { account });
});

export const send = member(async (session, options: Common & { request: string }) => {
  if (options.request === "") throw new Problem("Say which request to send: --request <file>");
  return sendRequest(session, options.request, actingAccount(session, options.account));
});

/** The digest of something published, of reasons unless told otherwise: given as it is, or of a file. */
export function digestOf(text: string, option = "--reason", what = "the reasons, or their"): string {
  if (isHexString(text, 32)) return text;
  if (text === "" || !existsSync(text)) {
    throw new Problem(
      `${option} is "${text}", allowed: a file with ${what} digest (0x and 64 hexadecimal digits)`,
    );
  }
  return `0x${createHash("sha256").update(readFileSync(text)).digest("hex")}`;
}
