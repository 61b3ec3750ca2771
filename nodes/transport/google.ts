import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal } from './service';

type Detail = { reason?: string; retryDelay?: string };
type GoogleError = {
	message?: string;
	status?: string;
	errors?: { reason?: string }[];
	details?: Detail[];
};

// Google answers 403 to both "too fast" and "not allowed": only the reason tells.
const RATE_LIMITS = [
	'rateLimitExceeded',
	'userRateLimitExceeded',
	'sharingRateLimitExceeded',
	'quotaExceeded',
	'RATE_LIMIT_EXCEEDED',
];
const SCOPE_MISSING = ['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'];
const SWITCHED_OFF = ['accessNotConfigured', 'SERVICE_DISABLED'];

/**
 * A Google API's error in a node's words. For `Service.refusal`.
 * https://developers.google.com/workspace/drive/api/guides/handle-errors, likewise Gmail
 *
 * @param advice what to do about a reason that this API alone has
 */
export function googleRefusal(
	{ statusCode, body }: IN8nHttpFullResponse,
	advice: { [reason: string]: string } = {},
): Partial<Refusal> | null {
	if (statusCode < 400) return null;
	const { message, errors, details, status } = errorIn(body);
	const reason =
		errors?.[0]?.reason ?? details?.find((one) => one.reason)?.reason ?? status ?? String(statusCode);
	const said = message ? { message } : {};
	if (statusCode === 429 || (statusCode === 403 && RATE_LIMITS.includes(reason)))
		return { kind: 'rate_limited', ...said, ...waitIn(details, message) };
	if (SCOPE_MISSING.includes(reason))
		return {
			kind: 'refused',
			...said,
			advice:
				'The connection lacks a permission that this operation needs. Connect the account again and leave all permissions ticked.',
		};
	if (SWITCHED_OFF.includes(reason))
		return {
			kind: 'refused',
			...said,
			advice: 'This API is not switched on in the Google Cloud project of the hub’s app. Enable it there.',
		};
	const own = advice[reason];
	return own === undefined ? said : { ...said, advice: own };
}

function errorIn(body: unknown): GoogleError {
	const text = Buffer.isBuffer(body) ? body.toString('utf8') : body;
	try {
		const { error } = (typeof text === 'string' ? JSON.parse(text) : (text ?? {})) as IDataObject;
		return (typeof error === 'object' && error !== null ? error : {}) as GoogleError;
	} catch {
		return {};
	}
}

/** `google.rpc.RetryInfo`, or the time that Gmail writes into its sentence. Else `Retry-After` counts. */
function waitIn(details: Detail[] = [], message = ''): { waitMs?: number } {
	const [, seconds] =
		/^(\d+(?:\.\d+)?)s$/.exec(details.find((one) => one.retryDelay)?.retryDelay ?? '') ?? [];
	if (seconds !== undefined) return { waitMs: Math.ceil(Number(seconds) * 1000) };
	const [, time = ''] = /retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(message) ?? [];
	const waitMs = Date.parse(time) - Date.now();
	return Number.isFinite(waitMs) ? { waitMs: Math.max(0, waitMs) } : {};
}
