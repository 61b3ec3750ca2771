import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf } from '../transport';
import { collectionOf, idIn, optionalIdIn, refuse } from './fields';
import { customTerm, quoted } from './filters';
import { eventOf } from './event-fields';
import { graph, graphPages } from './graph';
import { outputOf, readingPreferences, withoutContext } from './receive';
import { instantOf } from './times';

const EVENTS = '/me/events';

const SIMPLE_EVENT = {
	select: 'id,subject,bodyPreview,start,end,organizer,attendees,webLink',
	simplified: withoutContext,
};

export const eventOperations = {
	create: eachItem(async function (itemIndex) {
		const fields = {
			...collectionOf(this, itemIndex, 'additionalFields'),
			subject: this.getNodeParameter('subject', itemIndex) as string,
			start: given(this, itemIndex, 'startDateTime', 'Start'),
			end: given(this, itemIndex, 'endDateTime', 'End'),
		};
		const calendar = optionalIdIn(this, itemIndex, 'calendarId');
		const path = calendar === null ? EVENTS : `/me/calendars/${calendar}/events`;
		const event = eventOf(this, itemIndex, fields);
		return { json: withoutContext(await graph(this, itemIndex, 'POST', path, event)) };
	}),

	get: eachItem(async function (itemIndex) {
		const { qs, shape } = outputOf(this, itemIndex, SIMPLE_EVENT, ['id']);
		const event = await graph(this, itemIndex, 'GET', eventPath(this, itemIndex), undefined, {
			qs,
			prefer: preferencesOf(this, itemIndex),
		});
		return { json: shape(event) };
	}),

	getAll: eachItem(async function (itemIndex) {
		const { qs, shape } = outputOf(this, itemIndex, SIMPLE_EVENT, ['id']);
		const { view, qs: query } = queryOf(this, itemIndex);
		const limit = limitOf(this, itemIndex);
		const found: IDataObject[] = [];
		for (const calendar of await calendarsOf(this, itemIndex)) {
			if (found.length >= limit) break;
			const path = calendar === null ? `/me/${view}` : `/me/calendars/${calendar}/${view}`;
			const asked = { ...qs, ...query };
			const prefer = preferencesOf(this, itemIndex);
			found.push(...(await graphPages(this, itemIndex, path, asked, limit - found.length, prefer)));
		}
		return jsonItems(found.map(shape));
	}),

	update: eachItem(async function (itemIndex) {
		const changes = eventOf(this, itemIndex, collectionOf(this, itemIndex, 'updateFields'));
		if (Object.keys(changes).length === 0)
			throw refuse(this, itemIndex, 'There is nothing to update', 'Add at least one of the “Update Fields”.');
		return {
			json: withoutContext(await graph(this, itemIndex, 'PATCH', eventPath(this, itemIndex), changes)),
		};
	}),

	delete: eachItem(async function (itemIndex) {
		await graph(this, itemIndex, 'DELETE', eventPath(this, itemIndex));
		return { json: { success: true } };
	}),

	respond: eachItem(async function (itemIndex) {
		const answer = this.getNodeParameter('response', itemIndex) as string;
		const { comment, sendResponse = true } = collectionOf(this, itemIndex, 'options');
		await graph(this, itemIndex, 'POST', `${eventPath(this, itemIndex)}/${answer}`, {
			sendResponse,
			...(comment ? { comment } : {}),
		});
		return { json: { success: true } };
	}),

	cancel: eachItem(async function (itemIndex) {
		const { comment } = collectionOf(this, itemIndex, 'options');
		const body = comment ? { comment } : undefined;
		await graph(this, itemIndex, 'POST', `${eventPath(this, itemIndex)}/cancel`, body);
		return { json: { success: true } };
	}),
};

const eventPath = (context: IExecuteFunctions, itemIndex: number) =>
	`${EVENTS}/${idIn(context, itemIndex, 'eventId', 'Event')}`;

/** `/me/events` knows the default calendar alone: all are asked one by one. */
async function calendarsOf(context: IExecuteFunctions, itemIndex: number): Promise<(string | null)[]> {
	if (!context.getNodeParameter('fromAllCalendars', itemIndex, true))
		return [optionalIdIn(context, itemIndex, 'calendarId')];
	const all = await graphPages(context, itemIndex, '/me/calendars', { $select: 'id' });
	return all.map(({ id }) => encodeURIComponent(String(id)));
}

/** https://learn.microsoft.com/graph/api/user-list-calendarview: what recurs, occurrence by occurrence. */
function queryOf(context: IExecuteFunctions, itemIndex: number): { view: string; qs: IDataObject } {
	const { custom, startsAfter, startsBefore, subject } = collectionOf(context, itemIndex, 'filters');
	const time = (value: unknown) => quoted(instantOf(context, itemIndex, value).replace(/Z$/, ''));
	const terms = [
		startsAfter ? `start/dateTime ge ${time(startsAfter)}` : '',
		startsBefore ? `start/dateTime le ${time(startsBefore)}` : '',
		subject ? `contains(subject,${quoted(subject)})` : '',
		customTerm(custom),
	].filter((term) => term !== '');
	const filter = terms.length > 0 ? { $filter: terms.join(' and ') } : {};
	if (!context.getNodeParameter('includeRecurringInstances', itemIndex, false))
		return { view: 'events', qs: filter };
	const between = {
		startDateTime: instantOf(context, itemIndex, given(context, itemIndex, 'startDateTime', 'Start Date')),
		endDateTime: instantOf(context, itemIndex, given(context, itemIndex, 'endDateTime', 'End Date')),
	};
	return { view: 'calendarView', qs: { ...between, ...filter } };
}

/** https://learn.microsoft.com/graph/api/event-get: in which zone times are told. */
function preferencesOf(context: IExecuteFunctions, itemIndex: number): string[] {
	const options = collectionOf(context, itemIndex, 'options');
	const zone = String(options.timeZone ?? '').replace(/["\r\n]/g, '');
	return [...readingPreferences(options), ...(zone === '' ? [] : [`outlook.timezone="${zone}"`])];
}

function given(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): IDataObject[string] {
	const value = context.getNodeParameter(name, itemIndex, '') as string;
	if (value) return value;
	throw refuse(
		context,
		itemIndex,
		`“${label}” is empty`,
		'Fill it in, or check the expression: it gave nothing for this item.',
	);
}
