import type { INodeProperties } from 'n8n-workflow';
import { field } from './fields';

export const CHANNEL: INodeProperties = field('Type', 'channelType', {
	type: 'options',
	default: 'SEARCH',
	options: [
		{ name: 'Display', value: 'DISPLAY' },
		{ name: 'Search', value: 'SEARCH' },
	],
	description: 'Other types need more than fits here: make them with a custom API call',
});

export const BIDDING: INodeProperties = field('Bidding', 'bidding', {
	type: 'options',
	default: 'maximizeClicks',
	options: [
		{ name: 'Manual CPC', value: 'manualCpc' },
		{ name: 'Maximize Clicks', value: 'maximizeClicks' },
		{ name: 'Maximize Conversion Value', value: 'maximizeConversionValue' },
		{ name: 'Maximize Conversions', value: 'maximizeConversions' },
	],
});

/** https://developers.google.com/ads/blog/posts/2025/08/eu-par-google-ads-api-scripts: nobody else can declare it. */
export const EU_POLITICAL_ADS: INodeProperties = field('EU Political Ads', 'euPoliticalAds', {
	type: 'options',
	default: 'DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING',
	options: [
		{ name: 'Contains None', value: 'DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING' },
		{ name: 'Contains Some', value: 'CONTAINS_EU_POLITICAL_ADVERTISING' },
	],
	description:
		'Whether there is political advertising for the European Union in it: Google wants it declared, and does not show such ads there',
});
