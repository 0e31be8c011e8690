/** The entry of the command line inside the desktop program: a thread, because the program's own event loop only starts with a display. */
import { workerData } from "node:worker_threads";
import packageJson from "../../package.json" with { type: "json" };
import type { HeadlessMessage, HeadlessTask } from "../core/headlessMessages.ts";
import type { CommandIo } from "./command.ts";
import { commands } from "./commands.ts";
import { exitCodes } from "./exitCodes.ts";
import { runCommandLine } from "./runCommandLine.ts";
import { hearFirstInterrupt } from "./threadInterrupts.ts";

const { args, port, signal, isTerminal } = workerData as HeadlessTask;

function tell(message: HeadlessMessage): void {
  port.postMessage(message);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

/** What a command wants done at the first interrupt, in place of ending at once. */
let onInterrupt: (() => void) | undefined;

const io: CommandIo = {
  stdout: (text) => tell({ kind: "stdout", text }),
  stderr: (text) => tell({ kind: "stderr", text }),
  isTerminal,
  now: () => Date.now(),
  onInterrupt: (handle) => {
    onInterrupt = handle;
    return () => {
      if (onInterrupt === handle) onInterrupt = undefined;
    };
  },
};

tell({ kind: "started" });
hearFirstInterrupt(() => {
  if (onInterrupt !== undefined) return onInterrupt();
  tell({ kind: "stderr", text: "crossover: stopped; nothing was written\n" });
  tell({ kind: "exit", code: exitCodes.interrupted });
});
void runCommandLine(io, { version: packageJson.version, commands }, args).then((code) =>
  tell({ kind: "exit", code }),
);
