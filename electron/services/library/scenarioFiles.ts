/** Use cases that move scenarios between files and the library, the sample among them. */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { ScenarioPreview } from "../../../shared/contract/scenarioMethods.ts";
import { canonicalJson } from "../../../shared/schema/canonicalJson.ts";
import { readJson } from "../../../shared/schema/jsonText.ts";
import {
  maxScenarioCharacters,
  parseScenario,
  serialiseScenario,
} from "../../../shared/schema/scenarioFile.ts";
import { InputError } from "../../../shared/units/errors.ts";
import type { FileTokens } from "../fileTokens.ts";
import { sampleScenarioPath } from "../sampleFiles.ts";
import { refuseOtherDocument, scenarioOf, summarise } from "./documents.ts";
import type { LibraryPort } from "./libraryPort.ts";
import { checkDocument, type ScenarioService } from "./scenarios.ts";
import type { TraceService } from "./traces.ts";

/** Reading and writing whole files. */
export interface FileIo {
  /** Messages call the file `shownName`, its path unless given. */
  readText(path: string, maxBytes: number, shownName?: string): Promise<string>;
  writeFile(path: string, data: Uint8Array): void;
}

type Document = Record<string, unknown>;

function documentOfText(text: string, fileName: string): Document {
  const document = readJson(text, fileName);
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new InputError(`${fileName}: found no object, wanted a Crossover scenario.`);
  }
  refuseOtherDocument(document);
  return document;
}

/** Whether the fields fit the schema: then an import takes it, whatever else is wrong with it. */
function isReadable(document: Document, name: string): boolean {
  try {
    parseScenario(JSON.stringify(document), name);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Scenario files in and out. */
export class ScenarioFileService {
  private readonly scenarios: ScenarioService;
  private readonly traces: TraceService;
  private readonly files: FileTokens;
  private readonly library: LibraryPort;
  private readonly io: FileIo;

  constructor(
    scenarios: ScenarioService,
    traces: TraceService,
    files: FileTokens,
    library: LibraryPort,
    io: FileIo,
  ) {
    this.scenarios = scenarios;
    this.traces = traces;
    this.files = files;
    this.library = library;
    this.io = io;
  }

  /** What a chosen file holds; nothing enters the library. */
  async preview(token: string): Promise<ScenarioPreview> {
    const { path, name } = await this.files.arrived(token);
    const document = documentOfText(
      await this.io.readText(path, maxScenarioCharacters, name),
      name,
    );
    const findings = checkDocument(document);
    const ownName = String(document.name ?? name);
    return {
      fileName: name,
      name: ownName,
      contentHash: createHash("sha256").update(canonicalJson(document)).digest("hex"),
      isInLibrary: await this.isKnown(document, ownName),
      summary: summarise(document),
      isReadable: isReadable(document, name),
      ...findings,
      traces: findings.problems.length === 0 ? await this.namedTraces(document) : [],
    };
  }

  /** Takes a chosen file into the library as it is, unknown fields included. */
  import(token: string): Promise<{ id: string; version: number }> {
    return this.files.use(token, "read", async ({ path, name }) => {
      const text = await this.io.readText(path, maxScenarioCharacters, name);
      parseScenario(text, name);
      return this.scenarios.create(documentOfText(text, name));
    });
  }

  /** Writes the canonical file of a version to a chosen place. */
  async export(id: string, version: number | undefined, token: string) {
    this.files.peek(token, "write");
    const { document } = await this.scenarios.open(id, version);
    const bytes = Buffer.from(serialiseScenario(scenarioOf(document)), "utf8");
    return this.files.use(token, "write", async ({ path, name }) => {
      this.io.writeFile(path, bytes);
      return { fileName: name, bytes: bytes.length };
    });
  }

  /** The sample with its trace, which is read once. */
  async createSample(): Promise<{ id: string; version: number }> {
    const text = await this.io.readText(sampleScenarioPath, maxScenarioCharacters);
    const document = documentOfText(text, basename(sampleScenarioPath));
    const { scenario } = parseScenario(text, basename(sampleScenarioPath));
    for (const source of scenario.traffic.sources) {
      if (source.kind !== "trace" || source.file === undefined) continue;
      const known = source.sha256 && (await this.library.findTraces(source.sha256)).length > 0;
      if (known) continue;
      const path = join(dirname(sampleScenarioPath), source.file);
      const quiet = { isCancelled: () => false, progress: () => {} };
      await this.traces.importFile(path, source.file, { format: source.format }, quiet);
    }
    return this.scenarios.create(document);
  }

  /** Whether a scenario of that name says exactly the same. */
  private async isKnown(document: Document, name: string): Promise<boolean> {
    const text = canonicalJson(document);
    const sameName = (await this.library.listScenarios()).filter((each) => each.name === name);
    for (const { id } of sameName) {
      const { document: known } = await this.scenarios.open(id);
      if (canonicalJson(known) === text) return true;
    }
    return false;
  }

  private async namedTraces(document: Document): Promise<ScenarioPreview["traces"]> {
    const traces: ScenarioPreview["traces"] = [];
    for (const source of scenarioOf(document).traffic.sources) {
      if (source.kind !== "trace" || source.file === undefined) continue;
      const found = source.sha256 === undefined ? [] : await this.library.findTraces(source.sha256);
      traces.push({ source: source.id, file: source.file, isInLibrary: found.length > 0 });
    }
    return traces;
  }
}
