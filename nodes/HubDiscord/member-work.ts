/** The member operations that are code: one call for each role. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { eachItem, request } from '../transport';
import { collectionOf, idIn, isEmpty } from './fields';
import { discord } from './service';

export const memberOperations = {
	roleAdd: eachItem(async function (itemIndex) {
		return { json: await forEachRole(this, itemIndex, 'PUT') };
	}),
	roleRemove: eachItem(async function (itemIndex) {
		return { json: await forEachRole(this, itemIndex, 'DELETE') };
	}),
};

async function forEachRole(
	context: IExecuteFunctions,
	itemIndex: number,
	method: 'PUT' | 'DELETE',
): Promise<IDataObject> {
	const server = idIn(context, 'guildId', 'Server', itemIndex);
	const user = idIn(context, 'userId', 'User', itemIndex);
	const given = context.getNodeParameter('role', itemIndex, []) as string[] | string;
	const roles = [given].flat().filter((role) => String(role).trim() !== '');
	if (roles.length === 0) throw isEmpty(context, 'Role Names or IDs', itemIndex);
	const { reason } = collectionOf(context, 'options', itemIndex);
	for (const role of roles)
		await request(context, discord, itemIndex, {
			method,
			url: `/guilds/${server}/members/${user}/roles/${encodeURIComponent(role)}`,
			...(reason ? { headers: { 'X-Audit-Log-Reason': encodeURIComponent(String(reason)) } } : {}),
		});
	return { success: true };
}
