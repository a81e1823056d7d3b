import { expect } from "chai";
import {
  concat,
  dataLength,
  dataSlice,
  getAddress,
  hexlify,
  id,
  Signature,
  toBeHex,
  Wallet,
  ZeroAddress,
} from "ethers";
import { network } from "hardhat";
import { CURVE_ORDER, HALF_ORDER, longForm, mirrored } from "../helpers/ballots.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

async function signatures() {
  return ethers.deployContract("CompactSignaturesHarness");
}

const DIGEST = id("what is signed");
const NONE = new Uint8Array(64);
const word = (value: bigint) => toBeHex(value, 32);
const walletOf = (index: number) => new Wallet(id(`signer ${index}`));

/** A wallet's signature in 64 bytes. */
const signed = (wallet: Wallet, digest = DIGEST) => wallet.signingKey.sign(digest).compactSerialized;

/** Whom ecrecover itself finds, without any check of `s`; zero for nobody. */
async function recovered(digest: string, compact: string): Promise<string> {
  const long = longForm(compact);
  const answer = await ethers.provider.call({
    to: "0x0000000000000000000000000000000000000001",
    data: concat([digest, new Uint8Array(31), dataSlice(long, 64), dataSlice(long, 0, 64)]),
  });
  return dataLength(answer) === 0 ? ZeroAddress : getAddress(dataSlice(answer, 12));
}

describe("CompactSignatures", () => {
  describe("signers", () => {
    it("answers nobody where nothing is signed", async () => {
      const harness = await loadFixture(signatures);
      expect(await harness.signers("0x", DIGEST)).to.deep.equal([]);
      expect(await harness.signers(new Uint8Array(63), DIGEST)).to.deep.equal([]);
    });

    it("answers who signed, in their order, for either parity", async () => {
      const harness = await loadFixture(signatures);
      const wallets = Array.from({ length: 40 }, (_, index) => walletOf(index));
      const compact = wallets.map((wallet) => signed(wallet));
      expect(new Set(compact.map((each) => Signature.from(each).yParity))).to.deep.equal(new Set([0, 1]));
      expect(await harness.signers(concat(compact), DIGEST)).to.deep.equal(
        wallets.map(({ address }) => address),
      );
    });

    it("does not look at what is left at the end", async () => {
      const harness = await loadFixture(signatures);
      const one = signed(walletOf(1));
      for (const rest of [1, 32, 63]) {
        expect(await harness.signers(concat([one, dataSlice(one, 0, rest)]), DIGEST)).to.deep.equal([
          walletOf(1).address,
        ]);
      }
    });

    it("answers somebody else, or nobody, for another digest", async () => {
      const harness = await loadFixture(signatures);
      const compact = signed(walletOf(1));
      const other = id("something else");
      expect(await harness.signers(compact, other)).to.deep.equal([await recovered(other, compact)]);
      expect(await harness.signers(compact, other)).not.to.deep.equal([walletOf(1).address]);
    });

    it("answers nobody for what is no signature, and leaves its neighbours", async () => {
      const harness = await loadFixture(signatures);
      const [one, two] = [walletOf(1), walletOf(2)];
      const { r } = Signature.from(signed(one));
      for (const [name, flaw] of [
        ["all zero", hexlify(NONE)],
        ["all ones", hexlify(new Uint8Array(64).fill(0xff))],
        ["r of zero", concat([word(0n), word(1n)])],
        ["s of zero", concat([r, word(0n)])],
        ["r of the curve's order", concat([word(CURVE_ORDER), word(1n)])],
        ["r that is on no point", concat([word(5n), word(1n)])],
      ] as const) {
        expect(await recovered(DIGEST, flaw), name).to.equal(ZeroAddress);
        expect(await harness.signers(concat([signed(one), flaw, signed(two)]), DIGEST), name).to.deep.equal([
          one.address,
          ZeroAddress,
          two.address,
        ]);
      }
    });

    it("takes s up to half of the curve's order, and none beyond it that 64 bytes can hold", async () => {
      const harness = await loadFixture(signatures);
      const { r } = Signature.from(signed(walletOf(1)));
      for (const [s, taken] of [
        [1n, true],
        [HALF_ORDER, true],
        [HALF_ORDER + 1n, false],
        [(1n << 255n) - 1n, false],
      ] as const) {
        for (const parity of [0n, 1n << 255n]) {
          const compact = concat([r, word(s | parity)]);
          const signer = await recovered(DIGEST, compact);
          expect(signer, "the curve finds somebody").not.to.equal(ZeroAddress);
          expect(await harness.signers(compact, DIGEST)).to.deep.equal([taken ? signer : ZeroAddress]);
        }
      }
    });

    it("takes a signature and refuses its mirror image", async () => {
      const harness = await loadFixture(signatures);
      const { wallet, low, high } = mirrored(DIGEST);
      expect(await recovered(DIGEST, low)).to.equal(wallet.address);
      expect(await recovered(DIGEST, high)).to.equal(wallet.address);
      expect(await harness.signers(concat([high, low, high]), DIGEST)).to.deep.equal([
        ZeroAddress,
        wallet.address,
        ZeroAddress,
      ]);
    });

    it("agrees with the curve about words by chance", async () => {
      const harness = await loadFixture(signatures);
      const words = Array.from({ length: 60 }, (_, index) => {
        const s = BigInt(id(`s ${index}`)) % HALF_ORDER;
        const parity = index % 2 === 0 ? 0n : 1n << 255n;
        return concat([id(`r ${index}`), word(s | parity)]);
      });
      const expected: string[] = [];
      for (const each of words) expected.push(await recovered(DIGEST, each));
      expect(expected).to.include(ZeroAddress);
      expect(new Set(expected).size).to.be.greaterThan(10);
      expect(await harness.signers(concat(words), DIGEST)).to.deep.equal(expected);
    });

    it("leaves what lies in memory before and after", async () => {
      const harness = await loadFixture(signatures);
      const wallets = Array.from({ length: 5 }, (_, index) => walletOf(index));
      const other = id("something else");
      const both = [DIGEST, other].map((digest) => wallets.map((wallet) => signed(wallet, digest)));
      const list = concat([...both[0], ...both[1]]);
      const [one, two, between] = await harness.twice(list, DIGEST, other);
      const addresses = wallets.map(({ address }) => address);
      expect(one.slice(0, 5)).to.deep.equal(addresses);
      expect(two.slice(5)).to.deep.equal(addresses);
      expect(between).to.deep.equal([1n, 2n, 3n]);
    });
  });
});
