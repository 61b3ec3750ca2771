/** https://www.dropbox.com/developers/documentation/http/documentation#sharing */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';
import { eachItem, jsonItems, limitOf } from '../transport';
import { rpc, rpcPages } from './call';
import { download, nameIn } from './download';
import { normalPath, optionsOf, pathIn, picked, timestampOf } from './fields';

const LIST = { first: 'sharing/list_shared_links', next: 'sharing/list_shared_links', items: 'links' };

export const sharedLinkOperations = {
	create: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'File or Folder');
		const given = optionsOf(this, itemIndex);
		const settings = settingsOf(this, itemIndex, given);
		const arg = { path, ...(Object.keys(settings).length > 0 ? { settings } : {}) };
		const mayExist = given.returnExisting !== false;
		const made = await rpc(this, itemIndex, 'sharing/create_shared_link_with_settings', arg, {
			accepts: (answer) => mayExist && existsAlready(answer),
		});
		return { json: 'url' in made ? made : await existingLink(this, itemIndex, path, made) };
	}),

	delete: eachItem(async function (itemIndex) {
		const url = urlIn(this, itemIndex);
		await rpc(this, itemIndex, 'sharing/revoke_shared_link', { url });
		return { json: { url, success: true } };
	}),

	download: eachItem(async function (itemIndex) {
		const arg = { url: urlIn(this, itemIndex), ...withinLink(optionsOf(this, itemIndex)) };
		return await download(this, itemIndex, 'sharing/get_shared_link_file', arg, nameIn);
	}),

	get: eachItem(async function (itemIndex) {
		const arg = { url: urlIn(this, itemIndex), ...withinLink(optionsOf(this, itemIndex)) };
		return { json: await rpc(this, itemIndex, 'sharing/get_shared_link_metadata', arg) };
	}),

	getAll: eachItem(async function (itemIndex) {
		const { path, direct_only: direct = false } = optionsOf(this, itemIndex, 'filters');
		const arg = { ...(path ? { path: normalPath(path) } : {}), direct_only: direct };
		return jsonItems(await rpcPages(this, itemIndex, LIST, arg, limitOf(this, itemIndex)));
	}),

	update: eachItem(async function (itemIndex) {
		const given = optionsOf(this, itemIndex);
		const settings = {
			...settingsOf(this, itemIndex, given),
			...(given.removePassword ? { require_password: false } : {}),
		};
		const arg = {
			url: urlIn(this, itemIndex),
			settings,
			...(given.remove_expiration ? { remove_expiration: true } : {}),
		};
		return { json: await rpc(this, itemIndex, 'sharing/modify_shared_link_settings', arg) };
	}),
};

function settingsOf(context: IExecuteFunctions, itemIndex: number, given: IDataObject): IDataObject {
	const { link_password: password, expires } = given;
	return {
		...picked(given, 'access', 'allow_download', 'audience'),
		...(expires ? { expires: timestampOf(context, itemIndex, expires) } : {}),
		...(password ? { require_password: true, link_password: password } : {}),
	};
}

const existsAlready = ({ statusCode, body }: IN8nHttpFullResponse): boolean =>
	statusCode === 409 &&
	String((body as IDataObject | undefined)?.error_summary).startsWith('shared_link_already_exists');

/** Dropbox tells the link in its refusal, unless settings were asked for that it may not have. */
async function existingLink(
	context: IExecuteFunctions,
	itemIndex: number,
	path: string,
	refusal: IDataObject,
): Promise<IDataObject> {
	const { error = {} } = refusal as { error?: { shared_link_already_exists?: { metadata?: IDataObject } } };
	const told = error.shared_link_already_exists?.metadata;
	if (told) return told;
	const [link] = await rpcPages(context, itemIndex, LIST, { path, direct_only: true }, 1);
	if (link) return link;
	throw new NodeOperationError(context.getNode(), 'Dropbox says that there is a link, and lists none', {
		itemIndex,
		description: 'Somebody may just have revoked it: run the node again.',
	});
}

const withinLink = ({ path, link_password: password }: IDataObject): IDataObject => ({
	...(path ? { path: normalPath(path) } : {}),
	...(password ? { link_password: password } : {}),
});

function urlIn(context: IExecuteFunctions, itemIndex: number): string {
	const url = String(context.getNodeParameter('url', itemIndex, '') ?? '').trim();
	if (/^https:\/\/[^/]+\/./.test(url)) return url;
	throw new NodeOperationError(context.getNode(), '“URL” is no shared link', {
		itemIndex,
		description: 'It is an address such as https://www.dropbox.com/scl/fi/… as Create or Get Many tell it.',
	});
}
