/** Where the entries of core's own threads lie. */

/** A TypeScript file beside this one, or in the built program a bundle beside it. */
export function threadEntry(name: "storageWorker" | "traceWorker" | "studyWorker"): URL {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(`./${name}.${isSource ? "ts" : "cjs"}`, import.meta.url);
}
