/**
 * The ABI for long nested lists. A library copies every level of them again and again; a run asks some hundred
 * thousand questions.
 */

/** An encoded value, in hexadecimal without `0x`, and whether its length is its own. */
export type Encoded = { dynamic: boolean; hex: string };

/** One 32-byte word. Addresses and digests come as text. */
export function word(value: number | bigint | string): string {
  return (typeof value === "string" ? value.slice(2).toLowerCase() : value.toString(16)).padStart(64, "0");
}

export function single(value: number | bigint | string): Encoded {
  return { dynamic: false, hex: word(value) };
}

export function bytes(data: string): Encoded {
  const hex = data.slice(2);
  const padding = (64 - (hex.length % 64)) % 64;
  return { dynamic: true, hex: word(hex.length / 2) + hex + "0".repeat(padding) };
}

export function text(value: string): Encoded {
  return bytes(`0x${Buffer.from(value).toString("hex")}`);
}

/** The parts r, s and v of a signature of 65 bytes. */
export function split(signature: string): [r: string, s: string, v: string] {
  return [signature.slice(0, 66), `0x${signature.slice(66, 130)}`, `0x${signature.slice(130)}`];
}

/** Values one after the other; those of their own length behind the others. At least one is. */
export function tuple(parts: readonly Encoded[]): Encoded {
  let place = parts.reduce((sum, { dynamic, hex }) => sum + (dynamic ? 32 : hex.length / 2), 0);
  const heads: string[] = [];
  const tails: string[] = [];
  for (const { dynamic, hex } of parts) {
    heads.push(dynamic ? word(place) : hex);
    if (!dynamic) continue;
    tails.push(hex);
    place += hex.length / 2;
  }
  return { dynamic: true, hex: heads.join("") + tails.join("") };
}

export function list(items: readonly Encoded[]): Encoded {
  return { dynamic: true, hex: word(items.length) + tuple(items).hex };
}

/** A call of a function with values of static types, bytes, texts and lists of static ones. */
export function call(selector: string, types: readonly string[], values: readonly unknown[]): string {
  if (types.length === 0) return selector;
  return selector + tuple(types.map((type, place) => encoded(type, values[place]))).hex;
}

function encoded(type: string, value: unknown): Encoded {
  if (type.endsWith("[]")) return list((value as (number | string)[]).map(single));
  if (type === "bytes") return bytes(value as string);
  if (type === "string") return text(value as string);
  if (type === "bool") return single(value === true ? 1 : 0);
  return single(value as number | bigint | string);
}
