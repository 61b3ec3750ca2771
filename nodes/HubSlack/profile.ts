/** https://docs.slack.dev/reference/methods/users.profile.set#profile-fields */
import type { INodeProperties } from 'n8n-workflow';
import { sent, shownFor } from './fields';
import { USER } from './pickers';

const inProfile = (displayName: string, name: string, more: Partial<INodeProperties> = {}): INodeProperties =>
	sent('body', `profile.${name}`, { displayName, name, type: 'string', default: '', ...more });

export const profileFields: INodeProperties[] = [
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor('user', 'updateProfile'),
		options: [
			{
				displayName: 'Custom Fields',
				name: 'customFieldUi',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				placeholder: 'Add Custom Field',
				default: {},
				options: [
					{
						displayName: 'Custom Field',
						name: 'customFieldValues',
						values: [
							sent('body', '=profile.fields.{{ $parent.id }}.alt', {
								displayName: 'Alternative Text',
								name: 'alt',
								type: 'string',
								default: '',
								description: 'Shown in place of the value',
							}),
							{
								displayName: 'Field Name or ID',
								name: 'id',
								type: 'options',
								typeOptions: { loadOptionsMethod: 'getTeamFields' },
								default: '',
								description:
									'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
							},
							sent('body', '=profile.fields.{{ $parent.id }}.value', {
								displayName: 'Value',
								name: 'value',
								type: 'string',
								default: '',
							}),
						],
					},
				],
			},
			inProfile('Display Name', 'display_name'),
			inProfile('Email', 'email', { placeholder: 'e.g. nathan@example.com' }),
			inProfile('First Name', 'first_name'),
			inProfile('Last Name', 'last_name'),
			inProfile('Phone', 'phone'),
			inProfile('Pronouns', 'pronouns'),
			inProfile('Real Name', 'real_name'),
			inProfile('Start Date', 'start_date', {
				placeholder: 'e.g. 2026-03-01',
				description: 'As year, month and day',
			}),
			inProfile('Title', 'title', { description: 'What the person does' }),
			sent('body', 'user', { ...USER, description: 'Another user: admins on paid plans may' }),
		],
	},
];
