import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import AgendaModule from "./agenda.js";
import MembershipModule from "./membership.js";
import MotionsModule from "./motions.js";

/** What is said, by whom, and who may say it. */
export default buildModule("Forum", (m) => {
  const { membership } = m.useModule(MembershipModule);
  const { agenda } = m.useModule(AgendaModule);
  const { charter } = m.useModule(MotionsModule);
  const name = m.getParameter("name");
  const speakers = m.contract("Speakers", [name, membership, charter, m.getParameter("codeDocument")]);
  const pace = { burst: m.getParameter("burst"), interval: m.getParameter("interval") };
  const forum = m.contract("Forum", [
    name,
    speakers,
    agenda,
    pace,
    m.getParameter("lists"),
    m.getParameter("purposes"),
  ]);
  const profiles = m.contract("Profiles", [name, membership]);
  return { speakers, forum, profiles };
});
