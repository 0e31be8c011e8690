/** One call of the command line from arguments to exit code; writes only through `io` and never ends the process. */
import { type Finding, ProblemsError } from "../../shared/schema/findings.ts";
import { InputError } from "../../shared/units/errors.ts";
import { type Command, type CommandIo, UsageError } from "./command.ts";
import { exitCodes } from "./exitCodes.ts";
import { commandHelp, commandHelpJson, generalHelp, generalHelpJson } from "./helpText.ts";
import { parseCommandLine, suggestion } from "./parseCommandLine.ts";

/** What the frame needs to know of the program around it. */
export interface Program {
  version: string;
  commands: Record<string, () => Promise<Command>>;
}

interface Failure {
  exitCode: number;
  code: "usage" | "badInput" | "internal";
  message: string;
  field?: string;
  hint?: string;
  /** All of them, where the message shows the first ones of a file with several. */
  problems?: readonly Finding[];
}

function asFailure(error: unknown): Failure {
  if (error instanceof UsageError) {
    const { message, hint } = error;
    return { exitCode: exitCodes.usage, code: "usage", message, hint };
  }
  if (error instanceof InputError) {
    const { message, field, hint } = error;
    const problems = error instanceof ProblemsError ? error.problems : undefined;
    return { exitCode: exitCodes.badInput, code: "badInput", message, field, hint, problems };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { exitCode: exitCodes.internalError, code: "internal", message };
}

/** What is not the user's doing: message, where it happened, and what to do. */
function internalErrorText(message: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 6) : [];
  return [
    `crossover: an error in Crossover itself: ${message}\n`,
    ...stack.map((line) => `${line}\n`),
    "Please report it with these lines, the command and, if you may share it, the scenario file.\n",
  ].join("");
}

function report(io: CommandIo, error: unknown, json: boolean): number {
  const { exitCode, ...shown } = asFailure(error);
  const { code, message, hint } = shown;
  if (json) io.stdout(jsonText({ error: shown }));
  if (code === "internal") io.stderr(internalErrorText(message, error));
  else io.stderr(`crossover: ${message}\n${hint ? `  ${hint}\n` : ""}`);
  return exitCode;
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

async function runGeneral(io: CommandIo, program: Program, args: readonly string[]) {
  const json = args.includes("--json");
  if (args[0] === "--version") {
    io.stdout(json ? `${JSON.stringify({ version: program.version })}\n` : `${program.version}\n`);
    return exitCodes.ok;
  }
  const asked = args[0] === "--help" || args[0] === "-h" || args[0] === "help";
  const list = await Promise.all(Object.values(program.commands).map((load) => load()));
  if (args[0] === "help" && args[1] !== undefined && args[1] !== "--json") {
    return dispatch(io, program, [args[1], "--help", ...(json ? ["--json"] : [])]);
  }
  if (asked) {
    io.stdout(json ? jsonText(generalHelpJson(list)) : generalHelp(list));
    return exitCodes.ok;
  }
  io.stderr(generalHelp(list));
  return exitCodes.usage;
}

async function dispatch(io: CommandIo, program: Program, args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const general = ["help", "--help", "-h", "--version"];
  if (name === undefined || general.includes(name)) return runGeneral(io, program, args);
  if (!Object.hasOwn(program.commands, name)) {
    const known = [...Object.keys(program.commands), "--help", "--version"];
    throw new UsageError(
      `there is no command "${name.slice(0, 100)}"`,
      suggestion(name, known, "crossover --help lists the commands"),
    );
  }
  const command = await program.commands[name]!();
  const parsed = parseCommandLine(command, rest);
  if (parsed.values.help) {
    io.stdout(parsed.values.json ? jsonText(commandHelpJson(command)) : commandHelp(command));
    return exitCodes.ok;
  }
  return command.run(io, parsed);
}

/** Runs one command line; every error becomes a message on stderr (with --json also an object on stdout) and an exit code. */
export async function runCommandLine(
  io: CommandIo,
  program: Program,
  args: readonly string[],
): Promise<number> {
  try {
    return await dispatch(io, program, args);
  } catch (error) {
    return report(io, error, args.includes("--json"));
  }
}
