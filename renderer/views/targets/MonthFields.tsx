/** How many hours a month is reckoned with. */
import { Button } from "react-aria-components";
import { put, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { Term } from "../../components/Term.tsx";

const presets = [
  { hours: 730, words: "a twelfth of a year" },
  { hours: 720, words: "30 days" },
  { hours: 744, words: "31 days" },
  { hours: 725, words: "$1,950 at $2.69 an hour" },
] as const;

export function MonthFields() {
  const { input, edit } = useEditing();
  const set = (hours: number | undefined, key?: string): void =>
    edit("change the hours of a month", (draft) => put(draft, "monthHours", hours), key);
  return (
    <section>
      <h2>The month</h2>
      <div className="row">
        <AmountField
          label={<Term word="month hours">Hours of a month</Term>}
          name="Hours of a month"
          unit="h"
          value={input.monthHours}
          field="monthHours"
          fallback={730}
          min={1}
          max={744}
          onChange={(hours) => set(hours, "monthHours")}
        />
        {presets.map(({ hours, words }) => (
          <Button
            key={hours}
            className="button small quiet"
            isDisabled={(input.monthHours ?? 730) === hours}
            onPress={() => set(hours)}
          >
            {hours}: {words}
          </Button>
        ))}
      </div>
    </section>
  );
}
