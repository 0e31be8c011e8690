/** MIG layouts as people read them. */
import { gibText } from "../../../shared/catalog/arithmeticText.ts";
import type { MigCounts } from "../../../shared/catalog/migCounts.ts";
import { memorySlicesPerGpu } from "../../../shared/catalog/migPlacement.ts";
import type { MigReconfiguration } from "../../../shared/catalog/migReconfiguration.ts";
import { drawMigPlacement } from "../../../shared/catalog/migRuler.ts";
import type { MigAnswer, MigDemand, MigSolution } from "../../../shared/catalog/migSolver.ts";
import { formatSeconds } from "../../../shared/reports/formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "../../../shared/reports/table.ts";
import type { Gpu } from "../../../shared/schema/catalog.ts";
import { groupDigits } from "../../../shared/units/figureText.ts";

/** What is said of instances side by side, and what is not claimed. */
export const neighbourNotes = [
  "Instances have SMs, memory slices and the bandwidth of these of their own: a neighbour's load is not in their times, and no term for interference is claimed. Power and clocks, which they share, are not modelled.",
  "What is launched per layer, iteration and sequence does not shrink with the instance. Instances have no path to one another: tensor parallel is 1.",
];

/** Use of a GPU by a layout. */
export interface MigUse {
  readonly memorySlices: number;
  readonly smCount: number;
}

/** Memory slices and SMs that a layout's instances take. */
export function usedBy(gpu: Gpu, layout: readonly string[]): MigUse {
  const profiles = layout.map((name) => gpu.migProfiles.find((each) => each.name === name)!);
  return {
    memorySlices: profiles.reduce((sum, each) => sum + each.memorySlices, 0),
    smCount: profiles.reduce((sum, each) => sum + each.smCount, 0),
  };
}

/** "3g.40gb + 2 x 1g.10gb", in the layout's order. */
export function layoutText(layout: readonly string[]): string {
  return [...new Set(layout)]
    .map((name) => {
      const count = layout.filter((each) => each === name).length;
      return count === 1 ? name : `${count} x ${name}`;
    })
    .join(" + ");
}

/** A legal layout, drawn. */
export function placementText(
  gpu: Gpu,
  layout: readonly string[],
  starts: readonly number[],
): string[] {
  const { memorySlices, smCount } = usedBy(gpu, layout);
  return [
    `${layoutText(layout)} is legal on one ${gpu.id}.`,
    "",
    ...indented(["memory slice", ...drawMigPlacement(gpu, layout, starts)]),
    "",
    `${memorySlices} of ${memorySlicesPerGpu} memory slices and ${smCount} of ${gpu.smCount} SMs are in instances.`,
  ];
}

/** Every layout to which nothing can be added, and how many layouts there are. */
export function listText(gpu: Gpu, layouts: readonly (readonly string[])[], counts: MigCounts) {
  const columns = [
    textColumn("layout"),
    ...["instances", "memory slices", "SMs", "slices unused"].map(figureColumn),
  ];
  const rows = layouts.map((layout) => {
    const { memorySlices, smCount } = usedBy(gpu, layout);
    const figures = [layout.length, memorySlices, smCount, memorySlicesPerGpu - memorySlices];
    return [layoutText(layout), ...figures.map(String)];
  });
  return [
    `${gpu.name}: ${layouts.length} maximal MIG layouts, to which no instance can be added`,
    "",
    ...formatTextTable({ columns, rows }),
    "",
    `Legal layouts in all: ${counts.base} of the base profiles (${counts.baseMaximal} maximal, ${counts.basePositional} by position),`,
    `${counts.plain} with the 1g of double memory (${counts.plainMaximal} maximal), ${counts.all} with the media profile (+me).`,
  ];
}

/** The layouts that hold the models, or why none does. */
export function answerText(gpu: Gpu, demands: readonly MigDemand[], answer: MigAnswer): string[] {
  const { solutions, shortfall } = answer;
  if (shortfall !== undefined) {
    const { input, fit } = shortfall.shown;
    return [
      `No layout of one ${gpu.id} holds all of them. ${shortfall.reason}`,
      "",
      `The arithmetic of ${demandText(demands[shortfall.tightest])} on ${input.profile}:`,
      ...fit.lines.map(
        ({ label, bytes, formula }) =>
          `  ${label.padEnd(22)} ${groupDigits(bytes).padStart(16)} B ${sizeText(bytes).padStart(11)}   ${formula}`,
      ),
    ];
  }
  return [
    `${solutions.length === 1 ? "1 layout" : `${solutions.length} layouts`} of one ${gpu.id} with an instance for each model; the best:`,
    "",
    ...bestText(gpu, demands, solutions[0]),
    "",
    ...formatTextTable({ columns: solutionColumns(demands), rows: solutions.map(solutionCells) }),
    "",
    "Ranked by the KV cache of the model that has the least of it, then by memory slices and SMs on which no model stands.",
  ];
}

function sizeText(bytes: number): string {
  return Math.abs(bytes) < 1e6 ? "" : gibText(bytes);
}

function bestText(gpu: Gpu, demands: readonly MigDemand[], best: MigSolution): string[] {
  return indented([
    ...drawMigPlacement(gpu, best.layout, best.starts),
    "",
    ...best.assignments.map(
      ({ demand, profile, start, fit }) =>
        `${demandText(demands[demand])} on ${profile} at slice ${start}: ${gibText(fit.weightBytesPerGpu)} of weights, ${groupDigits(fit.kvCapacityTokens)} tokens of KV cache`,
    ),
  ]);
}

function solutionColumns(demands: readonly MigDemand[]) {
  return [
    figureColumn("rank"),
    textColumn("layout"),
    ...demands.map((demand) => textColumn(`${demand.model.id} ${demand.precision}: KV tokens`)),
    ...["slices unused", "SMs unused"].map(figureColumn),
    textColumn("spare"),
  ];
}

function solutionCells(solution: MigSolution, index: number): string[] {
  return [
    String(index + 1),
    layoutText(solution.layout),
    ...solution.assignments.map(
      ({ profile, fit }) => `${profile}: ${groupDigits(fit.kvCapacityTokens)}`,
    ),
    String(solution.memorySlicesUnused),
    String(solution.smUnused),
    solution.spareInstances.length === 0 ? "none" : layoutText(solution.spareInstances),
  ];
}

/** "llama-3.1-8b (fp8 weights, bf16 KV cache)". */
export function demandText({ model, precision, kvPrecision, minContextTokens }: MigDemand): string {
  const context =
    minContextTokens === undefined ? "" : `, at least ${groupDigits(minContextTokens)} tokens`;
  return `${model.id} (${precision} weights, ${kvPrecision} KV cache${context})`;
}

/** Time without new requests while the layout is changed. */
export function reconfigurationText(change: MigReconfiguration): string[] {
  return [
    `Changing the layout: out of service for about ${formatSeconds(change.outOfServiceS)} (drain ${formatSeconds(change.drainS)}, change ${formatSeconds(change.reconfigureS)}), without loading weights.`,
    ...indented(change.basis),
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}
