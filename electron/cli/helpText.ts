/** The texts of --help. */
import type { Command } from "./command.ts";
import { commonOptions } from "./parseCommandLine.ts";

/** Two columns, the first as wide as its longest entry. */
function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}

const exitCodeRows = [
  ["0", "done"],
  ["1", "an error in Crossover itself"],
  ["2", "the command line was not understood"],
  ["3", "a file, field or value cannot be used, or a check failed"],
  ["4", "done, but rows of the input were rejected"],
  ["130", "interrupted"],
] as const;

/** Help for the whole: what it is, the commands, the exit codes. */
export function generalHelp(list: readonly Command[]): string {
  return [
    "Crossover: what it costs, and how long users wait, to serve your LLM traffic on\n",
    "own GPUs, on per-token APIs, or on a mix of the two.\n\n",
    "usage: crossover COMMAND [options]\n\n",
    twoColumns(list.map(({ name, summary }) => [name, summary])),
    "\n",
    twoColumns([
      ["--help", "this text; after a command, that command's"],
      ["--version", "the version"],
    ]),
    "\nEvery command takes --json: one JSON document on stdout. Messages go to stderr.\n\nexit codes\n",
    twoColumns(exitCodeRows),
  ].join("");
}

/** The commands, their one-line summaries and the exit codes, as --help --json prints them. */
export function generalHelpJson(list: readonly Command[]): object {
  return {
    name: "crossover",
    summary: "what it costs, and how long users wait, to serve LLM traffic",
    usage: "COMMAND [options]",
    commands: list.map(({ name, summary, usage }) => ({ name, summary, usage })),
    exitCodes: exitCodeRows.map(([code, meaning]) => ({ code: Number(code), meaning })),
  };
}

/** What a command does and every option it takes, as COMMAND --help --json prints it. */
export function commandHelpJson({ name, summary, usage, options }: Command): object {
  const all = Object.entries({ ...options, ...commonOptions });
  return {
    name,
    summary,
    usage,
    options: all.map(([option, { type, multiple = false, help }]) => ({
      name: `--${option}`,
      type,
      isRepeatable: multiple,
      help,
    })),
  };
}

/** Help for one command. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...commonOptions });
  return [
    `${command.summary}\n\nusage: crossover ${command.usage}\n\n`,
    twoColumns(
      options.map(([name, { type, multiple, help }]) => [
        `--${name}${type === "string" ? " VALUE" : ""}`,
        multiple ? `${help} (may be repeated)` : help,
      ]),
    ),
  ].join("");
}
