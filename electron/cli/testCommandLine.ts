/** The command line for tests: one call in memory, with what it wrote. */
import type { Command } from "./command.ts";
import { runCommandLine } from "./runCommandLine.ts";

/** What a call gave. */
export interface CommandLineResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls one of the given commands as a program would; `nowMs` is the time that it sees. */
export async function callCommandLine(
  known: readonly Command[],
  args: readonly string[],
  nowMs = 0,
): Promise<CommandLineResult> {
  let stdout = "";
  let stderr = "";
  const io = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
    isTerminal: false,
    now: () => nowMs,
  };
  const commands = Object.fromEntries(known.map((each) => [each.name, async () => each]));
  const code = await runCommandLine(io, { version: "0", commands }, args);
  return { code, stdout, stderr };
}
