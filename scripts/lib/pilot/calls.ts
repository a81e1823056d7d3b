import { Interface, type ParamType } from "ethers";
import type { ArtifactManager } from "hardhat/types/artifacts";
import { CONTRACTS as NAMES } from "../address-book.js";
import { Problem } from "../problem.js";
import { type Argument, CONTRACTS, type ContractName, type Story } from "./types.js";

type Interfaces = Readonly<Record<ContractName, Interface>>;

/** What the compiled contracts of a coalition can be asked. */
export async function readInterfaces(artifacts: ArtifactManager): Promise<Interfaces> {
  const entries = await Promise.all(
    CONTRACTS.map(async (name) => [name, new Interface((await artifacts.readArtifact(NAMES[name])).abi)]),
  );
  return Object.fromEntries(entries) as Interfaces;
}

/** Refuses a story that calls, reads or is refused with something that does not exist. */
export function checkCalls({ file, decisions, expected, steps }: Story, interfaces: Interfaces): void {
  for (const { id, actions } of Object.values(decisions)) {
    actions.forEach(({ contract, function: name, arguments: given }, index) => {
      const key = `decisions.${id}.actions[${index}]`;
      const fragment = find(`${key}.function`, contract, name);
      if (fragment.inputs.length !== given.length) {
        fail(
          `${key}.arguments`,
          `${given.length} values`,
          `${fragment.inputs.length}, as ${fragment.format()} takes`,
        );
      }
      given.forEach((argument, place) => {
        checkArgument(`${key}.arguments[${place}]`, contract, argument, fragment.inputs[place]);
      });
    });
  }
  for (const [id, { effects }] of Object.entries(expected.decisions)) {
    effects.forEach(({ contract, getter, of, field }, index) => {
      const key = `expect.decisions.${id}.effects[${index}]`;
      const names = fieldsOf(find(`${key}.getter`, contract, getter, of.length).outputs);
      if (!names.includes(field)) fail(`${key}.field`, field, names.join(", "));
    });
  }
  steps.forEach((step, index) => {
    if (step.kind !== "attempt") return;
    const [name = ""] = step.refused.split(":");
    const known = Object.values(interfaces).some((candidate) => candidate.getError(name) !== null);
    if (!known) fail(`steps[${index}].refused`, name, "a custom error of roll, governor, timelock or agenda");
  });

  function checkArgument(key: string, contract: ContractName, argument: Argument, type: ParamType): void {
    if (typeof argument !== "object") {
      try {
        interfaces[contract].getAbiCoder().encode([type], [argument]);
      } catch {
        fail(key, String(argument), `a value of type ${type.format()}`);
      }
      return;
    }
    find(`${key}.inForce`, contract, argument.inForce, argument.of.length);
    const names = (type.components ?? []).map((component) => component.name);
    const wrong = Object.keys(argument.but).find((name) => !names.includes(name));
    if (wrong !== undefined) fail(`${key}.but`, wrong, names.join(", "));
  }

  /** @param asked Of a getter: how many values it is asked about. */
  function find(key: string, contract: ContractName, name: string, asked?: number) {
    let fragment = null;
    try {
      fragment = interfaces[contract].getFunction(name);
    } catch {
      fail(key, name, "a name that is not ambiguous");
    }
    const reads = fragment?.constant && fragment.inputs.length === asked;
    if (fragment === null || (asked !== undefined && !reads)) {
      const what =
        asked === undefined
          ? "a function"
          : `a function that only reads and takes ${asked === 0 ? "no" : asked} arguments`;
      fail(key, name, `${what} of the contract "${contract}"`);
    }
    return fragment;
  }

  function fail(key: string, given: string, allowed: string): never {
    throw new Problem(`${file}: ${key} is "${given}"; allowed: ${allowed}`);
  }
}

/** Names under which the answer of a getter can be asked for. */
function fieldsOf(outputs: readonly ParamType[]): string[] {
  const [first] = outputs;
  const parts = outputs.length === 1 && first?.components ? first.components : outputs;
  return parts.map(({ name }, index) => name || String(index));
}
