/** The message operations that are code. https://docs.discord.com/developers/resources/message#create-message */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestMethods,
} from 'n8n-workflow';
import { eachItem, requestJson } from '../transport';
import { embedsIn } from './embed';
import { collectionOf, idIn, json } from './fields';
import { filesIn, multipart, type SentFile } from './files';
import { FLAGS } from './message-options';
import { discord } from './service';

export const messageOperations = {
	send: eachItem(async function (itemIndex) {
		const files = await filesIn(this, itemIndex);
		const message = contentIn(this, itemIndex);
		if (Object.keys(message).length === 0 && files.length === 0)
			throw new NodeOperationError(this.getNode(), 'The message is empty', {
				itemIndex,
				description: 'Fill in a text, or add embeds, files or components.',
			});
		const { message_reference: replyTo, tts } = collectionOf(this, 'options', itemIndex);
		const channel = await channelFor(this, itemIndex);
		const body = {
			...message,
			...(replyTo ? { message_reference: { message_id: String(replyTo) } } : {}),
			...(tts ? { tts: true } : {}),
			...(files.length > 0 ? { attachments: described(files) } : {}),
		};
		return { json: await write(this, itemIndex, 'POST', `/channels/${channel}/messages`, body, files) };
	}),

	update: eachItem(async function (itemIndex) {
		const files = await filesIn(this, itemIndex);
		const channel = idIn(this, 'channelId', 'Channel', itemIndex);
		const message = idIn(this, 'messageId', 'Message ID', itemIndex);
		const url = `/channels/${channel}/messages/${message}`;
		const attachments =
			files.length === 0 ? [] : [...(await kept(this, itemIndex, url)), ...described(files)];
		const body = {
			...contentIn(this, itemIndex),
			...(files.length > 0 ? { attachments } : {}),
		};
		if (Object.keys(body).length === 0)
			throw new NodeOperationError(this.getNode(), 'There is nothing to update', {
				itemIndex,
				description: 'Fill in a text, or add embeds, files or components.',
			});
		return { json: await write(this, itemIndex, 'PATCH', url, body, files) };
	}),
};

/** What the fields say of the message itself; what is empty is left out. */
function contentIn(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const content = String(context.getNodeParameter('content', itemIndex, '') ?? '');
	const embeds = embedsIn(context, itemIndex);
	const { allowedMentions, components, flags } = collectionOf(context, 'options', itemIndex) as {
		allowedMentions?: string[];
		components?: unknown;
		flags?: string[];
	};
	return {
		...(content === '' ? {} : { content }),
		...(embeds.length === 0 ? {} : { embeds }),
		...(components === undefined ? {} : { components: componentsIn(context, components, itemIndex) }),
		...(flags?.length ? { flags: flags.reduce((sum, name) => sum | (FLAGS[name] ?? 0), 0) } : {}),
		...(allowedMentions === undefined ? {} : { allowed_mentions: { parse: allowedMentions } }),
	};
}

function componentsIn(context: IExecuteFunctions, value: unknown, itemIndex: number): IDataObject[] {
	const read = json(context, value, 'Components', itemIndex) as IDataObject | IDataObject[];
	const list = Array.isArray(read) ? read : read.components;
	if (!Array.isArray(list))
		throw new NodeOperationError(context.getNode(), '“Components” holds no list', {
			itemIndex,
			description: 'Give a list of components: [{"type": 1, "components": […]}].',
		});
	return list as IDataObject[];
}

/** A direct message goes to a channel too, which is made the first time. */
async function channelFor(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	if (context.getNodeParameter('sendTo', itemIndex, 'channel') === 'channel')
		return idIn(context, 'channelId', 'Channel', itemIndex);
	const { id } = await requestJson<{ id: string }>(context, discord, itemIndex, {
		method: 'POST',
		url: '/users/@me/channels',
		body: { recipient_id: decodeURIComponent(idIn(context, 'userId', 'User', itemIndex)) },
	});
	return id;
}

const described = (files: SentFile[]): IDataObject[] =>
	files.map(({ name, description }, id) => ({ id, filename: name, ...(description ? { description } : {}) }));

/** "The attachments array must contain all attachments that should be present after edit." */
async function kept(context: IExecuteFunctions, itemIndex: number, url: string): Promise<IDataObject[]> {
	if (collectionOf(context, 'options', itemIndex).keepAttachments === false) return [];
	const { attachments = [] } = await requestJson<{ attachments?: IDataObject[] }>(
		context,
		discord,
		itemIndex,
		{ method: 'GET', url },
	);
	return attachments.map(({ id }) => ({ id }));
}

async function write(
	context: IExecuteFunctions,
	itemIndex: number,
	method: IHttpRequestMethods,
	url: string,
	message: IDataObject,
	files: SentFile[],
): Promise<IDataObject> {
	const sent = files.length === 0 ? { body: message } : multipart(message, files);
	return await requestJson(context, discord, itemIndex, { method, url, ...sent });
}
