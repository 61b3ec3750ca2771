/** https://developers.google.com/google-ads/api/docs/best-practices/partial-failures */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { adviceOf, errorsIn, wordOf, type AdsError } from './service';

/**
 * What is wrong with which of the things sent.
 * @param list the request's field that holds them: `operations`, `conversions`
 * @returns by the place in that list; -1: not with any one of them
 */
export function failuresIn(status: unknown, list: string): Map<number, AdsError[]> {
	const found = new Map<number, AdsError[]>();
	for (const error of errorsIn(status)) {
		const [at] = error.location?.fieldPathElements ?? [];
		const index = at?.fieldName === list ? Number(at.index ?? 0) : -1;
		found.set(index, [...(found.get(index) ?? []), error]);
	}
	return found;
}

const sayingOf = (errors: AdsError[]): string =>
	errors.map((error) => `${error.message ?? 'Refused'} (${wordOf(error)})`).join('; ');

/** @param what it was, where the item tells of several things */
export function refusedOne(context: IExecuteFunctions, itemIndex: number, errors: AdsError[], what?: string) {
	const advice = errors.map((error) => adviceOf(wordOf(error))).find(Boolean);
	const said = what === undefined ? sayingOf(errors) : `“${what}”: ${sayingOf(errors)}`;
	return new NodeOperationError(context.getNode(), said, {
		itemIndex,
		...(advice === undefined ? {} : { description: advice }),
	});
}

/** How it went with one of the things sent. */
export type Outcome = { itemIndex: number; json: IDataObject; error?: NodeOperationError };

/**
 * All that went well, and with "Continue On Fail" what did not too.
 * @param what `conversions`
 * @throws NodeOperationError that names the refused ones, and says that the others are with Google
 */
export function settled(context: IExecuteFunctions, outcomes: Outcome[], what: string): INodeExecutionData[] {
	const failed = outcomes.flatMap(({ itemIndex, error }) => (error ? [{ itemIndex, error }] : []));
	const [first] = failed;
	if (first !== undefined && !context.continueOnFail())
		throw outcomes.length === 1
			? first.error
			: new NodeOperationError(
					context.getNode(),
					`Google refused ${failed.length} of ${outcomes.length} ${what}`,
					{
						itemIndex: first.itemIndex,
						description: [
							...failed.slice(0, 10).map(({ itemIndex, error }) => `Item ${itemIndex}: ${error.message}.`),
							'The others were taken. Turn on "Continue On Fail" to tell them apart.',
						].join(' '),
					},
				);
	return outcomes.map(({ itemIndex, json, error }) => ({
		// n8n keeps nothing else of an item with an error.
		json: error ? { error: error.message } : json,
		...(error ? { error } : {}),
		pairedItem: { item: itemIndex },
	}));
}
