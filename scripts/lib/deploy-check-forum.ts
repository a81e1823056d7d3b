import { asker, type CheckSubject, compare, type Finding, once } from "./deploy-check-parts.js";
import { CONDUCT_TERMS } from "./parameters.js";

/** Forum, speakers, panels and cases know each other, the roll and the offices, and have their parameters. */
export async function checkForum(subject: CheckSubject): Promise<Finding[]> {
  const { contracts } = subject.book;
  const { Forum, Conduct } = subject.parameterFile.parameters;
  const [speakers, forum, profiles, panels, conduct] = [
    await asker(subject, "speakers"),
    await asker(subject, "forum"),
    await asker(subject, "profiles"),
    await asker(subject, "panels"),
    await asker(subject, "conduct"),
  ];
  const pace = once(() => forum("pace"));
  const terms = once(() => conduct("terms"));
  const findings = [
    await compare("speakers roll", contracts.membership, () => speakers("roll")),
    await compare("speakers charter", contracts.charter, () => speakers("charter")),
    await compare("speakers conduct", contracts.conduct, () => speakers("conduct")),
    await compare(
      "speakers codeDocument",
      Forum.codeDocument,
      async () => (await speakers("codeOfConduct")).document,
    ),
    await compare("forum speakers", contracts.speakers, () => forum("speakers")),
    await compare("forum agenda", contracts.agenda, () => forum("agenda")),
    await compare("forum conduct", contracts.conduct, () => forum("conduct")),
    await compare("forum burst", Forum.burst, async () => (await pace()).burst),
    await compare("forum interval", Forum.interval, async () => (await pace()).interval),
    await compare("profiles roll", contracts.membership, () => profiles("roll")),
    await compare("panels offices", contracts.offices, () => panels("offices")),
    await compare("panels conduct", contracts.conduct, () => panels("conduct")),
    await compare("conduct forum", contracts.forum, () => conduct("forum")),
    await compare("conduct panels", contracts.panels, () => conduct("panels")),
    await compare("conduct speakers", contracts.speakers, () => conduct("speakers")),
  ];
  // The members may have opened others since, and changed what these are for.
  for (const [index, name] of Forum.lists.entries()) {
    const list = once(() => forum("listOf", index + 1));
    findings.push(
      await compare(`forum list ${index + 1}`, name, async () => (await list()).name),
      await compare(`forum purpose ${index + 1}`, Forum.purposes[index], async () => (await list()).purpose),
    );
  }
  for (const term of CONDUCT_TERMS) {
    findings.push(await compare(`conduct ${term}`, Conduct[term], async () => (await terms())[term]));
  }
  return findings;
}
