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
import AgendaModule from "./agenda.js";
import ConductModule from "./conduct.js";
import ElectionsModule from "./elections.js";
import ForumModule from "./forum.js";
import MembershipModule from "./membership.js";
import MotionsModule from "./motions.js";
import TimelockModule from "./timelock.js";

/** The governor, tied to the roll, the timelock and the agenda, with what is its own: guardian and bounds. */
export default buildModule("Governor", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { membership, card: _card, admission: _admission, ...desks } = m.useModule(MembershipModule);
  const { vouched, attested, either } = m.useModule(AdmissionModule);
  const { offices, elections } = m.useModule(ElectionsModule);
  const { agenda, resolutions } = m.useModule(AgendaModule);
  const motions = m.useModule(MotionsModule);
  const { forum } = m.useModule(ForumModule);
  const cases = m.useModule(ConductModule);
  const name = m.getParameter("name");
  const guardian = m.contract("Guardian", [m.getParameter("guardian"), m.getParameter("guardianTerm")]);
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
    ...motions,
    forum,
    ...cases,
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
  return { governor, guardian, bounds };
});
