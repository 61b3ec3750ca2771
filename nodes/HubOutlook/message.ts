/** https://learn.microsoft.com/graph/api/resources/message */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { ATTACHMENTS, BODY, bodyField, COMMON, HEADERS, SUBJECT, subjectField, TO, toField } from './content';
import { choice, collection, existing, flag, moment, operations, shown, text } from './fields';
import { messageFilters } from './filters';
import { downloadOptions, MESSAGE_FIELDS, outputFields } from './receive';

const on = (...operation: string[]) => shown('message', ...operation);

const SAVE_AS_DRAFT = flag(
	'Save as Draft',
	'saveAsDraft',
	'to leave the answer among the drafts instead of sending it',
);

const answering = (operation: string, more: INodeProperties[] = []): INodeProperties =>
	collection('Additional Fields', on(operation), [...COMMON, ATTACHMENTS, HEADERS, SUBJECT, ...more]);

export const messageProperties: INodeProperties[] = [
	operations(
		'message',
		[
			{
				name: 'Copy',
				value: 'copy',
				action: 'Copy a message',
				description: 'Copy a message to another folder',
			},
			{ name: 'Delete', value: 'delete', action: 'Delete a message' },
			{ name: 'Forward', value: 'forward', action: 'Forward a message' },
			{ name: 'Get', value: 'get', action: 'Get a message' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many messages' },
			{
				name: 'Move',
				value: 'move',
				action: 'Move a message',
				description: 'Move a message to another folder',
			},
			{ name: 'Reply', value: 'reply', action: 'Reply to a message', description: 'Answer the sender alone' },
			{
				name: 'Reply All',
				value: 'replyAll',
				action: 'Reply all to a message',
				description: 'Answer the sender and all other recipients',
			},
			{ name: 'Send', value: 'send', action: 'Send a message' },
			{ name: 'Update', value: 'update', action: 'Update a message' },
		],
		'send',
	),
	existing('message', on('copy', 'delete', 'forward', 'get', 'move', 'reply', 'replyAll', 'update')),
	existing('folder', on('copy', 'move'), {
		displayName: 'Destination Folder',
		description: 'By ID, the well-known names do as well: archive, inbox, junkemail, …',
	}),
	toField(on('forward', 'send')),
	subjectField(on('send')),
	bodyField(on('forward', 'reply', 'replyAll', 'send')),
	collection('Additional Fields', on('send'), [
		...COMMON,
		ATTACHMENTS,
		HEADERS,
		flag(
			'Return Message',
			'returnMessage',
			'to put out the message with the ID by which it is found in Sent Items; takes one more call',
		),
		flag('Save To Sent Items', 'saveToSentItems', 'to save the message in Sent Items', true),
	]),
	answering('forward'),
	answering('reply', [TO]),
	answering('replyAll', [TO]),
	collection('Options', on('forward', 'reply', 'replyAll'), [SAVE_AS_DRAFT]),
	collection('Options', on('delete'), [
		flag('Permanently', 'permanent', 'to delete the message so that the mailbox’s user cannot get it back'),
	]),
	...returnAllOrLimit(on('getAll')),
	...outputFields(on('get', 'getAll'), MESSAGE_FIELDS),
	messageFilters(on('getAll'), false),
	downloadOptions(on('getAll')),
	downloadOptions(on('get'), [
		text(
			'MIME Content in Field',
			'mimeField',
			'Puts the whole message out as an .eml file, in this binary field',
			{
				placeholder: 'e.g. data',
			},
		),
	]),
	collection('Update Fields', on('update'), [
		...COMMON.filter(({ name }) => name !== 'from'),
		BODY,
		moment('Flag Due Date', 'flagDue', 'When what is flagged is due; flags the message'),
		choice(
			'Flag Status',
			'flagStatus',
			[
				['Complete', 'complete'],
				['Flagged', 'flagged'],
				['Not Flagged', 'notFlagged'],
			],
			'flagged',
		),
		choice(
			'Inference Classification',
			'inferenceClassification',
			[
				['Focused', 'focused'],
				['Other', 'other'],
			],
			'focused',
			'Where the message is shown in an inbox with a focused part',
		),
		flag('Is Read', 'isRead', 'the message has been read'),
		SUBJECT,
		TO,
	]),
];
