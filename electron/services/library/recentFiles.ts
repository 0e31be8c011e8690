/** Files that were opened before. Kept in the library beside the settings, but apart from them: pages neither see nor set paths. */
import type { RecentFile } from "../../../shared/contract/hostMethods.ts";
import type { LibraryPort, ServiceWorld } from "./libraryPort.ts";

/** A recent file with its place. */
export interface RecentPath extends RecentFile {
  readonly path: string;
}

/** As many as menus show. */
export const keptRecentFiles = 10;
const key = "host.recentFiles";

function isRecentPath(value: unknown): value is RecentPath {
  const row = value as Partial<Record<keyof RecentPath, unknown>> | null;
  return (
    typeof row === "object" &&
    typeof row?.id === "string" &&
    typeof row.path === "string" &&
    typeof row.name === "string" &&
    typeof row.openedMs === "number"
  );
}

/** The list, most recent first. Each function throws ServiceError (storage) where the library is not open. */
export class RecentFiles {
  private readonly library: LibraryPort;
  private readonly world: ServiceWorld;
  private writing: Promise<unknown> = Promise.resolve();

  constructor(library: LibraryPort, world: ServiceWorld) {
    this.library = library;
    this.world = world;
  }

  async list(): Promise<RecentPath[]> {
    const { [key]: stored } = await this.library.getSettings();
    return Array.isArray(stored) ? stored.filter(isRecentPath).slice(0, keptRecentFiles) : [];
  }

  /** Puts a file in front. */
  add(path: string, name: string): Promise<void> {
    return this.change((files) => {
      const entry = { id: this.world.newId(), name, openedMs: this.world.now(), path };
      return [entry, ...files.filter((each) => each.path !== path)].slice(0, keptRecentFiles);
    });
  }

  /** Forgets a file that is gone. */
  remove(id: string): Promise<void> {
    return this.change((files) => files.filter((each) => each.id !== id));
  }

  clear(): Promise<void> {
    return this.change(() => []);
  }

  /** One change after the other: each builds on the list that the one before left. */
  private change(edit: (files: RecentPath[]) => RecentPath[]): Promise<void> {
    const next = this.writing.then(async () => {
      await this.library.putSettings({ [key]: edit(await this.list()) });
      this.world.changed("recentFiles");
    });
    this.writing = next.catch(() => undefined);
    return next;
  }
}
