import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

const NAMES: { [value: string]: string } = {
	create: 'Create',
	delete: 'Delete',
	get: 'Get',
	getAll: 'Get Many',
	update: 'Update',
};

/** A resource's operations: those that most have, by their values, and its own. */
export function operations(
	resource: string,
	one: string,
	usual: string[],
	own: INodePropertyOptions[] = [],
): INodeProperties {
	const a = /^[aeiou]/.test(one) ? 'an' : 'a';
	const options: INodePropertyOptions[] = usual.map((value) => ({
		name: NAMES[value] ?? value,
		value,
		action: value === 'getAll' ? `Get many ${one}s` : `${NAMES[value] ?? value} ${a} ${one}`,
	}));
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: [...options, ...own].sort((x, y) => x.name.localeCompare(y.name)),
		default: 'getAll',
	};
}
