import type { INodeProperties } from 'n8n-workflow';
import { GOOGLE } from './export-formats';

const google = (type: string) => `mimeType = '${GOOGLE}${type}'`;

/** What a type of file means to the search. */
export const FILE_TYPES: { [type: string]: string } = {
	audio: "mimeType contains 'audio/'",
	document: google('document'),
	drawing: google('drawing'),
	form: google('form'),
	image: "mimeType contains 'image/'",
	map: google('map'),
	pdf: "mimeType = 'application/pdf'",
	presentation: google('presentation'),
	script: google('script'),
	shortcut: google('shortcut'),
	site: google('site'),
	spreadsheet: google('spreadsheet'),
	video: "mimeType contains 'video/'",
};

export const TYPES_FIELD: INodeProperties = {
	displayName: 'File Types',
	name: 'fileTypes',
	type: 'multiOptions',
	default: [],
	options: [
		{ name: 'All', value: '*' },
		{ name: 'Audio', value: 'audio' },
		{ name: 'Google Apps Script', value: 'script' },
		{ name: 'Google Docs', value: 'document' },
		{ name: 'Google Drawings', value: 'drawing' },
		{ name: 'Google Forms', value: 'form' },
		{ name: 'Google My Maps', value: 'map' },
		{ name: 'Google Sheets', value: 'spreadsheet' },
		{ name: 'Google Sites', value: 'site' },
		{ name: 'Google Slides', value: 'presentation' },
		{ name: 'Image', value: 'image' },
		{ name: 'PDF', value: 'pdf' },
		{ name: 'Shortcut', value: 'shortcut' },
		{ name: 'Video', value: 'video' },
	],
	description: 'Only files of these types; an expression may give MIME types',
};
