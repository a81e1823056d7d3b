import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import TimelockModule from "./timelock.js";

/** What opens for the vote, and the list of what the coalition stated: before the governor, which is told of both. */
export default buildModule("Agenda", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const agenda = m.contract("Agenda", [m.getParameter("name"), m.getParameter("places")]);
  const resolutions = m.contract("Resolutions", [timelock, agenda]);
  return { agenda, resolutions };
});
