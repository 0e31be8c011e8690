/** Further fields, folded away under a line that says what they hold now. */
import type { ReactNode } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { useFindings } from "./editing.tsx";

interface MoreProps {
  readonly title: ReactNode;
  /** What the fields say, in a few words. */
  readonly summary?: string | undefined;
  /** Where their findings are: a folded part with a problem says so. */
  readonly field?: string;
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

export function More({ title, summary, field, isOpen, children }: MoreProps) {
  const { problems } = useFindings(field);
  return (
    <Disclosure className="more" defaultExpanded={isOpen ?? false}>
      <Heading level={3} className="more-heading">
        <Button slot="trigger" className="more-trigger">
          <span className="more-mark" aria-hidden="true" />
          <span className="more-title">{title}</span>
          {summary !== undefined && <span className="more-summary">{summary}</span>}
          {problems.length > 0 && (
            <span className="more-problem">
              ✕ {problems.length === 1 ? "1 problem" : `${problems.length} problems`}
            </span>
          )}
        </Button>
      </Heading>
      <DisclosurePanel className="more-panel">{children}</DisclosurePanel>
    </Disclosure>
  );
}
