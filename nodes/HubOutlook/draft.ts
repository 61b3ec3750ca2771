/** https://learn.microsoft.com/graph/outlook-create-send-messages: messages that are not sent yet. */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, returnAllOrLimit } from '../transport';
import { attach, attachmentsIn } from './attach';
import {
	ATTACHMENTS,
	BODY,
	bodyField,
	COMMON,
	filesOf,
	HEADERS,
	messageOf,
	SUBJECT,
	subjectField,
	TO,
} from './content';
import { createDraft, MESSAGES, sendDraft } from './deliver';
import { collection, collectionOf, existing, flag, idIn, operations, refuse, shown } from './fields';
import { messageFilters } from './filters';
import { graph } from './graph';
import { listMessages } from './message-work';
import {
	downloadOptions,
	MESSAGE_FIELDS,
	messageItem,
	outputFields,
	outputOf,
	readingPreferences,
	SIMPLE_MESSAGE,
	withoutContext,
} from './receive';
import { recipients } from './recipients';

const on = (...operation: string[]) => shown('draft', ...operation);

export const draftProperties: INodeProperties[] = [
	operations(
		'draft',
		[
			{ name: 'Create', value: 'create', action: 'Create a draft' },
			{ name: 'Delete', value: 'delete', action: 'Delete a draft' },
			{ name: 'Get', value: 'get', action: 'Get a draft' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many drafts' },
			{ name: 'Send', value: 'send', action: 'Send a draft' },
			{ name: 'Update', value: 'update', action: 'Update a draft' },
		],
		'create',
	),
	existing('draft', on('delete', 'get', 'send', 'update')),
	subjectField(on('create')),
	bodyField(on('create')),
	collection('Additional Fields', on('create'), [...COMMON, ATTACHMENTS, HEADERS, TO]),
	{
		...TO,
		name: 'to',
		description:
			'Addresses of the recipients, separated by commas; left empty, the draft goes to those that it names',
		displayOptions: { show: on('send') },
	} as INodeProperties,
	...returnAllOrLimit(on('getAll')),
	...outputFields(on('get', 'getAll'), MESSAGE_FIELDS),
	messageFilters(on('getAll'), true),
	downloadOptions(on('get', 'getAll')),
	collection('Update Fields', on('update'), [
		...COMMON,
		{ ...ATTACHMENTS, description: 'Added to those that the draft has' } as INodeProperties,
		BODY,
		flag('Is Read', 'isRead', 'the draft has been read'),
		SUBJECT,
		TO,
	]),
];

export const draftOperations = {
	create: eachItem(async function (itemIndex) {
		const fields = {
			...collectionOf(this, itemIndex, 'additionalFields'),
			subject: String(this.getNodeParameter('subject', itemIndex, '') ?? ''),
		};
		const body = String(this.getNodeParameter('bodyContent', itemIndex, '') ?? '');
		const message = messageOf(this, itemIndex, fields, body);
		const attachments = await attachmentsIn(this, itemIndex, filesOf(fields));
		return { json: withoutContext(await createDraft(this, itemIndex, message, attachments)) };
	}),

	delete: eachItem(async function (itemIndex) {
		await graph(this, itemIndex, 'DELETE', `${MESSAGES}/${idIn(this, itemIndex, 'draftId', 'Draft')}`);
		return { json: { success: true } };
	}),

	get: eachItem(async function (itemIndex) {
		const id = idIn(this, itemIndex, 'draftId', 'Draft');
		const { qs, shape } = outputOf(this, itemIndex, SIMPLE_MESSAGE, ['id']);
		const prefer = readingPreferences(collectionOf(this, itemIndex, 'options'));
		const draft = await graph(this, itemIndex, 'GET', `${MESSAGES}/${id}`, undefined, { qs, prefer });
		return await messageItem(this, itemIndex, draft, shape);
	}),

	getAll: eachItem(async function (itemIndex) {
		return await listMessages(this, itemIndex, '/me/mailFolders/drafts/messages');
	}),

	send: eachItem(async function (itemIndex) {
		const id = idIn(this, itemIndex, 'draftId', 'Draft');
		const to = recipients(this, itemIndex, this.getNodeParameter('to', itemIndex, ''), 'To');
		if (to.length > 0)
			await graph(this, itemIndex, 'PATCH', `${MESSAGES}/${id}`, { toRecipients: to as never });
		await sendDraft(this, itemIndex, decodeURIComponent(id));
		return { json: { success: true } };
	}),

	update: eachItem(async function (itemIndex) {
		const path = `${MESSAGES}/${idIn(this, itemIndex, 'draftId', 'Draft')}`;
		const fields = collectionOf(this, itemIndex, 'updateFields');
		const body = fields.bodyContent === undefined ? undefined : String(fields.bodyContent);
		const changes = messageOf(this, itemIndex, fields, body);
		const attachments = await attachmentsIn(this, itemIndex, filesOf(fields));
		const changed = Object.keys(changes).length > 0;
		if (!changed && attachments.length === 0)
			throw refuse(this, itemIndex, 'There is nothing to update', 'Add at least one of the “Update Fields”.');
		const updated = changed ? await graph(this, itemIndex, 'PATCH', path, changes) : null;
		for (const one of attachments) await attach(this, itemIndex, path, one);
		return { json: withoutContext(updated ?? (await graph(this, itemIndex, 'GET', path))) };
	}),
};
