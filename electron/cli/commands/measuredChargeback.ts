/** `crossover chargeback --dcgm FILE --price USD`: who pays what of measured GPU-hours. */
import { basename } from "node:path";
import { idleRules } from "../../../shared/cost/chargeback/chargebackReport.ts";
import {
  type DcgmFile,
  importDcgm,
  maxDcgmBytes,
} from "../../../shared/importers/dcgm/importDcgm.ts";
import {
  measuredChargeback,
  measuredKeys,
} from "../../../shared/planning/chargeback/measuredChargeback.ts";
import {
  formatMeasuredChargeback,
  measuredChargebackCsv,
} from "../../../shared/reports/measuredChargebackText.ts";
import type { GpuSamples } from "../../../shared/schema/gpuSamples.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type CommandIo, type CommandOption, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { textOption } from "./caseFile.ts";
import { choiceOption, refuseOverwrite } from "./chargebackOptions.ts";

const shownRejects = 20;

/** Options of the measured chargeback. */
export const measuredOptions: Record<string, CommandOption> = {
  dcgm: {
    type: "string",
    multiple: true,
    help: "measured instead of simulated: a scrape of NVIDIA's DCGM exporter, or Prometheus' query_range answer of its metrics (JSON); no SCENARIO then, --by namespace or pod",
  },
  price: { type: "string", help: "with --dcgm: USD for an hour of a whole GPU" },
  hours: {
    type: "string",
    help: "with --dcgm: hours that the samples stand for, e.g. 730 for a month; default the time that query_range covers",
  },
};

/** Reads the files of --dcgm and charges for them; exit code 4 when parts of them could not be read. */
export async function runMeasuredChargeback(io: CommandIo, args: ParsedArgs): Promise<number> {
  const paths = args.values.dcgm as string[];
  const csv = textOption(args, "csv");
  for (const path of paths) refuseOverwrite(path, csv);
  refuseSimulatedOptions(args);
  const by = choiceOption(args, "by", measuredKeys) ?? "namespace";
  const idle = choiceOption(args, "idle", idleRules) ?? "proportional";
  const usdPerGpuHour = amount(args, "price", 0);
  if (usdPerGpuHour === undefined) {
    throw new UsageError("--dcgm needs --price USD, what an hour of a whole GPU costs");
  }
  const hours = amount(args, "hours", Number.MIN_VALUE);
  const files: DcgmFile[] = [];
  for (const path of paths) {
    files.push({ name: basename(path), text: await readTextFile(path, maxDcgmBytes) });
  }
  const imported = importDcgm(files);
  const report = measuredChargeback(imported.samples, loadCatalog().gpus, {
    ...{ by, idle, usdPerGpuHour, hours },
  });
  if (csv !== undefined) atomicWriteFile(csv, measuredChargebackCsv(report));
  const { rejects, warnings } = imported;
  const document = { files: paths, ...report, rejects, warnings };
  io.stdout(
    args.values.json === true
      ? `${JSON.stringify(document, undefined, 2)}\n`
      : formatMeasuredChargeback(report, warnings),
  );
  return tellRejects(io, imported);
}

/** Options that say how a scenario is run have no meaning here. */
function refuseSimulatedOptions({ positionals, values }: ParsedArgs): void {
  const given = ["fixed", "namespaces", "trace", "format", "map", "seed", "accept-rejects"].filter(
    (name) => values[name] !== undefined,
  );
  if (positionals.length > 0 || given.length > 0) {
    const found = positionals[0] ?? `--${given[0]}`;
    throw new UsageError(
      `--dcgm charges for what was measured; found ${found}, which is for a scenario. Leave one of them out`,
    );
  }
}

function amount(args: ParsedArgs, name: string, least: number): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= 1e6) return value;
  throw new InputError(
    `--${name} is "${text}". Wanted a number ${least > 0 ? "above" : "from"} 0${least > 0 ? "" : " on"}, up to 1,000,000.`,
    { field: name },
  );
}

function tellRejects(io: CommandIo, { rejects, warnings }: GpuSamples): number {
  for (const warning of warnings) io.stderr(`crossover: ${warning}\n`);
  for (const { place, reason } of rejects.slice(0, shownRejects)) {
    io.stderr(`rejected ${place}: ${reason}\n`);
  }
  if (rejects.length > shownRejects) {
    io.stderr(`... and ${rejects.length - shownRejects} more; --json lists them all\n`);
  }
  return rejects.length > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}
