import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import MembershipModule from "./membership.js";
import TimelockModule from "./timelock.js";

/** The governor, tied to the roll and the timelock. */
export default buildModule("Governor", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { membership } = m.useModule(MembershipModule);
  const governor = m.contract("CoalitionGovernor", [
    m.getParameter("name"),
    membership,
    timelock,
    {
      notice: m.getParameter("notice"),
      period: m.getParameter("period"),
      grace: m.getParameter("grace"),
      quorumBps: m.getParameter("quorumBps"),
      quorumFloor: m.getParameter("quorumFloor"),
      approvalBps: m.getParameter("approvalBps"),
      approvalFloorBps: m.getParameter("approvalFloorBps"),
    },
  ]);
  return { governor };
});
