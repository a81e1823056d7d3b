import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Node } from "../../scripts/lib/network.js";

/** A chain inside this process that other processes can reach. */
export interface Served {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Answers JSON-RPC over HTTP in the name of a node, on a port that the system chooses, from this machine only. */
export async function serve(node: Node): Promise<Served> {
  const server = createServer(async (request, response) => {
    const { id, method, params } = JSON.parse(await bodyOf(request));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id, ...(await answer(node, method, params)) }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((stopped) => {
      server.close(() => stopped());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function answer(node: Node, method: string, params: unknown[]) {
  try {
    return { result: await node.request({ method, params }) };
  } catch (error) {
    const { code = -32_000, message, data } = error as { code?: number; message: string; data?: unknown };
    return { error: { code, message, data } };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
