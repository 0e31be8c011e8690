/** Tags of a trace's rows: a column holds one name a row, or a JSON list of names, as gateways write them. */

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function listOf(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every(isText) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The tags that the text of a cell names, each once: those of `["chat","prod"]`, or the text itself as the only one; a row without any has the tag "". */
export function tagsOf(text: string): readonly string[] {
  const listed = text.startsWith("[") ? listOf(text) : undefined;
  if (listed === undefined) return [text];
  return listed.length === 0 ? [""] : [...new Set(listed.map((tag) => tag.trim()))];
}
