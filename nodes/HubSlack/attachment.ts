/** https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments */
import type { INodeProperties } from 'n8n-workflow';

const text = (displayName: string, name: string, description?: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	...(description === undefined ? {} : { description }),
});

export const ATTACHMENT_FIELDS: INodeProperties[] = [
	text('Author Icon', 'author_icon', 'Address of a small picture'),
	text('Author Link', 'author_link'),
	text('Author Name', 'author_name'),
	{
		displayName: 'Color',
		name: 'color',
		type: 'color',
		default: '#36a64f',
		description: 'Of the line at the left',
	},
	text('Fallback Text', 'fallback', 'Plain text in place of it where it cannot be shown'),
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Item',
				name: 'item',
				values: [
					text('Title', 'title'),
					text('Value', 'value'),
					{
						displayName: 'Short',
						name: 'short',
						type: 'boolean',
						default: true,
						description: 'Whether it fits beside another one',
					},
				],
			},
		],
	},
	text('Footer', 'footer'),
	text('Footer Icon', 'footer_icon', 'Address of a small picture'),
	text('Image URL', 'image_url'),
	text('Pretext', 'pretext', 'Text above it'),
	text('Text', 'text'),
	text('Thumbnail URL', 'thumb_url'),
	{ displayName: 'Time', name: 'ts', type: 'dateTime', default: '', description: 'Shown beside the footer' },
	text('Title', 'title'),
	text('Title Link', 'title_link'),
];
