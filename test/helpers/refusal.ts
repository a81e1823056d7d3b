import { Problem } from "../../scripts/lib/problem.js";

/** What a person is told where a command refuses; anything but a refusal passes through as it is. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}
