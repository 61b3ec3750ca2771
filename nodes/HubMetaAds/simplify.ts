import type { GenericValue, IDataObject } from 'n8n-workflow';

// Numbers come as text; ids too, and those are to stay text.
const NUMBERS =
	/^(impressions|clicks|spend|social_spend|reach|frequency|cpc|cpm|cpp|ctr|unique_clicks|unique_ctr|(unique_)?inline_.*|cost_per_(inline|unique|estimated|one).*|full_view_.*|estimated_ad_recall.*|.*_per_purchase_rate|auction_.*)$/;

/** A row with numbers for numbers and, for lists of actions, what each type counts. */
export const simplified = (row: IDataObject): IDataObject =>
	Object.fromEntries(
		Object.entries(row).map(([name, value]) => [
			name,
			isActions(value)
				? Object.fromEntries(value.map((one) => [one.action_type, counted(one)]))
				: NUMBERS.test(name)
					? number(value)
					: value,
		]),
	);

type Action = { action_type: string; value?: unknown; [window: string]: unknown };

/** Told apart by their type alone; with further breakdowns a list says more. */
function isActions(value: unknown): value is Action[] {
	return (
		Array.isArray(value) &&
		value.length > 0 &&
		value.every(
			(one: Action) =>
				typeof one?.action_type === 'string' &&
				Object.keys(one).every((name) => /^(action_type|value|\d+d_\w+|dda|default|skan_\w+)$/.test(name)),
		)
	);
}

/** A number, or with attribution windows one for each: `{"value": 5, "7d_click": 4, "1d_view": 1}`. */
function counted(action: Action): GenericValue | IDataObject {
	const counts = Object.entries(action).filter(([name]) => name !== 'action_type');
	const [[only] = []] = counts;
	return counts.length === 1 && only === 'value'
		? number(action.value)
		: Object.fromEntries(counts.map(([name, count]) => [name, number(count)]));
}

function number(value: unknown): GenericValue {
	return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
		? Number(value)
		: (value as GenericValue);
}
