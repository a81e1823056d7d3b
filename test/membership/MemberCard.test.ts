import { expect } from "chai";
import type { IMembership } from "../../typechain-types/index.js";
import { mask, Right, useRoll } from "../helpers/roll.js";

const DAY = 86_400n;
const PREFIX = "data:application/json;base64,";
const NAMES = ["speak", "propose", "vote", "stand"];

type Attribute = { trait_type: string; value: string | number; display_type?: string };
type Card = { name: string; description: string; attributes: Attribute[] };

describe("MemberCard", () => {
  const roll = useRoll();

  function decode(uri: string): Card {
    expect(uri.startsWith(PREFIX)).to.equal(true);
    return JSON.parse(Buffer.from(uri.slice(PREFIX.length), "base64").toString("utf8"));
  }

  async function cardOf(number: bigint): Promise<Card> {
    return decode(await roll.membership.tokenURI(number));
  }

  function trait({ attributes }: Card, type: string): string | number | undefined {
    return attributes.find(({ trait_type }) => trait_type === type)?.value;
  }

  /** An entry of the open list that holds the largest values there can be. */
  function largestEntry() {
    const moment = 2n ** 48n - 1n;
    return {
      number: 2n ** 32n - 1n,
      key: roll.person(0).address,
      group: 7,
      status: 1,
      organisation: false,
      pauses: 7,
      joinedAt: moment,
      votesFrom: moment,
      confirmedAt: moment,
      leftAt: 0,
      suspendedUntil: [moment, moment, moment, moment] as [bigint, bigint, bigint, bigint],
    };
  }

  /** The card of an entry that no roll holds. */
  async function draw(
    coalition: string,
    group: string,
    entry: IMembership.MemberStruct,
    rights: number,
  ): Promise<Card> {
    const list = await roll.ethers.deployContract("MemberListMock");
    await list.list(coalition, group, entry, rights);
    return decode(await list.show(roll.card));
  }

  describe("render", () => {
    it("reverts for a number that the roll which asks has never given out", async () => {
      const list = await roll.ethers.deployContract("MemberListMock");
      await list.list("C", "G", largestEntry(), 0);
      await roll.join(roll.person(0));
      // Whoever is no roll gets no card.
      await expect(roll.card.render(1)).to.be.revertedWithoutReason(roll.ethers);
      const asRoll = await roll.ethers.getImpersonatedSigner(await roll.membership.getAddress());
      await expect(roll.card.connect(asRoll).render(2))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
        .withArgs(2);
    });

    it("writes JSON of the metadata schema, and nothing besides", async () => {
      const entry = largestEntry();
      expect(await draw("DC-BAS", "R&D (public)", entry, 15)).to.deep.equal({
        name: `DC-BAS member ${entry.number}`,
        description: "Membership of DC-BAS. It cannot be transferred.",
        attributes: [
          { trait_type: "Member number", value: Number(entry.number) },
          { trait_type: "Kind", value: "Person" },
          { trait_type: "Stakeholder group", value: "R&D (public)" },
          { display_type: "date", trait_type: "Member since", value: Number(entry.joinedAt) },
          { display_type: "date", trait_type: "Vote from", value: Number(entry.votesFrom) },
          { trait_type: "Rights", value: "speak, propose, vote, stand" },
        ],
      });
    });

    it("writes zeros as zeros", async () => {
      const entry = { ...largestEntry(), number: 0, joinedAt: 0, votesFrom: 0 };
      const card = await draw("C", "G", entry, 1);
      expect(["Member number", "Member since", "Vote from"].map((type) => trait(card, type))).to.deep.equal([
        0, 0, 0,
      ]);
    });

    it("tells an organisation from a person", async () => {
      const card = await draw("C", "G", { ...largestEntry(), organisation: true }, 1);
      expect(trait(card, "Kind")).to.equal("Organisation");
    });

    for (let rights = 0; rights < 16; rights++) {
      const words = NAMES.filter((_, right) => rights & (1 << right)).join(", ");

      it(`names the rights of mask ${rights}: ${words || "none"}`, async () => {
        expect(trait(await draw("DC-BAS", "Academia", largestEntry(), rights), "Rights")).to.equal(words);
      });
    }
  });

  describe("tokenURI of the roll", () => {
    it("reverts for a number that nobody holds", async () => {
      const number = await roll.join(roll.person(0));
      await roll.membership.connect(roll.person(0)).resign();
      for (const vacant of [0n, number, number + 1n]) {
        await expect(roll.membership.tokenURI(vacant))
          .to.be.revertedWithCustomError(roll.membership, "ERC721NonexistentToken")
          .withArgs(vacant);
      }
    });

    it("shows coalition, number, group and dates of the roll", async () => {
      await roll.join(roll.person(1), 0);
      const number = await roll.join(roll.person(0), 3);
      const { joinedAt, votesFrom } = await roll.membership.member(number);
      const { name, groups } = roll.parameters.Membership;
      const card = await cardOf(number);
      expect(card.name).to.equal(`${name} member ${number}`);
      expect(card.description).to.contain(name);
      expect(trait(card, "Member number")).to.equal(Number(number));
      expect(trait(card, "Stakeholder group")).to.equal(groups[3]);
      expect(trait(card, "Member since")).to.equal(Number(joinedAt));
      expect(trait(card, "Vote from")).to.equal(Number(votesFrom));
    });

    it("shows every group's name as it is", async () => {
      const { groups } = roll.parameters.Membership;
      for (const [group, name] of groups.entries()) {
        const number = await roll.join(roll.person(group), group);
        expect(trait(await cardOf(number), "Stakeholder group")).to.equal(name);
      }
    });

    it("shows the rights of the moment", async () => {
      const number = await roll.join(roll.person(0));
      const votesFrom = await roll.votesFrom(number);
      expect(trait(await cardOf(number), "Rights")).to.equal("speak");
      await roll.goTo(votesFrom - 1n);
      expect(trait(await cardOf(number), "Rights")).to.equal("speak");
      await roll.goTo(votesFrom);
      expect(trait(await cardOf(number), "Rights")).to.equal("speak, propose, vote, stand");

      const until = votesFrom + DAY;
      await roll.governing.suspend(number, mask(Right.Speak, Right.Vote), until);
      expect(trait(await cardOf(number), "Rights")).to.equal("propose, stand");
      await roll.goTo(until);
      expect(trait(await cardOf(number), "Rights")).to.equal("speak, propose, vote, stand");
    });

    it("shows a participant, and a member whose vote is paused, as they are", async () => {
      await roll.governing.setAdmissionPolicy(await roll.ethers.deployContract("AdmissionPolicyMock"));
      const participant = await roll.join(roll.person(0));
      await roll.governing.setAdmissionPolicy(roll.admission);
      const member = await roll.join(roll.person(1));
      await roll.goTo(await roll.votesFrom(member));
      const desk = await roll.affiliations.getAddress();
      await roll.connection.networkHelpers.setBalance(desk, roll.ethers.parseEther("1"));
      await roll.membership.connect(await roll.ethers.getImpersonatedSigner(desk)).setPaused(member, true);
      for (const number of [participant, member]) {
        expect(trait(await cardOf(number), "Rights")).to.equal("speak");
        expect(trait(await cardOf(number), "Kind")).to.equal("Person");
      }
      expect(trait(await cardOf(participant), "Vote from")).to.equal(0);
    });

    it("tells nothing about the person: neither key nor evidence", async () => {
      await roll.membership.connect(roll.person(0)).join(0, roll.codeDigest, "0xdeadbeef");
      const uri = await roll.membership.tokenURI(1);
      const text = JSON.stringify(decode(uri)).toLowerCase();
      expect(text).to.not.contain(roll.person(0).address.slice(2).toLowerCase());
      expect(text).to.not.contain("deadbeef");
      expect(text).to.not.match(/0x[0-9a-f]/);
    });

    it("is the same for the member's next key", async () => {
      await roll.join(roll.person(0), 2);
      const before = await cardOf(1n);
      await roll.rotate(roll.person(0), roll.person(1));
      expect(await roll.membership.ownerOf(1)).to.equal(roll.person(1).address);
      expect(await cardOf(1n)).to.deep.equal(before);
    });
  });
});
