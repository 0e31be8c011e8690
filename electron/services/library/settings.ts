/** Use cases around the settings. */
import {
  defaultSettings,
  type Settings,
  type SettingsPatch,
  settingsPatchSchema,
} from "../../../shared/contract/settings.ts";
import type { LibraryPort, ServiceWorld } from "./libraryPort.ts";

/** Settings of the library; what another version wrote and this one does not know stays where it is. */
export class SettingsService {
  private readonly library: LibraryPort;
  private readonly world: ServiceWorld;

  constructor(library: LibraryPort, world: ServiceWorld) {
    this.library = library;
    this.world = world;
  }

  /** Every field: as set, or its default where it was never set or cannot be read. */
  async get(): Promise<Settings> {
    const stored = await this.library.getSettings();
    const known: Partial<Settings> = {};
    for (const key of Object.keys(defaultSettings)) {
      const field = settingsPatchSchema.safeParse({ [key]: stored[key] });
      if (field.success && stored[key] !== undefined) Object.assign(known, field.data);
    }
    return { ...defaultSettings, ...known };
  }

  async set(patch: SettingsPatch): Promise<Settings> {
    const given = Object.entries(patch).filter(([, value]) => value !== undefined);
    await this.library.putSettings(Object.fromEntries(given));
    this.world.changed("settings");
    return this.get();
  }
}
