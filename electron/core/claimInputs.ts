/** What the claim ledger is computed from: the claims file, the catalog and the traces that the claims name. */
import type { ClaimLedger } from "../../shared/planning/claims/ledger.ts";
import type { ClaimInputs } from "../../shared/planning/claims/quantities.ts";
import { fillNote } from "../../shared/reports/claimsText.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { InputError } from "../../shared/units/errors.ts";
import { loadTrace } from "../files/loadTrace.ts";
import { loadCatalog } from "../services/catalogFiles.ts";
import { claimTraces, loadClaims } from "../services/claimFiles.ts";

/** Reads it all. `folder`: another catalog than the project's. Throws InputError for a trace of which rows cannot be used. */
export async function loadClaimInputs(folder: string | undefined): Promise<ClaimInputs> {
  const file = loadClaims();
  const traces = new Map<string, TraceColumns>();
  for (const [id, { path, format }] of claimTraces(file)) {
    const { columns, result } = await loadTrace(path, { format });
    if (result.rejected.count > 0) {
      throw new InputError(
        `${result.rejected.count} rows of the trace ${path} cannot be used, and the claims count all of them. Restore the file.`,
        { field: `traces.${id}.file` },
      );
    }
    traces.set(id, columns);
  }
  return { file, catalog: loadCatalog(folder), traces };
}

/** The ledger as it is shown: with the values of quantities in its notes. */
export function shownLedger(ledger: ClaimLedger): object {
  const claims = ledger.claims.map((claim) => ({
    ...claim,
    note: claim.note === undefined ? undefined : fillNote(claim.note, claim.noteValues),
  }));
  return { ...ledger, claims };
}
