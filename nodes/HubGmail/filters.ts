/** https://support.google.com/mail/answer/7190: what "Filters" become in Gmail's own search language. */
import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { instant } from '../transport/instant';
import { collectionOf } from './fields';

const dateTime = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
	description,
});

export const filterField = (displayOptions: IDisplayOptions): INodeProperties => ({
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	displayOptions,
	options: [
		{
			displayName: 'Has Attachment',
			name: 'hasAttachment',
			type: 'boolean',
			default: true,
			description: 'Whether to take only those with an attachment, or only those without',
		},
		{
			displayName: 'Include Spam and Trash',
			name: 'includeSpamTrash',
			type: 'boolean',
			default: false,
			description: 'Whether to look in spam and trash too',
		},
		{
			displayName: 'Label Names or IDs',
			name: 'labelIds',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getLabels' },
			default: [],
			description:
				'Only those with all of these labels. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		{
			displayName: 'Read Status',
			name: 'readStatus',
			type: 'options',
			default: 'unread',
			options: [
				{ name: 'Unread and Read', value: 'both' },
				{ name: 'Unread Only', value: 'unread' },
				{ name: 'Read Only', value: 'read' },
			],
		},
		dateTime('Received After', 'receivedAfter', 'Without a time zone it is taken in the workflow’s'),
		dateTime('Received Before', 'receivedBefore', 'Without a time zone it is taken in the workflow’s'),
		{
			displayName: 'Search',
			name: 'q',
			type: 'string',
			default: '',
			placeholder: 'e.g. has:attachment larger:5M',
			description:
				'As in Gmail’s search box. <a href="https://support.google.com/mail/answer/7190">What can be searched for</a>.',
		},
		{
			displayName: 'Sender',
			name: 'sender',
			type: 'string',
			default: '',
			placeholder: 'e.g. jo@example.com',
			description: 'Name or address of the sender',
		},
		{ displayName: 'Subject', name: 'subject', type: 'string', default: '' },
		{
			displayName: 'To',
			name: 'to',
			type: 'string',
			default: '',
			description: 'Name or address of a recipient',
		},
	],
});

export function filterQuery(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const filters = collectionOf(context, 'filters', itemIndex);
	const terms = [
		filters.q,
		named('from', filters.sender),
		named('to', filters.to),
		named('subject', filters.subject),
		filters.readStatus === 'unread' || filters.readStatus === 'read' ? `is:${filters.readStatus}` : '',
		filters.hasAttachment === undefined ? '' : `${filters.hasAttachment ? '' : '-'}has:attachment`,
		time(context, itemIndex, 'after', filters.receivedAfter),
		time(context, itemIndex, 'before', filters.receivedBefore),
	].filter((term) => term !== undefined && term !== '');
	const labelIds = filters.labelIds as string[] | string | undefined;
	return {
		...(terms.length > 0 ? { q: terms.join(' ') } : {}),
		...(labelIds?.length ? { labelIds } : {}),
		...(filters.includeSpamTrash ? { includeSpamTrash: true } : {}),
	};
}

const named = (operator: string, value: unknown) =>
	String(value ?? '').trim() === '' ? '' : `${operator}:(${String(value).trim()})`;

/** In seconds: a day in Gmail's search would be one of its own time zone. */
function time(context: IExecuteFunctions, itemIndex: number, operator: string, value: unknown): string {
	if (value === undefined || value === null || value === '') return '';
	const ms = instant(String(value), context.getTimezone());
	if (!Number.isFinite(ms))
		throw new NodeOperationError(context.getNode(), `“${String(value)}” is not a date`, {
			itemIndex,
			description: 'Write it as 2026-03-01 or 2026-03-01T09:00:00+01:00.',
		});
	return `${operator}:${Math.floor(ms / 1000)}`;
}
