/** Names and looks of compared scenarios. */
import type { OptionStyle } from "../../charts/optionStyles.ts";

/** In the order of the comparison's columns, the baseline first. */
export type ComparedNames = readonly {
  readonly id: string;
  readonly name: string;
  readonly style: OptionStyle;
}[];
