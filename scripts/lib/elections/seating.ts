import type { Chronicle, Place } from "./chronicle.js";
import type { Candidate, ElectionRecord } from "./record.js";
import type { Source } from "./source.js";

/** Those who hold the office beside whoever takes a seat now. */
export interface Holders {
  readonly groups: readonly number[];
  readonly organisations: readonly number[];
  /** Member numbers of those who hold a seat at this moment. */
  readonly numbers: readonly number[];
}

/** A candidate whom the count put ahead and who got no seat, and why. */
export interface PassedOver {
  readonly number: number;
  readonly why: string;
}

/** Goes down an order and seats who may be seated, as a returning officer would. */
export class Seating {
  readonly #groups: number[];
  readonly #organisations: number[];
  readonly seated: Candidate[] = [];
  readonly passedOver: PassedOver[] = [];

  constructor(
    private readonly record: ElectionRecord,
    private readonly holders: Holders,
  ) {
    this.#groups = [...holders.groups];
    this.#organisations = [...holders.organisations];
  }

  /**
   * @param claimed Member numbers that the chain seated: these had the right to stand, or the contract had not.
   * @param couldStand Asks of others.
   */
  async run(
    order: readonly number[],
    seats: number,
    claimed: readonly number[],
    couldStand: (number: number) => Promise<boolean | undefined>,
  ): Promise<void> {
    for (const option of order) {
      if (this.seated.length === seats) return;
      const candidate = this.record.candidates.find((one) => one.option === option);
      if (candidate === undefined) continue;
      const { number } = candidate;
      let why = this.#obstacle(candidate);
      if (why === undefined && !claimed.includes(number)) {
        const could = await couldStand(number);
        if (could === false) why = "had lost the right to stand";
        if (could === undefined) why = "whether they could still stand the node does not know any more";
      }
      if (why !== undefined) {
        this.passedOver.push({ number, why });
        continue;
      }
      this.seated.push(candidate);
      this.#groups.push(candidate.group);
      this.#organisations.push(candidate.organisation);
    }
  }

  #obstacle({ number, group, organisation, gone }: Candidate): string | undefined {
    const { maxPerGroup, maxPerOrganisation } = this.record.definition;
    const count = (kinds: readonly number[], kind: number) => kinds.filter((one) => one === kind).length;
    if (gone) return "withdrew, or was struck off";
    if (this.holders.numbers.includes(number)) return "holds a seat already";
    if (maxPerGroup !== 0 && count(this.#groups, group) >= maxPerGroup) {
      return "the office holds no more of one group";
    }
    if (
      maxPerOrganisation !== 0 &&
      organisation !== 0 &&
      count(this.#organisations, organisation) >= maxPerOrganisation
    ) {
      return "the office holds no more of one organisation";
    }
    return undefined;
  }
}

/** Seats the winners of an election as the rules say, at the place where the chain did. */
export async function seatWinners(
  source: Source,
  chronicle: Chronicle,
  record: ElectionRecord,
  order: readonly number[],
  place: Place,
  claimed: readonly number[],
): Promise<Seating> {
  const { office, announcedAt } = record;
  const held = await holdersAt(source, chronicle, office, place);
  const holders = {
    groups: record.sittingGroups,
    organisations: record.sittingOrganisations,
    numbers: held.map(({ number }) => number),
  };
  // Fewer than were announced if the members did away with some meanwhile.
  const free = chronicle.definitionAt(office, place).seats - held.length;
  const seating = new Seating(record, holders);
  await seating.run(order, Math.min(record.seats, free), claimed, (number) =>
    source.couldStand(number, announcedAt, place.block),
  );
  return seating;
}

/**
 * Whom a vacant seat goes to.
 * @param taken Member numbers that got a seat by this election before, or are no runners-up for another reason.
 */
export async function seatRunnerUp(
  source: Source,
  chronicle: Chronicle,
  record: ElectionRecord,
  order: readonly number[],
  place: Place,
  { taken, claimed }: { readonly taken: readonly number[]; readonly claimed: number },
): Promise<Seating> {
  const { office, announcedAt, definition } = record;
  const held = await holdersAt(source, chronicle, office, place);
  const holders = {
    groups: await Promise.all(held.map((seat) => chronicle.groupOf(seat))),
    organisations: held.map(({ number }) =>
      definition.maxPerOrganisation === 0 ? 0 : chronicle.organisationAt(number, place),
    ),
    numbers: held.map(({ number }) => number),
  };
  const waiting = order.filter((option) => {
    const number = record.candidates.find((one) => one.option === option)?.number;
    return number !== undefined && !taken.includes(number);
  });
  const seating = new Seating(record, holders);
  await seating.run(waiting, 1, [claimed], (number) => source.couldStand(number, announcedAt, place.block));
  return seating;
}

/**
 * Member numbers of those who hold a seat at a place in the chain, or left one in a term that runs on: they are no
 * runners-up from then on.
 */
export async function termHoldersAt(
  source: Source,
  chronicle: Chronicle,
  office: bigint,
  place: Place,
): Promise<number[]> {
  const now = await source.timeOf(place.block);
  return [...chronicle.seatsAt(office, place).values()]
    .filter(({ until }) => now < until)
    .map(({ number }) => number);
}

/** Seats that are held at a place in the chain. */
async function holdersAt(source: Source, chronicle: Chronicle, office: bigint, place: Place) {
  const now = await source.timeOf(place.block);
  return [...chronicle.seatsAt(office, place).values()].filter(
    ({ vacated, until }) => !vacated && now < until,
  );
}
