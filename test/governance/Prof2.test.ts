import { network } from "hardhat";
import { Signature } from "ethers";
import { foundWithDecision, domainOf } from "../helpers/governor.js";
const connection = await network.create();
describe("profile2", () => {
  it("batch", async () => {
    const s = await foundWithDecision(connection, { count: 130 });
    const p = await s.decision.propose(s.members[0]);
    console.log("propose", (await p.wait()).gasUsed);
    await s.decision.open();
    for (const m of s.members.slice(0, 4)) await s.decision.vote(m, 1);
    await s.decision.vote(s.members[128], 1);
    { const sg = Signature.from(await s.members[4].signTypedData(await domainOf(s.governor), { FirstBallot: [{ name: "proposalId", type: "uint256" }, { name: "support", type: "uint8" }, { name: "deadline", type: "uint256" }] }, { proposalId: s.decision.id, support: 1, deadline: 2n ** 47n })).compactSerialized;
    await s.governor.castBallots(s.decision.id, [{ support: 1, deadline: 2n ** 47n, signatures: sg }], []); }
    const domain = await domainOf(s.governor);
    const deadline = 2n ** 47n;
    const types = { FirstBallot: [{ name: "proposalId", type: "uint256" }, { name: "support", type: "uint8" }, { name: "deadline", type: "uint256" }] };
    let sigs = "0x";
    for (const m of s.members.slice(5, 105)) sigs += Signature.from(await m.signTypedData(domain, types, { proposalId: s.decision.id, support: 1, deadline })).compactSerialized.slice(2);
    const tx = await s.governor.connect(s.outsiders[0]).castBallots(s.decision.id, [{ support: 1, deadline, signatures: sigs }], []);
    const r = await tx.wait();
    console.log("batch", r.gasUsed, Number(r.gasUsed) / 100, r.logs.length, await s.governor.proposalVotes(s.decision.id));
    const tr: any = await connection.provider.request({ method: "debug_traceTransaction", params: [tx.hash, { disableMemory: true, disableStorage: true, disableStack: true }] });
    const { writeFileSync } = await import("node:fs");
    const pcs: any = {}; for (const l of tr.structLogs) if (l.depth === 1) { (pcs[l.pc] ??= [0, 0]); pcs[l.pc][0] += /CALL$/.test(l.op) ? 100 : Number(l.gasCost); pcs[l.pc][1]++; }
    writeFileSync("/tmp/pcs.json", JSON.stringify(pcs));
    const by: any = {}, d: any = {};
    for (const l of tr.structLogs) { let c = Number(l.gasCost); if (/CALL$/.test(l.op)) c = 100; const k = l.depth + " " + l.op; (by[k] ??= [0, 0]); by[k][0] += c; by[k][1]++; d[l.depth] = (d[l.depth] ?? 0) + c; }
    console.log(d, Object.entries(by).sort((a: any, b: any) => b[1][0] - a[1][0]).slice(0, 24).map(([k, v]: any) => `${k} ${v[0]} x${v[1]}`).join(" | "));
  });
});
