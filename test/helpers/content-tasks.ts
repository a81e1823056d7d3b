import hre from "hardhat";

export interface Ran {
  /** Whether the command succeeded. */
  readonly ok: boolean;
  /** What it printed, a line feed after each time. */
  readonly output: string;
}

/** Runs a command of `content` in this process, as a shell would. */
export async function runContent(name: string, args: Readonly<Record<string, unknown>>): Promise<Ran> {
  const { log, error } = console;
  let output = "";
  console.log = console.error = (text: string) => {
    output += `${text}\n`;
  };
  try {
    const result = await hre.tasks.getTask(["content", name]).run({ json: false, ...args });
    return { ok: result.success === true, output };
  } finally {
    Object.assign(console, { log, error });
  }
}
