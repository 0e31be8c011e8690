/** Sentences whose figures stay with their units at the end of a line. */

/** The text with spaces between a figure and what it counts that do not break: "95 %", "1.30 s", "730 h", "19.9 B". */
export function keepUnits(text: string): string {
  return text
    .replace(/(\d) (?=(%|ms|s|min|h|k|M|B|T|x|GPUs?)(?![\w]))/g, "$1\u00a0")
    .replace(/± (?=\S)/g, "±\u00a0");
}
