import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';
import { withoutSecrets } from './without-secrets';

type MetaError = {
	message?: string;
	code?: number;
	error_subcode?: number;
	error_user_title?: string;
	error_user_msg?: string;
};

// https://developers.facebook.com/docs/graph-api/guides/error-handling and …/overview/rate-limiting
const TOKEN_IS_BAD = [102, 190];
const RATE_LIMITS = [4, 17, 32, 341, 613];
const ADVICE: { [code: string]: string } = {
	'1': 'Meta says no more than that. Run it again; insights that fail again are asked for too much at once: use "Run Report".',
	'2': 'Meta has trouble. Turn on "Retry On Fail" in the node’s settings, or run it again later.',
	'10': 'The app lacks a permission for this. Connect the account again and leave all permissions ticked.',
	'100/33':
		'Check the ID: it may be deleted, or belong to an ad account that the connected person has no role in.',
	'100/1487534': 'That is too much data for one answer. Use "Run Report", or a shorter time range.',
	'100/1713230': 'Open the audience in Audience Manager, and have the restriction lifted there.',
	'100/4834011': 'Give the campaign a budget, or say whether its ad sets share theirs.',
	'2635': 'Choose a newer Graph API version in the connection’s settings at the hub.',
	'2654/1870034': 'Accept the Custom Audience Terms for this ad account in Ads Manager first.',
	'2654/1870090': 'Accept the Custom Audience Terms for this ad account in Ads Manager first.',
};

export const meta: Service = {
	id: 'meta-ads',
	name: 'Meta Ads',
	credential: 'hubMetaAdsOAuth2Api',
	apiBaseUrl: 'https://graph.facebook.com/v26.0',
	withoutSecrets,
	refusal: (response) => {
		const error = errorIn(response.body);
		const { code } = error;
		if (code === undefined) return null;
		const message = [error.error_user_title, error.error_user_msg].filter(Boolean).join(': ');
		const said = { message: message || error.message || `Meta refused the call with code ${code}` };
		// All of them are final: only a new consent, or a token renewed meanwhile, helps.
		if (TOKEN_IS_BAD.includes(code)) return { kind: 'reconnect', ...said };
		if (RATE_LIMITS.includes(code) || (code >= 80_000 && code <= 80_014))
			return { kind: 'rate_limited', ...said, ...usageWait(response) };
		return { kind: 'refused', ...said, ...adviceFor(code, error.error_subcode) };
	},
};

function errorIn(body: unknown): MetaError {
	const { error } = (typeof body === 'object' && body !== null ? body : {}) as IDataObject;
	return typeof error === 'object' && error !== null ? (error as MetaError) : {};
}

function adviceFor(code: number, subcode?: number): { advice?: string } {
	const advice = ADVICE[`${code}/${subcode}`] ?? ADVICE[String(code)];
	if (advice !== undefined) return { advice };
	return code >= 200 && code <= 299
		? {
				advice:
					'The connected person has no role in this ad account that allows it, or a permission was not ticked when connecting.',
			}
		: {};
}

/** `X-Business-Use-Case-Usage: {"<business>": [{"estimated_time_to_regain_access": <minutes>, …}]}`. */
function usageWait({ headers }: IN8nHttpFullResponse): Pick<Refusal, 'waitMs'> {
	const minutes = Object.values(parsed(headers['x-business-use-case-usage']))
		.flat()
		.map((usage) => Number((usage as IDataObject)?.estimated_time_to_regain_access))
		.filter(Number.isFinite);
	const longest = Math.max(0, ...minutes);
	return longest > 0 ? { waitMs: longest * 60_000 } : {};
}

function parsed(header: unknown): object {
	try {
		return (JSON.parse(String(header)) ?? {}) as object;
	} catch {
		return {};
	}
}
