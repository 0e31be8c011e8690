/** All migrations, in order. */
import { initial } from "./0010_initial.ts";
import { insights } from "./0020_insights.ts";
import type { Migration } from "./migration.ts";

export const migrations: readonly Migration[] = [initial, insights];
