/** Options of “Get Many”, and the query that they come to. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { limitOf } from '../transport';
import { query } from './call';
import { chosen, severalChosen } from './fields';
import { select, type Condition } from './soql';

export const listOptions: INodeProperties[] = [
	{
		displayName: 'Combine Conditions',
		name: 'combine',
		type: 'options',
		options: [
			{ name: 'All Must Hold', value: 'AND' },
			{ name: 'Any May Hold', value: 'OR' },
		],
		default: 'AND',
	},
	{
		displayName: 'Conditions',
		name: 'conditionsUi',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Condition',
		default: {},
		description: 'The conditions that records must meet',
		options: [
			{
				displayName: 'Condition',
				name: 'conditionValues',
				values: [
					chosen('Field Name or ID', 'field', 'getFields'),
					{
						displayName: 'Operation',
						name: 'operation',
						type: 'options',
						noDataExpression: true,
						options: [
							{ name: '<', value: '<' },
							{ name: '<=', value: '<=' },
							{ name: '=', value: 'equal' },
							{ name: '>', value: '>' },
							{ name: '>=', value: '>=' },
							{ name: 'Excludes (Multi-Select)', value: 'excludes' },
							{ name: 'Includes (Multi-Select)', value: 'includes' },
							{ name: 'Is Empty', value: 'empty' },
							{ name: 'Is Not Empty', value: 'notEmpty' },
							{ name: 'Like', value: 'like' },
							{ name: 'Not =', value: 'notEqual' },
							{ name: 'Not Like', value: 'notLike' },
							{ name: 'Not One Of', value: 'notIn' },
							{ name: 'One Of', value: 'in' },
						],
						default: 'equal',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						description:
							'Several are parted by commas. % and _ stand for anything in Like. A date may be a word, as in TODAY or LAST_N_DAYS:7.',
					},
				],
			},
		],
	},
	severalChosen('Field Names or IDs', 'fields', 'getFields'),
	{
		displayName: 'Include Deleted',
		name: 'includeDeleted',
		type: 'boolean',
		default: false,
		description: 'Whether to return what lies in the recycle bin, and archived tasks, too',
	},
	{
		displayName: 'Order By',
		name: 'orderUi',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Field',
				name: 'orderValues',
				values: [
					chosen('Field Name or ID', 'field', 'getFields'),
					{
						displayName: 'Direction',
						name: 'direction',
						type: 'options',
						options: [
							{ name: 'Ascending', value: 'ASC' },
							{ name: 'Descending', value: 'DESC' },
						],
						default: 'ASC',
					},
				],
			},
		],
	},
];

type ListOptions = {
	combine?: 'AND' | 'OR';
	conditionsUi?: { conditionValues?: Condition[] };
	fields?: string | string[];
	includeDeleted?: boolean;
	orderUi?: { orderValues?: { field: string; direction?: 'ASC' | 'DESC' }[] };
};

/** @param columns unless the options name some */
export async function list(
	context: IExecuteFunctions,
	itemIndex: number,
	object: string,
	columns: readonly string[],
): Promise<IDataObject[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as ListOptions;
	const chosenFields = namesIn(options.fields);
	const limit = limitOf(context, itemIndex);
	const soql = await select(context, itemIndex, {
		object,
		fields: chosenFields.length > 0 ? chosenFields : columns,
		where: options.conditionsUi?.conditionValues ?? [],
		combine: options.combine === 'OR' ? 'OR' : 'AND',
		orderBy: (options.orderUi?.orderValues ?? []).map(({ field, direction }) => ({
			field,
			direction: direction === 'DESC' ? 'DESC' : 'ASC',
		})),
		limit,
	});
	return await query(context, itemIndex, soql, { limit, withDeleted: options.includeDeleted === true });
}

/** A list, or names with commas between. */
export const namesIn = (given: unknown): string[] =>
	(Array.isArray(given) ? given : String(given ?? '').split(','))
		.map((name) => String(name).trim())
		.filter((name) => name !== '');
