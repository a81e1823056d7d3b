import { columns } from "../columns.js";
import { cidOf } from "../content/digest.js";
import type { Outcome } from "../member/coalition.js";
import type { Session } from "../member/session.js";
import { lengthOf } from "../record-series.js";

/** The lists of the forum: name, purpose, records, and whether they take posts. */
export async function tellLists({ coalition }: Session): Promise<Outcome> {
  const { forum } = coalition;
  const last = Number(await forum.lastList());
  const lists = [];
  for (let list = 1; list <= last; list++) {
    const { name, purpose, open } = await forum.listOf(list);
    const records = Number(lengthOf(await forum.seriesOf(list)));
    lists.push({ list, name, purpose, open, records });
  }
  return {
    lines: columns(
      ["list", "name", "records", "takes posts", "purpose"],
      lists.map(({ list, name, purpose, open, records }) => [
        ...[String(list), name, records.toLocaleString("en"), open ? "yes" : "no", `${cidOf(purpose)}`],
      ]),
    ),
    facts: { lists },
  };
}
