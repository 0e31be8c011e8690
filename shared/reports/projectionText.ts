/** A projection as text: the answer, options, crossings, months, total cost of ownership, the plan with its defaults. */
import type {
  OptionComparison,
  OptionMonth,
  Projection,
  ProjectionOption,
} from "../planning/projection/projectionReport.ts";
import {
  formatCount,
  formatGiven,
  formatNumber,
  formatTokens,
  noValue,
  plainText,
} from "./formatters.ts";
import { figureColumn, formatTextTable, type Table, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

const proseWidth = 100;

const lineNames: Readonly<Record<string, string>> = {
  gpuOnDemand: "GPUs rented on demand",
  gpuCommitted: "GPUs committed",
  amortization: "servers, amortized",
  power: "power",
  colocation: "colocation",
  maintenance: "maintenance",
  staff: "staff",
  licence: "licences",
  api: "APIs",
  fixed: "fixed costs",
};

function dollars(value: number): string {
  return formatCount(Math.round(value));
}

/** The options and what they come to. */
export function optionTable({ options, baseline, cheapest }: Projection): Table {
  const mark = (id: string): string =>
    [...(id === baseline ? ["baseline"] : []), ...(id === cheapest ? ["least"] : [])].join(", ");
  return {
    columns: [
      textColumn("option"),
      figureColumn("cost (USD)"),
      figureColumn("paid less residual"),
      figureColumn("present cost"),
      figureColumn("USD per M tokens"),
      figureColumn("capex"),
      figureColumn("residual"),
      figureColumn("GPUs, first to last"),
      figureColumn("invalid months"),
      textColumn(""),
    ],
    rows: options.map((each) => [
      each.id,
      dollars(each.totalUsd),
      dollars(each.totalCashUsd),
      dollars(each.presentCostUsd),
      formatNumber(each.usdPerMTok),
      dollars(each.capexUsd),
      dollars(each.residualUsd),
      gpuSpan(each),
      formatCount(each.invalidMonths.length),
      mark(each.id),
    ]),
  };
}

function gpuSpan({ months, financing }: ProjectionOption): string {
  if (financing === "none") return noValue;
  return `${formatCount(months[0].gpus)} to ${formatCount(months[months.length - 1].gpus)}`;
}

/** Each option against the baseline. */
export function crossingTable({ comparisons }: Projection): Table {
  const month = (value: number | null): string => (value === null ? "never" : formatCount(value));
  return {
    columns: [
      textColumn("option"),
      figureColumn("cheaper first in month"),
      figureColumn("from month on"),
      figureColumn("paid back by month"),
      figureColumn("saved (USD)"),
      figureColumn("present gain (USD)"),
    ],
    rows: comparisons.map((each: OptionComparison) => [
      each.option,
      month(each.firstCheaperMonth),
      month(each.cheaperFromMonth),
      month(each.paybackMonth),
      dollars(each.savedUsd),
      dollars(each.presentGainUsd),
    ]),
  };
}

/** Booked cost of every option by line, over the whole plan. */
export function ownershipTable({ options }: Projection): Table {
  const names = Object.keys(lineNames).filter((name) =>
    options.some(({ lineTotals }) => (lineTotals[name] ?? 0) !== 0),
  );
  const cell = (each: ProjectionOption, name: string): string =>
    each.lineTotals[name] === undefined ? noValue : dollars(each.lineTotals[name]);
  return {
    columns: [
      textColumn("option"),
      ...names.map((name) => figureColumn(lineNames[name])),
      figureColumn("total"),
    ],
    rows: options.map((each) => [
      each.id,
      ...names.map((name) => cell(each, name)),
      dollars(each.totalUsd),
    ]),
  };
}

/** Months down, options across: booked cost, with * where a target is missed. */
export function monthTable({ months, options }: Projection): Table {
  const cost = ({ costUsd, isValid }: OptionMonth): string =>
    `${dollars(costUsd)}${isValid ? "" : "*"}`;
  return {
    columns: [
      figureColumn("month"),
      figureColumn("tokens"),
      ...options.map((each) => figureColumn(each.id)),
    ],
    rows: months.map(({ month, date, monthTokens }, i) => [
      date === undefined ? String(month) : `${month} (${date})`,
      formatTokens(monthTokens),
      ...options.map((each) => cost(each.months[i])),
    ]),
  };
}

/** The plan line by line, defaults written out. */
function planLines({ plan, replications, maxGpus }: Projection): string[] {
  const { growth, prices, commitments, purchase, firstMonthTokens, months, start } = plan;
  const grows =
    growth.kind === "table"
      ? `table of ${growth.monthTokens.length} months`
      : `${percent(growth.perMonth)} a month`;
  const paths = (["gpu", "api", "licence", "hardware", "power"] as const).map((name) => {
    const { perYear, steps } = prices[name];
    const stepped = steps.map(({ from, factor }) => `x ${formatGiven(factor)} from ${from}`);
    return `${name} ${[`${percent(perYear)} a year`, ...stepped].join(", ")}`;
  });
  const committed = commitments.map(
    (each) =>
      `commitment ${each.id}: ${each.termMonths} months, ${percent(each.discount)} off, ${percent(each.upfrontShare)} upfront, GPUs ${each.gpus}, ${each.renew ? "renewed" : "not renewed"}`,
  );
  return [
    `months ${months}${start === undefined ? "" : ` from ${start}`}; growth ${grows}; first month ${firstMonthTokens === undefined ? "the traffic's own volume" : formatTokens(firstMonthTokens)}`,
    `prices: ${paths.join("; ")}`,
    `discount rate ${percent(plan.discountPerYear)} a year; ${replications} runs per volume; at most ${maxGpus} GPUs`,
    ...committed,
    ...(purchase === undefined ? [] : [purchaseLine(purchase)]),
  ];
}

function purchaseLine(bought: NonNullable<Projection["plan"]["purchase"]>): string {
  const usd = (value: number): string => `$${formatGiven(value)}`;
  return [
    `purchase: ${usd(bought.usdPerServer)} a server of ${bought.gpusPerServer} GPUs`,
    `network ${usd(bought.networkUsdPerServer)}, installation ${usd(bought.installUsdPerServer)}`,
    `life ${bought.lifeMonths} months, residual ${percent(bought.residualShare)}, interest ${percent(bought.interestPerYear)} a year`,
    `${formatGiven(bought.kwPerServer)} kW (idle ${percent(bought.idlePowerShare)} of it) x PUE ${formatGiven(bought.pue)} x ${usd(bought.usdPerKwh)}/kWh`,
    `colocation ${usd(bought.colocationUsdPerKwMonth)} per kW and month, maintenance ${percent(bought.maintenanceSharePerYear)} a year`,
    `staff ${usd(bought.staffUsdPerMonth)} a month + ${usd(bought.staffUsdPerServerMonth)} per server`,
  ].join("; ");
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** The whole projection; ends with a line break. */
export function formatProjection(projection: Projection): string {
  const { scenario, sentence, notes, warnings } = projection;
  const title = `${scenario.name} (seed ${scenario.seed}), ${projection.plan.months} months ahead`;
  const parts = [
    [...prose(title), "", ...prose(sentence)],
    ["Options over the plan", ...formatTextTable(optionTable(projection))],
    projection.comparisons.length === 0
      ? []
      : [`Against ${projection.baseline}`, ...formatTextTable(crossingTable(projection))],
    ["Total cost of ownership (booked, USD)", ...formatTextTable(ownershipTable(projection))],
    [
      "Month by month (booked, USD; * where a target is missed or requests are lost)",
      ...formatTextTable(monthTable(projection)),
    ],
    bullets("Plan", planLines(projection)),
    bullets("Warnings", warnings),
    bullets("Notes", notes),
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

function prose(text: string, indent = ""): string[] {
  return wrapText(plainText(text), proseWidth, indent);
}

function bullets(heading: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  return [heading, ...texts.flatMap((text) => prose(`- ${text}`, "  "))];
}
