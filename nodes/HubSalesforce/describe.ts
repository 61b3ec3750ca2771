/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm */
import { base, call, parameter, type Caller } from './call';

export type Described = {
	name: string;
	label: string;
	fields: DescribedField[];
};
export type DescribedField = {
	name: string;
	label: string;
	/** `string`, `double`, `date`, `reference`, … */
	type: string;
	custom?: boolean;
	createable?: boolean;
	updateable?: boolean;
	externalId?: boolean;
	idLookup?: boolean;
	nameField?: boolean;
	/** `Account` for the field `AccountId`: its first name in `Account.Industry`. */
	relationshipName?: string | null;
	referenceTo?: string[];
	picklistValues?: { active: boolean; label: string; value: string }[];
};

/** By run, and within it by connection, version and object: an org's fields don't change meanwhile. */
const known = new WeakMap<object, Map<string, Promise<Described>>>();

export async function describe(caller: Caller, itemIndex: number, object: string): Promise<Described> {
	const inRun = known.get(caller) ?? new Map<string, Promise<Described>>();
	known.set(caller, inRun);
	const connection = JSON.stringify(parameter(caller, 'connection', itemIndex) ?? null);
	const key = [connection, base(caller, itemIndex), object].join(' ');
	const described = inRun.get(key) ?? call<Described>(caller, itemIndex, `/sobjects/${object}/describe`);
	inRun.set(key, described);
	// One that failed is asked for again by the next item.
	described.catch(() => inRun.delete(key));
	return await described;
}

/**
 * The type of a field, or of one of a related record (`Account.Owner.Name`); null where it cannot be told: the
 * field may point to objects of several kinds.
 */
export async function fieldType(
	caller: Caller,
	itemIndex: number,
	object: string,
	path: string,
): Promise<string | null> {
	const [first = '', ...rest] = path.split('.');
	const { fields } = await describe(caller, itemIndex, object);
	if (rest.length === 0) return fields.find(({ name }) => same(name, first))?.type ?? null;
	const targets =
		fields.find(({ relationshipName }) => same(relationshipName ?? '', first))?.referenceTo ?? [];
	const [target] = targets;
	return target !== undefined && targets.length === 1
		? await fieldType(caller, itemIndex, target, rest.join('.'))
		: null;
}

/** Salesforce's names know no upper and lower case. */
const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
