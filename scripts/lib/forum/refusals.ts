import type { ErrorDescription } from "ethers";
import { date } from "../member/words.js";

/** A refusal of forum or speakers as a person understands it; undefined for another contract's. */
export function forumSentence({ name, args }: ErrorDescription): string | undefined {
  switch (name) {
    case "SpeakersNotOnRoll":
      return `${args.account} is not on the roll; join first.`;
    case "SpeakersVersionNotInForce":
      return `Version ${args.version} of the Code of Conduct is not in force; version ${args.current} is.`;
    case "SpeakersCodeNotAccepted":
      return `Member ${args.number} has not accepted version ${args.current} of the Code of Conduct, which is in force; "forum accept" does it.`;
    case "SpeakersSuspended":
      return `Case ${args.caseId} suspended the speech of member ${args.number} until ${date(args.until)}.`;
    case "ForumUnknownList":
      return `No list has the number ${args.list}; they go from 1 to ${args.lastList}.`;
    case "ForumListClosed":
      return `List ${args.list} takes no posts.`;
    case "ForumNoSuchPost":
      return `At place ${args.place} of list ${args.list} is no post.`;
    case "ForumNotAuthor":
      return `The post at place ${args.place} of list ${args.list} is of member ${args.author}; only its author edits or erases it.`;
    case "ForumPostErased":
      return `The text of the post at place ${args.place} of list ${args.list} was erased.`;
    case "ForumNotAPost":
      return `Kind ${args.kind} is nothing that somebody says.`;
    case "ForumThreadAnswers":
      return `A thread answers nothing, and not place ${args.to}.`;
    case "ForumNoText":
      return "There is a text to everything, and its digest is not zero.";
    case "ForumTooFast":
      return `Member ${args.number} posted as much as one may at a time, and can go on from ${date(args.from)}.`;
    default:
      return undefined;
  }
}
