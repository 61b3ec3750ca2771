import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { shownFor } from './fields';

/** https://docs.discord.com/developers/resources/message#message-object-message-flags */
export const FLAGS: { [name: string]: number } = {
	SUPPRESS_EMBEDS: 1 << 2,
	SUPPRESS_NOTIFICATIONS: 1 << 12,
	IS_COMPONENTS_V2: 1 << 15,
};

export const filesField = (displayOptions: IDisplayOptions): INodeProperties => ({
	displayName: 'Files',
	name: 'files',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add File',
	default: {},
	displayOptions,
	options: [
		{
			displayName: 'Values',
			name: 'values',
			values: [
				{
					displayName: 'Input Binary Field',
					name: 'inputFieldName',
					type: 'string',
					default: 'data',
					hint: 'The name of the input binary field containing the file to be sent',
				},
				{
					displayName: 'Description',
					name: 'description',
					type: 'string',
					default: '',
					description: 'What a picture shows, for people who do not see it',
				},
			],
		},
	],
});

const ALLOWED_MENTIONS: INodeProperties = {
	displayName: 'Allowed Mentions',
	name: 'allowedMentions',
	type: 'multiOptions',
	default: [],
	description: 'Whom mentions in the text may call; with none chosen, nobody',
	options: [
		{ name: 'Everyone', value: 'everyone', description: '@everyone and @here' },
		{ name: 'Roles', value: 'roles' },
		{ name: 'Users', value: 'users' },
	],
};

const COMPONENTS: INodeProperties = {
	displayName: 'Components',
	name: 'components',
	type: 'json',
	default: '[]',
	description:
		'Buttons, menus and layout, as a list in <a href="https://docs.discord.com/developers/components/reference">Discord’s form</a>',
};

const flags = (...options: { name: string; value: string; description?: string }[]): INodeProperties => ({
	displayName: 'Flags',
	name: 'flags',
	type: 'multiOptions',
	default: [],
	options,
});

const NEW_COMPONENTS = {
	name: 'New Components',
	value: 'IS_COMPONENTS_V2',
	description: 'The message consists of components alone',
};
const NO_EMBEDS = { name: 'Suppress Embeds', value: 'SUPPRESS_EMBEDS' };
const SILENT = { name: 'Suppress Notifications', value: 'SUPPRESS_NOTIFICATIONS' };

const OPTIONS: { [operation: string]: INodeProperties[] } = {
	send: [
		ALLOWED_MENTIONS,
		COMPONENTS,
		flags(NEW_COMPONENTS, NO_EMBEDS, SILENT),
		{
			displayName: 'Message to Reply To',
			name: 'message_reference',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1059467601836773386',
			description: 'ID of a message of the same channel',
		},
		{
			displayName: 'Text-to-Speech',
			name: 'tts',
			type: 'boolean',
			default: true,
			description: 'Whether to have the message read out',
		},
	],
	update: [
		ALLOWED_MENTIONS,
		COMPONENTS,
		flags(NEW_COMPONENTS, NO_EMBEDS),
		{
			displayName: 'Keep Attachments',
			name: 'keepAttachments',
			type: 'boolean',
			default: true,
			description: 'Whether files that the message has stay with it where new ones are added',
		},
	],
};

export const messageOptions = (operation: 'send' | 'update'): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: shownFor('message', operation),
	options: OPTIONS[operation] ?? [],
});
