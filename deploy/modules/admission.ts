import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import MembershipModule from "./membership.js";
import TimelockModule from "./timelock.js";

/** Admission policies that the members can put in force by a decision: vouched, attested, and either of them. */
export default buildModule("Admission", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { membership } = m.useModule(MembershipModule);
  const name = m.getParameter("name");
  const vouched = m.contract("VouchedAdmission", [
    name,
    membership,
    {
      vouchers: m.getParameter("vouchers"),
      groups: m.getParameter("voucherGroups"),
      slots: m.getParameter("vouchSlots"),
      cooldown: m.getParameter("vouchCooldown"),
    },
  ]);
  const attested = m.contract("AttestedAdmission", [name, membership, timelock]);
  const either = m.contract("CombinedAdmission", [[vouched, attested], false]);
  return { vouched, attested, either };
});
