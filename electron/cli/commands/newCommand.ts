/** `crossover new`: presets to start from, and a scenario file made from one. */
import { basename } from "node:path";
import { presetScenario, presets } from "../../../shared/planning/presets/presets.ts";
import { wrapText } from "../../../shared/reports/wrapText.ts";
import { serialiseScenario } from "../../../shared/schema/scenarioFile.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";

/** The command: without a preset it lists them. */
export const newCommand: Command = {
  name: "new",
  summary: "presets to start from, and a complete scenario file made from one",
  usage: "new [PRESET] [--out FILE] [--json]",
  options: { out: { type: "string", help: "write here; default PRESET.crossover" } },
  async run(io: CommandIo, { positionals, values }: ParsedArgs): Promise<number> {
    if (positionals.length > 1) {
      throw new UsageError(`new takes one preset, found ${positionals.length}`, newCommand.usage);
    }
    const [id] = positionals;
    if (id === undefined) {
      if (values.out !== undefined) throw new UsageError("--out goes with a preset");
      io.stdout(values.json === true ? listJson() : listText());
      return exitCodes.ok;
    }
    const text = serialiseScenario(presetScenario(id, loadCatalog()));
    const file = values.out === undefined ? `${id}.crossover` : String(values.out);
    atomicWriteFile(file, text);
    const said =
      values.json === true ? JSON.stringify({ preset: id, file }) : `wrote ${basename(file)}`;
    io.stdout(`${said}\n`);
    return exitCodes.ok;
  },
};

function listJson(): string {
  const listed = presets.map(({ id, title, about }) => ({ id, title, about }));
  return `${JSON.stringify({ presets: listed }, undefined, 2)}\n`;
}

function listText(): string {
  const parts = presets.map(({ id, about }) => [id, ...wrapText(about, 96, "  ").map(indented)]);
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function indented(line: string): string {
  return `  ${line.trimStart()}`;
}
