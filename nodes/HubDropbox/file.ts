import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { AUTORENAME, existing, flag, newPath, options, outputField, shown } from './fields';

const on = (...operation: string[]) => shown('file', ...operation);

const uploadOptions: INodeProperties[] = [
	{ ...AUTORENAME, description: `${AUTORENAME.description} and “If File Exists” is “Fail”` },
	{
		displayName: 'Chunk Size (MiB)',
		name: 'chunkSize',
		type: 'number',
		typeOptions: { minValue: 4, maxValue: 148 },
		default: 16,
		description: 'Files above 8 MiB are sent in chunks of this size; so much memory they take',
	},
	{
		displayName: 'Client Modified',
		name: 'clientModified',
		type: 'dateTime',
		default: '',
		description: 'When the file was last changed where it comes from',
	},
	{
		displayName: 'If File Exists',
		name: 'mode',
		type: 'options',
		options: [
			{ name: 'Fail', value: 'add', description: 'Unless “Autorename” is on' },
			{ name: 'Overwrite', value: 'overwrite' },
			{
				name: 'Overwrite One Revision',
				value: 'update',
				description: 'Only if nobody has changed the file since that revision',
			},
		],
		default: 'overwrite',
	},
	flag('Mute', 'mute', 'tell the account’s devices nothing of this change'),
	{
		displayName: 'Revision',
		name: 'rev',
		type: 'string',
		default: '',
		placeholder: 'e.g. a1c10ce0dd78',
		description: 'The one to overwrite, for “Overwrite One Revision”',
	},
	flag(
		'Strict Conflict',
		'strict_conflict',
		'call it a conflict even where the same content is there already',
	),
];

const upload: INodeProperties[] = [
	newPath('File Path', 'path', on('upload'), '/Invoices/2026/invoice-1.pdf', {
		description: 'Where the file is kept. If it ends with a slash, the file’s own name is added.',
	}),
	{
		...flag('Binary File', 'binaryData', 'upload a file from a binary field, not a text'),
		displayOptions: { show: on('upload') },
	},
	{
		displayName: 'File Content',
		name: 'fileContent',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		displayOptions: { show: { ...on('upload'), binaryData: [false] } },
		description: 'The text of the file',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the input binary field containing the file to be uploaded',
		displayOptions: { show: { ...on('upload'), binaryData: [true] } },
	},
	options(on('upload'), uploadOptions),
];

const download: INodeProperties[] = [
	outputField(on('download', 'getThumbnail')),
	options(on('download'), [
		flag('Export', 'export', 'have a Paper document, Google Doc or Google Sheet turned into a file'),
		{
			displayName: 'Export Format',
			name: 'exportFormat',
			type: 'string',
			default: '',
			placeholder: 'e.g. markdown',
			description: 'One of the file’s export options (see Get); the usual one where empty',
		},
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			description: 'In place of the file’s own',
		},
	]),
	options(on('getThumbnail'), [
		{
			displayName: 'Format',
			name: 'format',
			type: 'options',
			options: ['jpeg', 'png', 'webp'].map((value) => ({ name: value.toUpperCase(), value })),
			default: 'jpeg',
		},
		{
			displayName: 'Size',
			name: 'size',
			type: 'options',
			options: [
				'w32h32',
				'w64h64',
				'w128h128',
				'w256h256',
				'w480h320',
				'w640h480',
				'w960h640',
				'w1024h768',
				'w2048h1536',
			].map((value) => ({ name: value.slice(1).replace('h', ' × '), value })),
			default: 'w256h256',
			description: 'At most, in pixels',
		},
	]),
];

export const fileProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['file'] } },
		options: [
			{ name: 'Copy', value: 'copy', action: 'Copy a file' },
			{ name: 'Delete', value: 'delete', action: 'Delete a file' },
			{ name: 'Download', value: 'download', action: 'Download a file' },
			{ name: 'Get', value: 'get', action: 'Get a file', description: 'Get what is known of a file' },
			{ name: 'Get Revisions', value: 'getRevisions', action: 'Get the revisions of a file' },
			{
				name: 'Get Temporary Link',
				value: 'getTemporaryLink',
				action: 'Get a temporary link to a file',
				description: 'Get a link by which anyone can download the file for four hours',
			},
			{ name: 'Get Thumbnail', value: 'getThumbnail', action: 'Get a thumbnail of a file' },
			{ name: 'Move', value: 'move', action: 'Move a file' },
			{
				name: 'Restore',
				value: 'restore',
				action: 'Restore a file',
				description: 'Restore a file to one of its revisions, deleted or not',
			},
			{ name: 'Upload', value: 'upload', action: 'Upload a file' },
		],
		default: 'upload',
	},
	existing(
		'file',
		on(
			'copy',
			'delete',
			'download',
			'get',
			'getRevisions',
			'getTemporaryLink',
			'getThumbnail',
			'move',
			'restore',
		),
	),
	newPath('To Path', 'toPath', on('copy', 'move'), '/Archive/invoice-1.pdf', {
		description: 'The file’s new path, with its name',
	}),
	options(on('copy'), [AUTORENAME]),
	options(on('move'), [
		AUTORENAME,
		flag('Allow Ownership Transfer', 'allow_ownership_transfer', 'move it even where it gets another owner'),
	]),
	options(on('delete'), [
		{
			displayName: 'Only Revision',
			name: 'parent_rev',
			type: 'string',
			default: '',
			placeholder: 'e.g. a1c10ce0dd78',
			description: 'Delete it only if this is still its latest revision',
		},
	]),
	options(on('get'), [
		flag('Include Deleted', 'include_deleted', 'tell of a file that was deleted, too'),
		flag('Include Media Info', 'include_media_info', 'tell the size and place of photos and videos'),
		flag(
			'Include Shared Members',
			'include_has_explicit_shared_members',
			'tell whether the file has members of its own',
		),
	]),
	...upload,
	...download,
	...returnAllOrLimit(on('getRevisions')),
	{
		displayName: 'Revision',
		name: 'rev',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. a1c10ce0dd78',
		description: 'One of Get Revisions',
		displayOptions: { show: on('restore') },
	},
];
