/** A word of the field with its definition as a tool tip, for mouse, touch and keyboard. */
import type { ReactNode } from "react";
import { Focusable, Tooltip, TooltipTrigger } from "react-aria-components";
import { glossary, type Word } from "./glossary.ts";

interface TermProps {
  readonly word: Word;
  /** Shown instead of the word itself. */
  readonly children?: ReactNode;
}

export function Term({ word, children }: TermProps) {
  return (
    <TooltipTrigger delay={300} closeDelay={100}>
      <Focusable>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its definition is reached with the keyboard */}
        <span className="term" tabIndex={0} role="note">
          {children ?? word}
        </span>
      </Focusable>
      <Tooltip className="tooltip" offset={6}>
        <strong>{word}</strong> {glossary[word]}
      </Tooltip>
    </TooltipTrigger>
  );
}
