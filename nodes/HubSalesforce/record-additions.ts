/** What hangs on a record: notes, comments, campaigns. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { call } from './call';
import { chosen, locator } from './fields';
import { checkedId, idIn, textIn } from './ids';
import type { ObjectType, RecordOperation } from './object-type';
import { shownFor } from './objects';

const options = (operation: RecordOperation, fields: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: { show: shownFor(operation) },
	options: fields,
});

export const additionProperties: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		required: true,
		displayOptions: { show: shownFor('addNote') },
	},
	options('addNote', [
		{
			displayName: 'Body',
			name: 'body',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			description: 'The note itself, up to 32 KB',
		},
		{
			displayName: 'Is Private',
			name: 'isPrivate',
			type: 'boolean',
			default: false,
			description: 'Whether only the owner, and those who may change all data, can see it',
		},
		locator('Owner', 'owner', 'searchUsers'),
	]),
	{
		displayName: 'Comment',
		name: 'commentBody',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		description: 'Up to 4,000 characters',
		displayOptions: { show: shownFor('addComment') },
	},
	options('addComment', [
		{
			displayName: 'Is Published',
			name: 'isPublished',
			type: 'boolean',
			default: false,
			description: 'Whether customers see it in the self-service portal',
		},
	]),
	locator('Campaign', 'campaignId', 'searchCampaigns', {
		required: true,
		displayOptions: { show: shownFor('addToCampaign') },
	}),
	options('addToCampaign', [
		{
			...chosen('Status Name or ID', 'status', 'getCampaignMemberStatuses'),
			typeOptions: {
				loadOptionsMethod: 'getCampaignMemberStatuses',
				loadOptionsDependsOn: ['campaignId.value'],
			},
		},
	]),
];

const optionsOf = (context: IExecuteFunctions, itemIndex: number) =>
	context.getNodeParameter('options', itemIndex, {}) as IDataObject;

export async function addNote(context: IExecuteFunctions, itemIndex: number) {
	const { body, isPrivate, owner } = optionsOf(context, itemIndex);
	return await added(context, itemIndex, 'Note', {
		ParentId: idIn(context, itemIndex, 'recordId', 'Record'),
		Title: textIn(context, itemIndex, 'title', 'Title'),
		...(body ? { Body: body } : {}),
		...(isPrivate === undefined ? {} : { IsPrivate: isPrivate }),
		...(owner ? { OwnerId: checkedId(context, itemIndex, owner, 'Owner') } : {}),
	});
}

export async function addComment(context: IExecuteFunctions, itemIndex: number) {
	const { isPublished } = optionsOf(context, itemIndex);
	return await added(context, itemIndex, 'CaseComment', {
		ParentId: idIn(context, itemIndex, 'recordId', 'Record'),
		CommentBody: textIn(context, itemIndex, 'commentBody', 'Comment'),
		...(isPublished === undefined ? {} : { IsPublished: isPublished }),
	});
}

export async function addToCampaign(context: IExecuteFunctions, itemIndex: number, { object }: ObjectType) {
	const { status } = optionsOf(context, itemIndex);
	return await added(context, itemIndex, 'CampaignMember', {
		// `LeadId`, `ContactId`
		[`${object}Id`]: idIn(context, itemIndex, 'recordId', 'Record'),
		CampaignId: idIn(context, itemIndex, 'campaignId', 'Campaign'),
		...(status ? { Status: status } : {}),
	});
}

const added = async (context: IExecuteFunctions, itemIndex: number, object: string, body: IDataObject) => ({
	json: await call(context, itemIndex, `/sobjects/${object}`, { method: 'POST', body }),
});
