import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { ENDORSE } from "../lib/ballots/endorse.js";
import { signerFrom } from "../lib/ballots/keys.js";
import { describePaper, readPaper, writePaper } from "../lib/ballots/paper.js";
import { relay as relayBallots } from "../lib/ballots/relay.js";
import { ballotStatus } from "../lib/ballots/result.js";
import { signBallot, type Wish } from "../lib/ballots/sign.js";
import { readDecision } from "../lib/member/ballot.js";
import { enter } from "../lib/member/coalition.js";
import * as lib from "../lib/member/commands.js";
import { readAddress, readWhole } from "../lib/member/lookup.js";
import { actingAccount } from "../lib/member/session.js";
import { type Common, member, shown } from "./member-actions.js";
import { given } from "./options.js";

type Decided = Common & { readonly decision: string };

export const paper = member(async (session, { decision, out }: Decided & { out: string }) => {
  const written = await writePaper(session, decision, out);
  return {
    lines: [
      ...describePaper(written),
      `Written to ${out}. Give it to members: they sign with "ballot sign --paper", without a node.`,
    ],
    facts: { file: out, paper: written },
  };
});

type SignOptions = Wish & { readonly paper: string; readonly keyFile: string; readonly json: boolean };

export const sign = shown(async (options: SignOptions, hre: HardhatRuntimeEnvironment) => {
  const found = readPaper(options.paper);
  const { network } = hre.globalOptions;
  const source = { keyFile: options.keyFile, network: hre.config.networks[network] };
  const signer = await signerFrom(source, BigInt(found.chainId));
  return signBallot(found, options, signer, Math.floor(Date.now() / 1000));
});

export const relay = member((session, options: Decided & { folder: string; gasLimit: string }) =>
  relayBallots({
    decision: options.decision,
    folder: options.folder,
    gasLimit: readWhole("--gas-limit", options.gasLimit, 0, 2 ** 31),
    payer: actingAccount(session, options.account),
    enter: () => enter(session.ethers, session.contracts),
    say: options.json ? () => {} : (line) => console.log(line),
  }),
);

export const endorse = member((session, options: Decided & lib.Manner) => {
  const account = actingAccount(session, options.account).address;
  const message = { account, proposalId: `${readDecision(options.decision)}` };
  return lib.carryOut(session, options, ENDORSE, message);
});

export const status = member((session, { decision, voter }: Decided & { voter: string }) => {
  const whose = given(voter);
  return ballotStatus(session, decision, whose === undefined ? undefined : readAddress("--voter", whose));
});
