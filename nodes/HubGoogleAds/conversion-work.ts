import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { instant } from '../transport/instant';
import { together, type Member, type Part } from '../transport/together';
import { post, targetOf } from './call';
import { consentIn } from './consent';
import { identifiersOf } from './identifiers';
import { idIn, idOf, optionsOf, textOf } from './ids';
import { failuresIn, refusedOne, settled, type Outcome } from './partial-failure';

// "Each request can have at most 2,000 conversions"
const AT_ONCE = 2000;

export const conversionOperations = { uploadClick: together({ read: conversionOf, send: upload }) };

function conversionOf(this: IExecuteFunctions, itemIndex: number): Part<IDataObject> {
	const target = targetOf(this, itemIndex);
	const { validateOnly = false } = optionsOf(this, itemIndex);
	const more = this.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
	const action = idOf(this, itemIndex, 'conversionActionId', 'Conversion Action');
	const conversion: IDataObject = {
		...clickOf(this, itemIndex),
		conversionAction: `customers/${target.customer}/conversionActions/${action}`,
		conversionDateTime: timeOf(this, itemIndex),
		...('value' in more ? { conversionValue: worthOf(this, itemIndex, more.value) } : {}),
		...(more.currencyCode ? { currencyCode: String(more.currencyCode).toUpperCase() } : {}),
		...(more.orderId ? { orderId: String(more.orderId) } : {}),
		...(more.environment ? { conversionEnvironment: more.environment } : {}),
		...personIn(this, itemIndex, more),
		...variablesIn(this, itemIndex, more, target.customer),
		...consentIn(more),
	};
	return { key: JSON.stringify([target, validateOnly]), value: conversion };
}

function clickOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const type = context.getNodeParameter('clickIdType', itemIndex) as string;
	return type === 'userData' ? {} : { [type]: textOf(context, itemIndex, 'clickId', 'Click ID') };
}

/** `2026-03-01 08:00:00+00:00` */
function timeOf(context: IExecuteFunctions, itemIndex: number): string {
	const given = String(context.getNodeParameter('conversionTime', itemIndex, '') ?? '');
	const at = instant(given, context.getTimezone());
	if (Number.isFinite(at)) return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
	throw new NodeOperationError(context.getNode(), `“Conversion Time” is no time: ${given || 'it is empty'}`, {
		itemIndex,
		description: 'Write it as 2026-03-01T09:00:00+01:00.',
	});
}

function personIn(context: IExecuteFunctions, itemIndex: number, { email, phone }: IDataObject): IDataObject {
	const isNeeded = context.getNodeParameter('clickIdType', itemIndex) === 'userData';
	if (!email && !phone && !isNeeded) return {};
	try {
		return { userIdentifiers: identifiersOf({ email, phone }, { withoutGmailDots: true }) };
	} catch (error) {
		throw new NodeOperationError(context.getNode(), (error as Error).message, { itemIndex });
	}
}

function variablesIn(
	context: IExecuteFunctions,
	itemIndex: number,
	{ customVariables }: IDataObject,
	customer: string,
): IDataObject {
	const { variable = [] } = (customVariables ?? {}) as { variable?: { id: string; value: string }[] };
	if (variable.length === 0) return {};
	return {
		customVariables: variable.map(({ id, value }) => ({
			conversionCustomVariable: `customers/${customer}/conversionCustomVariables/${idIn(context, itemIndex, id, 'Variable ID')}`,
			value,
		})),
	};
}

function worthOf(context: IExecuteFunctions, itemIndex: number, given: unknown): number {
	const value = Number(given);
	if (given !== '' && given !== null && Number.isFinite(value)) return value;
	throw new NodeOperationError(context.getNode(), `“Value” is no number: ${String(given)}`, { itemIndex });
}

type Answer = { results?: IDataObject[]; partialFailureError?: unknown; jobId?: string };

async function upload(this: IExecuteFunctions, group: Member<IDataObject>[]): Promise<INodeExecutionData[]> {
	const outcomes: Outcome[] = [];
	for (let sent = 0; sent < group.length; sent += AT_ONCE)
		outcomes.push(...(await uploadSome(this, group.slice(sent, sent + AT_ONCE))));
	return settled(this, outcomes, 'conversions');
}

async function uploadSome(context: IExecuteFunctions, group: Member<IDataObject>[]): Promise<Outcome[]> {
	const first = group[0]?.itemIndex ?? 0;
	const validateOnly = optionsOf(context, first).validateOnly === true;
	const {
		results = [],
		partialFailureError,
		jobId,
	} = await post<Answer>(context, first, targetOf(context, first), ':uploadClickConversions', {
		conversions: group.map(({ value }) => value),
		// Google wants it so: with false, one bad conversion would stop all others.
		partialFailure: true,
		...(validateOnly ? { validateOnly } : {}),
	});
	const failures = failuresIn(partialFailureError, 'conversions');
	return group.map(({ itemIndex }, index) => {
		const errors = failures.get(index) ?? failures.get(-1);
		if (errors) return { itemIndex, json: {}, error: refusedOne(context, itemIndex, errors) };
		return {
			itemIndex,
			json: validateOnly ? { valid: true } : { ...results[index], ...(jobId ? { jobId } : {}) },
		};
	});
}
