import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import TimelockModule from "./timelock.js";

/** The roll with its desks, the writer of its tokens' metadata and its first admission policy. */
export default buildModule("Membership", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const name = m.getParameter("name");
  const card = m.contract("MemberCard");
  const admission = m.contract("OpenAdmission");
  const requests = m.contract("MemberDesk", [name]);
  const confirmations = m.contract("Confirmations", [name, m.getParameter("confirmationPeriod")]);
  const recovery = m.contract("KeyRecovery", [name, m.getParameter("recoveryDelay")]);
  const affiliations = m.contract("Affiliations", [
    name,
    m.getParameter("oneVoice"),
    m.getParameter("claimCooldown"),
  ]);
  const claims = m.contract("Claims", [
    name,
    {
      cooldown: m.getParameter("claimCooldown"),
      window: m.getParameter("challengeWindow"),
      challengers: m.getParameter("challengers"),
    },
  ]);
  const delegations = m.contract("Delegations", [name, m.getParameter("delegationCap")]);
  const membership = m.contract("Membership", [
    timelock,
    {
      name,
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
      desks: { requests, confirmations, recovery, affiliations, claims, delegations },
    },
  ]);
  return {
    membership,
    card,
    admission,
    requests,
    confirmations,
    recovery,
    affiliations,
    claims,
    delegations,
  };
});
