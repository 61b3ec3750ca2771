import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';
import { instant } from '../transport/instant';
import { USUAL_FIELDS } from './service';

export const shownFor = (resource: string, ...operation: string[]) => ({
	show: { resource: [resource], operation },
});

/** The id in an address as the browser shows it; n8n wants all of it matched: `…/file/d/<id>/view`, `…/folders/<id>`, `…/open?id=<id>`. */
const IN_ADDRESS =
	'https:\\/\\/(?:drive|docs)\\.google\\.com\\/.*?(?:\\/d\\/|\\/folders\\/|[?&]id=)([0-9a-zA-Z_-]+).*';

type Locator = {
	displayName: string;
	name: string;
	/** `searchFiles`, `searchFolders` */
	from: string;
	displayOptions?: IDisplayOptions;
	description?: string;
	default?: INodeProperties['default'];
	required?: boolean;
};

/** A file, folder or drive: from a list, by its address in the browser, or by its id. */
export function locator(wanted: Locator): INodeProperties {
	const { displayName, name, from, displayOptions, description, required = true } = wanted;
	const placeholder = from === 'searchFiles' ? 'file/d/1anGBg0b…/view' : 'drive/folders/1AAH9N2P…';
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...(wanted.default === undefined ? {} : { default: wanted.default }),
		required,
		...(description === undefined ? {} : { description }),
		...(displayOptions === undefined ? {} : { displayOptions }),
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: from, searchable: true },
			},
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: `e.g. https://drive.google.com/${placeholder}`,
				extractValue: { type: 'regex', regex: IN_ADDRESS },
				validation: [
					{
						type: 'regex',
						properties: {
							regex: IN_ADDRESS,
							errorMessage: 'This is no address of a file or folder in Google Drive',
						},
					},
				],
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 1anGBg0b5re2VtF2bKu201_a-Vnz5BHq9Y4r-yBDAj5A',
				url:
					from === 'searchFiles'
						? '=https://drive.google.com/file/d/{{$value}}/view'
						: '=https://drive.google.com/drive/folders/{{$value}}',
			},
		],
		routing: { send: { preSend: [intoPath(name, displayName)] } },
	};
}

const ROOT = { mode: 'list', value: 'root', cachedResultName: '/ (Root Folder of My Drive)' };

/** Where something goes: My Drive's root unless chosen otherwise. A shared drive's id is that of its root. */
export const parentFolder = (displayOptions: IDisplayOptions, displayName = 'Parent Folder') =>
	locator({
		displayName,
		name: 'folderId',
		from: 'searchFolders',
		displayOptions,
		default: ROOT,
		description: 'A folder, or a shared drive for its root',
	});

export const FIELDS_OPTION: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'multiOptions',
	default: [],
	options: [
		{ name: '*', value: '*', description: 'All fields' },
		{ name: 'App Properties', value: 'appProperties' },
		{ name: 'Capabilities', value: 'capabilities' },
		{ name: 'Explicitly Trashed', value: 'explicitlyTrashed' },
		{ name: 'Export Links', value: 'exportLinks' },
		{ name: 'Has Thumbnail', value: 'hasThumbnail' },
		{ name: 'Icon Link', value: 'iconLink' },
		{ name: 'ID', value: 'id' },
		{ name: 'Kind', value: 'kind' },
		{ name: 'MIME Type', value: 'mimeType' },
		{ name: 'Modified Time', value: 'modifiedTime' },
		{ name: 'Name', value: 'name' },
		{ name: 'Owners', value: 'owners' },
		{ name: 'Parents', value: 'parents' },
		{ name: 'Permissions', value: 'permissions' },
		{ name: 'Properties', value: 'properties' },
		{ name: 'Shared', value: 'shared' },
		{ name: 'Size', value: 'size' },
		{ name: 'Spaces', value: 'spaces' },
		{ name: 'Starred', value: 'starred' },
		{ name: 'Thumbnail Link', value: 'thumbnailLink' },
		{ name: 'Trashed', value: 'trashed' },
		{ name: 'Version', value: 'version' },
		{ name: 'Web Content Link', value: 'webContentLink' },
		{ name: 'Web View Link', value: 'webViewLink' },
	],
	description: 'The fields to return; the usual ones unless chosen',
};

export const optionsField = (
	displayOptions: IDisplayOptions,
	options: INodeProperties[],
	displayName = 'Options',
): INodeProperties => ({
	displayName,
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions,
	options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

/** A required id of an operation that is code. */
export function idIn(
	context: IExecuteFunctions | IExecuteSingleFunctions,
	name: string,
	label: string,
	itemIndex: number,
): string {
	const given =
		'getItemIndex' in context
			? context.getNodeParameter(name, '', { extractValue: true })
			: context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	const id = String(given ?? '').trim();
	if (id !== '') return id;
	throw new NodeOperationError(context.getNode(), `“${label}” is empty`, {
		itemIndex,
		description: 'Fill it in, or check the expression: it gave nothing for this item.',
	});
}

export const optionsOf = (context: IExecuteFunctions, itemIndex: number) =>
	context.getNodeParameter('options', itemIndex, {}) as IDataObject;

/** `fields` of a call that answers a file. */
export function fieldsOf({ fields }: IDataObject): string {
	const chosen = (Array.isArray(fields) ? fields : String(fields ?? '').split(','))
		.map(String)
		.filter(Boolean);
	return chosen.includes('*') ? '*' : chosen.length > 0 ? chosen.join(',') : USUAL_FIELDS;
}

/** A date as RFC 3339; without a zone it is one of the workflow's. */
export function timeOf(context: IExecuteFunctions, itemIndex: number, given: unknown): string {
	const at = instant(String(given), context.getTimezone());
	if (Number.isFinite(at)) return new Date(at).toISOString();
	throw new NodeOperationError(context.getNode(), `“${String(given)}” is not a date`, {
		itemIndex,
		description: 'Write it as 2026-03-01 or 2026-03-01T09:00:00+01:00.',
	});
}

function intoPath(name: string, label: string) {
	return async function (
		this: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		// An empty one would name another resource: all of them.
		const id = idIn(this, name, label, this.getItemIndex());
		return { ...request, url: request.url.replace(`:${name}`, encodeURIComponent(id)) };
	};
}
