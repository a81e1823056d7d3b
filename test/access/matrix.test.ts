import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import type { BaseContract, ContractTransactionResponse, InterfaceAbi } from "ethers";
import { Interface } from "ethers";
import hre, { network } from "hardhat";
import { ownContracts } from "../../scripts/checks/contracts.js";
import { type Person, Right, Standing } from "../helpers/governor.js";
import { ALLOWED, CALLERS, type Caller, cellOf, type Row } from "./cells.js";
import { CONTRACTS, type ContractName, render, TABLE } from "./table.js";
import { buildWorld, type World } from "./world.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const DOCUMENT = "docs/access-matrix.md";
const BEGIN = "<!-- matrix: begin -->";
const END = "<!-- matrix: end -->";
const EMPTY_POP = 0x31;

async function world() {
  return buildWorld(connection);
}

/** Signatures of the functions that can write, the receiving of ether included. */
function writing(abi: InterfaceAbi): string[] {
  const parsed = Interface.from(abi);
  const signatures: string[] = parsed.receive ? ["receive()"] : [];
  parsed.forEachFunction((fragment) => {
    if (!fragment.constant) signatures.push(fragment.format("sighash"));
  });
  return signatures;
}

/** Makes the call; refusals come as rejections. */
async function attempt(
  contract: BaseContract,
  signature: string,
  row: Row,
  setting: World,
  caller: Person,
): Promise<ContractTransactionResponse> {
  const to = await contract.getAddress();
  const data =
    signature === "receive()"
      ? "0x"
      : contract.interface.encodeFunctionData(signature, await resolved(await row.with(setting, caller)));
  const sent = await caller.sendTransaction({ to, data, value: row.value ?? 0n });
  return sent as ContractTransactionResponse;
}

/** Arguments with addresses in the place of people and contracts. */
async function resolved(values: readonly unknown[]): Promise<unknown[]> {
  return Promise.all(
    values.map(async (value) => {
      if (Array.isArray(value)) return resolved(value);
      return ethers.isAddressable(value) ? value.getAddress() : value;
    }),
  );
}

/** What the errors that refuse a caller say, by name; those without values are left out. */
async function explained(
  setting: World,
  caller: Person,
  { role, says }: Row,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const { claims, membership, governor, timelock, elections, amendments, decisions, applicant, roles } =
    setting;
  const [standing, number, , explanation] = await membership.standingOf(
    caller,
    Right.Vote,
    await setting.now(),
  );
  return {
    MembershipUnauthorized: [caller, timelock],
    MembershipAlreadyMember: [caller, number],
    MembershipKeyBarred: [caller, number],
    MembershipNotMember: [caller],
    MembershipNotTransferable: [1n],
    MembershipApprovalDisabled: [applicant],
    RollOperationsUnauthorized: [caller],
    RollDeskBound: [membership],
    RollDeskNotMember: [caller],
    RollDeskRefused: [caller, standing, explanation],
    RollDeskUnauthorized: [caller, timelock],
    MemberDeskUnauthorized: [caller],
    ConfirmationsUnauthorized: [caller],
    AffiliationsUnauthorized: [caller, claims],
    VouchedAdmissionNotAVoter: [caller, standing, explanation],
    VouchedAdmissionNotMember: [caller],
    AttestedAdmissionUnauthorized: [caller, timelock],
    DelegationsUnauthorized: [caller, membership],
    CoalitionGovernorProposerRefused: [caller, standing, explanation],
    CoalitionGovernorBallotRefused: [decisions.open.id, caller, standing, explanation],
    CoalitionGovernorTimelockFixed: [timelock],
    CoalitionGovernorNotGuardian: [caller],
    AgendaEndorserRefused: [caller, standing, explanation],
    AgendaUnauthorized: [caller, timelock],
    AgendaBound: [governor],
    GuardianUnauthorized: [caller, timelock],
    GuardianBound: [governor],
    ResolutionsUnauthorized: [caller, timelock],
    OfficesUnauthorized: [caller, timelock],
    OfficesBound: [elections],
    ElectionsUnauthorized: [caller, timelock],
    CandidaciesUnauthorized: [caller],
    BallotMethodUnauthorized: [caller, elections],
    CharterUnauthorized: [caller, timelock],
    CharterNotAnAmendment: [0n, 0n],
    MotionsUnauthorized: [caller, timelock],
    MotionsBound: [amendments],
    MotionActsUnauthorized: [caller],
    AmendmentsUnauthorized: [caller, timelock],
    GovernorUnableToCancel: [decisions.pending.id, caller],
    GovernorOnlyExecutor: [caller],
    TimelockUnauthorizedCaller: [caller],
    AccessControlUnauthorizedAccount: [caller, role === undefined ? "" : roles[role]],
    ...(await says?.(setting, caller)),
  };
}

/** Tries one cell of the table. */
async function tryCell(name: ContractName, signature: string, row: Row, kind: Caller): Promise<void> {
  const setting = await loadFixture(world);
  const caller = setting.people[kind];
  await row.scene?.(setting, caller);
  const contract: BaseContract = setting[CONTRACTS[name]];
  const call = () => attempt(contract, signature, row, setting, caller);
  const cell = cellOf(row, kind);
  if (cell === ALLOWED) {
    const emitter: BaseContract = setting[row.emittedBy ?? CONTRACTS[name]];
    await (row.emits ? expect(call()).to.emit(emitter, row.emits) : expect(call()).not.to.be.revert(ethers));
  } else if (cell === "Panic") {
    await expect(call()).to.be.revertedWithPanic(EMPTY_POP);
  } else {
    const values = (await explained(setting, caller, row))[cell] ?? [];
    const judge: BaseContract = setting[row.refusedBy ?? CONTRACTS[name]];
    await expect(call())
      .to.be.revertedWithCustomError(judge, cell)
      .withArgs(...values);
  }
}

describe("Access matrix", () => {
  describe("the table", () => {
    it("names every contract of the project that can be deployed, and no other", async function () {
      this.timeout(60_000);
      const names = (await ownContracts(hre)).map(({ name }) => name);
      expect(Object.keys(TABLE).sort()).to.deep.equal(names);
    });

    it("names every function that can write", async function () {
      this.timeout(60_000);
      for (const { name, abi } of await ownContracts(hre)) {
        const rows = Object.keys(TABLE[name as ContractName]);
        expect(rows, name).to.include.members(writing(abi));
      }
    });

    it("is what the document shows", () => {
      const text = readFileSync(DOCUMENT, "utf8");
      const [before, rest = ""] = text.split(BEGIN);
      const [, after = ""] = rest.split(END);
      const fresh = `${before}${BEGIN}\n\n${render()}\n${END}${after}`;
      if (process.env.WRITE_DOCS) writeFileSync(DOCUMENT, fresh);
      else expect(text, `${DOCUMENT} is stale: run the test with WRITE_DOCS=1`).to.equal(fresh);
    });
  });

  describe("the callers", () => {
    it("stand as the columns say", async () => {
      const { membership, people, now } = await loadFixture(world);
      for (const [kind, expected] of Object.entries({
        outsider: Standing.NotMember,
        participant: Standing.Unqualified,
        immature: Standing.Immature,
        mature: Standing.Granted,
        suspended: Standing.Suspended,
        resigned: Standing.Ended,
        ended: Standing.Ended,
        deployer: Standing.NotMember,
        governor: Standing.NotMember,
        timelock: Standing.NotMember,
      } satisfies Record<Caller, bigint>)) {
        const [standing] = await membership.standingOf(people[kind as Caller], Right.Vote, await now());
        expect(standing, kind).to.equal(expected);
      }
    });
  });

  for (const [name, rows] of Object.entries(TABLE)) {
    if (Object.keys(rows).length === 0) continue;
    describe(name, () => {
      for (const [signature, row] of Object.entries(rows)) {
        describe(signature, () => {
          for (const kind of CALLERS) {
            const cell = cellOf(row, kind);
            it(`${cell === ALLOWED ? "is allowed for" : `reverts with ${cell} for`} ${kind}`, async () => {
              await tryCell(name as ContractName, signature, row, kind);
            });
          }
        });
      }
    });
  }
});
