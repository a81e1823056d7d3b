import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The timelock. The deployer is its admin until the coalition module has handed over its roles. */
export default buildModule("Timelock", (m) => {
  const timelock = m.contract("CoalitionTimelock", [
    m.getParameter("delay"),
    m.getParameter("shortestStage"),
    m.getAccount(0),
  ]);
  return { timelock };
});
