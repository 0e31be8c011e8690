/** The commands by name; each is loaded when it is called, so that --version starts at once. */
import type { Command } from "./command.ts";

/** How to load each command, in the order in which --help lists them. */
export const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import("./commands/runCommand.ts")).runCommand,
  import: async () => (await import("./commands/importCommand.ts")).importCommand,
  compare: async () => (await import("./commands/compareCommand.ts")).compareCommand,
  fit: async () => (await import("./commands/fitCommand.ts")).fitCommand,
  mig: async () => (await import("./commands/migCommand.ts")).migCommand,
  optimize: async () => (await import("./commands/optimizeCommand.ts")).optimizeCommand,
  prefix: async () => (await import("./commands/prefixCommand.ts")).prefixCommand,
  fill: async () => (await import("./commands/fillCommand.ts")).fillCommand,
  benchmark: async () => (await import("./commands/benchmarkCommand.ts")).benchmarkCommand,
  calibrate: async () => (await import("./commands/calibrateCommand.ts")).calibrateCommand,
  steps: async () => (await import("./commands/stepsCommand.ts")).stepsCommand,
  validate: async () => (await import("./commands/validateCommand.ts")).validateCommand,
};
