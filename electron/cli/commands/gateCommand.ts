/** `crossover gate SCENARIO`: the three conditions under which own GPUs are said to pay, from the simulation. */

import { verdictSentence } from "../../../shared/reports/breakEvenText.ts";
import { formatTokens } from "../../../shared/reports/formatters.ts";
import { gateLines } from "../../../shared/reports/gateText.ts";
import { wrapText } from "../../../shared/reports/wrapText.ts";
import { InputError } from "../../../shared/units/errors.ts";
import type { Command, CommandIo, ParsedArgs } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { breakEvenOptions, readStudied, runStudied, studyOptionsOf } from "./breakEvenInput.ts";

/** The command. */
export const gateCommand: Command = {
  name: "gate",
  summary:
    "volume, tolerance of batching, sustained utilization: do own GPUs pay, and does the rule of thumb agree",
  usage:
    "gate SCENARIO [--trace FILE] [--from V] [--to V] [--points N] [--replications N] [--strategies NAMES] [--json]",
  options: breakEvenOptions,
  run: runGate,
};

async function runGate(io: CommandIo, args: ParsedArgs): Promise<number> {
  studyOptionsOf(args);
  const input = await readStudied(args, "gate");
  const study = await runStudied(io, args, input);
  if (study === undefined) return exitCodes.interrupted;
  const { gate, verdict, measured, crossings, warnings } = study;
  if (gate === undefined) {
    throw new InputError(
      "The gate sets all on own GPUs against all on an API, and one of the two is not among the strategies. Add it to --strategies, or a pool or provider to the scenario.",
      { field: "strategies" },
    );
  }
  const sentence = verdictSentence(study);
  if (args.values.json) {
    for (const text of warnings) io.stderr(`crossover: ${text}\n`);
    const shown = { sentence, gate, verdict, measured, crossings, warnings };
    io.stdout(`${JSON.stringify(shown, undefined, 2)}\n`);
  } else {
    const range = `Studied from ${formatTokens(study.points[0].monthTokens)} to ${formatTokens(study.points[study.points.length - 1].monthTokens)} tokens a month.`;
    const told = warnings.flatMap((text) => wrapText(`- ${text}`, 100, "  "));
    const lines = [...wrapText(sentence, 100), "", ...gateLines(study), range];
    io.stdout(`${[...lines, ...(told.length > 0 ? ["", "Warnings", ...told] : [])].join("\n")}\n`);
  }
  return input.rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}
