/** What a person may set. */
import { z } from "../schema/zod.ts";

const fields = {
  theme: z.enum(["system", "light", "dark", "contrast"]),
  /** Ids of the scenarios that were open when the window closed, the one in front first. */
  openScenarios: z.array(z.string().max(64)).max(64),
  /** The baseline of comparisons; null for none. */
  baselineScenario: z.string().max(64).nullable(),
  /** Whether the sample was put into the library once; it does not come back by itself. */
  hasSample: z.boolean(),
  /** Place and size of the window; null before it was ever moved. */
  window: z
    .strictObject({
      x: z.number().int(),
      y: z.number().int(),
      width: z.number().int().min(1),
      height: z.number().int().min(1),
      isMaximized: z.boolean(),
    })
    .nullable(),
  /** Column mappings that worked, by the names of the columns of the file. */
  mappings: z.record(z.string().max(4096), z.record(z.string(), z.string())),
};

/** Every field has a value at all times. */
export const settingsSchema = z.strictObject(fields);
export type Settings = z.infer<typeof settingsSchema>;

/** What stands before anybody changed anything. */
export const defaultSettings: Settings = {
  theme: "system",
  openScenarios: [],
  baselineScenario: null,
  hasSample: false,
  window: null,
  mappings: {},
};

/** The fields that are to change; what is left out stays. */
export const settingsPatchSchema = z.strictObject(fields).partial();
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
