import { network } from "hardhat";
import { foundWithDecision } from "../helpers/governor.js";
const connection = await network.create();
function prof(logs: any[], maxDepth=3) {
    const by: Record<string, [number, number]> = {};
    const depths: Record<string, number> = {};
    for (let i=0;i<logs.length;i++) { const l = logs[i];
      let c = Number(l.gasCost);
      if (/CALL$/.test(l.op)) c = 2600;
      const k = `${l.depth} ${l.op}`; (by[k] ??= [0,0]); by[k][0]+=c; by[k][1]++;
      depths[l.depth]=(depths[l.depth]??0)+c; }
    console.log(depths);
    console.log(Object.entries(by).sort((a,b)=>b[1][0]-a[1][0]).slice(0,26).map(([k,v])=>`${k} ${v[0]} x${v[1]}`).join(" | "));
}
async function trace(tx: any) {
    const receipt = await tx.wait();
    const data = tx.data; let z=0,nz=0; for (let i=2;i<data.length;i+=2) data.slice(i,i+2)==="00"?z++:nz++;
    console.log("gas", receipt.gasUsed, "calldata", 4*z+16*nz);
    const tr: any = await connection.provider.request({ method: "debug_traceTransaction", params: [tx.hash, { disableMemory: true, disableStorage: true, disableStack: true }] });
    prof(tr.structLogs);
    const t2: any = await connection.provider.request({ method: "debug_traceTransaction", params: [tx.hash, { disableMemory: true, disableStorage: true }] });
    for (const l of t2.structLogs) if (/SLOAD|SSTORE/.test(l.op)) console.log(l.depth, l.pc, l.op, l.gasCost, (l.stack.at(-1)+"").slice(-8), (l.stack.at(-2)+"").slice(0,70));
}
describe("profile", () => {
  it("propose", async () => {
    const s = await foundWithDecision(connection, { count: 24 });
    await trace(await s.decision.propose(s.members[0]));
    await s.decision.open();
    for (const m of s.members.slice(0,14)) await s.decision.vote(m, 1);
    await trace(await s.decision.vote(s.members[14], 1));
  });
});
