/** https://developers.google.com/google-ads/api/docs/responsive-search-ads/overview */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { linesOf } from './checks';
import { createOne, getMany, getOne, removeOne, updateOne } from './entity-work';
import {
	collection,
	customerField,
	field,
	optionsField,
	picked,
	shown,
	STATUS,
	VALIDATE_ONLY,
} from './fields';
import { AD_GROUP_ID, CAMPAIGN_ID, DATE_RANGE, gettingProperties, STATUSES } from './filters';
import { idOf, textOf } from './ids';
import { operations } from './operation';

const creating = { displayOptions: { show: shown('ad', 'create') } };

export const adProperties: INodeProperties[] = [
	operations(
		'ad',
		'ad',
		['delete', 'get', 'getAll', 'update'],
		[
			{
				name: 'Create',
				value: 'create',
				action: 'Create a responsive search ad',
				description: 'Create a responsive search ad in an ad group',
			},
		],
	),
	customerField(shown('ad', 'create', 'delete', 'get', 'getAll', 'update')),
	picked({
		displayName: 'Ad',
		name: 'adId',
		searchListMethod: 'searchAds',
		show: shown('ad', 'delete', 'get', 'update'),
		placeholder: 'e.g. 123456~7890 (ad group ~ ad)',
	}),
	picked({
		displayName: 'Ad Group',
		name: 'adGroupId',
		searchListMethod: 'searchAdGroups',
		show: shown('ad', 'create'),
	}),
	field('Final URL', 'finalUrl', {
		required: true,
		placeholder: 'e.g. https://example.com/offer',
		...creating,
	}),
	field('Headlines', 'headlines', {
		typeOptions: { rows: 4 },
		required: true,
		description: 'One in each line, 3 to 15 of them, up to 30 characters each',
		...creating,
	}),
	field('Descriptions', 'descriptions', {
		typeOptions: { rows: 3 },
		required: true,
		description: 'One in each line, 2 to 4 of them, up to 90 characters each',
		...creating,
	}),
	{ ...STATUS, ...creating },
	collection('Additional Fields', shown('ad', 'create'), [
		field('Path 1', 'path1', { description: 'Shown after the address, up to 15 characters' }),
		field('Path 2', 'path2', { description: 'Shown after Path 1, up to 15 characters' }),
	]),
	collection('Update Fields', shown('ad', 'update'), [STATUS]),
	...gettingProperties('ad', [AD_GROUP_ID, CAMPAIGN_ID, DATE_RANGE, STATUSES]),
	optionsField(shown('ad', 'create', 'delete', 'update'), [VALIDATE_ONLY]),
];

export const adOperations = {
	create: createOne('ad', (context, itemIndex, customer) => {
		const more = context.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
		return {
			adGroup: `customers/${customer}/adGroups/${idOf(context, itemIndex, 'adGroupId', 'Ad Group')}`,
			status: context.getNodeParameter('status', itemIndex) as string,
			ad: {
				finalUrls: [textOf(context, itemIndex, 'finalUrl', 'Final URL')],
				responsiveSearchAd: {
					headlines: texts(context, itemIndex, 'headlines', 'Headlines', 3, 15),
					descriptions: texts(context, itemIndex, 'descriptions', 'Descriptions', 2, 4),
					...(more.path1 ? { path1: more.path1 } : {}),
					...(more.path2 ? { path2: more.path2 } : {}),
				},
			},
		};
	}),
	delete: removeOne('ad'),
	get: getOne('ad'),
	getAll: getMany('ad'),
	update: updateOne('ad', ({ status }) => (status ? { status } : {})),
};

function texts(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
	least: number,
	most: number,
): { text: string }[] {
	const lines = linesOf(context.getNodeParameter(name, itemIndex, ''));
	if (lines.length >= least && lines.length <= most) return lines.map((text) => ({ text }));
	throw new NodeOperationError(
		context.getNode(),
		`“${label}” has ${lines.length}: Google wants ${least} to ${most}`,
		{ itemIndex, description: 'Write one in each line.' },
	);
}
