import type { ParamType, Result } from "ethers";
import { PURPOSES } from "../address-book.js";
import { nameOfClass } from "../ballots/paper.js";
import type { Context } from "../member/coalition.js";
import { inPlainWords } from "../member/refusals.js";
import { CLASSES, type ClassKey } from "../parameters.js";
import { listOf } from "./act-parts.js";
import { type ActionList, faceOf, keyAt } from "./actions.js";

type Arguments = Readonly<Record<string, unknown>>;

/** What changes of the charter say, by the function. */
const CHANGES: Readonly<Record<string, (args: Arguments) => string>> = {
  found: ({ title }) => `founds the document ${shown(title)}`,
  insert: ({ document, preceding, digest }) =>
    `puts a clause into document ${document}, ${Number(preceding) === 0 ? "at the beginning" : `after clause ${preceding}`}: text sha2-256 ${digest}`,
  amend: ({ document, clause, base, digest }) =>
    `changes the wording of clause ${clause} of document ${document}: from sha2-256 ${base} to ${digest}`,
  repeal: ({ document, clause, base }) =>
    `takes clause ${clause} out of document ${document}: text sha2-256 ${base}`,
  replace: ({ document, clause, base, digest }) =>
    `puts another clause in the place of clause ${clause} of document ${document}: sha2-256 ${digest} for ${base}`,
};

/** The class that a decision with these actions would be of; refuses what no decision takes. */
export async function classOf(context: Context, actions: ActionList): Promise<ClassKey> {
  const { motions } = context.coalition;
  const index = await inPlainWords(context, () => motions.classOf(listOf(actions)));
  return CLASSES[Number(index)] ?? "amendment";
}

/** The class and what each action does, a line each. */
export function describeActions(context: Context, actions: ActionList, kind: ClassKey): string[] {
  const name = nameOfClass(kind);
  if (actions.targets.length === 0) {
    return [
      `It does nothing but state its text: a decision of the class "${name}", recorded among the resolutions.`,
    ];
  }
  return [
    `What it does, by a decision of the class "${name}":`,
    ...actions.targets.map((_, index) => `  ${index + 1}. ${describeAction(context, actions, index)}`),
  ];
}

/** What an action does, in words. */
export function describeAction(
  { contracts }: Pick<Context, "contracts">,
  actions: ActionList,
  index: number,
): string {
  const [target = "", value = "0", data = "0x"] = [
    actions.targets[index],
    actions.values[index],
    actions.calldatas[index],
  ];
  const sends = BigInt(value) === 0n ? "" : `sends ${value} wei to ${target}`;
  if (data === "0x") return sends === "" ? `calls ${target} with nothing` : sends;
  const with_ = sends === "" ? "" : `, and ${sends}`;
  const key = keyAt(contracts, target);
  if (key === undefined)
    return `calls ${target}, which is no contract of the coalition, with ${data}${with_}`;
  const call = faceOf(key).parseTransaction({ data });
  if (call === null)
    return `calls the ${key} (${PURPOSES[key]}) with ${data}, which it does not know${with_}`;
  const args = named(call.fragment.inputs, call.args);
  const change = key === "charter" ? CHANGES[call.name] : undefined;
  if (change !== undefined) return `charter: ${change(args)}${with_}`;
  const listed = Object.entries(args).map(([name, one]) => `${name} ${shown(one)}`);
  const what = listed.length === 0 ? "" : `: ${listed.join(", ")}`;
  return `${key}: ${call.name}${what}${with_}`;
}

const named = (inputs: readonly ParamType[], values: Result): Arguments =>
  Object.fromEntries(
    inputs.map((input, index) => {
      const value: unknown = values[index];
      const parts = input.components;
      return [
        input.name || `${index}`,
        parts && input.baseType === "tuple" ? named(parts, value as Result) : value,
      ];
    }),
  );

/** A value in words; of text nothing that moves a terminal's cursor or changes the direction of writing. */
function shown(value: unknown): string {
  if (typeof value === "string" && !value.startsWith("0x")) {
    return `"${value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "")}"`;
  }
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${name} ${shown(one)}`)
      .join(", ")} }`;
  }
  return String(value);
}
