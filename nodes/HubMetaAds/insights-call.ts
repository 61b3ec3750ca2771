import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { accountOf, asJson, idOf } from './fields';
import { USUAL_METRICS } from './insights-options';

const OBJECT_FIELDS: { [of: string]: [name: string, label: string] } = {
	campaign: ['campaignId', 'Campaign'],
	adSet: ['adSetId', 'Ad Set'],
	ad: ['adId', 'Ad'],
};

/** `/act_1234567890/insights`, or that of a campaign, ad set or ad. */
export function insightsPath(context: IExecuteFunctions, itemIndex: number): string {
	const field = OBJECT_FIELDS[context.getNodeParameter('insightsOf', itemIndex) as string];
	const id = field ? idOf(context, field[0], field[1], itemIndex) : accountOf(context, itemIndex);
	return `/${encodeURIComponent(id)}/insights`;
}

/** What is asked for, with lists and objects as they are. */
export function insightsParameters(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const some = (name: string, value: unknown) =>
		Array.isArray(value) ? (value.length > 0 ? { [name]: value } : {}) : value ? { [name]: value } : {};
	return {
		level: context.getNodeParameter('level', itemIndex) as string,
		fields: String(options.fields || USUAL_METRICS).replace(/\s+/g, ''),
		...timeOf(context, itemIndex),
		...some('breakdowns', options.breakdowns),
		...some('action_breakdowns', options.actionBreakdowns),
		...some('action_attribution_windows', options.attributionWindows),
		...some('action_report_time', options.actionReportTime),
		...some('filtering', filteringOf(context, itemIndex, options.filtering)),
		...some('sort', options.sort ? [options.sort] : []),
		...some('time_increment', incrementOf(options)),
		...('unifiedAttribution' in options
			? { use_unified_attribution_setting: options.unifiedAttribution }
			: {}),
	};
}

/** As a query takes them: lists and objects written as JSON. */
export const asQuery = (parameters: IDataObject): IDataObject =>
	Object.fromEntries(
		Object.entries(parameters).map(([name, value]) => [
			name,
			typeof value === 'object' ? JSON.stringify(value) : value,
		]),
	);

function timeOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const range = context.getNodeParameter('timeRange', itemIndex) as string;
	if (range !== 'custom') return { date_preset: range };
	const since = dayOf(context, itemIndex, 'since', 'Since');
	const until = dayOf(context, itemIndex, 'until', 'Until');
	if (since > until)
		throw new NodeOperationError(context.getNode(), `“Since” (${since}) is after “Until” (${until})`, {
			itemIndex,
		});
	return { time_range: { since, until } };
}

/** The day as it was written: Meta reads it in the time zone of the ad account. */
function dayOf(context: IExecuteFunctions, itemIndex: number, name: string, label: string): string {
	const given = context.getNodeParameter(name, itemIndex);
	const written = given instanceof Date ? given.toISOString() : String(given ?? '');
	const [day] = /^\d{4}-\d\d-\d\d/.exec(written.trim()) ?? [];
	if (day !== undefined && Number.isFinite(Date.parse(day))) return day;
	throw new NodeOperationError(context.getNode(), `“${label}” is no date: ${written || 'it is empty'}`, {
		itemIndex,
		description: 'Write it as 2026-03-01.',
	});
}

function incrementOf({ timeIncrement, timeIncrementDays }: IDataObject): string | undefined {
	if (timeIncrement === undefined && timeIncrementDays === undefined) return undefined;
	return timeIncrement === 'days' || timeIncrement === undefined
		? String(timeIncrementDays ?? 7)
		: String(timeIncrement);
}

function filteringOf(context: IExecuteFunctions, itemIndex: number, given: unknown): unknown[] {
	if (given === undefined || given === '') return [];
	const filters = asJson(given);
	if (Array.isArray(filters)) return filters;
	throw new NodeOperationError(context.getNode(), '“Filtering” is not a list in JSON', {
		itemIndex,
		description: 'Write it as [{"field": "impressions", "operator": "GREATER_THAN", "value": 100}].',
	});
}
