/** `crossover mig`: legal MIG layouts of a GPU, and those that hold a set of models. */
import type { Catalog } from "../../../shared/catalog/catalog.ts";
import type { Backend } from "../../../shared/catalog/memoryRules.ts";
import { countMigLayouts } from "../../../shared/catalog/migCounts.ts";
import {
  listMigLayouts,
  maximalMigLayouts,
  placeMigLayout,
} from "../../../shared/catalog/migPlacement.ts";
import {
  estimateMigReconfiguration,
  type MigReconfiguration,
} from "../../../shared/catalog/migReconfiguration.ts";
import {
  type MigAnswer,
  type MigDemand,
  plainProfileNames,
  solveMigLayouts,
} from "../../../shared/catalog/migSolver.ts";
import { readModel } from "../../../shared/planning/benchmark/spellings.ts";
import { wrapText } from "../../../shared/reports/wrapText.ts";
import type { Gpu } from "../../../shared/schema/catalog.ts";
import { engineSchema } from "../../../shared/schema/fleet.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { textOption } from "./caseFile.ts";
import {
  answerText,
  listText,
  neighbourNotes,
  placementText,
  reconfigurationText,
  usedBy,
} from "./migText.ts";
import { backendHelp, backendOption, gpuOption, namedPrecisions } from "./namedEntries.ts";

const modelForm = "MODEL:PRECISION[:KVPRECISION][:MINCONTEXT]";

/** An answer as text and as JSON, and whether what was asked for can be. */
interface Reply {
  readonly lines: readonly string[];
  readonly json: object;
  readonly isPossible: boolean;
}

/** The command: exit code 3 when the layout is not legal or none holds the models. */
export const migCommand: Command = {
  name: "mig",
  summary: "legal MIG layouts of a GPU, and those that hold a set of models",
  usage:
    "mig --gpu GPU [--layout PROFILE,PROFILE,...] [--models MODEL:PRECISION[:KVPRECISION][:MINCONTEXT],...] [--backend B] [--drain TOKENS:TPOT_MS:CHANGE_S] [--json]",
  options: {
    gpu: { type: "string", help: "a GPU of the catalog, e.g. h100-sxm" },
    layout: { type: "string", help: "profiles of its instances, e.g. 3g.40gb,3g.40gb" },
    models: {
      type: "string",
      help: "models that must fit at once, e.g. llama-3.1-8b:fp8,qwen2.5-7b:bf16:fp8:8192; MINCONTEXT is prompt + output of the longest request",
    },
    backend: { type: "string", help: `${backendHelp}; whose memory rule holds` },
    drain: {
      type: "string",
      help: "time to change the layout: longest remaining output in tokens, ms per output token, your estimate of the seconds mig-parted takes, e.g. 800:20:30",
    },
  },
  run: async (io, args) => runMig(io, args),
};

function runMig(io: CommandIo, args: ParsedArgs): number {
  if (args.positionals.length > 0) {
    throw new UsageError(`mig takes options only, and found "${args.positionals[0]}"`);
  }
  const catalog = loadCatalog();
  const { gpu } = gpuOption(args, catalog, "mig");
  const change = readChange(args, io.now());
  const reply = replyTo(args, catalog, gpu);
  const json = { gpu: gpu.id, ...reply.json, reconfiguration: change, notes: neighbourNotes };
  const notes = neighbourNotes.flatMap((note) => wrapText(`Note: ${note}`, 120, "  "));
  const after = [...(change ? reconfigurationText(change) : []), ...notes];
  const lines = reply.isPossible ? [...reply.lines, "", ...after, ""] : [...reply.lines, ""];
  io.stdout(
    args.values.json === true ? `${JSON.stringify(json, undefined, 2)}\n` : lines.join("\n"),
  );
  return reply.isPossible ? exitCodes.ok : exitCodes.badInput;
}

function replyTo(args: ParsedArgs, catalog: Catalog, gpu: Gpu): Reply {
  const layout = readLayout(args);
  const demands = readDemands(args, catalog);
  if (layout === undefined) return demands ? replySolved(gpu, demands) : replyAll(gpu);
  const placement = placeMigLayout(gpu, layout);
  if (!placement.legal) {
    const json = { layout, ...placement };
    return { lines: [`Not legal: ${placement.reason}`], json, isPossible: false };
  }
  if (demands !== undefined) return replySolved(gpu, demands, [layout]);
  return {
    lines: placementText(gpu, layout, placement.starts),
    json: { layout, ...placement, ...usedBy(gpu, layout) },
    isPossible: true,
  };
}

function replyAll(gpu: Gpu): Reply {
  const names = plainProfileNames(gpu);
  const layouts = maximalMigLayouts(gpu, listMigLayouts(gpu, names), names);
  const counts = countMigLayouts(gpu);
  const maximal = layouts.map((layout) => ({ layout, ...usedBy(gpu, layout) }));
  return { lines: listText(gpu, layouts, counts), json: { counts, maximal }, isPossible: true };
}

function replySolved(gpu: Gpu, demands: readonly MigDemand[], layouts?: string[][]): Reply {
  const answer = solveMigLayouts(gpu, demands, layouts);
  return {
    lines: answerText(gpu, demands, answer),
    json: answerJson(demands, answer),
    isPossible: answer.shortfall === undefined,
  };
}

function answerJson(demands: readonly MigDemand[], { solutions, shortfall }: MigAnswer): object {
  const models = demands.map(
    ({ model, backend, precision, kvPrecision, minContextTokens, engine }) => ({
      model: model.id,
      backend,
      precision,
      kvPrecision,
      minContextTokens,
      engine,
    }),
  );
  if (shortfall === undefined) return { models, solutions };
  const { shown, ...why } = shortfall;
  const arithmetic = { profile: shown.input.profile, ...shown.fit };
  return { models, solutions, shortfall: { ...why, arithmetic } };
}

function readLayout(args: ParsedArgs): string[] | undefined {
  const text = textOption(args, "layout");
  if (text === undefined) return undefined;
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new UsageError(`--layout is "${text}"`, "it is profiles with commas, e.g. 3g.40gb,3g.40gb");
}

function readDemands(args: ParsedArgs, catalog: Catalog): MigDemand[] | undefined {
  const text = textOption(args, "models");
  const backend = textOption(args, "backend");
  if (text === undefined && backend !== undefined) {
    throw new UsageError("--backend does not apply without --models");
  }
  if (text === undefined) return undefined;
  const named = backendOption(args, true);
  const engine = engineSchema.parse({});
  return text.split(",").map((each) => ({
    ...readDemand(each.trim(), catalog, named.backend),
    backend: named.backend,
    engine,
  }));
}

/** "MODEL:PRECISION[:KVPRECISION][:MINCONTEXT]"; the KV cache is bf16 unless it is said. */
function readDemand(text: string, catalog: Catalog, backend: Backend) {
  const [id, precision, ...rest] = text.split(":");
  if (precision === undefined || rest.length > 2) {
    throw new UsageError(`--models has "${text}"`, `each is ${modelForm}`);
  }
  const context = /^\d+$/.test(rest.at(-1) ?? "") ? rest.pop() : undefined;
  if (rest.length > 1 || context === "0") {
    throw new UsageError(`--models has "${text}"`, `each is ${modelForm}`);
  }
  return {
    model: readModel(id, catalog.models),
    ...namedPrecisions("models", precision, rest[0] ?? "bf16", backend),
    minContextTokens: context === undefined ? undefined : Number(context),
  };
}

function readChange(args: ParsedArgs, nowMs: number): MigReconfiguration | undefined {
  const text = textOption(args, "drain");
  if (text === undefined) return undefined;
  const parts = text.split(":");
  if (parts.length !== 3 || !parts.every((part) => /^\d+(\.\d+)?$/.test(part))) {
    throw new UsageError(
      `--drain is "${text}"`,
      "it is TOKENS:TPOT_MS:CHANGE_S, numbers from 0 on, e.g. 800:20:30",
    );
  }
  const [tokens, tpotMs, seconds] = parts.map(Number);
  const retrievedOn = new Date(nowMs).toISOString().slice(0, 10);
  const provenance = { source: "--drain", retrievedOn, basis: "estimated" as const };
  const reconfigure = { seconds, provenance };
  return estimateMigReconfiguration({
    remainingOutputTokens: [tokens],
    tpotS: tpotMs / 1000,
    reconfigure,
  });
}
