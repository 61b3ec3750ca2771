/** https://developers.facebook.com/docs/marketing-api/reference/ad-account/insights#parameters */
import type { INodePropertyOptions } from 'n8n-workflow';

export const OBJECTS: INodePropertyOptions[] = [
	{ name: 'Ad', value: 'ad' },
	{ name: 'Ad Account', value: 'account' },
	{ name: 'Ad Set', value: 'adSet' },
	{ name: 'Campaign', value: 'campaign' },
];

export const LEVELS: INodePropertyOptions[] = [
	{ name: 'Account', value: 'account' },
	{ name: 'Ad', value: 'ad' },
	{ name: 'Ad Set', value: 'adset' },
	{ name: 'Campaign', value: 'campaign' },
];

// In the order of time, not of the alphabet.
export const PRESETS: INodePropertyOptions[] = [
	{ name: 'Custom Dates', value: 'custom' },
	{ name: 'Today', value: 'today' },
	{ name: 'Yesterday', value: 'yesterday' },
	{ name: 'Last 3 Days', value: 'last_3d' },
	{ name: 'Last 7 Days', value: 'last_7d' },
	{ name: 'Last 14 Days', value: 'last_14d' },
	{ name: 'Last 28 Days', value: 'last_28d' },
	{ name: 'Last 30 Days', value: 'last_30d' },
	{ name: 'Last 90 Days', value: 'last_90d' },
	{ name: 'This Week (From Monday)', value: 'this_week_mon_today' },
	{ name: 'This Week (From Sunday)', value: 'this_week_sun_today' },
	{ name: 'Last Week (Monday to Sunday)', value: 'last_week_mon_sun' },
	{ name: 'Last Week (Sunday to Saturday)', value: 'last_week_sun_sat' },
	{ name: 'This Month', value: 'this_month' },
	{ name: 'Last Month', value: 'last_month' },
	{ name: 'This Quarter', value: 'this_quarter' },
	{ name: 'Last Quarter', value: 'last_quarter' },
	{ name: 'This Year', value: 'this_year' },
	{ name: 'Last Year', value: 'last_year' },
	{ name: 'Maximum (37 Months)', value: 'maximum' },
];

export const BREAKDOWNS: INodePropertyOptions[] = [
	{ name: 'Age', value: 'age' },
	{ name: 'App', value: 'app_id' },
	{ name: 'Asset: Body', value: 'body_asset' },
	{ name: 'Asset: Button', value: 'call_to_action_asset' },
	{ name: 'Asset: Description', value: 'description_asset' },
	{ name: 'Asset: Format', value: 'ad_format_asset' },
	{ name: 'Asset: Image', value: 'image_asset' },
	{ name: 'Asset: Link', value: 'link_url_asset' },
	{ name: 'Asset: Title', value: 'title_asset' },
	{ name: 'Asset: Video', value: 'video_asset' },
	{ name: 'Country', value: 'country' },
	{ name: 'Device Platform', value: 'device_platform' },
	{ name: 'DMA', value: 'dma' },
	{ name: 'Frequency', value: 'frequency_value' },
	{ name: 'Gender', value: 'gender' },
	{ name: 'Hour (Ad Account’s Time)', value: 'hourly_stats_aggregated_by_advertiser_time_zone' },
	{ name: 'Hour (Viewer’s Time)', value: 'hourly_stats_aggregated_by_audience_time_zone' },
	{ name: 'Impression Device', value: 'impression_device' },
	{ name: 'Media Type', value: 'media_type' },
	{ name: 'Placement', value: 'platform_position' },
	{ name: 'Product', value: 'product_id' },
	{ name: 'Publisher Platform', value: 'publisher_platform' },
	{ name: 'Region', value: 'region' },
];

export const ACTION_BREAKDOWNS: INodePropertyOptions[] = [
	{ name: 'Card ID', value: 'action_carousel_card_id' },
	{ name: 'Card Name', value: 'action_carousel_card_name' },
	{ name: 'Destination', value: 'action_destination' },
	{ name: 'Device', value: 'action_device' },
	{ name: 'Reaction', value: 'action_reaction' },
	{ name: 'Target', value: 'action_target_id' },
	{ name: 'Type', value: 'action_type' },
	{ name: 'Video Sound', value: 'action_video_sound' },
	{ name: 'Video Type', value: 'action_video_type' },
];

export const WINDOWS: INodePropertyOptions[] = [
	{ name: '1 Day After Click', value: '1d_click' },
	{ name: '1 Day After Engaged View', value: '1d_ev' },
	{ name: '1 Day After View', value: '1d_view' },
	{ name: '28 Days After Click', value: '28d_click' },
	{ name: '7 Days After Click', value: '7d_click' },
	{ name: 'Default of the Ad Set', value: 'default' },
	{ name: 'SKAdNetwork Click', value: 'skan_click' },
	{ name: 'SKAdNetwork View', value: 'skan_view' },
];
