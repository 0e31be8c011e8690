/** The entry of the command line: wires the process to the frame. The only place that ends the process. */
import module from "node:module";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { cacheFolder } from "../files/resultStore.ts";
import type { CommandIo } from "./command.ts";
import { commands } from "./commands.ts";
import { exitCodes } from "./exitCodes.ts";
import { runCommandLine } from "./runCommandLine.ts";

// Commands are loaded when they are called: compiled code of the call before makes that a third as long (Node 22 and later).
module.enableCompileCache?.(join(cacheFolder(), "code"));

/** What a command wants done at the first interrupt, in place of ending at once. */
let onInterrupt: (() => void) | undefined;

const io: CommandIo = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  now: () => Date.now(),
  onInterrupt: (handle) => {
    onInterrupt = handle;
    return () => {
      if (onInterrupt === handle) onInterrupt = undefined;
    };
  },
};

/** Resolves when what was written to `stream` has been handed over. */
function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

/** A last message, after progress that may stand on the line. */
function tell(message: string): void {
  io.stderr(`${io.isTerminal ? "\r\x1b[K" : ""}crossover: ${message}\n`);
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // The reader has gone (as in `crossover ... | head`): nobody is left to tell.
    if (error.code === "EPIPE") process.exit(exitCodes.ok);
    if (stream === process.stdout)
      tell(`the output cannot be written (${error.message}); it is not complete`);
    process.exit(exitCodes.badInput);
  });
}
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    const handle = onInterrupt;
    onInterrupt = undefined;
    if (handle !== undefined) return handle();
    tell("stopped; nothing was written");
    process.exit(exitCodes.interrupted);
  });
}

runCommandLine(io, { version: packageJson.version, commands }, process.argv.slice(2)).then(
  async (code) => {
    await Promise.all([flush(process.stdout), flush(process.stderr)]);
    process.exit(code);
  },
);
