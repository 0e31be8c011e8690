/** Rules about the shape of code: lengths, escapes from the type checker, skipped tests. */
import {
  isNode,
  nameOf,
  type SourceFile,
  type SyntaxNode,
  type Violation,
  walk,
} from "./sourceFile.ts";

const maxFileLines = 400;
const maxFunctionLines = 80;
const maxMedianLines = 8;
const maxNinetiethLines = 30;

const functionTypes = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

/** The functions of a file with a body in braces, and their lengths in lines. */
function functionLengths(file: SourceFile): { node: SyntaxNode; lines: number }[] {
  const found: { node: SyntaxNode; lines: number }[] = [];
  walk(file.program, (node) => {
    if (!functionTypes.has(node.type) || !isNode(node.body)) return;
    if (node.body.type !== "FunctionBody" && node.body.type !== "BlockStatement") return;
    found.push({ node, lines: file.lineAt(node.end) - file.lineAt(node.start) + 1 });
  });
  return found;
}

/** Files over 400 lines, functions over 80. */
export function checkLengths(file: SourceFile): Violation[] {
  const violations: Violation[] = [];
  const fileLines = file.text.split("\n").length - (file.text.endsWith("\n") ? 1 : 0);
  if (fileLines > maxFileLines) {
    const message = `${fileLines} lines; a file has at most ${maxFileLines}`;
    violations.push({ path: file.path, line: 1, rule: "length", message });
  }
  if (file.isTest) return violations;
  for (const { node, lines } of functionLengths(file)) {
    if (lines <= maxFunctionLines) continue;
    const message = `a function of ${lines} lines; it has at most ${maxFunctionLines}`;
    violations.push({ path: file.path, line: file.lineAt(node.start), rule: "length", message });
  }
  return violations;
}

/** The median and the 90th percentile of function lengths over the product's code. */
export function checkTypicalLengths(files: readonly SourceFile[]): Violation[] {
  const lengths = files
    .filter((file) => !file.isTest && /^(shared|electron|renderer)\//.test(file.path))
    .flatMap((file) => functionLengths(file).map(({ lines }) => lines))
    .sort((a, b) => a - b);
  const at = (share: number): number => lengths[Math.floor(share * (lengths.length - 1))] ?? 0;
  const checks: [string, number, number][] = [
    ["median", at(0.5), maxMedianLines],
    ["90th percentile", at(0.9), maxNinetiethLines],
  ];
  return checks
    .filter(([, found, limit]) => found > limit)
    .map(([name, found, limit]) => ({
      path: "(all product code)",
      line: 1,
      rule: "length",
      message: `functions have a ${name} of ${found} lines; wanted at most ${limit}`,
    }));
}

const silencers = /@ts-(ignore|nocheck|expect-error)/;
const suites = new Set(["describe", "it", "test"]);

function escapeOf(node: SyntaxNode): string | undefined {
  if (node.type === "TSAnyKeyword") return "any";
  if (node.type === "TSAsExpression" && isNode(node.expression)) {
    const inner = node.expression;
    const type = isNode(inner.typeAnnotation) ? inner.typeAnnotation.type : "";
    if (inner.type === "TSAsExpression" && type === "TSUnknownKeyword") return "as unknown as";
  }
  if (node.type === "MemberExpression" && suites.has(nameOf(node.object))) {
    const name = nameOf(node.property);
    if (["skip", "only", "todo", "skipIf", "runIf"].includes(name))
      return `${nameOf(node.object)}.${name}`;
  }
  return undefined;
}

/** Ways around the type checker and around tests. */
export function checkEscapes(file: SourceFile): Violation[] {
  const violations: Violation[] = [];
  walk(file.program, (node) => {
    const found = escapeOf(node);
    if (found === undefined) return;
    const line = file.lineAt(node.start);
    violations.push({
      path: file.path,
      line,
      rule: "escape",
      message: `"${found}" is not used here`,
    });
  });
  file.text.split("\n").forEach((text, i) => {
    const found = /^\s*(\/\/|\/\*|\*)/.test(text) ? silencers.exec(text) : null;
    if (found === null) return;
    const message = `${found[0]} is not used here`;
    violations.push({ path: file.path, line: i + 1, rule: "escape", message });
  });
  return violations;
}
