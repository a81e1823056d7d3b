import { id as digestOf } from "ethers";

/** An entry of a transaction's log. */
export type Log = { address: string; topics: readonly string[]; data: string };

/** The events that the model announces. All others of the contracts are not looked at. */
const EVENTS = [
  // ERC-721 and ERC-5805
  "Transfer(address indexed from,address indexed to,uint256 indexed tokenId)",
  "DelegateChanged(address indexed delegator,address indexed from,address indexed to)",
  "DelegateVotesChanged(address indexed delegate,uint256 previous,uint256 current)",
  // the roll
  "MemberJoined(uint256 indexed number,uint8 indexed group,uint48 votesFrom,bytes32 codeDigest)",
  "MemberQualified(uint256 indexed number,uint48 votesFrom)",
  "VotePaused(uint256 indexed number,uint8 indexed reason)",
  "VoteResumed(uint256 indexed number,uint8 indexed reason,uint48 votesFrom)",
  "GroupChanged(uint256 indexed number,uint8 oldGroup,uint8 newGroup)",
  "MemberConfirmed(uint256 indexed number)",
  "MemberResigned(uint256 indexed number,address indexed key)",
  "MemberEnded(uint256 indexed number,address indexed key)",
  "KeyPardoned(address indexed key,uint256 indexed number)",
  "KeyRotated(uint256 indexed number,address indexed oldKey,address indexed newKey)",
  "RightsSuspended(uint256 indexed number,uint8 rights,uint48 until)",
  "RightsRestored(uint256 indexed number,uint8 rights)",
  "AdmissionPolicyChanged(address indexed oldPolicy,address indexed newPolicy)",
  // its desks
  "JoinSkipped(uint256 indexed index,address indexed account,bytes reason)",
  "DelegationLimitSet(uint256 indexed number,uint8 limit)",
  "VoteDelegated(uint256 indexed delegator,uint256 indexed delegate,uint48 ends)",
  "DelegationEnded(uint256 indexed delegator,uint256 indexed delegate)",
  "DelegationCapChanged(uint8 oldCap,uint8 newCap)",
  "ConfirmationSkipped(uint256 indexed index,address indexed account,bytes reason)",
  "ConfirmationPeriodChanged(uint32 oldPeriod,uint32 newPeriod)",
  "OrganisationJoined(uint256 indexed organisation,address indexed representative,address indexed owner)",
  "RepresentativeReplaced(uint256 indexed organisation,address indexed newKey)",
  "OwnershipPassed(uint256 indexed organisation,address indexed oldOwner,address indexed newOwner)",
  "AffiliationChanged(uint256 indexed number,uint256 indexed oldOrganisation,uint256 indexed newOrganisation)",
  "AffiliationRuleChanged(bool oldOneVoice,bool newOneVoice,uint32 oldCooldown,uint32 newCooldown)",
  "ChallengeOpened(uint256 indexed id,uint256 indexed number,uint256 indexed opener,uint8 kind,uint256 value,bytes32 reason)",
  "ChallengeSupported(uint256 indexed id,uint256 indexed supporter,uint256 supporters)",
  "ChallengeRaised(uint256 indexed id)",
  "ChallengeUpheld(uint256 indexed id,uint256 value)",
  "ChallengeDismissed(uint256 indexed id,uint256 challengeableAt)",
  "GuardiansNamed(uint256 indexed number,address[] guardians,uint8 threshold)",
  "RecoveryRequested(uint256 indexed number,address indexed newKey,address indexed guardian)",
  "RecoveryApproved(uint256 indexed number,address indexed newKey,address indexed guardian,uint8 approvals)",
  "RecoveryClaimed(uint256 indexed number,address indexed newKey,bytes32 reasonDigest)",
  "RecoveryDelayed(uint256 indexed number,address indexed newKey,uint8 indexed origin,uint48 readyAt)",
  "RecoveryVetoed(uint256 indexed number,address indexed newKey)",
  "RecoveryDropped(uint256 indexed number,address indexed newKey)",
  "RecoveryCompleted(uint256 indexed number,address indexed oldKey,address indexed newKey)",
  "RecoveryDelayChanged(uint32 oldDelay,uint32 newDelay)",
  // the governor
  "TargetGuarded(address indexed target)",
  "ProposalExtended(uint256 indexed proposalId,uint256 deadline)",
  "ProposalPostponed(uint256 indexed proposalId,uint256 etaSeconds)",
  "ProposalPassed(uint256 indexed proposalId,uint8 indexed class,uint256 electorate,uint256 heard,uint256[] againstVotes,uint256[] forVotes,uint256[] abstainVotes)",
  "BallotSkipped(uint256 indexed proposalId,address indexed voter,uint256 group,uint256 index,uint8 reason)",
  "VoteCast(address indexed voter,uint256 proposalId,uint8 support,uint256 weight,string reason)",
  "DelegatedVoteTakenBack(uint256 indexed proposalId,uint256 indexed delegator,uint256 indexed delegate)",
  // what is beside it
  "ProposalEndorsed(uint256 indexed proposalId,uint256 indexed number,uint256 endorsements)",
  "ProposalAdmitted(uint256 indexed proposalId,uint256 indexed proposer,uint48 until)",
  "PlacesChanged(uint8 oldPlaces,uint8 newPlaces)",
  "DecisionCancelled(uint256 indexed proposalId,string reason)",
  "DecisionDelayed(uint256 indexed proposalId,string reason)",
  "GuardianDismissed()",
  "ResolutionRecorded(uint256 indexed number,bytes32 indexed digest)",
];

const KNOWN = new Map(
  EVENTS.map((event) => {
    const [name, list] = event.slice(0, -1).split("(") as [string, string];
    const values = (list === "" ? [] : list.split(",")).map((value) => ({
      type: value.split(" ")[0] as string,
      indexed: value.includes(" indexed "),
    }));
    const topic = digestOf(`${name}(${values.map(({ type }) => type).join(",")})`);
    return [topic, { name, values }];
  }),
);

/**
 * An entry as the model would announce it; undefined for one that it does not.
 * @param refusalOf Writes a refusal, as reported by who passed somebody over, as the model does.
 */
export function announcement(
  { topics, data }: Log,
  refusalOf: (reason: string) => string,
): string | undefined {
  const event = KNOWN.get(topics[0] as string);
  if (event === undefined) return undefined;
  const { name, values } = event;
  let topic = 1;
  let place = 0;
  const texts = values.map(({ type, indexed }) => {
    const word = indexed ? (topics[topic++] as string).slice(2) : wordOf(data, place++);
    if (type === "bytes") return refusalOf(`0x${bytesAt(data, word)}`);
    if (type === "string") return Buffer.from(bytesAt(data, word), "hex").toString();
    if (type.endsWith("[]")) return `[${listAt(type.slice(0, -2), data, word).join(",")}]`;
    return readable(type, word);
  });
  return `${name}(${texts.join(", ")})`;
}

function readable(type: string, word: string): string {
  if (type === "address") return `0x${word.slice(24)}`;
  if (type === "bytes32") return `0x${word}`;
  return BigInt(`0x${word}`).toString();
}

function wordOf(data: string, place: number): string {
  return data.slice(2 + place * 64, 66 + place * 64);
}

function bytesAt(data: string, offset: string): string {
  const start = Number(`0x${offset}`) / 32;
  return data.slice(66 + start * 64).slice(0, Number(`0x${wordOf(data, start)}`) * 2);
}

function listAt(type: string, data: string, offset: string): string[] {
  const start = Number(`0x${offset}`) / 32;
  const length = Number(`0x${wordOf(data, start)}`);
  return Array.from({ length }, (_, place) => readable(type, wordOf(data, start + 1 + place)));
}
