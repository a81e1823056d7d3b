import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const EDR = "node_modules/@nomicfoundation/edr";

/**
 * Says why the dependencies under `root` have to be installed, or undefined when they are complete.
 *
 * npm writes `node_modules/.package-lock.json` as the last act of an installation, so an interrupted one has none.
 */
export function whyInstall(root, { platform = process.platform, arch = process.arch } = {}) {
  if (!existsSync(join(root, "node_modules"))) return "node_modules is missing";
  const wanted = readPackages(join(root, "package-lock.json"));
  if (wanted === undefined) throw new Error("package-lock.json is missing or unreadable");
  const present = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (present === undefined) return "the last installation did not finish";

  for (const [path, { version, optional, peer }] of Object.entries(wanted)) {
    if (path === "" || optional || peer) continue;
    if (present[path]?.version !== version)
      return `${path} ${version} is in package-lock.json but not installed`;
  }
  return hasEdrBinary(root, wanted, platform, arch) ? undefined : "Hardhat's EDR binary is missing";
}

// npm skips an optional package whose `engines` exclude the running Node, without a word: under Node 20 that is
// the binary Hardhat's simulated chain runs on.
function hasEdrBinary(root, wanted, platform, arch) {
  if (wanted[EDR] === undefined) return true;
  return Object.entries(wanted).some(([path, entry]) => {
    if (!path.startsWith(`${EDR}-`)) return false;
    if (!(entry.os ?? [platform]).includes(platform) || !(entry.cpu ?? [arch]).includes(arch)) return false;
    const folder = join(root, path);
    return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith(".node"));
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}
