/** One walk through every method of the contract; what an earlier reply gave is remembered by name. */
import { join } from "node:path";
import type { CallFiles } from "./callers.ts";

const samples = join(import.meta.dirname, "../../data/samples");
const trace = join(samples, "AzureLLMInferenceTrace_conv.csv");
const scenario = join(samples, "azure-conv-hybrid.crossover");

/** What earlier replies gave, by name. */
export type Memory = Record<string, unknown>;

/** One call. */
export interface Step {
  readonly method: string;
  readonly params?: unknown | ((memory: Memory) => unknown);
  readonly files?: CallFiles;
  /** Names in the memory, with the way to them in the reply's value: "scenarios.0.id". */
  readonly keep?: Readonly<Record<string, string>>;
  /** Why the reply is another on every host: then only its form is compared, or its error's code where it is one. */
  readonly differsBecause?: string;
}

/** A scenario that needs no trace and is simulated at once. */
const small = {
  ...{
    format: "crossover-scenario",
    version: 1,
    name: "parity",
    kept: { $column: "f64", more: [1] },
  },
  traffic: {
    sources: [
      {
        ...{ id: "chat", kind: "synthetic", durationS: 60 },
        arrivals: { process: "poisson", rateRps: 5 },
        lengths: {
          prompt: { kind: "constant", value: 200 },
          output: { kind: "constant", value: 20 },
        },
      },
    ],
    classes: [{ id: "all" }],
  },
  providers: [
    {
      ...{ id: "api", name: "API", model: "gpt", tokenizerFactor: 1 },
      price: {
        ...{ inputUsdPerMTok: 2, outputUsdPerMTok: 8 },
        provenance: [{ source: "test", retrievedOn: "2026-11-24", basis: "list price" }],
      },
    },
  ],
  rules: [{ id: "all", to: { provider: "api" } }],
};

const changed = { ...small, name: "parity, changed" };
const broken = { ...small, rules: [{ id: "all", to: { provider: "nobody" } }] };
const gone = "0123456789abcdef0123";

const appSteps: readonly Step[] = [
  { method: "app.info", differsBecause: "it says which host this is" },
  { method: "settings.get" },
  { method: "settings.set", params: { theme: "dark", mappings: { "a,b": { arrival: "a" } } } },
  { method: "settings.get" },
  { method: "job.cancel", params: { job: "nothing under way" } },
];

const scenarioSteps: readonly Step[] = [
  { method: "scenario.list" },
  { method: "scenario.create", params: { document: small }, keep: { id: "id" } },
  { method: "scenario.create", params: { document: { format: "other" } } },
  { method: "scenario.open", params: ({ id }: Memory) => ({ id }) },
  { method: "scenario.open", params: { id: gone } },
  {
    method: "scenario.saveDraft",
    params: ({ id }: Memory) => ({ id, baseVersion: 1, document: changed, over: null }),
  },
  {
    method: "scenario.saveDraft",
    params: ({ id }: Memory) => ({ id, baseVersion: 1, document: small, over: null }),
  },
  { method: "scenario.open", params: ({ id }: Memory) => ({ id }) },
  { method: "scenario.dropDraft", params: ({ id }: Memory) => ({ id, over: null }) },
  { method: "scenario.dropDraft", params: ({ id }: Memory) => ({ id }) },
  {
    method: "scenario.save",
    params: ({ id }: Memory) => ({ id, baseVersion: 1, document: changed, label: "second" }),
  },
  {
    method: "scenario.save",
    params: ({ id }: Memory) => ({ id, baseVersion: 1, document: changed }),
  },
  { method: "scenario.open", params: ({ id }: Memory) => ({ id, version: 1 }) },
  { method: "scenario.open", params: ({ id }: Memory) => ({ id, version: 9 }) },
  { method: "scenario.presets", keep: { preset: "presets.0.id" } },
  {
    method: "scenario.createPreset",
    params: ({ preset }: Memory) => ({ preset, name: "mine" }),
    keep: { made: "id" },
  },
  { method: "scenario.createPreset", params: { preset: "nonsense" } },
  { method: "scenario.open", params: ({ made: id }: Memory) => ({ id }) },
  { method: "scenario.outline", params: { document: small } },
  { method: "scenario.outline", params: { document: { ...small, rules: 1 } } },
  {
    method: "scenario.diff",
    params: ({ id, made }: Memory) => ({ scenarios: [{ id }, { id: made }] }),
  },
  { method: "scenario.versions", params: ({ id }: Memory) => ({ id }) },
  { method: "scenario.setTags", params: ({ id }: Memory) => ({ id, tags: ["a", " a ", "ü"] }) },
  { method: "scenario.duplicate", params: ({ id }: Memory) => ({ id }), keep: { copy: "id" } },
  { method: "scenario.list", params: {} },
  { method: "scenario.erase", params: ({ copy }: Memory) => ({ id: copy }) },
  { method: "scenario.delete", params: ({ copy }: Memory) => ({ id: copy }) },
  { method: "scenario.list", params: { isDeleted: true } },
  { method: "scenario.restore", params: ({ copy }: Memory) => ({ id: copy }) },
  { method: "scenario.delete", params: ({ copy }: Memory) => ({ id: copy }) },
  { method: "scenario.erase", params: ({ copy }: Memory) => ({ id: copy }) },
  { method: "scenario.check", params: { document: small } },
  { method: "scenario.check", params: { document: broken } },
  { method: "scenario.preview", files: { file: scenario } },
  { method: "scenario.preview", params: { file: "no token" } },
  { method: "scenario.import", files: { file: scenario }, keep: { imported: "id" } },
  { method: "scenario.import", files: { file: trace } },
  {
    method: "scenario.export",
    params: ({ imported }: Memory) => ({ id: imported }),
    files: { target: "exported.crossover" },
  },
  { method: "scenario.export", params: ({ id }: Memory) => ({ id, target: "no token" }) },
  { method: "scenario.createSample", keep: { sample: "id" } },
];

const traceSteps: readonly Step[] = [
  { method: "trace.list", keep: { trace: "traces.0.id" } },
  { method: "trace.get", params: ({ trace: id }: Memory) => ({ id }) },
  { method: "trace.preview", files: { file: trace } },
  { method: "trace.preview", params: { format: "nonsense" }, files: { file: trace } },
  {
    method: "trace.import",
    params: { job: "import", name: "mine", format: "azure" },
    files: { file: trace },
    keep: { second: "trace.id" },
  },
  { method: "trace.import", params: { job: "import" }, files: { file: scenario } },
  { method: "trace.rename", params: ({ second: id }: Memory) => ({ id, name: "ours" }) },
  { method: "trace.delete", params: ({ second: id }: Memory) => ({ id }) },
  { method: "trace.delete", params: ({ second: id }: Memory) => ({ id }) },
  { method: "trace.list" },
];

const runSteps: readonly Step[] = [
  {
    method: "run.start",
    params: ({ id }: Memory) => ({ job: "run", document: small, scenarioId: id }),
    keep: { run: "run.id" },
  },
  {
    method: "run.start",
    params: ({ id }: Memory) => ({ job: "run", document: small, scenarioId: id }),
  },
  { method: "run.start", params: { job: "run", document: small, scenarioId: gone } },
  { method: "run.start", params: { job: "run", document: broken } },
  { method: "run.get", params: ({ run }: Memory) => ({ id: run }) },
  { method: "run.list", params: ({ id }: Memory) => ({ scenarioId: id }) },
  { method: "scenario.list" },
  { method: "run.quick", params: { job: "quick", document: small } },
  {
    method: "run.requests",
    params: ({ run }: Memory) => ({ job: "requests", run: { id: run }, limit: 5 }),
  },
  {
    method: "run.latencies",
    params: ({ run }: Memory) => ({ job: "latencies", run: { id: run } }),
  },
  { method: "run.flow", params: ({ run }: Memory) => ({ job: "flow", run: { id: run } }) },
  {
    method: "run.routeTest",
    params: { document: small, request: { promptTokens: 100, outputTokens: 10 } },
  },
  {
    method: "figure.list",
    params: ({ run }: Memory) => ({ runId: run }),
    keep: { figure: "figures.0" },
  },
  {
    method: "figure.explain",
    params: ({ run, figure }: Memory) => ({ runId: run, figure }),
  },
  { method: "figure.explain", params: ({ run }: Memory) => ({ runId: run, figure: "nonsense" }) },
  { method: "run.delete", params: ({ run }: Memory) => ({ id: run }) },
  { method: "run.get", params: ({ run }: Memory) => ({ id: run }) },
];

const studySteps: readonly Step[] = [
  {
    method: "study.start",
    params: ({ id }: Memory) => ({
      job: "study",
      study: { kind: "chargeback" },
      scenarios: [{ id }],
    }),
    keep: { study: "study.id" },
  },
  {
    method: "study.start",
    params: ({ id, made }: Memory) => ({
      job: "study",
      study: { kind: "compare", baseline: 5 },
      scenarios: [{ id }, { id: made }],
    }),
  },
  { method: "study.list", params: ({ id }: Memory) => ({ scenarioId: id }) },
  { method: "study.get", params: ({ study: id }: Memory) => ({ id }) },
  { method: "study.get", params: ({ study: id }: Memory) => ({ id, document: { name: "x" } }) },
  {
    method: "report.build",
    params: ({ study, id }: Memory) => ({
      items: [
        { kind: "study", id: study },
        { kind: "scenario", id },
      ],
    }),
  },
  {
    method: "report.export",
    params: ({ study, id }: Memory) => ({
      format: "html",
      items: [
        { kind: "study", id: study },
        { kind: "scenario", id },
      ],
    }),
    files: { target: "report.html" },
  },
  {
    method: "report.export",
    params: ({ study }: Memory) => ({ format: "csv", items: [{ kind: "study", id: study }] }),
    files: { target: "report.csv" },
  },
  {
    method: "report.export",
    params: { format: "csv", items: [{ kind: "run", id: gone }], target: "no token" },
  },
  { method: "study.delete", params: ({ study: id }: Memory) => ({ id }) },
  { method: "study.get", params: ({ study: id }: Memory) => ({ id }) },
  { method: "claims.run", params: { job: "claims", only: ["h100-month"] } },
  { method: "claims.run", params: { job: "claims", only: ["nonsense"] } },
  { method: "fidelity.card" },
];

const catalogSteps: readonly Step[] = [
  { method: "catalog.get" },
  { method: "catalog.fit", params: { model: "llama-3.1-70b", gpu: "h100-sxm" } },
  { method: "catalog.fit", params: { model: "llama-3.1-71b", gpu: "h100-sxm" } },
  {
    method: "catalog.mig",
    params: {
      gpu: "h100-sxm",
      placed: [{ profile: "3g.40gb", start: 4 }],
      models: [{ model: "llama-3.1-8b" }],
    },
  },
  { method: "catalog.addToScenario", params: { document: small, gpus: ["h200-sxm"] } },
  { method: "prices.read", files: { file: scenario } },
  { method: "prices.read", files: { file: trace } },
  { method: "prices.read", params: { file: "no such token" } },
];

const hostSteps: readonly Step[] = [
  {
    method: "files.choose",
    params: { purpose: "trace" },
    files: { file: trace },
    differsBecause: "a browser chooses with the page's own input and sends the file",
  },
  {
    method: "files.chooseTarget",
    params: { purpose: "scenario", suggestedName: "parity.crossover" },
    files: { target: "parity.crossover" },
  },
  {
    method: "files.chooseTargets",
    params: { purpose: "scenario", suggestedNames: ["a.crossover", "b.crossover"] },
    files: { target: "." },
  },
  {
    method: "host.setFullScreen",
    params: { isFull: false },
    differsBecause: "only Electron has a window of its own",
  },
  {
    method: "host.printPdf",
    params: { paper: "A4" },
    files: { target: "parity.pdf" },
    differsBecause: "only Electron prints by itself",
  },
  { method: "files.offer", differsBecause: "only Electron's preload finds out where a file lies" },
  { method: "files.recent", differsBecause: "a browser does not say where files lie" },
  { method: "files.openRecent", params: { id: gone } },
  { method: "files.clearRecent" },
  {
    method: "host.setCommands",
    params: { commands: [] },
    differsBecause: "only Electron has a menu",
  },
  {
    method: "host.openLink",
    params: { url: "file:///etc/passwd" },
  },
  { method: "host.flushed", params: { flush: 1 } },
  { method: "host.openLink", params: { url: "http://docs.nvidia.com/" } },
  { method: "storage.act", params: { action: "backUp" } },
  {
    method: "storage.backups",
    keep: { backup: "backups.0.id" },
    differsBecause: "each host makes its daily backup at its own time",
  },
  { method: "storage.restore", params: { backup: "no-such-backup" } },
  {
    method: "storage.restore",
    params: ({ backup }: Memory) => ({ backup }),
    differsBecause: "each host makes its daily backup at its own time",
  },
  { method: "scenario.list" },
  { method: "storage.act", params: { action: "retry" } },
  { method: "storage.status" },
  { method: "storage.act", params: { action: "startFresh" } },
  { method: "scenario.list" },
];

/** The walk. */
export const steps: readonly Step[] = [
  ...appSteps,
  ...scenarioSteps,
  ...traceSteps,
  ...runSteps,
  ...studySteps,
  ...catalogSteps,
  ...hostSteps,
];
