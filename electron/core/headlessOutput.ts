/** What a command of the desktop program says, written while the program's event loop stands still. */
import { writeWhole } from "../files/atomicWrite.ts";

/** Writes a text to the program's output or messages, all of it, however slow its reader is; false once nobody reads any more. */
export function printWhole(kind: "stdout" | "stderr", text: string): boolean {
  return writeWhole(kind === "stdout" ? 1 : 2, Buffer.from(text, "utf8"));
}
