/** The claims that ship with the project: data/claims.json, read and checked, with the traces that it names. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ClaimsFile, claimsFileSchema } from "../../shared/schema/claims.ts";
import { ProblemsError } from "../../shared/schema/findings.ts";
import { readJson } from "../../shared/schema/jsonText.ts";
import { describeIssues } from "../../shared/schema/schemaProblems.ts";

/** Where the claims stand in the repository. */
export const claimsPath = fileURLToPath(new URL("../../data/claims.json", import.meta.url));

/** Reads and checks a file of claims. Throws ProblemsError naming every field that does not fit. */
export function loadClaims(path: string = claimsPath): ClaimsFile {
  const document = readJson(readFileSync(path, "utf8"), path);
  const parsed = claimsFileSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new ProblemsError(path, describeIssues(parsed.error.issues, document));
}

/** Where the traces lie from which the claims are computed, by id, and their formats. */
export function claimTraces(
  file: ClaimsFile,
  path: string = claimsPath,
): Map<string, { readonly path: string; readonly format: string }> {
  return new Map(
    file.traces.map(({ id, file: name, format }) => [
      id,
      { path: join(dirname(path), name), format },
    ]),
  );
}
