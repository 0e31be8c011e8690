/** What the simulated and the measured chargeback share of their options. */
import { realPathOf } from "../../files/realPath.ts";
import { type ParsedArgs, UsageError } from "../command.ts";
import { suggestion } from "../parseCommandLine.ts";
import { textOption } from "./caseFile.ts";

/** One of some names given for an option, undefined when it was not given. Throws UsageError with the names. */
export function choiceOption<Name extends string>(
  args: ParsedArgs,
  option: string,
  names: readonly Name[],
): Name | undefined {
  const given = textOption(args, option);
  if (given === undefined) return undefined;
  const found = names.find((name) => name === given);
  if (found !== undefined) return found;
  const wanted = `it takes ${names.join(", ")}`;
  throw new UsageError(`--${option} has "${given}"`, suggestion(given, names, wanted));
}

/** Throws UsageError where --csv would write over a file that is read. */
export function refuseOverwrite(read: string, target: string | undefined): void {
  if (target === undefined || realPathOf(target) !== realPathOf(read)) return;
  throw new UsageError(`--csv names the file that is read, ${read}. Wanted another file`);
}
