/** Who is in a channel or a user group: operations that are code, for Slack gives bare IDs. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { allPages, eachItem, jsonItems, limitOf, requestJson } from '../transport';
import { givenIn } from './fields';
import { cursorPages, onePage } from './pages';
import { slack } from './service';

const listed = (property: string) => (body: IDataObject) =>
	((body[property] ?? []) as string[]).map((member) => ({ member }));

export const channelOperations = {
	member: eachItem(async function (itemIndex) {
		const channel = givenIn(this, 'channelId', 'Channel', itemIndex);
		const call = { method: 'GET' as const, url: '/conversations.members', qs: { channel } };
		const shape = cursorPages(listed('members'));
		return await people(
			this,
			itemIndex,
			await allPages(this, slack, itemIndex, call, shape, limitOf(this, itemIndex)),
		);
	}),
};

export const userGroupOperations = {
	getUsers: eachItem(async function (itemIndex) {
		const usergroup = givenIn(this, 'userGroupId', 'User Group', itemIndex);
		const call = { method: 'GET' as const, url: '/usergroups.users.list', qs: { usergroup } };
		const shape = onePage(listed('users'));
		return await people(
			this,
			itemIndex,
			await allPages(this, slack, itemIndex, call, shape, limitOf(this, itemIndex)),
		);
	}),
};

async function people(
	context: IExecuteFunctions,
	itemIndex: number,
	found: IDataObject[],
): Promise<INodeExecutionData[]> {
	if (!context.getNodeParameter('resolveData', itemIndex, false)) return jsonItems(found);
	const users: IDataObject[] = [];
	for (const { member } of found) {
		const call = { method: 'GET' as const, url: '/users.info', qs: { user: member } };
		users.push((await requestJson<{ user: IDataObject }>(context, slack, itemIndex, call)).user);
	}
	return jsonItems(users);
}
