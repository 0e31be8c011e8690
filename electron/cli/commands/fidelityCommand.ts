/** `crossover fidelity`: how far predictions are off, group by group, and how that was found. */
import { figureColumn, formatTextTable, textColumn } from "../../../shared/reports/table.ts";
import type {
  ErrorPair,
  FidelityCard,
  IterationGroup,
  ServingGroup,
} from "../../../shared/schema/fidelityCard.ts";
import { isGroupWithin, loadFidelityCard } from "../../services/fidelityCardFile.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";

/** The command: prints the card that the fits wrote. */
export const fidelityCommand: Command = {
  name: "fidelity",
  summary: "how far predictions are off measured figures, by group, cross-validated",
  usage: "fidelity [--json]",
  options: {},
  run: runFidelity,
};

async function runFidelity(io: CommandIo, args: ParsedArgs): Promise<number> {
  if (args.positionals.length > 0) {
    throw new UsageError(
      `fidelity takes no arguments, found "${args.positionals[0]}"`,
      fidelityCommand.usage,
    );
  }
  const card = loadFidelityCard();
  io.stdout(args.values.json === true ? jsonText(card) : text(card));
  return exitCodes.ok;
}

function jsonText(card: FidelityCard): string {
  const judged = <Group extends IterationGroup | ServingGroup>(groups: readonly Group[]) =>
    groups.map((group) => ({ ...group, isWithinBar: isGroupWithin(group) }));
  const { iterationTimes, serving } = card;
  const all = {
    ...card,
    iterationTimes: { ...iterationTimes, groups: judged(iterationTimes.groups) },
    serving: { ...serving, groups: judged(serving.groups) },
  };
  return `${JSON.stringify(all, undefined, 1)}\n`;
}

function text({ iterationTimes, serving }: FidelityCard): string {
  const { prefillTokens, meanContextTokens, batch, gpus } = iterationTimes.fittedRange;
  const all = [...iterationTimes.groups, ...serving.groups];
  const barred = all.filter((group) => group.bar !== null);
  const within = barred.filter((group) => isGroupWithin(group) === true);
  return [
    "Absolute errors in percent, median / 90th percentile. The bar is held against the cross-validated error,",
    "or the plain one where nothing was fitted to the rows.",
    "",
    "Times of single iterations (kernels)",
    ...iterationTable(iterationTimes.groups),
    "",
    "Simulated benchmarks against measured ones",
    ...servingTable(serving.groups),
    "",
    `${within.length} of ${barred.length} groups are within their bar.`,
    `Fitted up to ${prefillTokens} prefill tokens, a mean context of ${meanContextTokens} and a batch of ${batch}, on ${gpus.join(", ")}; beyond it predictions are marked as extrapolated.`,
    "tpot: rows of quality A and B; ttft and throughput: quality A. Rows of sglang are of quality C: no group.",
    "estimator: NVIDIA's, on the same points.",
    "",
  ].join("\n");
}

function pairText(pair: ErrorPair | null): string {
  return pair === null ? "-" : `${pair.medianPct.toFixed(1)} / ${pair.p90Pct.toFixed(1)}`;
}

function barText(group: IterationGroup | ServingGroup): string {
  if (group.bar === null) return "-";
  const { medianPct, p90Pct } = group.bar;
  return `${medianPct} / ${p90Pct} ${isGroupWithin(group) ? "met" : "MISSED"}`;
}

function iterationTable(groups: readonly IterationGroup[]): string[] {
  const heads = ["rows", "fitted", "cross-valid.", "model out", "GPUs out", "prefill out"];
  return formatTextTable({
    columns: [
      ...["coefficients", "model"].map(textColumn),
      ...[...heads, "decodes out", "bar"].map(figureColumn),
    ],
    rows: groups.map((each) => [
      ...[each.set, each.model, String(each.rows)],
      ...[each.fitted, each.crossValidated, each.modelLeftOut, each.gpusLeftOut].map(pairText),
      ...[each.prefillLeftOut, each.decodesLeftOut].map(pairText),
      barText(each),
    ]),
  });
}

function servingTable(groups: readonly ServingGroup[]): string[] {
  return formatTextTable({
    columns: [
      ...["figure", "kind", "backend", "model", "precision"].map(textColumn),
      ...["rows", "fitted", "cross-valid.", "estimator", "bar"].map(figureColumn),
    ],
    rows: groups.map((each) => [
      ...[each.figure, each.kind, each.backend, each.model, each.precision, String(each.rows)],
      ...[each.fitted, each.crossValidated, each.estimator].map(pairText),
      barText(each),
    ]),
  });
}
