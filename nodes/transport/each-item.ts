import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

type Result = INodeExecutionData | INodeExecutionData[];
/** Does one item's work. What it throws is that item's error. */
export type ItemWork = (this: IExecuteFunctions, itemIndex: number) => Promise<Result>;

/**
 * An operation that is code (a node's `customOperations`): does the work for each item in turn, pairs what comes
 * out with what went in, and goes on after an item that failed where the node is set to.
 */
export function eachItem(work: ItemWork) {
	return async function (this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const out: INodeExecutionData[] = [];
		for (let item = 0; item < this.getInputData().length; item++) {
			const pairedItem = { item };
			try {
				const result = await work.call(this, item);
				for (const one of Array.isArray(result) ? result : [result]) out.push({ ...one, pairedItem });
			} catch (error) {
				const failed = inNodeForm(this, error, item);
				if (!this.continueOnFail()) throw failed;
				out.push({ json: { error: failed.message }, error: failed, pairedItem });
			}
		}
		return [out];
	};
}

export const jsonItems = (values: IDataObject[]): INodeExecutionData[] => values.map((json) => ({ json }));

export function inNodeForm(context: IExecuteFunctions, error: unknown, itemIndex: number) {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	return new NodeOperationError(context.getNode(), error instanceof Error ? error : String(error), {
		itemIndex,
	});
}
