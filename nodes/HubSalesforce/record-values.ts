/** A record's fields as Salesforce takes them, from what the node was given. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import type { Field } from './fields';
import { checkedId } from './ids';
import type { ObjectType } from './object-type';
import { namesIn } from './record-list';
import { dayOf, fieldName, timeOf } from './soql';

export async function requiredFields(
	context: IExecuteFunctions,
	itemIndex: number,
	{ required, hasContent }: ObjectType,
): Promise<IDataObject> {
	const body: IDataObject = {};
	for (const field of required) {
		const value = context.getNodeParameter(field.name, itemIndex, '');
		if (value === '' || value === null || value === undefined)
			throw new NodeOperationError(context.getNode(), `“${field.label}” is empty`, {
				itemIndex,
				description: 'Fill it in, or check the expression: it gave nothing for this item.',
			});
		body[field.name] = valueOf(context, itemIndex, field, value);
	}
	if (!hasContent) return body;
	const name = context.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
	return { ...body, ...(await content(context, itemIndex, name)) };
}

type Given = IDataObject & {
	binaryPropertyName?: string;
	customFieldsUi?: CustomFields;
	fieldsJson?: string | IDataObject;
	fieldsToClear?: string | string[];
};
type CustomFields = { customFieldsValues?: { fieldId: string; value: unknown }[] };

/** @param name of the collection; what is not in it stays as it is */
export async function givenFields(
	context: IExecuteFunctions,
	itemIndex: number,
	{ required, fields, isAny }: ObjectType,
	name: 'additionalFields' | 'updateFields',
): Promise<IDataObject> {
	const given = context.getNodeParameter(name, itemIndex, {}) as Given;
	const custom = isAny
		? (context.getNodeParameter('customFieldsUi', itemIndex, {}) as CustomFields)
		: given.customFieldsUi;
	const set = (field: string) => fieldName(context, itemIndex, field);
	const body: IDataObject = {};
	for (const field of [...required, ...fields]) {
		const value = given[field.name];
		if (value === undefined || (value === '' && field.kind !== 'text' && field.kind !== 'long')) continue;
		body[field.name] = valueOf(context, itemIndex, field, value);
	}
	for (const { fieldId, value } of custom?.customFieldsValues ?? []) body[set(fieldId)] = value as string;
	Object.assign(body, jsonFields(context, itemIndex, given.fieldsJson));
	for (const field of namesIn(given.fieldsToClear)) body[set(field)] = null;
	return given.binaryPropertyName
		? { ...body, ...(await content(context, itemIndex, given.binaryPropertyName)) }
		: body;
}

function valueOf(context: IExecuteFunctions, itemIndex: number, { kind, label }: Field, value: unknown) {
	switch (kind) {
		case 'date':
			return dayOf(context, itemIndex, value);
		case 'dateTime':
			return timeOf(context, itemIndex, value);
		case 'reference':
			return idOrNull(context, itemIndex, value, label);
		default:
			return value as string;
	}
}

/** One that was added to the collection and left empty says nothing. */
function idOrNull(context: IExecuteFunctions, itemIndex: number, value: unknown, label: string) {
	const isEmpty = typeof value === 'object' && value !== null && 'value' in value && value.value === '';
	return isEmpty ? undefined : checkedId(context, itemIndex, value, label);
}

function jsonFields(
	context: IExecuteFunctions,
	itemIndex: number,
	given: string | IDataObject | undefined,
): IDataObject {
	if (given === undefined || given === '') return {};
	let read: unknown = given;
	try {
		if (typeof given === 'string') read = JSON.parse(given);
	} catch {
		read = null;
	}
	if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as IDataObject;
	throw new NodeOperationError(context.getNode(), '“Fields (JSON)” is no JSON object', {
		itemIndex,
		description: 'Write it as {"Region__c": "West"}.',
	});
}

/** As JSON carries a file: 37.5 MB at most, and an attachment has 25. */
async function content(context: IExecuteFunctions, itemIndex: number, field: string): Promise<IDataObject> {
	const { mimeType } = context.helpers.assertBinaryData(itemIndex, field);
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, field);
	return { Body: bytes.toString('base64'), ContentType: mimeType };
}
