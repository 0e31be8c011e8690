/** Plain data as YAML 1.2: block style, texts in JSON's quotes unless they are plainly words, long texts as literal blocks. */

/** What a document is made of. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

/** Words that YAML readers of any version take for a text, and nothing else. */
const plain = /^[A-Za-z][A-Za-z0-9_./-]*$/;
const reserved = /^(true|false|null|yes|no|on|off|y|n)$/i;
const blockIndent = "  ";

/** Documents one after the other, each begun by "---". Members that are undefined are left out. */
export function yamlText(documents: readonly YamlValue[]): string {
  return documents.map((document) => `---\n${block(document, "").replace(/^\n/, "")}\n`).join("");
}

/** What follows a key or a dash: on the same line for scalars, on further lines for the rest. */
function block(value: YamlValue, indent: string): string {
  if (typeof value === "string" && isLiteral(value)) return literal(value, indent);
  if (value === null || typeof value !== "object") return ` ${scalar(value)}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return " []";
    return value.map((item: YamlValue) => `\n${indent}-${entry(item, indent)}`).join("");
  }
  const members = Object.entries(value).filter(
    (member): member is [string, YamlValue] => member[1] !== undefined,
  );
  if (members.length === 0) return " {}";
  return members
    .map(([key, member]) => `\n${indent}${scalar(key)}:${block(member, indent + blockIndent)}`)
    .join("");
}

/** An item of a list: an object's first member stands beside the dash. */
function entry(item: YamlValue, indent: string): string {
  const text = block(item, indent + blockIndent);
  return text.startsWith(`\n${indent}${blockIndent}`)
    ? ` ${text.slice(1 + indent.length + blockIndent.length)}`
    : text;
}

function scalar(value: string | number | boolean | null): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return plain.test(value) && !reserved.test(value) ? value : JSON.stringify(value);
}

/** Texts of several lines that a literal block holds as they are. */
function isLiteral(text: string): boolean {
  return (
    /[^\n]\n./s.test(text) &&
    /^[^\s]/.test(text) &&
    !/[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/.test(text)
  );
}

function literal(text: string, indent: string): string {
  const ending = text.endsWith("\n") ? (text.endsWith("\n\n") ? "+" : "") : "-";
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const lines = body.split("\n").map((line) => (line === "" ? "" : `${indent}${line}`));
  return ` |${ending}\n${lines.join("\n")}`;
}
