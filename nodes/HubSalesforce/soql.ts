/** https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql.htm */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { instant } from '../transport/instant';
import type { Caller } from './call';
import { fieldType } from './describe';

export type Condition = { field: string; operation: string; value?: unknown };
export type Select = {
	object: string;
	fields: readonly string[];
	where?: readonly Condition[];
	combine?: 'AND' | 'OR';
	orderBy?: readonly { field: string; direction?: string }[];
	limit?: number;
};

export async function select(context: IExecuteFunctions, itemIndex: number, wanted: Select): Promise<string> {
	const { object, fields, where = [], combine = 'AND', orderBy = [], limit = Infinity } = wanted;
	const name = (field: string) => fieldName(context, itemIndex, field);
	const conditions: string[] = [];
	for (const one of where) conditions.push(await condition(context, itemIndex, object, one));
	return [
		`SELECT ${fields.map((field) => (SETS.test(field) ? field : name(field))).join(', ')}`,
		`FROM ${object}`,
		...(conditions.length > 0 ? [`WHERE ${conditions.join(` ${combine} `)}`] : []),
		...(orderBy.length > 0
			? [
					`ORDER BY ${orderBy.map(({ field, direction = 'ASC' }) => `${name(field)} ${direction}`).join(', ')}`,
				]
			: []),
		...(limit < Infinity ? [`LIMIT ${limit}`] : []),
	].join(' ');
}

const SETS = /^FIELDS\((ALL|CUSTOM|STANDARD)\)$/i;

/** Words that go into a query unquoted: anything but a name would be another query. */
export function fieldName(context: Caller, itemIndex: number, given: string): string {
	const name = String(given ?? '').trim();
	if (/^[a-z]\w*(\.[a-z]\w*)*$/i.test(name)) return name;
	throw new NodeOperationError(context.getNode(), `“${name}” is no field`, {
		itemIndex,
		description: 'Write its API name, as in Industry, Region__c or Account.Name.',
	});
}

/** @param given `Account`, `Invoice__c`, `acme__Invoice__c` */
export function objectName(context: Caller, itemIndex: number, given: unknown): string {
	const name = String(given ?? '').trim();
	if (/^[a-z]\w*$/i.test(name)) return name;
	throw new NodeOperationError(
		context.getNode(),
		name === '' ? 'No object is chosen' : `“${name}” is no object`,
		{ itemIndex, description: 'Write its API name, as in Account or Invoice__c.' },
	);
}

/** https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm */
const escaped = (text: string) =>
	text
		.replace(/[\\'"]/g, '\\$&')
		.replace(/\n/g, '\\n')
		.replace(/\r/g, '\\r')
		.replace(/\t/g, '\\t');

export const quoted = (text: string) => `'${escaped(text)}'`;

/** For LIKE: what the person typed stands for itself, anywhere in the value. */
export const containing = (text: string) => `'%${escaped(text).replace(/[%_]/g, '\\$&')}%'`;

type Operator = (field: string, literals: string[]) => string;
const comparing =
	(operator: string): Operator =>
	(field, [literal]) =>
		`${field} ${operator} ${literal}`;
const listing =
	(operator: string): Operator =>
	(field, literals) =>
		`${field} ${operator} (${literals.join(', ')})`;

const OPERATORS: { readonly [operation: string]: Operator } = {
	equal: comparing('='),
	notEqual: comparing('!='),
	'>': comparing('>'),
	'>=': comparing('>='),
	'<': comparing('<'),
	'<=': comparing('<='),
	like: comparing('LIKE'),
	notLike: (field, [literal]) => `(NOT ${field} LIKE ${literal})`,
	in: listing('IN'),
	notIn: listing('NOT IN'),
	includes: listing('INCLUDES'),
	excludes: listing('EXCLUDES'),
	empty: (field) => `${field} = null`,
	notEmpty: (field) => `${field} != null`,
};
const WITHOUT_VALUE = ['empty', 'notEmpty'];
const WITH_SEVERAL = ['in', 'notIn', 'includes', 'excludes'];

async function condition(
	context: IExecuteFunctions,
	itemIndex: number,
	object: string,
	{ field, operation, value }: Condition,
): Promise<string> {
	const name = fieldName(context, itemIndex, field);
	const operator = OPERATORS[operation];
	if (operator === undefined)
		throw new NodeOperationError(context.getNode(), `“${operation}” is no operator`, { itemIndex });
	if (WITHOUT_VALUE.includes(operation)) return operator(name, []);
	const values = WITH_SEVERAL.includes(operation) ? severalIn(value) : [value];
	if (values.length === 0)
		throw new NodeOperationError(context.getNode(), `The condition on “${name}” has no values`, {
			itemIndex,
			description: 'Write them with commas between, or give a list by an expression.',
		});
	const literals: string[] = [];
	for (const one of values) literals.push(await literal(context, itemIndex, object, name, one));
	return operator(name, literals);
}

const severalIn = (value: unknown): unknown[] =>
	Array.isArray(value)
		? value
		: String(value ?? '')
				.split(',')
				.map((one) => one.trim())
				.filter((one) => one !== '');

const UNQUOTED = ['boolean', 'currency', 'double', 'int', 'long', 'percent'];
const PERIOD = /^(TODAY|TOMORROW|YESTERDAY|((LAST|NEXT|THIS)_[A-Z0-9_]+|N_[A-Z_]+_AGO)(:\d+)?)$/i;
const DAY = /^\d{4}-\d\d-\d\d(T.*)?$/;
const BARE = /^(-?\d+(\.\d+)?|true|false)$/i;

/**
 * The value as SOQL writes it. Whether it is quoted depends on the field's type: `5000` is compared to an amount
 * without quotes and to an account number with them. Salesforce is asked only where the value can be either.
 */
async function literal(
	context: IExecuteFunctions,
	itemIndex: number,
	object: string,
	field: string,
	given: unknown,
): Promise<string> {
	if (given === null || given === undefined || given === '') return 'null';
	if (typeof given === 'boolean') return String(given);
	// Dates come as objects from expressions.
	const value = (typeof given === 'string' ? given : String(JSON.parse(JSON.stringify(given)))).trim();
	if (![PERIOD, DAY, BARE].some((form) => form.test(value))) return quoted(value);
	const type = await fieldType(context, itemIndex, object, field);
	if (type === 'date') return PERIOD.test(value) ? value.toUpperCase() : value.slice(0, 10);
	if (type === 'datetime')
		return PERIOD.test(value) ? value.toUpperCase() : timeOf(context, itemIndex, value);
	if (type === null) return PERIOD.test(value) || DAY.test(value) ? value : typed(given, value);
	return UNQUOTED.includes(type) && BARE.test(value) ? value : quoted(value);
}

const typed = (given: unknown, value: string) => (typeof given === 'number' ? value : quoted(value));

/** @throws NodeOperationError; a time without a zone is one of the workflow's */
export function timeOf(context: IExecuteFunctions, itemIndex: number, given: unknown): string {
	const text = typeof given === 'string' ? given : String(JSON.parse(JSON.stringify(given)));
	const at = instant(text, context.getTimezone());
	if (Number.isFinite(at)) return new Date(at).toISOString();
	throw notADate(context, itemIndex, text);
}

/** The day as it is written, whatever time comes with it. */
export function dayOf(context: IExecuteFunctions, itemIndex: number, given: unknown): string {
	const text = typeof given === 'string' ? given : String(JSON.parse(JSON.stringify(given)));
	const [day] = /^\d{4}-\d\d-\d\d/.exec(text.trim()) ?? [];
	if (day !== undefined && Number.isFinite(Date.parse(day))) return day;
	throw notADate(context, itemIndex, text);
}

const notADate = (context: IExecuteFunctions, itemIndex: number, text: string) =>
	new NodeOperationError(context.getNode(), `“${text}” is not a date`, {
		itemIndex,
		description: 'Write it as 2026-03-01, or with a time as 2026-03-01T09:00:00+01:00.',
	});
