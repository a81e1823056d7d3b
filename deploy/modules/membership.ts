import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import TimelockModule from "./timelock.js";

/** The roll, the writer of its tokens' metadata and its first admission policy. */
export default buildModule("Membership", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const card = m.contract("MemberCard");
  const admission = m.contract("OpenAdmission");
  const membership = m.contract("Membership", [
    timelock,
    {
      name: m.getParameter("name"),
      symbol: m.getParameter("symbol"),
      groups: m.getParameter("groups"),
      codeDigest: m.getParameter("codeDigest"),
      card,
      admissionPolicy: admission,
      waitingFloor: m.getParameter("waitingFloor"),
      maturity: {
        waitingPeriod: m.getParameter("waitingPeriod"),
        epochLength: m.getParameter("epochLength"),
        epochShareBps: m.getParameter("epochShareBps"),
        epochFloor: m.getParameter("epochFloor"),
      },
    },
  ]);
  return { membership, card, admission };
});
