import { Interface, type LogDescription } from "ethers";
import { ACTION_CLASSES, classNumber, GUARDED, selectorOf } from "./action-classes.js";
import { CONTRACTS } from "./address-book.js";
import { asker, type CheckSubject, compare, type Finding, once, unique } from "./deploy-check-parts.js";
import type { Node } from "./network.js";
import { CLASSES } from "./parameters.js";
import { readLogs, same } from "./roles.js";

/** All that concerns how the coalition decides: governor, agenda, guardian, and the class of every act upon an organ. */
export async function checkDecisions(
  subject: CheckSubject,
): Promise<{ findings: Finding[]; remarks: string[] }> {
  const told = once(() => eventsOfBodies(subject));
  const classes = await checkClasses(subject, told);
  return {
    findings: [
      ...(await checkGovernor(subject)),
      ...(await checkAgenda(subject, told)),
      ...(await checkGuardian(subject, told)),
      ...classes.findings,
    ],
    remarks: [...classes.remarks],
  };
}

/** The governor itself: what it is tied to, and the rules of every class. */
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
  const { places } = subject.parameterFile.parameters.Agenda;
  const { contracts } = subject.book;
  const ask = await asker(subject, "agenda");
  return [
    await compare("agenda governor", contracts.governor, async () => governorOf(await told(), "agenda")),
    await compare("agenda motions", contracts.motions, () => ask("motions")),
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
