import { Interface, type LogDescription, type Result } from "ethers";
import type { ArtifactManager } from "hardhat/types/artifacts";
import { ACTION_CLASSES, classNumber, GUARDED, selectorOf } from "./action-classes.js";
import { type AddressBook, CONTRACTS, type ContractKey, DESKS, POLICY_KEYS } from "./address-book.js";
import { codeDifferences, compiledCode } from "./bytecode.js";
import { immutables } from "./immutables.js";
import type { KnownNetwork, Node } from "./network.js";
import { CLASSES, type ParameterFile, POLICIES, type Policy } from "./parameters.js";
import { Problem } from "./problem.js";
import { hasRole, ROLES, type RoleHistory, readLogs, roleHistory, same } from "./roles.js";

/** One thing that was looked at. */
export interface Finding {
  readonly subject: string;
  /** By the parameter file, the address book and the compiled contracts. */
  readonly expected: string;
  /** On the chain. */
  readonly found: string;
  readonly ok: boolean;
}

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

export interface CheckSubject {
  readonly book: AddressBook;
  readonly parameterFile: ParameterFile;
  readonly network: KnownNetwork;
  readonly node: Node;
  readonly artifacts: ArtifactManager;
  /** Is told how far the walks through the log got: the timelock's, then the governor's. */
  readonly report?: (block: number) => void;
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
    ...(await checkGovernor(subject)),
  ];
  const told = once(() => eventsOfBodies(subject));
  findings.push(...(await checkAgenda(subject, told)), ...(await checkGuardian(subject, told)));
  const classes = await checkClasses(subject, told);
  findings.push(...classes.findings);
  const remarks = [...classes.remarks];
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

async function checkGovernor(subject: CheckSubject): Promise<Finding[]> {
  const { contracts } = subject.book;
  const { $global, Governor } = subject.parameterFile.parameters;
  const ask = await asker(subject, "governor");
  const findings = [
    await compare("governor timelock", contracts.timelock, () => ask("timelock")),
    await compare("governor membership", contracts.membership, () => ask("membership")),
    await compare("governor agenda", contracts.agenda, () => ask("agenda")),
    await compare("governor guardian", contracts.guardian, () => ask("guardian")),
    await compare("governor name", Governor.name, () => ask("name")),
    await compare("governor shortestStage", $global.shortestStage, () => ask("shortestStage")),
  ];
  for (const key of CLASSES) {
    const rules = once(() => ask("rules", classNumber(key)));
    for (const [rule, value] of Object.entries(Governor[key])) {
      findings.push(await compare(`governor ${key}.${rule}`, value, async () => (await rules())[rule]));
    }
  }
  return findings;
}

async function checkAgenda(subject: CheckSubject, told: () => Promise<Told[]>): Promise<Finding[]> {
  const { places } = subject.parameterFile.parameters.Governor;
  const ask = await asker(subject, "agenda");
  return [
    await compare("agenda governor", subject.book.contracts.governor, async () =>
      governorOf(await told(), "agenda"),
    ),
    await compare("agenda places", places, () => ask("places")),
  ];
}

async function checkGuardian(subject: CheckSubject, told: () => Promise<Told[]>): Promise<Finding[]> {
  const { guardian, guardianTerm } = subject.parameterFile.parameters.Governor;
  const ask = await asker(subject, "guardian");
  const after = (seconds: number | string) => `${seconds} seconds after its deployment`;
  return [
    await compare("guardian governor", subject.book.contracts.governor, async () =>
      governorOf(await told(), "guardian"),
    ),
    await compare("guardian key", guardian, () => ask("key")),
    await compare("guardian sunset", after(guardianTerm), async () => {
      const { node, book } = subject;
      const sunset = Number(await ask("sunset"));
      // It was deployed in one of these blocks: in none before the deployment's first, in none after its governor's.
      const [bound] = (await told()).filter(({ by, event }) => by === "guardian" && event.name === BOUND);
      if (bound === undefined) return `${sunset}, and no event tells of its birth`;
      if (await hasBlockOf(node, sunset - guardianTerm, book.block, bound.block)) return after(guardianTerm);
      const [first, last] = [await timeOf(node, book.block), await timeOf(node, bound.block)];
      return after(`${sunset - last} to ${sunset - first}`);
    }),
  ];
}

/** The governor that one of its bodies serves, as the body told when it was bound: once, for good. */
function governorOf(told: readonly Told[], key: Body): string {
  const bound = told.filter(({ by, event }) => by === key && event.name === BOUND);
  return bound.map(({ event }) => event.args.governor).join(" and ") || "none by its events";
}

/**
 * Every organ is guarded, and what it does is an amendment but for the functions that {@link ACTION_CLASSES} names: by
 * all events since the governor's birth, and by its own answers for every function that can write.
 */
async function checkClasses(
  subject: CheckSubject,
  told: () => Promise<Told[]>,
): Promise<{ findings: Finding[]; remarks: string[] }> {
  const { book, artifacts } = subject;
  const ask = await asker(subject, "governor");
  const className = async (target: string, selector: string) =>
    CLASSES[Number(await ask("classOf", target, selector))] ?? "unknown";
  const guards = async () =>
    (await told())
      .filter(({ event }) => event.name === "TargetGuarded")
      .map(({ event }) => `${event.args.target}`);
  const findings: Finding[] = [];
  for (const key of GUARDED) {
    const target = book.contracts[key];
    findings.push(
      await compare(`${key} guard`, "in force", async () => {
        const isTold = (await guards()).some((one) => same(one, target));
        const answer = await className(target, NO_SELECTOR);
        if (isTold)
          return answer === "amendment" ? "in force" : "in the events, but not by the governor's answer";
        return answer === "amendment" ? "by the governor's answer, but not in the events" : "missing";
      }),
    );
    const { abi } = await artifacts.readArtifact(CONTRACTS[key]);
    const functions: string[] = [];
    new Interface(abi).forEachFunction((fragment) => {
      if (!fragment.constant) functions.push(fragment.format("sighash"));
    });
    const lesser = (classes: readonly (readonly [string, string])[]) => {
      const named = classes.filter(([, name]) => name !== "amendment").map((entry) => entry.join(" "));
      return named.length === 0 ? "amendment" : `amendment, but ${named.join(", ")}`;
    };
    const wanted = functions.map((signature) => {
      const entry = ACTION_CLASSES.find((one) => one.target === key && one.signature === signature);
      return [signature, entry?.class ?? "amendment"] as const;
    });
    findings.push(
      await compare(`${key} class`, lesser(wanted), async () =>
        lesser(
          await Promise.all(
            functions.map(async (one) => [one, await className(target, selectorOf(one))] as const),
          ),
        ),
      ),
    );
  }
  findings.push(
    await compare("governor table", "as released", async () => tableDifferences(subject, await told())),
  );
  const others = await guards()
    .then((all) => all.filter((one) => GUARDED.every((key) => !same(book.contracts[key], one))))
    .catch(() => []);
  return {
    findings,
    remarks: unique(others).map((one) => `the governor guards ${one} too: whatever calls it is an amendment`),
  };
}

/** What calls with fewer than four bytes have for a selector; no function of an organ has it. */
const NO_SELECTOR = "0x00000000";

/** How the table by its events differs from the released one; an entry that says amendment says nothing. */
function tableDifferences({ book }: CheckSubject, told: readonly Told[]): string {
  const entries = new Map<string, string>();
  for (const { event } of told) {
    if (event.name !== "ActionClassChanged") continue;
    const { target, selector, newClass } = event.args;
    entries.set(`${target} ${selector}`.toLowerCase(), CLASSES[Number(newClass)] ?? "unknown");
  }
  const differences: string[] = [];
  for (const { target, signature, class: wanted } of ACTION_CLASSES) {
    const key = `${book.contracts[target]} ${selectorOf(signature)}`.toLowerCase();
    const found = entries.get(key) ?? "amendment";
    if (found !== wanted) differences.push(`${target} ${signature} ${found} instead of ${wanted}`);
    entries.delete(key);
  }
  for (const [key, found] of entries) {
    if (found === "amendment") continue;
    const [address = "", selector] = key.split(" ");
    const target = GUARDED.find((one) => same(book.contracts[one], address)) ?? address;
    differences.push(`${target} ${selector} ${found} instead of amendment`);
  }
  return differences.join(", ") || "as released";
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

function unique(values: readonly string[]): string[] {
  return values.filter((value, index) => values.findIndex((other) => same(other, value)) === index);
}

/** Who tells of what decisions can do. */
type Body = "governor" | "agenda" | "guardian";

interface Told {
  readonly by: Body;
  readonly event: LogDescription;
  readonly block: number;
}

/** Of agenda and guardian, when they begin to serve a governor. */
const BOUND = "GovernorBound";

/** The events that are looked at. */
const TELLING: Readonly<Record<Body, readonly string[]>> = {
  governor: ["TargetGuarded", "ActionClassChanged"],
  agenda: [BOUND],
  guardian: [BOUND],
};

/** What governor, agenda and guardian told since the deployment's first block, in one walk through the log. */
async function eventsOfBodies({ artifacts, book, node, report }: CheckSubject): Promise<Told[]> {
  const bodies = await Promise.all(
    (Object.keys(TELLING) as Body[]).map(async (by) => {
      const { abi } = await artifacts.readArtifact(CONTRACTS[by]);
      return { by, address: book.contracts[by], face: new Interface(abi) };
    }),
  );
  const kinds = bodies.flatMap(({ by, face }) =>
    TELLING[by].map((name) => face.getEvent(name)?.topicHash ?? ""),
  );
  const addresses = bodies.map(({ address }) => address);
  const last = Number(await node.request({ method: "eth_blockNumber" }));
  const logs = await readLogs(node, addresses, book.block, last, report, unique(kinds));
  return logs.flatMap((log) =>
    bodies.flatMap(({ by, address, face }) => {
      const event = same(address, log.address)
        ? face.parseLog({ topics: [...log.topics], data: log.data })
        : null;
      return event !== null && TELLING[by].includes(event.name)
        ? [{ by, event, block: Number(log.blockNumber) }]
        : [];
    }),
  );
}

async function timeOf(node: Node, block: number): Promise<number> {
  const { timestamp } = await node.request({
    method: "eth_getBlockByNumber",
    params: [`0x${block.toString(16)}`, false],
  });
  return Number(timestamp);
}

/** Whether one of some blocks is of this moment; their moments never decrease. */
async function hasBlockOf(node: Node, moment: number, from: number, to: number): Promise<boolean> {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await timeOf(node, middle)) < moment) low = middle + 1;
    else high = middle;
  }
  return (await timeOf(node, low)) === moment;
}

/** Asks once, however often the answer is wanted. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** Asks a contract of the coalition by the name of a function. */
async function asker({ artifacts, book, node }: CheckSubject, key: ContractKey) {
  const { abi } = await artifacts.readArtifact(CONTRACTS[key]);
  const face = new Interface(abi);
  // biome-ignore lint/suspicious/noExplicitAny: the type of an answer depends on the function
  return async (name: string, ...args: unknown[]): Promise<any> => {
    const data = face.encodeFunctionData(name, args);
    const answer = await node.request({
      method: "eth_call",
      params: [{ to: book.contracts[key], data }, "latest"],
    });
    const result: Result = face.decodeFunctionResult(name, answer);
    return result.length === 1 ? result[0] : result;
  };
}

/** Compares a value with the chain's, as texts; addresses and digests whatever their case. */
async function compare(subject: string, wanted: unknown, ask: () => Promise<unknown>): Promise<Finding> {
  const expected = show(wanted);
  let found: string;
  try {
    found = show(await ask());
  } catch (error) {
    return { subject, expected, found: `no answer (${firstLine(error)})`, ok: false };
  }
  const ok = /^0x[0-9a-fA-F]+$/.test(expected) ? same(found, expected) : found === expected;
  return { subject, expected, found, ok };
}

const show = (value: unknown) => (Array.isArray(value) ? JSON.stringify(value) : String(value));

const firstLine = (error: unknown) =>
  String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
