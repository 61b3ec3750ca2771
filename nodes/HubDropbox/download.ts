import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { contentCall } from './call';

/**
 * A call that hands out a file: its bytes stream to where n8n keeps files, however many they are.
 *
 * @param nameOf what the file is called, from the metadata that come in the answer's header
 */
export async function download(
	context: IExecuteFunctions,
	itemIndex: number,
	endpoint: string,
	arg: IDataObject,
	nameOf: (metadata: IDataObject) => string,
): Promise<INodeExecutionData> {
	const { body, headers } = await contentCall(context, itemIndex, endpoint, arg, { encoding: 'stream' });
	const metadata = JSON.parse(String(headers['dropbox-api-result'] ?? '{}')) as IDataObject;
	const field = context.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
	// Dropbox calls every file an octet stream: n8n knows better by the name's ending.
	const binary = await context.helpers.prepareBinaryData(body as Buffer, pathless(nameOf(metadata)));
	return { json: metadata, binary: { [field]: binary } };
}

export const nameIn = (metadata: unknown): string => {
	const { name } = (metadata ?? {}) as IDataObject;
	return typeof name === 'string' && name !== '' ? name : 'file';
};

/** n8n would take what is before a slash for a folder. */
const pathless = (name: string) => name.replace(/[/\\]/g, '_');
