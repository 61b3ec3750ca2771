/** https://developers.facebook.com/docs/marketing-api/reference/adgroup */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import {
	accountField,
	collection,
	EFFECTIVE_STATUS,
	fieldsOption,
	FIRST_STATUS,
	inBody,
	jsonInBody,
	NAME_CONTAINS,
	picked,
	shown,
	STATUS,
} from './fields';
import { objectOperations } from './operation';

const USUAL =
	'id,name,adset_id,campaign_id,status,effective_status,creative{id,name},issues_info,created_time,updated_time';

const BOTH: INodeProperties[] = [
	inBody('Conversion Domain', 'conversionDomain', 'conversion_domain', { placeholder: 'e.g. example.com' }),
	jsonInBody('Tracking Specs (JSON)', 'trackingSpecs', 'tracking_specs', {
		placeholder: '[{"action.type": ["offsite_conversion"], "fb_pixel": ["1234567890"]}]',
	}),
];

export const adProperties: INodeProperties[] = [
	objectOperations({ resource: 'ad', one: 'ad', many: 'ads', id: ':adId', edge: 'ads', usual: USUAL }),
	accountField(shown('ad', 'create', 'getAll')),
	accountField(shown('ad', 'delete', 'get', 'update'), false),
	picked({
		displayName: 'Ad',
		name: 'adId',
		searchListMethod: 'searchAds',
		show: shown('ad', 'delete', 'get', 'update'),
	}),
	picked({
		displayName: 'Ad Set',
		name: 'adSetId',
		searchListMethod: 'searchAdSets',
		show: shown('ad', 'create'),
		property: 'adset_id',
	}),
	picked({
		displayName: 'Creative',
		name: 'creativeId',
		searchListMethod: 'searchCreatives',
		show: shown('ad', 'create'),
		property: 'creative.creative_id',
	}),
	{ ...inBody('Name', 'name', 'name', { required: true }), displayOptions: { show: shown('ad', 'create') } },
	{ ...FIRST_STATUS, displayOptions: { show: shown('ad', 'create') } },
	collection('Additional Fields', shown('ad', 'create'), BOTH),
	collection('Update Fields', shown('ad', 'update'), [
		...BOTH,
		inBody('Creative ID', 'creativeId', 'creative.creative_id', {
			description: 'In place of the creative that the ad has; the ad is reviewed again',
		}),
		inBody('Name', 'name', 'name'),
		STATUS,
	]),
	...returnAllOrLimit(shown('ad', 'getAll')),
	collection('Options', shown('ad', 'get'), [fieldsOption(USUAL)]),
	collection('Options', shown('ad', 'getAll'), [
		EFFECTIVE_STATUS,
		fieldsOption(USUAL),
		NAME_CONTAINS('ad.name'),
	]),
];
