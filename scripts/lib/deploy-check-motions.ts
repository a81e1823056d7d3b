import { asker, type CheckSubject, compare, type Finding, once } from "./deploy-check-parts.js";
import { MOTION_RULES } from "./parameters.js";

/** Motions, amendments, charter and statements know each other, the roll and the agenda, and have their parameters. */
export async function checkMotions(subject: CheckSubject): Promise<Finding[]> {
  const { contracts } = subject.book;
  const { documents, statementWindow, ...wanted } = subject.parameterFile.parameters.Motions;
  const [motions, amendments, charter, statements] = [
    await asker(subject, "motions"),
    await asker(subject, "amendments"),
    await asker(subject, "charter"),
    await asker(subject, "statements"),
  ];
  const rules = once(() => motions("rules"));
  const findings = [
    await compare("motions agenda", contracts.agenda, () => motions("agenda")),
    await compare("motions charter", contracts.charter, () => motions("charter")),
    await compare("motions resolutions", contracts.resolutions, () => motions("resolutions")),
    await compare("motions amendments", contracts.amendments, () => motions("amendments")),
    await compare("amendments motions", contracts.motions, () => amendments("motions")),
    await compare("charter agenda", contracts.agenda, () => charter("agenda")),
    await compare("statements agenda", contracts.agenda, () => statements("agenda")),
    await compare("statements statementWindow", statementWindow, () => statements("window")),
  ];
  for (const rule of MOTION_RULES) {
    findings.push(await compare(`motions ${rule}`, wanted[rule], async () => (await rules())[rule]));
  }
  // The members may have founded others since.
  for (const [index, title] of documents.entries()) {
    findings.push(
      await compare(
        `charter document ${index + 1}`,
        title,
        async () => (await charter("documentOf", index + 1)).title,
      ),
    );
  }
  return findings;
}
