/** A file that says which namespace each tenant belongs to. */
import { InputError } from "../../units/errors.ts";
import { CaseReader, readCaseTable } from "../benchmark/caseTable.ts";

/** Pairs of tenant and namespace from a CSV with these columns, once each. Throws InputError for missing columns, an empty cell, or a tenant with two namespaces. */
export function readNamespaces(text: string): [string, string][] {
  const table = readCaseTable(text, ["tenant", "namespace"], "file of namespaces");
  const reader = new CaseReader(table.columns);
  const known = new Map<string, string>();
  for (const row of table.rows) {
    const tenant = reader.text(row, "tenant");
    const namespace = reader.text(row, "namespace");
    if (tenant === "" || namespace === "") {
      throw new InputError(
        `Line ${row.line}: ${tenant === "" ? "tenant" : "namespace"} is empty. Wanted a name in each; leave the line out for a tenant without a namespace.`,
        { field: tenant === "" ? "tenant" : "namespace" },
      );
    }
    const earlier = known.get(tenant);
    if (earlier !== undefined && earlier !== namespace) {
      throw new InputError(
        `Line ${row.line}: tenant "${tenant}" is in namespace "${namespace}", and was in "${earlier}" before. Wanted one namespace for a tenant.`,
        { field: "namespace" },
      );
    }
    known.set(tenant, namespace);
  }
  return [...known];
}
