import { expect } from "chai";
import { findTestImports, findWrongContractImports } from "../../scripts/checks/imports.js";

const contract = (path: string, target: string) =>
  findWrongContractImports([{ path, text: `// a line\nimport {A} from "${target}";` }]);

describe("Check of imports", () => {
  const refused: [why: string, from: string, target: string][] = [
    ["a library that imports the roll", "contracts/libraries/L.sol", "../membership/Membership.sol"],
    ["a library that imports an interface", "contracts/libraries/L.sol", "../membership/IMembership.sol"],
    ["the roll importing an organ's interface", "contracts/membership/M.sol", "../governance/IGovernor.sol"],
    ["an organ importing another's implementation", "contracts/forum/F.sol", "../conduct/Conduct.sol"],
    ["an organ importing the root", "contracts/forum/F.sol", "../ICoalition.sol"],
    ["a mock in an organ", "contracts/forum/F.sol", "../mocks/Mock.sol"],
    ["a mock in the root", "contracts/Coalition.sol", "./mocks/Mock.sol"],
    ["a foreign package", "contracts/forum/F.sol", "solady/Lib.sol"],
    ["a folder nobody knows", "contracts/forum/F.sol", "../treasury/Treasury.sol"],
  ];
  for (const [why, from, target] of refused) {
    it(`names ${why}`, () => {
      const [problem, ...others] = contract(from, target);
      expect(problem).to.match(new RegExp(`^${from}:2 imports `));
      expect(others).to.deep.equal([]);
    });
  }

  it("names a contract in a folder without a place", () => {
    expect(findWrongContractImports([{ path: "contracts/treasury/T.sol", text: "" }])).to.deep.equal([
      "contracts/treasury/T.sol: its folder has no place in the layers",
    ]);
  });

  it("sees imports that span lines, have aliases or name nothing", () => {
    for (const statement of [
      'import {\n  A,\n  B\n} from "../conduct/C.sol";',
      'import * as C from "../conduct/C.sol";',
      'import "../conduct/C.sol";',
      "import '../conduct/C.sol' as C;",
    ]) {
      expect(findWrongContractImports([{ path: "contracts/forum/F.sol", text: statement }])).to.have.length(
        1,
      );
    }
  });

  const accepted: [why: string, from: string, target: string][] = [
    ["a library that imports a library", "contracts/libraries/L.sol", "./Other.sol"],
    ["OpenZeppelin", "contracts/libraries/L.sol", "@openzeppelin/contracts/utils/math/Math.sol"],
    ["the roll on libraries", "contracts/membership/admission/Open.sol", "../../libraries/L.sol"],
    ["an organ on the roll", "contracts/governance/G.sol", "../membership/IMembership.sol"],
    ["an organ on its own files", "contracts/governance/G.sol", "./Rules.sol"],
    ["an organ on another's interface", "contracts/forum/F.sol", "../conduct/IConduct.sol"],
    ["the root on every organ", "contracts/Coalition.sol", "./conduct/Conduct.sol"],
    ["mocks on anything", "contracts/mocks/M.sol", "../conduct/Conduct.sol"],
  ];
  for (const [why, from, target] of accepted) {
    it(`accepts ${why}`, () => {
      expect(contract(from, target)).to.deep.equal([]);
    });
  }

  it("does not read imports in comments", () => {
    expect(
      findWrongContractImports([{ path: "contracts/forum/F.sol", text: '// import "../conduct/C.sol";' }]),
    ).to.deep.equal([]);
  });

  it("names scripts that import from the tests, in every form", () => {
    for (const statement of [
      'import { a } from "../test/a.js";',
      'await import("../test/a.js")',
      'import "../test/a.js";',
    ]) {
      expect(findTestImports([{ path: "scripts/x.ts", text: statement }])).to.have.length(1);
    }
    expect(findTestImports([{ path: "scripts/x.ts", text: 'import { a } from "./test.js";' }])).to.deep.equal(
      [],
    );
  });
});
