/** Turns the arguments of a command into values, or into a UsageError that names what is wrong. */
import { parseArgs } from "node:util";
import { nearestNames } from "../../shared/units/nearestNames.ts";
import type { Command, CommandOption, ParsedArgs } from "./command.ts";
import { UsageError } from "./command.ts";

/** The options that every command has. */
export const commonOptions: Record<string, CommandOption> = {
  json: { type: "boolean", help: "print one JSON document on stdout and nothing else" },
  help: { type: "boolean", help: "say what this command does" },
};

/** "did you mean A or B?", or where to find the list. */
export function suggestion(wanted: string, names: readonly string[], otherwise: string): string {
  const near = nearestNames(wanted, names);
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : otherwise;
}

interface OptionToken {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function checkValue(option: CommandOption, token: OptionToken): void {
  const { rawName, value } = token;
  if (option.type === "boolean" && value !== undefined) {
    throw new UsageError(`${rawName} takes no value, but was given "${value}"`);
  }
  const missing = value === undefined || (!token.inlineValue && value.startsWith("--"));
  if (option.type === "string" && missing) {
    throw new UsageError(`${rawName} needs a value`, `${rawName} VALUE: ${option.help}`);
  }
}

function checkTokens(
  command: Command,
  options: Record<string, CommandOption>,
  tokens: readonly OptionToken[],
): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (!Object.hasOwn(options, token.name)) {
      const known = Object.keys(options).map((name) => `--${name}`);
      const help = `crossover ${command.name} --help lists the options`;
      throw new UsageError(
        `${command.name} has no option ${token.rawName}`,
        suggestion(token.rawName, known, help),
      );
    }
    const option = options[token.name]!;
    checkValue(option, token);
    if (seen.has(token.name) && !option.multiple && option.type === "string") {
      throw new UsageError(`${token.rawName} is given twice; give it once`);
    }
    seen.add(token.name);
  }
}

/** Parses the arguments after the command's name. Throws UsageError. */
export function parseCommandLine(command: Command, args: readonly string[]): ParsedArgs {
  const options = { ...command.options, ...commonOptions };
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, multiple = false }]) => [
        name,
        { type, multiple },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  checkTokens(
    command,
    options,
    tokens.filter((token) => token.kind === "option"),
  );
  return { positionals, values: values as ParsedArgs["values"] };
}
