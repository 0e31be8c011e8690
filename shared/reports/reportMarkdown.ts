/** A report as Markdown; text of scenarios cannot become markup. */
import { plainText } from "./formatters.ts";
import type { ReportDocument, ReportSection } from "./reportDocument.ts";
import { formatMarkdownTable } from "./table.ts";

/** The whole text. */
export function reportMarkdown({ title, sections, footer }: ReportDocument): string {
  const parts = [
    `# ${prose(title)}`,
    ...sections.flatMap(sectionParts),
    footer.map((line) => `- ${prose(line)}`).join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function sectionParts({ title, paragraphs, curves, tables, lines }: ReportSection): string[] {
  return [
    `## ${prose(title)}`,
    ...paragraphs.map(prose),
    ...curves.flatMap(({ title: name, series, xLabel, yLabel }) => [
      `### ${prose(name)}`,
      formatMarkdownTable({
        columns: [
          { title: "curve", align: "left" },
          { title: xLabel, align: "right" },
          { title: yLabel, align: "right" },
          { title: "", align: "left" },
        ],
        rows: series.flatMap(({ label, points }) =>
          points.map(({ x, y, isDoubtful }) => [
            label,
            String(Math.round(x)),
            y.toFixed(2),
            isDoubtful ? "misses a target, or has too few requests" : "",
          ]),
        ),
      }).trimEnd(),
    ]),
    ...tables.flatMap((each) => [
      `### ${prose(each.title)}`,
      formatMarkdownTable(each.table).trimEnd(),
    ]),
    // Indented, so that no line of it can end a fence.
    ...(lines.length === 0 ? [] : [lines.map((line) => `    ${plainText(line)}`).join("\n")]),
  ];
}

function prose(text: string): string {
  return plainText(text)
    .replace(/[\\`*_[\]#|]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}
