/** Names that made requests carry, as rows of a trace do: classes and rules go by them, chargeback splits by them. */
import { put, useEditing } from "../../components/editing.tsx";
import { TextEntry } from "../../components/fields/TextEntry.tsx";
import { More } from "../../components/More.tsx";
import type { ClosedLoopInput, SyntheticInput } from "./sources.ts";

interface NameFieldsProps {
  readonly source: SyntheticInput | ClosedLoopInput;
  readonly index: number;
}

export function NameFields({ source, index }: NameFieldsProps) {
  const { edit } = useEditing();
  const field = `traffic.sources[${index}]`;
  const set = (key: "model" | "tenant", text: string): void =>
    edit(
      `change the ${key} of ${source.id}`,
      (draft) => {
        const own = draft.traffic.sources[index] as SyntheticInput;
        put(own, key, text.trim() === "" ? undefined : text);
      },
      `${field}.${key}`,
    );
  const { model, tenant } = source;
  const named = [model, tenant].filter((name) => name !== undefined);
  return (
    <More
      title="Model and tenant"
      summary={named.length === 0 ? "not named" : named.join(", ")}
      field={`${field}.model`}
    >
      <div className="field-grid">
        <TextEntry
          label="Requests name the model"
          name={`Model that requests of ${source.id} name`}
          value={model}
          placeholder="none"
          field={`${field}.model`}
          onChange={(text) => set("model", text)}
        />
        <TextEntry
          label="and come from tenant"
          name={`Tenant of the requests of ${source.id}`}
          value={tenant}
          placeholder="none"
          field={`${field}.tenant`}
          onChange={(text) => set("tenant", text)}
        />
      </div>
    </More>
  );
}
