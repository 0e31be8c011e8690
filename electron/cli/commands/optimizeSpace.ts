/** The search space as the command line says it: a file, and options in place of its fields. */
import { basename } from "node:path";
import {
  defaultSearchSpace,
  maxSearchSpaceCharacters,
  mostGpus,
  parseSearchSpace,
  type SearchSpaceFile,
  usualRouting,
} from "../../../shared/schema/searchSpace.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { type CommandOption, type ParsedArgs, UsageError } from "../command.ts";
import { wholeNumber } from "./scenarioInput.ts";

/** Options that say what is searched. */
export const spaceOptions: Record<string, CommandOption> = {
  space: {
    type: "string",
    help: "FILE.json with the search space; the options below take the place of its fields",
  },
  pool: { type: "string", help: "the pool that is varied; default: the only one" },
  gpus: {
    type: "string",
    help: "GPU types, e.g. h100-sxm,h200-sxm; default: the pool's own and every one that the catalog has an offer for",
  },
  "min-gpus": { type: "string", help: "fewest GPUs; default 0, which includes no own GPUs at all" },
  "max-gpus": { type: "string", help: "most GPUs; default 16, or as many as the pool has now" },
  tp: { type: "string", help: "GPUs of a replica, e.g. 1,2; default 1,2,4,8 and the pool's own" },
  precisions: { type: "string", help: "of the weights, e.g. fp8; default: all" },
  "kv-precisions": { type: "string", help: "of the KV cache; default: the pool's own" },
  backends: { type: "string", help: "e.g. vllm,trtllm; default: all" },
  "max-num-seqs": {
    type: "string",
    help: "most requests at once of a replica, e.g. 16,32,64; default: the pool's own",
  },
  mig: { type: "boolean", help: "also GPUs cut into MIG instances, every maximal layout" },
  routing: {
    type: "boolean",
    help: "also thresholds of the rules to the pool: waiting requests, wait before spilling, share that goes to it",
  },
  schedules: { type: "string", help: "of always, working-hours, night; default: the pool's own" },
  licences: { type: "string", help: "licences of the catalog; default: the pool's own" },
};

/** The space that the options say. Throws UsageError and InputError. */
export async function readSpace(values: ParsedArgs["values"]): Promise<SearchSpaceFile> {
  const file = await readFileSpace(values.space);
  const minGpus = wholeNumber(values["min-gpus"], "--min-gpus", 0, mostGpus);
  const maxGpus = wholeNumber(values["max-gpus"], "--max-gpus", 1, mostGpus);
  return {
    ...file,
    pool: values.pool === undefined ? file.pool : String(values.pool),
    gpus: listOf(values, "gpus") ?? file.gpus,
    minGpus: minGpus ?? file.minGpus,
    maxGpus: maxGpus ?? file.maxGpus,
    tensorParallel: numbersOf(values, "tp", 16) ?? file.tensorParallel,
    precisions: listOf(values, "precisions") ?? file.precisions,
    kvPrecisions: listOf(values, "kv-precisions") ?? file.kvPrecisions,
    backends: listOf(values, "backends") ?? file.backends,
    maxNumSeqs: numbersOf(values, "max-num-seqs", 4096) ?? file.maxNumSeqs,
    mig: values.mig === true || file.mig,
    routing: values.routing === true ? { ...usualRouting, ...file.routing } : file.routing,
    schedules: listOf(values, "schedules") ?? file.schedules,
    licences: listOf(values, "licences") ?? file.licences,
  };
}

async function readFileSpace(path: ParsedArgs["values"][string]): Promise<SearchSpaceFile> {
  if (path === undefined) return defaultSearchSpace();
  const text = await readTextFile(String(path), maxSearchSpaceCharacters);
  return parseSearchSpace(text, basename(String(path)));
}

function listOf(values: ParsedArgs["values"], option: string): string[] | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const names = String(text)
    .split(",")
    .map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new UsageError(`--${option} is "${text}"`, "it is names with commas between them");
}

function numbersOf(
  values: ParsedArgs["values"],
  option: string,
  most: number,
): number[] | undefined {
  return listOf(values, option)?.map((text) => wholeNumber(text, `--${option}`, 1, most)!);
}
