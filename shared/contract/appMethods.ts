/** Methods about the application itself: what it is, its settings, work under way. */
import { z } from "../schema/zod.ts";
import { jobParam, method } from "./common.ts";
import { settingsPatchSchema, settingsSchema } from "./settings.ts";

export const appInfoSchema = z.strictObject({
  version: z.string(),
  engineVersion: z.string(),
  host: z.enum(["electron", "loopback", "cli"]),
  isPackaged: z.boolean(),
  runtime: z.strictObject({
    node: z.string(),
    electron: z.string().nullable(),
    chrome: z.string().nullable(),
    platform: z.string(),
  }),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

export const appMethods = {
  "app.info": method(z.strictObject({}), appInfoSchema),
  "settings.get": method(z.strictObject({}), settingsSchema),
  /** Changes the fields given, leaves the others; answers with all. */
  "settings.set": method(settingsPatchSchema, settingsSchema),
  /** Asks a piece of work to end; true when there is such work. It ends within a second and its call answers "cancelled". */
  "job.cancel": method(z.strictObject({ job: jobParam }), z.strictObject({ isKnown: z.boolean() })),
};
