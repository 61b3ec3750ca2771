/** https://developers.google.com/workspace/drive/api/guides/ref-export-formats */
import type { INodeProperties } from 'n8n-workflow';

export const GOOGLE = 'application/vnd.google-apps.';

const OFFICE = 'application/vnd.openxmlformats-officedocument';

export const EXPORT_OPTIONS: INodeProperties = {
	displayName: 'Google File Conversion',
	name: 'googleFileConversion',
	type: 'fixedCollection',
	typeOptions: { multipleValues: false },
	default: {},
	placeholder: 'Add Conversion',
	description: 'Into which formats Google’s own documents are exported',
	options: [
		{
			displayName: 'Conversion',
			name: 'conversion',
			values: [
				{
					displayName: 'Google Docs',
					name: 'docsToFormat',
					type: 'options',
					default: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
					options: [
						{ name: 'EPUB', value: 'application/epub+zip' },
						{ name: 'HTML', value: 'text/html' },
						{ name: 'Markdown', value: 'text/markdown' },
						{
							name: 'Microsoft Word',
							value: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
						},
						{ name: 'OpenDocument', value: 'application/vnd.oasis.opendocument.text' },
						{ name: 'PDF', value: 'application/pdf' },
						{ name: 'Plain Text', value: 'text/plain' },
						{ name: 'Rich Text', value: 'application/rtf' },
						{ name: 'Web Page (HTML, Zipped)', value: 'application/zip' },
					],
				},
				{
					displayName: 'Google Drawings',
					name: 'drawingsToFormat',
					type: 'options',
					default: 'image/jpeg',
					options: [
						{ name: 'JPEG', value: 'image/jpeg' },
						{ name: 'PDF', value: 'application/pdf' },
						{ name: 'PNG', value: 'image/png' },
						{ name: 'SVG', value: 'image/svg+xml' },
					],
				},
				{
					displayName: 'Google Sheets',
					name: 'sheetsToFormat',
					type: 'options',
					default: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
					options: [
						{ name: 'CSV (First Sheet)', value: 'text/csv' },
						{
							name: 'Microsoft Excel',
							value: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
						},
						{ name: 'OpenDocument', value: 'application/vnd.oasis.opendocument.spreadsheet' },
						{ name: 'PDF', value: 'application/pdf' },
						{ name: 'TSV (First Sheet)', value: 'text/tab-separated-values' },
						{ name: 'Web Page (HTML, Zipped)', value: 'application/zip' },
					],
				},
				{
					displayName: 'Google Slides',
					name: 'slidesToFormat',
					type: 'options',
					default: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
					options: [
						{ name: 'JPEG (First Slide)', value: 'image/jpeg' },
						{
							name: 'Microsoft PowerPoint',
							value: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
						},
						{ name: 'OpenDocument', value: 'application/vnd.oasis.opendocument.presentation' },
						{ name: 'PDF', value: 'application/pdf' },
						{ name: 'Plain Text', value: 'text/plain' },
						{ name: 'PNG (First Slide)', value: 'image/png' },
						{ name: 'SVG (First Slide)', value: 'image/svg+xml' },
					],
				},
			],
		},
	],
};

// By the last part of a document's type: which choice counts, and what it is without one.
const CHOICES: { [type: string]: { option: string; usual: string } } = {
	document: { option: 'docsToFormat', usual: `${OFFICE}.wordprocessingml.document` },
	drawing: { option: 'drawingsToFormat', usual: 'image/jpeg' },
	spreadsheet: { option: 'sheetsToFormat', usual: `${OFFICE}.spreadsheetml.sheet` },
	presentation: { option: 'slidesToFormat', usual: `${OFFICE}.presentationml.presentation` },
	script: { option: '', usual: `${GOOGLE}script+json` },
};

const EXTENSIONS: { [mimeType: string]: string } = {
	'application/epub+zip': 'epub',
	'application/pdf': 'pdf',
	'application/rtf': 'rtf',
	'application/zip': 'zip',
	'application/vnd.oasis.opendocument.presentation': 'odp',
	'application/vnd.oasis.opendocument.spreadsheet': 'ods',
	'application/vnd.oasis.opendocument.text': 'odt',
	[`${OFFICE}.presentationml.presentation`]: 'pptx',
	[`${OFFICE}.spreadsheetml.sheet`]: 'xlsx',
	[`${OFFICE}.wordprocessingml.document`]: 'docx',
	[`${GOOGLE}script+json`]: 'json',
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/svg+xml': 'svg',
	'text/csv': 'csv',
	'text/html': 'html',
	'text/markdown': 'md',
	'text/plain': 'txt',
	'text/tab-separated-values': 'tsv',
};

export type Export = { mimeType: string; extension: string };

/** Into what a document of Google's is exported; null: it is one that cannot be (a form, a map, a folder). */
export function exportOf(googleType: string, chosen: { [option: string]: string }): Export | null {
	const choice = CHOICES[googleType.slice(GOOGLE.length)];
	if (!choice) return null;
	const mimeType = chosen[choice.option] || choice.usual;
	return { mimeType, extension: EXTENSIONS[mimeType] ?? '' };
}
