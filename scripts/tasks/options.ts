import { Problem } from "../lib/problem.js";

/** An option's text; undefined where it was not given. */
export const given = (text: string): string | undefined => (text === "" ? undefined : text);

/** The value of `--chain-id`. */
export function chainIdOf(text: string): bigint | undefined {
  if (text === "") return undefined;
  if (/^[1-9]\d{0,15}$/.test(text)) return BigInt(text);
  throw new Problem(`--chain-id is "${text}", allowed: a whole number from 1 on`);
}

/** The value of `--confirmations`; 0 stands for the default. */
export function confirmationsOf(value: number): number | undefined {
  if (value === 0) return undefined;
  if (value >= 1 && value <= 100) return value;
  throw new Problem(`--confirmations is ${value}, allowed: 1 to 100`);
}

/** The value of `--parameters`, which has no default: nobody deploys a coalition by accident. */
export function parametersOf(text: string): string {
  if (text !== "") return text;
  throw new Problem(
    "Say which coalition: --parameters <path that ends with .json5, or a name in deploy/parameters/>",
  );
}
