/** `crossover chargeback SCENARIO`: who pays what of the bill, idle hours included, adding up to it. */
import type { ChargebackOptions } from "../../../shared/cost/chargeback/chargeBack.ts";
import { fixedRules, idleRules } from "../../../shared/cost/chargeback/chargebackReport.ts";
import { chargebackKeys } from "../../../shared/cost/chargeback/requestKeys.ts";
import { readNamespaces } from "../../../shared/planning/chargeback/namespaces.ts";
import { chargebackCsv, formatChargeback } from "../../../shared/reports/chargebackText.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { type Charged, chargeRun } from "../../services/chargebacks.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { textOption } from "./caseFile.ts";
import { choiceOption, refuseOverwrite } from "./chargebackOptions.ts";
import { measuredOptions, runMeasuredChargeback } from "./measuredChargeback.ts";
import {
  overridesOf,
  readScenario,
  type ScenarioInput,
  scenarioOptions,
  watchRuns,
  wholeNumber,
} from "./scenarioInput.ts";

/** The most bytes of a file of namespaces. */
const maxNamespaceBytes = 64e6;

/** The command. */
export const chargebackCommand: Command = {
  name: "chargeback",
  summary: "who pays what of a scenario's bill: by class, tenant, namespace, model or pool",
  usage:
    "chargeback SCENARIO [--by class|tenant|namespace|model|pool] [--idle proportional|even|separate] [--csv FILE] [--json]; or chargeback --dcgm FILE --price USD [--hours N] [--by namespace|pod]",
  options: {
    by: { type: "string", help: `${chargebackKeys.join(", ")}; default class` },
    idle: {
      type: "string",
      help: "who bears idle GPU-hours: proportional (to work, default), even (all who used the pool alike), separate (a row of their own)",
    },
    fixed: {
      type: "string",
      help: "who bears fixed costs: in proportion to cost (all else, default) or tokens, or even",
    },
    namespaces: {
      type: "string",
      help: 'CSV with the columns tenant, namespace, for --by namespace; adds to the scenario\'s own "namespaces" and goes before them',
    },
    csv: { type: "string", help: "write the rows as CSV" },
    ...measuredOptions,
    ...scenarioOptions,
  },
  run: runChargeback,
};

async function runChargeback(io: CommandIo, args: ParsedArgs): Promise<number> {
  const { positionals, values } = args;
  if (values.dcgm !== undefined) return runMeasuredChargeback(io, args);
  const measured = ["price", "hours"].find((name) => values[name] !== undefined);
  if (measured !== undefined) throw new UsageError(`--${measured} is read with --dcgm only`);
  if (positionals.length !== 1) {
    throw new UsageError(`chargeback wants one scenario file, found ${positionals.length}`);
  }
  const by = choiceOption(args, "by", chargebackKeys) ?? "class";
  const rules = {
    idle: choiceOption(args, "idle", idleRules) ?? "proportional",
    fixed: choiceOption(args, "fixed", fixedRules) ?? "cost",
  };
  const csv = textOption(args, "csv");
  const overrides = overridesOf(values);
  const refuse = (read: string): void => refuseOverwrite(read, csv);
  const namespaceFile = textOption(args, "namespaces");
  if (namespaceFile !== undefined && by !== "namespace") {
    throw new UsageError(`--namespaces is read with --by namespace only, found --by ${by}`);
  }
  for (const read of [positionals[0], namespaceFile, ...overrides.map(({ path }) => path)]) {
    if (read !== undefined) refuse(read);
  }
  const seed = wholeNumber(values.seed, "--seed", 0, Number.MAX_SAFE_INTEGER);
  const acceptRejects = values["accept-rejects"] === true;
  const input = await readScenario(positionals[0], { overrides, acceptRejects, onRead: refuse });
  const given = namespaceFile === undefined ? [] : await namespacesOf(namespaceFile);
  const namespaceOf = allNamespaces(input.scenario, given, by);
  const result = await charge(io, { ...input, seed }, { by, ...rules, namespaceOf });
  if (result === undefined) return exitCodes.interrupted;
  if (csv !== undefined) atomicWriteFile(csv, chargebackCsv(result.chargeback));
  print(io, result, values.json === true);
  return input.rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

async function charge(
  io: CommandIo,
  input: ScenarioInput,
  options: ChargebackOptions,
): Promise<Charged | undefined> {
  return watchRuns(io, (watcher) => chargeRun(input, options, watcher));
}

function print(io: CommandIo, { run, chargeback, warnings }: Charged, isJson: boolean): void {
  const { scenario, hash, engineVersion } = run;
  if (!isJson) {
    const title = `${scenario.name} (seed ${scenario.seed})`;
    io.stdout(formatChargeback(chargeback, title, warnings));
    return;
  }
  for (const warning of warnings) io.stderr(`crossover: ${warning}\n`);
  const document = { engineVersion, hash, scenario, ...chargeback, warnings };
  io.stdout(`${JSON.stringify(document, undefined, 2)}\n`);
}

async function namespacesOf(path: string): Promise<[string, string][]> {
  try {
    return readNamespaces(await readTextFile(path, maxNamespaceBytes));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${path}: ${error.message}`, { field: error.field, hint: error.hint });
  }
}

function allNamespaces(
  { namespaces = {} }: Scenario,
  given: readonly [string, string][],
  by: string,
): ReadonlyMap<string, string> {
  const all = new Map([...Object.entries(namespaces), ...given]);
  if (by !== "namespace" || all.size > 0) return all;
  throw new InputError(
    'Nothing says which namespace a tenant belongs to. Wanted "namespaces": {"TENANT": "NAMESPACE", ...} in the scenario, or --namespaces FILE.csv with the columns tenant and namespace.',
    { field: "namespaces" },
  );
}
