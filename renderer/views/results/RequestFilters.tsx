/** What narrows the list of requests. */
import {
  Button,
  Checkbox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField,
  Popover,
  Select,
  SelectValue,
} from "react-aria-components";
import type { RequestFilter, RequestPage } from "../../../shared/contract/insightMethods.ts";

interface NameFilterProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

const anyKey = "any";

function NameFilter({ label, names, value, onChange }: NameFilterProps) {
  return (
    <Select
      className="field"
      selectedKey={value === undefined ? anyKey : `name ${value}`}
      onSelectionChange={(key) => {
        const text = String(key);
        onChange(text === anyKey ? undefined : text.slice("name ".length));
      }}
    >
      <Label>{label}</Label>
      <Button className="select">
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      <Popover className="popover">
        <ListBox>
          <ListBoxItem className="list-item" id={anyKey}>
            any
          </ListBoxItem>
          {names.map((name) => (
            <ListBoxItem className="list-item" key={name} id={`name ${name}`} textValue={name}>
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

interface LeastFilterProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

function LeastFilter({ label, value, onChange }: LeastFilterProps) {
  return (
    <NumberField
      className="field"
      value={value ?? Number.NaN}
      minValue={0}
      onChange={(next) => onChange(Number.isFinite(next) && next > 0 ? next : undefined)}
    >
      <Label>{label}</Label>
      <div className="amount">
        <Input />
        <span className="unit">ms</span>
      </div>
    </NumberField>
  );
}

/** A filter with one part changed; a part without a value is left out. */
function changed<Part extends keyof RequestFilter>(
  filter: RequestFilter,
  part: Part,
  value: RequestFilter[Part],
): RequestFilter {
  const { [part]: _gone, ...rest } = filter;
  return value === undefined ? rest : { ...rest, [part]: value };
}

interface RequestFiltersProps {
  /** Names of the run; undefined before its first page. */
  readonly page: RequestPage | undefined;
  readonly filter: RequestFilter;
  readonly onChange: (filter: RequestFilter) => void;
}

export function RequestFilters({ page, filter, onChange }: RequestFiltersProps) {
  const set = <Part extends keyof RequestFilter>(part: Part, value: RequestFilter[Part]): void =>
    onChange(changed(filter, part, value));
  const isNarrowed = Object.keys(filter).length > 0;
  return (
    <fieldset className="row filters">
      <legend className="visually-hidden">Which requests</legend>
      <NameFilter
        label="Class"
        names={page?.classes ?? []}
        value={filter.class}
        onChange={(value) => set("class", value)}
      />
      <NameFilter
        label="Served by"
        names={page?.destinations ?? []}
        value={filter.destination ?? undefined}
        onChange={(value) => set("destination", value)}
      />
      <NameFilter
        label="End"
        names={page?.states ?? []}
        value={filter.state}
        onChange={(value) => set("state", value)}
      />
      <LeastFilter
        label="TTFT of at least"
        value={filter.leastTtftMs}
        onChange={(value) => set("leastTtftMs", value)}
      />
      <LeastFilter
        label="End to end of at least"
        value={filter.leastE2eMs}
        onChange={(value) => set("leastE2eMs", value)}
      />
      <Checkbox
        className="checkbox"
        isSelected={filter.isSpilled === true}
        onChange={(is) => set("isSpilled", is ? true : undefined)}
      >
        <span className="checkbox-box" aria-hidden="true" />
        spilled over only
      </Checkbox>
      {isNarrowed && (
        <Button className="button" onPress={() => onChange({})}>
          All requests
        </Button>
      )}
    </fieldset>
  );
}
