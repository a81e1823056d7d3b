/** Something that the person at the shell can put right: shown as it is, without a stack. */
export class Problem extends Error {
  override readonly name = "Problem";
}
