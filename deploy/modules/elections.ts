import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import MembershipModule from "./membership.js";

/** Offices, the elections that fill them, and the ways to vote in those. */
export default buildModule("Elections", (m) => {
  const { membership } = m.useModule(MembershipModule);
  const name = m.getParameter("name");
  const shortestStage = m.getParameter("shortestStage");
  const offices = m.contract("Offices", [name, membership, shortestStage]);
  const elections = m.contract("Elections", [name, membership, offices, shortestStage]);
  const approval = m.contract("ApprovalBallots", [name, elections]);
  const ranked = m.contract("RankedBallots", [name, elections]);
  return { offices, elections, approval, ranked };
});
