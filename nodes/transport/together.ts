import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { inNodeForm } from './each-item';

/** What an item has to do with: items of the same `key` go out together. */
export type Part<T> = { key: string; value: T };
export type Member<T> = { itemIndex: number; value: T };

type Work<T> = {
	/** Called for each item; what it throws is that item's error. */
	read: (this: IExecuteFunctions, itemIndex: number) => Part<T> | Promise<Part<T>>;
	/**
	 * Called for each group, in the order of their first items. What it throws is the error of all of the
	 * group's items; an item with `error` is that of one.
	 */
	send: (this: IExecuteFunctions, group: Member<T>[]) => Promise<INodeExecutionData[]>;
};

/**
 * An operation whose items go to the provider together: uploads that take thousands at once and are limited in
 * their number. Nothing is sent before every item could be read, unless the node goes on after errors.
 */
export function together<T>({ read, send }: Work<T>) {
	return async function (this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const out: INodeExecutionData[] = [];
		const groups = new Map<string, Member<T>[]>();
		const failed = (error: unknown, items: number[]): void => {
			const known = inNodeForm(this, error, items[0] ?? 0);
			if (!this.continueOnFail()) throw known;
			for (const item of items)
				out.push({ json: { error: known.message }, error: known, pairedItem: { item } });
		};
		for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
			try {
				const { key, value } = await read.call(this, itemIndex);
				const whole = JSON.stringify([connectionOf(this, itemIndex), key]);
				const group = groups.get(whole) ?? [];
				group.push({ itemIndex, value });
				groups.set(whole, group);
			} catch (error) {
				failed(error, [itemIndex]);
			}
		}
		for (const group of groups.values()) {
			try {
				out.push(...(await send.call(this, group)));
			} catch (error) {
				failed(
					error,
					group.map(({ itemIndex }) => itemIndex),
				);
			}
		}
		return [out];
	};
}

/** Every item may name another connection. */
function connectionOf(context: IExecuteFunctions, itemIndex: number): unknown {
	const authentication = context.getNodeParameter('authentication', itemIndex);
	return authentication === 'apiKey'
		? context.getNodeParameter('connection', itemIndex, '', { extractValue: true })
		: null;
}
