import { expect } from "chai";
import { encodeBytes32String, parseEther, ZeroAddress } from "ethers";
import { artifacts, network } from "hardhat";
import { ACTION_CLASSES, classNumber, GUARDED, selectorOf } from "../../scripts/lib/action-classes.js";
import {
  type AddressBook,
  CONTRACTS,
  type ContractKey,
  DESKS,
  POLICY_KEYS,
} from "../../scripts/lib/address-book.js";
import { deployCoalition } from "../../scripts/lib/deploy.js";
import { checkDeployment, describeDifference } from "../../scripts/lib/deploy-check.js";
import type { Node } from "../../scripts/lib/network.js";
import {
  CLASSES,
  CONDUCT_TERMS,
  MOTION_RULES,
  type Parameters,
  POLICIES,
  type Policy,
  readParameterFile,
} from "../../scripts/lib/parameters.js";
import { deployDesks, rollParameters } from "../helpers/fixture.js";
import { type Action, Decision } from "../helpers/governor.js";
import { refusal } from "../helpers/refusal.js";

/** Parameters of the section Membership that the roll itself keeps. */
const ROLLS_OWN = [
  "name",
  "symbol",
  "groups",
  "codeDigest",
  "admissionPolicy",
  "waitingFloor",
  "waitingPeriod",
  "epochLength",
  "epochShareBps",
  "epochFloor",
] as const;

/** Those that its desks keep. */
const KEPT_BY_DESKS = {
  confirmations: ["confirmationPeriod"],
  recovery: ["recoveryDelay"],
  affiliations: ["oneVoice", "claimCooldown"],
  claims: ["claimCooldown", "challengeWindow", "challengers"],
  delegations: ["delegationCap"],
} as const;

const keptByDesks = () =>
  Object.entries(KEPT_BY_DESKS).flatMap(([desk, keys]) => keys.map((key) => `${desk} ${key}`));

/** Parameters of the section Admission, but for the name. */
const POLICIES_OWN = ["vouchers", "voucherGroups", "vouchSlots", "vouchCooldown"] as const;

/** How ballots of elections are taken and counted. */
const METHODS = ["approval", "ranked"] as const;
const ELECTED = ["offices", "elections", ...METHODS] as const;

/** What members sign for in the domain of the section Motions. */
const WITH_MOTIONS_NAME = ["motions", "amendments", "statements"] as const;

/** What has the agenda's address in its code, but for the governor. */
const ASKING_THE_AGENDA = ["resolutions", "charter", "motions", "amendments", "statements", "forum"] as const;

/** What members sign for in the domains of the sections Forum and Conduct. */
const WITH_FORUM_NAMES = ["speakers", "forum", "profiles", "panels", "conduct"] as const;

/** What the check compares of a list. */
const ofLists = (lists: readonly string[]) =>
  lists.flatMap((_, index) => [`forum list ${index + 1}`, `forum purpose ${index + 1}`]);

/** The rules of every class of decisions. */
const rulesOf = ({ Governor }: Parameters) =>
  CLASSES.flatMap((key) => Object.keys(Governor[key]).map((rule) => `governor ${key}.${rule}`));

describe("Check of a deployment", () => {
  const parameterFile = readParameterFile("local");

  async function deployed() {
    const connection = await network.create();
    const { ethers, networkHelpers, provider } = connection;
    const { book, network: known } = await deployCoalition({
      parameterFile,
      artifacts,
      connection,
      folder: "",
      report: () => {},
    });
    const [deployer, stranger] = await ethers.getSigners();
    const { contracts } = book;
    await networkHelpers.impersonateAccount(contracts.timelock);
    await networkHelpers.setBalance(contracts.timelock, parseEther("1"));
    const power = await ethers.getSigner(contracts.timelock);
    const timelock = await ethers.getContractAt("CoalitionTimelock", contracts.timelock, power);
    const membership = await ethers.getContractAt("Membership", contracts.membership, power);

    /** The differences that the check names, by what it looked at. */
    const differences = async (
      changes: { book?: Partial<AddressBook>; parameters?: Parameters; node?: Node; root?: boolean } = {},
    ): Promise<Record<string, string>> => {
      const report = await checkDeployment({
        book: { ...book, ...changes.book },
        parameterFile: { ...parameterFile, ...(changes.parameters && { parameters: changes.parameters }) },
        network: known,
        node: changes.node ?? provider,
        artifacts,
      });
      const differing = report.findings.filter(({ ok }) => !ok);
      expect(report.ok).to.equal(differing.length === 0);
      // Whatever contract is another is another to the root, too: a test of its own says so.
      const found = differing.filter(({ subject }) => subject !== "root organs" || changes.root);
      return Object.fromEntries(found.map((finding) => [finding.subject, describeDifference(finding)]));
    };
    const withContract = (key: keyof AddressBook["contracts"], address: string) =>
      differences({ book: { contracts: { ...contracts, [key]: address } } });
    /** The parameters of the file, but for the policy that they name. */
    const naming = (admissionPolicy: Policy): Parameters => {
      const { Membership, ...rest } = parameterFile.parameters;
      return { ...rest, Membership: { ...Membership, admissionPolicy } };
    };
    const governor = await ethers.getContractAt("CoalitionGovernor", contracts.governor);
    /** Seats three members and has them decide something. */
    const decide = async (actions: readonly Action[], description: string) => {
      const members = (await ethers.getSigners()).slice(2, 5);
      const { digest } = await membership.codeOfConduct();
      for (const person of members) await membership.connect(person).join(0, digest, "0x");
      const { votesFrom } = await membership.member(members.length);
      await networkHelpers.time.increaseTo(votesFrom);
      await new Decision(connection, { governor }, actions, description).pass(members);
    };
    return {
      connection,
      ethers,
      governor,
      decide,
      provider,
      book,
      known,
      contracts,
      deployer,
      stranger,
      timelock,
      membership,
      differences,
      withContract,
      naming,
    };
  }

  let fixture: Awaited<ReturnType<typeof deployed>>;
  let untouched: string;
  before(async () => {
    fixture = await deployed();
    untouched = await fixture.provider.request({ method: "evm_snapshot" });
  });
  afterEach(async () => {
    await fixture.provider.request({ method: "evm_revert", params: [untouched] });
    untouched = await fixture.provider.request({ method: "evm_snapshot" });
  });

  context("given the deployment as it was made", () => {
    it("finds nothing different, and has looked at every parameter, owner, role and contract", async () => {
      const { book, known, provider } = fixture;
      const report = await checkDeployment({
        book,
        parameterFile,
        network: known,
        node: provider,
        artifacts,
      });
      expect(report.ok).to.equal(true);
      expect(report.remarks).to.deep.equal([]);
      const subjects = report.findings.map(({ subject }) => subject);
      expect(new Set(subjects).size).to.equal(subjects.length);
      const { $global, Timelock, Membership, Admission, Motions, Forum, Conduct } = parameterFile.parameters;
      expect(Object.keys({ ...Membership, ...Admission }).sort()).to.deep.equal(
        [...ROLLS_OWN, ...Object.values(KEPT_BY_DESKS).flat(), ...POLICIES_OWN, "name"]
          .filter((key, index, all) => all.indexOf(key) === index)
          .sort(),
      );
      expect(Object.keys(Motions)).to.have.members([...MOTION_RULES, "name", "documents", "statementWindow"]);
      expect(Object.keys(Forum)).to.have.members([
        ...["name", "codeDocument", "lists", "purposes", "burst", "interval"],
      ]);
      expect(Object.keys(Conduct)).to.have.members([...CONDUCT_TERMS, "name"]);
      expect(subjects).to.include.members([
        ...Object.keys({ ...$global, ...Timelock }).map((key) => `timelock ${key}`),
        ...ROLLS_OWN.map((key) => `membership ${key}`),
        ...keptByDesks(),
        ...POLICIES_OWN.map((key) => `vouched ${key}`),
        ...DESKS.flatMap((desk) => [`membership ${desk}`, `${desk} roll`]),
        ...rulesOf(parameterFile.parameters),
        "governor name",
        "governor shortestStage",
        "governor agenda",
        "governor guardian",
        "governor table",
        "agenda governor",
        "agenda motions",
        "agenda places",
        ...MOTION_RULES.map((rule) => `motions ${rule}`),
        ...["agenda", "charter", "resolutions", "amendments"].map((one) => `motions ${one}`),
        "amendments motions",
        "charter agenda",
        ...Motions.documents.map((_, index) => `charter document ${index + 1}`),
        "statements agenda",
        "statements statementWindow",
        ...["roll", "charter", "conduct", "codeDocument"].map((one) => `speakers ${one}`),
        ...["speakers", "agenda", "conduct", "burst", "interval"].map((one) => `forum ${one}`),
        ...ofLists(Forum.lists),
        "profiles roll",
        ...["timelock", "daoURI", "organs"].map((one) => `root ${one}`),
        ...["offices", "conduct"].map((one) => `panels ${one}`),
        ...["forum", "panels", "speakers", ...CONDUCT_TERMS].map((one) => `conduct ${one}`),
        "guardian governor",
        "guardian key",
        "guardian sunset",
        ...GUARDED.flatMap((key) => [`${key} guard`, `${key} class`]),
        ...Object.keys(book.contracts).map((key) => `${key} code`),
        "membership timelock",
        "membership card",
        "vouched roll",
        "attested roll",
        "attested timelock",
        "either policies",
        "either requiresAll",
        "offices elections",
        "elections offices",
        "elections roll",
        ...METHODS.map((key) => `${key} elections`),
        "governor timelock",
        "governor membership",
        "DEFAULT_ADMIN_ROLE",
        "PROPOSER_ROLE",
        "CANCELLER_ROLE",
        "EXECUTOR_ROLE",
      ]);
    });

    it("remarks on a parameter file that says the same with other bytes", async () => {
      const { book, known, provider } = fixture;
      const report = await checkDeployment({
        book,
        parameterFile: { ...parameterFile, digest: "0x00" },
        network: known,
        node: provider,
        artifacts,
      });
      expect(report.ok).to.equal(true);
      expect(report.remarks).to.have.length(1);
      expect(report.remarks[0]).to.contain(parameterFile.path).and.to.contain(book.parameters.digest);
    });

    it("finds nothing different once a role was given and taken back", async () => {
      const { timelock, stranger, differences } = fixture;
      await timelock.grantRole(await timelock.PROPOSER_ROLE(), stranger);
      await timelock.revokeRole(await timelock.PROPOSER_ROLE(), stranger);
      expect(await differences()).to.deep.equal({});
    });
  });

  context("given roles that nobody should have", () => {
    it("names an extra proposer", async () => {
      const { timelock, stranger, contracts, differences } = fixture;
      await timelock.grantRole(await timelock.PROPOSER_ROLE(), stranger);
      expect(await differences()).to.deep.equal({
        PROPOSER_ROLE:
          `PROPOSER_ROLE is governor ${contracts.governor}, ${stranger.address}, ` +
          `expected governor ${contracts.governor}`,
      });
    });

    it("names an executor role that is open to anybody", async () => {
      const { timelock, differences } = fixture;
      await timelock.grantRole(await timelock.EXECUTOR_ROLE(), ZeroAddress);
      const found = await differences();
      expect(Object.keys(found)).to.deep.equal(["EXECUTOR_ROLE"]);
      expect(found.EXECUTOR_ROLE).to.contain(`anybody ${ZeroAddress}`);
    });

    it("names a deployer who still is admin", async () => {
      const { timelock, deployer, differences } = fixture;
      await timelock.grantRole(await timelock.DEFAULT_ADMIN_ROLE(), deployer);
      const found = await differences();
      expect(Object.keys(found)).to.deep.equal(["DEFAULT_ADMIN_ROLE"]);
      expect(found.DEFAULT_ADMIN_ROLE).to.contain(`deployer ${deployer.address.toLowerCase()}`);
    });

    it("names a governor without its role, and a timelock that lost its own", async () => {
      const { timelock, contracts, differences } = fixture;
      await timelock.revokeRole(await timelock.CANCELLER_ROLE(), contracts.governor);
      await timelock.revokeRole(await timelock.DEFAULT_ADMIN_ROLE(), contracts.timelock);
      const found = await differences();
      expect(Object.keys(found)).to.deep.equal(["DEFAULT_ADMIN_ROLE", "CANCELLER_ROLE"]);
      expect(found.CANCELLER_ROLE).to.contain("is nobody, expected governor");
    });

    it("names a role that the timelock does not know by itself", async () => {
      const { timelock, stranger, differences, ethers } = fixture;
      const role = ethers.id("BACKDOOR_ROLE");
      await timelock.grantRole(role, stranger);
      expect(await differences()).to.deep.equal({
        [`role ${role}`]: `role ${role} is ${stranger.address}, expected nobody`,
      });
    });

    it("names an operation that was scheduled before power was handed over", async () => {
      const { ethers, book, differences } = fixture;
      const [deployer] = await ethers.getSigners();
      const { Timelock, $global } = parameterFile.parameters;
      const block = (await ethers.provider.getBlockNumber()) + 1;
      const other = await ethers.deployContract("CoalitionTimelock", [
        Timelock.delay,
        $global.shortestStage,
        deployer,
      ]);
      const address = await other.getAddress();
      const proposer = await other.PROPOSER_ROLE();
      await other.grantRole(proposer, deployer);
      const call = [address, 0n, "0x", ethers.ZeroHash, ethers.ZeroHash] as const;
      await other.schedule(...call, Timelock.delay);
      await other.revokeRole(proposer, deployer);
      for (const role of ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"] as const)
        await other.grantRole(await other[role](), book.contracts.governor);
      await other.renounceRole(ethers.ZeroHash, deployer);
      const found = await differences({
        book: { block, contracts: { ...book.contracts, timelock: address } },
      });
      const id = await other.hashOperation(...call);
      expect(found).to.include({
        "operations before the handover": `operations before the handover is ${id}, expected none`,
      });
      expect(found).not.to.have.any.keys(
        "PROPOSER_ROLE",
        "CANCELLER_ROLE",
        "EXECUTOR_ROLE",
        "DEFAULT_ADMIN_ROLE",
      );
    });
  });

  context("given a node that keeps events back", () => {
    const withLogs = (change: (logs: { topics: string[] }[]) => unknown[]): Node => ({
      request: async (request) => {
        const answer = await fixture.provider.request(request);
        return request.method === "eth_getLogs" ? change(answer) : answer;
      },
    });

    it("notices that the log does not begin with the timelock's birth", async () => {
      const block = await fixture.ethers.provider.getBlockNumber();
      const found = await fixture.differences({ book: { block } });
      expect(found["timelock role events"]).to.contain("log incomplete");
    });

    it("notices that events and the contract's own answers disagree", async () => {
      const { timelock, stranger, differences, ethers } = fixture;
      await timelock.grantRole(await timelock.PROPOSER_ROLE(), stranger);
      const granted = ethers.id("RoleGranted(bytes32,address,address)");
      const proposer = await timelock.PROPOSER_ROLE();
      const node = withLogs((logs) =>
        logs.filter(({ topics }) => topics[0] !== granted || topics[1] !== proposer),
      );
      expect((await differences({ node })).PROPOSER_ROLE).to.contain(
        "events and hasRole disagree on governor",
      );
    });

    it("says that it could not read them, where the node refuses", async () => {
      const node = withLogs(() => {
        throw new Error("query returned more than 10000 results");
      });
      expect((await fixture.differences({ node }))["timelock role events"]).to.contain(
        "unreadable (query returned more than 10000 results)",
      );
    });

    it("reads them in smaller pieces, where the node refuses long ranges", async () => {
      const ranges: number[] = [];
      const node: Node = {
        request: async (request) => {
          if (request.method === "eth_getLogs") {
            const [{ fromBlock, toBlock }] = request.params as [{ fromBlock: string; toBlock: string }];
            const length = Number(toBlock) - Number(fromBlock) + 1;
            if (length > 3) throw new Error("block range too large");
            ranges.push(length);
          }
          return fixture.provider.request(request);
        },
      };
      expect(await fixture.differences({ node })).to.deep.equal({});
      expect(ranges.reduce((sum, length) => sum + length, 0)).to.be.greaterThan(3);
      expect(ranges.length).to.be.greaterThan(1);
    });
  });

  context("given parameters that are not the file's", () => {
    it("names a delay that was changed", async () => {
      const { timelock, differences } = fixture;
      await timelock.updateDelay(61);
      expect(await differences()).to.deep.equal({ "timelock delay": "timelock delay is 61, expected 60" });
    });

    it("names a pace of maturity and a Code of Conduct that were changed", async () => {
      const { membership, ethers, differences } = fixture;
      const { waitingPeriod, epochLength, epochShareBps, epochFloor } = parameterFile.parameters.Membership;
      await membership.setMaturity({
        waitingPeriod: waitingPeriod + 1,
        epochLength: epochLength + 2,
        epochShareBps: epochShareBps + 3,
        epochFloor: epochFloor + 4,
      });
      const digest = ethers.id("another code");
      await membership.setCodeOfConduct(digest);
      expect(Object.values(await differences())).to.deep.equal([
        `membership codeDigest is ${digest}, expected ${parameterFile.parameters.Membership.codeDigest}`,
        `membership waitingPeriod is ${waitingPeriod + 1}, expected ${waitingPeriod}`,
        `membership epochLength is ${epochLength + 2}, expected ${epochLength}`,
        `membership epochShareBps is ${epochShareBps + 3}, expected ${epochShareBps}`,
        `membership epochFloor is ${epochFloor + 4}, expected ${epochFloor}`,
      ]);
    });

    it("names every parameter by which another file differs, down to the code's immutables", async () => {
      const parameters = structuredClone(parameterFile.parameters);
      const { $global, Timelock, Membership, Governor, Admission, Elections, Agenda, Motions } = parameters;
      const { Forum, Conduct, Coalition } = parameters;
      $global.shortestStage += 1;
      Timelock.delay += 1;
      Membership.name = "Other";
      Membership.symbol = "OTHER";
      Membership.groups = ["One", "Two"];
      Membership.codeDigest = `0x${"1".repeat(64)}`;
      Membership.admissionPolicy = "vouched";
      for (const key of [
        "waitingFloor",
        "waitingPeriod",
        "epochLength",
        "epochShareBps",
        "epochFloor",
        "confirmationPeriod",
        "recoveryDelay",
        "claimCooldown",
        "challengeWindow",
        "challengers",
        "delegationCap",
      ] as const)
        Membership[key] += 1;
      Membership.oneVoice = !Membership.oneVoice;
      Admission.name = "Other";
      for (const key of POLICIES_OWN) Admission[key] += 1;
      Elections.name = "Other";
      Agenda.name = "Other";
      Agenda.places -= 1;
      Motions.name = "Other";
      Motions.documents = Motions.documents.map((title) => `Other ${title}`);
      Motions.statementWindow += 1;
      for (const rule of MOTION_RULES) Motions[rule] += 1;
      Forum.name = "Other";
      Forum.codeDocument += 1;
      Forum.lists = Forum.lists.map((name) => `Other ${name}`);
      Forum.purposes = Forum.purposes.map(() => `0x${"2".repeat(64)}`);
      Forum.burst += 1;
      Forum.interval += 1;
      Conduct.name = "Other";
      for (const term of CONDUCT_TERMS) Conduct[term] += 1;
      Coalition.uri = "https://example.org/other.json";
      Governor.name = "Other Governor";
      Governor.guardian = fixture.stranger.address;
      Governor.guardianTerm += 86_400;
      for (const key of CLASSES) {
        const rules: Record<string, number> = Governor[key];
        for (const rule of Object.keys(rules)) rules[rule] = (rules[rule] ?? 0) + 1;
      }
      const found = await fixture.differences({ parameters });
      expect(Object.keys(found)).to.have.members([
        "timelock code",
        "membership code",
        ...DESKS.map((desk) => `${desk} code`),
        "vouched code",
        "attested code",
        "offices code",
        "elections code",
        ...METHODS.map((key) => `${key} code`),
        "governor code",
        "agenda code",
        ...WITH_MOTIONS_NAME.map((key) => `${key} code`),
        ...WITH_FORUM_NAMES.map((key) => `${key} code`),
        "timelock delay",
        "timelock shortestStage",
        ...ROLLS_OWN.map((key) => `membership ${key}`),
        ...keptByDesks(),
        ...POLICIES_OWN.map((key) => `vouched ${key}`),
        ...rulesOf(parameters),
        "governor name",
        "governor shortestStage",
        "agenda places",
        ...MOTION_RULES.map((rule) => `motions ${rule}`),
        ...Motions.documents.map((_, index) => `charter document ${index + 1}`),
        "statements statementWindow",
        ...["codeDocument"].map((one) => `speakers ${one}`),
        ...["burst", "interval"].map((one) => `forum ${one}`),
        ...ofLists(Forum.lists),
        ...CONDUCT_TERMS.map((term) => `conduct ${term}`),
        "root daoURI",
        "guardian key",
        "guardian sunset",
      ]);
      expect(found["governor amendment.concurrence"]).to.equal(
        "governor amendment.concurrence is 2, expected 3",
      );
      expect(found["agenda places"]).to.equal("agenda places is 5, expected 4");
      expect(found["charter document 2"]).to.equal(
        "charter document 2 is Code of Conduct, expected Other Code of Conduct",
      );
      expect(found["motions silence"]).to.equal("motions silence is 0, expected 1");
      expect(found["guardian key"]).to.equal(
        `guardian key is ${ZeroAddress}, expected ${fixture.stranger.address}`,
      );
      for (const name of ["GROUP_COUNT", "WAITING_FLOOR"])
        expect(found["membership code"]).to.contain(`immutable ${name} at byte `);
      for (const [key, name] of [
        ["offices", "SHORTEST_STAGE"],
        ["elections", "SHORTEST_STAGE"],
        ["elections", "GROUP_COUNT"],
        ["approval", "GROUP_COUNT"],
        ["motions", "SHORTEST_STAGE"],
        ["statements", "WINDOW"],
        ["speakers", "DOCUMENT"],
        ["conduct", "CODE"],
        ["conduct", "SHORTEST_STAGE"],
      ] as const)
        expect(found[`${key} code`], key).to.contain(`immutable ${name} at byte `);
      for (const key of [
        ...DESKS,
        ...ELECTED,
        ...WITH_MOTIONS_NAME,
        ...WITH_FORUM_NAMES,
        ...(["vouched", "attested", "agenda"] as const),
      ])
        expect(found[`${key} code`], key).to.contain("immutable _name at byte ");
      for (const key of ["requests", "delegations"] as const)
        for (const name of ["_hashedName", "_cachedDomainSeparator"])
          expect(found[`${key} code`], key).to.contain(`immutable ${name} at byte `);
      for (const name of [
        "GROUP_COUNT",
        "CoalitionGovernor.GROUPS",
        "GovernorRules.GROUPS",
        "SHORTEST_STAGE",
        "LONGEST_NOTICE",
        "_name",
        "_cachedDomainSeparator",
      ])
        expect(found["governor code"]).to.contain(`immutable ${name} at byte `);
    });
  });

  context("given motions and a charter that the members changed", () => {
    it("names every rule for motions that is not the file's", async () => {
      const { ethers, contracts, differences } = fixture;
      const power = await ethers.getSigner(contracts.timelock);
      const motions = await ethers.getContractAt("Motions", contracts.motions, power);
      const { Motions: wanted } = parameterFile.parameters;
      const openByMotion = wanted.openByMotion - 1;
      await motions.setRules({ ...wanted, openByMotion, notice: wanted.notice + 1 });
      expect(await differences()).to.deep.equal({
        "motions notice": `motions notice is ${wanted.notice + 1}, expected ${wanted.notice}`,
        "motions openByMotion": `motions openByMotion is ${openByMotion}, expected ${wanted.openByMotion}`,
      });
    });

    it("finds nothing different once they founded another document, and names one that the file alone has", async () => {
      const { ethers, contracts, decide, differences } = fixture;
      const charter = await ethers.getContractAt("Charter", contracts.charter);
      const data = charter.interface.encodeFunctionData("found", ["Travel Policy"]);
      await decide([{ target: charter, data }], "Found a travel policy");
      expect(await charter.lastDocument()).to.equal(5n);
      expect(await differences()).to.deep.equal({});
      const parameters = structuredClone(parameterFile.parameters);
      const { documents } = parameters.Motions;
      documents.push("Travel Policy");
      expect(await differences({ parameters })).to.deep.equal({});
      documents.push("Another");
      const found = await differences({ parameters });
      expect(Object.keys(found)).to.deep.equal(["charter document 6"]);
      expect(found["charter document 6"]).to.match(
        /^charter document 6 is no answer \(.*, expected Another$/,
      );
    });
  });

  context("given a forum and cases that the members changed", () => {
    it("names every term, and how fast one can post, that is not the file's, and a purpose", async () => {
      const { ethers, contracts, differences } = fixture;
      const power = await ethers.getSigner(contracts.timelock);
      const forum = await ethers.getContractAt("Forum", contracts.forum, power);
      const conduct = await ethers.getContractAt("Conduct", contracts.conduct, power);
      const { Forum, Conduct } = parameterFile.parameters;
      const purpose = `0x${"3".repeat(64)}`;
      await forum.setPace({ burst: Forum.burst, interval: Forum.interval + 5 });
      await forum.change(2, purpose, false);
      await conduct.setTerms({ ...Conduct, quota: Conduct.quota + 1 });
      expect(await differences()).to.deep.equal({
        "forum interval": `forum interval is ${Forum.interval + 5}, expected ${Forum.interval}`,
        "forum purpose 2": `forum purpose 2 is ${purpose}, expected ${Forum.purposes[1]}`,
        "conduct quota": `conduct quota is ${Conduct.quota + 1}, expected ${Conduct.quota}`,
      });
    });

    it("finds nothing different once they opened another list", async () => {
      const { ethers, contracts, decide, differences } = fixture;
      const forum = await ethers.getContractAt("Forum", contracts.forum);
      const data = forum.interface.encodeFunctionData("open", ["Third", `0x${"3".repeat(64)}`]);
      await decide([{ target: forum, data }], "Open a third list");
      expect(await forum.lastList()).to.equal(3n);
      expect(await differences()).to.deep.equal({});
    });
  });

  context("given a root that names other contracts", () => {
    it("names what it knows differently, and a root of another timelock", async () => {
      const { ethers, contracts, stranger, differences } = fixture;
      const { uri } = parameterFile.parameters.Coalition;
      const { root: _, ...others } = contracts;
      const organs = Object.entries({ ...others, charter: contracts.forum })
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, account]) => ({ name: encodeBytes32String(name), account }));
      const root = await ethers.deployContract("Coalition", [stranger, uri, organs]);
      const found = await differences({
        book: { contracts: { ...contracts, root: await root.getAddress() } },
        root: true,
      });
      expect(Object.keys(found)).to.have.members(["root code", "root timelock", "root organs"]);
      expect(found["root timelock"]).to.equal(
        `root timelock is ${stranger.address}, expected ${contracts.timelock}`,
      );
    });
  });

  context("given panels, a forum and speakers of the same code that serve nobody", () => {
    it("names each of them, and the contract that does not know it", async () => {
      const { ethers, contracts, withContract } = fixture;
      const { Forum, Conduct } = parameterFile.parameters;
      const { membership, charter, offices, agenda } = contracts;
      const speakers = await ethers.deployContract("Speakers", [
        ...([Forum.name, membership, charter, Forum.codeDocument] as const),
      ]);
      const { burst, interval, lists, purposes } = Forum;
      const forum = await ethers.deployContract("Forum", [
        ...([Forum.name, contracts.speakers, agenda, { burst, interval }, lists, purposes] as const),
      ]);
      const panels = await ethers.deployContract("Panels", [Conduct.name, membership, offices]);
      for (const [key, contract, unguarded] of [
        ["speakers", speakers, []],
        ["forum", forum, ["forum guard", "forum class", "governor table"]],
        ["panels", panels, ["panels guard", "panels class"]],
      ] as const) {
        const found = await withContract(key, await contract.getAddress());
        expect(found[`${key} conduct`]).to.equal(
          `${key} conduct is ${ZeroAddress}, expected ${contracts.conduct}`,
        );
        const asked = key === "speakers" ? ["forum speakers", "forum code"] : [];
        expect(Object.keys(found), key).to.have.members([
          `${key} conduct`,
          `conduct ${key}`,
          "conduct code",
          ...asked,
          ...unguarded,
        ]);
      }
    });
  });

  context("given another policy in force than at birth", () => {
    const sentence = (found: string, expected: string) => ({
      "membership admissionPolicy": `membership admissionPolicy is ${found}, expected ${expected}`,
    });

    it("passes after the members decided on one, once the file names it, and not before", async () => {
      const { contracts, membership, decide, differences, naming } = fixture;
      const data = membership.interface.encodeFunctionData("setAdmissionPolicy", [contracts.vouched]);
      expect(await differences()).to.deep.equal({});
      await decide([{ target: membership, data }], "Ask for vouches");
      expect(await membership.admissionPolicy()).to.equal(contracts.vouched);
      expect(await differences()).to.deep.equal(
        sentence(`vouched ${contracts.vouched}`, `open ${contracts.admission}`),
      );
      expect(await differences({ parameters: naming("vouched") })).to.deep.equal({});
    });

    for (const inForce of POLICIES) {
      it(`takes "${inForce}" where that one is, and names each other by which a file differs`, async () => {
        const { membership, contracts, differences, naming } = fixture;
        await membership.setAdmissionPolicy(contracts[POLICY_KEYS[inForce]]);
        for (const named of POLICIES) {
          const [found, expected] = [inForce, named].map(
            (name) => `${name} ${contracts[POLICY_KEYS[name]]}`,
          ) as [string, string];
          expect(await differences({ parameters: naming(named) }), named).to.deep.equal(
            named === inForce ? {} : sentence(found, expected),
          );
        }
      });
    }

    it("names one that did not come with the deployment, whatever the file says", async () => {
      const { membership, contracts, ethers, differences, naming } = fixture;
      const other = await (await ethers.deployContract("OpenAdmission")).getAddress();
      await membership.setAdmissionPolicy(other);
      for (const named of POLICIES) {
        expect(await differences({ parameters: naming(named) }), named).to.deep.equal(
          sentence(`none of this deployment's, but ${other}`, `${named} ${contracts[POLICY_KEYS[named]]}`),
        );
      }
    });

    it("takes an address book that has the policy in other letters", async () => {
      const { contracts, differences } = fixture;
      const admission = contracts.admission.toLowerCase();
      expect(await differences({ book: { contracts: { ...contracts, admission } } })).to.deep.equal({});
    });
  });

  context("given a guardian", () => {
    it("takes the one that the file names, with the term that it names, and no other", async () => {
      const { connection, known, stranger } = fixture;
      const parameters = structuredClone(parameterFile.parameters);
      parameters.Governor.guardian = stranger.address;
      parameters.Governor.guardianTerm = 31_536_000;
      const guarded = { ...parameterFile, parameters };
      const { book } = await deployCoalition({
        parameterFile: guarded,
        artifacts,
        connection,
        folder: "",
        report: () => {},
      });
      const differences = async (changes: Partial<Parameters["Governor"]> = {}) => {
        const changed = { ...parameters, Governor: { ...parameters.Governor, ...changes } };
        const { findings } = await checkDeployment({
          book,
          parameterFile: { ...guarded, parameters: changed },
          network: known,
          node: connection.provider,
          artifacts,
        });
        return findings.filter(({ ok }) => !ok).map(describeDifference);
      };
      expect(await differences()).to.deep.equal([]);
      expect(await differences({ guardian: book.deployer })).to.deep.equal([
        `guardian key is ${stranger.address}, expected ${book.deployer}`,
      ]);
      const [sentence, ...more] = await differences({ guardianTerm: 31_536_000 - 86_400 });
      expect(more).to.deep.equal([]);
      const match = sentence?.match(
        /^guardian sunset is (\d+) to (\d+) seconds after its deployment, expected 31449600 seconds after its deployment$/,
      );
      const [from, to] = [Number(match?.[1]), Number(match?.[2])];
      expect(from).to.be.at.most(31_536_000);
      expect(to).to.be.within(31_536_000, from + 3_600);
    });

    it("names one that was dismissed, until the file says so", async () => {
      const { ethers, contracts, connection, stranger, timelock, differences, withContract } = fixture;
      const other = await ethers.deployContract("Guardian", [stranger, 0]);
      await connection.networkHelpers.setBalance(contracts.governor, parseEther("1"));
      await connection.networkHelpers.impersonateAccount(contracts.governor);
      await other.connect(await ethers.getSigner(contracts.governor)).bind(timelock);
      const address = await other.getAddress();
      expect((await withContract("guardian", address))["guardian key"]).to.equal(
        `guardian key is ${stranger.address}, expected ${ZeroAddress}`,
      );
      await other.connect(await ethers.getSigner(contracts.timelock)).dismiss();
      expect(await withContract("guardian", address)).not.to.have.any.keys("guardian key");
      expect(await differences()).to.deep.equal({});
    });

    it("names bodies that serve nobody", async () => {
      const { ethers, contracts, differences } = fixture;
      const { name, places } = parameterFile.parameters.Agenda;
      const agenda = await (await ethers.deployContract("Agenda", [name, places])).getAddress();
      const guardian = await (await ethers.deployContract("Guardian", [ZeroAddress, 0])).getAddress();
      const found = await differences({ book: { contracts: { ...contracts, agenda, guardian } } });
      for (const [key, address] of Object.entries({ agenda, guardian })) {
        expect(found).to.include({
          [`governor ${key}`]: `governor ${key} is ${contracts[key as ContractKey]}, expected ${address}`,
          [`${key} governor`]: `${key} governor is none by its events, expected ${contracts.governor}`,
        });
        expect(found["governor code"]).to.contain(`immutable ${key.toUpperCase()} at byte `);
      }
      expect(found["guardian sunset"]).to.contain("and no event tells of its birth");
      expect(found["agenda motions"]).to.equal(
        `agenda motions is ${ZeroAddress}, expected ${contracts.motions}`,
      );
    });
  });

  context("given classes of acts that are not the released ones", () => {
    const setClass = (target: string, selector: string, key: (typeof CLASSES)[number]): Action => {
      const { governor } = fixture;
      const data = governor.interface.encodeFunctionData("setActionClass", [
        target,
        selector,
        classNumber(key),
      ]);
      return { target: governor, data };
    };

    it("names a function that the members gave a lesser class, one that lost its own, and nothing else", async () => {
      const { contracts, decide, differences } = fixture;
      const suspend = selectorOf("suspend(uint256,uint8,uint48)");
      await decide(
        [
          setClass(contracts.membership, suspend, "appeal"),
          setClass(contracts.claims, selectorOf("dismiss(uint256)"), "resolution"),
          setClass(contracts.guardian, selectorOf("dismiss()"), "amendment"),
        ],
        "Other classes",
      );
      const released = "expected amendment, but";
      expect(await differences()).to.deep.equal({
        "membership class":
          "membership class is amendment, but restore(uint256,uint8) action, suspend(uint256,uint8,uint48) appeal, " +
          `${released} restore(uint256,uint8) action`,
        "claims class":
          "claims class is amendment, but dismiss(uint256) resolution, uphold(uint256,uint256) action, " +
          `${released} dismiss(uint256) action, uphold(uint256,uint256) action`,
        "guardian class": `guardian class is amendment, ${released} dismiss() action`,
        "governor table":
          "governor table is claims dismiss(uint256) resolution instead of action, " +
          "guardian dismiss() amendment instead of action, " +
          `membership ${suspend} appeal instead of amendment, expected as released`,
      });
    });

    it("finds nothing different once an entry was made and taken back", async () => {
      const { contracts, decide, differences } = fixture;
      const selector = selectorOf("end(uint256)");
      await decide(
        [
          setClass(contracts.membership, selector, "action"),
          setClass(contracts.membership, selector, "amendment"),
        ],
        "There and back",
      );
      expect(await differences()).to.deep.equal({});
    });

    it("names an entry for a function that no organ has, by its event", async () => {
      const { contracts, decide, differences } = fixture;
      await decide([setClass(contracts.agenda, "0x12345678", "action")], "For nothing");
      expect(await differences()).to.deep.equal({
        "governor table":
          "governor table is agenda 0x12345678 action instead of amendment, expected as released",
      });
    });

    it("remarks on a target that is guarded beyond the organs, and names what is less than an amendment there", async () => {
      const { governor, ethers, decide, differences, book, known, provider } = fixture;
      const box = await (await ethers.deployContract("Box")).getAddress();
      const data = governor.interface.encodeFunctionData("guard", [box]);
      await decide(
        [{ target: governor, data }, setClass(box, selectorOf("setX(uint256)"), "action")],
        "A box",
      );
      expect(await differences()).to.deep.equal({
        "governor table":
          `governor table is ${box.toLowerCase()} ${selectorOf("setX(uint256)")} action instead of amendment, ` +
          "expected as released",
      });
      const { remarks } = await checkDeployment({
        book,
        parameterFile,
        network: known,
        node: provider,
        artifacts,
      });
      expect(remarks).to.deep.equal([`the governor guards ${box} too: whatever calls it is an amendment`]);
    });

    it("names an organ that a governor of the same code was born without guarding", async () => {
      const { ethers, contracts, differences } = fixture;
      const { Agenda, Governor } = parameterFile.parameters;
      const { name, guardian: key, guardianTerm, ...rules } = Governor;
      const agenda = await ethers.deployContract("Agenda", [Agenda.name, Agenda.places]);
      const guardian = await ethers.deployContract("Guardian", [key, guardianTerm]);
      const at = {
        ...contracts,
        agenda: await agenda.getAddress(),
        guardian: await guardian.getAddress(),
      };
      const governor = await ethers.deployContract("CoalitionGovernor", [
        {
          name,
          ...{ membership: at.membership, timelock: at.timelock, bounds: at.bounds, agenda, guardian },
          rules: CLASSES.map((one) => rules[one]) as never,
          guarded: GUARDED.filter((one) => one !== "recovery").map((one) => at[one]),
          table: ACTION_CLASSES.filter(({ target }) => target !== "recovery").map((entry) => ({
            target: at[entry.target],
            selector: selectorOf(entry.signature),
            kind: classNumber(entry.class),
          })),
        },
      ]);
      const found = await differences({
        book: { contracts: { ...at, governor: await governor.getAddress() } },
      });
      expect(found["recovery guard"]).to.equal("recovery guard is missing, expected in force");
      expect(found["recovery class"]).to.match(/^recovery class is amendment, but approve\(.* action, /);
      expect(found["governor table"]).to.contain(
        "recovery decide(uint256,address) amendment instead of action",
      );
      // It is nobody's governor, but for what was deployed with it; and its agenda is not that of the motions.
      expect(Object.keys(found).filter((subject) => !subject.endsWith("_ROLE"))).to.have.members([
        "recovery guard",
        "recovery class",
        "governor table",
        "agenda motions",
        ...["motions", "charter", "statements", "forum"].map((one) => `${one} agenda`),
        ...ASKING_THE_AGENDA.map((one) => `${one} code`),
      ]);
    });

    it("notices events that a node keeps back", async () => {
      const { governor, provider, differences } = fixture;
      const withoutEvent = (name: "TargetGuarded" | "ActionClassChanged"): Node => ({
        request: async (request) => {
          const answer = await provider.request(request);
          const { topicHash } = governor.interface.getEvent(name);
          if (request.method !== "eth_getLogs") return answer;
          return answer.filter(({ topics }: { topics: string[] }) => topics[0] !== topicHash);
        },
      });
      const unguarded = await differences({ node: withoutEvent("TargetGuarded") });
      expect(Object.keys(unguarded)).to.have.members(GUARDED.map((key) => `${key} guard`));
      expect(unguarded["agenda guard"]).to.equal(
        "agenda guard is by the governor's answer, but not in the events, expected in force",
      );
      const untabled = await differences({ node: withoutEvent("ActionClassChanged") });
      expect(Object.keys(untabled)).to.deep.equal(["governor table"]);
      for (const { target, signature } of ACTION_CLASSES)
        expect(untabled["governor table"]).to.contain(`${target} ${signature} amendment instead of `);
    });
  });

  context("given contracts that are not the compiled ones", () => {
    for (const key of Object.keys(CONTRACTS) as ContractKey[]) {
      it(`names one foreign byte in the ${key}`, async () => {
        const { provider, contracts, differences } = fixture;
        const code: string = await provider.request({
          method: "eth_getCode",
          params: [contracts[key], "latest"],
        });
        // In the metadata at the end, where it changes nothing that runs.
        const changed = `${code.slice(0, -20)}${code.at(-20) === "0" ? "1" : "0"}${code.slice(-19)}`;
        await provider.request({ method: "hardhat_setCode", params: [contracts[key], changed] });
        const found = await differences();
        expect(Object.keys(found)).to.deep.equal([`${key} code`]);
        expect(found[`${key} code`]).to.match(
          /is code differs from the compiled one, first at byte \d+, expected /,
        );
      });
    }

    it("names an address without code, and that nothing answers there", async () => {
      const { withContract, stranger } = fixture;
      const found = await withContract("governor", stranger.address);
      expect(found["governor code"]).to.contain("no code at this address");
      for (const subject of ["governor action.notice", "membership guard", "membership class"])
        expect(found[subject], subject).to.contain("no answer");
      expect(found["agenda governor"]).to.contain(`expected ${stranger.address}`);
      expect(found.PROPOSER_ROLE).to.contain(`expected governor ${stranger.address}`);
    });

    it("names a timelock that is nothing but an account", async () => {
      const { withContract, stranger } = fixture;
      const found = await withContract("timelock", stranger.address);
      expect(found["timelock code"]).to.contain("no code at this address");
      expect(found["timelock role events"]).to.contain("log incomplete");
      expect(found["membership timelock"]).to.contain(`expected ${stranger.address}`);
    });

    it("names another contract of the project in the place of one", async () => {
      const { withContract, contracts } = fixture;
      const found = await withContract("card", contracts.admission);
      expect(found["card code"]).to.match(/is \d+ bytes of code, compiled \d+/);
      expect(found["membership card"]).to.equal(
        `membership card is ${contracts.card}, expected ${contracts.admission}`,
      );
    });

    it("names a roll of the same code that obeys another timelock", async () => {
      const { ethers, contracts, stranger, withContract } = fixture;
      const { admission: admissionPolicy, card } = contracts;
      const other = await ethers.deployContract("Box");
      const owner = await other.getAddress();
      const { Membership: chosen } = parameterFile.parameters;
      const desks = await deployDesks({ ethers }, chosen);
      const roll = rollParameters(chosen, { card, admissionPolicy, desks });
      const membership = await ethers.deployContract("Membership", [owner, roll], stranger);
      const found = await withContract("membership", await membership.getAddress());
      expect(found["membership timelock"]).to.equal(
        `membership timelock is ${owner}, expected ${contracts.timelock}`,
      );
      expect(found["membership code"]).to.contain("immutable TIMELOCK at byte ");
      expect(found["governor membership"]).to.contain(`is ${contracts.membership}`);
      const served = await membership.getAddress();
      for (const key of DESKS) {
        expect(found[`membership ${key}`]).to.equal(
          `membership ${key} is ${await desks[key].getAddress()}, expected ${contracts[key]}`,
        );
        expect(found[`${key} roll`]).to.equal(`${key} roll is ${contracts.membership}, expected ${served}`);
      }
      expect(found["vouched roll"]).to.contain(`expected ${served}`);
      expect(found["attested roll"]).to.contain(`expected ${served}`);
      expect(found["elections roll"]).to.equal(
        `elections roll is ${contracts.membership}, expected ${served}`,
      );
      for (const key of [...ELECTED, ...WITH_MOTIONS_NAME])
        expect(found[`${key} code`]).to.contain("immutable ROLL at byte ");
    });

    it("names a desk of the same code that serves nobody, or another roll", async () => {
      const { ethers, contracts, withContract } = fixture;
      const { Membership: chosen } = parameterFile.parameters;
      const free = await deployDesks({ ethers }, chosen);
      for (const key of DESKS) {
        const address = await free[key].getAddress();
        const found = await withContract(key, address);
        expect(found[`membership ${key}`]).to.equal(
          `membership ${key} is ${contracts[key]}, expected ${address}`,
        );
        expect(found[`${key} roll`]).to.equal(
          `${key} roll is ${ethers.ZeroAddress}, expected ${contracts.membership}`,
        );
        // Its parameters are the file's, and its code is its own: what differs else is who asks it.
        const asking = { delegations: ["governor code"], affiliations: ["elections code"] };
        const tabled = ACTION_CLASSES.some(({ target }) => target === key) ? ["governor table"] : [];
        expect(Object.keys(found)).to.have.members([
          `membership ${key}`,
          `${key} roll`,
          ...(key in asking ? asking[key as keyof typeof asking] : []),
          // And nothing protects it.
          `${key} guard`,
          `${key} class`,
          ...tabled,
        ]);
      }
    });

    it("names resolutions of the same code that obey another timelock, and bounds that nobody asks", async () => {
      const { ethers, contracts, stranger, differences } = fixture;
      const other = await ethers.deployContract("Resolutions", [stranger, contracts.agenda]);
      const resolutions = await other.getAddress();
      const bounds = await (await ethers.deployContract("DecisionBounds")).getAddress();
      const found = await differences({ book: { contracts: { ...contracts, resolutions, bounds } } });
      expect(found["resolutions code"]).to.contain("immutable TIMELOCK at byte ");
      expect(found["governor code"]).to.contain("immutable BOUNDS at byte ");
      expect(found["motions code"]).to.contain("immutable RESOLUTIONS at byte ");
      expect(Object.keys(found)).to.have.members([
        "resolutions code",
        "motions code",
        "motions resolutions",
        "governor code",
        "resolutions guard",
        "resolutions class",
        "governor table",
      ]);
    });

    context("given offices and elections of the same code that serve each other", () => {
      async function others() {
        const { ethers, contracts } = fixture;
        const { $global, Elections } = parameterFile.parameters;
        const born = [Elections.name, contracts.membership] as const;
        const offices = await ethers.deployContract("Offices", [...born, $global.shortestStage]);
        const elections = await ethers.deployContract("Elections", [...born, offices, $global.shortestStage]);
        return { offices: await offices.getAddress(), elections: await elections.getAddress() };
      }

      /** What protects an organ is the governor's, and it knows these as little. */
      const unguarded = (...keys: ("offices" | "elections")[]) => [
        ...keys.flatMap((key) => [`${key} guard`, `${key} class`]),
        "governor table",
      ];

      it("names the offices alone", async () => {
        const { contracts, withContract } = fixture;
        const { offices, elections } = await others();
        const found = await withContract("offices", offices);
        expect(found).to.include({
          "offices elections": `offices elections is ${elections}, expected ${contracts.elections}`,
          "elections offices": `elections offices is ${contracts.offices}, expected ${offices}`,
        });
        expect(found["elections code"]).to.contain("immutable OFFICES at byte ");
        expect(Object.keys(found)).to.have.members([
          "offices elections",
          "elections offices",
          "elections code",
          "panels offices",
          "panels code",
          ...unguarded("offices"),
        ]);
      });

      it("names the elections alone, and the methods that do not serve them", async () => {
        const { contracts, withContract } = fixture;
        const { offices, elections } = await others();
        const found = await withContract("elections", elections);
        expect(found).to.include({
          "offices elections": `offices elections is ${contracts.elections}, expected ${elections}`,
          "elections offices": `elections offices is ${offices}, expected ${contracts.offices}`,
        });
        for (const key of METHODS) {
          expect(found[`${key} elections`]).to.equal(
            `${key} elections is ${contracts.elections}, expected ${elections}`,
          );
          expect(found[`${key} code`]).to.contain("immutable ELECTIONS at byte ");
        }
        expect(Object.keys(found)).to.have.members([
          "offices elections",
          "elections offices",
          "elections code",
          ...METHODS.flatMap((key) => [`${key} elections`, `${key} code`]),
          ...unguarded("elections"),
        ]);
      });

      for (const key of METHODS) {
        it(`names a method of theirs, the ${key} one`, async () => {
          const { ethers, contracts, withContract } = fixture;
          const { elections } = await others();
          const { name } = parameterFile.parameters.Elections;
          const method = await ethers.deployContract(CONTRACTS[key], [name, elections]);
          const found = await withContract(key, await method.getAddress());
          expect(Object.keys(found)).to.have.members([`${key} code`, `${key} elections`]);
          expect(found[`${key} elections`]).to.equal(
            `${key} elections is ${elections}, expected ${contracts.elections}`,
          );
        });
      }
    });

    context("given a charter, motions and statements of the same code that serve another agenda", () => {
      async function others() {
        const { ethers, contracts } = fixture;
        const { $global, Agenda, Motions } = parameterFile.parameters;
        const { membership, timelock } = contracts;
        const agenda = await ethers.deployContract("Agenda", [Agenda.name, Agenda.places]);
        const resolutions = await ethers.deployContract("Resolutions", [timelock, agenda]);
        const charter = await ethers.deployContract("Charter", [agenda, timelock, Motions.documents]);
        const motions = await ethers.deployContract("Motions", [
          Motions.name,
          membership,
          agenda,
          charter,
          resolutions,
          $global.shortestStage,
          Motions,
        ]);
        /** What they are asked about before they have their amendments. */
        const unbound = await fixture.withContract("motions", await motions.getAddress());
        const amendments = await ethers.deployContract("Amendments", [Motions.name, membership, motions]);
        const statements = await ethers.deployContract("MinorityStatements", [
          Motions.name,
          agenda,
          membership,
          Motions.statementWindow,
          $global.shortestStage,
        ]);
        return {
          unbound,
          agenda: await agenda.getAddress(),
          resolutions: await resolutions.getAddress(),
          charter: await charter.getAddress(),
          motions: await motions.getAddress(),
          amendments: await amendments.getAddress(),
          statements: await statements.getAddress(),
        };
      }

      const sentence = (subject: string, found: string, expected: string) => ({
        [subject]: `${subject} is ${found}, expected ${expected}`,
      });

      it("names the charter alone", async () => {
        const { contracts, withContract } = fixture;
        const { charter, agenda } = await others();
        const found = await withContract("charter", charter);
        expect(found).to.include({
          ...sentence("charter agenda", agenda, contracts.agenda),
          ...sentence("motions charter", contracts.charter, charter),
        });
        expect(found["charter code"]).to.contain("immutable AGENDA at byte ");
        expect(found["motions code"]).to.contain("immutable CHARTER at byte ");
        expect(Object.keys(found)).to.have.members([
          "charter agenda",
          "motions charter",
          "charter code",
          "motions code",
          "speakers charter",
          "speakers code",
          "conduct code",
          "charter guard",
          "charter class",
        ]);
      });

      it("names the motions alone, and what does not serve them", async () => {
        const { contracts, withContract } = fixture;
        const { unbound, ...other } = await others();
        const found = await withContract("motions", other.motions);
        expect(found).to.include({
          ...sentence("agenda motions", contracts.motions, other.motions),
          ...sentence("amendments motions", contracts.motions, other.motions),
          ...sentence("motions agenda", other.agenda, contracts.agenda),
          ...sentence("motions charter", other.charter, contracts.charter),
          ...sentence("motions resolutions", other.resolutions, contracts.resolutions),
          ...sentence("motions amendments", other.amendments, contracts.amendments),
        });
        for (const name of ["AGENDA", "CHARTER", "RESOLUTIONS"])
          expect(found["motions code"]).to.contain(`immutable ${name} at byte `);
        expect(found["amendments code"]).to.contain("immutable MOTIONS at byte ");
        expect(Object.keys(found)).to.have.members([
          "agenda motions",
          "amendments motions",
          "motions agenda",
          "motions charter",
          "motions resolutions",
          "motions amendments",
          "motions code",
          "amendments code",
          "motions guard",
          "motions class",
        ]);
        expect(unbound).to.include(sentence("motions amendments", ZeroAddress, contracts.amendments));
      });

      it("names the amendments alone", async () => {
        const { contracts, withContract } = fixture;
        const { motions, amendments } = await others();
        const found = await withContract("amendments", amendments);
        expect(found).to.include({
          ...sentence("motions amendments", contracts.amendments, amendments),
          ...sentence("amendments motions", motions, contracts.motions),
        });
        for (const name of ["MOTIONS", "AGENDA"])
          expect(found["amendments code"]).to.contain(`immutable ${name} at byte `);
        expect(Object.keys(found)).to.have.members([
          "motions amendments",
          "amendments motions",
          "amendments code",
          "amendments guard",
          "amendments class",
          "governor table",
        ]);
      });

      it("names the statements alone", async () => {
        const { contracts, withContract } = fixture;
        const { agenda, statements } = await others();
        const found = await withContract("statements", statements);
        expect(found).to.include(sentence("statements agenda", agenda, contracts.agenda));
        expect(found["statements code"]).to.contain("immutable AGENDA at byte ");
        expect(Object.keys(found)).to.have.members([
          "statements agenda",
          "statements code",
          "statements guard",
          "statements class",
        ]);
      });
    });

    it("names offices that no elections have bound", async () => {
      const { ethers, contracts, withContract } = fixture;
      const { $global, Elections } = parameterFile.parameters;
      const free = await ethers.deployContract("Offices", [
        Elections.name,
        contracts.membership,
        $global.shortestStage,
      ]);
      const found = await withContract("offices", await free.getAddress());
      expect(found["offices elections"]).to.equal(
        `offices elections is ${ZeroAddress}, expected ${contracts.elections}`,
      );
    });

    it("names methods in each other's place", async () => {
      const { contracts, differences } = fixture;
      const { approval, ranked } = contracts;
      const swapped = { ...contracts, approval: ranked, ranked: approval };
      const found = await differences({ book: { contracts: swapped } });
      expect(Object.keys(found)).to.have.members(["approval code", "ranked code"]);
    });

    it("names policies in each other's place", async () => {
      const { contracts, differences } = fixture;
      const { vouched, attested } = contracts;
      const found = await differences({
        book: { contracts: { ...contracts, vouched: attested, attested: vouched } },
      });
      expect(found["either policies"]).to.equal(
        `either policies is ${JSON.stringify([vouched, attested])}, expected ${JSON.stringify([attested, vouched])}`,
      );
      expect(found).to.include.keys("vouched code", "attested code");
    });
  });

  context("given an address book of another chain", () => {
    it("refuses to compare", async () => {
      const { differences } = fixture;
      expect(await refusal(differences({ book: { chainId: 1 } }))).to.contain(
        "is on chain 1, but default is chain 31337",
      );
    });

    it("refuses a block that the chain has not reached", async () => {
      expect(await refusal(fixture.differences({ book: { block: 10_000 } }))).to.contain(
        "before block 10000",
      );
    });
  });
});
