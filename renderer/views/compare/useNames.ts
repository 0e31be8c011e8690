/** Names and looks of the compared scenarios as the library has them. */
import { useMemo } from "react";
import { useWindow } from "../../components/useApp.ts";
import { type ComparedNames, comparedNames } from "./comparedNames.ts";

/** In the order of the ids. */
export function useNames(ids: readonly string[]): ComparedNames {
  const scenarios = useWindow((state) => state.scenarios);
  return useMemo(() => comparedNames(ids, scenarios), [ids, scenarios]);
}
