/** The licence mode of a pool or a partition, with its rule; use that it does not allow is said in place. */

import { type Draft, put, useEditing } from "../../components/editing.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { More } from "../../components/More.tsx";
import { ProvenanceList } from "../../components/Provenance.tsx";
import { useCatalog } from "../../components/useCatalog.ts";
import { licenceProblem, licenceSentence } from "./licenceRule.ts";

interface LicenceFieldProps {
  readonly part: {
    readonly id: string;
    readonly licence?: string | undefined;
    readonly production?: boolean | undefined;
    readonly backend?: string | undefined;
  };
  readonly field: string;
  /** The pool or partition of a draft. */
  find(draft: Draft): { licence?: string | undefined };
}

const none = "(none)";

export function LicenceField({ part, field, find }: LicenceFieldProps) {
  const { input, editFilled } = useEditing();
  const catalog = useCatalog();
  const own = input.licences ?? [];
  const others = catalog.licences.filter(({ id }) => !own.some((each) => each.id === id));
  const licence = own.find(({ id }) => id === part.licence);
  const problem = licenceProblem(input, part);
  return (
    <div className="stack">
      <ChoiceField
        label="Licence mode"
        value={part.licence ?? none}
        field={`${field}.licence`}
        choices={[
          { id: none, name: "none", note: "no charge, no rule checked" },
          ...[...own, ...others].map((each) => ({
            id: each.id,
            name: each.name,
            note: licenceSentence(each),
          })),
        ]}
        onChange={(id) =>
          editFilled(`change the licence of ${part.id}`, (draft) =>
            put(find(draft), "licence", id === none ? undefined : id),
          )
        }
      />
      {problem !== undefined && (
        <p className="field-note" data-tone="bad" role="status">
          <span aria-hidden="true">✕ </span>
          {problem}
        </p>
      )}
      {licence !== undefined && (
        <More title="The rule" summary={licenceSentence(licence)}>
          <ProvenanceList entries={licence.provenance} />
        </More>
      )}
    </div>
  );
}
