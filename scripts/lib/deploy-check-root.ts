import { encodeBytes32String } from "ethers";
import { asker, type CheckSubject, compare, type Finding } from "./deploy-check-parts.js";

/** The root names every other contract, and where the documents are. */
export async function checkRoot(subject: CheckSubject): Promise<Finding[]> {
  const { root: _root, ...contracts } = subject.book.contracts;
  const root = await asker(subject, "root");
  const wanted = Object.entries(contracts)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, account]) => [encodeBytes32String(name), account.toLowerCase()]);
  return [
    await compare("root timelock", contracts.timelock, () => root("timelock")),
    await compare("root daoURI", subject.parameterFile.parameters.Coalition.uri, () => root("daoURI")),
    await compare("root organs", wanted, async () =>
      (await root("organs")).map(({ name, account }: { name: string; account: string }) => [
        name,
        account.toLowerCase(),
      ]),
    ),
  ];
}
