/** https://docs.slack.dev/messaging/formatting-message-text: what a message says, in one of four ways. */
import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';
import { ATTACHMENT_FIELDS } from './attachment';
import { isEmpty, json, seconds } from './fields';

export const contentFields = ({ show }: IDisplayOptions): INodeProperties[] => [
	{
		displayName: 'Message Type',
		name: 'messageType',
		type: 'options',
		default: 'text',
		options: [
			{ name: 'Attachments', value: 'attachment', description: 'The older way; Slack advises to use blocks' },
			{
				name: 'Blocks',
				value: 'block',
				description: 'Text, buttons, forms and pictures, as Slack’s Block Kit Builder makes them',
			},
			{
				name: 'Markdown',
				value: 'markdown',
				description: 'Usual Markdown, as language models write it',
			},
			{ name: 'Simple Text Message', value: 'text', description: 'Text with Slack’s own marks: *bold*' },
		],
		displayOptions: { show },
		routing: { send: { preSend: [withContent] } },
	},
	{
		displayName: 'Message Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description:
			'<a href="https://docs.slack.dev/messaging/formatting-message-text">Marks</a> such as *bold*, &lt;https://example.com|link&gt; and &lt;@U012AB3CD&gt; are understood',
		displayOptions: { show: { ...show, messageType: ['text'] } },
	},
	{
		displayName: 'Markdown Text',
		name: 'markdownText',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: '12,000 characters at most',
		displayOptions: { show: { ...show, messageType: ['markdown'] } },
	},
	{
		displayName: 'Blocks',
		name: 'blocksUi',
		type: 'json',
		default: '',
		placeholder: 'e.g. {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}]}',
		hint: 'Made with <a href="https://app.slack.com/block-kit-builder">Slack’s Block Kit Builder</a>',
		description: 'What the builder shows as JSON, or the list in it',
		displayOptions: { show: { ...show, messageType: ['block'] } },
	},
	{
		displayName: 'Attachments',
		name: 'attachments',
		type: 'collection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Attachment' },
		placeholder: 'Add Attachment Field',
		default: {},
		displayOptions: { show: { ...show, messageType: ['attachment'] } },
		options: ATTACHMENT_FIELDS,
	},
	{
		displayName: 'Notification Text',
		name: 'notificationText',
		type: 'string',
		default: '',
		description: 'What notifications show, and programs that cannot show the rest',
		displayOptions: { show: { ...show, messageType: ['block', 'attachment'] } },
	},
];

async function withContent(
	this: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	return { ...request, body: { ...(request.body as IDataObject), ...contentOf(this) } };
}

function contentOf(context: IExecuteSingleFunctions): IDataObject {
	const read = (name: string) => context.getNodeParameter(name, '') as unknown;
	const itemIndex = context.getItemIndex();
	switch (read('messageType')) {
		case 'markdown':
			return { markdown_text: written(context, read('markdownText'), 'Markdown Text') };
		case 'block':
			return {
				blocks: blocksOf(context, read('blocksUi'), itemIndex),
				...fallback(read('notificationText')),
			};
		case 'attachment':
			return {
				attachments: attachmentsOf(context, read('attachments'), itemIndex),
				...fallback(read('notificationText')),
			};
		default:
			return { text: written(context, read('text'), 'Message Text') };
	}
}

function written(context: IExecuteSingleFunctions, value: unknown, label: string): string {
	const text = String(value ?? '');
	if (text.trim() === '') throw isEmpty(context, label, context.getItemIndex());
	return text;
}

const fallback = (text: unknown): IDataObject => (text ? { text: String(text) } : {});

function blocksOf(context: IExecuteSingleFunctions, value: unknown, itemIndex: number): IDataObject[] {
	if (value === '' || value === undefined) throw isEmpty(context, 'Blocks', itemIndex);
	const read = json(context, value, 'Blocks', itemIndex) as IDataObject | IDataObject[] | null;
	const blocks = Array.isArray(read) ? read : read?.blocks;
	if (!Array.isArray(blocks))
		throw new NodeOperationError(context.getNode(), '“Blocks” holds no list of blocks', {
			itemIndex,
			description: 'Paste all that the Block Kit Builder shows: {"blocks": […]}.',
		});
	return blocks as IDataObject[];
}

function attachmentsOf(context: IExecuteSingleFunctions, value: unknown, itemIndex: number): IDataObject[] {
	const list = (Array.isArray(value) ? value : [value]) as IDataObject[];
	const filled = list.filter((one) => one && Object.keys(one).length > 0);
	if (filled.length === 0) throw isEmpty(context, 'Attachments', itemIndex);
	return filled.map(({ fields, ts, ...attachment }) => {
		const { item } = (fields ?? {}) as { item?: IDataObject[] };
		return {
			...attachment,
			...(item === undefined ? {} : { fields: item }),
			...(ts ? { ts: seconds(context, ts, 'Time', itemIndex) } : {}),
		};
	});
}
