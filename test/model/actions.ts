import type { ClaimRules } from "./claims.js";
import type { Pace } from "./roll.js";
import type { Class, Rules } from "./rules.js";

/** The contracts of a coalition by name. */
export type Place =
  | "membership"
  | "requests"
  | "delegations"
  | "confirmations"
  | "affiliations"
  | "claims"
  | "recovery"
  | "governor"
  | "agenda"
  | "guardian"
  | "resolutions"
  | "timelock"
  | "told"
  | "box";

/** What a decision does when it is carried out, and what the timelock can be made to do. */
export type Action =
  | { do: "setX"; value: number }
  | { do: "callNobody"; target: string }
  | { do: "end"; number: number }
  | { do: "pardon"; key: string }
  | { do: "suspend"; number: number; rights: number; until: number }
  | { do: "restore"; number: number; rights: number }
  | { do: "setMaturity"; pace: Pace }
  | { do: "setCodeOfConduct"; code: string }
  | { do: "setAdmissionPolicy"; policy: string }
  | { do: "setRules"; class: Class; rules: Rules }
  | { do: "guard"; what: Place }
  | { do: "setActionClass"; of: Known; class: Class }
  | { do: "updateDelay"; delay: number }
  | { do: "setPlaces"; places: number }
  | { do: "dismissGuardian" }
  | { do: "record"; digest: string }
  | { do: "setCap"; cap: number }
  | { do: "setPeriod"; period: number }
  | { do: "setRule"; oneVoice: boolean; cooldown: number }
  | { do: "setClaimRules"; rules: ClaimRules }
  | { do: "uphold"; id: number; value: number }
  | { do: "dismiss"; id: number }
  | { do: "setRecoveryDelay"; delay: number }
  | { do: "decideRecovery"; number: number; newKey: string };

/** Actions that a contract knows. */
export type Known = Exclude<Action["do"], "callNobody">;

const RULES = "(uint32,uint32,uint32,uint32,uint32,uint16,uint16,uint16,uint16,uint8,uint8,uint8,uint8)";

/** Which function of which contract an action is. */
export const FUNCTIONS: Readonly<Record<Known, readonly [Place, string]>> = {
  setX: ["box", "setX(uint256)"],
  end: ["membership", "end(uint256)"],
  pardon: ["membership", "pardon(address)"],
  suspend: ["membership", "suspend(uint256,uint8,uint48)"],
  restore: ["membership", "restore(uint256,uint8)"],
  setMaturity: ["membership", "setMaturity((uint32,uint32,uint16,uint16))"],
  setCodeOfConduct: ["membership", "setCodeOfConduct(bytes32)"],
  setAdmissionPolicy: ["membership", "setAdmissionPolicy(address)"],
  setRules: ["governor", `setRules(uint8,${RULES})`],
  guard: ["governor", "guard(address)"],
  setActionClass: ["governor", "setActionClass(address,bytes4,uint8)"],
  updateDelay: ["timelock", "updateDelay(uint256)"],
  setPlaces: ["agenda", "setPlaces(uint8)"],
  dismissGuardian: ["guardian", "dismiss()"],
  record: ["resolutions", "record(bytes32)"],
  setCap: ["delegations", "setCap(uint8)"],
  setPeriod: ["confirmations", "setPeriod(uint32)"],
  setRule: ["affiliations", "setRule(bool,uint32)"],
  setClaimRules: ["claims", "setRules((uint32,uint32,uint16))"],
  uphold: ["claims", "uphold(uint256,uint256)"],
  dismiss: ["claims", "dismiss(uint256)"],
  setRecoveryDelay: ["recovery", "setDelay(uint32)"],
  decideRecovery: ["recovery", "decide(uint256,address)"],
};
