import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { encodeBytes32String } from "ethers";
import AdmissionModule from "./admission.js";
import AgendaModule from "./agenda.js";
import ConductModule from "./conduct.js";
import ElectionsModule from "./elections.js";
import ForumModule from "./forum.js";
import GovernorModule from "./governor.js";
import MembershipModule from "./membership.js";
import MotionsModule from "./motions.js";
import TimelockModule from "./timelock.js";

/** The timelock's roles that the governor gets, and nobody else. */
const ROLES = ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"] as const;

/** A whole coalition. The last step takes the deployer's only power away. */
export default buildModule("Coalition", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { membership, card, admission, ...desks } = m.useModule(MembershipModule);
  const policies = m.useModule(AdmissionModule);
  const elections = m.useModule(ElectionsModule);
  const agenda = m.useModule(AgendaModule);
  const motions = m.useModule(MotionsModule);
  const forum = m.useModule(ForumModule);
  const cases = m.useModule(ConductModule);
  const { governor, ...decisions } = m.useModule(GovernorModule);

  const grants = ROLES.map((name) => {
    const role = m.staticCall(timelock, name, [], 0, { id: `read_${name}` });
    return m.call(timelock, "grantRole", [role, governor], { id: `grant_${name}` });
  });
  const admin = m.staticCall(timelock, "DEFAULT_ADMIN_ROLE", [], 0, { id: "read_DEFAULT_ADMIN_ROLE" });
  m.call(timelock, "renounceRole", [admin, m.getAccount(0)], { id: "renounce_admin", after: grants });

  const contracts = {
    timelock,
    membership,
    card,
    admission,
    ...desks,
    ...policies,
    ...elections,
    ...agenda,
    ...motions,
    ...forum,
    ...cases,
    governor,
    ...decisions,
  };
  const organs = Object.entries(contracts)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, account]) => ({ name: encodeBytes32String(name), account }));
  const root = m.contract("Coalition", [timelock, m.getParameter("uri"), organs]);
  return { ...contracts, root };
});
