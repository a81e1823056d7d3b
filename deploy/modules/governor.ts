import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import {
  ACTION_CLASSES,
  classNumber,
  GUARDED,
  type GuardedKey,
  selectorOf,
} from "../../scripts/lib/action-classes.js";
import { CLASSES } from "../../scripts/lib/parameters.js";
import AdmissionModule from "./admission.js";
import ElectionsModule from "./elections.js";
import MembershipModule from "./membership.js";
import TimelockModule from "./timelock.js";

/** The governor, tied to the roll and the timelock, with what is its own: agenda, guardian, resolutions, bounds. */
export default buildModule("Governor", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { membership, card: _card, admission: _admission, ...desks } = m.useModule(MembershipModule);
  const { vouched, attested, either } = m.useModule(AdmissionModule);
  const { offices, elections } = m.useModule(ElectionsModule);
  const name = m.getParameter("name");
  const agenda = m.contract("Agenda", [name, m.getParameter("places")]);
  const guardian = m.contract("Guardian", [m.getParameter("guardian"), m.getParameter("guardianTerm")]);
  const resolutions = m.contract("Resolutions", [timelock]);
  const bounds = m.contract("DecisionBounds");

  const organs = {
    membership,
    ...desks,
    vouched,
    attested,
    either,
    agenda,
    guardian,
    resolutions,
    offices,
    elections,
  };
  const at = (key: GuardedKey) => organs[key];

  const governor = m.contract("CoalitionGovernor", [
    {
      name,
      membership,
      timelock,
      agenda,
      guardian,
      bounds,
      rules: CLASSES.map((key) => m.getParameter(key)),
      guarded: GUARDED.map(at),
      table: ACTION_CLASSES.map(({ target, signature, class: key }) => ({
        target: at(target),
        selector: selectorOf(signature),
        kind: classNumber(key),
      })),
    },
  ]);
  return { governor, agenda, guardian, resolutions, bounds };
});
