/** The commands by name; each is loaded when it is called, so that --version starts at once. */
import type { Command } from "./command.ts";

/** How to load each command, in the order in which --help lists them. */
export const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import("./commands/runCommand.ts")).runCommand,
  study: async () => (await import("./commands/studyCommand.ts")).studyCommand,
  breakeven: async () => (await import("./commands/breakEvenCommand.ts")).breakEvenCommand,
  gate: async () => (await import("./commands/gateCommand.ts")).gateCommand,
  uncertainty: async () => (await import("./commands/uncertaintyCommand.ts")).uncertaintyCommand,
  import: async () => (await import("./commands/importCommand.ts")).importCommand,
  compare: async () => (await import("./commands/compareCommand.ts")).compareCommand,
  chargeback: async () => (await import("./commands/chargebackCommand.ts")).chargebackCommand,
  fit: async () => (await import("./commands/fitCommand.ts")).fitCommand,
  mig: async () => (await import("./commands/migCommand.ts")).migCommand,
  optimize: async () => (await import("./commands/optimizeCommand.ts")).optimizeCommand,
  prefix: async () => (await import("./commands/prefixCommand.ts")).prefixCommand,
  claims: async () => (await import("./commands/claimsCommand.ts")).claimsCommand,
  project: async () => (await import("./commands/projectCommand.ts")).projectCommand,
  fill: async () => (await import("./commands/fillCommand.ts")).fillCommand,
  benchmark: async () => (await import("./commands/benchmarkCommand.ts")).benchmarkCommand,
  calibrate: async () => (await import("./commands/calibrateCommand.ts")).calibrateCommand,
  steps: async () => (await import("./commands/stepsCommand.ts")).stepsCommand,
  fidelity: async () => (await import("./commands/fidelityCommand.ts")).fidelityCommand,
  call: async () => (await import("./commands/callCommand.ts")).callCommand,
  backups: async () => (await import("./commands/backupsCommand.ts")).backupsCommand,
  new: async () => (await import("./commands/newCommand.ts")).newCommand,
  outline: async () => (await import("./commands/outlineCommand.ts")).outlineCommand,
  validate: async () => (await import("./commands/validateCommand.ts")).validateCommand,
};
