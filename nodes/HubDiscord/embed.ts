/** https://docs.discord.com/developers/resources/message#embed-object */
import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { isoTime, json } from './fields';

const AS_FIELDS = { show: { inputMethod: ['fields'] } };

const text = (
	displayName: string,
	name: string,
	description?: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	...(description === undefined ? {} : { description }),
	displayOptions: AS_FIELDS,
	...more,
});

const INPUT: INodeProperties[] = [
	{
		displayName: 'Input Method',
		name: 'inputMethod',
		type: 'options',
		default: 'fields',
		options: [
			{ name: 'Enter Fields', value: 'fields' },
			{ name: 'Raw JSON', value: 'json' },
		],
	},
	{
		displayName: 'Value',
		name: 'json',
		type: 'json',
		default: '{}',
		description: 'One embed, or a list of them',
		displayOptions: { show: { inputMethod: ['json'] } },
	},
];

const PARTS: INodeProperties[] = [
	text('Title', 'title', '256 characters at most'),
	text('Description', 'description', '4096 characters at most', { typeOptions: { rows: 2 } }),
	text('URL', 'url', 'Where the title leads'),
	text('Author', 'author'),
	{
		displayName: 'Color',
		name: 'color',
		type: 'color',
		default: '',
		description: 'Of the line at the left',
		displayOptions: AS_FIELDS,
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Field',
		default: {},
		displayOptions: AS_FIELDS,
		options: [
			{
				displayName: 'Field',
				name: 'field',
				values: [
					{ displayName: 'Name', name: 'name', type: 'string', default: '' },
					{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					{
						displayName: 'Inline',
						name: 'inline',
						type: 'boolean',
						default: false,
						description: 'Whether it may stand beside others',
					},
				],
			},
		],
	},
	text('Footer', 'footer'),
	text('Image URL', 'image', 'A file of the same message is attachment://name.png'),
	text('Thumbnail URL', 'thumbnail', 'A file of the same message is attachment://name.png'),
	{
		displayName: 'Timestamp',
		name: 'timestamp',
		type: 'dateTime',
		default: '',
		description: 'Shown beside the footer',
		displayOptions: AS_FIELDS,
	},
];

export const embedsField = (displayOptions: IDisplayOptions): INodeProperties => ({
	displayName: 'Embeds',
	name: 'embeds',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Embed',
	default: {},
	displayOptions,
	options: [{ displayName: 'Values', name: 'values', values: [...INPUT, ...PARTS] }],
});

/** What the field holds as Discord wants it; empty: there are none. */
export function embedsIn(context: IExecuteFunctions, itemIndex: number): IDataObject[] {
	const { values = [] } = context.getNodeParameter('embeds', itemIndex, {}) as { values?: IDataObject[] };
	const embeds = values.flatMap((one) =>
		one.inputMethod === 'json' ? rawIn(context, one.json, itemIndex) : [builtFrom(context, one, itemIndex)],
	);
	if (embeds.length > 10)
		throw new NodeOperationError(context.getNode(), 'A message has 10 embeds at most', { itemIndex });
	return embeds;
}

function rawIn(context: IExecuteFunctions, value: unknown, itemIndex: number): IDataObject[] {
	return [json(context, value, 'Embeds', itemIndex) as IDataObject | IDataObject[]].flat();
}

function builtFrom(context: IExecuteFunctions, embed: IDataObject, itemIndex: number): IDataObject {
	const { title, description, url, author, color, fields, footer, image, thumbnail, timestamp } = embed;
	const { field = [] } = (fields ?? {}) as { field?: IDataObject[] };
	const built: IDataObject = {
		title,
		description,
		url,
		author: author ? { name: author } : undefined,
		color: color ? parseInt(String(color).replace('#', ''), 16) : undefined,
		fields: field.length > 0 ? field : undefined,
		footer: footer ? { text: footer } : undefined,
		image: image ? { url: image } : undefined,
		thumbnail: thumbnail ? { url: thumbnail } : undefined,
		timestamp: timestamp ? isoTime(context, timestamp, 'Timestamp', itemIndex) : undefined,
	};
	return Object.fromEntries(Object.entries(built).filter(([, value]) => value !== undefined && value !== ''));
}
