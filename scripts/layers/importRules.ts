/** Rules about who may import whom. */
import type { ImportEdge, SourceFile, Violation } from "./sourceFile.ts";

const foundation = ["units", "stats"];
const described = [...foundation, "schema", "catalog"];
const simulated = [...described, "sim", "workload", "serving"];

/** What each room of shared/ may import besides itself. */
const sharedEdges: Record<string, readonly string[]> = {
  units: [],
  stats: ["units"],
  schema: foundation,
  catalog: [...foundation, "schema"],
  sim: foundation,
  workload: [...described, "sim"],
  serving: [...described, "sim", "workload"],
  cost: simulated,
  planning: [...simulated, "cost"],
  contract: described,
  importers: described,
  reports: described,
};

/** Rooms of shared/ of which another room may see the types only. */
const sharedTypeEdges: Record<string, readonly string[]> = {
  contract: ["workload", "serving", "cost", "planning", "importers"],
  reports: ["workload", "serving", "cost", "planning", "importers"],
};

/** What each room of electron/ may import of electron/ besides itself. */
const electronEdges: Record<string, readonly string[]> = {
  services: [],
  storage: [],
  files: [],
  workers: [],
  core: ["services", "storage", "files", "workers"],
  main: ["core"],
  preload: [],
  loopback: ["core"],
  cli: ["core", "services", "files", "workers"],
};

/** Rooms of shared/ whose code the renderer may run; of the others it sees types, of the forbidden ones nothing. */
const rendererRuns = ["contract", "units", "schema", "reports"];
const rendererNeverSees = ["sim", "serving", "importers"];

/** Packages of the page: they are bundled into it, so they stand among the development packages. */
const pagePackages = [
  "react",
  "react-dom",
  "react-aria-components",
  "zustand",
  "immer",
  "d3-array",
  "d3-scale",
  "d3-shape",
  "lucide-react",
  "@fontsource-variable/inter",
  "@fontsource-variable/jetbrains-mono",
];

/** Packages that shared/ may use: pure, and the same on every host. */
const purePackages = ["zod", "udsv", "@noble/hashes"];
const zodFile = "shared/schema/zod.ts";

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
}

/** Wrong imports between the rooms of one floor (shared or electron). */
function edgeProblem(from: readonly string[], to: readonly string[], edge: ImportEdge) {
  const [floor, room] = from;
  const target = to[1]!;
  if (room === target) return undefined;
  const table = floor === "shared" ? sharedEdges : electronEdges;
  const allowed = table[room!];
  if (allowed === undefined) return `${floor}/${room} is no room of the house`;
  if (allowed.includes(target)) return undefined;
  const types = floor === "shared" ? (sharedTypeEdges[room!] ?? []) : [];
  if (types.includes(target)) {
    return edge.isTypeOnly ? undefined : `${floor}/${room} may import only types of ${target}`;
  }
  return `${floor}/${room} may not import ${floor}/${target}`;
}

function rendererProblem(to: readonly string[], edge: ImportEdge): string | undefined {
  if (to[0] === "renderer") return undefined;
  if (to[0] !== "shared") return `renderer may not import ${to[0]}`;
  const room = to[1]!;
  if (rendererNeverSees.includes(room)) return `renderer may not import shared/${room}`;
  if (rendererRuns.includes(room) || edge.isTypeOnly) return undefined;
  return `renderer may import only types of shared/${room}`;
}

function isBuildConfig(path: string): boolean {
  return path === "electron/vite.config.ts";
}

function relativeProblem(file: SourceFile, edge: ImportEdge): string | undefined {
  const from = file.path.split("/");
  const to = edge.path!.split("/");
  // The build's configuration is no part of the program: it may use scripts, as it may use development packages.
  const isProduct =
    ["shared", "electron", "renderer"].includes(from[0]!) && !isBuildConfig(file.path);
  if (!isProduct || edge.path === "package.json") {
    return from[0] === "shared" && edge.path === "package.json"
      ? "shared may not import package.json"
      : undefined;
  }
  if (from[0] === "renderer") return rendererProblem(to, edge);
  if (from[0] === "shared" && to[0] !== "shared") return `shared may not import ${edge.path}`;
  if (from[0] === "electron" && to[0] === "shared") return undefined;
  if (from[0] !== to[0]) return `${from[0]} may not import ${edge.path}`;
  if (to.length < 3 || from.length < 3) return undefined;
  return edgeProblem(from, to, edge);
}

function packageProblem(
  file: SourceFile,
  edge: ImportEdge,
  dependencies: ReadonlySet<string>,
): string | undefined {
  const name = packageOf(edge.specifier);
  const floor = file.path.split("/")[0]!;
  const isNode = edge.specifier.startsWith("node:");
  if (name === "zod" && file.path !== zodFile) return `zod is imported only by ${zodFile}`;
  if (floor === "shared" && !purePackages.includes(name)) {
    return `shared may not import ${edge.specifier}; it has only ${purePackages.join(", ")}`;
  }
  if (floor === "renderer") {
    return pagePackages.includes(name) ? undefined : `renderer may not import ${edge.specifier}`;
  }
  if (
    floor === "electron" &&
    !isBuildConfig(file.path) &&
    !isNode &&
    name !== "electron" &&
    !dependencies.has(name)
  ) {
    return `${name} is not among the dependencies of package.json`;
  }
  return undefined;
}

/** Imports that the house's plan does not allow. Tests may import what they like, but nobody may import a test. */
export function checkImports(
  files: readonly SourceFile[],
  dependencies: ReadonlySet<string>,
): Violation[] {
  const violations: Violation[] = [];
  for (const file of files) {
    for (const edge of file.imports) {
      const { path } = edge;
      const report = (rule: string, message: string | undefined): void => {
        if (message !== undefined)
          violations.push({ path: file.path, line: edge.line, rule, message });
      };
      if (path !== undefined && /\.(test|e2e)\.tsx?$/.test(path))
        report("imports", "a test is imported");
      if (file.isTest) continue;
      if (path === undefined) report("packages", packageProblem(file, edge, dependencies));
      else report("imports", relativeProblem(file, edge));
    }
  }
  return violations;
}

/** Import cycles, each once, with the path around. */
export function checkCycles(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const violations: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const message = `import cycle: ${[...trail.slice(start), path].join(" -> ")}`;
      violations.push({ path, line: 1, rule: "cycles", message });
      return;
    }
    if (done.has(path)) return;
    for (const edge of byPath.get(path)?.imports ?? []) {
      if (edge.path !== undefined && byPath.has(edge.path)) visit(edge.path, [...trail, path]);
    }
    done.add(path);
  };
  for (const file of files) visit(file.path, []);
  return violations;
}

/** Barrel files in shared/: index files, and files that only pass on what others export. */
export function checkBarrels(files: readonly SourceFile[]): Violation[] {
  return files
    .filter(({ path }) => path.startsWith("shared/"))
    .filter(({ path, program }) => {
      const body = program.body as { type: string; source?: unknown }[];
      const passedOn = body.filter(
        (node) => node.type.startsWith("Export") && node.source != null,
      ).length;
      const all = body.some((node) => node.type === "ExportAllDeclaration");
      return /(^|\/)index\.tsx?$/.test(path) || all || (passedOn > 0 && passedOn === body.length);
    })
    .map(({ path }) => ({ path, line: 1, rule: "barrels", message: "a barrel file in shared" }));
}
