import type { Field } from './fields';

export type RecordOperation =
	| 'addComment'
	| 'addNote'
	| 'addToCampaign'
	| 'create'
	| 'delete'
	| 'download'
	| 'get'
	| 'getAll'
	| 'getSummary'
	| 'update'
	| 'upsert';

export type ObjectType = {
	resource: string;
	/** API name. */
	object: string;
	/** With its article, as in “Create an account”. */
	one: string;
	many: string;
	operations: readonly RecordOperation[];
	/** Asked for on their own. */
	required: readonly Field[];
	fields: readonly Field[];
	/** What “Get Many” returns unless told otherwise. */
	columns: readonly string[];
	/** Which object it is says the parameter `customObject`. */
	isAny?: true;
	/** Its records hold a file: in `Body`, with its type in `ContentType`. */
	hasContent?: true;
};

/** What can be done with the records of almost any object. */
export const RECORDS = ['create', 'upsert', 'delete', 'get', 'getAll', 'getSummary', 'update'] as const;
