import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { accountProperties } from './account';
import { adProperties } from './ad';
import { adSetProperties } from './ad-set';
import { audienceProperties } from './audience';
import { audienceOperations } from './audience-work';
import { campaignProperties } from './campaign';
import { creativeProperties } from './creative';
import { uploadImage } from './image-upload';
import { insightsProperties } from './insights';
import { insightsOperations } from './insights-work';
import {
	getCustomAudiences,
	searchAdAccounts,
	searchAds,
	searchAdSets,
	searchAudiences,
	searchCampaigns,
	searchCreatives,
} from './pick-lists';
import { meta } from './service';

export class HubMetaAds implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Meta Ads (Integration Hub)',
		name: 'hubMetaAds',
		icon: { light: 'file:meta-ads.svg', dark: 'file:meta-ads.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with Meta Ads through a connection of the Integration Hub',
		defaults: { name: 'Meta Ads (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubMetaAdsOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://graph.facebook.com' },
		requestOperations: { pagination: once(meta) },
		properties: [
			...connectionProperties(meta),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Ad', value: 'ad' },
					{ name: 'Ad Account', value: 'adAccount' },
					{ name: 'Ad Set', value: 'adSet' },
					{ name: 'Campaign', value: 'campaign' },
					{ name: 'Creative', value: 'creative' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'Custom Audience', value: 'customAudience' },
					{ name: 'Insight', value: 'insight' },
				],
				default: 'insight',
			},
			...accountProperties,
			...campaignProperties,
			...adSetProperties,
			...adProperties,
			...creativeProperties,
			...insightsProperties,
			...audienceProperties,
			...customApiCallProperties(meta, '/me/businesses'),
		],
	};

	customOperations = {
		creative: { uploadImage },
		customAudience: audienceOperations,
		insight: insightsOperations,
		customApiCall: customApiCall(meta),
	};

	methods = {
		listSearch: {
			searchConnections: searchConnections(meta),
			searchAdAccounts,
			searchAds,
			searchAdSets,
			searchAudiences,
			searchCampaigns,
			searchCreatives,
		},
		loadOptions: { getCustomAudiences },
	};
}
