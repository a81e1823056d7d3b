import { readFileSync } from "node:fs";
import { expect } from "chai";
import { sendRequest } from "../../scripts/lib/member/acts.js";
import type { Person } from "../../scripts/lib/member/coalition.js";
import { JOIN } from "../../scripts/lib/member/join.js";
import { CONFIRM, RESIGN } from "../../scripts/lib/member/leave.js";
import { describeRequest, LIFE, sign } from "../../scripts/lib/member/perform.js";
import { type SignedRequest, writeRequest } from "../../scripts/lib/member/request-file.js";
import { date } from "../../scripts/lib/member/words.js";
import { inFolder } from "../helpers/folder.js";
import { contextOf, textOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";
import { useRoll } from "../helpers/roll.js";

describe("member send", () => {
  const roll = useRoll();
  const joining = (index: number) => ({
    account: roll.person(index).address,
    group: 1,
    codeDigest: roll.codeDigest,
    evidence: "0x",
  });

  /** A request to join, signed by the first person and valid for a week. */
  async function signed(): Promise<SignedRequest> {
    const context = await contextOf(roll);
    return sign(context, JOIN, joining(0), roll.person(0), context.now + LIFE);
  }

  /** Sends a request from a file, as the tenth person. */
  const sent = (request: unknown) =>
    inFolder({ "request.json": JSON.stringify(request) }, async (folder) =>
      sendRequest(await contextOf(roll), `${folder}/request.json`, roll.person(9)),
    );

  it("brings what somebody else signed, and pays for it", async () => {
    const outcome = await sent(await signed());
    expect(textOf(outcome)).to.contain(`${roll.person(0).address} is member 1`);
    expect(outcome.facts).to.deep.include({ act: "join", number: 1 });
    expect(await roll.membership.numberOf(roll.person(0))).to.equal(1n);
  });

  it("refuses a request that is over, was used, or is out of turn, and says which", async () => {
    const request = await signed();
    const ahead = await refusal(sent({ ...request, nonce: 1 }));
    expect(ahead).to.contain("has nonce 1, but 0 is next").and.to.contain("must come first");

    await sent(request);
    expect(await refusal(sent(request))).to.contain("is on the roll already");
    const context = await contextOf(roll);
    const resigning = await sign(
      context,
      RESIGN,
      { account: roll.person(0).address },
      roll.person(0),
      context.now + 60,
    );
    await sent(resigning);
    expect(await refusal(sent(request))).to.contain("was used already, or another one of");

    await roll.time.increase(61n);
    const late = { ...request, nonce: 2, deadline: context.now + 60 };
    expect(await refusal(sent(late))).to.contain(`was valid until ${date(context.now + 60)}`);
  });

  it("refuses a signature of another key, of another request, or none", async () => {
    const request = await signed();
    const other = await roll.person(1).signMessage("no request");
    for (const wrong of [
      { ...request, signature: other },
      { ...request, signature: "0x12" },
      { ...request, message: { ...request.message, group: 2 } },
      { ...request, deadline: request.deadline + 1 },
    ]) {
      expect(await refusal(sent(wrong))).to.contain(
        `does not bear a signature of ${roll.person(0).address} for just this`,
      );
    }
  });

  it("refuses a request for another chain, contract or act, and files that hold none", async () => {
    const request = await signed();
    const elsewhere = roll.person(7).address;
    expect(await refusal(sent({ ...request, chainId: 1 }))).to.contain("was signed for chain 1");
    expect(await refusal(sent({ ...request, contract: elsewhere }))).to.contain(
      `was signed for the contract ${elsewhere}`,
    );
    expect(await refusal(sent({ ...request, act: "vote" }))).to.contain(
      '"act" is "vote", allowed: join, resign',
    );
    expect(await refusal(sent({ ...request, act: "consent to rotate" }))).to.contain(
      "it is the consent of a new key alone",
    );
    expect(await refusal(sent({ ...request, act: "attest" }))).to.contain(
      'it is the statement of an issuer; bring it with "member qualify --statement"',
    );
    expect(await refusal(sent({ ...request, nonce: "0" }))).to.contain(
      'nonce is "0", allowed: a whole number',
    );
    expect(await refusal(sent({ ...request, message: {} }))).to.contain("message.account is missing");
    const short = { ...request, message: { ...request.message, codeDigest: "0x12" } };
    expect(await refusal(sent(short))).to.contain('message.codeDigest is "0x12"');
    expect(await refusal(sent([]))).to.contain("holds no signed request");
    await inFolder({ "request.json": "{" }, async (folder) => {
      const context = await contextOf(roll);
      const from = (name: string) => refusal(sendRequest(context, `${folder}/${name}`, roll.person(9)));
      expect(await from("request.json")).to.contain("is not JSON");
      expect(await from("none.json")).to.contain("is missing");
    });
  });

  it("takes the word of a wallet that is a contract (ERC-1271)", async () => {
    const wallet = await roll.ethers.deployContract("ContractWallet", [roll.person(3).address]);
    const key = await wallet.getAddress();
    const context = await contextOf(roll);
    const message = { ...joining(3), account: key };
    const owner = roll.person(3);
    const asWallet = { address: key, signTypedData: owner.signTypedData.bind(owner) } as Person;
    const request = await sign(context, JOIN, message, asWallet, context.now + LIFE);
    const forged = await roll.person(4).signMessage("no request");
    expect(await refusal(sent({ ...request, signature: forged }))).to.contain("does not bear a signature of");
    expect((await sent(request)).facts).to.deep.include({ number: 1, key });
  });

  describe("--sign-only", () => {
    it("refuses to sign what the contract would refuse, or a deadline in the past", async () => {
      const context = await contextOf(roll);
      const account = roll.person(0).address;
      expect(
        await refusal(sign(context, CONFIRM, { account }, roll.person(0), context.now + LIFE)),
      ).to.contain(`${account} is not on the roll`);
      expect(await refusal(sign(context, JOIN, joining(0), roll.person(0), context.now))).to.contain(
        "which is over",
      );
    });

    it("writes a file that says what to do with it, and overwrites none", async () => {
      const request = await signed();
      await inFolder({}, async (folder) => {
        const path = `${folder}/request.json`;
        writeRequest(path, request);
        expect(JSON.parse(readFileSync(path, "utf8"))).to.deep.equal(request);
        expect(await refusal((async () => writeRequest(path, request))())).to.contain("exists already");
        expect(textOf(describeRequest(request, path))).to.contain("member send --request");
        expect(JSON.parse(textOf(describeRequest(request, undefined)))).to.deep.equal(request);
      });
    });
  });
});
