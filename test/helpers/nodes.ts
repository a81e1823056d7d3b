import type { Node } from "../../scripts/lib/network.js";

/** A node that answers as another one does, but for what a test changes: by method, and with a count of calls. */
export function nodeLike(
  node: Node,
  change: (method: string, count: number, answer: () => Promise<unknown>) => Promise<unknown>,
): Node & { readonly calls: readonly string[] } {
  const calls: string[] = [];
  return {
    calls,
    request: (request) => {
      calls.push(request.method);
      const count = calls.filter((method) => method === request.method).length;
      return change(request.method, count, () => node.request(request));
    },
  };
}
