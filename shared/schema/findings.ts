/** What a check of a file found: problems that stop it from being used, and warnings that do not. */
import { InputError } from "../units/errors.ts";

/** One finding: the field's path in the file, and a message that stands alone. */
export interface Finding {
  readonly field: string;
  readonly message: string;
}

/** Collects findings in the order in which they are met. */
export class Findings {
  readonly problems: Finding[] = [];
  readonly warnings: Finding[] = [];

  problem(field: string, message: string): void {
    this.problems.push({ field, message });
  }

  warn(field: string, message: string): void {
    this.warnings.push({ field, message });
  }
}

const shownProblems = 10;

/** A file with one or more problems; the message shows the first ten, `problems` has all. */
export class ProblemsError extends InputError {
  readonly fileName: string;
  readonly problems: readonly Finding[];

  constructor(fileName: string, problems: readonly Finding[]) {
    const shown = problems.slice(0, shownProblems).map((p) => `${p.field}: ${p.message}`);
    const more = problems.length - shown.length;
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = [
      `${fileName}: ${count}`,
      ...shown,
      ...(more > 0 ? [`and ${more} more; crossover validate lists them all`] : []),
    ];
    super(lines.join("\n  "), { field: problems[0]?.field });
    this.name = "ProblemsError";
    this.fileName = fileName;
    this.problems = problems;
  }
}
