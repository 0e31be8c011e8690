/** The entry of the command line inside the desktop program: a thread, because the program's own event loop only starts with a display. */
import { workerData } from "node:worker_threads";
import packageJson from "../../package.json" with { type: "json" };
import type { HeadlessMessage, HeadlessTask } from "../core/headlessMessages.ts";
import type { CommandIo } from "./command.ts";
import { commands } from "./commands.ts";
import { runCommandLine } from "./runCommandLine.ts";

const { args, port, signal, isTerminal } = workerData as HeadlessTask;

function tell(message: HeadlessMessage): void {
  port.postMessage(message);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

const io: CommandIo = {
  stdout: (text) => tell({ kind: "stdout", text }),
  stderr: (text) => tell({ kind: "stderr", text }),
  isTerminal,
  now: () => Date.now(),
  // Ctrl+C ends the whole program at once: nobody is left who could hear it. Files are written whole or not at all.
  onInterrupt: () => () => {},
};

tell({ kind: "started" });
void runCommandLine(io, { version: packageJson.version, commands }, args).then((code) =>
  tell({ kind: "exit", code }),
);
