/** Reads a benchmark tool's result file, told by its keys, as measured points. */
import { type JsonValue, readJson } from "../../schema/jsonText.ts";
import { InputError } from "../../units/errors.ts";
import { type RequestRecord, readRequestRecord, summarizeRecords } from "./aiperfRecords.ts";
import { readBenchServe } from "./benchServe.ts";
import { buildPoint, type RawPoint } from "./buildPoint.ts";
import { readGuideLlm } from "./guideLlm.ts";
import { readInferencePerf } from "./inferencePerf.ts";
import type {
  AssumedLoad,
  BenchmarkImport,
  BenchmarkTool,
  MeasuredPoint,
  PointProblem,
} from "./measuredPoint.ts";
import { readNvidiaPerf } from "./nvidiaPerf.ts";
import { isObject, ResultFields, wrong } from "./resultFields.ts";

/** The largest result file, bytes. */
export const maxBenchmarkBytes = 256e6;

/** A document of a file: the whole of it, or a line. */
interface Document {
  readonly place: string;
  readonly text: string;
}

/** What kind of document it is. */
type Kind = BenchmarkTool | "aiperf records";

/** The points of a file. A row that lacks what a point needs is a problem, not an error. Throws InputError for a file that is no result of a known tool. */
export function importBenchmark(
  text: string,
  fileName: string,
  assumed: AssumedLoad = {},
): BenchmarkImport {
  const documents = splitDocuments(text, fileName);
  const reader = new ResultReader(fileName, assumed);
  for (const document of documents) reader.take(document, documents.length === 1);
  return reader.finish();
}

/** JSON lines where the first line is a whole object, else one document. */
function splitDocuments(text: string, fileName: string): Document[] {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (body.trim() === "") {
    throw new InputError(`${fileName} is empty. Wanted the result file of a benchmark tool.`, {
      field: "file",
    });
  }
  const first = body.trimStart().split("\n", 1)[0].trim();
  if (!(first.startsWith("{") && first.endsWith("}"))) return [{ place: "", text: body }];
  return body
    .split("\n")
    .map((line, at) => ({ place: `line ${at + 1}`, text: line }))
    .filter((line) => line.text.trim() !== "");
}

/** Python writes what JSON does not have: a rate that is infinite, a mean of nothing. Both become null, also inside texts, which nothing here reads. */
function withoutPythonNumbers(text: string): string {
  return text.replaceAll(/([:[,]\s*)(?:-?Infinity|NaN)(?=\s*[,}\]])/g, "$1null");
}

class ResultReader {
  private readonly fileName: string;
  private readonly assumed: AssumedLoad;
  private readonly points: MeasuredPoint[] = [];
  private readonly problems: PointProblem[] = [];
  private readonly records: RequestRecord[] = [];
  private tool: BenchmarkTool | undefined;

  constructor(fileName: string, assumed: AssumedLoad) {
    this.fileName = fileName;
    this.assumed = assumed;
  }

  /** Reads one document. The only one of a file must be a result of a known tool. */
  take({ place, text }: Document, isOnly: boolean): void {
    if (isOnly) this.read(this.parse(text, place), place);
    else this.attempt(place, () => this.read(this.parse(text, place), place));
  }

  finish(): BenchmarkImport {
    if (this.records.length > 0) {
      this.attempt("", () => this.add(summarizeRecords(this.records), "", undefined));
    }
    if (this.tool === undefined) throw this.unknownFile(this.problems[0]?.message ?? "");
    return { tool: this.tool, points: this.points, problems: this.problems };
  }

  private parse(text: string, place: string): ResultFields {
    const name = place === "" ? this.fileName : `${this.fileName}, ${place}`;
    const value = readJson(withoutPythonNumbers(text), name);
    if (isObject(value)) return new ResultFields(value);
    throw this.unknownFile(`found ${Array.isArray(value) ? "a list" : JSON.stringify(value)}`);
  }

  private read(document: ResultFields, place: string): void {
    const kind = detectKind(document);
    if (kind === undefined) throw this.unknownFile(keysOf(document));
    this.tool ??= kind === "aiperf records" ? "aiperf" : kind;
    if (kind === "guidellm") this.readBenchmarks(document);
    else if (kind === "aiperf records") this.attempt(place, () => this.addRecord(document));
    else this.attempt(place, () => this.add(readSummary(document, kind), place, document));
  }

  private addRecord(line: ResultFields): void {
    const record = readRequestRecord(line);
    if (record !== undefined) this.records.push(record);
  }

  private readBenchmarks(whole: ResultFields): void {
    const list = whole.at("benchmarks");
    if (!Array.isArray(list)) throw wrong("benchmarks", list ?? null, "a list");
    list.forEach((entry: JsonValue, at) => {
      const place = `benchmarks[${at}]`;
      this.attempt(place, () => {
        if (!isObject(entry)) throw wrong(place, entry, "an object");
        this.add(readGuideLlm(new ResultFields(entry), whole), place, whole);
      });
    });
  }

  private add(raw: RawPoint, place: string, document: ResultFields | undefined): void {
    const toolVersion =
      document?.text("metadata.guidellm_version") ?? document?.text("aiperf_version");
    const source = { file: this.fileName, place, toolVersion };
    this.points.push(buildPoint(raw, this.assumed, source));
  }

  private attempt(place: string, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { field, message } = error;
      this.problems.push({ file: this.fileName, place, field, message });
    }
  }

  private unknownFile(found: string): InputError {
    return new InputError(
      `${this.fileName}: not a result of a known benchmark tool; ${found}. Wanted guidellm's benchmarks.json, AIPerf's profile_export_aiperf.json or profile_export.jsonl, genai-perf's or inference-perf's JSON, a result of vllm bench serve --save-result, or the JSON lines of sglang.bench_serving.`,
      { field: "file" },
    );
  }
}

function keysOf({ root }: ResultFields): string {
  const keys = Object.keys(root).slice(0, 6);
  return keys.length === 0 ? "found no keys" : `found the keys ${keys.join(", ")}`;
}

function readSummary(
  document: ResultFields,
  kind: Exclude<Kind, "aiperf records" | "guidellm">,
): RawPoint {
  if (kind === "aiperf" || kind === "genai-perf") return readNvidiaPerf(document, kind);
  if (kind === "inference-perf") return readInferencePerf(document);
  return readBenchServe(document, kind);
}

/** The tool by the keys that only it writes. */
function detectKind(document: ResultFields): Kind | undefined {
  const has = (path: string) => document.at(path) !== undefined;
  if (has("benchmarks")) return "guidellm";
  if (has("successes") && has("load_summary")) return "inference-perf";
  if (has("metadata.request_start_ns")) return "aiperf records";
  if (has("request_throughput") && has("total_output_tokens")) {
    const isSglang = has("mean_e2e_latency_ms") || has("input_throughput");
    return isSglang ? "sglang.bench_serving" : "vllm bench serve";
  }
  if (has("aiperf_version")) return "aiperf";
  const isPerf = has("request_throughput.avg") || has("request_latency.avg");
  return isPerf ? "genai-perf" : undefined;
}
