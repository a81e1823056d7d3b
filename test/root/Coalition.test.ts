import { expect } from "chai";
import { encodeBytes32String, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { CONTRACTS, type ContractKey } from "../../scripts/lib/address-book.js";
import { actAs, Decision, DecisionClass, foundCoalition } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const URI = "https://example.org/new.json";

async function founded() {
  return foundCoalition(connection, { count: 12 });
}

describe("Coalition", () => {
  describe("constructor", () => {
    it("reverts without organs and with 65", async () => {
      const { root, timelock, membership } = await loadFixture(founded);
      const many = Array.from({ length: 65 }, (_, index) => ({
        name: encodeBytes32String(`organ ${index}`),
        account: membership,
      }));
      for (const organs of [[], many]) {
        await expect(ethers.deployContract("Coalition", [timelock, URI, organs]))
          .to.be.revertedWithCustomError(root, "CoalitionOrgansOutOfRange")
          .withArgs(organs.length, 64n);
      }
      await ethers.deployContract("Coalition", [timelock, URI, many.slice(1)]);
    });

    it("reverts for an organ without a name, with another's, and without code", async () => {
      const { root, timelock, membership, deployer } = await loadFixture(founded);
      const name = encodeBytes32String("membership");
      for (const [organs, at] of [
        [[{ name: ZeroHash, account: membership }], 0],
        [
          [
            { name, account: membership },
            { name, account: timelock },
          ],
          1,
        ],
        [[{ name, account: deployer }], 0],
        [[{ name, account: ZeroAddress }], 0],
      ] as const) {
        await expect(ethers.deployContract("Coalition", [timelock, URI, [...organs]]))
          .to.be.revertedWithCustomError(root, "CoalitionInvalidOrgan")
          .withArgs(organs[at]?.name, organs[at]?.account);
      }
    });

    it("names every other contract of a deployment", async () => {
      const coalition = await loadFixture(founded);
      const { root, parameters, timelock } = coalition;
      const keys = (Object.keys(CONTRACTS) as ContractKey[]).filter((key) => key !== "root").sort();
      const organs = await root.organs();
      expect(organs.map(({ name }) => name)).to.deep.equal(keys.map((key) => encodeBytes32String(key)));
      for (const [index, key] of keys.entries()) {
        const address = await coalition[key].getAddress();
        expect(organs[index]?.account).to.equal(address);
        expect(await root.organ(encodeBytes32String(key))).to.equal(address);
      }
      expect(await root.daoURI()).to.equal(parameters.Coalition.uri);
      expect(await root.timelock()).to.equal(timelock);
    });
  });

  describe("organ", () => {
    it("reverts for a name that no organ has", async () => {
      const { root } = await loadFixture(founded);
      const name = encodeBytes32String("treasury");
      await expect(root.organ(name))
        .to.be.revertedWithCustomError(root, "CoalitionUnknownOrgan")
        .withArgs(name);
    });
  });

  describe("setDaoURI", () => {
    it("reverts for everybody but the timelock", async () => {
      const { root, timelock, members } = await loadFixture(founded);
      const [member] = members;
      await expect(root.connect(member).setDaoURI(URI))
        .to.be.revertedWithCustomError(root, "CoalitionUnauthorized")
        .withArgs(member, timelock);
    });

    it("reverts for what is no https or ipfs address of 12 to 256 plain characters", async () => {
      const { root, timelock } = await loadFixture(founded);
      const power = root.connect(await actAs(connection, timelock));
      const refused = [
        "",
        "https://a.b",
        "http://example.org/dao.json",
        "ipfs:/example",
        "https://example.org/a b",
        'https://example.org/"',
        "https://example.org/\\",
        "https://example.org/é",
        `https://${"a".repeat(249)}`,
      ];
      for (const uri of refused) {
        await expect(power.setDaoURI(uri))
          .to.be.revertedWithCustomError(root, "CoalitionInvalidURI")
          .withArgs(uri);
      }
      for (const uri of [`https://${"a".repeat(248)}`, "ipfs://bafyk"]) {
        await power.setDaoURI(uri);
        expect(await root.daoURI()).to.equal(uri);
      }
    });

    it("says where the documents are from now on, by a decision of the members", async () => {
      const { root, governor, members } = await loadFixture(founded);
      const data = root.interface.encodeFunctionData("setDaoURI", [URI]);
      const decision = new Decision(connection, { governor }, [{ target: root, data }], "New documents");
      await expect(await decision.pass(members))
        .to.emit(root, "DAOURIUpdate")
        .withArgs(root, URI);
      expect(await root.daoURI()).to.equal(URI);
    });
  });

  describe("the class of a change", () => {
    it("is an action at birth, and an amendment once the members have guarded the root", async () => {
      const { root, governor, members } = await loadFixture(founded);
      const { selector } = root.interface.getFunction("setDaoURI");
      expect(await governor.classOf(root, selector)).to.equal(DecisionClass.Action);
      const data = governor.interface.encodeFunctionData("guard", [await root.getAddress()]);
      const decision = new Decision(connection, { governor }, [{ target: governor, data }], "Guard the root");
      await expect(await decision.pass(members))
        .to.emit(governor, "TargetGuarded")
        .withArgs(root);
      expect(await governor.classOf(root, selector)).to.equal(DecisionClass.Amendment);
    });
  });

  describe("supportsInterface", () => {
    it("announces ERC-165 and ERC-4824, and nothing else", async () => {
      const { root } = await loadFixture(founded);
      const erc4824 = root.interface.getFunction("daoURI").selector;
      for (const [id, known] of [
        ["0x01ffc9a7", true],
        [erc4824, true],
        ["0xffffffff", false],
      ] as const) {
        expect(await root.supportsInterface(id)).to.equal(known);
      }
    });
  });
});
