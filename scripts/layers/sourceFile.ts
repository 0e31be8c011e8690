/** The source files of a tree, parsed, with what the rules ask of them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "vite";

/** A node of the syntax tree (ESTree with TypeScript): the fields that all have; others by name. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** One import, export-from or dynamic import with a literal. */
export interface ImportEdge {
  readonly specifier: string;
  /** Path from the root for a relative import; undefined for a package. */
  readonly path: string | undefined;
  readonly isTypeOnly: boolean;
  readonly names: readonly string[];
  readonly line: number;
}

/** A parsed file; `path` is from the root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  readonly program: SyntaxNode;
  readonly imports: readonly ImportEdge[];
  lineAt(offset: number): number;
}

/** What one rule found in one place. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Whether a value is a node of the tree. */
export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string"
  );
}

/** Calls `visit` for every node below and including `node`, parents first. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined, field: string) => void,
  parent?: SyntaxNode,
  field = "",
): void {
  visit(node, parent, field);
  for (const [name, value] of Object.entries(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit, node, name);
    } else if (isNode(value)) {
      walk(value, visit, node, name);
    }
  }
}

/** The name of an identifier or literal node; "" for others. */
export function nameOf(node: unknown): string {
  if (!isNode(node)) return "";
  if (node.type === "Identifier") return String(node.name);
  return node.type === "Literal" && typeof node.value === "string" ? node.value : "";
}

function specifierNames(node: SyntaxNode): string[] {
  const specifiers = Array.isArray(node.specifiers) ? node.specifiers.filter(isNode) : [];
  return specifiers.map((each) =>
    each.type === "ImportSpecifier"
      ? nameOf(each.imported)
      : each.type.startsWith("Import")
        ? "*"
        : "",
  );
}

const edgeTypes = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
]);

function isTypeOnly(node: SyntaxNode): boolean {
  if (node.importKind === "type" || node.exportKind === "type") return true;
  const specifiers = Array.isArray(node.specifiers) ? node.specifiers.filter(isNode) : [];
  return specifiers.length > 0 && specifiers.every((each) => each.importKind === "type");
}

function importsOf(
  path: string,
  program: SyntaxNode,
  lineAt: (at: number) => number,
): ImportEdge[] {
  const edges: ImportEdge[] = [];
  walk(program, (node) => {
    if (!edgeTypes.has(node.type) || !isNode(node.source)) return;
    const specifier = nameOf(node.source);
    const isRelative = specifier.startsWith(".");
    edges.push({
      specifier,
      path: isRelative
        ? posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ""))
        : undefined,
      isTypeOnly: isTypeOnly(node),
      names: specifierNames(node),
      line: lineAt(node.start),
    });
  });
  return edges;
}

/** Parses one file. Throws an Error that names it when its syntax is wrong. */
export function parseSourceFile(path: string, text: string): SourceFile {
  const lang = path.endsWith("x") ? "tsx" : "ts";
  const { program, errors } = parseSync(path, text, { lang });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const starts = [0];
  for (let i = 0; i < text.length; i++) if (text[i] === "\n") starts.push(i + 1);
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  if (!isNode(program)) throw new Error(`${path}: the parser gave no tree`);
  const isTest = /\.(test|e2e)\.tsx?$/.test(path);
  return { path, text, isTest, program, imports: importsOf(path, program, lineAt), lineAt };
}

/** Folders that hold source; what is outside them is not checked. */
const sourceFolders = ["shared", "electron", "renderer", "e2e", "bench", "scripts"];

/** All source files below `root`, parsed, in the order of their paths. */
export function readSourceFiles(root: string): SourceFile[] {
  const paths = sourceFolders.flatMap((folder) => {
    let names: string[];
    try {
      names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    } catch {
      return [];
    }
    return names.map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
  });
  return paths
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .filter((path) => !/(^|\/)(node_modules|out|fixtures|electron-runtime)\//.test(path))
    .sort()
    .map((path) => parseSourceFile(path, readFileSync(join(root, path), "utf8")));
}
