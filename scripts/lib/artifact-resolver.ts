import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import type { ArtifactResolver } from "@nomicfoundation/ignition-core";
import type { ArtifactManager } from "hardhat/types/artifacts";

/**
 * Artifacts for one run of Ignition, with each build info answered once. Ignition asks for that of every contract and
 * writes it beside its journal every time, although most contracts come of one build of more than a megabyte.
 */
export function artifactsForOneRun(artifacts: ArtifactManager): ArtifactResolver {
  const resolver = new HardhatArtifactResolver(artifacts);
  const answered = new Set<string>();
  return {
    loadArtifact: (name) => resolver.loadArtifact(name),
    async getBuildInfo(name) {
      const id = await artifacts.getBuildInfoId(name);
      if (id === undefined || answered.has(id)) return undefined;
      answered.add(id);
      return resolver.getBuildInfo(name);
    },
  };
}
