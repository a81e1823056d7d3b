import { expect } from "chai";
import { Interface, ZeroAddress } from "ethers";
import { useRoll } from "../helpers/roll.js";
import { shouldBehaveLikeErc165 } from "./erc165.behavior.js";
import { shouldReadLikeErc721 } from "./erc721.behavior.js";
import { shouldBehaveLikeErc5192 } from "./erc5192.behavior.js";

describe("MembershipToken", () => {
  const roll = useRoll();

  /** Number 1 stays; 2 resigned; 3 was ended; 4 and 0 never were. */
  async function situation() {
    for (const index of [0, 1, 2]) await roll.join(roll.person(index));
    await roll.membership.connect(roll.person(1)).resign();
    await roll.governing.end(3);
    const { name, symbol } = roll.parameters.Membership;
    return {
      token: roll.membership,
      name,
      symbol,
      owner: roll.person(0).address,
      id: 1n,
      stranger: roll.person(1).address,
      vacant: [0n, 2n, 3n, 4n, 2n ** 256n - 1n],
    };
  }

  shouldBehaveLikeErc165(
    () => roll.membership,
    {
      "ERC-721": "0x80ac58cd",
      "ERC-721 metadata": "0x5b5e139f",
      "ERC-5192": "0xb45a3c0e",
      "OpenZeppelin's IVotes": "0xe90fb3f6",
      "ERC-6372": "0xda287a1d",
    },
    { "ERC-721 enumerable": "0x780e9d63", "ERC-4906": "0x49064906", "the zero id": "0x00000000" },
  );

  shouldReadLikeErc721(situation);

  shouldBehaveLikeErc5192(situation);

  describe("supportsInterface", () => {
    it("announces IMembership, by the exclusive-or of its selectors", async () => {
      const full = await roll.ethers.getContractAt("IMembership", roll.membership);
      const votes = [
        "getVotes",
        "getPastVotes",
        "getPastTotalSupply",
        "delegates",
        "delegate",
        "delegateBySig",
      ];
      const inherited = [...votes, "clock", "CLOCK_MODE"];
      const own: string[] = [];
      full.interface.forEachFunction(({ name, selector }) => {
        if (!inherited.includes(name)) own.push(selector);
      });
      const id = own.reduce((sum, selector) => sum ^ BigInt(selector), 0n);
      expect(await roll.membership.supportsInterface(`0x${id.toString(16).padStart(8, "0")}`)).to.equal(true);
    });
  });

  describe("transferring", () => {
    const data = "0x1234";

    it("reverts by every way, for everybody, with the number", async () => {
      const number = await roll.join(roll.person(0));
      const [owner, stranger] = [roll.person(0).address, roll.person(1).address];
      const timelock = await roll.timelock.getAddress();
      for (const caller of [roll.person(0), roll.person(1), roll.deployer]) {
        const token = roll.membership.connect(caller);
        for (const to of [stranger, owner, timelock, ZeroAddress]) {
          for (const send of [
            () => token.transferFrom(owner, to, number),
            () => token["safeTransferFrom(address,address,uint256)"](owner, to, number),
            () => token["safeTransferFrom(address,address,uint256,bytes)"](owner, to, number, data),
          ]) {
            await expect(send())
              .to.be.revertedWithCustomError(roll.membership, "MembershipNotTransferable")
              .withArgs(number);
          }
        }
      }
      expect(await roll.membership.ownerOf(number)).to.equal(owner);
    });

    it("reverts for the timelock, too", async () => {
      const number = await roll.join(roll.person(0));
      const timelock = await roll.timelock.getAddress();
      await expect(roll.governing.transferFrom(roll.person(0).address, timelock, number))
        .to.be.revertedWithCustomError(roll.membership, "MembershipNotTransferable")
        .withArgs(number);
    });

    it("reverts for tokens that do not exist", async () => {
      const { address } = roll.person(0);
      await expect(roll.membership.transferFrom(address, address, 7))
        .to.be.revertedWithCustomError(roll.membership, "MembershipNotTransferable")
        .withArgs(7);
    });
  });

  describe("approve", () => {
    it("reverts with whom it was to approve, nobody included", async () => {
      const number = await roll.join(roll.person(0));
      for (const spender of [roll.person(1).address, roll.person(0).address, ZeroAddress]) {
        await expect(roll.membership.connect(roll.person(0)).approve(spender, number))
          .to.be.revertedWithCustomError(roll.membership, "MembershipApprovalDisabled")
          .withArgs(spender);
      }
      expect(await roll.membership.getApproved(number)).to.equal(ZeroAddress);
    });
  });

  describe("setApprovalForAll", () => {
    it("reverts with whom it was to approve, yes or no", async () => {
      await roll.join(roll.person(0));
      const operator = roll.person(1).address;
      for (const approved of [true, false]) {
        await expect(roll.membership.connect(roll.person(0)).setApprovalForAll(operator, approved))
          .to.be.revertedWithCustomError(roll.membership, "MembershipApprovalDisabled")
          .withArgs(operator);
      }
      expect(await roll.membership.isApprovedForAll(roll.person(0), operator)).to.equal(false);
    });
  });

  describe("burning", () => {
    it("is no function of the token: a member resigns, or the members end a membership", async () => {
      const number = await roll.join(roll.person(0));
      const names: string[] = [];
      roll.membership.interface.forEachFunction(({ name }) => names.push(name));
      expect(names).to.include("resign").and.not.include.members(["burn", "mint", "safeMint"]);
      const burn = new Interface(["function burn(uint256)"]).encodeFunctionData("burn", [number]);
      const sending = roll.person(0).sendTransaction({ to: roll.membership, data: burn });
      await expect(sending).to.be.revertedWithoutReason(roll.ethers);
      expect(await roll.membership.ownerOf(number)).to.equal(roll.person(0).address);
    });
  });

  describe("receiving ether", () => {
    it("reverts, for it would be stuck", async () => {
      const sending = roll.person(0).sendTransaction({ to: roll.membership, value: 1n });
      await expect(sending).to.be.revertedWithoutReason(roll.ethers);
      expect(await roll.ethers.provider.getBalance(roll.membership)).to.equal(0);
    });
  });

  describe("the receiver check of safe transfers", () => {
    it("is not asked when a contract joins: a wallet need not know ERC-721", async () => {
      const wallet = await roll.ethers.deployContract("ContractWallet", [roll.person(0).address]);
      const join = roll.membership.interface.encodeFunctionData("join", [0, roll.codeDigest, "0x"]);
      await wallet.connect(roll.person(0)).execute(roll.membership, join);
      expect(await roll.membership.ownerOf(1)).to.equal(await wallet.getAddress());
    });
  });
});
