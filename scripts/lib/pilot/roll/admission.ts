import { id, type Wallet } from "ethers";
import type { Act, Question } from "./act.js";

/** Groups by their place in the story. */
const CIVIL_SOCIETY = 1;
const PRIVATE_SECTOR = 2;

const FLOOD = 500;
const BATCH = 50;

/** The largest page of the open list. */
const PAGE = 200;

const JOIN = [
  { name: "account", type: "address" },
  { name: "group", type: "uint8" },
  { name: "codeDigest", type: "bytes32" },
  { name: "evidence", type: "bytes" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

const OWN = [
  { name: "representative", type: "address" },
  { name: "owner", type: "address" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

const ATTESTATION = [
  { name: "account", type: "address" },
  { name: "group", type: "uint8" },
  { name: "organisation", type: "bool" },
  { name: "id", type: "bytes32" },
  { name: "expires", type: "uint48" },
];

/** Standing of a participant, see `IMembership.Standing`; the right to vote. */
const UNQUALIFIED = 6n;
const VOTE = 2;

/** Who joined in the act, to be looked at again when their votes have matured. */
export interface Newcomers {
  readonly vouched: { readonly number: bigint; readonly key: Wallet };
  readonly attested: { readonly number: bigint; readonly key: Wallet };
}

/** The members put vouching or attestation in the place of open admission, and accredit an issuer. */
export async function decideAdmission(act: Act): Promise<Wallet> {
  const { membership, attested, addresses } = act.contracts;
  const issuer = await act.stranger("issuer");
  const until = (await act.now()) + 3 * 365 * 86_400;
  const scope = { groups: 1 << PRIVATE_SECTOR, persons: false, organisations: true, until };
  const question = await act.propose(4, "admission.md", [
    {
      to: addresses.membership,
      data: membership.interface.encodeFunctionData("setAdmissionPolicy", [addresses.either]),
    },
    {
      to: addresses.attested,
      data: attested.interface.encodeFunctionData("accredit", [issuer.address, scope]),
    },
  ]);
  await act.tell("member 4 proposed to admit to the vote by vouches, or by an attestation");
  await act.open(question);
  for (let number = 1; number <= 30; number++) await act.vote(question, number, 1);
  await act.close(question);
  await act.carryOut(question);
  await act.tell("the members decided so: whoever joins now speaks, and gets a vote once the policy is met");
  act.same("admission policy in force", addresses.either, await membership.admissionPolicy());
  return issuer;
}

/** A newcomer and an organisation join; neither meets the policy yet. */
export async function join(act: Act): Promise<Newcomers> {
  const { membership, affiliations } = act.contracts;
  const { digest } = await membership.codeOfConduct();
  const newcomer = await act.stranger("newcomer");
  await act.sent(membership.connect(newcomer).join(CIVIL_SOCIETY, digest, "0x"));
  const vouched = { number: await membership.numberOf(newcomer.address), key: newcomer };

  const representative = await act.stranger("representative");
  const owner = act.setting.keys.other("owner");
  const deadline = await act.soon();
  const consent = { representative: representative.address, owner: owner.address, deadline };
  const signature = await act.sign(affiliations, owner, "Own", OWN, consent);
  await act.sent(
    affiliations
      .connect(representative)
      .joinAsOrganisation(PRIVATE_SECTOR, digest, "0x", owner.address, deadline, signature),
  );
  const attested = { number: await membership.numberOf(representative.address), key: representative };
  await act.tell(
    `members ${vouched.number}, a person, and ${attested.number}, an organisation, joined as participants`,
  );
  for (const { number, key } of [vouched, attested]) {
    const [standing] = await membership.standingOf(key.address, VOTE, await act.now());
    act.same(`member ${number}: a participant, without a vote`, UNQUALIFIED, standing);
  }
  act.same(
    `member ${attested.number} is an organisation`,
    true,
    (await membership.member(attested.number)).organisation,
  );
  return { vouched, attested };
}

/** The keys of the flood, in the order of joining. */
function floodKeys(act: Act): Wallet[] {
  return Array.from({ length: FLOOD }, (_, index) => act.setting.keys.other(`flood ${index}`));
}

/** What the open list says of the numbers from one to another about when their votes count. */
async function maturities(act: Act, first: number, last: number) {
  const { membership } = act.contracts;
  const found: { votesFrom: bigint; pauses: bigint }[] = [];
  for (let from = first; from <= last; from += PAGE) {
    found.push(...(await membership.members(from, Math.min(PAGE, last - from + 1))));
  }
  return found.map(({ votesFrom, pauses }) => ({ votesFrom, pauses }));
}

/** 500 keys join while a decision is open, and change neither its quorum nor when anybody's vote matures. */
export async function flood(act: Act, open: Question): Promise<void> {
  const { membership, governor, requests, addresses } = act.contracts;
  const { digest } = await membership.codeOfConduct();
  const measure = async () => {
    const { electorate, quorumNeeded } = await governor.proposalFrame(open.id);
    const votes = await membership.getPastTotalSupply((await act.now()) - 1);
    return { quorum: quorumNeeded, electorate, votes };
  };
  const before = await measure();
  const members = await membership.totalSupply();
  const last = Number(await membership.lastNumber());
  const maturing = await maturities(act, 1, last);
  const domain = await requests.eip712Domain();
  const { name, version, chainId } = domain;
  const deadline = (await act.soon()) * 2;
  const keys = floodKeys(act);
  for (let first = 0; first < FLOOD; first += BATCH) {
    const batch = [];
    for (const [index, key] of keys.slice(first, first + BATCH).entries()) {
      const request = {
        account: key.address,
        group: (first + index) % 6,
        codeDigest: digest,
        evidence: "0x",
        deadline,
      };
      const signature = await key.signTypedData(
        { name, version, chainId, verifyingContract: addresses.requests },
        { Join: JOIN },
        { ...request, nonce: 0 },
      );
      batch.push({ ...request, signature });
    }
    await act.sent(requests.connect(act.setting.relayer).joinMany(batch));
  }
  await act.tell(`${FLOOD} keys joined in ${FLOOD / BATCH} transactions; all of them are participants`);
  const after = await measure();
  act.same("members more after the flood", FLOOD, (await membership.totalSupply()) - members);
  act.same("quorum of the open decision after the flood", before.quorum, after.quorum);
  act.same("electorate of the open decision after the flood", before.electorate, after.electorate);
  act.same("votes that count after the flood", before.votes, after.votes);
  const changed = (await maturities(act, 1, last)).filter(
    ({ votesFrom, pauses }, index) =>
      votesFrom !== maturing[index].votesFrom || pauses !== maturing[index].pauses,
  );
  act.same(`of ${last} members before the flood, those whose maturity or pauses changed`, 0, changed.length);
  const flooded = await maturities(act, last + 1, Number(await membership.lastNumber()));
  const queued = flooded.filter(({ votesFrom }) => votesFrom !== 0n);
  act.same(`of ${flooded.length} keys of the flood, those whose vote will mature`, 0, queued.length);
}

/** Three members of three groups vouch, and the issuer attests; both newcomers enter the queue, ahead of the flood. */
export async function qualify(act: Act, issuer: Wallet, { vouched, attested }: Newcomers): Promise<void> {
  const { membership } = act.contracts;
  for (const voucher of [1, 2, 3]) {
    await act.sent(act.contracts.vouched.connect(act.keyOf(voucher)).vouch(vouched.number));
  }
  const expires = (await act.now()) + 365 * 86_400;
  const statement = {
    account: attested.key.address,
    group: PRIVATE_SECTOR,
    organisation: true,
    id: id("statement 1 of the pilot's issuer"),
    expires,
  };
  const signature = await act.sign(act.contracts.attested, issuer, "Attestation", ATTESTATION, statement);
  await act.sent(
    act.contracts.attested
      .connect(act.setting.relayer)
      .present(
        statement.account,
        issuer.address,
        statement.group,
        statement.organisation,
        statement.id,
        statement.expires,
        signature,
      ),
  );
  const { waitingPeriod, epochLength } = await membership.maturity();
  for (const { number } of [vouched, attested]) {
    await act.sent(membership.connect(act.setting.relayer).qualify(number, "0x"));
    const boundary =
      epochLength * ((BigInt(await act.now()) + waitingPeriod + epochLength - 1n) / epochLength);
    const { votesFrom } = await membership.member(number);
    act.same(`member ${number}: vote from the first boundary after the waiting period`, boundary, votesFrom);
  }
  await act.tell(
    `three members of three groups vouched for member ${vouched.number}, an issuer attested member ${attested.number}; both wait for the vote now, behind nobody of the flood`,
  );
}

/** Their votes have matured; nobody else's of the flood has. */
export async function lookAtNewcomers(act: Act, { vouched, attested }: Newcomers): Promise<void> {
  const { membership } = act.contracts;
  const { votesFrom } = await membership.member(attested.number);
  await act.setting.clock.reach(Number(votesFrom) + 1);
  for (const { number, key } of [vouched, attested]) {
    act.same(`member ${number}: votes`, 1, await membership.getVotes(key.address));
  }
  const flooded = floodKeys(act);
  const votes = await Promise.all(flooded.map(({ address }) => membership.getVotes(address)));
  const voting = votes.filter((count) => count !== 0n);
  act.same(`of ${flooded.length} keys of the flood, those with a vote`, 0, voting.length);
  await act.tell(
    `the votes of members ${vouched.number} and ${attested.number} matured; those of the flood did not`,
  );
}
