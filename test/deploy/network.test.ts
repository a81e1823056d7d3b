import { expect } from "chai";
import { HDNodeWallet, Mnemonic } from "ethers";
import { network } from "hardhat";
import type { NetworkConfig } from "hardhat/types/config";
import {
  deployerOn,
  isTransient,
  type KnownNetwork,
  meet,
  type Node,
  persistently,
  steady,
  withoutSecrets,
} from "../../scripts/lib/network.js";
import { nodeLike } from "../helpers/nodes.js";
import { refusal } from "../helpers/refusal.js";

const SHORT = { attempts: 3, waitMs: 1, timeoutMs: 50 };

const answering = (answer: unknown): Node => ({ request: async () => answer });
const failing = (message: string): Node => ({
  request: async () => {
    throw new Error(message);
  },
});

describe("Networks", () => {
  let simulated: NetworkConfig;
  before(async () => {
    simulated = (await network.create()).networkConfig;
  });

  /** A connection over HTTP, as the configuration of a network would make it. */
  function http(name: string, url: string, provider: Node) {
    const networkConfig = {
      ...simulated,
      type: "http",
      url: { getUrl: async () => url },
    } as unknown as NetworkConfig;
    return { networkName: name, networkConfig, provider };
  }

  describe("meet", () => {
    for (const [what, node] of [
      ["refuses connections", failing("connect ECONNREFUSED")],
      ["is too busy", failing("Request failed with status code 429")],
      ["never answers", { request: () => new Promise<never>(() => {}) }],
    ] as const) {
      it(`gives up on a node that ${what}, after a bounded number of attempts, and tells no secret`, async () => {
        const counted = nodeLike(node, (_method, _count, answer) => answer());
        const connection = http("sepolia", "https://user:pass@rpc.example.org/v3/abcdef?key=1", counted);
        const message = await refusal(meet(connection, undefined, SHORT));
        expect(message).to.contain(
          'The network "sepolia" (https://rpc.example.org) does not answer, asked 3 times.',
        );
        expect(message).not.to.match(/user|pass|abcdef|key=/);
        expect(counted.calls).to.have.length(3);
      });
    }

    it("goes on once a node answers at last", async () => {
      const node = nodeLike(answering("0x7a69"), async (_method, count, answer) => {
        if (count < 3) throw new Error("socket hang up");
        return answer();
      });
      expect(
        (await meet(http("localhost", "http://127.0.0.1:8545", node), undefined, SHORT)).chainId,
      ).to.equal(31_337n);
    });

    it("does not repeat what asking again cannot cure", async () => {
      const node = nodeLike(failing("DEPLOYER_KEY not found"), (_method, _count, answer) => answer());
      let message = "";
      await meet(http("sepolia", "https://rpc.example.org", node), undefined, SHORT).catch((error: Error) => {
        message = error.message;
      });
      expect(message).to.equal("DEPLOYER_KEY not found");
      expect(node.calls).to.have.length(1);
    });

    for (const answer of [undefined, null, "", "hello", 31337, {}]) {
      it(`refuses ${JSON.stringify(answer)} in place of a chain id`, async () => {
        const connection = http("localhost", "http://127.0.0.1:8545", answering(answer));
        expect(await refusal(meet(connection, undefined, SHORT))).to.contain("not with a chain id");
      });
    }

    it("refuses a chain that is not the one that is meant", async () => {
      const connection = http("localhost", "http://127.0.0.1:8545", answering("0x1"));
      expect(await refusal(meet(connection, 31_337n, SHORT))).to.contain("is chain 1, expected chain 31337");
    });

    it("knows the chains of the configured public networks, unless another is named", async () => {
      for (const [name, chain] of [
        ["sepolia", 11_155_111n],
        ["baseSepolia", 84_532n],
      ] as const) {
        const wrong = http(name, "https://rpc.example.org", answering("0x1"));
        expect(await refusal(meet(wrong, undefined, SHORT))).to.contain(
          `is chain 1, expected chain ${chain}`,
        );
        expect((await meet(wrong, 1n, SHORT)).chainId).to.equal(1n);
        const right = http(name, "https://rpc.example.org", answering(`0x${chain.toString(16)}`));
        expect((await meet(right, undefined, SHORT)).isLocal).to.equal(false);
      }
    });

    it("takes a chain for local only on this machine and under a development chain's id", async () => {
      const isLocal = async (url: string, chainId: string) =>
        (await meet(http("localhost", url, answering(chainId)), undefined, SHORT)).isLocal;
      expect(await isLocal("http://127.0.0.1:8545", "0x7a69")).to.equal(true);
      expect(await isLocal("http://localhost:8545", "0x539")).to.equal(true);
      expect(await isLocal("http://[::1]:8545", "0x7a69")).to.equal(true);
      expect(await isLocal("http://127.0.0.1:8545", "0x1")).to.equal(false);
      expect(await isLocal("https://rpc.example.org", "0x7a69")).to.equal(false);
      expect(await isLocal("https://127.example.org", "0x7a69")).to.equal(false);
      expect(await isLocal("https://localhost.example.org", "0x7a69")).to.equal(false);
    });
  });

  describe("deployerOn", () => {
    const known = (isLocal: boolean): KnownNetwork => ({
      name: "somewhere",
      address: "https://rpc.example.org",
      chainId: 11_155_111n,
      isLocal,
      isEphemeral: false,
    });

    it("refuses a network without an account", async () => {
      expect(await refusal(deployerOn(known(false), answering([])))).to.contain("no account to deploy from");
    });

    // not a secret: the mnemonics that Hardhat, Anvil, Ganache and Truffle publish
    const phrases = [
      `${"test ".repeat(11)}junk`,
      // not a secret: the mnemonic of Ganache's deterministic mode
      "myth like bonus scare over problem client lizard pioneer submit female collect",
      // not a secret: the mnemonic of Truffle's development console
      "candy maple cake sugar pudding cream honey rich smooth crumble sweet treat",
    ];
    for (const phrase of phrases) {
      it(`refuses the published key of "${phrase.slice(0, 9)}…" but on a local chain`, async () => {
        const parent = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), "m/44'/60'/0'/0");
        for (const index of [0, 1, 19]) {
          const { address } = parent.deriveChild(index);
          for (const account of [address, address.toLowerCase()]) {
            const message = await refusal(deployerOn(known(false), answering([account])));
            expect(message).to.contain(`The key of ${account} is published`).and.to.contain("Chain 11155111");
            expect(await deployerOn(known(true), answering([account]))).to.equal(account);
          }
        }
      });
    }

    it("takes a key of one's own", async () => {
      const { address } = HDNodeWallet.createRandom();
      expect(await deployerOn(known(false), answering([address]))).to.equal(address);
    });
  });

  describe("steady", () => {
    it("asks again what only reads, and never what sends", async () => {
      const flaky = nodeLike(answering("0x1"), async (_method, count, answer) => {
        if (count < 3) throw new Error("other side closed");
        return answer();
      });
      const node = steady(flaky, SHORT);
      expect(await node.request({ method: "eth_call" })).to.equal("0x1");
      for (const method of ["eth_sendTransaction", "eth_sendRawTransaction"]) {
        let failed = false;
        await node.request({ method }).catch(() => {
          failed = true;
        });
        expect(failed, method).to.equal(true);
        expect(flaky.calls.filter((call) => call === method)).to.have.length(1);
      }
    });

    it("passes a revert through at once", async () => {
      const node = nodeLike(failing("execution reverted: no"), (_method, _count, answer) => answer());
      let message = "";
      await persistently(() => node.request({ method: "eth_call" }), SHORT).catch((error: Error) => {
        message = error.message;
      });
      expect(message).to.equal("execution reverted: no");
      expect(node.calls).to.have.length(1);
    });

    it("knows Hardhat's own words for a node that is away", () => {
      expect(isTransient({ number: 703, message: "Cannot connect" })).to.equal(true);
      expect(isTransient({ number: 704, message: "" })).to.equal(true);
      expect(isTransient({ code: -32_005, message: "limit exceeded" })).to.equal(true);
      expect(isTransient({ number: 10_402, message: "wait" })).to.equal(false);
      expect(isTransient({ code: 3, message: "execution reverted" })).to.equal(false);
    });
  });

  describe("withoutSecrets", () => {
    it("leaves scheme and host of every web address, and the rest of the text", () => {
      const text =
        'Request to "https://u:p@a.example.org:8443/v3/key?x=1" and wss://b.example.org/key failed at 0x12.';
      expect(withoutSecrets(text)).to.equal(
        'Request to "https://a.example.org:8443" and wss://b.example.org failed at 0x12.',
      );
      expect(withoutSecrets("https://")).to.equal("https://");
    });
  });
});
