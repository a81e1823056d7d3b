import type { ClassRules, Parameters } from "../parameters.js";
import { Problem } from "../problem.js";
import type { Clock } from "./clock.js";
import type { Moment, Step, Story } from "./types.js";
import { duration } from "./words.js";

/** A block's time can only be after the moment that was waited for, never at it. */
const AFTER = 1;

/** How long a story takes on a coalition with these parameters, in seconds from its founding week on. */
export interface Plan {
  readonly seconds: number;
  /** Most members who join in one week, one after the other. */
  readonly busiestWeek: number;
}

/** First moment, counted from the founding week's boundary, at which a vote matures. */
export function firstVotes({ waitingPeriod, epochLength }: Parameters["Membership"]): number {
  return Math.ceil((AFTER + waitingPeriod) / epochLength) * epochLength;
}

/** Goes through a story without a chain: how long it takes, and whether its steps can follow each other at all. */
export function planStory(story: Story, parameters: Parameters): Plan {
  const moments = new Map<string, { proposed: number; queued?: number }>();
  let now = 0;
  let lastNumber = 0;
  story.steps.forEach((step, index) => {
    const key = `steps[${index}]`;
    const known = "decision" in step ? step.decision : step.kind === "attempt" ? step.on : undefined;
    if (step.at !== undefined) now = Math.max(now, when(step.at, key));
    if (step.kind === "propose") {
      if (moments.has(step.decision)) fail(key, `proposes ${step.decision} again`);
      moments.set(step.decision, { proposed: now });
    } else if (known !== undefined && needsProposal(step) && !moments.has(known)) {
      fail(key, `comes before ${known} is proposed`);
    }
    if (step.kind === "queue") moments.set(step.decision, { ...past(step.decision, key), queued: now });
    if (step.kind === "join") lastNumber = enlist(step.week, key);
  });
  if (lastNumber < story.roll.length)
    fail("steps", `let only ${lastNumber} of ${story.roll.length} members join`);
  const absent = Object.keys(story.decisions).find((id) => !moments.has(id));
  if (absent !== undefined) fail("steps", `never propose ${absent}`);
  // Effects are read just before a decision is carried out, or once it is closed.
  const ended = new Set(
    story.steps.flatMap((step) => (step.kind === "execute" || step.kind === "close" ? [step.decision] : [])),
  );
  const open = Object.keys(story.decisions).find((id) => !ended.has(id));
  if (open !== undefined) fail("steps", `neither execute nor close ${open}`);
  return { seconds: now, busiestWeek: Math.max(...story.steps.map(joining)) };

  function when(moment: Moment, key: string): number {
    const { epochLength } = parameters.Membership;
    switch (moment.kind) {
      case "week":
      case "votes": {
        const start = moment.kind === "week" ? 0 : firstVotes(parameters.Membership);
        const due = start + (moment.count - 1) * epochLength + AFTER;
        if (due < now) fail(key, `waits for "${moment.kind} ${moment.count}", which is over by then`);
        return due;
      }
      case "opening":
        return past(moment.decision, key).proposed + rulesOf(moment.decision).notice + AFTER;
      case "close": {
        const { notice, period } = rulesOf(moment.decision);
        return past(moment.decision, key).proposed + notice + period + AFTER;
      }
      case "due": {
        const { queued = fail(key, `comes before ${moment.decision} is queued`) } = past(
          moment.decision,
          key,
        );
        return queued + Math.max(rulesOf(moment.decision).delay, parameters.Timelock.delay);
      }
    }
  }

  function rulesOf(decision: string): ClassRules {
    return parameters.Governor[story.decisions[decision].class];
  }

  function past(decision: string, key: string) {
    return moments.get(decision) ?? fail(key, `comes before ${decision} is proposed`);
  }

  function enlist(week: number, key: string): number {
    const numbers = story.roll.filter((entry) => entry.week === week).map(({ number }) => number);
    const wrong = numbers.find((number, index) => number !== lastNumber + index + 1);
    if (wrong !== undefined)
      fail(key, `lets member ${wrong} join when it is the turn of member ${lastNumber + 1}`);
    return lastNumber + numbers.length;
  }

  function joining(step: Step): number {
    return step.kind === "join" ? story.roll.filter(({ week }) => week === step.week).length : 0;
  }

  function fail(key: string, what: string): never {
    throw new Problem(
      `${story.file}: ${key} ${what}; allowed: steps in the order of time, by which every member joins once and every decision is proposed once and comes to an end`,
    );
  }
}

// Whoever is refused as a proposer need not wait for the proposal.
function needsProposal(step: Step): boolean {
  return !(step.kind === "attempt" && (step.what === "propose" || step.what === "join"));
}

/** Refuses a story that would take too long on a chain whose time passes as it does for everyone. */
export function requirePatience(
  plan: Plan,
  { epochLength }: Parameters["Membership"],
  { blockSeconds }: Clock,
  longestMinutes: number,
): void {
  const total = plan.seconds + epochLength;
  if (total > longestMinutes * 60) {
    throw new Problem(
      `On this network time cannot be moved: the story would take ${duration(total)}, and ${duration(longestMinutes * 60)} is the most that --patience allows. ` +
        "Nothing was sent. Try --parameters deploy/parameters/local.json5, or leave --network out.",
    );
  }
  const joining = plan.busiestWeek * blockSeconds;
  if (joining >= epochLength) {
    throw new Problem(
      `On this network a block takes about ${Math.round(blockSeconds)} s: ${plan.busiestWeek} members joining one after the other need ${duration(joining)}, longer than an epoch (${duration(epochLength)}). ` +
        "Nothing was sent. Give a parameter file with a longer Membership.epochLength.",
    );
  }
}
