/** https://learn.microsoft.com/graph/api/resources/contact */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import { CONTACT_FIELDS as SAYABLE, contactOf } from './contact-fields';
import { collection, collectionOf, existing, idIn, listed, operations, refuse, shown, text } from './fields';
import { customTerm, quoted } from './filters';
import { graph, graphPages } from './graph';
import { CONTACT_FIELDS, outputFields, outputOf, withoutContext } from './receive';

const on = (...operation: string[]) => shown('contact', ...operation);
const CONTACTS = '/me/contacts';

const FOLDER = (description: string) =>
	listed('Contact Folder Name or ID', 'contactFolder', 'getContactFolders', { description });

export const contactProperties: INodeProperties[] = [
	operations(
		'contact',
		[
			{ name: 'Create', value: 'create', action: 'Create a contact' },
			{ name: 'Delete', value: 'delete', action: 'Delete a contact' },
			{ name: 'Get', value: 'get', action: 'Get a contact' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many contacts' },
			{ name: 'Update', value: 'update', action: 'Update a contact' },
		],
		'getAll',
	),
	existing('contact', on('delete', 'get', 'update')),
	text('First Name', 'givenName', '', { required: true, displayOptions: { show: on('create') } }),
	text('Last Name', 'surname', '', { displayOptions: { show: on('create') } }),
	collection('Additional Fields', on('create'), [
		...SAYABLE,
		FOLDER('The folder to put it in; the main one unless chosen'),
	]),
	collection('Update Fields', on('update'), [
		...SAYABLE,
		text('First Name', 'givenName'),
		text('Last Name', 'surname'),
	]),
	...returnAllOrLimit(on('getAll')),
	...outputFields(on('get', 'getAll'), CONTACT_FIELDS),
	collection('Filters', on('getAll'), [
		FOLDER('Only those in this folder'),
		text('Email Address', 'emailAddress', 'Only those with this address', {
			placeholder: 'e.g. jo@example.com',
		}),
		text('Filter Query', 'custom', 'In OData, beside the other filters', {
			placeholder: "e.g. companyName eq 'Example'",
			hint: 'Search query to filter contacts. <a href="https://learn.microsoft.com/en-us/graph/filter-query-parameter">More info</a>.',
		}),
		text('Name Begins With', 'displayName', 'Of the display name'),
	]),
];

const SIMPLE_CONTACT = {
	select: 'id,givenName,surname,displayName,emailAddresses,businessPhones,mobilePhone,companyName,jobTitle',
	simplified: withoutContext,
};

export const contactOperations = {
	create: eachItem(async function (itemIndex) {
		const fields = collectionOf(this, itemIndex, 'additionalFields');
		const surname = String(this.getNodeParameter('surname', itemIndex, '') ?? '');
		const contact = {
			...contactOf(this, itemIndex, fields),
			givenName: this.getNodeParameter('givenName', itemIndex) as string,
			...(surname === '' ? {} : { surname }),
		};
		const path = contactsIn(fields.contactFolder);
		return { json: withoutContext(await graph(this, itemIndex, 'POST', path, contact)) };
	}),

	delete: eachItem(async function (itemIndex) {
		await graph(this, itemIndex, 'DELETE', `${CONTACTS}/${idIn(this, itemIndex, 'contactId', 'Contact')}`);
		return { json: { success: true } };
	}),

	get: eachItem(async function (itemIndex) {
		const path = `${CONTACTS}/${idIn(this, itemIndex, 'contactId', 'Contact')}`;
		const { qs, shape } = outputOf(this, itemIndex, SIMPLE_CONTACT, ['id']);
		return { json: shape(await graph(this, itemIndex, 'GET', path, undefined, { qs })) };
	}),

	getAll: eachItem(async function (itemIndex) {
		const { qs, shape } = outputOf(this, itemIndex, SIMPLE_CONTACT, ['id']);
		const { contactFolder, custom, displayName, emailAddress } = collectionOf(this, itemIndex, 'filters');
		const terms = [
			emailAddress ? `emailAddresses/any(a:a/address eq ${quoted(emailAddress)})` : '',
			displayName ? `startswith(displayName,${quoted(displayName)})` : '',
			customTerm(custom),
		].filter((term) => term !== '');
		const query = { ...qs, ...(terms.length > 0 ? { $filter: terms.join(' and ') } : {}) };
		const limit = limitOf(this, itemIndex);
		const found = await graphPages(this, itemIndex, contactsIn(contactFolder), query, limit);
		return jsonItems(found.map(shape));
	}),

	update: eachItem(async function (itemIndex) {
		const path = `${CONTACTS}/${idIn(this, itemIndex, 'contactId', 'Contact')}`;
		const changes = contactOf(this, itemIndex, collectionOf(this, itemIndex, 'updateFields'));
		if (Object.keys(changes).length === 0)
			throw refuse(this, itemIndex, 'There is nothing to update', 'Add at least one of the “Update Fields”.');
		return { json: withoutContext(await graph(this, itemIndex, 'PATCH', path, changes)) };
	}),
};

function contactsIn(folder: unknown): string {
	const id = String(folder ?? '').trim();
	return id === '' ? CONTACTS : `/me/contactFolders/${encodeURIComponent(id)}/contacts`;
}
