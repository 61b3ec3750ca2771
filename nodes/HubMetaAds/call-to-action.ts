import type { INodeProperties } from 'n8n-workflow';
import { inBody } from './fields';

export const BUTTON: INodeProperties = inBody(
	'Button',
	'callToAction',
	'object_story_spec.link_data.call_to_action.type',
	{
		type: 'options',
		default: 'LEARN_MORE',
		options: [
			{ name: 'Apply Now', value: 'APPLY_NOW' },
			{ name: 'Book Now', value: 'BOOK_TRAVEL' },
			{ name: 'Contact Us', value: 'CONTACT_US' },
			{ name: 'Download', value: 'DOWNLOAD' },
			{ name: 'Get Offer', value: 'GET_OFFER' },
			{ name: 'Get Quote', value: 'GET_QUOTE' },
			{ name: 'Learn More', value: 'LEARN_MORE' },
			{ name: 'No Button', value: 'NO_BUTTON' },
			{ name: 'Order Now', value: 'ORDER_NOW' },
			{ name: 'Shop Now', value: 'SHOP_NOW' },
			{ name: 'Sign Up', value: 'SIGN_UP' },
			{ name: 'Subscribe', value: 'SUBSCRIBE' },
			{ name: 'Watch More', value: 'WATCH_MORE' },
		],
	},
);
