/** Times as Microsoft Graph wants them: instants in UTC, or what a clock shows in a time zone. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { instant } from '../transport/instant';
import { refuse } from './fields';

const AS_OFFSET = /(?:z|[+-]\d\d:?\d\d)$/i;

/** `2026-03-01T08:00:00Z`; a time without a zone is one of the workflow's. */
export function instantOf(context: IExecuteFunctions, itemIndex: number, given: unknown): string {
	return new Date(msOf(context, itemIndex, given, context.getTimezone())).toISOString().replace(/\.\d+/, '');
}

/**
 * https://learn.microsoft.com/graph/api/resources/datetimetimezone: a time and the zone whose clocks show it, so
 * that a series keeps its hour when the clocks change.
 *
 * @param timeZone by its IANA name, or Windows' own
 */
export function zonedTime(
	context: IExecuteFunctions,
	itemIndex: number,
	given: unknown,
	timeZone: string,
): { dateTime: string; timeZone: string } {
	const text = textOf(given);
	const ms = msOf(context, itemIndex, text, 'UTC');
	if (!AS_OFFSET.test(text)) return { dateTime: new Date(ms).toISOString().slice(0, 19), timeZone };
	const shownAs = clockIn(ms, timeZone);
	// Windows' names are known to Exchange alone: the instant says the same, but for the zone of a series.
	return shownAs === null
		? { dateTime: new Date(ms).toISOString().slice(0, 19), timeZone: 'UTC' }
		: { dateTime: shownAs, timeZone };
}

/** Midnight of that day: events that last all day begin and end so. */
export const midnight = ({ dateTime, timeZone }: { dateTime: string; timeZone: string }): IDataObject => ({
	dateTime: `${dateTime.slice(0, 10)}T00:00:00`,
	timeZone,
});

/** The day after that of this time. */
export function nextDay(dateTime: string): string {
	const day = new Date(`${dateTime.slice(0, 10)}T00:00:00Z`);
	day.setUTCDate(day.getUTCDate() + 1);
	return `${day.toISOString().slice(0, 10)}T00:00:00`;
}

function clockIn(ms: number, timeZone: string): string | null {
	try {
		return new Date(ms).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
	} catch {
		return null;
	}
}

/** An expression may give a `DateTime`, which is its ISO text in JSON. */
const textOf = (given: unknown): string =>
	(typeof given === 'string' ? given : String(JSON.parse(JSON.stringify(given ?? '')))).trim();

function msOf(context: IExecuteFunctions, itemIndex: number, given: unknown, timeZone: string): number {
	const text = textOf(given);
	const ms = instant(text, timeZone);
	if (Number.isFinite(ms)) return ms;
	throw refuse(
		context,
		itemIndex,
		`“${text}” is not a date`,
		'Write it as 2026-03-01T09:00:00 or 2026-03-01T09:00:00+01:00.',
	);
}
