import { expect } from "chai";
import { Interface } from "ethers";
import hre from "hardhat";
import { readInterfaces } from "../../scripts/lib/pilot/calls.js";
import { explain, type Setting } from "../../scripts/lib/pilot/refusals.js";

const SOMEBODY = `0x${"11".repeat(20)}`;
const OPENED = Date.UTC(2027, 0, 7) / 1_000;
const MATURES = Date.UTC(2027, 0, 14) / 1_000;

/** Numbers as in IMembership and OpenZeppelin's Governor. */
const [NOT_MEMBER, ENDED, ROTATED, IMMATURE, SUSPENDED, UNQUALIFIED, DORMANT, REPRESENTED] = [
  1, 2, 3, 4, 5, 6, 7, 8,
];
const [PENDING, EXPIRED, EXECUTED] = [0, 6, 7];

type Case = readonly [error: string, values: unknown[], setting: Setting, code: string, sentence: string];

const ballot = (standing: number) => [7, SOMEBODY, standing, MATURES];
const state = (current: number) => [7, current, `0x${"00".repeat(32)}`];

const CASES: readonly Case[] = [
  [
    "CoalitionGovernorBallotRefused",
    ballot(NOT_MEMBER),
    {},
    "CoalitionGovernorBallotRefused: NotMember",
    "This key is not on the roll. Anyone may join; the right to vote comes with the mature vote.",
  ],
  [
    "CoalitionGovernorBallotRefused",
    ballot(IMMATURE),
    { opened: OPENED },
    "CoalitionGovernorBallotRefused: Immature",
    "The vote of this member matures on 14 Jan 2027, 00:00 UTC. The decision opened before, on 7 Jan 2027, 00:00 UTC, and its electorate is fixed since.",
  ],
  [
    "CoalitionGovernorBallotRefused",
    ballot(ROTATED),
    {},
    "CoalitionGovernorBallotRefused: Rotated",
    "The member moved to another key on 14 Jan 2027, 00:00 UTC; only the new key can vote.",
  ],
  [
    "CoalitionGovernorBallotRefused",
    ballot(ENDED),
    {},
    "CoalitionGovernorBallotRefused: Ended",
    "This membership ended on 14 Jan 2027, 00:00 UTC.",
  ],
  [
    "CoalitionGovernorProposerRefused",
    [SOMEBODY, SUSPENDED, MATURES],
    {},
    "CoalitionGovernorProposerRefused: Suspended",
    "The right to propose is suspended until 14 Jan 2027, 00:00 UTC.",
  ],
  [
    "CoalitionGovernorProposerRefused",
    [SOMEBODY, IMMATURE, MATURES],
    {},
    "CoalitionGovernorProposerRefused: Immature",
    "The vote of this member matures on 14 Jan 2027, 00:00 UTC; the right to propose comes with it.",
  ],
  [
    "CoalitionGovernorProposerRefused",
    [SOMEBODY, UNQUALIFIED, 0],
    {},
    "CoalitionGovernorProposerRefused: Unqualified",
    "This member is a participant: the right to propose comes with the vote, once the admission policy is met.",
  ],
  [
    "CoalitionGovernorBallotRefused",
    ballot(DORMANT),
    {},
    "CoalitionGovernorBallotRefused: Dormant",
    "This membership was last confirmed on 14 Jan 2027, 00:00 UTC; the right to vote rests until it is confirmed again.",
  ],
  [
    "CoalitionGovernorBallotRefused",
    [7, SOMEBODY, REPRESENTED, 0],
    {},
    "CoalitionGovernorBallotRefused: Represented",
    "An organisation with which this member is affiliated votes instead.",
  ],
  [
    "CoalitionGovernorTooEarly",
    [7, MATURES],
    {},
    "CoalitionGovernorTooEarly",
    "The decision waits in the timelock and can be carried out from 14 Jan 2027, 00:00 UTC on.",
  ],
  [
    "AgendaEndorserRefused",
    [SOMEBODY, IMMATURE, MATURES],
    {},
    "AgendaEndorserRefused: Immature",
    "The vote of this member matures on 14 Jan 2027, 00:00 UTC; the right to propose comes with it.",
  ],
  [
    "GovernorUnexpectedProposalState",
    state(PENDING),
    { opened: OPENED },
    "GovernorUnexpectedProposalState: Pending",
    "The vote opens on 7 Jan 2027, 00:00 UTC.",
  ],
  [
    "GovernorUnexpectedProposalState",
    state(EXPIRED),
    {},
    "GovernorUnexpectedProposalState: Expired",
    "The decision passed and was not carried out in time; it has expired.",
  ],
  [
    "GovernorUnexpectedProposalState",
    state(EXECUTED),
    {},
    "GovernorUnexpectedProposalState: Executed",
    "The decision has been carried out; nothing runs twice.",
  ],
  [
    "MembershipUnknownGroup",
    [9, 6],
    {},
    "MembershipUnknownGroup",
    "There is no group 9; the groups are numbered 0 to 5.",
  ],
  [
    "MembershipKeyBarred",
    [SOMEBODY, 3],
    {},
    "MembershipKeyBarred",
    `The contract refuses with MembershipKeyBarred(${SOMEBODY}, 3).`,
  ],
];

describe("Refusals in plain words", () => {
  for (const [error, values, setting, code, sentence] of CASES) {
    it(`says of ${code}: ${sentence}`, async () => {
      const { governor, membership, agenda } = await readInterfaces(hre.artifacts);
      const all = [...governor.fragments, ...membership.fragments, ...agenda.fragments];
      const known = new Interface(all.filter(({ type }) => type === "error"));
      const description = known.parseError(known.encodeErrorResult(error, values));
      if (description === null) throw new Error(`${error} is unknown`);
      expect(explain(description, setting)).to.deep.equal({ code, sentence });
    });
  }
});
