/** The command line of the desktop program: no window, no display, no event loop of the system's. */
import { resolve } from "node:path";
import { isatty } from "node:tty";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { HeadlessMessage, HeadlessTask } from "../core/headlessMessages.ts";
import { printWhole } from "../core/headlessOutput.ts";

const general = new Set(["--help", "-h", "--version"]);
/** Switches for Chromium, which are not the command's. */
const forChromium = /^--(no-sandbox|ozone-platform=.*|disable-gpu|enable-logging)$/;

/**
 * Arguments of a command line where a start is one: `--headless ARGS...`, a command's name, or a question about them; undefined for
 * a start of the window. `appPath` as in launchFiles.
 */
export function headlessArguments(
  argv: readonly string[],
  appPath: string | undefined,
): string[] | undefined {
  const app =
    appPath === undefined ? 0 : argv.findIndex((each, i) => i > 0 && resolve(each) === appPath);
  if (app < 0) return undefined;
  const [first, ...rest] = argv.slice(app + 1).filter((each) => !forChromium.test(each));
  if (first === undefined) return undefined;
  if (first === "--headless") return rest.length === 0 ? ["--help"] : rest;
  return general.has(first) || /^[a-z][a-z-]*$/.test(first) ? [first, ...rest] : undefined;
}

const startLimitMs = 30_000;
const askAgainMs = 1000;

/** Runs a command to its end, with this thread waiting; gives its exit code. */
export function runHeadless(entry: string, args: readonly string[]): number {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const task: HeadlessTask = { args, port: port2, signal, isTerminal: isatty(2) };
  new Worker(entry, { workerData: task, transferList: [port2] });
  let isStarted = false;
  for (let waitedMs = 0; isStarted || waitedMs < startLimitMs; waitedMs += askAgainMs) {
    const seen = Atomics.load(signal, 0);
    let received = receiveMessageOnPort(port1);
    while (received !== undefined) {
      isStarted = true;
      const message = received.message as HeadlessMessage;
      if (message.kind === "exit") return message.code;
      const isHeard = message.kind === "started" || printWhole(message.kind, message.text);
      // The reader has gone, as in `crossover ... | head`.
      if (!isHeard) return 0;
      received = receiveMessageOnPort(port1);
    }
    Atomics.wait(signal, 0, seen, askAgainMs);
  }
  process.stderr.write("crossover: the command line did not start\n");
  return 1;
}
