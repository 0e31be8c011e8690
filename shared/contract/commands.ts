/**
 * Every command of the app, once: its id, where it stands, what it is called, its shortcut. The menu of the system, the
 * shortcuts, the palette and the help read this list; the page alone knows how to run them and whether they can run now.
 */
import { z } from "../schema/zod.ts";

/** Menus in their order. Window holds only what the system itself does with windows. */
export const commandGroups = ["File", "Edit", "Scenario", "Run", "View", "Window", "Help"] as const;
/** Where a command stands in the menu and the palette. */
export type CommandGroup = (typeof commandGroups)[number];

/** What is the same for a command at all times. */
export interface CommandSpec {
  readonly id: string;
  readonly group: CommandGroup;
  /** What it does, in the person's words, while the page says nothing else ("Undo change GPU count"). */
  readonly title: string;
  /** As in "Mod+Shift+S": Mod is Command on macOS and Ctrl elsewhere. */
  readonly shortcut?: string;
  /** Another one that people know from elsewhere. */
  readonly otherShortcut?: string;
  /** Whether a line stands above it in the menu. */
  readonly startsPart?: boolean;
}

/** Commands in the order of the menus. */
export const commandSpecs = [
  { id: "scenario.import", group: "File", title: "Open a scenario file", shortcut: "Mod+O" },
  { id: "trace.import", group: "File", title: "Import a trace", shortcut: "Mod+I" },
  {
    ...{ id: "scenario.save", group: "File", title: "Save a version", shortcut: "Mod+S" },
    startsPart: true,
  },
  { id: "scenario.export", group: "File", title: "Save as a file", shortcut: "Mod+Shift+S" },
  {
    ...{ id: "scenario.exportAll", group: "File", title: "Save several as files" },
    shortcut: "Mod+Shift+E",
  },
  { id: "report.print", group: "File", title: "Print, or save as PDF", shortcut: "Mod+P" },
  { id: "edit.undo", group: "Edit", title: "Undo", shortcut: "Mod+Z" },
  {
    ...{ id: "edit.redo", group: "Edit", title: "Redo", shortcut: "Mod+Shift+Z" },
    otherShortcut: "Mod+Y",
  },
  {
    ...{ id: "scenario.revert", group: "Edit", title: "Back to the saved version" },
    shortcut: "Mod+Shift+B",
  },
  { id: "scenario.sample", group: "Scenario", title: "Add the sample", shortcut: "Mod+Shift+M" },
  {
    ...{ id: "scenario.duplicate", group: "Scenario", title: "Duplicate this scenario" },
    shortcut: "Mod+D",
  },
  {
    ...{ id: "scenario.baseline", group: "Scenario", title: "Compare others with this scenario" },
    shortcut: "Mod+B",
  },
  {
    ...{ id: "scenario.delete", group: "Scenario", title: "Move this scenario to the bin" },
    shortcut: "Mod+Backspace",
  },
  { id: "run.start", group: "Run", title: "Simulate and keep the run", shortcut: "Mod+R" },
  {
    ...{ id: "run.allStale", group: "Run", title: "Simulate all that is stale" },
    shortcut: "Mod+Shift+R",
  },
  {
    ...{ id: "run.pin", group: "Run", title: "Pin this answer as the baseline" },
    shortcut: "Mod+Shift+A",
  },
  { id: "run.cancel", group: "Run", title: "Cancel the simulation", shortcut: "Mod+." },
  { id: "view.palette", group: "View", title: "All commands", shortcut: "Mod+K" },
  { id: "view.start", group: "View", title: "Start page", shortcut: "Mod+1" },
  { id: "view.compare", group: "View", title: "Compare scenarios", shortcut: "Mod+2" },
  { id: "view.library", group: "View", title: "Library and backups", shortcut: "Mod+9" },
  { id: "view.present", group: "View", title: "Present this scenario", shortcut: "F5" },
  {
    ...{ id: "view.part.traffic", group: "View", title: "Traffic of this scenario" },
    ...{ shortcut: "Mod+3", startsPart: true },
  },
  {
    ...{ id: "view.part.fleet", group: "View", title: "Fleet of this scenario" },
    shortcut: "Mod+4",
  },
  {
    ...{ id: "view.part.providers", group: "View", title: "Providers of this scenario" },
    shortcut: "Mod+5",
  },
  {
    ...{ id: "view.part.routing", group: "View", title: "Routing of this scenario" },
    shortcut: "Mod+6",
  },
  {
    ...{ id: "view.part.targets", group: "View", title: "Targets and costs of this scenario" },
    shortcut: "Mod+7",
  },
  {
    ...{ id: "view.part.results", group: "View", title: "Results of this scenario" },
    shortcut: "Mod+8",
  },
  {
    ...{ id: "view.theme.system", group: "View", title: "Colours: as the system" },
    ...{ shortcut: "Mod+Shift+Y", startsPart: true },
  },
  { id: "view.theme.light", group: "View", title: "Colours: light", shortcut: "Mod+Shift+L" },
  { id: "view.theme.dark", group: "View", title: "Colours: dark", shortcut: "Mod+Shift+D" },
  {
    ...{ id: "view.theme.contrast", group: "View", title: "Colours: high contrast" },
    shortcut: "Mod+Shift+H",
  },
] as const satisfies readonly CommandSpec[];

/** Id of a command. */
export type CommandId = (typeof commandSpecs)[number]["id"];

const ids = commandSpecs.map(({ id }) => id) as [CommandId, ...CommandId[]];

/** What the page tells of a command now. */
export const commandStateSchema = z.strictObject({
  id: z.enum(ids),
  title: z.string().min(1).max(200),
  isEnabled: z.boolean(),
});
export type CommandState = z.infer<typeof commandStateSchema>;
