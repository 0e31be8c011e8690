/** Use cases that pass results on: a report over kept runs, studies and scenarios, as data or as a file. */
import type { CheckedParams } from "../../../shared/contract/methods.ts";
import type { ReportItem } from "../../../shared/contract/reportMethods.ts";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { runCsv, scenarioCsv, studyResultCsv } from "../../../shared/reports/reportCsv.ts";
import type { ReportDocument, ReportSection } from "../../../shared/reports/reportDocument.ts";
import { reportHtml } from "../../../shared/reports/reportHtml.ts";
import { reportMarkdown } from "../../../shared/reports/reportMarkdown.ts";
import {
  runSection,
  scenarioSection,
  studySection,
} from "../../../shared/reports/reportSections.ts";
import { canonicalJson } from "../../../shared/schema/canonicalJson.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { InputError, InvariantError } from "../../../shared/units/errors.ts";
import type { FileTokens } from "../fileTokens.ts";
import { nameOf, scenarioOf } from "./documents.ts";
import type { RunService } from "./runs.ts";
import type { FileIo } from "./scenarioFiles.ts";
import { referTo } from "./scenarioRefs.ts";
import type { ScenarioService } from "./scenarios.ts";
import type { StudyService } from "./studies.ts";

/** An item with what it holds. */
type Content =
  | {
      readonly kind: "run";
      readonly name: string;
      readonly report: RunReport;
      readonly scenario: Scenario;
      readonly hash: string;
    }
  | {
      readonly kind: "study";
      readonly name: string;
      readonly study: string;
      readonly result: object;
      readonly hash: string;
    }
  | { readonly kind: "scenario"; readonly name: string; readonly scenario: Scenario };

/** Where the items come from. */
export interface ReportSources {
  readonly scenarios: ScenarioService;
  readonly runs: RunService;
  readonly studies: StudyService;
}

const kindTitles: Readonly<Record<string, string>> = {
  breakeven: "Break-even",
  gate: "Gate",
  compare: "Comparison",
  optimize: "Cheapest fleet",
  uncertainty: "Uncertainty",
  project: "Projection",
  chargeback: "Chargeback",
  sweep: "Study",
  claims: "Claims",
};

/** Reports of the library. */
export class ReportService {
  private readonly sources: ReportSources;
  private readonly files: FileTokens;
  private readonly io: Pick<FileIo, "writeFile">;
  /** Version of the program, for the footer. */
  private readonly version: string;

  constructor(
    sources: ReportSources,
    files: FileTokens,
    io: Pick<FileIo, "writeFile">,
    version: string,
  ) {
    this.sources = sources;
    this.files = files;
    this.io = io;
    this.version = version;
  }

  /** The report as data. Throws ServiceError (notFound) for an item that the library does not have. */
  async build(items: readonly ReportItem[], title: string | undefined): Promise<ReportDocument> {
    return this.documentOf(await this.contents(items), title);
  }

  /** Writes it to a chosen place; the token is used up. */
  async export({ items, title, format, target }: CheckedParams<"report.export">) {
    this.files.peek(target, "write");
    const contents = await this.contents(items);
    const text = this.textOf(contents, title, format);
    const bytes = Buffer.from(text, "utf8");
    return this.files.use(target, "write", async ({ path, name }) => {
      this.io.writeFile(path, bytes);
      return { fileName: name, bytes: bytes.length };
    });
  }

  private textOf(
    contents: readonly Content[],
    title: string | undefined,
    format: CheckedParams<"report.export">["format"],
  ): string {
    if (format === "csv") return csvOf(contents);
    if (format === "json") {
      return canonicalJson({ format: "crossover-report", version: 1, items: contents });
    }
    const document = this.documentOf(contents, title);
    return format === "html" ? reportHtml(document) : reportMarkdown(document);
  }

  private contents(items: readonly ReportItem[]): Promise<Content[]> {
    return Promise.all(items.map((item) => this.contentOf(item)));
  }

  private async contentOf(item: ReportItem): Promise<Content> {
    const { scenarios, runs, studies } = this.sources;
    if (item.kind === "run") {
      const { run, report } = await runs.get(item.id);
      const document = await runs.documentOf(item.id);
      return {
        ...{ kind: "run", name: nameOf(document), report: report as object as RunReport },
        ...{ scenario: scenarioOf(document), hash: run.runHash },
      };
    }
    if (item.kind === "study") {
      const { study, result } = await studies.get(item.id);
      const { kind, name, inputHash: hash } = study;
      return { kind: "study", name, study: kind, result, hash };
    }
    const { id, version } = item;
    const { document } = await referTo(scenarios, {
      id,
      ...(version !== undefined && { version }),
    });
    return { kind: "scenario", name: nameOf(document), scenario: scenarioOf(document) };
  }

  private documentOf(contents: readonly Content[], title: string | undefined): ReportDocument {
    const sections = contents.map(sectionOf);
    const names = [...new Set(contents.map(({ name }) => name))];
    return {
      title: title ?? names.join(", ").slice(0, 200),
      sections,
      footer: [...contents.flatMap(hashLine), ...asOfLine(contents), `Crossover ${this.version}`],
    };
  }
}

function sectionOf(content: Content): ReportSection {
  if (content.kind === "run") return runSection(content.name, content.report);
  if (content.kind === "scenario") {
    return scenarioSection(`Assumptions of ${content.name}`, content.scenario);
  }
  const { study, name, result } = content;
  const section = studySection(study, `${kindTitles[study] ?? study}: ${name}`, result);
  if (section === undefined) throw new InvariantError(`a study of kind ${study}`);
  return section;
}

function hashLine(content: Content): string[] {
  if (content.kind === "scenario") return [];
  if (content.kind === "study")
    return [`${content.name}, ${content.study}: inputs ${content.hash}`];
  const { engineVersion, scenario } = content.report;
  return [`${content.name}: engine ${engineVersion}, seed ${scenario.seed}, hash ${content.hash}`];
}

/** From when to when the prices of all scenarios are. */
function asOfLine(contents: readonly Content[]): string[] {
  const dates = contents
    .flatMap((content) => ("scenario" in content ? datesOf(content.scenario) : []))
    .sort();
  if (dates.length === 0) return [];
  const [first] = dates;
  const last = dates[dates.length - 1];
  return [first === last ? `Prices as of ${first}.` : `Prices as of ${first} to ${last}.`];
}

function datesOf({ pools, partitions, providers, licences }: Scenario): string[] {
  const priced = [...pools, ...partitions, ...providers].map(
    ({ price }) => price?.provenance ?? [],
  );
  const all = [...priced, ...licences.map(({ provenance }) => provenance)];
  return all.flat().map(({ retrievedOn }) => retrievedOn);
}

function csvOf(contents: readonly Content[]): string {
  const [content] = contents;
  if (contents.length > 1) {
    throw new InputError(
      `A CSV file holds one table, found ${contents.length} items. Export them one by one, or as HTML, Markdown or JSON.`,
      { field: "items" },
    );
  }
  if (content.kind === "run") return runCsv(content.report);
  if (content.kind === "scenario") return scenarioCsv(content.scenario);
  const csv = studyResultCsv(content.study, content.result);
  if (csv !== undefined) return csv;
  throw new InputError(
    `A study of kind ${content.study} is no table. Export it as HTML, Markdown or JSON.`,
    { field: "format" },
  );
}
