import { id as digestOf } from "ethers";
import * as abi from "./abi.js";
import { type Action, FUNCTIONS, type Known, type Place } from "./actions.js";
import { MOODS } from "./coalition.js";
import type { PaperName, Pen } from "./papers.js";
import { CLASSES, type Rules } from "./rules.js";
import type { Step } from "./steps.js";
import type { Signed } from "./words.js";

/** A call of a contract. */
export type Call = { target: string; data: string };

/** A decision's actions as calls, and its text. */
export type Draft = { targets: string[]; calldatas: string[]; description: string };

const SELECTORS = new Map<string, { selector: string; types: string[] }>();

/** Selector and types of a function given as `name(type,…)`. */
function functionOf(signature: string): { selector: string; types: string[] } {
  const known = SELECTORS.get(signature);
  if (known !== undefined) return known;
  const list = signature.slice(signature.indexOf("(") + 1, -1);
  // A tuple counts as the values in it: none of those here has a length of its own.
  const types = list === "" ? [] : list.replace(/[()]/g, "").split(",");
  const found = { selector: digestOf(signature).slice(0, 10), types };
  SELECTORS.set(signature, found);
  return found;
}

/** The selector of a function as a word of calldata. */
export function selectorWord(signature: string): string {
  return functionOf(signature).selector.padEnd(66, "0");
}

/** How steps and actions are called. */
export class Calls {
  constructor(
    private readonly at: Readonly<Record<Place, string>>,
    private readonly pen: Pen,
    private readonly draftOf: (id: bigint) => Draft,
  ) {}

  step({ by, deed }: Step): Call {
    switch (deed.do) {
      case "join": {
        const { account, group, codeDigest, evidence } = deed.request;
        return this.#asked(
          "join",
          deed,
          ["membership", "join(uint8,bytes32,bytes)", group, codeDigest, evidence],
          [
            "requests",
            "joinBySig(address,uint8,bytes32,bytes,uint256,bytes)",
            account,
            group,
            codeDigest,
            evidence,
          ],
        );
      }
      case "joinMany":
        return this.#batch(
          "requests",
          "joinMany((address,uint8,bytes32,bytes,uint256,bytes)[])",
          deed.requests.map(({ request, signature }) => [
            abi.single(request.account),
            abi.single(request.group),
            abi.single(request.codeDigest),
            abi.bytes(request.evidence),
            abi.single(request.deadline),
            abi.bytes(this.pen.sign("join", signature)),
          ]),
        );
      case "resign":
        return this.#asked(
          "resign",
          deed,
          ["membership", "resign()"],
          ["requests", "resignBySig(address,uint256,bytes)", deed.request.account],
        );
      case "rotateKey": {
        const { account, newKey, deadline } = deed;
        const consent = this.pen.sign("rotate", deed.consent);
        if (deed.signature === undefined)
          return this.#call("requests", "rotateKey(address,uint256,bytes)", newKey, deadline, consent);
        const signature = this.pen.sign("rotate", deed.signature);
        return this.#call(
          "requests",
          "rotateKeyBySig(address,address,uint256,bytes,bytes)",
          account,
          newKey,
          deadline,
          signature,
          consent,
        );
      }
      case "qualify":
        return this.#call("membership", "qualify(uint256,bytes)", deed.number, deed.evidence);
      case "tell":
        return this.#call("told", "tell(uint8)", MOODS.indexOf(deed.mood));
      case "takeDelegations": {
        const { account, limit } = deed.request;
        return this.#asked(
          "takeDelegations",
          deed,
          ["delegations", "takeDelegations(uint8)", limit],
          ["delegations", "takeDelegationsBySig(address,uint8,uint256,bytes)", account, limit],
        );
      }
      case "decline": {
        const { account, number } = deed.request;
        return this.#asked(
          "decline",
          deed,
          ["delegations", "decline(uint256)", number],
          ["delegations", "declineBySig(address,uint256,uint256,bytes)", account, number],
        );
      }
      case "delegateUntil": {
        const { delegator, delegatee, ends } = deed.request;
        return this.#asked(
          "delegateUntil",
          deed,
          ["delegations", "delegateUntil(address,uint48)", delegatee, ends],
          [
            "delegations",
            "delegateUntilBySig(address,address,uint48,uint256,bytes)",
            delegator,
            delegatee,
            ends,
          ],
        );
      }
      case "delegate":
        return this.#call("membership", "delegate(address)", deed.delegatee);
      case "delegateBySig": {
        const { delegatee, nonce, expiry } = deed.paper;
        const [r, s, v] = abi.split(this.pen.sign("delegation", deed.signature));
        return this.#call(
          "membership",
          "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)",
          delegatee,
          nonce,
          expiry,
          v,
          r,
          s,
        );
      }
      case "confirm":
        return this.#asked(
          "confirm",
          deed,
          ["confirmations", "confirm()"],
          ["confirmations", "confirmBySig(address,uint256,bytes)", deed.request.account],
        );
      case "confirmMany":
        return this.#batch(
          "confirmations",
          "confirmMany((address,uint256,bytes)[])",
          deed.requests.map(({ request, signature }) => [
            abi.single(request.account),
            abi.single(request.deadline),
            abi.bytes(this.pen.sign("confirm", signature)),
          ]),
        );
      case "markDormant":
        return this.#call("confirmations", "markDormant(uint256[])", deed.numbers);
      case "joinAsOrganisation": {
        const { request } = deed;
        const { representative, group, codeDigest, evidence, owner, deadline } = request;
        const consent = this.pen.sign("own", deed.consent);
        if (deed.signature === undefined)
          return this.#call(
            "affiliations",
            "joinAsOrganisation(uint8,bytes32,bytes,address,uint256,bytes)",
            group,
            codeDigest,
            evidence,
            owner,
            deadline,
            consent,
          );
        return this.#call(
          "affiliations",
          "joinAsOrganisationBySig(address,uint8,bytes32,bytes,address,uint256,bytes,bytes)",
          representative,
          group,
          codeDigest,
          evidence,
          owner,
          deadline,
          this.pen.sign("joinAsOrganisation", deed.signature),
          consent,
        );
      }
      case "replaceRepresentative": {
        const { owner, number, newKey } = deed.request;
        const consent = this.pen.sign("represent", deed.consent);
        return this.#asked(
          "replaceRepresentative",
          deed,
          [
            "affiliations",
            "replaceRepresentative(uint256,address,uint256,bytes)",
            number,
            newKey,
            deed.request.deadline,
            consent,
          ],
          [
            "affiliations",
            "replaceRepresentativeBySig(address,uint256,address,uint256,bytes,bytes)",
            owner,
            number,
            newKey,
          ],
          consent,
        );
      }
      case "passOwnership": {
        const { owner, number, newOwner } = deed.request;
        const consent = this.pen.sign("takeOwnership", deed.consent);
        return this.#asked(
          "passOwnership",
          deed,
          [
            "affiliations",
            "passOwnership(uint256,address,uint256,bytes)",
            number,
            newOwner,
            deed.request.deadline,
            consent,
          ],
          [
            "affiliations",
            "passOwnershipBySig(address,uint256,address,uint256,bytes,bytes)",
            owner,
            number,
            newOwner,
          ],
          consent,
        );
      }
      case "affiliate": {
        const { account, organisation } = deed.request;
        return this.#asked(
          "affiliate",
          deed,
          ["affiliations", "affiliate(uint256)", organisation],
          ["affiliations", "affiliateBySig(address,uint256,uint256,bytes)", account, organisation],
        );
      }
      case "disown": {
        const { account, number } = deed.request;
        return this.#asked(
          "disown",
          deed,
          ["affiliations", "disown(uint256)", number],
          ["affiliations", "disownBySig(address,uint256,uint256,bytes)", account, number],
        );
      }
      case "settle":
        return this.#call("affiliations", "settle(uint256[])", deed.numbers);
      case "changeGroup": {
        const { account, group } = deed.request;
        return this.#asked(
          "changeGroup",
          deed,
          ["claims", "changeGroup(uint8)", group],
          ["claims", "changeGroupBySig(address,uint8,uint256,bytes)", account, group],
        );
      }
      case "challenge": {
        const { account, number, kind, value, reason } = deed.request;
        return this.#asked(
          "challenge",
          deed,
          ["claims", "challenge(uint256,uint8,uint256,bytes32)", number, kind, value, reason],
          [
            "claims",
            "challengeBySig(address,uint256,uint8,uint256,bytes32,uint256,bytes)",
            account,
            number,
            kind,
            value,
            reason,
          ],
        );
      }
      case "support": {
        const { account, id } = deed.request;
        return this.#asked(
          "support",
          deed,
          ["claims", "support(uint256)", id],
          ["claims", "supportBySig(address,uint256,uint256,bytes)", account, id],
        );
      }
      case "nameGuardians": {
        const { account, guardians, threshold } = deed.request;
        return this.#asked(
          "nameGuardians",
          deed,
          ["recovery", "nameGuardians(address[],uint8)", guardians, threshold],
          [
            "recovery",
            "nameGuardiansBySig(address,address[],uint8,uint256,bytes)",
            account,
            guardians,
            threshold,
          ],
        );
      }
      case "requestRecovery": {
        const { guardian, number, newKey, deadline } = deed.request;
        const consent = this.pen.sign("recover", deed.consent);
        return this.#asked(
          "requestRecovery",
          deed,
          ["recovery", "request(uint256,address,uint256,bytes)", number, newKey, deadline, consent],
          ["recovery", "requestBySig(address,uint256,address,uint256,bytes,bytes)", guardian, number, newKey],
          consent,
        );
      }
      case "approveRecovery": {
        const { guardian, number, newKey } = deed.request;
        return this.#asked(
          "approveRecovery",
          deed,
          ["recovery", "approve(uint256,address)", number, newKey],
          ["recovery", "approveBySig(address,uint256,address,uint256,bytes)", guardian, number, newKey],
        );
      }
      case "vetoRecovery": {
        const { account, number, newKey } = deed.request;
        return this.#asked(
          "vetoRecovery",
          deed,
          ["recovery", "veto(uint256)", number],
          ["recovery", "vetoBySig(address,uint256,address,uint256,bytes)", account, number, newKey],
        );
      }
      case "claimNumber": {
        const { number, newKey, reasonDigest } = deed.request;
        return this.#asked(
          "claimNumber",
          deed,
          ["recovery", "claim(uint256,bytes32)", number, reasonDigest],
          ["recovery", "claimBySig(uint256,address,bytes32,uint256,bytes)", number, newKey, reasonDigest],
        );
      }
      case "completeRecovery":
        return this.#call("recovery", "complete(uint256)", deed.number);
      case "decree":
        return this.action(deed.action);
      case "propose":
        return this.#decision("governor", "propose", deed.proposal.id, "text");
      case "endorse": {
        const { account, proposalId } = deed.request;
        return this.#asked(
          "endorse",
          deed,
          ["agenda", "endorse(uint256)", proposalId],
          ["agenda", "endorseBySig(address,uint256,uint256,bytes)", account, proposalId],
        );
      }
      case "queue":
      case "execute":
      case "cancel":
        return this.#decision("governor", deed.do, deed.id, "digest");
      case "guardianCancel":
        return this.#decision("guardian", "cancel", deed.id, "digest", deed.reason);
      case "guardianDelay":
        return this.#decision("guardian", "delay", deed.id, "digest", deed.reason);
      case "ballot": {
        const { id, support, reason, paramsLength } = deed.cast;
        if (deed.how === "plain") return this.#call("governor", "castVote(uint256,uint8)", id, support);
        if (deed.how === "reason")
          return this.#call("governor", "castVoteWithReason(uint256,uint8,string)", id, support, reason);
        const params = `0x${"ab".repeat(paramsLength)}`;
        const name = "castVoteWithReasonAndParams(uint256,uint8,string,bytes)";
        return this.#call("governor", name, id, support, reason, params);
      }
      case "ballotBySig": {
        const { id, support, voter, reason, signed } = deed.cast;
        if (signed === undefined) throw new TypeError(`a signed ballot of ${by} without a signature`);
        const signature = this.pen.signBallot(signed.signature);
        if (signed.paper.form === "plain") {
          const name = "castVoteBySig(uint256,uint8,address,bytes)";
          return this.#call("governor", name, id, support, voter, signature);
        }
        const { params } = signed.paper;
        const name = "castVoteWithReasonAndParamsBySig(uint256,uint8,address,string,bytes,bytes)";
        return this.#call("governor", name, id, support, voter, reason, params, signature);
      }
      case "castBallots": {
        const groups = deed.groups.map(({ support, deadline, slips, rest }) => [
          abi.single(support),
          abi.single(deadline),
          abi.bytes(`0x${slips.map(({ bytes }) => bytes.slice(2)).join("")}${rest}`),
        ]);
        const named = deed.named.map(({ voter, support, deadline, nonce, bytes }) => [
          ...[voter, support, deadline, nonce].map(abi.single),
          abi.bytes(bytes),
        ]);
        const name = "castBallots(uint256,(uint8,uint48,bytes)[],(address,uint8,uint48,uint256,bytes)[])";
        const lists = [groups, named].map((ballots) => abi.list(ballots.map(abi.tuple)));
        return {
          target: this.at.governor,
          data: functionOf(name).selector + abi.tuple([abi.single(deed.id), ...lists]).hex,
        };
      }
    }
  }

  action(action: Action): Call {
    if (action.do === "callNobody") return { target: action.target, data: "0x12345678" };
    return this.#call(...FUNCTIONS[action.do], ...this.#valuesOf(action));
  }

  #valuesOf(action: Extract<Action, { do: Known }>): unknown[] {
    switch (action.do) {
      case "suspend":
        return [action.number, action.rights, action.until];
      case "restore":
        return [action.number, action.rights];
      case "setMaturity": {
        const { waitingPeriod, epochLength, epochShareBps, epochFloor } = action.pace;
        return [waitingPeriod, epochLength, epochShareBps, epochFloor];
      }
      case "setRules":
        return [CLASSES.indexOf(action.class), ...ruleWords(action.rules)];
      case "guard":
        return [this.at[action.what]];
      case "setActionClass": {
        const [place, name] = FUNCTIONS[action.of];
        return [this.at[place], selectorWord(name), CLASSES.indexOf(action.class)];
      }
      case "setRule":
        return [action.oneVoice, action.cooldown];
      case "setClaimRules":
        return [action.rules.cooldown, action.rules.window, action.rules.challengers];
      case "uphold":
        return [action.id, action.value];
      case "decideRecovery":
        return [action.number, action.newKey];
      default: {
        const { do: _, ...values } = action;
        return Object.values(values);
      }
    }
  }

  #call(place: Place, name: string, ...values: unknown[]): Call {
    const { selector, types } = functionOf(name);
    return { target: this.at[place], data: abi.call(selector, types, values) };
  }

  /** A call in person or, with a signature, the one that ends with deadline, signature and what else is signed. */
  #asked(
    paper: PaperName,
    { request, signature }: { request: { deadline: number }; signature?: Signed<object> },
    inPerson: readonly [Place, string, ...unknown[]],
    signed: readonly [Place, string, ...unknown[]],
    ...consents: string[]
  ): Call {
    if (signature === undefined) return this.#call(...inPerson);
    return this.#call(...signed, request.deadline, this.pen.sign(paper, signature), ...consents);
  }

  #batch(place: Place, name: string, items: readonly (readonly abi.Encoded[])[]): Call {
    const data = abi.tuple([abi.list(items.map(abi.tuple))]);
    return { target: this.at[place], data: functionOf(name).selector + data.hex };
  }

  /** A call that names a decision by its parts, and its text or the digest of it. */
  #decision(place: Place, name: string, id: bigint, by: "text" | "digest", reason?: string): Call {
    const { targets, calldatas, description } = this.draftOf(id);
    const types = `address[],uint256[],bytes[],${by === "text" ? "string" : "bytes32"}`;
    const signature = `${name}(${types}${reason === undefined ? "" : ",string"})`;
    const parts = [
      abi.list(targets.map(abi.single)),
      abi.list(targets.map(() => abi.single(0))),
      abi.list(calldatas.map(abi.bytes)),
      by === "text" ? abi.text(description) : abi.single(digestOf(description)),
      ...(reason === undefined ? [] : [abi.text(reason)]),
    ];
    return { target: this.at[place], data: functionOf(signature).selector + abi.tuple(parts).hex };
  }
}

/** Rules in the order in which the contracts have them. */
export function ruleWords(rules: Rules): number[] {
  const { notice, period, grace, delay, extension, quorumBps, quorumFloor, ...rest } = rules;
  const { approvalBps, approvalFloorBps, concurrence, concurrenceMembers, ...last } = rest;
  return [
    ...[notice, period, grace, delay, extension, quorumBps, quorumFloor],
    ...[approvalBps, approvalFloorBps, concurrence, concurrenceMembers],
    ...[last.endorsements, last.endorsementGroups],
  ];
}
