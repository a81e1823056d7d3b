import { classNumber } from "../../action-classes.js";
import { sourceAt } from "../../elections/source.js";
import { outcomeDifferences, recomputeOutcome } from "../../motions/outcome.js";
import type { Question } from "../roll/act.js";
import { counted } from "../words.js";
import type { Desk } from "./desk.js";
import type { StatementFigures } from "./figures.js";
import type { StoryPlan } from "./types.js";

const FILE = [
  { name: "account", type: "address" },
  { name: "proposalId", type: "uint256" },
  { name: "digest", type: "bytes32" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

const COSIGN = [
  { name: "account", type: "address" },
  { name: "statement", type: "uint256" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

/** Who voted against the plan says why; the record of the outcome holds it, and is computed again from the events. */
export async function playStatement(
  desk: Desk,
  { ballots, statement }: StoryPlan,
  { id: proposalId }: Question,
  fromBlock: number,
): Promise<StatementFigures> {
  const { act, contracts, texts } = desk;
  const statements = contracts.statements.connect(act.setting.relayer);
  const digest = await texts.put(statement.text);
  const data = statements.interface.encodeFunctionData("file", [proposalId, digest]);
  const call = { to: act.contracts.addresses.statements, data };
  await desk.attempt(statement.refused, "a statement on the plan", call, "MinorityStatementsNotAgainst");

  const author = act.keyOf(statement.by);
  const deadline = await act.soon();
  const filing = { account: author.address, proposalId, digest, deadline };
  const signature = await act.sign(statements, author, "FileStatement", FILE, filing);
  await act.sent(statements.fileBySig(author.address, proposalId, digest, deadline, signature));
  const number = await statements.lastStatement();
  await act.tell(`member ${statement.by}, who had voted against the plan, filed a statement that says why`);

  const cosignatures = [];
  for (const by of statement.cosigners) {
    const key = act.keyOf(by);
    const message = { account: key.address, statement: number, deadline };
    const signed = await act.sign(statements, key, "Cosign", COSIGN, message);
    cosignatures.push({ account: key.address, deadline, signature: signed });
  }
  await act.sent(statements.cosignMany(number, cosignatures));
  const { signers, until, digest: filed } = await statements.statementOf(number);
  act.same("statement: members who stand behind it", statement.cosigners.length + 1, signers);
  act.same("statement: byte for byte the file of the story", true, await texts.gives(filed, statement.text));
  await act.tell(
    `${counted(statement.cosigners.length, "other member")} who had voted against it stand behind the statement: one transaction brought their signatures`,
  );

  await act.setting.clock.reach(Number(until) + 1);
  const outcome = await statements.outcomeOf(proposalId);
  const { againstVotes, forVotes, abstainVotes, complete, record, closedAt } = outcome;
  act.same("statement: votes For of the record", ballots.for.length, forVotes);
  act.same("statement: votes Against of the record", ballots.against.length, againstVotes);
  act.same("statement: votes Abstain of the record", ballots.abstain.length, abstainVotes);
  act.same("statement: statements of the record", 1, outcome.statements);
  act.same("statement: record complete after the window", true, complete);
  const recount = await recomputed(desk, proposalId, fromBlock);
  const differences = outcomeDifferences(recount, outcome).map(({ what }) => what);
  act.same("statement: differences of a recount from the events", "", differences.join(", "));
  act.same("statement: digest of the recount", record, recount.record);
  await act.tell(
    "the window for statements is over and the record of the outcome complete, votes, statement and signatures under one digest; a recount from the chain's events comes to the same",
  );
  return {
    number: Number(number),
    by: statement.by,
    signers: Number(signers),
    text: statement.text.file,
    closedAt: Number(closedAt),
    until: Number(until),
    record,
  };
}

/** The outcome from events, judged as the story has it. */
async function recomputed({ act, contracts }: Desk, proposalId: bigint, fromBlock: number) {
  const { addresses } = act.contracts;
  const source = await sourceAt(act.setting.ethers, addresses);
  const logsOf = (address: string) => source.logs([address], [], fromBlock);
  return recomputeOutcome(
    { chainId: source.chainId, contract: addresses.statements },
    proposalId,
    {
      statements: await logsOf(addresses.statements),
      governor: await logsOf(addresses.governor),
      roll: await logsOf(addresses.membership),
    },
    {
      kind: BigInt(classNumber("resolution")),
      passed: true,
      window: await contracts.statements.window(),
    },
  );
}
