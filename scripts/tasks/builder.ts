import { task } from "hardhat/config";
import type { NewTaskActionFunction, TaskDefinition } from "hardhat/types/tasks";
import type { Option } from "./member.js";

/** What is given without the name of an option. */
export interface Argument {
  readonly name: string;
  readonly description: string;
  /** Whether it can be left out; the last one can also be a list, of some or of any number. */
  readonly kind?: "optional" | "some" | "any";
}

/** What a command looks like at a shell. */
export interface Shape<Name extends string> {
  readonly name: Name;
  readonly description: string;
  readonly args?: readonly Argument[];
  readonly options?: readonly Option[];
}

/**
 * A command of a group whose code is loaded when it runs.
 * @param group The first word of the command.
 * @param load Its actions, by the name of the command in camel case.
 */
export function commandOf<Name extends string>(
  group: string,
  load: () => Promise<Readonly<Record<string, unknown>>>,
  { name, description, args = [], options = [] }: Shape<Name>,
): TaskDefinition {
  const builder = task([group, name], description);
  for (const { name: argument, description: text, kind } of args) {
    const frame = { name: argument, description: text };
    if (kind === undefined) builder.addPositionalArgument(frame);
    else if (kind === "optional") builder.addPositionalArgument({ ...frame, defaultValue: "" });
    else builder.addVariadicArgument({ ...frame, ...(kind === "any" ? { defaultValue: [] } : {}) });
  }
  for (const { name: option, description: text, flag, defaultValue = "" } of options) {
    if (flag) builder.addFlag({ name: option, description: text });
    else builder.addOption({ name: option, description: text, defaultValue });
  }
  const action = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return builder
    .setAction(async () => ({ default: (await load())[action] as NewTaskActionFunction }))
    .build();
}

/** Of every command that reads or stores texts. */
export const STORE: Option = {
  name: "store",
  description: "Folder with the texts; that of CONTENT_STORE, or the project's content/, unless given",
};
