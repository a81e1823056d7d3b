import { id } from "ethers";
import { type ContractKey, DESKS } from "./address-book.js";
import { CLASSES, type ClassKey } from "./parameters.js";

/**
 * The organs whose every function is an amendment unless the table below says otherwise. Of governor and timelock the
 * governor's code says so; what holds no power needs no guard.
 */
export const GUARDED = [
  "membership",
  ...DESKS,
  "vouched",
  "attested",
  "either",
  "agenda",
  "guardian",
  "resolutions",
  "offices",
  "elections",
  "charter",
  "motions",
  "amendments",
  "statements",
  "forum",
  "panels",
  "conduct",
] as const satisfies readonly ContractKey[];

export type GuardedKey = (typeof GUARDED)[number];

/** A function of a guarded organ that is less than an amendment. */
export interface ActionClass {
  readonly target: GuardedKey;
  readonly signature: string;
  readonly class: ClassKey;
}

/** All of them, as a coalition is born with them. */
export const ACTION_CLASSES: readonly ActionClass[] = [
  { target: "resolutions", signature: "record(bytes32)", class: "resolution" },
  { target: "membership", signature: "restore(uint256,uint8)", class: "action" },
  { target: "recovery", signature: "decide(uint256,address)", class: "action" },
  { target: "claims", signature: "uphold(uint256,uint256)", class: "action" },
  { target: "claims", signature: "dismiss(uint256)", class: "action" },
  { target: "guardian", signature: "dismiss()", class: "action" },
  { target: "elections", signature: "announce(uint256)", class: "action" },
  { target: "offices", signature: "recall(uint256)", class: "action" },
  { target: "amendments", signature: "adopt(uint256)", class: "motionAmendment" },
  { target: "forum", signature: "open(string,bytes32)", class: "action" },
  { target: "forum", signature: "eraseByDecision(uint256,uint256,bytes32)", class: "action" },
  {
    target: "conduct",
    signature: "settle(uint256,(bool,bool,bool,bool,bool,uint32,bytes32))",
    class: "appeal",
  },
];

/** The first four bytes of a call of a function. */
export const selectorOf = (signature: string): string => id(signature).slice(0, 10);

/** The number that the contracts have for a class. */
export const classNumber = (key: ClassKey): number => CLASSES.indexOf(key);
