import { expect } from "chai";
import { FAR } from "../helpers/attacks.js";
import { deployCoalition, deployDesks, rollParameters } from "../helpers/fixture.js";
import { recovering, Struct } from "../helpers/recovery.js";
import { domainOf } from "../helpers/requests.js";
import { useRoll } from "../helpers/roll.js";
import { signStruct, structOf } from "../helpers/signing.js";

const REASONS = `0x${"5e".repeat(32)}`; // not a secret: stands for a digest of reasons
const NUMBER = 1n;

/** Persons by index: a member, a guardian, a new key. */
const [OWNER, GUARDIAN, FRESH] = [0, 1, 2];

type Desks = Awaited<ReturnType<typeof deployCoalition>>;
type Desk = Desks["requests" | "confirmations" | "recovery"];

/** A form of request: at which desk, what is signed by whom, and how it is brought. */
type Form = {
  readonly title: string;
  readonly at: "requests" | "confirmations" | "recovery";
  readonly struct: string;
  readonly signer: number;
  readonly message: Readonly<Record<string, unknown>>;
  readonly bring: (desks: Desks, signature: string, deadline: bigint) => Promise<unknown>;
};

describe("attacks on desks", () => {
  const roll = useRoll();
  const { key, consent, request } = recovering(roll);

  describe("desk bound by a front-runner", () => {
    /** Deploys a roll with desks that exist. */
    async function deployRoll(desks: Awaited<ReturnType<typeof deployDesks>>) {
      const { card, admission: admissionPolicy } = roll;
      const parameters = rollParameters(roll.parameters.Membership, { card, admissionPolicy, desks });
      return roll.ethers.deployContract("Membership", [roll.timelock, parameters]);
    }

    it("attack 123: whoever binds a desk first makes the deployment fail, and gains nothing", async () => {
      const desks = await deployDesks(roll, roll.parameters.Membership);
      const attacker = roll.person(OWNER);
      await desks.recovery.connect(attacker).bind(roll.parameters.Membership.waitingFloor);
      await expect(deployRoll(desks))
        .to.be.revertedWithCustomError(desks.recovery, "RollDeskBound")
        .withArgs(attacker);
      // The deployment that failed left no trace in the other desks; one desk has to be deployed anew.
      const again = (await deployDesks(roll, roll.parameters.Membership)).recovery;
      const membership = await deployRoll({ ...desks, recovery: again });
      for (const one of [desks.requests, desks.confirmations, again]) {
        expect(await one.roll()).to.equal(membership);
      }
      expect((await membership.desks()).recovery).to.equal(again);
      expect(await desks.recovery.roll()).to.equal(attacker);
      await roll.connection.networkHelpers.impersonateAccount(await desks.recovery.getAddress());
      const bound = await roll.ethers.getSigner(await desks.recovery.getAddress());
      await roll.connection.networkHelpers.setBalance(bound.address, roll.ethers.parseEther("1"));
      await expect(membership.connect(bound).moveKey(1, attacker))
        .to.be.revertedWithCustomError(membership, "RollOperationsUnauthorized")
        .withArgs(bound);
    });

    it("attack 123: no roll is born with the desks of another", async () => {
      const { requests, confirmations, recovery, affiliations, claims, delegations } = roll;
      const taken = { requests, confirmations, recovery, affiliations, claims, delegations };
      const fresh = await deployDesks(roll, roll.parameters.Membership);
      for (const [place, desk] of Object.entries(taken)) {
        await expect(deployRoll({ ...fresh, [place]: desk }))
          .to.be.revertedWithCustomError(desk, "RollDeskBound")
          .withArgs(roll.membership);
      }
    });

    it("attack 123: no roll is born with one desk in two places", async () => {
      const fresh = await deployDesks(roll, roll.parameters.Membership);
      const double = { ...fresh, confirmations: fresh.requests as never };
      await expect(deployRoll(double)).to.be.revertedWithCustomError(fresh.requests, "RollDeskBound");
    });
  });

  describe("replay of what was signed for a desk", () => {
    const forms = (): Form[] => [
      {
        title: "a resignation",
        at: "requests",
        struct: "Resign(address account,uint256 nonce,uint256 deadline)",
        signer: OWNER,
        message: { account: key(OWNER) },
        bring: ({ requests }, signature, deadline) => requests.resignBySig(key(OWNER), deadline, signature),
      },
      {
        title: "a move to a new key",
        at: "requests",
        struct: "Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)",
        signer: OWNER,
        message: { number: NUMBER, newKey: key(FRESH) },
        bring: async ({ requests }, signature, deadline) => {
          const value = { number: NUMBER, newKey: key(FRESH), deadline };
          const struct = "Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)";
          const fresh = await signStruct(requests, roll.person(FRESH), struct, value);
          return requests.rotateKeyBySig(key(OWNER), key(FRESH), deadline, signature, fresh);
        },
      },
      {
        title: "a confirmation",
        at: "confirmations",
        struct: "Confirm(address account,uint256 nonce,uint256 deadline)",
        signer: OWNER,
        message: { account: key(OWNER) },
        bring: ({ confirmations }, signature, deadline) =>
          confirmations.confirmBySig(key(OWNER), deadline, signature),
      },
      {
        title: "guardians",
        at: "recovery",
        struct: Struct.NameGuardians,
        signer: OWNER,
        message: { account: key(OWNER), guardians: [key(GUARDIAN)], threshold: 1 },
        bring: ({ recovery }, signature, deadline) =>
          recovery.nameGuardiansBySig(key(OWNER), [key(GUARDIAN)], 1, deadline, signature),
      },
      {
        title: "the consent of a new key",
        at: "recovery",
        struct: Struct.Recover,
        signer: FRESH,
        message: { number: NUMBER, newKey: key(FRESH) },
        bring: ({ recovery }, signature, deadline) =>
          recovery.connect(roll.person(GUARDIAN)).request(NUMBER, key(FRESH), deadline, signature),
      },
      {
        title: "a guardian's request",
        at: "recovery",
        struct: Struct.Request,
        signer: GUARDIAN,
        message: { guardian: key(GUARDIAN), number: NUMBER, newKey: key(FRESH) },
        bring: async ({ recovery }, signature, deadline) =>
          recovery.requestBySig(
            key(GUARDIAN),
            NUMBER,
            key(FRESH),
            deadline,
            signature,
            await consent(roll.person(FRESH), NUMBER, deadline),
          ),
      },
      {
        title: "an approval",
        at: "recovery",
        struct: Struct.Approve,
        signer: GUARDIAN,
        message: { guardian: key(GUARDIAN), number: NUMBER, newKey: key(FRESH) },
        bring: ({ recovery }, signature, deadline) =>
          recovery.approveBySig(key(GUARDIAN), NUMBER, key(FRESH), deadline, signature),
      },
      {
        title: "a veto",
        at: "recovery",
        struct: Struct.Veto,
        signer: OWNER,
        message: { account: key(OWNER), number: NUMBER, newKey: key(FRESH) },
        bring: ({ recovery }, signature, deadline) =>
          recovery.vetoBySig(key(OWNER), NUMBER, key(FRESH), deadline, signature),
      },
      {
        title: "a claim",
        at: "recovery",
        struct: Struct.Claim,
        signer: FRESH,
        message: { number: NUMBER, newKey: key(FRESH), reasonDigest: REASONS },
        bring: ({ recovery }, signature, deadline) =>
          recovery.claimBySig(NUMBER, key(FRESH), REASONS, deadline, signature),
      },
    ];

    /** A member with guardians, here and in a coalition that is the same in everything. */
    async function twins() {
      const here: Desks = roll;
      const there = await deployCoalition(roll.connection, roll.parameters);
      for (const { membership, recovery } of [here, there]) {
        await membership.connect(roll.person(OWNER)).join(0, roll.codeDigest, "0x");
        await recovery.connect(roll.person(OWNER)).nameGuardians([key(GUARDIAN), key(OWNER + 3)], 2);
      }
      return { here, there };
    }

    const otherDesk = { requests: "confirmations", confirmations: "recovery", recovery: "requests" } as const;

    const expectRefusal = (work: Promise<unknown>, desk: Desk, { title, signer }: Form) =>
      expect(work, title)
        .to.be.revertedWithCustomError(desk, "SignedRequestsInvalidSignature")
        .withArgs(key(signer));

    it("attack 54: nothing signed for another desk, another coalition, another chain or another name is worth anything", async () => {
      const { here, there } = await twins();
      for (const form of forms()) {
        const desk = here[form.at];
        const domain = await domainOf(desk);
        const { name, fields } = structOf(form.struct);
        const value = { ...form.message, nonce: await desk.nonces(key(form.signer)), deadline: FAR };
        for (const foreign of [
          await domainOf(here[otherDesk[form.at]]),
          await domainOf(there[form.at]),
          { ...domain, chainId: 1n },
          { ...domain, name: "DC-BAS Governor" },
          { ...domain, version: "2" },
        ]) {
          const signature = await roll.person(form.signer).signTypedData(foreign, { [name]: fields }, value);
          await expectRefusal(form.bring(here, signature, FAR), desk, form);
        }
        expect(await desk.nonces(key(form.signer)), form.title).to.equal(0n);
      }
      expect(await roll.membership.ownerOf(NUMBER)).to.equal(key(OWNER));
      expect((await roll.recovery.guardiansOf(NUMBER)).threshold).to.equal(2n);
    });

    it("attack 51: nothing is good after its deadline, or with another nonce", async () => {
      await twins();
      const here: Desks = roll;
      const past = await roll.now();
      for (const form of forms()) {
        const desk = here[form.at];
        const signer = roll.person(form.signer);
        const late = await signStruct(desk, signer, form.struct, { ...form.message, deadline: past });
        await expect(form.bring(here, late, past), form.title)
          .to.be.revertedWithCustomError(desk, "SignedRequestsExpired")
          .withArgs(past, (moment: bigint) => moment > past);
        for (const nonce of [1n, 2n ** 256n - 1n]) {
          const value = { ...form.message, nonce, deadline: FAR };
          const early = await signStruct(desk, signer, form.struct, value);
          await expectRefusal(form.bring(here, early, FAR), desk, form);
        }
      }
    });

    it("attack 51: nothing is good a second time", async () => {
      await twins();
      const here: Desks = roll;
      const asked = () => request(OWNER + 3, NUMBER, FRESH);
      for (const form of forms()) {
        const restore = await roll.connection.networkHelpers.takeSnapshot();
        const desk = here[form.at];
        if (["an approval", "a veto"].includes(form.title)) await asked();
        const value = { ...form.message, deadline: FAR };
        const signature = await signStruct(desk, roll.person(form.signer), form.struct, value);
        const nonce = await desk.nonces(key(form.signer));
        await form.bring(here, signature, FAR);
        expect(await desk.nonces(key(form.signer)), form.title).to.equal(nonce + 1n);
        // Back to where it would apply again, as far as that can be.
        if (form.title === "a resignation") await roll.join(roll.person(OWNER));
        if (form.title === "a move to a new key") await roll.rotate(roll.person(FRESH), roll.person(OWNER));
        if (form.title === "the consent of a new key") {
          await here.recovery.connect(roll.person(OWNER)).nameGuardians([key(GUARDIAN)], 1);
        }
        if (form.title === "a veto") {
          await here.recovery.connect(roll.person(OWNER)).nameGuardians([key(OWNER + 3)], 1);
          await asked();
        }
        await expectRefusal(form.bring(here, signature, FAR), desk, form);
        await restore.restore();
      }
    });
  });
});
