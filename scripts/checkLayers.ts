/** Checks the plan of the house over a source tree: `node scripts/checkLayers.ts [ROOT]`; prints every violation. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkBarrels, checkCycles, checkImports } from "./layers/importRules.ts";
import { checkPurity } from "./layers/purityRules.ts";
import { checkEscapes, checkLengths, checkTypicalLengths } from "./layers/shapeRules.ts";
import { readSourceFiles, type Violation } from "./layers/sourceFile.ts";

function dependenciesOf(root: string): Set<string> {
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return new Set(Object.keys(dependencies));
}

/** Every violation of the rules in the tree at `root`, by rule and path. */
export function checkLayers(root: string): Violation[] {
  const files = readSourceFiles(root);
  return [
    ...checkImports(files, dependenciesOf(root)),
    ...checkCycles(files),
    ...checkBarrels(files),
    ...files.flatMap(checkPurity),
    ...files.flatMap(checkLengths),
    ...checkTypicalLengths(files),
    ...files.flatMap(checkEscapes),
  ];
}

/** One line for a violation. */
export function violationLine({ path, line, rule, message }: Violation): string {
  return `${path}:${line}: ${rule}: ${message}`;
}

if (import.meta.main) {
  const violations = checkLayers(process.argv[2] ?? join(import.meta.dirname, ".."));
  for (const violation of violations) console.log(violationLine(violation));
  console.log(`${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
}
