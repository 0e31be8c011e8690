/** Rules about what code may reach: globals, the clock, chance, the language's power, and calls that stand in one file. */
import {
  isNode,
  nameOf,
  type SourceFile,
  type SyntaxNode,
  type Violation,
  walk,
} from "./sourceFile.ts";

/** Globals of a host that pure code must not touch. */
const hostGlobals = new Set(
  (
    "process console Buffer require module __dirname __filename global globalThis window document navigator " +
    "localStorage setTimeout setInterval setImmediate queueMicrotask fetch performance crypto structuredClone Worker"
  ).split(" "),
);

/** Functions of Math that are exact, or agree between the V8 versions that the golden hash is tested on. */
const allowedMath = new Set(
  (
    "abs ceil floor round trunc min max sign imul clz32 fround sqrt exp log cos atan " +
    "PI E LN2 LN10 SQRT2 SQRT1_2 LOG2E LOG10E"
  ).split(" "),
);

/** Calls that stand in exactly one file of the product. */
const singleFileCalls: readonly { pattern: RegExp; file: string }[] = [
  { pattern: /^ipcMain$/, file: "electron/main/ipc.ts" },
  { pattern: /^shell\.openExternal$/, file: "electron/main/security/externalUrl.ts" },
  { pattern: /^new Database$/, file: "electron/storage/database.ts" },
  { pattern: /^new BrowserWindow$/, file: "electron/main/windows.ts" },
  { pattern: /(^|\.)createServer$/, file: "electron/loopback/server.ts" },
  {
    pattern:
      /^(fs(\.promises)?\.write|(fs(\.promises)?\.)?(writeFile|writev|appendFile|createWriteStream|writeSync))(Sync)?$/,
    file: "electron/files/atomicWrite.ts",
  },
  { pattern: /^window\.crossover$/, file: "renderer/api/preloadClient.ts" },
];

const exitFile = "electron/cli/main.ts";

type Report = (node: SyntaxNode, rule: string, message: string) => void;

/** `a.b` as text where both are plain names; "" otherwise. */
function memberText(node: SyntaxNode): string {
  if (node.type !== "MemberExpression") return nameOf(node);
  if (!isNode(node.object)) return "";
  const left =
    node.object.type === "MemberExpression" ? memberText(node.object) : nameOf(node.object);
  return `${left}.${nameOf(node.property)}`;
}

const bindingParents = new Set([
  "VariableDeclarator",
  "AssignmentPattern",
  "RestElement",
  "ArrayPattern",
]);

/** Names that the file itself declares: they hide a global of the same name. */
function declaredNames(program: SyntaxNode): Set<string> {
  const names = new Set<string>();
  walk(program, (node, parent, field) => {
    if (node.type !== "Identifier" || parent === undefined) return;
    const isBound =
      (bindingParents.has(parent.type) && field !== "init" && field !== "right") ||
      field === "params" ||
      field === "local" ||
      (field === "id" && parent.type !== "MemberExpression") ||
      (field === "value" && parent.type === "Property");
    if (isBound) names.add(nameOf(node));
  });
  return names;
}

/** Whether an identifier stands for a value, not for a member's or key's name or a type. */
function isReference(parent: SyntaxNode | undefined, field: string): boolean {
  if (parent === undefined || parent.type.startsWith("TS")) return false;
  if (field === "property" && parent.type === "MemberExpression") return parent.computed === true;
  if (field === "key") return parent.computed === true;
  return !["local", "imported", "exported", "label"].includes(field);
}

function checkMath(node: SyntaxNode, parent: SyntaxNode | undefined, report: Report): void {
  if (node.type === "MemberExpression" && nameOf(node.object) === "Math") {
    const name = nameOf(node.property);
    const isKnown = node.computed !== true && allowedMath.has(name);
    if (!isKnown) report(node, "power", `Math.${name} is not the same on every host; see units.ts`);
  }
  const isTaken = node.type === "Identifier" && node.name === "Math";
  if (isTaken && parent?.type === "VariableDeclarator") {
    report(node, "power", "Math is taken apart; call its functions by name");
  }
  const operator = String(node.operator ?? "");
  if (operator === "**" || operator === "**=") {
    report(node, "power", "** differs between V8 versions; use power() of shared/units/units.ts");
  }
}

function checkClock(node: SyntaxNode, report: Report): void {
  const isCreation = node.type === "NewExpression" || node.type === "CallExpression";
  if (isCreation && nameOf(node.callee) === "Date") {
    const given = Array.isArray(node.arguments) ? node.arguments.length : 0;
    if (node.type === "CallExpression" || given === 0) {
      report(node, "clock", "the current time is passed in, not read");
    }
  }
  if (node.type !== "MemberExpression") return;
  const text = memberText(node);
  if (text === "Date.now")
    report(node, "clock", "Date.now: the current time is passed in, not read");
  if (text === "Math.random")
    report(node, "chance", "Math.random: chance comes from named streams");
}

/** shared/ is pure: no host globals, no clock, no chance, no power. */
function checkShared(file: SourceFile, report: Report): void {
  const declared = declaredNames(file.program);
  walk(file.program, (node, parent, field) => {
    checkMath(node, parent, report);
    checkClock(node, report);
    if (node.type === "ImportExpression")
      report(node, "globals", "shared imports nothing at run time");
    if (node.type !== "Identifier" || !isReference(parent, field)) return;
    const name = nameOf(node);
    if (hostGlobals.has(name) && !declared.has(name)) {
      report(node, "globals", `shared may not use ${name}`);
    }
  });
}

/** What a node calls, creates or reads, as the single-file rules name it. */
function callText(node: SyntaxNode): string {
  if (node.type === "NewExpression") return `new ${nameOf(node.callee)}`;
  if (node.type === "CallExpression" && isNode(node.callee)) return memberText(node.callee);
  if (node.type === "ImportSpecifier" && nameOf(node.imported) === "ipcMain") return "ipcMain";
  return memberText(node) === "window.crossover" ? "window.crossover" : "";
}

function checkSingleFiles(file: SourceFile, report: Report): void {
  walk(file.program, (node) => {
    const text = callText(node);
    for (const { pattern, file: only } of singleFileCalls) {
      if (pattern.test(text) && file.path !== only) {
        report(node, "single file", `${text} stands only in ${only}`);
      }
    }
    if (text === "new Worker" && file.path.startsWith("renderer/")) {
      report(node, "single file", "the renderer creates no Worker");
    }
  });
}

function checkExit(file: SourceFile, report: Report): void {
  walk(file.program, (node) => {
    if (node.type !== "MemberExpression" || memberText(node) !== "process.exit") return;
    report(node, "exit", `process.exit stands only in ${exitFile}`);
  });
}

const modelWords = /request|token|gpu|llm/i;

/** sim/ is a kernel for any simulation: none of its names knows what is simulated. */
function checkKernelWords(file: SourceFile, report: Report): void {
  walk(file.program, (node) => {
    if (node.type === "Identifier" && modelWords.test(nameOf(node))) {
      report(node, "kernel words", `sim knows no "${nameOf(node)}"`);
    }
  });
}

/** All rules of reach, for one file. */
export function checkPurity(file: SourceFile): Violation[] {
  const violations: Violation[] = [];
  const report: Report = (node, rule, message) => {
    violations.push({ path: file.path, line: file.lineAt(node.start), rule, message });
  };
  const floor = file.path.split("/")[0];
  if (file.path !== exitFile) checkExit(file, report);
  if (file.isTest) return violations;
  if (floor === "shared") checkShared(file, report);
  if (file.path.startsWith("shared/sim/")) checkKernelWords(file, report);
  if (floor === "shared" || floor === "electron" || floor === "renderer") {
    checkSingleFiles(file, report);
  }
  return violations;
}
