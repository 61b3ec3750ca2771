/** https://developers.google.com/workspace/drive/api/reference/rest/v3/files */
import type { INodeProperties } from 'n8n-workflow';
import { EXPORT_OPTIONS } from './export-formats';
import { FIELDS_OPTION, locator, optionsField, parentFolder, shownFor } from './fields';
import { CHUNK_SIZE, CONVERT_TO, CONTENT_OPTIONS, METADATA_OPTIONS, TRASHED } from './file-options';
import { FILES, USUAL_FIELDS } from './service';
import { shareFields } from './share';

export const fileProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['file'] } },
		options: [
			{ name: 'Copy', value: 'copy', action: 'Copy file' },
			{
				name: 'Create From Text',
				value: 'createFromText',
				action: 'Create file from text',
				description: 'Create a file, or a Google document, from text',
			},
			{
				name: 'Delete',
				value: 'deleteFile',
				action: 'Delete a file',
				description: 'Move a file to the trash, or delete it for good',
			},
			{
				name: 'Download',
				value: 'download',
				action: 'Download file',
				description: 'Download a file; Google’s own documents are exported',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get file',
				description: 'Get a file’s details without its content',
				routing: {
					request: {
						method: 'GET',
						url: `${FILES}/:fileId`,
						qs: { supportsAllDrives: true, fields: USUAL_FIELDS },
					},
				},
			},
			{ name: 'Move', value: 'move', action: 'Move file' },
			{
				name: 'Share',
				value: 'share',
				action: 'Share file',
				description: 'Give users, groups or everyone rights to a file',
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update file',
				description: 'Change a file’s details, its content, or both',
			},
			{ name: 'Upload', value: 'upload', action: 'Upload file' },
		],
		default: 'upload',
	},
	locator({
		displayName: 'File',
		name: 'fileId',
		from: 'searchFiles',
		displayOptions: shownFor('file', ...['copy', 'deleteFile', 'download', 'get', 'move', 'share', 'update']),
	}),
	{
		displayName: 'Change File Content',
		name: 'changeFileContent',
		type: 'boolean',
		default: false,
		description: 'Whether to put new content in place of the file’s',
		displayOptions: shownFor('file', 'update'),
	},
	{
		displayName: 'Input Data Field Name',
		name: 'inputDataFieldName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input binary field containing the file',
		displayOptions: { show: { ...shownFor('file', 'update').show, changeFileContent: [true] } },
	},
	{
		displayName: 'Input Data Field Name',
		name: 'inputDataFieldName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input binary field containing the file',
		displayOptions: shownFor('file', 'upload'),
	},
	{
		displayName: 'File Content',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		displayOptions: shownFor('file', 'createFromText'),
	},
	{
		displayName: 'New Updated File Name',
		name: 'newUpdatedFileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. My New File',
		description: 'The name stays as it is where this is empty',
		displayOptions: shownFor('file', 'update'),
	},
	{
		displayName: 'File Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. My New File',
		description: 'For an upload it is the input file’s, for a copy “Copy of …”, where this is empty',
		displayOptions: shownFor('file', 'upload', 'createFromText', 'copy'),
	},
	{
		displayName: 'Copy In The Same Folder',
		name: 'sameFolder',
		type: 'boolean',
		default: true,
		description: 'Whether to put the copy where the original is',
		displayOptions: shownFor('file', 'copy'),
	},
	parentFolder({ show: { ...shownFor('file', 'copy').show, sameFolder: [false] } }),
	parentFolder(shownFor('file', 'upload', 'createFromText', 'move')),
	...shareFields(shownFor('file', 'share')),
	optionsField(shownFor('file', 'upload'), [
		CHUNK_SIZE,
		CONVERT_TO,
		...CONTENT_OPTIONS,
		...METADATA_OPTIONS,
		FIELDS_OPTION,
	]),
	optionsField(shownFor('file', 'createFromText'), [
		{
			displayName: 'Content Type',
			name: 'contentType',
			type: 'options',
			default: 'text/plain',
			options: [
				{ name: 'CSV', value: 'text/csv' },
				{ name: 'HTML', value: 'text/html' },
				{ name: 'JSON', value: 'application/json' },
				{ name: 'Markdown', value: 'text/markdown' },
				{ name: 'Plain Text', value: 'text/plain' },
			],
			description: 'What the text is; HTML and Markdown keep their form in a Google document',
		},
		{
			displayName: 'Convert to Google Document',
			name: 'convertToGoogleDocument',
			type: 'boolean',
			default: false,
			description: 'Whether to make a Google document of it, instead of a file',
		},
		...CONTENT_OPTIONS,
		...METADATA_OPTIONS,
		FIELDS_OPTION,
	]),
	optionsField(shownFor('file', 'update'), [
		CHUNK_SIZE,
		...CONTENT_OPTIONS,
		...METADATA_OPTIONS,
		TRASHED,
		FIELDS_OPTION,
	]),
	optionsField(shownFor('file', 'copy'), [...METADATA_OPTIONS, FIELDS_OPTION]),
	optionsField(shownFor('file', 'move'), [FIELDS_OPTION]),
	{
		...optionsField(shownFor('file', 'get'), [
			{
				...FIELDS_OPTION,
				routing: {
					send: {
						type: 'query',
						property: 'fields',
						value: '={{ $value.length === 0 ? undefined : $value.includes("*") ? "*" : $value.join(",") }}',
					},
				},
			},
		]),
	},
	optionsField(shownFor('file', 'deleteFile'), [
		{
			displayName: 'Delete Permanently',
			name: 'deletePermanently',
			type: 'boolean',
			default: false,
			description: 'Whether to delete it for good instead of moving it to the trash',
		},
	]),
	optionsField(shownFor('file', 'download'), [
		{
			displayName: 'Acknowledge Abuse',
			name: 'acknowledgeAbuse',
			type: 'boolean',
			default: false,
			description: 'Whether to download a file that Google holds for harmful; only its owner may',
		},
		EXPORT_OPTIONS,
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. report.pdf',
			description: 'Another name for the downloaded file',
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			hint: 'The name of the output binary field to put the file in',
		},
	]),
];
