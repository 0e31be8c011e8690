/** `crossover prefix TRACE`: what share of a trace's prompts a prefix cache finds, by size of the cache. */

import { describeReject } from "../../../shared/importers/rejects.ts";
import { analysePrefixReuse, type PrefixReuse } from "../../../shared/planning/prefixAnalysis.ts";
import { formatTokens, noValue } from "../../../shared/reports/formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "../../../shared/reports/table.ts";
import type { TraceColumns } from "../../../shared/schema/traceColumns.ts";
import { groupDigits } from "../../../shared/units/figureText.ts";
import { type LoadedTrace, loadTrace } from "../../files/loadTrace.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { textOption } from "./caseFile.ts";

/** Cache sizes that are shown beside the endless one, in blocks of the trace. */
const shownCapacities = [1000, 10_000, 30_000, 50_000];
/** Block of the engines. */
const engineBlockTokens = 16;
const shownRejects = 20;

/** One size of the cache and how its blocks are counted. */
interface PrefixCase {
  readonly reuse: PrefixReuse;
  readonly blockTokens: number;
}

/** The command: exit code 0, or 4 when rows of the trace were rejected. */
export const prefixCommand: Command = {
  name: "prefix",
  summary: "what share of a trace's prompts a prefix cache finds",
  usage: "prefix TRACE [--capacity N,N,...] [--block-tokens N] [--format F] [--json]",
  options: {
    capacity: {
      type: "string",
      help: `sizes of the cache in blocks, beside an endless one; default ${shownCapacities.join(",")} of the trace's blocks`,
    },
    "block-tokens": {
      type: "string",
      help: "tokens of an engine block, e.g. 16; --capacity then counts these. Default: the trace's own blocks, and blocks of 16 for the same memory",
    },
    format: { type: "string", help: "auto (default), mooncake, bailian, ..." },
  },
  run: runPrefix,
};

async function runPrefix(io: CommandIo, args: ParsedArgs): Promise<number> {
  const [path, ...more] = args.positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(
      `prefix takes one TRACE, found ${args.positionals.length}`,
      prefixCommand.usage,
    );
  }
  const blockTokens = readBlockTokens(args);
  const capacities = readCapacities(args);
  const trace = await loadTrace(path, { format: textOption(args, "format") });
  const cases = analyse(trace.columns, capacities, blockTokens);
  io.stdout(args.values.json === true ? jsonText(path, trace, cases) : text(path, trace, cases));
  return reportRejects(io, trace);
}

function readBlockTokens(args: ParsedArgs): number | undefined {
  const given = textOption(args, "block-tokens");
  return given === undefined ? undefined : readCount("block-tokens", given);
}

function readCapacities(args: ParsedArgs): number[] | undefined {
  const given = textOption(args, "capacity");
  return given?.split(",").map((each) => readCount("capacity", each.trim()));
}

function readCount(name: string, given: string): number {
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new UsageError(`--${name} has "${given}"`, "it takes whole numbers from 1 on");
}

/** By ids and by engine blocks of the same memory; only by engine blocks where their size is asked for. */
function analyse(
  columns: TraceColumns,
  capacities: readonly number[] | undefined,
  blockTokens: number | undefined,
): PrefixCase[] {
  const run = (size: number, capacityBlocks: number, engine?: number): PrefixCase => ({
    reuse: analysePrefixReuse(columns, { capacityBlocks, blockTokens: engine }),
    blockTokens: size,
  });
  const idTokens = columns.prefix?.idTokens[0] ?? 1;
  const engine = blockTokens ?? engineBlockTokens;
  const isDivided = idTokens % engine === 0;
  const perId = isDivided ? idTokens / engine : 1;
  const sizes = capacities ?? shownCapacities.map((each) => each * (blockTokens ? perId : 1));
  const all = [Infinity, ...sizes];
  if (blockTokens !== undefined) return all.map((size) => run(blockTokens, size, blockTokens));
  const byIds = all.map((size) => run(idTokens, size));
  return isDivided ? [...byIds, ...all.map((size) => run(engine, size * perId, engine))] : byIds;
}

function jsonText(path: string, { result, sha256, bytes }: LoadedTrace, cases: PrefixCase[]) {
  const results = cases.map(({ reuse, blockTokens }) => {
    const isById = reuse.blockTokens === undefined;
    const isEndless = reuse.capacityBlocks === Infinity;
    return {
      ...reuse,
      blocksAre: isById ? "ids of the trace" : "engine blocks",
      blockTokens,
      capacityBlocks: isEndless ? null : reuse.capacityBlocks,
      capacityTokens: isEndless ? null : reuse.capacityBlocks * blockTokens,
    };
  });
  const { format, rejected } = result;
  const report = { file: path, bytes, sha256, format, rejected, results };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function text(path: string, { result }: LoadedTrace, cases: readonly PrefixCase[]): string {
  const [{ reuse }] = cases;
  const columns = [
    textColumn("blocks"),
    ...["cache, blocks", "tokens", "tokens found %", "blocks found %", "requests with a hit"].map(
      figureColumn,
    ),
  ];
  return [
    `${path} (${result.format}): ${groupDigits(reuse.requests)} requests, ${groupDigits(reuse.promptTokens)} prompt tokens`,
    "",
    ...formatTextTable({ columns, rows: cases.map(cells) }),
    "",
    ...rules(cases),
    "",
  ].join("\n");
}

function cells({ reuse, blockTokens }: PrefixCase): string[] {
  const isEndless = reuse.capacityBlocks === Infinity;
  return [
    reuse.blockTokens === undefined ? `ids of ${blockTokens}` : `engine's, of ${blockTokens}`,
    isEndless ? "endless" : groupDigits(reuse.capacityBlocks),
    isEndless ? noValue : formatTokens(reuse.capacityBlocks * blockTokens),
    percentText(reuse.tokenShare),
    percentText(reuse.blockShare),
    groupDigits(reuse.requestsWithHit),
  ];
}

function percentText(share: number | undefined): string {
  return share === undefined ? noValue : (share * 100).toFixed(1);
}

/** How to read the table. */
function rules(cases: readonly PrefixCase[]): string[] {
  const lines = [
    "One request at a time, by arrival, through the engine's own prefix cache: what is found by requests that overlap depends",
    "on the fleet, and `crossover run` simulates it. Least recently used blocks go first, a prompt's end before its beginning.",
  ];
  if (cases.some(({ reuse }) => reuse.blockTokens === undefined)) {
    lines.push(
      "By ids, the partly filled last block of a prompt counts as a block and can be found.",
    );
  }
  if (cases.some(({ reuse }) => reuse.blockTokens !== undefined)) {
    lines.push(
      "The engine's blocks are found only whole, and a prompt's last token is always computed.",
    );
  }
  const needs = cases
    .filter(({ reuse }) => reuse.capacityBlocks === Infinity)
    .map((each) => `${groupDigits(each.reuse.mostBlocksKept)} blocks of ${each.blockTokens}`);
  return [...lines, `Nothing more is found with more than ${needs.join(" or ")}.`];
}

function reportRejects(io: CommandIo, { result }: LoadedTrace): number {
  for (const warning of result.warnings) io.stderr(`warning: ${warning}\n`);
  const { count, rows } = result.rejected;
  for (const row of rows.slice(0, shownRejects)) {
    io.stderr(`rejected ${describeReject(row)} (${row.reason})\n`);
  }
  if (count > shownRejects) io.stderr(`... and ${groupDigits(count - shownRejects)} more rows\n`);
  return count > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}
