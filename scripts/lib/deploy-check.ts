import { CONTRACTS, type ContractKey, DESKS, POLICY_KEYS } from "./address-book.js";
import { codeDifferences, compiledCode } from "./bytecode.js";
import { checkForum } from "./deploy-check-forum.js";
import { checkDecisions } from "./deploy-check-governor.js";
import { checkMotions } from "./deploy-check-motions.js";
import { asker, type CheckSubject, compare, type Finding, firstLine, unique } from "./deploy-check-parts.js";
import { checkRoot } from "./deploy-check-root.js";
import { immutables } from "./immutables.js";
import { POLICIES, type Policy } from "./parameters.js";
import { Problem } from "./problem.js";
import { hasRole, ROLES, type RoleHistory, roleHistory, same } from "./roles.js";

export type { CheckSubject, Finding } from "./deploy-check-parts.js";

export interface CheckReport {
  readonly deployment: string;
  readonly network: string;
  readonly chainId: number;
  readonly parameters: { readonly file: string; readonly digest: string };
  /** Worth knowing, but no difference. */
  readonly remarks: readonly string[];
  readonly findings: readonly Finding[];
  readonly ok: boolean;
}

/** A difference, as one line. */
export const describeDifference = ({ subject, expected, found }: Finding) =>
  `${subject} is ${found}, expected ${expected}`;

/**
 * Holds a deployed coalition against its parameter file, by what the chain says and nothing else: code with every
 * immutable, parameters, who obeys whom, the holders of every role, and the class of every act upon an organ.
 */
export async function checkDeployment(subject: CheckSubject): Promise<CheckReport> {
  const { book, parameterFile, network } = subject;
  if (BigInt(book.chainId) !== network.chainId) {
    throw new Problem(
      `The deployment "${book.deployment}" is on chain ${book.chainId}, but ${network.name} is chain ${network.chainId}.`,
    );
  }
  const findings = [
    ...(await checkCode(subject)),
    ...(await checkTimelock(subject)),
    ...(await checkRoles(subject)),
    ...(await checkMembership(subject)),
    ...(await checkDesks(subject)),
    ...(await checkPolicies(subject)),
    ...(await checkElections(subject)),
    ...(await checkMotions(subject)),
    ...(await checkForum(subject)),
    ...(await checkRoot(subject)),
  ];
  const decisions = await checkDecisions(subject);
  findings.push(...decisions.findings);
  const remarks = [...decisions.remarks];
  if (book.parameters.digest !== parameterFile.digest) {
    remarks.unshift(
      `${parameterFile.path} is not, byte for byte, the file that was deployed (${book.parameters.digest})`,
    );
  }
  return {
    deployment: book.deployment,
    network: network.name,
    chainId: book.chainId,
    parameters: { file: parameterFile.path, digest: parameterFile.digest },
    remarks,
    findings,
    ok: findings.every(({ ok }) => ok),
  };
}

async function checkCode(subject: CheckSubject): Promise<Finding[]> {
  const { book, node, artifacts, parameterFile } = subject;
  const findings: Finding[] = [];
  // Its code must hold what it answers; whether that is right, a check of its own says.
  const sunset = await (await asker(subject, "guardian"))("sunset").then(Number, () => 0);
  for (const [key, contract] of Object.entries(CONTRACTS) as [ContractKey, string][]) {
    const compiled = await compiledCode(artifacts, contract);
    const actual: string = await node.request({
      method: "eth_getCode",
      params: [book.contracts[key], "latest"],
    });
    const values = immutables(key, book, parameterFile.parameters, sunset);
    const differences = codeDifferences(actual, compiled, values);
    findings.push({
      subject: `${key} code`,
      expected: `${contract} as compiled`,
      found: differences.length === 0 ? `${contract} as compiled` : differences.join("; "),
      ok: differences.length === 0,
    });
  }
  return findings;
}

async function checkTimelock(subject: CheckSubject): Promise<Finding[]> {
  const { $global, Timelock } = subject.parameterFile.parameters;
  const ask = await asker(subject, "timelock");
  return [
    await compare("timelock delay", Timelock.delay, () => ask("getMinDelay")),
    await compare("timelock shortestStage", $global.shortestStage, () => ask("SHORTEST_STAGE")),
  ];
}

async function checkMembership(subject: CheckSubject): Promise<Finding[]> {
  const { book } = subject;
  const { Membership: wanted } = subject.parameterFile.parameters;
  const ask = await asker(subject, "membership");
  const pace = (key: string) => async () => (await ask("maturity"))[key];
  const policy = (name: Policy) => `${name} ${book.contracts[POLICY_KEYS[name]]}`;
  const policyAt = (address: string) => {
    const name = POLICIES.find((one) => same(book.contracts[POLICY_KEYS[one]], address));
    return name === undefined ? `none of this deployment's, but ${address}` : policy(name);
  };
  return [
    await compare("membership timelock", book.contracts.timelock, () => ask("timelock")),
    await compare("membership admissionPolicy", policy(wanted.admissionPolicy), async () =>
      policyAt(await ask("admissionPolicy")),
    ),
    await compare("membership card", book.contracts.card, () => ask("memberCard")),
    await compare("membership name", wanted.name, () => ask("name")),
    await compare("membership symbol", wanted.symbol, () => ask("symbol")),
    await compare("membership groups", wanted.groups, async () => [...(await ask("groups"))]),
    await compare(
      "membership codeDigest",
      wanted.codeDigest,
      async () => (await ask("codeOfConduct")).digest,
    ),
    await compare("membership waitingFloor", wanted.waitingFloor, () => ask("waitingFloor")),
    await compare("membership waitingPeriod", wanted.waitingPeriod, pace("waitingPeriod")),
    await compare("membership epochLength", wanted.epochLength, pace("epochLength")),
    await compare("membership epochShareBps", wanted.epochShareBps, pace("epochShareBps")),
    await compare("membership epochFloor", wanted.epochFloor, pace("epochFloor")),
  ];
}

/** The roll has these desks, they serve this roll, and each has its parameters. */
async function checkDesks(subject: CheckSubject): Promise<Finding[]> {
  const { contracts } = subject.book;
  const { Membership: wanted } = subject.parameterFile.parameters;
  const membership = await asker(subject, "membership");
  const findings: Finding[] = [];
  for (const key of DESKS) {
    const ask = await asker(subject, key);
    findings.push(
      await compare(`membership ${key}`, contracts[key], async () => (await membership("desks"))[key]),
      await compare(`${key} roll`, contracts.membership, () => ask("roll")),
    );
  }
  const [confirmations, recovery, affiliations, claims, delegations] = [
    await asker(subject, "confirmations"),
    await asker(subject, "recovery"),
    await asker(subject, "affiliations"),
    await asker(subject, "claims"),
    await asker(subject, "delegations"),
  ];
  const claimed = (key: string) => async () => (await claims("rules"))[key];
  const affiliated = (key: string) => async () => (await affiliations("rule"))[key];
  return [
    ...findings,
    await compare("confirmations confirmationPeriod", wanted.confirmationPeriod, () =>
      confirmations("period"),
    ),
    await compare("recovery recoveryDelay", wanted.recoveryDelay, () => recovery("delay")),
    await compare("affiliations oneVoice", wanted.oneVoice, affiliated("oneVoice")),
    await compare("affiliations claimCooldown", wanted.claimCooldown, affiliated("cooldown")),
    await compare("claims claimCooldown", wanted.claimCooldown, claimed("cooldown")),
    await compare("claims challengeWindow", wanted.challengeWindow, claimed("window")),
    await compare("claims challengers", wanted.challengers, claimed("challengers")),
    await compare("delegations delegationCap", wanted.delegationCap, () => delegations("cap")),
  ];
}

/** The policies have their parameters, in force or not; which one is, the check of the roll says. */
async function checkPolicies(subject: CheckSubject): Promise<Finding[]> {
  const { contracts } = subject.book;
  const { Admission: wanted } = subject.parameterFile.parameters;
  const [vouched, attested, either] = [
    await asker(subject, "vouched"),
    await asker(subject, "attested"),
    await asker(subject, "either"),
  ];
  const rule = (key: string) => async () => (await vouched("rules"))[key];
  return [
    await compare("vouched roll", contracts.membership, () => vouched("roll")),
    await compare("vouched vouchers", wanted.vouchers, rule("vouchers")),
    await compare("vouched voucherGroups", wanted.voucherGroups, rule("groups")),
    await compare("vouched vouchSlots", wanted.vouchSlots, rule("slots")),
    await compare("vouched vouchCooldown", wanted.vouchCooldown, rule("cooldown")),
    await compare("attested roll", contracts.membership, () => attested("roll")),
    await compare("attested timelock", contracts.timelock, () => attested("timelock")),
    await compare("either policies", [contracts.vouched, contracts.attested], async () => [
      ...(await either("policies")),
    ]),
    await compare("either requiresAll", false, () => either("requiresAll")),
  ];
}

/** Offices and elections serve each other, and all of them this roll; which rules an office has, the members decide. */
async function checkElections(subject: CheckSubject): Promise<Finding[]> {
  const { contracts } = subject.book;
  const [offices, elections] = [await asker(subject, "offices"), await asker(subject, "elections")];
  const findings = [
    await compare("offices elections", contracts.elections, () => offices("elections")),
    await compare("elections offices", contracts.offices, () => elections("offices")),
    await compare("elections roll", contracts.membership, () => elections("membership")),
  ];
  for (const key of ["approval", "ranked"] as const) {
    const ask = await asker(subject, key);
    findings.push(await compare(`${key} elections`, contracts.elections, () => ask("elections")));
  }
  return findings;
}

/** The governor acts, the timelock is its own admin, and nobody else has or could have any power. */
async function checkRoles(subject: CheckSubject): Promise<Finding[]> {
  const { book, node } = subject;
  const { timelock, governor } = book.contracts;
  const known: readonly (readonly [string, string])[] = [
    ["timelock", timelock],
    ["governor", governor],
    ["deployer", book.deployer],
    ["anybody", "0x0000000000000000000000000000000000000000"],
  ];
  const nameOf = (account: string) => {
    const name = known.find(([, address]) => same(address, account))?.[0];
    return name === undefined ? account : `${name} ${account}`;
  };
  let history: RoleHistory;
  try {
    history = await roleHistory(node, timelock, book.block, subject.report);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const found = `unreadable (${firstLine(error)})`;
    return [{ subject: "timelock role events", expected: "all since its birth", found, ok: false }];
  }
  const findings: Finding[] = [
    {
      subject: "timelock role events",
      expected: "all since its birth",
      found: history.fromBirth
        ? "all since its birth"
        : `none of its birth from block ${book.block} on: log incomplete`,
      ok: history.fromBirth,
    },
    {
      subject: "operations before the handover",
      expected: "none",
      found: history.scheduledEarly.join(", ") || "none",
      ok: history.scheduledEarly.length === 0,
    },
    {
      subject: "changed role admins",
      expected: "none",
      found: history.adminChanges.map(roleName).join(", ") || "none",
      ok: history.adminChanges.length === 0,
    },
  ];
  const suspects = unique([
    ...known.map(([, account]) => account),
    ...history.everHeld.map(({ account }) => account),
  ]);
  const roles = unique([...Object.keys(ROLES), ...history.everHeld.map(({ role }) => role)]);
  for (const role of roles) {
    const wanted =
      ROLES[role] === undefined ? [] : [ROLES[role] === "DEFAULT_ADMIN_ROLE" ? timelock : governor];
    const found: string[] = [];
    const contradicted: string[] = [];
    for (const account of suspects) {
      let answer: boolean;
      try {
        answer = await hasRole(node, timelock, role, account);
      } catch (error) {
        contradicted.push(`no answer for ${nameOf(account)} (${firstLine(error)})`);
        continue;
      }
      const told = history.holders.some((holder) => holder.role === role && same(holder.account, account));
      if (answer || told) found.push(account);
      if (answer !== told) contradicted.push(`events and hasRole disagree on ${nameOf(account)}`);
    }
    const ok =
      contradicted.length === 0 &&
      found.length === wanted.length &&
      found.every((one) => same(one, wanted[0] ?? ""));
    findings.push({
      subject: roleName(role),
      expected: wanted.map(nameOf).join(", ") || "nobody",
      found: [found.map(nameOf).join(", ") || "nobody", ...contradicted].join("; "),
      ok,
    });
  }
  return findings;
}

const roleName = (role: string) => ROLES[role] ?? `role ${role}`;
