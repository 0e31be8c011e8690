/**
 * The benchmark: `npm run -s bench [-- --json] [-- --only NAME]`, and bench:long for what takes longer than 8 minutes.
 * Figures and ratios are measured in this one process. Exit code 1 when a bar is missed.
 */
import { parseArgs } from "node:util";
import { barText, budgetS, choose, type Figure, runSections } from "./harness.ts";
import { lastRows, storeRows } from "./longRows.ts";
import { longSections, sections } from "./registry.ts";

/** Seven significant digits at most, whole numbers grouped. */
function valueText(value: number | undefined): string {
  if (value === undefined) return "not measured";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}

function verdict(ok: boolean | undefined): string {
  if (ok === undefined) return "";
  return ok ? "ok" : "MISSED";
}

function line({ name, value, unit, bar, ok, measuredOn }: Figure): string {
  const figure = `${valueText(value)} ${unit}`.trim().padEnd(28);
  const wanted = (bar === undefined ? "" : barText(bar)).padEnd(14);
  const day = measuredOn === undefined ? "" : ` (${measuredOn})`;
  return `${name.padEnd(48)} ${figure} ${wanted} ${verdict(ok)}${day}`.trimEnd();
}

function jsonRow({ name, value, unit, bar, ok, measuredOn }: Figure): object {
  const row = { name, value: value ?? null, unit, bar: bar ? barText(bar) : null, ok: ok ?? null };
  return measuredOn === undefined ? row : { ...row, measuredOn };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      only: { type: "string" },
      long: { type: "boolean", default: false },
    },
  });
  const registry = values.long ? longSections : sections;
  const chosen = choose(registry, values.only);
  const show = (figure: Figure): void => {
    if (!values.json) console.log(line(figure));
  };
  if (values.only !== undefined && chosen.length === 0) {
    const names = registry.flatMap(({ name, figures }) => [name, ...figures]).join(", ");
    console.error(`bench: nothing is named "${values.only}"; there are: ${names}`);
    process.exitCode = 2;
    return;
  }
  const limitS = values.long ? Number.POSITIVE_INFINITY : budgetS;
  const figures = await runSections(chosen, limitS, show);
  if (values.long) storeRows(figures, new Date().toISOString().slice(0, 10));
  else if (values.only === undefined) {
    const kept = lastRows(longSections);
    kept.forEach(show);
    figures.push(...kept);
  }
  if (values.json) console.log(JSON.stringify({ figures: figures.map(jsonRow) }, undefined, 2));
  if (figures.some(({ ok }) => ok === false)) process.exitCode = 1;
}

await main();
