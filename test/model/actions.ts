import type { ClaimRules } from "./claims.js";
import type { Rules } from "./decisions.js";
import type { Pace } from "./roll.js";

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
  | { do: "setRules"; rules: Rules }
  | { do: "updateDelay"; delay: number }
  | { do: "setCap"; cap: number }
  | { do: "setPeriod"; period: number }
  | { do: "setRule"; oneVoice: boolean; cooldown: number }
  | { do: "setClaimRules"; rules: ClaimRules }
  | { do: "uphold"; id: number; value: number }
  | { do: "dismiss"; id: number }
  | { do: "setRecoveryDelay"; delay: number }
  | { do: "decideRecovery"; number: number; newKey: string };
