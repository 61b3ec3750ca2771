/** https://developers.facebook.com/docs/marketing-api/reference/ad-image: the bytes in base64, a hash in return. */
import { NodeOperationError, type IDataObject } from 'n8n-workflow';
import { eachItem, requestJson } from '../transport';
import { accountOf } from './fields';
import { meta } from './service';

type Answer = { images?: { [name: string]: IDataObject } };

export const uploadImage = eachItem(async function (itemIndex) {
	const account = accountOf(this, itemIndex);
	const field = this.getNodeParameter('binaryField', itemIndex) as string;
	const { fileName, mimeType } = this.helpers.assertBinaryData(itemIndex, field);
	if (!/^image\//.test(mimeType))
		throw new NodeOperationError(this.getNode(), `The file in “${field}” is no image but ${mimeType}`, {
			itemIndex,
			description: 'Meta takes JPEG and PNG here. Check which binary field is named.',
		});
	const bytes = await this.helpers.getBinaryDataBuffer(itemIndex, field);
	const { images = {} } = await requestJson<Answer>(this, meta, itemIndex, {
		method: 'POST',
		url: `/${account}/adimages`,
		body: { bytes: bytes.toString('base64'), ...(fileName ? { name: fileName } : {}) },
		json: true,
	});
	const [[name, image] = []] = Object.entries(images);
	return { json: { name: fileName ?? name ?? null, ...image } };
});
