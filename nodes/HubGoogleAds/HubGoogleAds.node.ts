import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	searchConnections,
} from '../transport';
import { adOperations, adProperties } from './ad';
import { adGroupOperations, adGroupProperties } from './ad-group';
import { budgetOperations, budgetProperties } from './budget';
import { campaignProperties } from './campaign';
import { campaignOperations } from './campaign-work';
import { conversionProperties } from './conversion';
import { conversionOperations } from './conversion-work';
import { customerOperations, customerProperties } from './customer';
import { customerListProperties } from './customer-list';
import { customerListOperations } from './customer-list-work';
import { keywordOperations, keywordProperties } from './keyword';
import {
	searchAdGroups,
	searchAds,
	searchBudgets,
	searchCampaigns,
	searchConversionActions,
	searchCustomerLists,
	searchCustomers,
	searchKeywords,
} from './pick-lists';
import { queryOperations, queryProperties } from './query';
import { googleAds } from './service';

export class HubGoogleAds implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Google Ads (Integration Hub)',
		name: 'hubGoogleAds',
		icon: { light: 'file:google-ads.svg', dark: 'file:google-ads.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with Google Ads through a connection of the Integration Hub',
		defaults: { name: 'Google Ads (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubGoogleAdsOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://googleads.googleapis.com' },
		properties: [
			...connectionProperties(googleAds),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Ad', value: 'ad' },
					{ name: 'Ad Group', value: 'adGroup' },
					{ name: 'Budget', value: 'budget' },
					{ name: 'Campaign', value: 'campaign' },
					{ name: 'Conversion', value: 'conversion' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'Customer', value: 'customer' },
					{ name: 'Customer List', value: 'customerList' },
					{ name: 'Keyword', value: 'keyword' },
					{ name: 'Query', value: 'query' },
				],
				default: 'campaign',
			},
			...campaignProperties,
			...adGroupProperties,
			...adProperties,
			...keywordProperties,
			...budgetProperties,
			...queryProperties,
			...conversionProperties,
			...customerListProperties,
			...customerProperties,
			...customApiCallProperties(googleAds, '/v24/customers:listAccessibleCustomers'),
		],
	};

	customOperations = {
		ad: adOperations,
		adGroup: adGroupOperations,
		budget: budgetOperations,
		campaign: campaignOperations,
		conversion: conversionOperations,
		customer: customerOperations,
		customerList: customerListOperations,
		keyword: keywordOperations,
		query: queryOperations,
		customApiCall: customApiCall(googleAds),
	};

	methods = {
		listSearch: {
			searchConnections: searchConnections(googleAds),
			searchAdGroups,
			searchAds,
			searchBudgets,
			searchCampaigns,
			searchConversionActions,
			searchCustomerLists,
			searchCustomers,
			searchKeywords,
		},
	};
}
