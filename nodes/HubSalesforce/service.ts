import type { IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';

export const salesforce: Service = {
	id: 'salesforce',
	name: 'Salesforce',
	credential: 'hubSalesforceOAuth2Api',
	// Each org has a host of its own: the hub tells it with the token.
	apiBaseUrl: 'https://login.salesforce.com',
	refusal,
};

/** `errorCode` of the REST API, `statusCode` of what a flow says. */
type Fault = { errorCode?: string; statusCode?: string; message?: string; fields?: string[] | null };

// The last two are the identity service's, in plain words and with 403.
const EXPIRED = ['INVALID_SESSION_ID', 'INVALID_AUTH_HEADER', 'Bad_OAuth_Token', 'Missing_OAuth_Token'];

const NOT_ALLOWED = 'The connected user may not do this: its profile, or the record’s sharing, says so.';
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_calls_concepts_core_data_objects.htm (status codes)
const ADVICE: { [code: string]: string } = {
	API_CURRENTLY_DISABLED: 'The connected user needs the permission “API Enabled”.',
	API_DISABLED_FOR_ORG:
		'This edition of Salesforce has no API, or the user lacks the permission “API Enabled”.',
	CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:
		'A trigger or flow of the org failed: its administrator can tell why.',
	DUPLICATES_DETECTED:
		'Update the record that is there, or turn on “Allow Duplicates” in the options where the rule only warns.',
	DUPLICATE_VALUE: 'Another record has this value already: update that one (Create or Update).',
	ENTITY_IS_DELETED: 'The record is in the recycle bin.',
	FIELD_CUSTOM_VALIDATION_EXCEPTION: 'A validation rule of the org refused it.',
	FIELD_INTEGRITY_EXCEPTION: 'The value does not fit the field, or the record that it points to.',
	INSUFFICIENT_ACCESS: NOT_ALLOWED,
	INSUFFICIENT_ACCESS_OR_READONLY: NOT_ALLOWED,
	INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: NOT_ALLOWED,
	INVALID_CROSS_REFERENCE_KEY:
		'An ID names a record that is not there, or that cannot be used here: check owner, record type and parent.',
	INVALID_FIELD:
		'Check the field’s API name (Setup → Object Manager → Fields): custom ones end in __c. Or the connected user may not see it.',
	INVALID_FIELD_FOR_INSERT_UPDATE: 'The field cannot be written, or not by this user: leave it out.',
	INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: 'Take one of the field’s own values, and one of this record type.',
	INVALID_QUERY_LOCATOR: 'Salesforce keeps a query’s pages for a while only. Run the node again.',
	INVALID_TYPE:
		'Check the object’s API name (Setup → Object Manager): custom ones end in __c. Or the connected user may not see it.',
	MALFORMED_ID: 'An ID has 15 or 18 letters and digits, and begins with its object’s prefix.',
	MALFORMED_QUERY: 'Try the query in Salesforce’s Developer Console.',
	NOT_FOUND: 'Check the ID or name, and the API version. Or the connected user may not see it.',
	QUERY_TIMEOUT: 'Make the query narrower: conditions on indexed fields, or fewer records.',
	REQUIRED_FIELD_MISSING: 'Fill in the fields that are named.',
	STORAGE_LIMIT_EXCEEDED: 'The org’s storage is full.',
	UNABLE_TO_LOCK_ROW:
		'Somebody else is writing the same record, or its parent. Turn on “Retry On Fail” in the node’s settings.',
};

function refusal({ statusCode, body }: IN8nHttpFullResponse): Partial<Refusal> | null {
	const read = parsed(body);
	if (statusCode === 300) return severalMatch(read);
	const faults = faultsIn(read, statusCode);
	if (faults.length === 0) {
		const word = typeof read === 'string' ? read.trim() : '';
		return statusCode >= 400 && EXPIRED.includes(word) ? { kind: 'expired', message: word } : null;
	}
	const code = faults[0]?.errorCode ?? faults[0]?.statusCode ?? '';
	const message = faults.map(sentence).join('; ');
	if (EXPIRED.includes(code)) return { kind: 'expired', message };
	// 403, and a limit all the same: calls in 24 hours, or too many long ones at once.
	if (code === 'REQUEST_LIMIT_EXCEEDED') return { kind: 'rate_limited', message };
	return { kind: 'refused', message, advice: [code, ADVICE[code]].filter(Boolean).join(': ') };
}

/** `[{errorCode, message, fields}]`, or a flow's run: `[{isSuccess: false, errors: […]}]` with any status. */
function faultsIn(body: unknown, statusCode: number): Fault[] {
	if (!Array.isArray(body)) return [];
	const list = body as (Fault & { isSuccess?: boolean; errors?: Fault[] | null })[];
	const ofFlow = list
		.filter((one) => one?.isSuccess === false)
		.flatMap(({ errors }) => (errors?.length ? errors : [{ message: 'The flow failed' }]));
	if (ofFlow.length > 0) return ofFlow;
	return statusCode < 400 ? [] : list.filter((one) => typeof one?.message === 'string');
}

function sentence({ message = '', fields }: Fault): string {
	const unnamed = (fields ?? []).filter((field) => !message.includes(field));
	return unnamed.length > 0 ? `${message} (${unnamed.join(', ')})` : message;
}

/** An external ID that more than one record has: Salesforce answers their addresses. */
function severalMatch(body: unknown): Partial<Refusal> {
	const ids = Array.isArray(body) ? body.map((url) => String(url).split('/').at(-1)) : [];
	return {
		kind: 'refused',
		message: 'More than one record has this external ID',
		advice: `They are ${ids.join(', ')}. Make the field unique, or update one of them by its ID.`,
	};
}

function parsed(body: unknown): unknown {
	if (!Buffer.isBuffer(body) && typeof body !== 'string') return body;
	const text = body.toString();
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
