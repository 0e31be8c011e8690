/** `crossover outline SCENARIO`: what a scenario is, part by part in sentences. */
import { basename } from "node:path";
import { scenarioLines } from "../../../shared/reports/scenarioLines.ts";
import { maxScenarioCharacters, parseScenario } from "../../../shared/schema/scenarioFile.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";

/** The command. */
export const outlineCommand: Command = {
  name: "outline",
  summary: "a scenario in sentences: traffic, targets, fleet, providers, routing, costs",
  usage: "outline SCENARIO [--json]",
  options: {},
  async run(io: CommandIo, { positionals, values }: ParsedArgs): Promise<number> {
    if (positionals.length !== 1) {
      throw new UsageError(`outline wants one scenario file, found ${positionals.length}`);
    }
    const [path] = positionals;
    const text = await readTextFile(path, maxScenarioCharacters);
    const parts = scenarioLines(parseScenario(text, basename(path)).scenario);
    const shown = parts.filter(({ lines }) => lines.length > 0);
    io.stdout(
      values.json === true
        ? `${JSON.stringify({ parts }, undefined, 2)}\n`
        : `${shown.map(({ part, lines }) => [part, ...lines.map((line) => `  ${line}`)].join("\n")).join("\n\n")}\n`,
    );
    return exitCodes.ok;
  },
};
