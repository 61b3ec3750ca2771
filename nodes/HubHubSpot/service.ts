import type { IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';

export const hubspot: Service = {
	id: 'hubspot',
	name: 'HubSpot',
	credential: 'hubHubSpotOAuth2Api',
	apiBaseUrl: 'https://api.hubapi.com',
	refusal,
};

/** https://developers.hubspot.com/docs/api-reference/error-handling */
type Fault = {
	message?: string;
	category?: string;
	subCategory?: string;
	policyName?: string;
	errors?: { message?: string; context?: { requiredGranularScopes?: string[] } }[];
	validationResults?: { message?: string; name?: string }[];
};

const ADVICE: { [category: string]: string } = {
	CONFLICT: 'A record with this value is there already: update that one (Create or Update).',
	MISSING_SCOPES:
		'Connect the account again and allow the permission, or ask for it in the connection’s optional scopes.',
	OBJECT_NOT_FOUND: 'Check the ID: the record may be deleted, merged into another, or of another account.',
	VALIDATION_ERROR:
		'Check the property’s internal name and its type (Settings → Properties); a choice wants the internal value, not the label.',
};

function refusal({ statusCode, body }: IN8nHttpFullResponse): Partial<Refusal> | null {
	if (statusCode < 400) return null;
	const fault = parsed(body);
	const { message, category = '', errors = [], validationResults = [] } = fault;
	if (message === undefined) return null;
	const scopes = errors.flatMap(({ context }) => context?.requiredGranularScopes ?? []);
	const details = [...validationResults, ...errors].map((one) => one.message);
	const unsaid = details.filter(
		(detail): detail is string => detail !== undefined && !message.includes(detail),
	);
	const said = [message, ...new Set(unsaid)].join('; ');
	if (category === 'EXPIRED_AUTHENTICATION') return { kind: 'expired', message: said };
	// A day's calls are used up: no wait of seconds helps, and HubSpot names no time.
	if (statusCode === 429)
		return {
			kind: 'rate_limited',
			message: said,
			...(fault.policyName === 'DAILY' ? { advice: 'The account’s calls of this day are used up.' } : {}),
		};
	const advice = ADVICE[category];
	const needed = scopes.length > 0 ? ` It needs ${scopes.join(', ')}.` : '';
	return { message: said, ...(advice === undefined ? {} : { advice: advice + needed }) };
}

function parsed(body: unknown): Fault {
	if (!Buffer.isBuffer(body) && typeof body !== 'string') return (body ?? {}) as Fault;
	try {
		return JSON.parse(body.toString()) as Fault;
	} catch {
		return {};
	}
}
