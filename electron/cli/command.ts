/** What a command of the command line is, and what it is given. */

/** One option of a command; `help` says what it is for and, for a string, what a value looks like. */
export interface CommandOption {
  type: "string" | "boolean";
  /** May be given more than once; its value is then a list. */
  multiple?: boolean;
  help: string;
}

/** The parts of a command line after the command's name. */
export interface ParsedArgs {
  positionals: string[];
  values: Record<string, string | boolean | string[] | undefined>;
}

/** The outside world as a command sees it; text is written as it is, so a line ends with its own newline. */
export interface CommandIo {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Whether stderr is a terminal, where progress may be drawn. */
  isTerminal: boolean;
  /** Milliseconds since 1970. */
  now(): number;
  /** Has `handle` called at the first Ctrl+C (or request to end) in place of ending at once; the answer takes that back. A second one ends the program. */
  onInterrupt?(handle: () => void): () => void;
}

/** A command: every one also has --json and --help, which the frame adds. */
export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What follows `crossover`, e.g. "validate SCENARIO [--json]". */
  usage: string;
  options: Record<string, CommandOption>;
  /** Resolves to an exit code (exitCodes.ts). Throws InputError for bad input, UsageError for a wrong command line. */
  run(io: CommandIo, args: ParsedArgs): Promise<number>;
}

/** A command line that cannot be understood: exit code 2. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}
