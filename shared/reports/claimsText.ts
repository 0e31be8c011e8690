/** The claim ledger for a terminal: a line of verdict for each claim, published beside found beneath, the experiments at the end. */

import type {
  CheckResult,
  ClaimLedger,
  LedgerEntry,
  LedgerExperiment,
  Verdict,
} from "../planning/claims/ledger.ts";
import type { NamedValue } from "../planning/claims/quantities.ts";
import { groupDigits } from "../units/figureText.ts";
import {
  caseList,
  formatBare,
  formatDifference,
  formatFigure,
  formatFound,
  titleWithUnit,
} from "./claimFigures.ts";
import { noValue, plainText } from "./formatters.ts";
import { figureColumn, formatTextTable, type Table, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

/** The most characters in a line of prose. */
const proseWidth = 110;
const shownRemarks = 6;

/** Verdicts in words. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  reproduced: "reproduced",
  reproducedUnderAssumption: "only under an assumption",
  refuted: "REFUTED",
  notComputed: "not computed",
};

/** The whole ledger; with `details` also formulas with their inputs and sources, every case, and each experiment in full. Ends with a line break. */
export function formatLedger(ledger: ClaimLedger, details: boolean): string {
  const parts = [
    [headline(ledger)],
    ...Object.entries(ledger.groups).map(([group, title]) =>
      groupLines(ledger, group, title, details),
    ),
    ...ledger.experiments.map((each) => experimentLines(each, details)),
    footer(ledger, details),
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

/** A note with the values of its quantities where their names stand in braces. */
export function fillNote(note: string, values: readonly NamedValue[]): string {
  return values.reduce(
    (text, { name, value, unit }) => text.replaceAll(`{${name}}`, formatFigure(value, unit)),
    note,
  );
}

function headline({ claims, counts }: ClaimLedger): string {
  const verdicts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdictWords[verdict as Verdict].toLowerCase()}`);
  const noun = claims.length === 1 ? "claim" : "claims";
  return `Claim ledger: ${claims.length} ${noun}; ${verdicts.join(", ")}`;
}

function groupLines(ledger: ClaimLedger, group: string, title: string, details: boolean): string[] {
  const claims = ledger.claims.filter((each) => each.group === group);
  if (claims.length === 0) return [];
  const entries = claims.map((each) => entryLines(each, details).join("\n"));
  return [title.toUpperCase(), "", entries.join("\n\n")];
}

function entryLines(entry: LedgerEntry, details: boolean): string[] {
  const { title, id, verdict, checks, note, noteValues } = entry;
  const found = note === undefined ? [] : prose(fillNote(note, noteValues), "    ");
  return [
    `${verdictWords[verdict]}: ${title} (${id})`,
    ...prose(entry.claim, "  "),
    ...(checks.length > 0 ? checkTable(checks).map((line) => `    ${line}`) : []),
    ...checks.flatMap((check) => meetingLines(check, checks.length > 1)),
    ...withoutValue(checks),
    ...found,
    ...(details ? detailLines(entry) : []),
  ];
}

function checkTable(checks: readonly CheckResult[]): string[] {
  const columns = [
    textColumn("figure"),
    ...["published", "found", "difference"].map(figureColumn),
    textColumn("verdict"),
  ];
  const rows = checks.map((check) => [
    check.what,
    check.published.text,
    formatFound(check),
    formatDifference(check),
    verdictWords[check.verdict],
  ]);
  return formatTextTable({ columns, rows });
}

/** Under what published and found value meet, and which cases do. */
function meetingLines(check: CheckResult, isNamed: boolean): string[] {
  const name = isNamed ? `${check.what}: ` : "";
  const met = check.cases.filter((each) => each.meets);
  const lines = check.tried.flatMap(({ assumption, value, meets }) =>
    prose(
      `${name}${meets ? "they meet under" : "they do not meet under"}: ${assumption} (${formatFigure(value, check.unit)})`,
      "    ",
    ),
  );
  if (met.length === 0 || met.length === check.cases.length) return lines;
  const count = `${met.length} of ${check.cases.length} cases`;
  const missed = check.cases.filter((each) => !each.meets);
  const text =
    check.verdict === "refuted"
      ? `they meet in ${count}, and not in ${caseList(missed.map((each) => each.label))}`
      : `they meet in ${count}: ${caseList(met.map((each) => each.label))}`;
  return [...lines, ...prose(name + text, "    ")];
}

/** Cases without a value, of all checks together. */
function withoutValue(checks: readonly CheckResult[]): string[] {
  const labels = checks.flatMap(({ impossible }) => impossible.map((each) => each.label));
  if (labels.length === 0) return [];
  return prose(`No value for ${caseList([...new Set(labels)])}`, "    ");
}

function detailLines(entry: LedgerEntry): string[] {
  const { source, retrievedOn, basis } = entry.provenance;
  const lines = [
    ...prose(`Published: ${source}, ${retrievedOn}, ${basis}`, "    "),
    ...prose(`Rule: ${entry.rule}`, "    "),
  ];
  return [...lines, ...entry.checks.flatMap(checkDetails)];
}

function checkDetails(check: CheckResult): string[] {
  return [
    ...prose(`${check.what} = ${check.formula}`, "    "),
    ...prose(check.rule, "      "),
    ...check.inputs.flatMap((input) => prose(inputText(input), "      ")),
    ...check.cases.map(
      ({ label, value, meets }) =>
        `      ${formatFigure(value, check.unit)}  ${plainText(label)}${meets ? "  meets" : ""}`,
    ),
    ...check.impossible.flatMap(({ label, reason }) => prose(`- ${label}: ${reason}`, "      ")),
  ];
}

function inputText({ name, value, unit, about, formula, provenance }: NamedValue): string {
  const from = provenance
    ?.map(({ source, retrievedOn, basis }) => `${source}, ${retrievedOn}, ${basis}`)
    .join("; ");
  const origin = formula === undefined ? from : `= ${formula}`;
  return `${name} = ${formatFigure(value, unit)}: ${about} (${origin ?? "no source"})`;
}

function experimentLines(experiment: LedgerExperiment, details: boolean): string[] {
  const { id, about, cases } = experiment;
  const isGrid = !details && cases.some((each) => each.place !== undefined);
  const { table, left } = isGrid
    ? { table: bestTable(experiment), left: 0 }
    : caseTable(experiment, details);
  return [
    ...prose(`EXPERIMENT ${id}: ${about}`),
    "",
    ...formatTextTable(table).map((line) => `  ${line}`),
    ...(left > 0 ? [`  ... and ${left} cases below these (--details or --json shows them)`] : []),
    ...(isGrid ? ["  Each is the best of its variants; --details or --json shows all."] : []),
    ...(isGrid ? [] : remarkLines(experiment)),
  ];
}

function caseTable({ shown, cases, most }: LedgerExperiment, details: boolean) {
  const possible = cases.filter((each) => each.impossible === undefined);
  const first = shown[0].figure;
  const ranked = [...possible].sort((a, b) => (b.figures[first] ?? 0) - (a.figures[first] ?? 0));
  const limit = details ? cases.length : (most ?? cases.length);
  const listed = possible.length > limit ? ranked.slice(0, limit) : possible;
  const titles = shown.map(({ title, unit }) => figureColumn(titleWithUnit(title, unit)));
  const rows = listed.map(({ label, figures }) => [
    label,
    ...shown.map(({ figure, unit }) =>
      Object.hasOwn(figures, figure) ? formatBare(figures[figure], unit) : noValue,
    ),
  ]);
  const table: Table = { columns: [textColumn("case"), ...titles], rows };
  return { table, left: possible.length - listed.length };
}

/** Rows and columns of the cases' places; each cell has the highest first figure and the variant that gave it. */
function bestTable({ shown, cases }: LedgerExperiment): Table {
  const [{ figure, title, unit }] = shown;
  const placed = cases.flatMap(({ place, figures }) =>
    place === undefined ? [] : [{ ...place, value: figures[figure] as number | undefined }],
  );
  const rowNames = [...new Set(placed.map(({ row }) => row))];
  const columnNames = [...new Set(placed.map(({ column }) => column))];
  const rows = rowNames.map((row) => {
    const cells = columnNames.flatMap((column) => {
      const best = placed
        .filter((each) => each.row === row && each.column === column)
        .reduce((a, b) => ((b.value ?? -1) > (a.value ?? -1) ? b : a));
      if (best.value === undefined) return ["does not fit", noValue];
      return [formatBare(best.value, unit), best.variant];
    });
    return [row, ...cells];
  });
  const columns = columnNames.flatMap((column) => [
    figureColumn(`${titleWithUnit(title, unit)}, ${column}`),
    textColumn("by"),
  ]);
  return { columns: [textColumn("case"), ...columns], rows };
}

/** What is said of cases, those that cannot be first, each text once. */
function remarkLines({ cases }: LedgerExperiment): string[] {
  const labels = new Map<string, string[]>();
  const impossible = cases.filter((each) => each.impossible !== undefined);
  const remarks = [
    ...impossible.map(({ label, impossible: reason = "" }) => ({ label, text: reason })),
    ...cases.flatMap(({ label, notes }) => notes.map((text) => ({ label, text }))),
  ];
  for (const { label, text } of remarks) labels.set(text, [...(labels.get(text) ?? []), label]);
  const lines = [...labels]
    .slice(0, shownRemarks)
    .flatMap(([text, of]) => prose(`- ${caseList(of)}: ${text}`, "  "));
  const left = labels.size - shownRemarks;
  return left > 0 ? [...lines, `  ... and ${groupDigits(left)} more remarks (--json)`] : lines;
}

function footer({ engineVersion }: ClaimLedger, details: boolean): string[] {
  const hint = details ? "" : " Formulas, inputs and sources: --details, or --json.";
  return prose(
    `Every value found is computed now, from data/catalog, the trace and runs of the engine (${engineVersion}). A figure is reproduced where the value found rounds to it.${hint}`,
  );
}

function prose(text: string, indent = ""): string[] {
  const [first, ...rest] = wrapText(plainText(text), proseWidth - indent.length);
  return [indent + first, ...rest.map((line) => indent + line)];
}
