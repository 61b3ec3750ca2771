/** Parameters as HubSpot wants them. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { instant } from '../transport/instant';
import type { Property } from './objects';

/** `{customProperties, links}` beside properties by their names. */
export type Fields = IDataObject & {
	customProperties?: { property?: { name?: string; value?: unknown }[] };
	links?: { link?: { to: string; ids: string }[] };
};

/** What is to be written, by internal name. HubSpot's values are texts; an empty one clears the property. */
export function propertiesIn(
	caller: IExecuteFunctions,
	itemIndex: number,
	known: readonly Property[],
	fields: Fields,
): IDataObject {
	const out: IDataObject = {};
	const { customProperties } = fields;
	for (const [name, value] of Object.entries(fields)) {
		if (name === 'customProperties' || name === 'links') continue;
		const kind = known.find((property) => property.name === name)?.kind;
		out[name] = kind === 'dateTime' ? timeOf(caller, itemIndex, name, value) : textOf(value);
	}
	for (const { name, value } of customProperties?.property ?? []) {
		if (!name)
			throw new NodeOperationError(caller.getNode(), 'A property has no name', {
				itemIndex,
				description: 'Choose one in “Other Properties”, or take the line out.',
			});
		out[name] = textOf(value);
	}
	return out;
}

/** @throws NodeOperationError where there is nothing to write */
export function changesIn(...given: Parameters<typeof propertiesIn>): IDataObject {
	const properties = propertiesIn(...given);
	if (Object.keys(properties).length > 0) return properties;
	const [caller, itemIndex] = given;
	throw new NodeOperationError(caller.getNode(), 'There is nothing to update', {
		itemIndex,
		description: 'Add at least one field.',
	});
}

/** ISO 8601 in UTC; a time without a zone is one of the workflow's. */
export function timeOf(caller: IExecuteFunctions, itemIndex: number, name: string, value: unknown): string {
	const text = String(value ?? '').trim();
	if (text === '') return '';
	const time = instant(text, caller.getTimezone());
	if (Number.isFinite(time)) return new Date(time).toISOString();
	throw new NodeOperationError(caller.getNode(), `“${text}” is no time (${name})`, {
		itemIndex,
		description: 'Write it as 2026-01-31T12:00:00Z.',
	});
}

/** Several choices are separated by semicolons. */
function textOf(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (Array.isArray(value)) return value.map(textOf).join(';');
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export const idsIn = (text: unknown): string[] =>
	String(text ?? '')
		.split(',')
		.map((one) => one.trim())
		.filter(Boolean);

/**
 * Unlabelled association types, from → to:
 * https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide#association-type-id-values
 */
export const TYPE_IDS: { [from: string]: { [to: string]: number } } = {
	calls: { contacts: 194, companies: 182, deals: 206, tickets: 220 },
	companies: { contacts: 280, companies: 450, deals: 342, tickets: 340 },
	contacts: { contacts: 449, companies: 279, deals: 4, tickets: 15 },
	deals: { contacts: 3, companies: 341, deals: 451, tickets: 27 },
	emails: { contacts: 198, companies: 186, deals: 210, tickets: 224 },
	meetings: { contacts: 200, companies: 188, deals: 212, tickets: 226 },
	notes: { contacts: 202, companies: 190, deals: 214, tickets: 228 },
	tasks: { contacts: 204, companies: 192, deals: 216, tickets: 230 },
	tickets: { contacts: 16, companies: 339, deals: 28, tickets: 452 },
};

/** `associations` of a record that is made: with it, in one request. */
export function associationsIn(
	caller: IExecuteFunctions,
	itemIndex: number,
	from: string,
	{ links }: Fields,
): IDataObject[] {
	return (links?.link ?? []).flatMap(({ to, ids }) =>
		idsIn(ids).map((id) => {
			const associationTypeId = TYPE_IDS[from]?.[to];
			if (associationTypeId === undefined)
				throw new NodeOperationError(
					caller.getNode(),
					`Records of ${from} are associated by their own step`,
					{
						itemIndex,
						description:
							'Use the resource Association after the record is made: it knows this object’s labels.',
					},
				);
			return { to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] };
		}),
	);
}
