/** A report before it becomes HTML, Markdown, a print view or slides: sections of sentences, tables and curves. */
import type { Table } from "./table.ts";

/** A place on a curve; what is doubtful misses a target or has too few requests. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly isDoubtful: boolean;
}

/** Curves over one another, both axes logarithmic. */
export interface Curve {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly {
    readonly label: string;
    /** own, api or hybrid: each has one look everywhere. */
    readonly kind: string;
    readonly points: readonly CurvePoint[];
  }[];
  /** A volume that is marked; null for none. */
  readonly mark: { readonly x: number; readonly label: string } | null;
}

/** One section; empty parts are left out. */
export interface ReportSection {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly curves: readonly Curve[];
  readonly tables: readonly { readonly title: string; readonly table: Table }[];
  /** Lines in a fixed width, as the command line prints them. */
  readonly lines: readonly string[];
}

/** The whole. */
export interface ReportDocument {
  readonly title: string;
  readonly sections: readonly ReportSection[];
  /** Hashes, engine, prices as of: a line each. */
  readonly footer: readonly string[];
}

/** A section with what is given; the rest is empty. */
export function reportSection(title: string, parts: Partial<ReportSection>): ReportSection {
  return { title, paragraphs: [], curves: [], tables: [], lines: [], ...parts };
}
