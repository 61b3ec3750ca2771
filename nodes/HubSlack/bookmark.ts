/** https://docs.slack.dev/reference/methods#bookmarks: links at a channel's top. Stars, which n8n has, Slack has given up. */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { method, required, sent, shownFor } from './fields';
import { onePage } from './pages';
import { CHANNEL } from './pickers';
import { slack } from './service';

const TITLE: INodeProperties = { displayName: 'Title', name: 'title', type: 'string', default: '' };

const LINK: INodeProperties = {
	displayName: 'Link',
	name: 'link',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/plan',
};

const EMOJI = sent('body', 'emoji', {
	displayName: 'Emoji',
	name: 'emoji',
	type: 'string',
	default: '',
	placeholder: 'e.g. :pushpin:',
	description: 'Shown in place of the page’s own picture',
});

export const bookmarkProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['bookmark'] } },
		options: [
			{
				name: 'Add',
				value: 'add',
				action: 'Add a bookmark',
				routing: {
					request: { method: 'POST', url: '/bookmarks.add', body: { type: 'link' } },
					output: { postReceive: [{ type: 'rootProperty', properties: { property: 'bookmark' } }] },
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many bookmarks',
				routing: {
					...method('GET', 'bookmarks.list'),
					operations: { pagination: pages(slack, onePage('bookmarks')) },
				},
			},
			{
				name: 'Remove',
				value: 'remove',
				action: 'Remove a bookmark',
				routing: method('POST', 'bookmarks.remove'),
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a bookmark',
				routing: method('POST', 'bookmarks.edit', 'bookmark'),
			},
		],
		default: 'getAll',
	},
	required('body', 'channel_id', {
		...CHANNEL,
		displayOptions: shownFor('bookmark', 'add', 'remove', 'update'),
	}),
	required('query', 'channel_id', { ...CHANNEL, displayOptions: shownFor('bookmark', 'getAll') }),
	required('body', 'bookmark_id', {
		displayName: 'Bookmark ID',
		name: 'bookmarkId',
		type: 'string',
		default: '',
		placeholder: 'e.g. Bk012AB3CD',
		displayOptions: shownFor('bookmark', 'remove', 'update'),
	}),
	required('body', 'title', { ...TITLE, displayOptions: shownFor('bookmark', 'add') }),
	required('body', 'link', { ...LINK, displayOptions: shownFor('bookmark', 'add') }),
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor('bookmark', 'add'),
		options: [EMOJI],
	},
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor('bookmark', 'update'),
		options: [EMOJI, sent('body', 'link', LINK), sent('body', 'title', TITLE)],
	},
	...returnAllOrLimit(shownFor('bookmark', 'getAll').show),
];
