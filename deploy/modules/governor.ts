import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id } from "ethers";
import { CLASSES } from "../../scripts/lib/parameters.js";
import AdmissionModule from "./admission.js";
import MembershipModule from "./membership.js";
import TimelockModule from "./timelock.js";

/** The first four bytes of a call of a function. */
const selectorOf = (signature: string) => id(signature).slice(0, 10);

/** The governor, tied to the roll and the timelock, with what is its own: agenda, guardian, resolutions, bounds. */
export default buildModule("Governor", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { membership, card: _card, admission: _admission, ...desks } = m.useModule(MembershipModule);
  const { vouched, attested, either } = m.useModule(AdmissionModule);
  const name = m.getParameter("name");
  const agenda = m.contract("Agenda", [name, m.getParameter("places")]);
  const guardian = m.contract("Guardian", [m.getParameter("guardian"), m.getParameter("guardianTerm")]);
  const resolutions = m.contract("Resolutions", [timelock]);
  const bounds = m.contract("DecisionBounds");

  /** Functions of guarded targets that are less than an amendment. */
  const table = [
    { target: resolutions, signature: "record(bytes32)", class: "resolution" },
    { target: membership, signature: "restore(uint256,uint8)", class: "action" },
    { target: desks.recovery, signature: "decide(uint256,address)", class: "action" },
    { target: desks.claims, signature: "uphold(uint256,uint256)", class: "action" },
    { target: desks.claims, signature: "dismiss(uint256)", class: "action" },
    { target: guardian, signature: "dismiss()", class: "action" },
  ] as const;

  const governor = m.contract("CoalitionGovernor", [
    {
      name,
      membership,
      timelock,
      agenda,
      guardian,
      bounds,
      rules: CLASSES.map((key) => m.getParameter(key)),
      guarded: [membership, ...Object.values(desks), vouched, attested, either, agenda, guardian, resolutions],
      table: table.map(({ target, signature, class: key }) => ({
        target,
        selector: selectorOf(signature),
        class: CLASSES.indexOf(key),
      })),
    },
  ]);
  return { governor, agenda, guardian, resolutions, bounds };
});
