/** The catalog that ships with the project: data/catalog/*.json, read and checked. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Catalog,
  type CatalogKind,
  catalogFileSchemas,
  findCatalogProblems,
} from "../../shared/catalog/catalog.ts";
import type { z } from "../../shared/schema/zod.ts";
import { InputError } from "../../shared/units/errors.ts";

/** Where the catalog files stand in the repository. */
export const catalogFolder = fileURLToPath(new URL("../../data/catalog", import.meta.url));

/** Reads and checks the six catalog files of a folder. Throws InputError naming file and field. */
export function loadCatalog(folder: string = catalogFolder): Catalog {
  const catalog: Catalog = {
    gpus: readEntries(folder, "gpus"),
    models: readEntries(folder, "models"),
    coefficients: readEntries(folder, "coefficients"),
    offers: readEntries(folder, "offers"),
    licences: readEntries(folder, "licences"),
    providers: readEntries(folder, "providers"),
  };
  const problems = findCatalogProblems(catalog);
  if (problems.length > 0) {
    throw new InputError(`The catalog in ${folder} is not sound: ${problems.join("; ")}.`);
  }
  return catalog;
}

type Entries<Kind extends CatalogKind> = z.infer<(typeof catalogFileSchemas)[Kind]>["entries"];

function readEntries<Kind extends CatalogKind>(folder: string, kind: Kind): Entries<Kind> {
  const path = join(folder, `${kind}.json`);
  const parsed = catalogFileSchemas[kind].safeParse(readJson(path));
  if (parsed.success) return parsed.data.entries;
  const [issue] = parsed.error.issues;
  throw new InputError(`${path}, ${issue.path.join(".")}: ${issue.message}. Correct the file.`, {
    field: issue.path.join("."),
  });
}

function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${path} is not JSON: ${messageOf(error)}. Correct the file.`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new InputError(
      `The catalog file ${path} cannot be read: ${messageOf(error)}. Restore it or name another folder.`,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
