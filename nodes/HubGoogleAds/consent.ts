import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { field } from './fields';

const GIVEN = [
	{ name: 'Denied', value: 'DENIED' },
	{ name: 'Granted', value: 'GRANTED' },
];

/** https://developers.google.com/google-ads/api/docs/conversions/upload-offline: needed for people in the EEA. */
export const CONSENT: INodeProperties[] = [
	field('Consent: Ad Personalization', 'adPersonalization', {
		type: 'options',
		options: GIVEN,
		default: 'GRANTED',
		description: 'Whether the person allowed personalized ads',
	}),
	field('Consent: Ad User Data', 'adUserData', {
		type: 'options',
		options: GIVEN,
		default: 'GRANTED',
		description: 'Whether the person allowed sending their data to Google for advertising',
	}),
];

export function consentIn({ adUserData, adPersonalization }: IDataObject): IDataObject {
	const consent = {
		...(adUserData ? { adUserData } : {}),
		...(adPersonalization ? { adPersonalization } : {}),
	};
	return Object.keys(consent).length > 0 ? { consent } : {};
}
