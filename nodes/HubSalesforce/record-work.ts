/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/using_resources_working_with_records.htm */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { eachItem, jsonItems, request, type Call } from '../transport';
import { base, call } from './call';
import { idIn, textIn } from './ids';
import type { ObjectType, RecordOperation } from './object-type';
import { list, namesIn } from './record-list';
import { addComment, addNote, addToCampaign } from './record-additions';
import { givenFields, requiredFields } from './record-values';
import { salesforce } from './service';
import { fieldName, objectName } from './soql';

type Work = (
	context: IExecuteFunctions,
	itemIndex: number,
	type: ObjectType,
) => Promise<INodeExecutionData | INodeExecutionData[]>;

/** The resource's part of the node's `customOperations`. */
export const recordOperations = (type: ObjectType) =>
	Object.fromEntries(
		type.operations.map((operation) => [
			operation,
			eachItem(async function (itemIndex) {
				return await WORK[operation](this, itemIndex, type);
			}),
		]),
	);

const WORK: { readonly [operation in RecordOperation]: Work } = {
	addComment,
	addNote,
	addToCampaign,

	async create(context, itemIndex, type) {
		const body = {
			...(await requiredFields(context, itemIndex, type)),
			...(await givenFields(context, itemIndex, type, 'additionalFields')),
		};
		const path = `/sobjects/${objectOf(context, itemIndex, type)}`;
		return { json: await save(context, itemIndex, { method: 'POST', body }, path) };
	},

	async upsert(context, itemIndex, type) {
		const key = fieldName(
			context,
			itemIndex,
			context.getNodeParameter('externalId', itemIndex, '') as string,
		);
		const value = textIn(context, itemIndex, 'externalIdValue', 'Value to Match');
		const body: IDataObject = {
			...(await requiredFields(context, itemIndex, type)),
			...(await givenFields(context, itemIndex, type, 'additionalFields')),
		};
		// It is in the path; Salesforce refuses it in the body as well.
		for (const name of Object.keys(body)) if (name.toLowerCase() === key.toLowerCase()) delete body[name];
		const path = `/sobjects/${objectOf(context, itemIndex, type)}/${key}/${encodeURIComponent(value)}`;
		return { json: await save(context, itemIndex, { method: 'PATCH', body }, path) };
	},

	async update(context, itemIndex, type) {
		const id = idIn(context, itemIndex, 'recordId', 'Record');
		const body = await givenFields(context, itemIndex, type, 'updateFields');
		if (Object.keys(body).length === 0)
			throw new NodeOperationError(context.getNode(), 'No field is set', {
				itemIndex,
				description: 'Add the fields to change under “Update Fields”.',
			});
		const path = `/sobjects/${objectOf(context, itemIndex, type)}/${id}`;
		return { json: { id, ...(await save(context, itemIndex, { method: 'PATCH', body }, path)) } };
	},

	async delete(context, itemIndex, type) {
		const id = idIn(context, itemIndex, 'recordId', 'Record');
		await call(context, itemIndex, `/sobjects/${objectOf(context, itemIndex, type)}/${id}`, {
			method: 'DELETE',
		});
		return { json: { id, success: true, errors: [] } };
	},

	async get(context, itemIndex, type) {
		const id = idIn(context, itemIndex, 'recordId', 'Record');
		const { fields } = context.getNodeParameter('options', itemIndex, {}) as { fields?: string | string[] };
		const names = namesIn(fields).map((name) => fieldName(context, itemIndex, name));
		const path = `/sobjects/${objectOf(context, itemIndex, type)}/${id}`;
		const qs = names.length > 0 ? { fields: names.join(',') } : {};
		return { json: await call(context, itemIndex, path, { qs }) };
	},

	async getAll(context, itemIndex, type) {
		return jsonItems(await list(context, itemIndex, objectOf(context, itemIndex, type), type.columns));
	},

	async getSummary(context, itemIndex, type) {
		return { json: await call(context, itemIndex, `/sobjects/${objectOf(context, itemIndex, type)}`) };
	},

	async download(context, itemIndex, type) {
		const id = idIn(context, itemIndex, 'recordId', 'Record');
		const path = `/sobjects/${objectOf(context, itemIndex, type)}/${id}`;
		const qs = { fields: 'Id,Name,ContentType,BodyLength,ParentId,Description' };
		const json = await call(context, itemIndex, path, { qs });
		const name = String(json.Name ?? id);
		return await downloaded(context, itemIndex, `${path}/Body`, json, name, json.ContentType as string);
	},
};

/** A file's bytes, as a stream: n8n puts it where it keeps files as it comes. */
export async function downloaded(
	context: IExecuteFunctions,
	itemIndex: number,
	path: string,
	json: IDataObject,
	fileName: string,
	mimeType?: string | null,
): Promise<INodeExecutionData> {
	const { body } = await request(context, salesforce, itemIndex, {
		method: 'GET',
		url: base(context, itemIndex) + path,
		encoding: 'stream',
	});
	const field = context.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
	// n8n would take what is before a slash for a folder.
	const name = fileName.replace(/[/\\]/g, '_');
	const binary = await context.helpers.prepareBinaryData(body as Buffer, name, mimeType || undefined);
	return { json, binary: { [field]: binary } };
}

const objectOf = (context: IExecuteFunctions, itemIndex: number, { isAny, object }: ObjectType): string =>
	isAny
		? objectName(
				context,
				itemIndex,
				context.getNodeParameter('customObject', itemIndex, '', { extractValue: true }),
			)
		: object;

/** Salesforce answers a change with nothing, a new record with its ID. */
async function save(
	context: IExecuteFunctions,
	itemIndex: number,
	made: Pick<Call, 'method' | 'body'>,
	path: string,
): Promise<IDataObject> {
	const answer = await call<IDataObject | undefined | ''>(context, itemIndex, path, {
		...made,
		headers: saveHeaders(context, itemIndex),
	});
	return answer || { success: true, errors: [] };
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers.htm */
function saveHeaders(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const { allowDuplicates, assignmentRules } = context.getNodeParameter('options', itemIndex, {}) as {
		allowDuplicates?: boolean;
		assignmentRules?: boolean;
	};
	return {
		...(allowDuplicates ? { 'sforce-duplicate-rule-header': 'allowSave=true' } : {}),
		...(assignmentRules === false ? { 'sforce-auto-assign': 'FALSE' } : {}),
	};
}
