import { CONTRACTS as BOOK, type ContractKey } from "../../scripts/lib/address-book.js";
import { ADMISSION_ROWS } from "./admission-rows.js";
import { ALLOWED, CALLERS, type Caller, type Cell, cellOf, type Row } from "./cells.js";
import { CLAIM_ROWS } from "./claim-rows.js";
import { DECISION_ROWS } from "./decision-rows.js";
import { DESK_ROWS } from "./desk-rows.js";
import { ELECTION_ROWS } from "./election-rows.js";
import { FORUM_ROWS } from "./forum-rows.js";
import { MOTION_ROWS } from "./motion-rows.js";
import { RECOVERY_ROWS } from "./recovery-rows.js";
import { ROLL_ROWS } from "./roll-rows.js";
import { ROOT_ROWS } from "./root-rows.js";

/** The name of a contract. */
export type ContractName = (typeof BOOK)[ContractKey];

/** The contracts of a coalition, by name. */
export const CONTRACTS = Object.fromEntries(
  Object.entries(BOOK).map(([key, name]) => [name, key]),
) as Readonly<Record<ContractName, ContractKey>>;

/** Who may call what: every function that can write, of every contract. */
export const TABLE: Record<ContractName, Record<string, Row>> = {
  ...ROLL_ROWS,
  ...DESK_ROWS,
  ...RECOVERY_ROWS,
  ...CLAIM_ROWS,
  ...ADMISSION_ROWS,
  ...DECISION_ROWS,
  ...ELECTION_ROWS,
  ...MOTION_ROWS,
  ...FORUM_ROWS,
  ...ROOT_ROWS,
};

/** Which error refuses whom, in a few words. */
function refusals(row: Row): string {
  const callers = new Map<Cell, Caller[]>();
  for (const caller of CALLERS) {
    const cell = cellOf(row, caller);
    if (cell !== ALLOWED) callers.set(cell, [...(callers.get(cell) ?? []), caller]);
  }
  const [only] = callers.size === 1 ? callers.keys() : [];
  if (only !== undefined) return `\`${only}\``;
  return [...callers].map(([error, refused]) => `\`${error}\` (${refused.join(", ")})`).join(", ");
}

/** The table as the document shows it. */
export function render(): string {
  const sections = Object.entries(TABLE).map(([name, rows]) => {
    const entries = Object.entries(rows);
    if (entries.length === 0) return `### ${name}\n\nNo function of this contract can write.\n`;
    const notes = new Set<string>();
    const lines = entries.map(([signature, row]) => {
      if (row.note) notes.add(`- \`${signature.split("(")[0]}\`: ${row.note}`);
      const cells = CALLERS.map((caller) => (cellOf(row, caller) === ALLOWED ? "yes" : "–"));
      return `| \`${signature}\` | ${cells.join(" | ")} | ${refusals(row)} |`;
    });
    const head = ["function", ...CALLERS, "refused with"];
    const table = [`| ${head.join(" | ")} |`, `|${head.map(() => "---|").join("")}`, ...lines];
    return [`### ${name}\n`, ...table, ...(notes.size > 0 ? ["", ...notes] : []), ""].join("\n");
  });
  return sections.join("\n");
}
