/** `crossover fill SCENARIO`: copies the catalog entries that a scenario names into its file. */
import { basename } from "node:path";
import { fillScenario } from "../../../shared/planning/fillScenario.ts";
import {
  maxScenarioCharacters,
  parseScenario,
  serialiseScenario,
} from "../../../shared/schema/scenarioFile.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";

/** The command. */
export const fillCommand: Command = {
  name: "fill",
  summary: "copy the catalog entries that a scenario names into its file",
  usage: "fill SCENARIO [--out FILE] [--json]",
  options: {
    out: { type: "string", help: "write here instead of over the scenario file" },
  },
  async run(io: CommandIo, { positionals, values }: ParsedArgs): Promise<number> {
    if (positionals.length !== 1) {
      throw new UsageError(`fill wants one scenario file, found ${positionals.length}`);
    }
    const path = positionals[0];
    const text = await readTextFile(path, maxScenarioCharacters);
    const { scenario } = parseScenario(text, basename(path));
    const filled = fillScenario(scenario, loadCatalog());
    const out = values.out === undefined ? path : String(values.out);
    atomicWriteFile(out, serialiseScenario(filled.scenario));
    const { added } = filled;
    if (values.json) io.stdout(`${JSON.stringify({ file: out, added }, undefined, 2)}\n`);
    else io.stdout(added.length === 0 ? "nothing to copy\n" : `copied ${added.join(", ")}\n`);
    io.stderr(`crossover: wrote ${basename(out)} in canonical form\n`);
    return exitCodes.ok;
  },
};
