/** https://developers.facebook.com/docs/marketing-api/reference/custom-audience */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { accountField, collection, fieldsOption, inBody, picked, shown } from './fields';
import { memberProperties } from './member-fields';
import { objectOperations } from './operation';

const USUAL =
	'id,name,description,subtype,customer_file_source,approximate_count_lower_bound,approximate_count_upper_bound,operation_status,delivery_status,time_created,time_updated';

const ONE = ['addMembers', 'delete', 'get', 'removeMembers', 'update'];

export const audienceProperties: INodeProperties[] = [
	objectOperations({
		resource: 'customAudience',
		one: 'custom audience',
		many: 'custom audiences',
		id: ':audienceId',
		edge: 'customaudiences',
		usual: USUAL,
		more: [
			{
				name: 'Add Members',
				value: 'addMembers',
				action: 'Add members to a custom audience',
				description: 'Normalise, hash and add people, 10,000 in a call',
			},
			{
				name: 'Remove Members',
				value: 'removeMembers',
				action: 'Remove members from a custom audience',
				description: 'Normalise, hash and remove people, 10,000 in a call',
			},
		],
	}),
	accountField(shown('customAudience', 'create', 'getAll')),
	accountField(shown('customAudience', ...ONE), false),
	picked({
		displayName: 'Custom Audience',
		name: 'audienceId',
		searchListMethod: 'searchAudiences',
		show: shown('customAudience', ...ONE),
	}),
	{
		...inBody('Name', 'name', 'name', { required: true }),
		displayOptions: { show: shown('customAudience', 'create') },
	},
	{
		...inBody('Source of the Data', 'customerFileSource', 'customer_file_source', {
			type: 'options',
			default: 'USER_PROVIDED_ONLY',
			options: [
				{ name: 'Both', value: 'BOTH_USER_AND_PARTNER_PROVIDED' },
				{ name: 'From Partners', value: 'PARTNER_PROVIDED_ONLY' },
				{ name: 'From the People Themselves', value: 'USER_PROVIDED_ONLY' },
			],
			description: 'From whom you have the data of the people you will add',
		}),
		displayOptions: { show: shown('customAudience', 'create') },
	},
	{
		...inBody('Subtype', 'subtype', 'subtype', { type: 'hidden', default: 'CUSTOM' }),
		displayOptions: { show: shown('customAudience', 'create') },
	},
	collection('Additional Fields', shown('customAudience', 'create'), [
		inBody('Description', 'description', 'description'),
		inBody('With Customer Value', 'isValueBased', 'is_value_based', {
			type: 'boolean',
			default: false,
			description: 'Whether members come with a value, for lookalikes of the best customers',
		}),
	]),
	collection('Update Fields', shown('customAudience', 'update'), [
		inBody('Description', 'description', 'description'),
		inBody('Name', 'name', 'name'),
	]),
	...memberProperties(shown('customAudience', 'addMembers', 'removeMembers')),
	...returnAllOrLimit(shown('customAudience', 'getAll')),
	collection('Options', shown('customAudience', 'get', 'getAll'), [fieldsOption(USUAL)]),
];
