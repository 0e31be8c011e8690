/** The benchmark's frame: sections that record figures, each against its bar. */

/** A figure's bar: the least or the most that its value may be. */
export type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** One measured figure; `ok` is undefined where there is no bar. */
export interface Figure {
  readonly name: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly bar: Bar | undefined;
  readonly ok: boolean | undefined;
  /** Day of a figure that was not measured in this call, e.g. "2026-11-24". */
  readonly measuredOn?: string;
}

/** Takes a figure that a section has measured. */
export type Recorder = (name: string, value: number, unit: string, bar?: Bar) => void;

/** Figures that belong together and are measured in one go. */
export interface Section {
  readonly name: string;
  /** Names of the figures that `run` records; each stands in one section only. */
  readonly figures: readonly string[];
  run(record: Recorder): void | Promise<void>;
}

/** Wall and processor time of a call, seconds. */
export interface Timing<T> {
  readonly result: T;
  readonly wallS: number;
  readonly cpuS: number;
}

/** Whether a value keeps its bar. */
export function keepsBar(value: number, bar: Bar): boolean {
  return "atLeast" in bar ? value >= bar.atLeast : value <= bar.atMost;
}

/** ">= 1000000" or "<= 100". */
export function barText(bar: Bar): string {
  return "atLeast" in bar ? `>= ${bar.atLeast}` : `<= ${bar.atMost}`;
}

/** Runs `work` once and times it; processor time counts all threads of this process. */
export async function timed<T>(work: () => T | Promise<T>): Promise<Timing<T>> {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const result = await work();
  const wallS = Number(process.hrtime.bigint() - start) / 1e9;
  const used = process.cpuUsage(cpu);
  return { result, wallS, cpuS: (used.user + used.system) / 1e6 };
}

/** The quickest of `times` runs by processor time: what the machine's other work disturbed least. */
export async function bestOf<T>(times: number, work: () => T | Promise<T>): Promise<Timing<T>> {
  let best = await timed(work);
  for (let i = 1; i < times; i++) {
    const next = await timed(work);
    if (next.cpuS < best.cpuS) best = next;
  }
  return best;
}

/** What a call of the benchmark may spend before it starts no further section, seconds. */
export const budgetS = 7 * 60;

function missing(name: string): Figure {
  return { name, value: undefined, unit: "", bar: undefined, ok: false };
}

/** Figures of one section: those that it recorded, and a failed row for each that it promised and did not. */
async function runSection(section: Section): Promise<Figure[]> {
  const figures: Figure[] = [];
  await section.run((name, value, unit, bar) => {
    if (!section.figures.includes(name)) {
      throw new Error(`section ${section.name} does not list the figure ${name}`);
    }
    figures.push({ name, value, unit, bar, ok: bar && keepsBar(value, bar) });
  });
  const recorded = new Set(figures.map(({ name }) => name));
  return [...figures, ...section.figures.filter((name) => !recorded.has(name)).map(missing)];
}

/** Sections chosen by their own name or that of one of their figures; all without a name. */
export function choose(sections: readonly Section[], only: string | undefined): Section[] {
  return sections.filter(
    ({ name, figures }) => only === undefined || name === only || figures.includes(only),
  );
}

/** Runs sections one after the other within a budget of seconds; what was not reached counts as failed. */
export async function runSections(
  sections: readonly Section[],
  limitS: number,
  onFigure: (figure: Figure) => void,
): Promise<Figure[]> {
  const all: Figure[] = [];
  const start = process.hrtime.bigint();
  for (const section of sections) {
    const spentS = Number(process.hrtime.bigint() - start) / 1e9;
    const figures = spentS > limitS ? section.figures.map(missing) : await runSection(section);
    for (const figure of figures) onFigure(figure);
    all.push(...figures);
  }
  return all;
}
