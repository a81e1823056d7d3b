import { decodeBytes32String } from "ethers";
import { columns } from "../lib/columns.js";
import { makeDocuments } from "../lib/dao-documents/make.js";
import { writeDocuments } from "../lib/dao-documents/write.js";
import { type Common, member } from "./member-actions.js";

export const show = member(async ({ coalition }) => {
  const { root } = coalition;
  const organs = (await root.organs()).map(({ name, account }) => ({
    name: decodeBytes32String(name),
    address: account,
  }));
  const daoURI = await root.daoURI();
  return {
    lines: [
      ...columns(
        ["contract", "address"],
        organs.map(({ name, address }) => [name, address]),
      ),
      `Documents (ERC-4824): ${daoURI}`,
    ],
    facts: { root: await root.getAddress(), daoURI, organs },
  };
});

export const documents = member(
  async (session, { base, out, json }: Common & { base: string; out: string }) =>
    writeDocuments(out, await makeDocuments(session, base, json ? () => {} : console.log)),
);
