/** `crossover breakeven SCENARIO`: at which monthly volume own GPUs, APIs or the mix are cheapest. */
import { findLicence, findOffer, findProvider } from "../../../shared/catalog/catalog.ts";
import {
  type ArticleBaseline,
  articleBaseline,
  articleIds,
} from "../../../shared/planning/breakEven/articleBaseline.ts";
import { measureTraffic } from "../../../shared/planning/breakEven/trafficVolume.ts";
import { articleSentence, formatArticle } from "../../../shared/reports/articleText.ts";
import { breakEvenCsv } from "../../../shared/reports/breakEvenCsv.ts";
import { formatBreakEven, verdictSentence } from "../../../shared/reports/breakEvenText.ts";
import { buildWorkload } from "../../../shared/workload/buildWorkload.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { realPathOf } from "../../files/realPath.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { breakEvenOptions, readStudied, runStudied, studyOptionsOf } from "./breakEvenInput.ts";
import { textOption } from "./caseFile.ts";
import { overridesOf, type ScenarioInput } from "./scenarioInput.ts";

/** The command. */
export const breakEvenCommand: Command = {
  name: "breakeven",
  summary: "at which monthly volume own GPUs, APIs or the mix are cheapest, simulated",
  usage:
    "breakeven SCENARIO [--trace FILE] [--from V] [--to V] [--points N] [--replications N] [--strategies NAMES] [--csv FILE] [--json] | breakeven --preset article [SCENARIO] [--json]",
  options: {
    ...breakEvenOptions,
    preset: {
      type: "string",
      help: "trace (default): the scenario's own traffic, simulated; article: the published baseline, one H100, 1 input token to 2 output tokens, costs only",
    },
    csv: { type: "string", help: "also write one row per volume and strategy as CSV" },
  },
  run: runBreakEvenCommand,
};

const studyOnly = ["from", "to", "points", "replications", "strategies", "max-gpus", "csv"];

async function runBreakEvenCommand(io: CommandIo, args: ParsedArgs): Promise<number> {
  const preset = textOption(args, "preset") ?? "trace";
  if (preset === "article") return runArticle(io, args);
  if (preset !== "trace") {
    throw new UsageError(`--preset is "${preset}"`, "it is trace or article");
  }
  const csv = textOption(args, "csv");
  for (const read of [...args.positionals, ...overridesOf(args.values).map(({ path }) => path)]) {
    if (csv !== undefined && realPathOf(csv) === realPathOf(read)) {
      throw new UsageError(`--csv names the file that is read, ${read}. Wanted another file`);
    }
  }
  studyOptionsOf(args);
  const input = await readStudied(args, "breakeven");
  const study = await runStudied(io, args, input);
  if (study === undefined) return exitCodes.interrupted;
  if (csv !== undefined) atomicWriteFile(csv, breakEvenCsv(study));
  if (args.values.json) for (const text of study.warnings) io.stderr(`crossover: ${text}\n`);
  io.stdout(
    args.values.json
      ? `${JSON.stringify({ sentence: verdictSentence(study), ...study }, undefined, 2)}\n`
      : formatBreakEven(study),
  );
  return input.rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

async function runArticle(io: CommandIo, args: ParsedArgs): Promise<number> {
  const wrong = studyOnly.find((name) => args.values[name] !== undefined);
  if (wrong !== undefined) {
    throw new UsageError(`--${wrong} belongs to a study; --preset article is a closed form`);
  }
  const input = args.positionals.length === 0 ? undefined : await readStudied(args, "breakeven");
  const baseline = baselineOf(input);
  io.stdout(
    args.values.json
      ? `${JSON.stringify({ sentence: articleSentence(baseline), ...baseline }, undefined, 2)}\n`
      : formatArticle(baseline),
  );
  return (input?.rejectedRows ?? 0) > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

/** The baseline at the catalog's prices; a scenario adds its providers and the ratio of its traffic. */
function baselineOf(input: ScenarioInput | undefined): ArticleBaseline {
  const catalog = loadCatalog();
  const named = articleIds.providers.map((id) => findProvider(catalog, id));
  const further = (input?.scenario.providers ?? []).filter(
    ({ id }) => !articleIds.providers.includes(id),
  );
  return articleBaseline({
    providers: [...named, ...further],
    offer: findOffer(catalog, articleIds.offer),
    licence: findLicence(catalog, articleIds.licence),
    ownRatio: input && ownRatio(input),
  });
}

function ownRatio({ scenario, traces }: ScenarioInput) {
  const { traffic, clock, seed, run } = scenario;
  const { horizonS } = run;
  const workload = buildWorkload({ traffic, clock, traces, seed, replication: 0, horizonS });
  const { promptTokens: input, outputTokens: output } = measureTraffic(scenario, workload);
  return { input, output };
}
