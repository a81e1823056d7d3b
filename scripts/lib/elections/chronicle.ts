import { AbiCoder, type Interface, keccak256 } from "ethers";
import {
  Affiliations__factory,
  Elections__factory,
  Offices__factory,
} from "../../../typechain-types/index.js";
import { Problem } from "../problem.js";
import type { ChainLog, Source } from "./source.js";

/** A place in the chain: events of the same block follow one another. */
export interface Place {
  readonly block: number;
  readonly index: number;
}

/** An event, and where it was. */
export interface Happening extends Place {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an event says differs from one to another
  readonly args: any;
  readonly transaction: string;
}

/** A seat of an office. Moments in seconds since 1970. */
export interface Seat {
  readonly number: number;
  /** The election that gave it. */
  readonly electionId: bigint;
  readonly until: number;
  readonly vacated: boolean;
}

/** What of an office a recount must know. */
export interface Definition {
  readonly seats: number;
  readonly maxPerGroup: number;
  readonly maxPerOrganisation: number;
}

const INTERFACES: Readonly<Record<"elections" | "offices" | "affiliations", Interface>> = {
  elections: Elections__factory.createInterface(),
  offices: Offices__factory.createInterface(),
  affiliations: Affiliations__factory.createInterface(),
};

const isBefore = (one: Place, other: Place) =>
  one.block < other.block || (one.block === other.block && one.index < other.index);

/** Reads a log; undefined for an event that the interface does not know. */
export function happeningIn(face: Interface, log: ChainLog): Happening | undefined {
  const event = face.parseLog(log);
  if (event === null) return undefined;
  const { blockNumber: block, index, transactionHash: transaction } = log;
  return { name: event.name, args: event.args, block, index, transaction };
}

/** What happened around the offices and elections of a coalition, told by its events alone. */
export class Chronicle {
  private constructor(
    private readonly source: Source,
    private readonly happenings: readonly Happening[],
  ) {}

  /** @param fromBlock The first block of the coalition's deployment. */
  static async read(source: Source, fromBlock: number): Promise<Chronicle> {
    const faces = new Map(
      (["elections", "offices", "affiliations"] as const).map((key) => [
        source.contracts[key].toLowerCase(),
        INTERFACES[key],
      ]),
    );
    const logs = await source.logs([...faces.keys()], [], fromBlock);
    const happenings = logs.flatMap((log) => {
      const face = faces.get(log.address.toLowerCase());
      return (face && happeningIn(face, log)) ?? [];
    });
    return new Chronicle(source, happenings);
  }

  /** Events of an election, in their order. */
  of(electionId: bigint, name: string): Happening[] {
    return this.named(name).filter(({ args }) => args.electionId === electionId);
  }

  announcementOf(electionId: bigint): Happening {
    const [found] = this.of(electionId, "ElectionAnnounced");
    if (found !== undefined) return found;
    const last = this.named("ElectionAnnounced").at(-1)?.args.electionId;
    throw new Problem(
      last === undefined
        ? "No election was announced yet."
        : `There is no election ${electionId}; they are numbered 1 to ${last} by now.`,
    );
  }

  async announcedAt(electionId: bigint): Promise<number> {
    return this.source.timeOf(this.announcementOf(electionId).block);
  }

  /** The rules by which an office was filled at a place in the chain. */
  rulesAt(office: bigint, place: Place) {
    return this.last("ElectionRulesChanged", office, place)?.args.newRules;
  }

  definitionAt(office: bigint, place: Place): Definition {
    const changed = this.last("OfficeChanged", office, place)?.args.newDefinition;
    const definition = changed ?? this.last("OfficeCreated", office, place)?.args.definition;
    return {
      seats: Number(definition.seats),
      maxPerGroup: Number(definition.maxPerGroup),
      maxPerOrganisation: Number(definition.maxPerOrganisation),
    };
  }

  /** The seats of an office at a place in the chain, by index. */
  seatsAt(office: bigint, place: Place): Map<number, Seat> {
    const seats = new Map<number, Seat>();
    for (const { name, args, transaction, ...where } of this.happenings) {
      if (!isBefore(where, place) || args.office !== office) continue;
      const at = Number(args.seat);
      if (name === "SeatTaken") {
        const electionId = this.giverOf({ transaction, ...where }).args.electionId;
        seats.set(at, {
          number: Number(args.number),
          electionId,
          until: Number(args.until),
          vacated: false,
        });
      }
      const held = seats.get(at);
      if (name === "SeatVacated" && held !== undefined) seats.set(at, { ...held, vacated: true });
    }
    return seats;
  }

  /** Seats that a finished election, or a vacancy that it filled, gave, in their order. */
  takenBy(giver: Happening): Happening[] {
    return this.named("SeatTaken").filter(
      (one) => one.transaction === giver.transaction && this.giverOf(one) === giver,
    );
  }

  /** The group of a seat's holder, as the election that gave the seat knew it. */
  async groupOf({ number, electionId }: Seat): Promise<number> {
    return (await this.source.countedAt(number, await this.announcedAt(electionId))).group;
  }

  /** The organisation that a member was, or was affiliated with, at a place in the chain; 0 for none. */
  organisationAt(number: number, place: Place): number {
    const before = this.happenings.filter((one) => isBefore(one, place));
    const changed = before.findLast(
      ({ name, args }) => name === "AffiliationChanged" && Number(args.number) === number,
    );
    if (changed !== undefined && changed.args.newOrganisation !== 0n) {
      return Number(changed.args.newOrganisation);
    }
    const isOne = before.some(
      ({ name, args }) => name === "OrganisationJoined" && Number(args.organisation) === number,
    );
    return isOne ? number : 0;
  }

  /** The lot of an election, from the numbers that were opened. */
  seedOf(electionId: bigint): string {
    const { chainId, contracts } = this.source;
    const seed = this.of(electionId, "LotRevealed")
      .map(({ args }) => BigInt(hashOf(["uint256", "uint256"], [args.number, args.value])))
      .reduce((together, one) => together ^ one, 0n);
    return hashOf(
      ["uint256", "address", "uint256", "uint256"],
      [chainId, contracts.elections, electionId, seed],
    );
  }

  private named(name: string): Happening[] {
    return this.happenings.filter((one) => one.name === name);
  }

  private last(name: string, office: bigint, place: Place): Happening | undefined {
    return this.named(name).findLast((one) => one.args.office === office && isBefore(one, place));
  }

  /** What gave a seat: one transaction can finish several elections, each of which gives its seats right after. */
  private giverOf(taken: Place & Pick<Happening, "transaction">): Happening {
    const giver = this.happenings.findLast(
      (one) =>
        one.transaction === taken.transaction &&
        isBefore(one, taken) &&
        (one.name === "ElectionFinished" || one.name === "VacancyFilled"),
    );
    if (giver !== undefined) return giver;
    throw new Problem(`Transaction ${taken.transaction} gave a seat outside of any election.`);
  }
}

function hashOf(types: string[], values: unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}
