import { id as digestOf } from "ethers";
import * as abi from "./abi.js";
import type { Action } from "./actions.js";
import { MOODS } from "./coalition.js";
import type { PaperName, Pen } from "./papers.js";
import type { Step } from "./steps.js";
import type { Signed } from "./words.js";

/** A call of a contract. */
export type Call = { target: string; data: string };

/** The contracts of a coalition by name. */
export type Place =
  | "membership"
  | "requests"
  | "delegations"
  | "confirmations"
  | "affiliations"
  | "claims"
  | "recovery"
  | "governor"
  | "timelock"
  | "told"
  | "box";

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
      case "propose": {
        const { targets, calldatas, description } = this.draftOf(deed.proposal.id);
        return this.#decision("propose", targets, calldatas, abi.text(description));
      }
      case "queue":
      case "execute":
      case "cancel": {
        const { targets, calldatas, description } = this.draftOf(deed.id);
        return this.#decision(deed.do, targets, calldatas, abi.single(digestOf(description)));
      }
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
    }
  }

  action(action: Action): Call {
    switch (action.do) {
      case "setX":
        return this.#call("box", "setX(uint256)", action.value);
      case "callNobody":
        return { target: action.target, data: "0x12345678" };
      case "end":
        return this.#call("membership", "end(uint256)", action.number);
      case "pardon":
        return this.#call("membership", "pardon(address)", action.key);
      case "suspend": {
        const { number, rights, until } = action;
        return this.#call("membership", "suspend(uint256,uint8,uint48)", number, rights, until);
      }
      case "restore":
        return this.#call("membership", "restore(uint256,uint8)", action.number, action.rights);
      case "setMaturity": {
        const { waitingPeriod, epochLength, epochShareBps, epochFloor } = action.pace;
        const name = "setMaturity((uint32,uint32,uint16,uint16))";
        return this.#call("membership", name, waitingPeriod, epochLength, epochShareBps, epochFloor);
      }
      case "setCodeOfConduct":
        return this.#call("membership", "setCodeOfConduct(bytes32)", action.code);
      case "setAdmissionPolicy":
        return this.#call("membership", "setAdmissionPolicy(address)", action.policy);
      case "setRules": {
        const { notice, period, grace, quorumBps, quorumFloor, approvalBps, approvalFloorBps } = action.rules;
        return this.#call(
          "governor",
          "setRules((uint32,uint32,uint32,uint16,uint16,uint16,uint16))",
          notice,
          period,
          grace,
          quorumBps,
          quorumFloor,
          approvalBps,
          approvalFloorBps,
        );
      }
      case "updateDelay":
        return this.#call("timelock", "updateDelay(uint256)", action.delay);
      case "setCap":
        return this.#call("delegations", "setCap(uint8)", action.cap);
      case "setPeriod":
        return this.#call("confirmations", "setPeriod(uint32)", action.period);
      case "setRule":
        return this.#call("affiliations", "setRule(bool,uint32)", action.oneVoice, action.cooldown);
      case "setClaimRules": {
        const { cooldown, window, challengers } = action.rules;
        return this.#call("claims", "setRules((uint32,uint32,uint16))", cooldown, window, challengers);
      }
      case "uphold":
        return this.#call("claims", "uphold(uint256,uint256)", action.id, action.value);
      case "dismiss":
        return this.#call("claims", "dismiss(uint256)", action.id);
      case "setRecoveryDelay":
        return this.#call("recovery", "setDelay(uint32)", action.delay);
      case "decideRecovery":
        return this.#call("recovery", "decide(uint256,address)", action.number, action.newKey);
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

  #decision(name: string, targets: readonly string[], calldatas: readonly string[], text: abi.Encoded): Call {
    const signature = `${name}(address[],uint256[],bytes[],${text.dynamic ? "string" : "bytes32"})`;
    const parts = [
      abi.list(targets.map(abi.single)),
      abi.list(targets.map(() => abi.single(0))),
      abi.list(calldatas.map(abi.bytes)),
      text,
    ];
    return { target: this.at.governor, data: functionOf(signature).selector + abi.tuple(parts).hex };
  }
}
