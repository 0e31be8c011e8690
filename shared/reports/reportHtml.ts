/** A report as one HTML file that stands alone and prints well: no script, no network, its own content policy; everything in it is escaped. */
import { curveSvg } from "./curveSvg.ts";
import { escapeHtml } from "./htmlText.ts";
import type { ReportDocument, ReportSection } from "./reportDocument.ts";
import type { Table } from "./table.ts";

/** The file's only style sheet; the policy names it by its hash. */
export const reportStyle = `
body{font:14px/1.5 system-ui,sans-serif;color:#1b1b1f;background:#fff;max-width:960px;margin:32px auto;padding:0 24px}
h1{font-size:24px;margin:0 0 24px}h2{font-size:18px;margin:32px 0 8px;border-top:1px solid #d7d7de;padding-top:16px}
h3{font-size:14px;margin:20px 0 6px}p{margin:0 0 8px;max-width:72ch}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid #e6e6ec}
th{font-weight:600}.number{text-align:right}
pre{font:9px/1.5 ui-monospace,monospace;overflow-x:auto;margin:16px 0}
footer{margin-top:40px;border-top:1px solid #d7d7de;padding-top:12px;color:#5b5b66;font-size:12px;overflow-wrap:anywhere}
svg{width:100%;height:auto;margin:8px 0}
.grid{stroke:#e6e6ec}.mark{stroke:#5b5b66;stroke-dasharray:3 3}.tick,.axis,.label{font-size:11px;fill:#5b5b66}
.label{fill:#1b1b1f}polyline{fill:none;stroke-width:2}
polyline.own{stroke:#0b6e4f}polyline.api{stroke:#b3541e;stroke-dasharray:7 4}polyline.hybrid{stroke:#3d4fb8;stroke-dasharray:2 3}polyline.other{stroke:#5b5b66}
circle.own{fill:#0b6e4f}circle.api{fill:#b3541e}circle.hybrid{fill:#3d4fb8}circle.other{fill:#5b5b66}circle.doubtful{fill:#fff;stroke:#5b5b66}
@media print{body{margin:0;max-width:none}h2,h3{break-after:avoid}tr,svg{break-inside:avoid}}
`;

/** SHA-256 of reportStyle in base64; a test holds it to that. */
export const reportStyleHash = "IvaERIZxbGn2qCrqlkIcgCgTPySUNO4ZeGztnpOSO+o=";

const policy = `default-src 'none'; style-src 'sha256-${reportStyleHash}'; base-uri 'none'; form-action 'none'`;

/** The whole file. */
export function reportHtml({ title, sections, footer }: ReportDocument): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${reportStyle}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    ...sections.map(sectionHtml),
    `<footer>${footer.map((line) => `<div>${escapeHtml(line)}</div>`).join("")}</footer>`,
    "</body></html>\n",
  ].join("\n");
}

function sectionHtml({ title, paragraphs, curves, tables, lines }: ReportSection): string {
  return [
    `<section><h2>${escapeHtml(title)}</h2>`,
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...curves.map((curve) => `<h3>${escapeHtml(curve.title)}</h3>${curveSvg(curve)}`),
    ...tables.map((each) => `<h3>${escapeHtml(each.title)}</h3>${tableHtml(each.table)}`),
    ...(lines.length === 0 ? [] : [`<pre>${lines.map(escapeHtml).join("\n")}</pre>`]),
    "</section>",
  ].join("\n");
}

function tableHtml({ columns, rows }: Table): string {
  const side = columns.map(({ align }) => (align === "right" ? ' class="number"' : ""));
  const head = columns.map(
    ({ title }, at) => `<th scope="col"${side[at]}>${escapeHtml(title)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, at) => `<td${side[at]}>${escapeHtml(cell)}</td>`).join("")}</tr>`,
  );
  return `<table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}
