/** https://learn.microsoft.com/graph/api/resources/recipient */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { refuse } from './fields';

export type Recipient = { emailAddress: { address: string; name?: string } };

/**
 * `"Doe, Jo" <jo@example.com>, max@example.com` as Graph has it; commas in quotes and brackets part nothing.
 *
 * @param given text, a list of such, or recipients as Graph itself gives them
 * @throws NodeOperationError where one is no address: Graph's own answer would not say which
 */
export function recipients(
	context: IExecuteFunctions,
	itemIndex: number,
	given: unknown,
	label: string,
): Recipient[] {
	const all = (Array.isArray(given) ? given : [given ?? '']) as unknown[];
	return all.flatMap((one) => {
		if (typeof one === 'object' && one !== null && 'emailAddress' in one) return [one as Recipient];
		return parts(String(one)).map((part) => recipient(context, itemIndex, part, label));
	});
}

// Counted out, so that a thousand quotes that nobody closed are not each read to the end.
const RECIPIENTS = /(?:"(?:[^"\\]|\\.){0,1000}"|<[^>]{0,1000}>|[^,;])+/g;

const parts = (list: string): string[] =>
	(list.match(RECIPIENTS) ?? []).map((one) => one.trim()).filter((one) => one !== '');

function recipient(context: IExecuteFunctions, itemIndex: number, part: string, label: string): Recipient {
	const [, phrase = '', inBrackets] = /^(.*)<([^<>]*)>$/s.exec(part) ?? [];
	const address = (inBrackets ?? part).trim();
	if (!/^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/.test(address))
		throw refuse(
			context,
			itemIndex,
			`“${part}” in “${label}” is not an email address`,
			'Write name@example.com, or Name <name@example.com>, and part several by commas.',
		);
	const name = phrase.trim().replace(/^"(.*)"$/s, (_all, inner: string) => inner.replace(/\\(.)/gs, '$1'));
	return { emailAddress: { address, ...(name === '' ? {} : { name }) } };
}

/** Of a recipient, or nothing. */
export const addressOf = (one: unknown): string | undefined =>
	(one as { emailAddress?: { address?: string } } | null | undefined)?.emailAddress?.address;

export const addressesOf = (list: unknown): string[] =>
	((list ?? []) as IDataObject[]).flatMap((one) => addressOf(one) ?? []);
