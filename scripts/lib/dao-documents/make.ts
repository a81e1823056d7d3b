import { decodeBytes32String, Interface, type LogDescription } from "ethers";
import { CoalitionGovernor__factory, type IMembership } from "../../../typechain-types/index.js";
import { CONTRACTS, type ContractKey, PURPOSES } from "../address-book.js";
import { safeTitle } from "../archive/safe-text.js";
import { sourceAt } from "../elections/source.js";
import type { Session } from "../member/session.js";
import { STATES } from "../pilot/types.js";
import { Problem } from "../problem.js";
import { authorsOf, subjectOf } from "./of-motions.js";
import {
  type Account,
  type ActivityDocument,
  CONTEXT,
  type ContractsDocument,
  type DaoDocument,
  type MembersDocument,
  type Origin,
  type ProposalsDocument,
} from "./shapes.js";

/** Members that the roll answers at a time, at the most. */
const PAGE = 200;
/** `IMembership.MemberStatus.Active`. */
const ACTIVE = 1n;

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

const GOVERNOR = new Interface(CoalitionGovernor__factory.abi);

/** The documents, by the names of their files. */
export interface Documents {
  readonly "dao.json": DaoDocument;
  readonly "members.json": MembersDocument;
  readonly "proposals.json": ProposalsDocument;
  readonly "activities.json": ActivityDocument;
  readonly "contracts.json": ContractsDocument;
  readonly "governance.md": string;
}

/**
 * Makes a coalition's documents out of what the chain says at its last block, and nothing else.
 * @param base Address under which the documents will be found, without a slash at its end.
 * @throws Problem for an address that is none.
 */
export async function makeDocuments(
  session: Session,
  base: string,
  say: (line: string) => void = () => {},
): Promise<Documents> {
  if (!/^(?:https|ipfs):\/\/[!#-[\]-~]+[^/]$/.test(base)) {
    throw new Problem(
      `The address is "${base}", allowed: https:// or ipfs:// and what follows, without a slash at its end`,
    );
  }
  const { ethers, coalition, contracts } = session;
  const { provider } = ethers;
  const latest = await provider.getBlock("latest");
  if (latest?.hash == null) throw new Problem("The node does not know its latest block; try again.");
  const blockTag = latest.number;
  const chain = `eip155:${session.network.chainId}`;
  const origin: Origin = { chain, block: latest.number, blockHash: latest.hash };
  const account = (address: string): Account => ({ type: "EthereumAddress", id: `${chain}:${address}` });
  const name = await coalition.membership.name({ blockTag });
  const frame = { "@context": CONTEXT, type: "DAO", name } as const;

  const roll = await rollAt(session, blockTag);
  const source = await sourceAt(ethers, contracts, say);
  const logs = (await source.logs([contracts.governor, contracts.motions], [], session.fromBlock)).filter(
    ({ blockNumber }) => blockNumber <= blockTag,
  );
  const authors = await authorsOf(session, logs, blockTag);
  const events = logs.flatMap((log) => {
    if (!same(log.address, contracts.governor)) return [];
    const event = GOVERNOR.parseLog({ topics: [...log.topics], data: log.data });
    return event === null ? [] : [{ log, event }];
  });
  const proposalId = (id: unknown) => `${chain}:${contracts.governor}?proposalId=${id}`;

  const proposals = [];
  for (const { event } of events.filter(({ event: { name: which } }) => which === "ProposalCreated")) {
    const state = await coalition.governor.state(event.args.proposalId, { blockTag });
    const description = String(event.args.description);
    const [title = ""] = description.replace(/^#+ /, "").split("\n");
    const subject = same(event.args.proposer, contracts.motions) ? subjectOf(description) : undefined;
    proposals.push({
      type: "proposal" as const,
      id: proposalId(event.args.proposalId),
      name: subject?.name ?? safeTitle(title),
      contentURI: subject?.contentURI ?? `${base}/proposals.json#${event.args.proposalId}`,
      ...(subject === undefined ? { content: description } : {}),
      status: (STATES[Number(state)] ?? "Pending").toLowerCase(),
      calls: callsOf(event, contracts.timelock),
    });
  }
  const activities = events.flatMap(({ log, event }) => {
    if (event.name !== "ProposalCreated" && !event.name.startsWith("VoteCast")) return [];
    const author = roll.find(({ number }) => number === authors.get(event.args.proposalId));
    const who = event.name === "ProposalCreated" ? (author?.key ?? event.args.proposer) : event.args.voter;
    return [
      {
        id: `${chain}:${contracts.governor}?transaction=${log.transactionHash}&log=${log.index}`,
        type: "activity" as const,
        proposal: { type: "proposal" as const, id: proposalId(event.args.proposalId) },
        member: account(who),
      },
    ];
  });
  const governance = await governanceOf(session, name, origin);
  const again = await provider.getBlock(blockTag);
  if (again?.hash !== origin.blockHash) {
    throw new Problem(
      `Block ${blockTag} of chain ${session.network.chainId} was replaced meanwhile; try again.`,
    );
  }
  return {
    "dao.json": {
      ...frame,
      description: `Members decide together, one vote each; ${Object.keys(CONTRACTS).length} contracts, none of which anybody owns.`,
      membersURI: `${base}/members.json`,
      proposalsURI: `${base}/proposals.json`,
      activityLogURI: `${base}/activities.json`,
      governanceURI: `${base}/governance.md`,
      contractsURI: `${base}/contracts.json`,
    },
    "members.json": { ...frame, origin, members: membersOf(session, roll, account) },
    "proposals.json": { ...frame, origin, proposals },
    "activities.json": { ...frame, origin, activities },
    "contracts.json": {
      ...frame,
      origin,
      contracts: [
        ...(await coalition.root.organs({ blockTag })).map(({ name: key, account: address }) => {
          const organ = decodeBytes32String(key) as ContractKey;
          return {
            ...account(address),
            name: CONTRACTS[organ] ?? organ,
            description: PURPOSES[organ] ?? organ,
          };
        }),
        { ...account(contracts.root), name: CONTRACTS.root, description: PURPOSES.root },
      ],
    },
    "governance.md": governance,
  };
}

function callsOf({ args }: LogDescription, timelock: string) {
  // By their places: "values" of a list is a function of its own.
  const [, , targets, values, , calldatas] = args;
  return [...(targets as string[])].map((to, index) => ({
    type: "CallDataEVM" as const,
    operation: "call" as const,
    from: timelock,
    to,
    value: String(values[index]),
    data: String(calldatas[index]),
  }));
}

/** Everybody who is or was on the roll, by number. */
async function rollAt({ coalition }: Session, blockTag: number): Promise<IMembership.MemberStructOutput[]> {
  const last = Number(await coalition.membership.lastNumber({ blockTag }));
  const found: IMembership.MemberStructOutput[] = [];
  for (let first = 1; first <= last; first += PAGE) {
    found.push(...(await coalition.membership.members(first, PAGE, { blockTag })));
  }
  return found;
}

function membersOf(
  { groups }: Session,
  roll: readonly IMembership.MemberStructOutput[],
  account: (address: string) => Account,
) {
  return roll
    .filter(({ status }) => status === ACTIVE)
    .map((member) => ({
      ...account(member.key),
      number: Number(member.number),
      group: groups[Number(member.group)] ?? `group ${member.group}`,
    }));
}

/** How the coalition decides, in a page. */
async function governanceOf(
  { coalition, groups }: Session,
  name: string,
  { chain, block }: Origin,
): Promise<string> {
  const blockTag = block;
  const rows = [];
  for (const [index, kind] of [
    "change of a motion",
    "resolution",
    "action",
    "appeal",
    "amendment",
  ].entries()) {
    const rules = await coalition.governor.rules(index, { blockTag });
    const percent = (bps: bigint) => `${Number(bps) / 100} %`;
    rows.push(
      `| ${kind} | ${percent(rules.quorumBps)} | more than ${percent(rules.approvalBps)} | ${rules.concurrence} |`,
    );
  }
  const last = Number(await coalition.charter.lastDocument({ blockTag }));
  const documents = [];
  for (let document = 1; document <= last; document++) {
    const { title, version } = await coalition.charter.documentOf(document, { blockTag });
    documents.push(`- ${safeTitle(title)}, version ${version}`);
  }
  return [
    `# How ${safeTitle(name)} decides`,
    "",
    `Read at block ${block} of ${chain}. Members have one vote each. What a decision does gives it its class:`,
    "",
    "| class | quorum | approval | groups that must agree |",
    "|---|---|---|---|",
    ...rows,
    "",
    `Stakeholder groups: ${groups.map(safeTitle).join(", ")}.`,
    "",
    "## Governing documents",
    "",
    ...documents,
    "",
  ].join("\n");
}
