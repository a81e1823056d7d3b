import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { MOTION_RULES } from "../../scripts/lib/parameters.js";
import AgendaModule from "./agenda.js";
import MembershipModule from "./membership.js";
import TimelockModule from "./timelock.js";

/** The charter, the motions that change it among other things, and what those say who voted against them. */
export default buildModule("Motions", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { membership } = m.useModule(MembershipModule);
  const { agenda, resolutions } = m.useModule(AgendaModule);
  const name = m.getParameter("name");
  const shortestStage = m.getParameter("shortestStage");
  const charter = m.contract("Charter", [agenda, timelock, m.getParameter("documents")]);
  const motions = m.contract("Motions", [
    name,
    membership,
    agenda,
    charter,
    resolutions,
    shortestStage,
    Object.fromEntries(MOTION_RULES.map((rule) => [rule, m.getParameter(rule)])),
  ]);
  const amendments = m.contract("Amendments", [name, membership, motions]);
  const statements = m.contract("MinorityStatements", [
    name,
    agenda,
    membership,
    m.getParameter("statementWindow"),
    shortestStage,
  ]);
  return { charter, motions, amendments, statements };
});
