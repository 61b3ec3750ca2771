import type { INodeProperties } from 'n8n-workflow';
import { inBody } from './fields';

export const OPTIMIZATION_GOAL: INodeProperties = inBody(
	'Optimization Goal',
	'optimizationGoal',
	'optimization_goal',
	{
		type: 'options',
		default: 'LINK_CLICKS',
		options: [
			{ name: 'Ad Recall Lift', value: 'AD_RECALL_LIFT' },
			{ name: 'App Installs', value: 'APP_INSTALLS' },
			{ name: 'Conversations', value: 'CONVERSATIONS' },
			{ name: 'Engaged Users', value: 'ENGAGED_USERS' },
			{ name: 'Event Responses', value: 'EVENT_RESPONSES' },
			{ name: 'Impressions', value: 'IMPRESSIONS' },
			{ name: 'Landing Page Views', value: 'LANDING_PAGE_VIEWS' },
			{ name: 'Lead Generation', value: 'LEAD_GENERATION' },
			{ name: 'Link Clicks', value: 'LINK_CLICKS' },
			{ name: 'Offsite Conversions', value: 'OFFSITE_CONVERSIONS' },
			{ name: 'Page Likes', value: 'PAGE_LIKES' },
			{ name: 'Post Engagement', value: 'POST_ENGAGEMENT' },
			{ name: 'Quality Call', value: 'QUALITY_CALL' },
			{ name: 'Quality Lead', value: 'QUALITY_LEAD' },
			{ name: 'Reach', value: 'REACH' },
			{ name: 'ThruPlay', value: 'THRUPLAY' },
			{ name: 'Value', value: 'VALUE' },
			{ name: 'Visit Instagram Profile', value: 'VISIT_INSTAGRAM_PROFILE' },
		],
		description: 'What Meta looks for when it chooses whom to show the ads',
	},
);

export const BILLING_EVENT: INodeProperties = inBody('Billing Event', 'billingEvent', 'billing_event', {
	type: 'options',
	default: 'IMPRESSIONS',
	options: [
		{ name: 'App Installs', value: 'APP_INSTALLS' },
		{ name: 'Impressions', value: 'IMPRESSIONS' },
		{ name: 'Link Clicks', value: 'LINK_CLICKS' },
		{ name: 'Page Likes', value: 'PAGE_LIKES' },
		{ name: 'Post Engagement', value: 'POST_ENGAGEMENT' },
		{ name: 'ThruPlay', value: 'THRUPLAY' },
	],
	description: 'What is paid for',
});
