/** All migrations, in order. */
import { initial } from "./0010_initial.ts";
import type { Migration } from "./migration.ts";

export const migrations: readonly Migration[] = [initial];
