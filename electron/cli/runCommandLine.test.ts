import { describe, expect, it } from "vitest";
import { ProblemsError } from "../../shared/schema/findings.ts";
import { InputError } from "../../shared/units/errors.ts";
import { type Command, type ParsedArgs, UsageError } from "./command.ts";
import { commands } from "./commands.ts";
import { type Program, runCommandLine } from "./runCommandLine.ts";

let given: ParsedArgs | undefined;

function fake(run: Command["run"]): Program {
  const command: Command = {
    name: "weigh",
    summary: "weighs things",
    usage: "weigh THING [--scale S]",
    options: {
      scale: { type: "string", help: "which scale" },
      also: { type: "string", multiple: true, help: "more things" },
      quick: { type: "boolean", help: "do it fast" },
    },
    run,
  };
  return { version: "1.2.3", commands: { weigh: async () => command } };
}

const keep = fake(async (_io, args) => {
  given = args;
  return 0;
});

async function call(program: Program, ...args: string[]) {
  const out = { code: -1, stdout: "", stderr: "" };
  const io = {
    stdout: (text: string) => {
      out.stdout += text;
    },
    stderr: (text: string) => {
      out.stderr += text;
    },
    isTerminal: false,
    now: () => 0,
  };
  out.code = await runCommandLine(io, program, args);
  return out;
}

const wrongLines: [string, string[], string, string][] = [
  ["an unknown command", ["wiegh"], 'there is no command "wiegh"', "did you mean weigh?"],
  ["a far command", ["xyzzyx"], 'there is no command "xyzzyx"', "crossover --help lists"],
  ["an inherited name", ["constructor"], 'there is no command "constructor"', ""],
  [
    "an unknown option",
    ["weigh", "--scael", "1"],
    "weigh has no option --scael",
    "did you mean --scale?",
  ],
  ["an option without its value", ["weigh", "--scale"], "--scale needs a value", "which scale"],
  ["an option followed by another", ["weigh", "--scale", "--json"], "--scale needs a value", ""],
  [
    "a value for a switch",
    ["weigh", "--quick=yes"],
    '--quick takes no value, but was given "yes"',
    "",
  ],
  [
    "an option given twice",
    ["weigh", "--scale", "1", "--scale", "2"],
    "--scale is given twice",
    "",
  ],
];

describe("the command line", () => {
  it("passes positionals, values and negative numbers on", async () => {
    const line = ["weigh", "a", "--scale", "-5", "b", "--also", "c", "--also=d", "--quick"];
    expect((await call(keep, ...line)).code).toBe(0);
    expect(given).toEqual({
      positionals: ["a", "b"],
      values: expect.objectContaining({ scale: "-5", also: ["c", "d"], quick: true }),
    });
  });

  it.each(wrongLines)(
    "says what is wrong with %s, exit code 2",
    async (_name, args, message, hint) => {
      const { code, stdout, stderr } = await call(keep, ...args);
      expect(code).toBe(2);
      expect(stderr).toContain(`crossover: ${message}`);
      expect(stderr).toContain(hint);
      if (!args.includes("--json")) expect(stdout).toBe("");
    },
  );

  it("prints the version and help", async () => {
    expect(await call(keep, "--version")).toEqual({ code: 0, stdout: "1.2.3\n", stderr: "" });
    const general = await call(keep, "--help");
    expect(general.code).toBe(0);
    expect(general.stdout).toMatch(
      /usage: crossover COMMAND[\s\S]*weigh +weighs things[\s\S]*130 +interrupted/,
    );
    const own = await call(keep, "weigh", "--help");
    expect(own.stdout).toMatch(
      /usage: crossover weigh THING[\s\S]*--also VALUE +more things \(may be repeated\)/,
    );
    expect((await call(keep, "help", "weigh")).stdout).toBe(own.stdout);
  });

  it("prints help as a JSON document with --json, for the whole and for a command", async () => {
    const general = await call(keep, "--help", "--json");
    expect(JSON.parse(general.stdout)).toMatchObject({
      name: "crossover",
      commands: [{ name: "weigh", summary: "weighs things", usage: "weigh THING [--scale S]" }],
    });
    const own = await call(keep, "weigh", "--help", "--json");
    const { options, ...document } = JSON.parse(own.stdout);
    expect(document).toEqual({
      name: "weigh",
      summary: "weighs things",
      usage: "weigh THING [--scale S]",
    });
    expect(options).toContainEqual({
      name: "--also",
      type: "string",
      isRepeatable: true,
      help: "more things",
    });
    expect((await call(keep, "help", "weigh", "--json")).stdout).toBe(own.stdout);
  });

  it("shows the help on stderr when nothing is asked, exit code 2", async () => {
    const { code, stdout, stderr } = await call(keep);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("usage: crossover COMMAND");
  });

  it("shows bad input as one message, exit code 3, and with --json as an object too", async () => {
    const bad = fake(async () => {
      throw new InputError("a.csv: line 3: found -1, wanted 0 or more", {
        field: "x",
        hint: "look",
      });
    });
    expect(await call(bad, "weigh")).toEqual({
      code: 3,
      stdout: "",
      stderr: "crossover: a.csv: line 3: found -1, wanted 0 or more\n  look\n",
    });
    const json = await call(bad, "weigh", "--json");
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toEqual({
      error: {
        code: "badInput",
        message: "a.csv: line 3: found -1, wanted 0 or more",
        field: "x",
        hint: "look",
      },
    });
  });

  it("lists every problem of a file with --json, also those that the message leaves out", async () => {
    const problems = Array.from({ length: 12 }, (_, i) => ({ field: `x[${i}]`, message: "wrong" }));
    const bad = fake(async () => {
      throw new ProblemsError("a.crossover", problems);
    });
    const { code, stdout } = await call(bad, "weigh", "--json");
    const { error } = JSON.parse(stdout);
    expect([code, error.code, error.field]).toEqual([3, "badInput", "x[0]"]);
    expect(error.problems).toEqual(problems);
    expect(error.message).toContain("a.crossover: 12 problems");
  });

  it("asks for a report of an error of its own, exit code 1", async () => {
    const broken = fake(async () => {
      throw new TypeError("x is not a function");
    });
    const { code, stderr } = await call(broken, "weigh");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /an error in Crossover itself: TypeError: x is not a function[\s\S]*Please report it/,
    );
  });

  it("takes a command's own usage error as exit code 2", async () => {
    const picky = fake(async () => {
      throw new UsageError("weigh wants a THING");
    });
    expect((await call(picky, "weigh")).code).toBe(2);
  });

  it("offers every command with a summary, a usage that begins with its name, and help for each option", async () => {
    for (const [name, load] of Object.entries(commands)) {
      const command = await load();
      expect(command.name).toBe(name);
      expect(command.usage.startsWith(name)).toBe(true);
      expect(command.summary.length).toBeGreaterThan(10);
      for (const { help } of Object.values(command.options)) expect(help).not.toBe("");
    }
  });
});
