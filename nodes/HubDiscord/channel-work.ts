import type { IDataObject } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, requestJson } from '../transport';
import { collectionOf, idIn } from './fields';
import { discord } from './service';

export const channelOperations = {
	/** Discord gives all at once and filters nothing. */
	getAll: eachItem(async function (itemIndex) {
		const channels = await requestJson<IDataObject[]>(this, discord, itemIndex, {
			method: 'GET',
			url: `/guilds/${idIn(this, 'guildId', 'Server', itemIndex)}/channels`,
		});
		const { filter } = collectionOf(this, 'options', itemIndex) as { filter?: number[] };
		const wanted = filter?.length ? channels.filter(({ type }) => filter.includes(type as number)) : channels;
		return jsonItems(wanted.slice(0, limitOf(this, itemIndex)));
	}),
};
