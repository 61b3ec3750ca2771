import type { ILoadOptionsFunctions, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { requestJson } from '../transport';
import type { GmailMessage } from './incoming';
import { labelsOf, sendersOf } from './lists';
import { gmail, MAILBOX } from './service';

export async function searchLabels(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const labels = await labelsOf(this);
	return {
		results: labels
			.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()))
			.map(({ id, name }) => ({ name, value: id })),
	};
}

export async function getLabels(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return (await labelsOf(this)).map(({ id, name }) => ({ name, value: id }));
}

export async function getSenders(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const senders = (await sendersOf(this, 0)).filter(({ verificationStatus: s }) => s !== 'pending');
	return senders.map(({ sendAsEmail, displayName }) => ({
		name: displayName ? `${displayName} (${sendAsEmail})` : sendAsEmail,
		value: sendAsEmail,
	}));
}

export async function getThreadMessages(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const given = this.getCurrentNodeParameter('threadId') ?? this.getNodeParameter('threadId', '');
	const threadId = String(given).trim();
	if (threadId === '') return [];
	const { messages = [] } = await requestJson<{ messages?: GmailMessage[] }>(this, gmail, 0, {
		method: 'GET',
		url: `${MAILBOX}/threads/${encodeURIComponent(threadId)}`,
		qs: { format: 'minimal' },
	});
	return messages.map(({ id, snippet }) => ({ name: snippet || id, value: id }));
}
