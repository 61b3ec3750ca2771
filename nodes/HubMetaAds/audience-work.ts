/** https://developers.facebook.com/docs/marketing-api/reference/custom-audience/users */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { requestJson } from '../transport';
import { together, type Member, type Part } from '../transport/together';
import { asJson, idOf } from './fields';
import { isPerson, rowOf, tableOf, type Person, type Row } from './members';
import { meta } from './service';

// "only a maximum of 10000 at a time"
const AT_ONCE = 10_000;

export const audienceOperations = {
	addMembers: together({ read: rowsOf, send: sender('POST') }),
	removeMembers: together({ read: rowsOf, send: sender('DELETE') }),
};

function rowsOf(this: IExecuteFunctions, itemIndex: number): Part<Row[]> {
	const key = idOf(this, 'audienceId', 'Custom Audience', itemIndex);
	const { phoneCountry = '' } = this.getNodeParameter('options', itemIndex, {}) as { phoneCountry?: string };
	const value = peopleOf(this, itemIndex).map((person, at, { length }) => {
		try {
			return rowOf(person, phoneCountry);
		} catch (error) {
			const which = length > 1 ? ` (member ${at + 1} of ${length})` : '';
			throw new NodeOperationError(this.getNode(), `${(error as Error).message}${which}`, { itemIndex });
		}
	});
	return { key, value };
}

function peopleOf(context: IExecuteFunctions, itemIndex: number): Person[] {
	if (context.getNodeParameter('membersFrom', itemIndex) === 'items')
		return [context.getNodeParameter('member', itemIndex, {}) as Person];
	const list = asJson(context.getNodeParameter('members', itemIndex));
	if (Array.isArray(list) && list.length > 0 && list.every(isPerson)) return list;
	throw new NodeOperationError(context.getNode(), '“Members” is not a list of people', {
		itemIndex,
		description: 'Write it as [{"email": "jo@example.com"}], with at least one.',
	});
}

type Answer = {
	audience_id?: string;
	num_received?: number;
	num_invalid_entries?: number;
	invalid_entry_samples?: IDataObject | unknown[];
};

function sender(method: 'POST' | 'DELETE') {
	return async function (this: IExecuteFunctions, group: Member<Row[]>[]): Promise<INodeExecutionData[]> {
		const itemIndex = group[0]?.itemIndex ?? 0;
		const audience = idOf(this, 'audienceId', 'Custom Audience', itemIndex);
		const rows = group.flatMap(({ value }) => value);
		const session = newSession();
		const answers: Answer[] = [];
		for (let sent = 0; sent < rows.length; sent += AT_ONCE) {
			const batch = {
				session_id: session,
				batch_seq: answers.length + 1,
				last_batch_flag: sent + AT_ONCE >= rows.length,
				estimated_num_total: rows.length,
			};
			const payload = tableOf(rows.slice(sent, sent + AT_ONCE));
			answers.push(
				await requestJson<Answer>(this, meta, itemIndex, {
					method,
					url: `/${encodeURIComponent(audience)}/users`,
					headers: { 'content-type': 'application/x-www-form-urlencoded' },
					// A form, as Meta documents it for both methods.
					body: new URLSearchParams({
						payload: JSON.stringify(payload),
						session: JSON.stringify(batch),
					}),
				}),
			);
		}
		return [{ json: summed(audience, session, rows.length, answers), pairedItem: pairs(group) }];
	};
}

/** Unique within the ad account. */
const newSession = () => Date.now() * 1000 + Math.floor(Math.random() * 1000);

function summed(audience: string, session: number, sent: number, answers: Answer[]): IDataObject {
	const sum = (name: 'num_received' | 'num_invalid_entries') =>
		answers.reduce((total, answer) => total + (answer[name] ?? 0), 0);
	return {
		audience_id: audience,
		session_id: String(session),
		num_sent: sent,
		num_batches: answers.length,
		num_received: sum('num_received'),
		num_invalid_entries: sum('num_invalid_entries'),
		invalid_entry_samples: answers.flatMap(({ invalid_entry_samples: samples = [] }) =>
			Array.isArray(samples) ? samples : Object.keys(samples).length > 0 ? [samples] : [],
		) as IDataObject[],
	};
}

const pairs = (group: Member<Row[]>[]) => group.map(({ itemIndex }) => ({ item: itemIndex }));
