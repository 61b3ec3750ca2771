/** https://developers.google.com/workspace/drive/api/guides/manage-sharing */
import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { jsonItems, requestJson } from '../transport';
import { optionsField, optionsOf, timeOf } from './fields';
import { ANYWHERE, drive, FILES } from './service';

export const shareFields = ({ show }: IDisplayOptions): INodeProperties[] => [
	{
		displayName: 'Role',
		name: 'role',
		type: 'options',
		default: 'reader',
		options: [
			{ name: 'Commenter', value: 'commenter' },
			{
				name: 'File Organizer',
				value: 'fileOrganizer',
				description: 'In shared drives: may also move and delete',
			},
			{ name: 'Organizer', value: 'organizer', description: 'In shared drives: may also manage members' },
			{ name: 'Owner', value: 'owner', description: 'In My Drive: the owner until now becomes an editor' },
			{ name: 'Reader', value: 'reader' },
			{ name: 'Writer', value: 'writer' },
		],
		description: 'What those it is shared with may do',
		displayOptions: { show },
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		default: 'user',
		options: [
			{ name: 'Anyone', value: 'anyone', description: 'Everyone who has the link' },
			{ name: 'Domain', value: 'domain', description: 'Everyone of a Google Workspace domain' },
			{ name: 'Group', value: 'group' },
			{ name: 'User', value: 'user' },
		],
		description: 'With whom to share',
		displayOptions: { show },
	},
	{
		displayName: 'Email Address',
		name: 'emailAddress',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. name@example.com',
		description: 'Address of the user or group; several are separated by commas',
		displayOptions: { show: { ...show, type: ['group', 'user'] } },
	},
	{
		displayName: 'Domain',
		name: 'domain',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. example.com',
		displayOptions: { show: { ...show, type: ['domain'] } },
	},
	optionsField({ show }, [
		{
			displayName: 'Allow File Discovery',
			name: 'allowFileDiscovery',
			type: 'boolean',
			default: false,
			description: 'Whether it can be found by searching, for the types Anyone and Domain',
		},
		{
			displayName: 'Email Message',
			name: 'emailMessage',
			type: 'string',
			default: '',
			typeOptions: { rows: 4 },
			description: 'What to say in the email that tells of it',
		},
		{
			displayName: 'Expiration Time',
			name: 'expirationTime',
			type: 'dateTime',
			default: '',
			description: 'When the permission ends; for users and groups',
		},
		{
			displayName: 'Move to New Owner’s Root',
			name: 'moveToNewOwnersRoot',
			type: 'boolean',
			default: false,
			description: 'Whether a file that is given to another owner moves to their My Drive',
		},
		{
			displayName: 'Send Notification Email',
			name: 'sendNotificationEmail',
			type: 'boolean',
			default: true,
			description: 'Whether to tell users and groups by email',
		},
		{
			displayName: 'Use Domain Admin Access',
			name: 'useDomainAdminAccess',
			type: 'boolean',
			default: false,
			description: 'Whether to act as the administrator of the domain of a shared drive',
		},
	]),
];

/** One permission for each address. */
export async function share(context: IExecuteFunctions, itemIndex: number, id: string) {
	const { allowFileDiscovery, expirationTime, ...qs } = optionsOf(context, itemIndex);
	const role = context.getNodeParameter('role', itemIndex) as string;
	const type = context.getNodeParameter('type', itemIndex) as string;
	const permission = {
		role,
		type,
		...(allowFileDiscovery === undefined ? {} : { allowFileDiscovery }),
		...(expirationTime ? { expirationTime: timeOf(context, itemIndex, expirationTime) } : {}),
	};
	const made: IDataObject[] = [];
	for (const whom of whomOf(context, itemIndex, type))
		made.push(
			await requestJson(context, drive, itemIndex, {
				method: 'POST',
				url: `${FILES}/${encodeURIComponent(id)}/permissions`,
				// The provider wants it said twice that somebody else will own the file.
				qs: { ...ANYWHERE, fields: '*', ...qs, ...(role === 'owner' ? { transferOwnership: true } : {}) },
				body: { ...permission, ...whom },
				json: true,
			}),
		);
	return jsonItems(made);
}

function whomOf(context: IExecuteFunctions, itemIndex: number, type: string): IDataObject[] {
	if (type === 'anyone') return [{}];
	const name = type === 'domain' ? 'domain' : 'emailAddress';
	const given = (context.getNodeParameter(name, itemIndex, '') ?? '') as string | string[];
	const list = (Array.isArray(given) ? given : String(given).split(','))
		.map((one) => String(one).trim())
		.filter((one) => one !== '');
	if (list.length > 0) return list.map((one) => ({ [name]: one }));
	throw new NodeOperationError(context.getNode(), 'There is nobody to share with', {
		itemIndex,
		description: `Fill in the ${type === 'domain' ? 'domain' : 'email address'}, or check the expression.`,
	});
}
