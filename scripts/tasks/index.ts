import type { TaskDefinition } from "hardhat/types/tasks";

/** The project's own Hardhat tasks: `npm run <script>` starts them, and `npx hardhat --help` lists them. */
export const tasks: TaskDefinition[] = [];
