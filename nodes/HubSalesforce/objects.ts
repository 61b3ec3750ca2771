/** The objects with a resource of their own, and the resource for all others. */
import { recordType } from './fields';
import { RECORDS, type ObjectType, type RecordOperation } from './object-type';
import { ACCOUNT, CONTACT, LEAD, OPPORTUNITY } from './sales-objects';
import { ATTACHMENT, CASE, TASK, USER } from './service-objects';

/** Custom objects, and standard ones without a resource of their own. */
const ANY: ObjectType = {
	resource: 'customObject',
	object: '',
	one: 'a record of any object',
	many: 'records of any object',
	operations: RECORDS,
	required: [],
	fields: [recordType],
	columns: ['Id', 'LastModifiedDate'],
	isAny: true,
};

export const OBJECTS: readonly ObjectType[] = [
	ACCOUNT,
	ATTACHMENT,
	CASE,
	CONTACT,
	ANY,
	LEAD,
	OPPORTUNITY,
	TASK,
	USER,
];

/** For the fields of an operation: shown for all resources that have it. */
export const shownFor = (...operation: RecordOperation[]) => ({
	resource: OBJECTS.filter((type) => operation.some((one) => type.operations.includes(one))).map(
		({ resource }) => resource,
	),
	operation,
});
