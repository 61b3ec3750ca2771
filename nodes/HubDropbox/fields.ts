import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { instant } from '../transport/instant';

export type Show = NonNullable<IDisplayOptions['show']>;

export const shown = (resource: string, ...operation: string[]): Show => ({
	resource: [resource],
	operation,
});

/** What is there already: from a list, or by its path or ID. */
export const existing = (
	kind: 'file' | 'folder',
	show: Show,
	more: Partial<INodeProperties> = {},
): INodeProperties => {
	const isFile = kind === 'file';
	return {
		displayName: isFile ? 'File' : 'Folder',
		name: 'path',
		type: 'resourceLocator',
		default: { mode: 'path', value: '' },
		required: true,
		displayOptions: { show },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: isFile ? 'searchFiles' : 'searchFolders', searchable: true },
			},
			{
				displayName: 'By Path',
				name: 'path',
				type: 'string',
				placeholder: isFile ? 'e.g. /Invoices/2026/invoice-1.pdf' : 'e.g. /Invoices/2026',
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. id:a4ayc_80_OEAAAAAAAAAYa' },
		],
		...more,
	};
};

/** Where something is to be. */
export const newPath = (
	displayName: string,
	name: string,
	show: Show,
	placeholder: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	required: true,
	placeholder: `e.g. ${placeholder}`,
	displayOptions: { show },
	...more,
});

export const options = (show: Show, fields: INodeProperties[], displayName = 'Options'): INodeProperties => ({
	displayName,
	name: displayName === 'Filters' ? 'filters' : 'options',
	type: 'collection',
	placeholder: displayName === 'Filters' ? 'Add filter' : 'Add option',
	default: {},
	displayOptions: { show },
	options: [...fields].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

export const flag = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	default: false,
	description: `Whether to ${description}`,
});

/** On unless turned off. */
export const flagOn = (displayName: string, name: string, description: string): INodeProperties =>
	({ ...flag(displayName, name, description), default: true }) as INodeProperties;

export const outputField = (show: Show): INodeProperties => ({
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output binary field to put the file in',
	displayOptions: { show },
});

export const AUTORENAME = flag(
	'Autorename',
	'autorename',
	'give it another name, as “file (1).pdf”, where something is there already',
);

/**
 * A path as Dropbox wants it: from the slash, without one at the end. The root is empty.
 * https://www.dropbox.com/developers/documentation/http/documentation#path-formats
 *
 * @throws NodeOperationError where nothing is given and the root will not do
 */
export function pathIn(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
	{ orRoot = false } = {},
): string {
	const given = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	const path = normalPath(given);
	if (path !== '' || orRoot) return path;
	throw new NodeOperationError(context.getNode(), `“${label}” is empty`, {
		itemIndex,
		description:
			'Fill it in, or check the expression: it gave nothing for this item. The root of the Dropbox itself will not do here.',
	});
}

export function normalPath(given: unknown): string {
	const path = String(given ?? '')
		.trim()
		.replace(/(?<!\/)\/+$/, '');
	return path === '' || /^(\/|(id|ns|rev):)/.test(path) ? path : `/${path}`;
}

export const optionsOf = (context: IExecuteFunctions, itemIndex: number, name = 'options') =>
	context.getNodeParameter(name, itemIndex, {}) as IDataObject;

/** Those of the options that were set, as Dropbox calls them. */
export const picked = (given: IDataObject, ...names: string[]): IDataObject =>
	Object.fromEntries(
		names.flatMap((name) => (given[name] === undefined || given[name] === '' ? [] : [[name, given[name]]])),
	);

/** `2026-03-01T08:00:00Z`, and nothing finer; a time without a zone is one of the workflow's. */
export function timestampOf(context: IExecuteFunctions, itemIndex: number, given: unknown): string {
	const text = typeof given === 'string' ? given : String(JSON.parse(JSON.stringify(given ?? '')));
	const at = instant(text, context.getTimezone());
	if (Number.isFinite(at)) return new Date(at).toISOString().replace(/\.\d+/, '');
	throw new NodeOperationError(context.getNode(), `“${text}” is not a date`, {
		itemIndex,
		description: 'Write it as 2026-03-01 or 2026-03-01T09:00:00+01:00.',
	});
}
