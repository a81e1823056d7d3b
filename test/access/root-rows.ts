import { type Row, timelockOnly } from "./cells.js";

/** Who may call what of the root. */
export const ROOT_ROWS = {
  Coalition: {
    "setDaoURI(string)": {
      ...timelockOnly(
        "DAOURIUpdate",
        () => ["https://example.org/dao.json"],
        undefined,
        "CoalitionUnauthorized",
      ),
      says: async ({ timelock }, caller) => ({
        CoalitionUnauthorized: [caller, await timelock.getAddress()],
      }),
    },
  },
} satisfies Record<string, Record<string, Row>>;
