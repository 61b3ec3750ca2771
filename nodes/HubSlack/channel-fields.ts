import type { INodeProperties } from 'n8n-workflow';
import { JOINED, required, sent, shownFor, time } from './fields';
import { USER, USERS } from './pickers';

const text = (displayName: string, name: string, more: Partial<INodeProperties>): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	...more,
});

/** What messages a list of them takes in. */
const messageFilters = (operation: string): INodeProperties => ({
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	displayOptions: shownFor('channel', operation),
	options: [
		sent('query', 'include_all_metadata', {
			displayName: 'Include All Metadata',
			name: 'includeAllMetadata',
			type: 'boolean',
			default: true,
			description: 'Whether to put out the metadata that apps have attached',
		}),
		sent('query', 'inclusive', {
			displayName: 'Inclusive',
			name: 'inclusive',
			type: 'boolean',
			default: true,
			description: 'Whether messages at exactly "Latest" or "Oldest" are among them',
		}),
		time('query', 'latest', 'Latest', { description: 'Only messages before this time' }),
		time('query', 'oldest', 'Oldest', { description: 'Only messages after this time' }),
	],
});

export const channelFields: INodeProperties[] = [
	required('body', 'name', {
		...text('Name', 'name', {
			placeholder: 'e.g. project-moon',
			description: 'Lower-case letters, digits, hyphens and underscores, 80 at most',
		}),
		displayOptions: shownFor('channel', 'create', 'rename'),
	}),
	sent(
		'body',
		'is_private',
		{
			displayName: 'Channel Visibility',
			name: 'channelVisibility',
			type: 'options',
			default: 'public',
			options: [
				{ name: 'Public Channel', value: 'public' },
				{ name: 'Private Channel', value: 'private' },
			],
			displayOptions: shownFor('channel', 'create'),
		},
		'={{ $value === "private" }}',
	),
	required('body', 'users', { ...USERS, displayOptions: shownFor('channel', 'invite') }, JOINED),
	sent(
		'body',
		'users',
		{ ...USERS, displayOptions: shownFor('channel', 'open') },
		'={{ $value.length === 0 ? undefined : Array.isArray($value) ? $value.join(",") : $value }}',
	),
	required('body', 'user', { ...USER, displayOptions: shownFor('channel', 'kick') }),
	sent('body', 'purpose', text('Purpose', 'purpose', { displayOptions: shownFor('channel', 'setPurpose') })),
	sent('body', 'topic', text('Topic', 'topic', { displayOptions: shownFor('channel', 'setTopic') })),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('channel', 'invite'),
		options: [
			sent('body', 'force', {
				displayName: 'Go On After Wrong IDs',
				name: 'force',
				type: 'boolean',
				default: true,
				description: 'Whether to invite the others where some of the IDs are wrong',
			}),
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('channel', 'open'),
		options: [
			sent(
				'body',
				'channel',
				text('Channel ID', 'channelId', {
					placeholder: 'e.g. D012AB3CD',
					description: 'A conversation to take up again, in place of users',
				}),
			),
			sent('body', 'prevent_creation', {
				displayName: 'Existing Only',
				name: 'preventCreation',
				type: 'boolean',
				default: true,
				description: 'Whether to look for a conversation that is there already and make none',
			}),
			sent('body', 'return_im', {
				displayName: 'Return All of It',
				name: 'returnIm',
				type: 'boolean',
				default: true,
				description: 'Whether to put out the whole conversation instead of its ID alone',
			}),
		],
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: shownFor('channel', 'getAll'),
		options: [
			sent('query', 'exclude_archived', {
				displayName: 'Exclude Archived',
				name: 'excludeArchived',
				type: 'boolean',
				default: true,
				description: 'Whether to leave archived channels out',
			}),
			sent('query', 'team_id', {
				...text('Workspace ID', 'teamId', { placeholder: 'e.g. T012AB3CD' }),
				description: 'Needed where the app is installed in a whole organization',
			}),
			sent(
				'query',
				'types',
				{
					displayName: 'Types',
					name: 'types',
					type: 'multiOptions',
					default: ['public_channel'],
					options: [
						{ name: 'Direct Messages', value: 'im' },
						{ name: 'Group Direct Messages', value: 'mpim' },
						{ name: 'Private Channels', value: 'private_channel' },
						{ name: 'Public Channels', value: 'public_channel' },
					],
				},
				JOINED,
			),
		],
	},
	messageFilters('history'),
	messageFilters('replies'),
];
