/** A ranked ballot as it is stored: whose, in which group it was cast, and the options in the order of preference. */
export interface StoredBallot {
  /** Member number. */
  readonly number: number;
  /** Stakeholder group, 0 to 7. */
  readonly group: number;
  /** Options, the first preference first; 0 is "re-open nominations". */
  readonly preferences: readonly number[];
}

const GROUP_BITS = 3;

/** How many bits a preference takes where there are so many candidates. */
export function codeBits(candidates: number): number {
  if (candidates <= 14) return 4;
  return candidates <= 30 ? 5 : 6;
}

/** How many bits a member's lane takes: the group, and a preference for every option. */
export function laneBits(candidates: number): number {
  return GROUP_BITS + codeBits(candidates) * (candidates + 1);
}

/** How many members share a word. */
export function perWord(candidates: number): number {
  return Math.floor(256 / laneBits(candidates));
}

/** A ballot as the number that is cast: each option plus one, the first preference in the lowest bits. */
export function encodeBallot(preferences: readonly number[], candidates: number): bigint {
  const bits = BigInt(codeBits(candidates));
  return preferences.reduceRight((rest, option) => (rest << bits) | BigInt(option + 1), 0n);
}

/** The options of a ballot in the order of preference; it must be a sound one. */
export function decodeBallot(ballot: bigint, candidates: number): number[] {
  const bits = codeBits(candidates);
  const preferences: number[] = [];
  for (let rest = ballot; rest !== 0n; rest >>= BigInt(bits)) {
    preferences.push(Number(BigInt.asUintN(bits, rest)) - 1);
  }
  return preferences;
}

/** The words that hold ballots, from that of member number 0 to that of the last. */
export function packWords(
  ballots: readonly StoredBallot[],
  candidates: number,
  lastNumber: number,
): bigint[] {
  const lanes = perWord(candidates);
  const words = Array<bigint>(Math.floor(lastNumber / lanes) + 1).fill(0n);
  for (const { number, group, preferences } of ballots) {
    const lane = (encodeBallot(preferences, candidates) << BigInt(GROUP_BITS)) | BigInt(group);
    const word = Math.floor(number / lanes);
    words[word] = (words[word] ?? 0n) | (lane << BigInt((number % lanes) * laneBits(candidates)));
  }
  return words;
}

/** The ballots of words that follow one another, the first of which is that of member number 0. */
export function unpackWords(words: readonly bigint[], candidates: number): StoredBallot[] {
  const bits = laneBits(candidates);
  const lanes = perWord(candidates);
  return words.flatMap((word, index) =>
    Array.from({ length: lanes }, (_, lane) => ({
      number: index * lanes + lane,
      content: BigInt.asUintN(bits, word >> BigInt(lane * bits)),
    }))
      .filter(({ content }) => content >> BigInt(GROUP_BITS) !== 0n)
      .map(({ number, content }) => ({
        number,
        group: Number(BigInt.asUintN(GROUP_BITS, content)),
        preferences: decodeBallot(content >> BigInt(GROUP_BITS), candidates),
      })),
  );
}
