/** https://docs.slack.dev/messaging/working-with-files */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { JOINED, method, required, sent, shownFor, time } from './fields';
import { COUNT, numberedPages } from './pages';
import { CHANNEL, USER } from './pickers';
import { slack } from './service';

const fileId: INodeProperties = {
	displayName: 'File ID',
	name: 'fileId',
	type: 'string',
	default: '',
	placeholder: 'e.g. F0S43P1CZ',
};

const text = (
	displayName: string,
	name: string,
	description: string,
	placeholder?: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
	...(placeholder === undefined ? {} : { placeholder }),
});

export const fileProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['file'] } },
		options: [
			{ name: 'Delete', value: 'delete', action: 'Delete a file', routing: method('POST', 'files.delete') },
			{
				name: 'Download',
				value: 'download',
				action: 'Download a file',
				description: 'Get a file’s details and its content',
			},
			{ name: 'Get', value: 'get', action: 'Get a file', routing: method('GET', 'files.info', 'file') },
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many files',
				routing: {
					request: { method: 'GET', url: '/files.list', qs: { count: COUNT } },
					operations: { pagination: pages(slack, numberedPages('files', 'paging')) },
				},
			},
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload a file',
				description: 'Upload one or more files and share them',
			},
		],
		default: 'upload',
	},
	required('query', 'file', { ...fileId, displayOptions: shownFor('file', 'get') }),
	required('body', 'file', { ...fileId, displayOptions: shownFor('file', 'delete') }),
	{ ...fileId, required: true, displayOptions: shownFor('file', 'download') },
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: shownFor('file', 'download'),
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input binary field containing the file to be uploaded',
		description: 'Several fields, separated by commas, are shared in one message',
		displayOptions: shownFor('file', 'upload'),
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('file', 'upload'),
		options: [
			text('Alternative Text', 'altText', 'What the picture shows, for people who do not see it'),
			{ ...CHANNEL, description: 'Where the file is shared; without one it stays private' },
			text('File Name', 'fileName', 'In place of the binary field’s own', 'e.g. report.pdf'),
			text('Initial Comment', 'initialComment', 'The message that the file is shared with'),
			text(
				'Reply to Message',
				'threadTs',
				'Timestamp of the message that begins the thread',
				'e.g. 1663233118.856619',
			),
			text('Snippet Type', 'snippetType', 'Language of a piece of code', 'e.g. python'),
			text('Title', 'title', 'What Slack shows in place of the file name'),
		],
	},
	...returnAllOrLimit(shownFor('file', 'getAll').show),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: shownFor('file', 'getAll'),
		options: [
			sent('query', 'channel', CHANNEL),
			time('query', 'ts_from', 'Created After'),
			time('query', 'ts_to', 'Created Before'),
			sent('query', 'show_files_hidden_by_limit', {
				displayName: 'Show Files Hidden by Limit',
				name: 'showFilesHidden',
				type: 'boolean',
				default: true,
				description: 'Whether to put out those too that a free plan hides, cut short',
			}),
			sent(
				'query',
				'types',
				{
					displayName: 'Types',
					name: 'types',
					type: 'multiOptions',
					default: [],
					options: [
						{ name: 'Canvases and Posts', value: 'spaces' },
						{ name: 'Google Docs', value: 'gdocs' },
						{ name: 'Images', value: 'images' },
						{ name: 'PDFs', value: 'pdfs' },
						{ name: 'Snippets', value: 'snippets' },
						{ name: 'Zip Files', value: 'zips' },
					],
				},
				JOINED,
			),
			sent('query', 'user', { ...USER, description: 'Who created them' }),
		],
	},
];
