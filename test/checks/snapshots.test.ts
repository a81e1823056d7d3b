import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import {
  compareSnapshots,
  renderAbi,
  renderSnapshots,
  renderStorage,
  writeSnapshots,
} from "../../scripts/checks/snapshots.js";
import { inFolder } from "../helpers/folder.js";

const ABI = [
  { type: "error", name: "ADenied", inputs: [{ name: "who", type: "address" }] },
  { type: "event", name: "Set", inputs: [{ name: "value", type: "uint256", indexed: true }] },
  {
    type: "function",
    name: "set",
    stateMutability: "nonpayable",
    inputs: [{ name: "value", type: "uint256" }],
    outputs: [],
  },
  {
    type: "function",
    name: "get",
    stateMutability: "view",
    inputs: [],
    outputs: [{ name: "", type: "uint256" }],
  },
  { type: "constructor", stateMutability: "nonpayable", inputs: [] },
];

const STORAGE = {
  storage: [
    { label: "_count", offset: 0, slot: "0", type: "t_uint48" },
    { label: "_members", offset: 0, slot: "1", type: "t_mapping(t_uint256,t_struct(M)7_storage)" },
  ],
  types: {
    t_uint48: { label: "uint48", numberOfBytes: "6" },
    "t_mapping(t_uint256,t_struct(M)7_storage)": {
      label: "mapping(uint256 => struct A.M)",
      numberOfBytes: "32",
      value: "t_struct(M)7_storage",
    },
    "t_struct(M)7_storage": {
      label: "struct A.M",
      numberOfBytes: "32",
      members: [{ label: "group", offset: 6, slot: "0", type: "t_uint48" }],
    },
  },
};

const [KEPT, CHANGED] = [
  { name: "A", abi: ABI, storage: STORAGE },
  { name: "A", abi: ABI.slice(1), storage: STORAGE },
];

describe("Check of snapshots", () => {
  it("writes an interface as sorted signatures with selectors", () => {
    expect(renderAbi(ABI).split("\n")).to.deep.equal([
      "            constructor()",
      "0x6d4ce63c  function get() view returns (uint256)",
      "0x60fe47b1  function set(uint256 value)",
      "0xdf7a95ae  event Set(uint256 indexed value)",
      "0x87a6273b  error ADenied(address who)",
      "",
    ]);
  });

  it("writes storage with the members of structs, and without the compiler's numbering", () => {
    expect(renderStorage(STORAGE).split("\n")).to.deep.equal([
      "slot off  type  name",
      "   0   0  uint48  _count",
      "   1   0  mapping(uint256 => struct A.M)  _members",
      "",
      "struct A.M",
      "   0   6  uint48  group",
      "",
    ]);
  });

  it("names missing, changed and superfluous snapshots", () =>
    inFolder({}, (folder) => {
      const kept = renderSnapshots([KEPT]);
      expect(compareSnapshots(folder, kept)).to.deep.equal([
        "abi/A.txt is missing",
        "storage/A.txt is missing",
      ]);
      writeSnapshots(folder, kept);
      expect(compareSnapshots(folder, renderSnapshots([CHANGED]))).to.deep.equal([
        "abi/A.txt: - 0x87a6273b  error ADenied(address who)",
      ]);
      expect(compareSnapshots(folder, new Map())).to.deep.equal([
        "abi/A.txt describes no contract",
        "storage/A.txt describes no contract",
      ]);
    }));

  it("names a snapshot whose lines only changed places", () =>
    inFolder({ "abi/A.txt": "b\na\n" }, (folder) => {
      expect(compareSnapshots(folder, new Map([["abi/A.txt", "a\nb\n"]]))).to.deep.equal([
        "abi/A.txt: the order changed",
      ]);
    }));

  it("writes what it then accepts, and removes what describes no contract", () =>
    inFolder({ "abi/Gone.txt": "old" }, (folder) => {
      const snapshots = renderSnapshots([KEPT]);
      writeSnapshots(folder, snapshots);
      expect(compareSnapshots(folder, snapshots)).to.deep.equal([]);
      expect(readFileSync(join(folder, "abi", "A.txt"), "utf8")).to.equal(snapshots.get("abi/A.txt"));
    }));
});
