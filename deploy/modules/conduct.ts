import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { CONDUCT_TERMS } from "../../scripts/lib/parameters.js";
import ElectionsModule from "./elections.js";
import ForumModule from "./forum.js";
import MembershipModule from "./membership.js";

/** Cases about what was said, and who judges them: the forum and its speakers obey them from their birth on. */
export default buildModule("Conduct", (m) => {
  const { membership } = m.useModule(MembershipModule);
  const { offices } = m.useModule(ElectionsModule);
  const { speakers, forum } = m.useModule(ForumModule);
  const name = m.getParameter("name");
  const panels = m.contract("Panels", [name, membership, offices]);
  const conduct = m.contract("Conduct", [
    name,
    speakers,
    panels,
    forum,
    m.getParameter("shortestStage"),
    Object.fromEntries(CONDUCT_TERMS.map((term) => [term, m.getParameter(term)])),
  ]);
  return { panels, conduct };
});
