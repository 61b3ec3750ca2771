/** https://developers.google.com/workspace/drive/api/reference/rest/v3/drives */
import { randomString, type IDataObject, type INodeProperties } from 'n8n-workflow';
import { eachItem, pages, requestJson, returnAllOrLimit } from '../transport';
import { locator, optionsField, optionsOf, shownFor } from './fields';
import { filePages } from './search';
import { drive, DRIVES } from './service';

const inBody = (property: string) => ({ routing: { send: { type: 'body' as const, property } } });
const inQuery = (property: string) => ({ routing: { send: { type: 'query' as const, property } } });

const ADMIN: INodeProperties = {
	displayName: 'Use Domain Admin Access',
	name: 'useDomainAdminAccess',
	type: 'boolean',
	default: false,
	description: 'Whether to act as the administrator of the domain that the drive belongs to',
	...inQuery('useDomainAdminAccess'),
};

const COLOR: INodeProperties = {
	displayName: 'Color',
	name: 'colorRgb',
	type: 'color',
	default: '',
	...inBody('colorRgb'),
};

const restriction = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	default: false,
	description,
	...inBody(`restrictions.${name}`),
});

const RESTRICTIONS: INodeProperties[] = [
	restriction(
		'Admin Managed Restrictions',
		'adminManagedRestrictions',
		'Whether only administrators may change these restrictions',
	),
	restriction(
		'Copy Requires Writer Permission',
		'copyRequiresWriterPermission',
		'Whether readers and commenters may not copy, print or download',
	),
	restriction('Domain Users Only', 'domainUsersOnly', 'Whether only users of the domain get in'),
	restriction(
		'Drive Members Only',
		'driveMembersOnly',
		'Whether items cannot be shared with those who are no members',
	),
];

export const sharedDriveProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['drive'] } },
		options: [
			{ name: 'Create', value: 'create', action: 'Create shared drive' },
			{
				name: 'Delete',
				value: 'deleteDrive',
				action: 'Delete shared drive',
				description: 'Delete a shared drive that holds nothing outside its trash, for good',
				routing: { request: { method: 'DELETE', url: `${DRIVES}/:driveId` } },
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get shared drive',
				routing: { request: { method: 'GET', url: `${DRIVES}/:driveId`, qs: { fields: '*' } } },
			},
			{
				name: 'Get Many',
				value: 'list',
				action: 'Get many shared drives',
				routing: {
					request: { method: 'GET', url: DRIVES, qs: { fields: '*' } },
					operations: {
						pagination: pages(drive, {
							...filePages,
							items: 'drives',
							size: { in: 'qs', name: 'pageSize', most: 100 },
						}),
					},
				},
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update shared drive',
				routing: { request: { method: 'PATCH', url: `${DRIVES}/:driveId`, qs: { fields: '*' } } },
			},
		],
		default: 'create',
	},
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. New Shared Drive',
		displayOptions: shownFor('drive', 'create'),
	},
	locator({
		displayName: 'Shared Drive',
		name: 'driveId',
		from: 'searchSharedDrives',
		displayOptions: shownFor('drive', 'deleteDrive', 'get', 'update'),
	}),
	...returnAllOrLimit(shownFor('drive', 'list').show),
	optionsField(shownFor('drive', 'create'), [
		COLOR,
		{
			displayName: 'Hidden',
			name: 'hidden',
			type: 'boolean',
			default: false,
			description: 'Whether to leave it out of the usual view',
		},
		...RESTRICTIONS,
	]),
	optionsField(shownFor('drive', 'deleteDrive'), [
		{
			displayName: 'Allow Item Deletion',
			name: 'allowItemDeletion',
			type: 'boolean',
			default: false,
			description: 'Whether to delete all that is in it too; only with Use Domain Admin Access',
			...inQuery('allowItemDeletion'),
		},
		ADMIN,
	]),
	optionsField(shownFor('drive', 'get'), [ADMIN]),
	optionsField(shownFor('drive', 'list'), [
		{
			displayName: 'Query',
			name: 'q',
			type: 'string',
			default: '',
			placeholder: "e.g. name contains 'sales' and memberCount > 2",
			description:
				'<a href="https://developers.google.com/workspace/drive/api/guides/ref-search-terms#drive_properties">What can be asked for</a>',
			...inQuery('q'),
		},
		ADMIN,
	]),
	optionsField(shownFor('drive', 'update'), [
		ADMIN,
		COLOR,
		{ displayName: 'Name', name: 'name', type: 'string', default: '', ...inBody('name') },
		...RESTRICTIONS,
	]),
];

export const sharedDriveOperations = {
	create: eachItem(async function (itemIndex) {
		const { colorRgb, hidden, ...restrictions } = optionsOf(this, itemIndex);
		const call = async (method: 'POST' | 'PATCH', path: string, qs: IDataObject, body?: IDataObject) =>
			await requestJson(this, drive, itemIndex, {
				method,
				url: `${DRIVES}${path}`,
				qs: { ...qs, fields: '*' },
				...(body === undefined ? {} : { body }),
				json: true,
			});
		const name = this.getNodeParameter('name', itemIndex) as string;
		// The same id twice makes one drive: a call repeated after a wait does no harm.
		let made = await call('POST', '', { requestId: randomString(32) }, { name });
		const path = `/${encodeURIComponent(String(made.id))}`;
		// "It can only be set on a drive.drives.update request": what is more than a name comes after.
		const changes = {
			...(colorRgb ? { colorRgb } : {}),
			...(Object.keys(restrictions).length > 0 ? { restrictions } : {}),
		};
		if (Object.keys(changes).length > 0) made = await call('PATCH', path, {}, changes);
		if (hidden) made = await call('POST', `${path}/hide`, {});
		return { json: made };
	}),
};
