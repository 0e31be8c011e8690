/** To whom each request is charged: a class, a tenant, a namespace, the model or the pool that served it. */
import type { Scenario } from "../../schema/scenario.ts";
import type { RequestTable } from "../../serving/requestTable.ts";

/** What a bill can be divided by. */
export const chargebackKeys = ["class", "tenant", "namespace", "model", "pool"] as const;
export type ChargebackKey = (typeof chargebackKeys)[number];

/** What a row stands for: something that the scenario or its traffic names, or what is left over. */
export type ChargebackRowKind = "named" | "noTenant" | "noNamespace" | "notServed";

/** Rows and the request's way to its own. Rows of pools and models include those that served nothing. */
export interface RequestKeys {
  readonly names: readonly string[];
  readonly kinds: readonly ChargebackRowKind[];
  /** Row of a request. */
  rowOf(request: number): number;
  /** Row that bears what nobody used of a pool (by index); undefined where the pools are not the rows. */
  rowOfPool(pool: number): number | undefined;
}

/** Names of rows that stand for no name of the traffic. */
const restNames: Readonly<Record<Exclude<ChargebackRowKind, "named">, string>> = {
  noTenant: "(no tenant)",
  noNamespace: "(no namespace)",
  notServed: "(not served)",
};

/** Collects rows by kind and name, in order of their first mention. */
class RowList {
  readonly names: string[] = [];
  readonly kinds: ChargebackRowKind[] = [];
  private readonly known = new Map<string, number>();

  /** Number of a named row. */
  named(name: string): number {
    return this.row("named", name);
  }

  /** Number of the row of what has no name. */
  rest(kind: Exclude<ChargebackRowKind, "named">): number {
    return this.row(kind, restNames[kind]);
  }

  private row(kind: ChargebackRowKind, name: string): number {
    const id = `${kind} ${name}`;
    const row = this.known.get(id) ?? this.names.length;
    if (row === this.names.length) {
      this.known.set(id, row);
      this.names.push(name);
      this.kinds.push(kind);
    }
    return row;
  }
}

/** The rows of a run's requests. `namespaceOf` maps tenants to namespaces. */
export function requestKeys(
  by: ChargebackKey,
  scenario: Scenario,
  table: RequestTable,
  namespaceOf: ReadonlyMap<string, string>,
): RequestKeys {
  if (by === "class") return byClass(scenario, table);
  if (by === "tenant" || by === "namespace") return byTenant(by, table, namespaceOf);
  const { pools, providers } = scenario;
  const nameOf =
    by === "pool" ? (each: { id: string }) => each.id : (each: { model: string }) => each.model;
  return byDestination([...pools, ...providers].map(nameOf), table);
}

function byClass({ traffic }: Scenario, table: RequestTable): RequestKeys {
  const rows = new RowList();
  for (const each of traffic.classes) rows.named(each.id);
  return {
    ...rows,
    rowOf: (request) => table.classIndex[request],
    rowOfPool: () => undefined,
  };
}

function byTenant(
  by: "tenant" | "namespace",
  { workload }: RequestTable,
  namespaceOf: ReadonlyMap<string, string>,
): RequestKeys {
  const rows = new RowList();
  const rowOfTenant = Int32Array.from(workload.tenants, (tenant) => {
    if (tenant === "") return rows.rest("noTenant");
    if (by === "tenant") return rows.named(tenant);
    const namespace = namespaceOf.get(tenant);
    return namespace === undefined ? rows.rest("noNamespace") : rows.named(namespace);
  });
  const { tenantIndex } = workload;
  if (tenantIndex === undefined) rows.rest("noTenant");
  return {
    ...rows,
    rowOf: (request) => (tenantIndex === undefined ? 0 : rowOfTenant[tenantIndex[request]]),
    rowOfPool: () => undefined,
  };
}

/** By what served a request; `names` in the order of the destinations, pools first. */
function byDestination(names: readonly string[], table: RequestTable): RequestKeys {
  const rows = new RowList();
  const rowOfDestination = names.map((name) => rows.named(name));
  const notServed = rows.rest("notServed");
  return {
    ...rows,
    rowOf: (request) =>
      Number.isNaN(table.admittedNs[request])
        ? notServed
        : rowOfDestination[table.destination[request]],
    rowOfPool: (pool) => rowOfDestination[pool],
  };
}
