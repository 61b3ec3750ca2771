/** https://developers.facebook.com/docs/marketing-api/reference/ad-creative and …/reference/ad-image */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { BUTTON } from './call-to-action';
import { accountField, collection, fieldsOption, inBody, jsonInBody, picked, shown } from './fields';
import { objectOperations } from './operation';

const USUAL =
	'id,name,status,object_type,object_story_spec,effective_object_story_id,call_to_action_type,thumbnail_url,image_hash,image_url,video_id';

const whereFrom = (...contentFrom: string[]) => ({ show: { ...shown('creative', 'create'), contentFrom } });

export const creativeProperties: INodeProperties[] = [
	objectOperations({
		resource: 'creative',
		one: 'creative',
		many: 'creatives',
		id: ':creativeId',
		edge: 'adcreatives',
		usual: USUAL,
		more: [
			{
				name: 'Upload Image',
				value: 'uploadImage',
				action: 'Upload an image for creatives',
				description: 'Upload an image and get the hash that creatives name it by',
			},
		],
	}),
	accountField(shown('creative', 'create', 'getAll', 'uploadImage')),
	accountField(shown('creative', 'delete', 'get', 'update'), false),
	picked({
		displayName: 'Creative',
		name: 'creativeId',
		searchListMethod: 'searchCreatives',
		show: shown('creative', 'delete', 'get', 'update'),
	}),
	{
		displayName: 'Input Binary Field',
		name: 'binaryField',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input binary field containing the image',
		displayOptions: { show: shown('creative', 'uploadImage') },
	},
	{
		...inBody('Name', 'name', 'name', { required: true }),
		displayOptions: { show: shown('creative', 'create') },
	},
	{
		displayName: 'Content',
		name: 'contentFrom',
		type: 'options',
		default: 'link',
		options: [
			{ name: 'Existing Post', value: 'post' },
			{ name: 'Link With Image', value: 'link' },
			{
				name: 'Object Story Spec (JSON)',
				value: 'json',
				description: 'Carousels, videos, templates and more',
			},
		],
		displayOptions: { show: shown('creative', 'create') },
	},
	{
		...inBody('Post ID', 'postId', 'object_story_id', {
			required: true,
			placeholder: 'e.g. 1234567890_9876543210',
			description: 'ID of the page, an underscore, and the ID of the post',
		}),
		displayOptions: whereFrom('post'),
	},
	{
		...jsonInBody('Object Story Spec', 'objectStorySpec', 'object_story_spec', {
			required: true,
			placeholder: '{"page_id": "1234567890", "video_data": {…}}',
		}),
		displayOptions: whereFrom('json'),
	},
	{
		...inBody('Page ID', 'pageId', 'object_story_spec.page_id', {
			required: true,
			description: 'The Facebook page in whose name the ad is shown',
		}),
		displayOptions: whereFrom('link'),
	},
	{
		...inBody('Link', 'link', 'object_story_spec.link_data.link', {
			required: true,
			placeholder: 'e.g. https://example.com/offer',
		}),
		displayOptions: whereFrom('link'),
	},
	{
		...inBody('Text', 'message', 'object_story_spec.link_data.message', {
			typeOptions: { rows: 3 },
			description: 'The text above the image',
		}),
		displayOptions: whereFrom('link'),
	},
	{
		displayName: 'Link Options',
		name: 'linkOptions',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: whereFrom('link'),
		options: [
			BUTTON,
			inBody('Description', 'description', 'object_story_spec.link_data.description'),
			inBody('Headline', 'headline', 'object_story_spec.link_data.name'),
			inBody('Image Hash', 'imageHash', 'object_story_spec.link_data.image_hash', {
				description: 'As "Upload Image" answers it',
			}),
			inBody('Image URL', 'imageUrl', 'object_story_spec.link_data.picture'),
			inBody('Instagram Account ID', 'instagramUserId', 'object_story_spec.instagram_user_id'),
		],
	},
	collection('Additional Fields', shown('creative', 'create'), [
		inBody('URL Tags', 'urlTags', 'url_tags', {
			placeholder: 'e.g. utm_source=facebook&utm_campaign={{campaign.name}}',
			description: 'Added to the links of the ad',
		}),
	]),
	collection('Update Fields', shown('creative', 'update'), [inBody('Name', 'name', 'name')]),
	...returnAllOrLimit(shown('creative', 'getAll')),
	collection('Options', shown('creative', 'get', 'getAll'), [fieldsOption(USUAL)]),
];
