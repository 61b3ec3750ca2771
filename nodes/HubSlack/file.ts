/** https://docs.slack.dev/reference/methods/?filter=files */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { option, options, SECONDS, shown, textField } from './fields';
import { numberedPages } from './pages';
import { slack } from './service';

export const fileProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['file'] } },
		options: [
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a file',
				routing: {
					request: { method: 'POST', url: '/files.delete' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
			{
				name: 'Download',
				value: 'download',
				action: 'Download a file',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a file',
				routing: {
					request: { method: 'GET', url: '/files.info' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'file' } }],
					},
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many files',
				routing: {
					request: { method: 'GET', url: '/files.list' },
					operations: { pagination: pages(slack, numberedPages('files')) },
				},
			},
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload a file',
			},
		],
		default: 'getAll',
	},
	textField('File ID', 'fileId', 'file', shown('file', 'delete'), 'body', { placeholder: 'e.g. F012AB3CD' }),
	textField('File ID', 'fileId', 'file', shown('file', 'download', 'get'), 'query', {
		placeholder: 'e.g. F012AB3CD',
	}),
	{
		displayName: 'Put Output File in Field',
		name: 'outputField',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: shown('file', 'download') },
	},
	{
		displayName: 'Input Binary Field',
		name: 'inputField',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input binary field containing the file to be uploaded',
		displayOptions: { show: shown('file', 'upload') },
	},
	options(shown('file', 'upload'), [
		option('Channel ID', 'channelId', 'channel_id', 'body', { description: 'Where the file is shared' }),
		option('File Name', 'fileName', 'filename', 'body', { description: 'In place of the binary’s own' }),
		option('Initial Comment', 'initialComment', 'initial_comment', 'body'),
		option('Thread Timestamp', 'threadTs', 'thread_ts', 'body'),
		option('Title', 'title', 'title', 'body'),
	]),
	...returnAllOrLimit(shown('file', 'getAll')),
	options(shown('file', 'getAll'), [
		option('Channel ID', 'channel', 'channel', 'query'),
		option('From', 'tsFrom', 'ts_from', 'query', { type: 'dateTime', routing: { send: { value: SECONDS } } }),
		option('To', 'tsTo', 'ts_to', 'query', { type: 'dateTime', routing: { send: { value: SECONDS } } }),
		option('Types', 'types', 'types', 'query', { placeholder: 'e.g. images,pdfs' }),
		option('User ID', 'user', 'user', 'query'),
	]),
];
