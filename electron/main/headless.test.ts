import { describe, expect, it } from "vitest";
import { headlessArguments } from "./headless.ts";

const exe = "/opt/crossover";

describe("a start without a window", () => {
  it.each([
    [
      ["run", "a.crossover", "--json"],
      ["run", "a.crossover", "--json"],
    ],
    [
      ["--headless", "run", "a.crossover"],
      ["run", "a.crossover"],
    ],
    [["--headless"], ["--help"]],
    [["--version"], ["--version"]],
    [
      ["--no-sandbox", "help", "run"],
      ["help", "run"],
    ],
    [["nonsense"], ["nonsense"]],
  ])("is %s", (args, wanted) => {
    expect(headlessArguments([exe, ...args], undefined)).toEqual(wanted);
  });

  it.each([
    [[]],
    [["--no-sandbox"]],
    [["/home/p/a.crossover"]],
    [["a.crossover"]],
    [["--user-data-dir=/d", "run"]],
    [["file:///a.crossover"]],
  ])("is not %s", (args) => {
    expect(headlessArguments([exe, ...args], undefined)).toBeUndefined();
  });

  it("is told by what follows the app where Electron runs it from its folder", () => {
    const argv = ["/e/electron", "/src/app", "fit", "--gpu", "h100-sxm"];
    expect(headlessArguments(argv, "/src/app")).toEqual(["fit", "--gpu", "h100-sxm"]);
    expect(
      headlessArguments(["/e/electron", "-r", "/l.js", "/src/app"], "/src/app"),
    ).toBeUndefined();
  });
});
