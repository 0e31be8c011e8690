/** Use cases around studies of the app: run on threads of their own, kept with the hash of what went in. */
import { createHash } from "node:crypto";
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import { ServiceError } from "../../../shared/contract/errors.ts";
import type { StudyRow } from "../../../shared/contract/libraryRows.ts";
import type { CheckedParams } from "../../../shared/contract/methods.ts";
import {
  type StudyEntry,
  type StudySpec,
  studySpecSchema,
} from "../../../shared/contract/studyMethods.ts";
import { requireSound } from "../../../shared/planning/checkScenario.ts";
import { engineVersion } from "../../../shared/planning/engineVersion.ts";
import { canonicalJson } from "../../../shared/schema/canonicalJson.ts";
import { parseScenario } from "../../../shared/schema/scenarioFile.ts";
import { listUnknownFields } from "../../../shared/schema/unknownFields.ts";
import { InputError } from "../../../shared/units/errors.ts";
import type { JobHandle } from "../jobDesk.ts";
import { studyHeadline } from "../studyKinds/studyHeadline.ts";
import type { StudyScenario, StudyTask } from "../studyKinds/studyTask.ts";
import { nameOf } from "./documents.ts";
import type { LibraryPort, ServiceWorld } from "./libraryPort.ts";
import type { RunService } from "./runs.ts";
import { type ReferredScenario, referTo } from "./scenarioRefs.ts";
import type { ScenarioService } from "./scenarios.ts";

/** Runs studies off this thread; the answer is JSON text. Throws InputError, and JobCancelled when the handle says so. */
export interface StudyRunner {
  runStudy(task: StudyTask, handle: JobHandle): Promise<string>;
  runClaims(only: readonly string[] | undefined, handle: JobHandle): Promise<string>;
}

/** What names the code and the data behind an answer. */
export interface StudyBasis {
  /** The code of the engine. */
  engine(): string;
  /** Everything else that answers hang on: the program's version, catalog, claims. */
  data(): string;
}

/** Scenarios that a kind of study takes: least and most. */
const scenarioCounts: Partial<Record<StudySpec["kind"], readonly [number, number]>> = {
  compare: [2, 8],
  uncertainty: [1, 8],
};

/** What the library keeps of a study beside its answer. */
interface KeptFigures {
  readonly headline: string | null;
  /** Names the document, the traces and the program that it stands on; null for several documents, absent in studies of earlier versions. */
  readonly basis?: string | null;
}

/** A study as it was kept. */
interface KeptStudy {
  readonly study: StudyEntry;
  readonly result: Record<string, unknown>;
  readonly isCurrent: boolean | null;
}

type Answer = { readonly row: StudyRow; readonly json: string; readonly isCached: boolean };

/** Studies of the library. */
export class StudyService {
  private readonly library: LibraryPort;
  private readonly world: ServiceWorld;
  private readonly scenarios: ScenarioService;
  private readonly runs: RunService;
  private readonly runner: StudyRunner;
  private readonly basis: StudyBasis;

  constructor(
    library: LibraryPort,
    world: ServiceWorld,
    scenarios: ScenarioService,
    runs: RunService,
    runner: StudyRunner,
    basis: StudyBasis,
  ) {
    this.library = library;
    this.world = world;
    this.scenarios = scenarios;
    this.runs = runs;
    this.runner = runner;
    this.basis = basis;
  }

  /** Runs and keeps it; one of the same inputs is given back where there is one. */
  async start(params: Omit<CheckedParams<"study.start">, "job">, handle: JobHandle) {
    const { study: spec, isFresh } = params;
    refuseUnknownFields(spec);
    refuseCount(spec.kind, params.scenarios.length);
    const referred = await Promise.all(params.scenarios.map((ref) => referTo(this.scenarios, ref)));
    const read = await Promise.all(
      referred.map((each, index) =>
        this.read(each, index).catch((error: unknown) => {
          throw referred.length > 1 ? ofScenario(error, index, each) : error;
        }),
      ),
    );
    const inputs = { spec, documents: referred.map(({ document }) => document) };
    const names = read.map((each) => each.names);
    const name = params.name ?? nameOf(referred[0].document);
    const task = { spec, name, scenarios: read.map(({ scenario }) => scenario) };
    const { row, json, isCached } = await this.answer(
      {
        kind: spec.kind,
        name,
        scenarioId: params.scenarioId ?? referred.find(({ id }) => id !== null)?.id ?? null,
        inputHash: this.hashOf([inputs, names, name]),
        basis: read.length === 1 ? this.basisHash(referred[0].document, names[0]) : null,
        isFresh,
      },
      () => this.runner.runStudy(task, handle),
      (result) => studyHeadline(spec.kind, result),
    );
    return { study: entryOf(row), result: JSON.parse(json) as Record<string, unknown>, isCached };
  }

  /** The claim ledger, kept like a study. */
  async claims(only: readonly string[] | undefined, isFresh: boolean, handle: JobHandle) {
    const { json, isCached } = await this.answer(
      {
        ...{ kind: "claims", name: "Claim ledger", scenarioId: null, basis: null, isFresh },
        inputHash: this.hashOf(["claims", only ?? null]),
      },
      () => this.runner.runClaims(only, handle),
      () => null,
    );
    return { ledger: JSON.parse(json) as Record<string, unknown>, isCached };
  }

  async list(scenarioId: string): Promise<StudyEntry[]> {
    return (await this.library.listStudies(scenarioId)).map(entryOf);
  }

  /** A kept study; with a document, whether it is the one that the study is of. */
  async get(id: string, document?: ScenarioDocument): Promise<KeptStudy> {
    const row = await this.library.getStudy(id);
    if (row === undefined) throw notFound(id);
    const { basis } = row.figures as KeptFigures;
    const isCurrent =
      document === undefined || basis == null ? null : basis === (await this.basisNow(document));
    return { study: entryOf(row), result: JSON.parse(await this.textOf(row)), isCurrent };
  }

  /** The basis that a study of this document would have; undefined where none could be run. */
  private async basisNow(document: ScenarioDocument): Promise<string | undefined> {
    try {
      const { scenario } = parseScenario(JSON.stringify(document), nameOf(document));
      return this.basisHash(document, (await this.runs.tracesOf(scenario)).names);
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }

  /** Names what a study of one scenario stands on, whatever it asks. */
  private basisHash(document: ScenarioDocument, traces: string): string {
    return this.hashOf([document, traces]);
  }

  async delete(id: string): Promise<void> {
    if (!(await this.library.eraseStudy(id))) throw notFound(id);
    this.world.changed("studies", id);
  }

  /** What is kept of the question, or the answer of `run`, kept. */
  private async answer(
    question: Pick<StudyRow, "kind" | "name" | "scenarioId" | "inputHash"> & {
      basis: string | null;
      isFresh: boolean;
    },
    run: () => Promise<string>,
    headline: (result: object) => string | null,
  ): Promise<Answer> {
    const { isFresh, basis, ...key } = question;
    const known = isFresh ? undefined : await this.library.findStudy(key.inputHash);
    if (known !== undefined) return { row: known, json: await this.textOf(known), isCached: true };
    const startedMs = this.world.now();
    const json = await run();
    const row: StudyRow = {
      ...{ id: this.world.newId(), ...key, startedMs, engine: engineVersion },
      wallMs: this.world.now() - startedMs,
      figures: { headline: headline(JSON.parse(json) as object), basis } satisfies KeptFigures,
      resultHash: await this.library.putBlob(Buffer.from(json, "utf8")),
    };
    await this.library.putStudy(row);
    this.world.changed("studies", row.id);
    return { row, json, isCached: false };
  }

  private async textOf(row: StudyRow): Promise<string> {
    return Buffer.from(await this.library.getBlob(row.resultHash)).toString("utf8");
  }

  /** The checked scenario with its traces. Throws ProblemsError, InputError. */
  private async read({ document }: ReferredScenario, index: number) {
    const label = nameOf(document);
    const parsed = parseScenario(JSON.stringify(document), `Scenario ${index + 1}, ${label}`);
    const findings = requireSound(parsed.scenario, `Scenario ${index + 1}, ${label}`);
    const { traces, names } = await this.runs.tracesOf(parsed.scenario);
    const warnings = [...parsed.warnings, ...findings.warnings].map(
      ({ field, message }) => `${field}: ${message}`,
    );
    const scenario: StudyScenario = { label, scenario: parsed.scenario, traces, warnings };
    return { scenario, names };
  }

  private hashOf(inputs: unknown): string {
    const text = canonicalJson([inputs, this.basis.engine(), this.basis.data()]);
    return createHash("sha256").update(text).digest("hex");
  }
}

/** The error of one of several scenarios, which says of which: in words, and by its field, "scenarios.1". */
function ofScenario(error: unknown, index: number, { document }: ReferredScenario): unknown {
  if (!(error instanceof InputError || error instanceof ServiceError)) return error;
  const place = `Scenario ${index + 1}, ${nameOf(document)}: `;
  const message = error.message.startsWith(place) ? error.message : `${place}${error.message}`;
  return new ServiceError("badInput", message, {
    field: `scenarios.${index}`,
    ...(error.hint !== undefined && { hint: error.hint }),
  });
}

function entryOf(row: StudyRow): StudyEntry {
  const { resultHash: _result, figures, ...entry } = row;
  return { ...entry, headline: (figures as KeptFigures).headline };
}

function notFound(id: string): ServiceError {
  return new ServiceError("notFound", `There is no study ${id} in the library (any more).`, {
    field: "id",
  });
}

/** Parts that files may extend are strict here: a field that is not known would be asked for in vain. */
function refuseUnknownFields(spec: StudySpec): void {
  const [unknown] = listUnknownFields(studySpecSchema, spec);
  if (unknown === undefined) return;
  throw new ServiceError("badParams", `study.start: study.${unknown}: this field is not known.`, {
    field: `study.${unknown.split(" ")[0]}`,
  });
}

function refuseCount(kind: StudySpec["kind"], found: number): void {
  const [least, most] = scenarioCounts[kind] ?? [1, 1];
  if (found >= least && found <= most) return;
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  throw new InputError(`A study of kind ${kind} takes ${wanted} scenarios, found ${found}.`, {
    field: "scenarios",
  });
}
