import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';
import { googleRefusal } from '../transport/google';

/** As integrations/google-ads.ts has it; https://developers.google.com/google-ads/api/docs/sunset-dates */
export const DEFAULT_VERSION = 'v24';

// https://developers.google.com/google-ads/api/docs/common-errors
const ADVICE: { [word: string]: string } = {
	USER_PERMISSION_DENIED:
		'The connected person has no direct access to this customer. Where it is through a manager account, give that one’s ID under Options, Login Customer ID.',
	INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION:
		'The Login Customer ID is not a manager of this customer.',
	CUSTOMER_NOT_ENABLED: 'The customer account is not activated, or it was cancelled.',
	CUSTOMER_NOT_FOUND: 'Check the customer ID: ten digits, as shown at the top of Google Ads.',
	NOT_ADS_USER: 'The connected Google account has no Google Ads account. Connect another one.',
	DEVELOPER_TOKEN_NOT_APPROVED:
		'The app may call test accounts only. Apply for access on the Google Ads API page of its Google Cloud project.',
	ACTION_NOT_PERMITTED:
		'The app or the connected person may not do this: look at the access level on the Google Ads API page of the app’s Google Cloud project.',
	CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION:
		'The app may call test accounts only. Apply for access on the Google Ads API page of its Google Cloud project.',
	UNSUPPORTED_VERSION:
		'Google has ended this version of the API. Choose a newer one under Options, API Version.',
	REQUESTED_METRICS_FOR_MANAGER: 'A manager account has no metrics of its own: choose one of its clients.',
	CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE:
		'Since April 2026 Google takes customer lists by this API only from apps that have used it for them before.',
	NOT_ACCEPTED_CUSTOMER_DATA_TERMS: 'Accept the customer data terms in Google Ads, under Goals, Settings.',
	DUPLICATE_CAMPAIGN_NAME: 'There is a campaign of this name already. Choose another.',
	DUPLICATE_NAME: 'There is one of this name already. Choose another.',
	CONCURRENT_MODIFICATION: 'Something else changed it at the same time. Run it again.',
	RESOURCE_NOT_FOUND: 'Check the ID: it may belong to another customer, or be removed.',
	UNPARSEABLE_GCLID: 'Send the click ID exactly as it was in the address of the landing page.',
	CLICK_NOT_FOUND: 'The click belongs to another customer, or is not known yet: try again a day later.',
	TOO_RECENT_CONVERSION_ACTION: 'The conversion action is new. Try again after six hours.',
	TOO_RECENT_EVENT: 'The click is too new. Try again after six hours.',
	EXPIRED_EVENT: 'The click lies further back than the conversion action’s window.',
};

export const googleAds: Service = {
	id: 'google-ads',
	name: 'Google Ads',
	credential: 'hubGoogleAdsOAuth2Api',
	apiBaseUrl: 'https://googleads.googleapis.com',
	refusal: adsRefusal,
};

/** `{"errorCode": {"queryError": "UNRECOGNIZED_FIELD"}, "message": …, "location": …}` */
export type AdsError = {
	errorCode?: { [kind: string]: string };
	message?: string;
	location?: { fieldPathElements?: { fieldName?: string; index?: number | string }[] };
	details?: { quotaErrorDetails?: { retryDelay?: string } };
};

export const wordOf = ({ errorCode }: AdsError): string => Object.values(errorCode ?? {})[0] ?? 'UNKNOWN';
export const adviceOf = (word: string): string | undefined => ADVICE[word];

/** Ads puts its own words into `details` of Google's error. */
function adsRefusal(response: IN8nHttpFullResponse): Partial<Refusal> | null {
	const general = googleRefusal(response);
	const [first, ...others] = errorsIn((response.body as IDataObject | undefined)?.error);
	if (general === null || first === undefined) return general;
	const word = wordOf(first);
	const message = [first, ...others.slice(0, 4)].map((one) => one.message ?? wordOf(one)).join('; ');
	if (word === 'RESOURCE_EXHAUSTED' || word === 'RESOURCE_TEMPORARILY_EXHAUSTED')
		return { ...general, kind: 'rate_limited', message, ...delayOf(first) };
	const advice = ADVICE[word];
	return {
		...general,
		message: `${message} (${word})`,
		// Of all that is answered with 401, only the token's own words are about the token.
		...(response.statusCode === 401 && !word.startsWith('OAUTH_TOKEN') ? { kind: 'refused' as const } : {}),
		...(word === 'OAUTH_TOKEN_REVOKED' ? { kind: 'reconnect' as const } : {}),
		...(advice === undefined ? {} : { advice }),
	};
}

/** The errors in a `google.rpc.Status`, of a refusal as of a partial failure. */
export function errorsIn(status: unknown): AdsError[] {
	const { details } = (typeof status === 'object' && status !== null ? status : {}) as {
		details?: { errors?: AdsError[] }[];
	};
	return (Array.isArray(details) ? details : []).flatMap(({ errors }) => errors ?? []);
}

function delayOf({ details }: AdsError): Pick<Refusal, 'waitMs'> {
	const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(details?.quotaErrorDetails?.retryDelay ?? '') ?? [];
	return seconds === undefined ? {} : { waitMs: Math.ceil(Number(seconds) * 1000) };
}
