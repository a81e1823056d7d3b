import { expect } from "chai";
import { whyInstall } from "../../scripts/setup/installed.mjs";
import { isRecent } from "../../scripts/setup/node.mjs";
import { inFolder } from "../helpers/folder.js";

const EDR = "node_modules/@nomicfoundation/edr";

const WANTED = {
  "": { version: "1.0.0" },
  "node_modules/a": { version: "2.0.0" },
  "node_modules/b": { version: "1.0.0", optional: true },
  [EDR]: { version: "0.20.0" },
  [`${EDR}-linux-x64-gnu`]: { version: "0.20.0", optional: true, os: ["linux"], cpu: ["x64"] },
  [`${EDR}-darwin-arm64`]: { version: "0.20.0", optional: true, os: ["darwin"], cpu: ["arm64"] },
};
const PRESENT = { "node_modules/a": { version: "2.0.0" }, [EDR]: { version: "0.20.0" } };

const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
const COMPLETE = {
  "package-lock.json": lock(WANTED),
  "node_modules/.package-lock.json": lock(PRESENT),
  [`${EDR}-linux-x64-gnu/edr.linux-x64-gnu.node`]: "",
};

const why = (
  files: Record<string, string>,
  platform: NodeJS.Platform = "linux",
  arch: NodeJS.Architecture = "x64",
) => inFolder(files, (folder) => whyInstall(folder, { platform, arch }));

describe("Need for an installation", () => {
  it("sees that nothing is installed", async () => {
    expect(await why({ "package-lock.json": lock(WANTED) })).to.equal("node_modules is missing");
  });

  it("sees an installation that broke off", async () => {
    expect(await why({ "package-lock.json": lock(WANTED), "node_modules/a/package.json": "{}" })).to.equal(
      "the last installation did not finish",
    );
  });

  it("sees a package that the lock file names in another version, or that is not there", async () => {
    const old = { ...PRESENT, "node_modules/a": { version: "1.0.0" } };
    expect(await why({ ...COMPLETE, "node_modules/.package-lock.json": lock(old) })).to.match(
      /^node_modules\/a 2\.0\.0/,
    );
    expect(
      await why({ ...COMPLETE, "node_modules/.package-lock.json": lock({ [EDR]: PRESENT[EDR] }) }),
    ).to.match(/^node_modules\/a 2\.0\.0/);
  });

  it("sees that npm skipped the binary of this platform", async () => {
    expect(await why(COMPLETE, "darwin", "arm64")).to.equal("Hardhat's EDR binary is missing");
    const { [`${EDR}-linux-x64-gnu/edr.linux-x64-gnu.node`]: _, ...skipped } = COMPLETE;
    expect(await why(skipped)).to.equal("Hardhat's EDR binary is missing");
  });

  it("is content when all is there", async () => {
    expect(await why(COMPLETE)).to.equal(undefined);
  });

  it("knows which Node is recent enough", () => {
    for (const version of ["v18.20.0", "v20.20.2", "v22.12.9"])
      expect(isRecent(version), version).to.equal(false);
    for (const version of ["v22.13.0", "v23.0.0", "v24.11.1"])
      expect(isRecent(version), version).to.equal(true);
  });
});
