/** https://developers.google.com/google-ads/api/docs/campaigns/budgets/overview */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { toMicros } from './amounts';
import { positive } from './checks';
import { createOne, getMany, getOne, removeOne, updateOne } from './entity-work';
import {
	amount,
	collection,
	customerField,
	field,
	optionsField,
	picked,
	shown,
	VALIDATE_ONLY,
} from './fields';
import { gettingProperties, STATUSES } from './filters';
import { textOf } from './ids';
import { operations } from './operation';

export const budgetProperties: INodeProperties[] = [
	operations('budget', 'budget', ['create', 'delete', 'get', 'getAll', 'update']),
	customerField(shown('budget', 'create', 'delete', 'get', 'getAll', 'update')),
	picked({
		displayName: 'Budget',
		name: 'budgetId',
		searchListMethod: 'searchBudgets',
		show: shown('budget', 'delete', 'get', 'update'),
	}),
	field('Name', 'name', { required: true, displayOptions: { show: shown('budget', 'create') } }),
	amount('Daily Amount', 'amount', { required: true, displayOptions: { show: shown('budget', 'create') } }),
	field('Shared', 'explicitlyShared', {
		type: 'boolean',
		default: true,
		description: 'Whether several campaigns may use it',
		displayOptions: { show: shown('budget', 'create') },
	}),
	collection('Update Fields', shown('budget', 'update'), [
		amount('Daily Amount', 'amount'),
		field('Name', 'name'),
	]),
	...gettingProperties('budget', [STATUSES]),
	optionsField(shown('budget', 'create', 'delete', 'update'), [VALIDATE_ONLY]),
];

export const budgetOperations = {
	create: createOne('budget', (context, itemIndex) => ({
		name: textOf(context, itemIndex, 'name', 'Name'),
		amountMicros: toMicros(positive(context, itemIndex, 'amount', 'Daily Amount')),
		explicitlyShared: context.getNodeParameter('explicitlyShared', itemIndex) as boolean,
	})),
	delete: removeOne('budget'),
	get: getOne('budget'),
	getAll: getMany('budget'),
	update: updateOne('budget', ({ name, amount: given }: IDataObject) => ({
		...(name ? { name } : {}),
		...(given ? { amountMicros: toMicros(given) } : {}),
	})),
};
