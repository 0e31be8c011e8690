/** Everything that the check found in a part of the scenario, with a way to the field. */
import { Button } from "react-aria-components";
import { useFindings } from "./editing.tsx";

interface PartProblemsProps {
  /** Lists and fields of the document that the part is about. */
  readonly fields: readonly string[];
}

/** Puts the focus into the field that a finding is about: the one whose path is the longest beginning of it. */
function goTo(field: string): void {
  const marked = [...document.querySelectorAll<HTMLElement>("[data-field]")];
  const around = marked.filter(({ dataset }) => field.startsWith(dataset.field ?? "\n"));
  around.sort((a, b) => (b.dataset.field ?? "").length - (a.dataset.field ?? "").length);
  const [nearest] = around;
  nearest?.scrollIntoView({ block: "center" });
  nearest?.querySelector<HTMLElement>("input, button, [tabindex]")?.focus();
}

/** A message without the arithmetic of memory, which stands at the pool itself. */
export function withoutArithmetic(message: string): string {
  return message.replace(/ Arithmetic per GPU: .*/s, " The arithmetic stands at the pool.");
}

interface FoundInProps {
  readonly field: string;
  readonly kind: "problems" | "warnings";
}

/** Warnings that the part itself tells where they arise. */
const toldInPlace =
  /^no rule sends to pool|^Pool .* which does not allow it|is not for production, and a rule sends/;

function FoundIn({ field, kind }: FoundInProps) {
  const found = useFindings(field)[kind];
  return found
    .filter(({ message }) => !toldInPlace.test(message))
    .map((finding) => (
      <li key={`${finding.field}${finding.message}`}>
        <Button className="link" onPress={() => goTo(finding.field)}>
          {finding.field}
        </Button>{" "}
        {withoutArithmetic(finding.message)}
      </li>
    ));
}

/** Problems, and what is only to be known; nothing where nothing is wrong. */
export function PartProblems({ fields }: PartProblemsProps) {
  return (
    <>
      <ul className="part-problems" aria-label="To put right">
        {fields.map((field) => (
          <FoundIn key={field} field={field} kind="problems" />
        ))}
      </ul>
      <ul className="part-problems" data-tone="warn" aria-label="To know">
        {fields.map((field) => (
          <FoundIn key={field} field={field} kind="warnings" />
        ))}
      </ul>
    </>
  );
}
